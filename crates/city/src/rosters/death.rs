//! `death`: deaths of the last twelve months as the judicial register (hộ tịch) holds them, exported
//! by an old program in the letters of TCVN3.

use crate::calendar;
use crate::error::CityError;
use crate::errors::{Care, Profile};
use crate::rosters::{Cell, Encoding, Files, NO_SUCH_DAY, Roster, Row, Subject, Text, View};

const COLUMNS: [&str; 11] = [
    "STT",
    "Số đăng ký",
    "Ngày đăng ký khai tử",
    "Họ, chữ đệm, tên người chết",
    "Ngày, tháng, năm sinh",
    "Giới tính",
    "Số định danh cá nhân",
    "Nơi cư trú cuối cùng",
    "Đã chết vào ngày",
    "Nơi chết",
    "Nơi đăng ký khai tử",
];

/// The register of deaths.
pub struct Deaths(Profile);

impl Deaths {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("death", Care::Typical, 6_000)?)))
    }
}

impl Roster for Deaths {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Text(Text {
            name: format!("Trich_luc_khai_tu_12_thang_{}.csv", view.period()),
            title: Vec::new(),
            header: COLUMNS.map(str::to_owned).to_vec(),
            separator: ';',
            encoding: Encoding::Tcvn3,
            footer: vec!["Tổng số: {rows} trường hợp".to_owned()],
        }))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let (Some(dies), Some(told)) = (subject.person.dies, subject.person.told) else { return };
        let away = subject.home.leaves.is_some_and(|m| m <= dies) || subject.home.arrives.is_some_and(|m| m > dies);
        let registered = told <= subject.month && dies > subject.month - 12;
        if !registered || away || subject.home.foreign || !subject.home.place.inside() {
            return;
        }
        let profile = &self.0;
        let record = subject.record(profile, 0);
        let who = subject.identity(profile, record);
        let address = subject.address(profile, record);
        let died = calendar::day(dies, 1 + record.of("day").small(calendar::days_in(dies) as u32));
        // Registered within days, or in a later month.
        let entered = if told == dies { died.add_days(record.of("delay").small(12)) } else { None };
        let entered = entered.unwrap_or(calendar::day(told, 1 + record.of("entered").small(28)));
        let place = if record.of("hospital").chance(30_000) { "Bệnh viện" } else { "Tại nhà" };
        let lived = subject.home.place;
        let cells = vec![
            Cell::Text(format!("{:03}/{}", 1 + record.of("number").below(900), entered.year())),
            calendar::vietnamese(entered).into(),
            who.name.into(),
            who.birth.text().into(),
            who.sex.into(),
            who.id.text().into(),
            format!("{}, {}", address.house, address.commune).into(),
            calendar::vietnamese(died).into(),
            place.into(),
            format!("UBND {} {}", lived.kind.to_lowercase(), lived.name).into(),
        ];
        let row = Row::new(subject.person.number(), cells);
        subject.push(profile, 0, row, &[(2, "full_name", ""), (7, "death_date", NO_SUCH_DAY)], true, out);
    }
}
