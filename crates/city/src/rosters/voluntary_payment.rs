//! `voluntary_payment`: form D05-TS, the payers of voluntary insurance by collecting organisation.

use crate::calendar;
use crate::error::CityError;
use crate::errors::Profile;
use crate::life::voluntary::Payment;
use crate::rosters::offices::Offices;
use crate::rosters::{Book, Cell, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Until, View};

/// Collecting organisations; but for the post office they are invented.
pub const COLLECTORS: [&str; 4] = [
    "Bưu điện thành phố Hà Nội",
    "Công ty Cổ phần Dịch vụ Thu An Tâm",
    "Công ty TNHH Hỗ trợ An sinh Thăng Long",
    "Hội Nông dân thành phố Hà Nội",
];

/// The organisation that collects from a household.
pub fn collector(subject: &Subject) -> u64 {
    let draw = subject.world.random.draw("collector", subject.home.number);
    [0, 0, 0, 0, 0, 1, 1, 2, 2, 3][draw.below(10) as usize]
}

/// The lists of the organisations.
pub struct VoluntaryPayments(Offices);

impl VoluntaryPayments {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Offices::load("voluntary_payment", 2_000)?)))
    }
}

impl Roster for VoluntaryPayments {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::MonthEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        // Payments in force in the month, of those who still live here as far as is known.
        if !(subject.lives_here() || subject.dead_but_unknown()) {
            return;
        }
        let (from, office) = (out.len(), collector(subject));
        let profile = self.0.profile(subject.world, office);
        for payment in subject.life.voluntary.iter().filter(|p| p.from <= subject.month && p.to() >= subject.month) {
            write(profile, subject, payment, out);
        }
        out[from..].iter_mut().for_each(|row| row.book = office);
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let collector = COLLECTORS.get(book as usize)?;
        let first = book.is_multiple_of(2);
        let pick = |one: &'static str, other: &'static str| if first { one } else { other };
        let form = Form {
            title: vec![
                "Mẫu D05-TS".to_owned(),
                "DANH SÁCH NGƯỜI THAM GIA BHXH TỰ NGUYỆN".to_owned(),
                format!("Tháng {}", calendar::vietnamese_month(view.month)),
                format!("Tổ chức hỗ trợ phát triển đối tượng: {collector}"),
            ],
            header: vec![
                ("STT", ""),
                ("Họ và tên", ""),
                ("Mã số BHXH", ""),
                (pick("Ngày, tháng, năm sinh", "Ngày sinh"), ""),
                (pick("Giới tính", "Nam/Nữ"), ""),
                (pick("Số CCCD/ĐDCN", "Số CMND/CCCD"), ""),
                ("Địa chỉ", ""),
                ("Xã/phường", ""),
                (pick("Mức thu nhập làm căn cứ đóng", "Mức thu nhập lựa chọn"), ""),
                ("Phương thức đóng", "Số tháng"),
                ("Phương thức đóng", "Từ tháng"),
                ("Phương thức đóng", "Đến tháng"),
                (pick("Số tiền người tham gia đóng", "Số tiền đóng"), ""),
                (pick("Ngân sách nhà nước hỗ trợ", "NSNN hỗ trợ"), ""),
                ("Biên lai thu tiền", "Số"),
                ("Biên lai thu tiền", "Ngày"),
            ],
            totals: vec![12, 13],
            footer: vec!["Nhân viên thu".to_owned(), "Thủ trưởng đơn vị".to_owned()],
            sheet: "D05-TS",
        };
        Some(Book { name: format!("D05-TS_{}_{:02}.xlsx", view.period(), book + 1), form })
    }
}

fn write(profile: &Profile, subject: &Subject, payment: &Payment, out: &mut Vec<Row>) {
    let record = subject.record(profile, 0);
    let who = subject.identity(profile, record);
    let address = subject.address(profile, record);
    let receipt = record.of("receipt").number(payment.from as u64).below(10_000_000);
    let cells = vec![
        who.name.into(),
        subject.insurance_number(profile, record).into(),
        who.birth.text().into(),
        who.sex.into(),
        who.id.into(),
        address.house.into(),
        address.commune.into(),
        Cell::Number(payment.income),
        Cell::Number(i64::from(payment.months)),
        calendar::vietnamese_month(payment.from).into(),
        calendar::vietnamese_month(payment.to()).into(),
        Cell::Number(payment.paid),
        Cell::Number(payment.support),
        Cell::Text(format!("{receipt:07}")),
        Cell::Date(payment.paid_on),
    ];
    let row = Row::new(subject.person.number(), cells);
    subject.push(profile, payment.from as u64, row, &[(0, "full_name", ""), (2, "birth_date", NO_SUCH_DAY)], true, out);
}
