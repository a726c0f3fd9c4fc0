//! `population`: everyone who lives in the city at the end of the month.

use base::Sex;

use crate::error::CityError;
use crate::errors::{Care, Profile};
use crate::households::Role;
use crate::rosters::{Encoding, Files, NO_SUCH_DAY, Roster, Row, Subject, Text, View};

const COLUMNS: [&str; 10] = [
    "STT",
    "Số định danh cá nhân",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Địa chỉ",
    "Xã/phường",
    "Mã hộ",
    "Quan hệ với chủ hộ",
    "Tình trạng cư trú",
];

/// The population register; the clean one.
pub struct Population(Profile);

impl Population {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("population", Care::Clean, 1_000)?)))
    }
}

impl Roster for Population {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Text(Text {
            name: format!("Dan_cu_thuong_tru_tam_tru_{}.csv", view.period()),
            title: Vec::new(),
            header: COLUMNS.map(str::to_owned).to_vec(),
            separator: ',',
            encoding: Encoding::Utf8Mark,
            footer: Vec::new(),
        }))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        // Foreigners are on a register of their own, which nobody hands over.
        if subject.lives_here() && !subject.home.foreign {
            write(&self.0, subject, out);
        }
    }
}

/// The row of a person who lives in the city.
fn write(profile: &Profile, subject: &Subject, out: &mut Vec<Row>) {
    let record = subject.record(profile, 0);
    let who = subject.identity(profile, record);
    let address = subject.address(profile, record);
    let residence = if subject.home.temporary { "Tạm trú" } else { "Thường trú" };
    let cells = vec![
        who.id.text().into(),
        who.name.into(),
        who.birth.text().into(),
        who.sex.into(),
        address.house.into(),
        address.commune.into(),
        format!("H{:08}", subject.home.number + 1).into(),
        relation(subject).into(),
        residence.into(),
    ];
    let row = Row::new(subject.person.number(), cells);
    // The spine holds everybody once, so no row stands twice.
    subject.push(profile, 0, row, &[(1, "full_name", ""), (2, "birth_date", NO_SUCH_DAY)], false, out);
}

fn relation(subject: &Subject) -> &'static str {
    let female = subject.person.outline.sex == Sex::Female;
    match subject.person.outline.role {
        Role::Head => "Chủ hộ",
        Role::Spouse if female => "Vợ",
        Role::Spouse => "Chồng",
        Role::Child => "Con",
        Role::Elder if female => "Mẹ",
        Role::Elder => "Bố",
        Role::Other => "Cùng ở",
    }
}
