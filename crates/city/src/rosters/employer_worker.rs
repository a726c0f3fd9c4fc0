//! `employer_worker`: workers who came and left, as employers tell the agency (mẫu D02-LT, since June 2026 for
//! some the form of decision 366), for a bounded sample of employers with changes in the month.

use crate::calendar::{self, MonthIndex};
use crate::employers::codes;
use crate::employers::names::{self, Hand};
use crate::error::CityError;
use crate::errors::{Care, Profile};
use crate::random::{Draw, Random};
use crate::rosters::{Book, Cell, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Until, View};

/// Employers know their name; some write it short.
const HAND: Hand = Hand { capitals: 55_000, short: 20_000, bare: 500, stale: 1_000, slip: 100 };
/// Employers among 100,000 that go on writing their old unit code.
const OLD_CODE: u32 = 12_000;
/// Sections of the form, in their order.
const SECTIONS: [&str; 2] = ["I. TĂNG LAO ĐỘNG", "II. GIẢM LAO ĐỘNG"];

/// The declarations of a month.
pub struct EmployerWorker(Profile);

impl EmployerWorker {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("employer_worker", Care::Typical, 1_500)?)))
    }
}

impl Roster for EmployerWorker {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::MonthEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let month = subject.month;
        let sampled = |employer| subject.world.employers.is_sampled(employer);
        for (at, spell) in subject.life.spells.iter().enumerate().filter(|(_, s)| !s.owner && s.here() && sampled(s.employer)) {
            let before = at.checked_sub(1).and_then(|n| subject.life.spells.get(n));
            let (section, way) = match (spell.from == month, spell.to + 1 == month) {
                (true, _) if before.is_some_and(|b| b.to + 1 == month) => (0, "TD"),
                (true, _) => (0, "TM"),
                (_, true) => (1, "GH"),
                _ => continue,
            };
            let record = subject.record(&self.0, spell.employer);
            let who = subject.identity(&self.0, record);
            let told = if section == 0 { Cell::from(calendar::vietnamese_month(month)) } else { Cell::Empty };
            let ended = if section == 1 { Cell::from(calendar::vietnamese_month(spell.to)) } else { Cell::Empty };
            if form_of_366(&subject.world.random, spell.employer, month) {
                let cells = vec![
                    who.name.into(),
                    who.id.into(),
                    who.birth.text().into(),
                    who.sex.into(),
                    occupation(record).into(),
                    way.into(),
                    Cell::Number(spell.wage),
                    told,
                    ended,
                    note(way, record).into(),
                ];
                self.push(subject, spell.employer, section, cells, out);
                continue;
            }
            let cells = vec![
                who.name.into(),
                subject.insurance_number(&self.0, record).into(),
                who.birth.text().into(),
                who.sex.into(),
                who.id.into(),
                occupation(record).into(),
                way.into(),
                Cell::Number(spell.wage),
                Cell::Empty,
                Cell::Empty,
                told,
                ended,
                note(way, record).into(),
            ];
            self.push(subject, spell.employer, section, cells, out);
        }
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let (world, random) = (view.world, &view.world.random);
        let draw = random.draw("employer declares", book);
        let old = world.employers.standing(book).had_old_code() && draw.of("old code").chance(OLD_CODE);
        let unit = if old { codes::old_unit_code(random, book) } else { codes::unit_code(random, &world.employers, book) };
        let new = form_of_366(random, book, view.month);
        let form_name = if new { "Mẫu D02 (Quyết định số 366/QĐ-BHXH)" } else { "Mẫu D02-LT" };
        let title = vec![
            format!("Tên đơn vị: {}", names::write(HAND, draw.of("name"), &names::of(world, book))),
            format!("Mã đơn vị: {unit}"),
            format!("Mã số thuế: {}", codes::tax_code(random, &world.employers, book)),
            form_name.to_owned(),
            "DANH SÁCH LAO ĐỘNG THAM GIA BHXH, BHYT, BHTN, BHTNLĐ, BNN".to_owned(),
            format!("Số: 01 tháng {}", calendar::vietnamese_month(view.month)),
        ];
        let footer = vec!["Tổng số: {rows} lao động".to_owned(), "Thủ trưởng đơn vị".to_owned()];
        if new {
            let header = HEADER_OF_366.map(|column| (column, "")).to_vec();
            let form = Form { title, header, totals: Vec::new(), footer, sheet: "D02" };
            return Some(Book { name: format!("D02_{unit}_{}.xlsx", view.period()), form });
        }
        let header = vec![
            ("STT", ""),
            ("Họ và tên", ""),
            ("Mã số BHXH", ""),
            ("Ngày, tháng, năm sinh", ""),
            ("Giới tính", ""),
            ("Số CCCD/ĐDCN", ""),
            ("Cấp bậc, chức vụ, chức danh nghề, nơi làm việc", ""),
            ("Phương án", ""),
            ("Tiền lương", "Hệ số/Mức lương"),
            ("Tiền lương", "Phụ cấp lương"),
            ("Tiền lương", "Các khoản bổ sung"),
            ("Từ tháng, năm", ""),
            ("Đến tháng, năm", ""),
            ("Ghi chú", ""),
        ];
        let form = Form { title, header, totals: Vec::new(), footer, sheet: "D02-LT" };
        Some(Book { name: format!("D02-LT_{unit}_{}.xlsx", view.period()), form })
    }
}

impl EmployerWorker {
    fn push(&self, subject: &Subject, employer: u64, section: usize, cells: Vec<Cell>, out: &mut Vec<Row>) {
        let row = Row {
            section: Some(SECTIONS[section].into()),
            book: employer,
            order: section as u64,
            ..Row::new(subject.person.number(), cells)
        };
        let fate = employer * 2 + section as u64;
        subject.push(&self.0, fate, row, &[(0, "full_name", ""), (2, "birth_date", NO_SUCH_DAY)], true, out);
    }
}

/// Columns of the form of decision 366/QĐ-BHXH, in which the personal number stands for the BHXH number. A model: the form was not read.
const HEADER_OF_366: [&str; 11] = [
    "STT",
    "Họ và tên",
    "Mã số BHXH/Số định danh cá nhân",
    "Ngày, tháng, năm sinh",
    "Giới tính",
    "Chức danh nghề",
    "Phương án",
    "Mức lương",
    "Từ tháng",
    "Đến tháng",
    "Ghi chú",
];
/// First month of that form, and employers among 100,000 whose program has it.
const FORM_OF_366: MonthIndex = calendar::month(2026, 6);
const HAVE_366: u32 = 30_000;

/// Whether an employer declares in the form of decision 366.
fn form_of_366(random: &Random, employer: u64, month: MonthIndex) -> bool {
    month >= FORM_OF_366 && random.draw("form 366", employer).chance(HAVE_366)
}

fn occupation(record: Draw) -> &'static str {
    const OCCUPATIONS: [&str; 8] = [
        "Nhân viên văn phòng",
        "Công nhân",
        "Kế toán",
        "Nhân viên bán hàng",
        "Lái xe",
        "Kỹ thuật viên",
        "Nhân viên kho",
        "Quản lý",
    ];
    OCCUPATIONS[record.of("occupation").below(8) as usize]
}

fn note(way: &str, record: Draw) -> &'static str {
    match way {
        "GH" if record.of("why").chance(70_000) => "Chấm dứt hợp đồng lao động",
        "GH" => "Nghỉ việc",
        "TD" => "Chuyển từ đơn vị khác đến",
        _ => "",
    }
}
