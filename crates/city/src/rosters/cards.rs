//! `bhyt_card`: card periods of the last twelve months; some base offices hand over a table of their system as it is.

use crate::calendar;
use crate::error::CityError;
use crate::errors::{Care, Profile, name};
use crate::life::cards::{Group, Issuer};
use crate::random::Draw;
use crate::rosters::{Encoding, Files, NO_SUCH_DAY, Roster, Row, Subject, Text, View};

/// Columns after the running number.
const COLUMNS: [&str; 12] = [
    "STT",
    "Mã thẻ BHYT",
    "Mã số BHXH",
    "Số CCCD/ĐDCN",
    "Họ tên",
    "Ngày sinh",
    "Giới tính",
    "Địa chỉ",
    "Xã, phường",
    "Giá trị từ ngày",
    "Giá trị đến ngày",
    "Nơi đăng ký KCB ban đầu",
];

/// Pupils among 100,000 whose right card is under a name hardly to be read and without an id.
const BADLY: u32 = 500;

/// Cards valid in the last twelve months or later.
pub struct Cards(Profile);

impl Cards {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("bhyt_card", Care::Typical, 2_000)?)))
    }
}

impl Roster for Cards {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Text(Text {
            name: format!("Danh_sach_the_BHYT_{}.csv", view.period()),
            title: Vec::new(),
            header: COLUMNS.map(str::to_owned).to_vec(),
            separator: separator(view.month),
            encoding: Encoding::Utf8,
            footer: vec!["Tổng số: {rows} thẻ".to_owned(), "Người lập biểu".to_owned()],
        }))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        if !is_exported(subject) {
            write(&self.0, subject, false, out);
        }
    }
}

/// Columns of the table of the system, after the running number.
const EXPORT: [&str; 12] =
    ["STT", "MATHE", "SOBHXH", "CCCD", "hoTen", "ngaySinhDt", "gioiTinh", "diaChiThe", "tenXa", "GTTU", "GTDEN", "NOIKCB"];

/// Every so many-th commune belongs to a base office that hands the table over.
const EXPORTING: usize = 11;

fn is_exported(subject: &Subject) -> bool {
    subject.home.place.number % EXPORTING == 7
}

/// The cards of the base offices that hand over a table of their system.
pub struct Exported(Profile);

impl Exported {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("bhyt_card", Care::Typical, 2_000)?)))
    }
}

impl Roster for Exported {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Text(Text {
            name: format!("THE_{}.csv", view.period()),
            title: Vec::new(),
            header: EXPORT.map(str::to_owned).to_vec(),
            separator: '\t',
            encoding: Encoding::Utf16,
            footer: Vec::new(),
        }))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        if is_exported(subject) {
            write(&self.0, subject, true, out);
        }
    }
}

/// A sex as systems code it.
pub fn sex_code(word: &str) -> &'static str {
    match word {
        "Nam" => "1",
        "Nữ" => "0",
        _ => "",
    }
}

/// The separator of a month's file: offices set up their exports in two ways.
fn separator(month: calendar::MonthIndex) -> char {
    // October has month number 9 counted from zero.
    if month % 2 == 1 { ';' } else { ',' }
}

/// A row for each card of a person.
fn write(profile: &Profile, subject: &Subject, coded: bool, out: &mut Vec<Row>) {
    let group_word = |group: Group| group.code().bytes().fold(0u64, |n, b| n * 256 + u64::from(b));
    for (number, card) in subject.life.cards.iter().filter(|c| c.issuer == Issuer::City).enumerate() {
        // One group is one desk with its own record of the person; renewals repeat its errors.
        let record = subject.record(profile, group_word(card.group));
        let mut who = subject.identity(profile, record);
        let mut insurance = subject.insurance_number(profile, record);
        if card.second {
            // The other of the person's two numbers, whichever the desk writes as a rule.
            insurance = subject.other_insurance_number(&insurance);
        }
        let address = subject.address(profile, record);
        let mut id = who.id.text();
        if card.group == Group::Pupil && record.of("badly").chance(BADLY) {
            who.name = name::write_badly(record, &subject.person.name);
            id = String::new();
        }
        let cells = vec![
            format!("{}01{insurance}", card.group.code()).into(),
            insurance.into(),
            id.into(),
            who.name.into(),
            who.birth.text().into(),
            if coded { sex_code(who.sex) } else { who.sex }.into(),
            address.house.into(),
            address.commune.into(),
            calendar::vietnamese(card.from).into(),
            calendar::vietnamese(card.to).into(),
            facility(subject.house(), &subject.home.place.full_name()).into(),
        ];
        let row = Row::new(subject.person.number(), cells);
        let fate = group_word(card.group) * 64 + number as u64;
        subject.push(profile, fate, row, &[(3, "full_name", ""), (4, "birth_date", NO_SUCH_DAY)], true, out);
    }
}

fn facility(house: Draw, commune: &str) -> String {
    let draw = house.of("facility");
    if draw.chance(65_000) {
        return format!("Trạm Y tế {commune}");
    }
    format!("Bệnh viện Đa khoa khu vực {}", 1 + draw.of("hospital").below(30))
}
