//! `bhxh_participation`: spells of compulsory insurance that touch January 2025 or later. Some units are in a table of the agency's system,
//! and of some the agency also hands over who is insured in the month.

use crate::businesses;
use crate::calendar::{self, MonthIndex};
use crate::employers::codes;
use crate::employers::names;
use crate::error::CityError;
use crate::errors::date::Birth;
use crate::errors::{Care, Profile};
use crate::life::jobs::Spell;
use crate::rosters::{Book, Cell, Encoding, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Text, Until, View, cards, units};
use crate::world::World;

/// First month the roster shows.
const FIRST: MonthIndex = calendar::month(2025, 1);

/// The agency's list of spells.
pub struct Participation(Profile);

impl Participation {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("bhxh_participation", Care::Typical, 2_000)?)))
    }
}

impl Roster for Participation {
    fn files(&self, view: &View) -> Option<Files> {
        let stem = format!("Qua_trinh_tham_gia_BHXH_bat_buoc_{}", view.period());
        Some(Files::Parts { stem, form: form(view.month) })
    }

    fn expected_rows(&self, view: &View) -> u64 {
        view.world.people() * 36 / 100
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        for spell in shown(subject).filter(|spell| !is_exported(subject.world, spell)) {
            write(&self.0, subject, spell, false, out);
        }
    }
}

/// Columns of the table of the system.
const EXPORT: [&str; 12] = [
    "STT",
    "SOBHXH",
    "SO_DINH_DANH",
    "HO_VA_TEN",
    "ngaySinh",
    "PHAI",
    "MSTDVI",
    "MADV",
    "TENDONVI",
    "TUTHANGNAM",
    "DENTHANGNAM",
    "TIENLUONG",
];
/// Units among 100,000 whose spells come as that table.
const EXPORTED: u32 = 8_000;

fn is_exported(world: &World, spell: &Spell) -> bool {
    world.random.draw("spells exported", spell.employer).chance(EXPORTED)
}

/// The spells of the units that come as a table of the system.
pub struct Exported(Profile);

impl Exported {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("bhxh_participation", Care::Typical, 2_000)?)))
    }
}

impl Roster for Exported {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Text(Text {
            name: format!("QUATRINH_{}.csv", view.period()),
            title: Vec::new(),
            header: EXPORT.map(str::to_owned).to_vec(),
            separator: ',',
            encoding: Encoding::Utf8Mark,
            footer: Vec::new(),
        }))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        for spell in shown(subject).filter(|spell| is_exported(subject.world, spell)) {
            write(&self.0, subject, spell, true, out);
        }
    }
}

/// Who is insured in the month at some of the units whose notices the agency prints anyway.
pub struct MonthLists(Profile);

/// Sampled units among 100,000 of which the list is handed over.
const MONTH_LIST: u32 = 15_000;

impl MonthLists {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("bhxh_participation", Care::Typical, 2_000)?)))
    }
}

impl Roster for MonthLists {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::MonthEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let (world, month) = (subject.world, subject.month);
        let listed =
            |employer| world.employers.is_sampled(employer) && world.random.draw("month list", employer).chance(MONTH_LIST);
        for spell in subject.life.spells.iter().filter(|s| !s.owner && s.here() && s.covers(month) && listed(s.employer)) {
            let record = subject.record(&self.0, spell.employer);
            let who = subject.identity(&self.0, record);
            let cells = vec![
                who.name.into(),
                subject.insurance_number(&self.0, record).into(),
                who.id.into(),
                who.birth.text().into(),
                who.sex.into(),
                codes::unit_code(&world.random, &world.employers, spell.employer).into(),
                Cell::Number(spell.wage),
            ];
            let row = Row { book: spell.employer, ..Row::new(subject.person.number(), cells) };
            // Another list than that of spells, so another fate of its rows.
            let fate = 1 << 40 | spell.employer;
            subject.push(&self.0, fate, row, &[(0, "full_name", ""), (3, "birth_date", NO_SUCH_DAY)], false, out);
        }
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let code = codes::unit_code(&view.world.random, &view.world.employers, book);
        let month = calendar::vietnamese_month(view.month);
        let title = vec![
            "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI".to_owned(),
            "DANH SÁCH LAO ĐỘNG ĐANG THAM GIA BẢO HIỂM XÃ HỘI".to_owned(),
            format!("Tháng {month}"),
        ];
        let header = ["STT", "Họ và tên", "Mã số BHXH", "Số CCCD", "Ngày sinh", "Giới tính", "Mã đơn vị", "Mức lương đóng"];
        let form = Form {
            title,
            header: header.map(|column| (column, "")).to_vec(),
            footer: vec!["Tổng số: {rows} lao động".to_owned(), "Cán bộ thu".to_owned()],
            sheet: "Dang tham gia",
            ..Form::default()
        };
        Some(Book { name: format!("Lao_dong_dang_tham_gia_{code}_{}.xlsx", view.period()), form })
    }
}

/// The spells that the lists show: those that touch January 2025 or later and have begun.
fn shown<'a>(subject: &'a Subject) -> impl Iterator<Item = &'a Spell> {
    subject.life.spells.iter().filter(|s| s.here() && s.to >= FIRST && s.from <= subject.month)
}

/// Branches among 100,000 kept under the code of their parent.
const AS_PARENT: u32 = 12_000;
/// First month in which units bear their new codes.
const NEW_CODES: MonthIndex = calendar::month(2025, 8);
/// Times that began before, among 100,000, with the unit's old code still.
const OLD_CODE: u32 = 35_000;

/// The employer as the agency has it.
struct Unit {
    tax_code: String,
    code: String,
    name: String,
}

fn unit(subject: &Subject, spell: &Spell) -> Unit {
    let (world, random) = (subject.world, &subject.world.random);
    if spell.owner {
        // An owner pays through the unit of the business; the agency knows it by its old tax code.
        let Some(business) = businesses::of(world, subject.home) else { unreachable!("an owner has a business") };
        let name = names::write(units::HAND, random.draw("unit name", spell.employer), &business.name(world, subject.person));
        return Unit { tax_code: business.old_tax_code(random), code: business.unit_code(random), name };
    }
    let employers = &world.employers;
    let desk = random.draw("unit name", spell.employer);
    let tax_code = match employers.parent(spell.employer) {
        Some((parent, _)) if desk.of("as parent").chance(AS_PARENT) => codes::tax_code(random, employers, parent),
        _ => codes::tax_code(random, employers, spell.employer),
    };
    let old = spell.from < NEW_CODES && random.draw2("old unit code", subject.slot(), spell.employer).chance(OLD_CODE);
    let code =
        if old { codes::old_unit_code(random, spell.employer) } else { codes::unit_code(random, employers, spell.employer) };
    Unit { tax_code, code, name: names::write(units::HAND, desk, &names::of(world, spell.employer)) }
}

/// Title, header and footer of a month.
fn form(month: MonthIndex) -> Form {
    Form {
        title: vec![
            "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI".to_owned(),
            "QUÁ TRÌNH THAM GIA BẢO HIỂM XÃ HỘI BẮT BUỘC".to_owned(),
            format!("Dữ liệu đến hết tháng {}", calendar::vietnamese_month(month)),
        ],
        header: vec![
            ("STT", ""),
            ("Mã số BHXH", ""),
            ("Người lao động", "Số CCCD/ĐDCN"),
            ("Người lao động", "Họ và tên"),
            ("Người lao động", "Ngày sinh"),
            ("Người lao động", "Giới tính"),
            ("Đơn vị sử dụng lao động", "Mã số thuế"),
            ("Đơn vị sử dụng lao động", "Mã đơn vị"),
            ("Đơn vị sử dụng lao động", "Tên đơn vị"),
            ("Thời gian tham gia", "Từ tháng"),
            ("Thời gian tham gia", "Đến tháng"),
            ("Mức lương đóng (đồng)", ""),
        ],
        totals: Vec::new(),
        footer: vec!["Người lập biểu".to_owned(), "(Ký, ghi rõ họ tên)".to_owned()],
        sheet: "Qua trinh",
    }
}

/// The row of a spell.
fn write(profile: &Profile, subject: &Subject, spell: &Spell, coded: bool, out: &mut Vec<Row>) {
    let record = subject.record(profile, spell.employer);
    let who = subject.identity(profile, record);
    let unit = unit(subject, spell);
    let birth = match who.birth {
        // This office's export has real dates in most cells and text in some.
        Birth::Day(date) if !record.of("date as text").chance(10_000) => Cell::Date(date),
        other => other.text().into(),
    };
    let month = |month: MonthIndex| {
        if coded { format!("{}{:02}", month.div_euclid(12), month.rem_euclid(12) + 1) } else { calendar::vietnamese_month(month) }
    };
    let to = if spell.to > subject.month { Cell::Empty } else { month(spell.to).into() };
    let cells = vec![
        subject.insurance_number(profile, record).into(),
        who.id.into(),
        who.name.into(),
        birth,
        if coded { cards::sex_code(who.sex) } else { who.sex }.into(),
        unit.tax_code.into(),
        unit.code.into(),
        unit.name.into(),
        month(spell.from).into(),
        to,
        Cell::Number(spell.wage),
    ];
    let row = Row::new(subject.person.number(), cells);
    let fate = spell.employer * 4096 + (spell.from % 4096) as u64;
    subject.push(profile, fate, row, &[(2, "full_name", ""), (3, "birth_date", NO_SUCH_DAY)], true, out);
}
