//! `bhyt_collection`: household cards sold, as collecting organisations report them month by month:
//! form D03-TS on paper's model, or the sheet that the post office's program takes in (D03-TK1-VNPT).
//!
//! The names in the sheet are those of the program; the columns of D03-TS are known from practice only.

use crate::calendar;
use crate::error::CityError;
use crate::errors::Profile;
use crate::life::cards::{Card, Group, Issuer};
use crate::rosters::offices::Offices;
use crate::rosters::voluntary_payment::COLLECTORS;
use crate::rosters::{Book, Cell, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Until, View};

/// Premium of a household's first member, đồng a month: 4.5 % of the base amount of the day.
fn premium(month: calendar::MonthIndex) -> i64 {
    if month < calendar::month(2026, 7) { 105_300 } else { 113_850 }
}

/// What the first, second, … member of a household pays, per cent of the premium.
const SHARES: [i64; 5] = [100, 70, 60, 50, 40];

/// The lists of the organisations' points, one a commune.
pub struct Collections(Offices);

impl Collections {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Offices::load("bhyt_collection", 2_000)?)))
    }

    /// The organisation that collects in a commune; the first is the post office with its own sheet.
    fn collector(&self, view: &View, office: u64) -> usize {
        [0, 0, 0, 0, 0, 0, 1, 1, 2, 3][self.0.draw(view.world, office).of("collector").below(10) as usize]
    }
}

impl Roster for Collections {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::CommuneEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let month = subject.month;
        let starts = |c: &&Card| c.group == Group::Household && c.issuer == Issuer::City && calendar::of(c.from) == month;
        let Some(card) = subject.life.cards.iter().find(starts) else { return };
        let (from, office) = (out.len(), subject.home.place.number as u64);
        let profile = self.0.profile(subject.world, office);
        if self.collector(&View { world: subject.world, month }, office) == 0 {
            sheet(profile, subject, card, out);
        } else {
            form(profile, subject, card, out);
        }
        out[from..].iter_mut().for_each(|row| row.book = office);
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let place = view.world.places.get(book as usize)?;
        let collector = self.collector(view, book);
        let period = view.period();
        if collector == 0 {
            let form = Form { header: SHEET.map(|name| (name, "")).to_vec(), sheet: "D03-TK1-VNPT", ..Form::default() };
            return Some(Book { name: format!("D03-TK1-VNPT_{period}_{}.xlsx", place.code), form });
        }
        let form = Form {
            title: vec![
                "Mẫu D03-TS".to_owned(),
                "DANH SÁCH NGƯỜI CHỈ THAM GIA BHYT".to_owned(),
                format!("Tháng {} - {}", calendar::vietnamese_month(view.month), place.full_name()),
                format!("Tổ chức hỗ trợ phát triển đối tượng: {}", COLLECTORS[collector]),
            ],
            header: FORM.to_vec(),
            totals: vec![10],
            footer: vec!["Tổng số: {rows} người".to_owned(), "Nhân viên thu".to_owned()],
            sheet: "D03-TS",
        };
        Some(Book { name: format!("D03-TS_{period}_{}.xlsx", place.code), form })
    }
}

const FORM: [(&str, &str); 15] = [
    ("STT", ""),
    ("Họ và tên", ""),
    ("Mã số BHXH", ""),
    ("Ngày, tháng, năm sinh", ""),
    ("Giới tính", ""),
    ("Số CCCD/ĐDCN", ""),
    ("Địa chỉ", ""),
    ("Xã/phường", ""),
    ("Nơi đăng ký KCB ban đầu", ""),
    ("Người thứ mấy trong hộ", ""),
    ("Số tiền đóng", ""),
    ("Số tháng", ""),
    ("Thời hạn thẻ", "Từ ngày"),
    ("Thời hạn thẻ", "Đến ngày"),
    ("Ghi chú", ""),
];

const SHEET: [&str; 27] = [
    "STT",
    "HoTen",
    "MasoBHXH",
    "MaPhongBan",
    "Loai",
    "PA",
    "TyleNSDP",
    "NgayBienLai",
    "SoBienLai",
    "NguoiThamGiaThu",
    "Tiendong",
    "TienDongThucTe",
    "MucHuong",
    "TuNgay",
    "NgayChet",
    "HotroKhac",
    "MaTinh",
    "MaHuyen",
    "MaXa",
    "Sothang",
    "NgaySinh",
    "GioiTinh",
    "MaBenhVien",
    "MavungSS",
    "CMND",
    "Maho_Giadinh",
    "QuocTich",
];

/// Months paid for, the place in the household's order, and the money.
fn paid(subject: &Subject, card: &Card) -> (i64, usize, i64) {
    let months = i64::from(calendar::of(card.to.add_days(1).unwrap_or(card.to)) - calendar::of(card.from)).max(1);
    let order = subject.home.members.iter().position(|m| m.outline.slot == subject.slot()).unwrap_or(0);
    let share = SHARES[order.min(SHARES.len() - 1)];
    (months, order + 1, premium(calendar::of(card.from)) * share / 100 * months)
}

fn form(profile: &Profile, subject: &Subject, card: &Card, out: &mut Vec<Row>) {
    let record = subject.record(profile, 0);
    let who = subject.identity(profile, record);
    let address = subject.address(profile, record);
    let (months, order, money) = paid(subject, card);
    let cells = vec![
        who.name.into(),
        subject.insurance_number(profile, record).into(),
        who.birth.text().into(),
        who.sex.into(),
        who.id.into(),
        address.house.into(),
        address.commune.into(),
        format!("Trạm Y tế {}", subject.home.place.full_name()).into(),
        Cell::Number(order as i64),
        Cell::Number(money),
        Cell::Number(months),
        calendar::vietnamese(card.from).into(),
        calendar::vietnamese(card.to).into(),
        Cell::Empty,
    ];
    let row = Row::new(subject.person.number(), cells);
    subject.push(profile, 0, row, &[(0, "full_name", ""), (2, "birth_date", NO_SUCH_DAY)], true, out);
}

fn sheet(profile: &Profile, subject: &Subject, card: &Card, out: &mut Vec<Row>) {
    let record = subject.record(profile, 0);
    let who = subject.identity(profile, record);
    let (months, order, money) = paid(subject, card);
    let receipt = record.of("receipt").number(card.from.days_since_epoch() as u64);
    let paid_on = card.from.add_days(-1 - receipt.small(10)).unwrap_or(card.from);
    let female = match who.sex {
        "" => Cell::Empty,
        // The program has 1 for women and nothing else for men than 0.
        word => Cell::Number(i64::from(word == "Nữ")),
    };
    let place = subject.home.place;
    let cells = vec![
        who.name.into(),
        subject.insurance_number(profile, record).into(),
        "BHYT".into(),
        Cell::Number(1),
        if record.of("new").chance(20_000) { "TM" } else { "ON" }.into(),
        Cell::Number(0),
        calendar::vietnamese(paid_on).into(),
        Cell::Text(format!("{:07}", receipt.below(10_000_000))),
        Cell::Number(order as i64),
        Cell::Number(money),
        Cell::Number(money),
        Cell::Number(4),
        calendar::vietnamese(card.from).into(),
        Cell::Empty,
        Cell::Number(0),
        "01".into(),
        // The districts are gone, their column is not.
        Cell::Empty,
        place.code.as_str().into(),
        Cell::Number(months),
        who.birth.text().into(),
        female,
        Cell::Text(format!("01{:03}", subject.house().of("facility").below(300))),
        Cell::Empty,
        who.id.into(),
        Cell::Text(format!("{}{:06}", place.code, subject.home.number - place.first + 1)),
        "VN".into(),
    ];
    let row = Row::new(subject.person.number(), cells);
    subject.push(profile, 0, row, &[(0, "full_name", ""), (19, "birth_date", NO_SUCH_DAY)], true, out);
}
