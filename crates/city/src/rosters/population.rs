//! `population`: everyone who lives in the city at the end of the month.

use base::Sex;

use crate::errors::{Profile, address};
use crate::households::Role;
use crate::rosters::{NO_SUCH_DAY, Row, Subject};

/// Header of the file.
pub const HEADER: &str =
    "STT,Số định danh cá nhân,Họ và tên,Ngày sinh,Giới tính,Địa chỉ,Xã/phường,Mã hộ,Quan hệ với chủ hộ,Tình trạng cư trú";

/// File name of a month, e.g. of `2026-10`.
pub fn file_name(period: &str) -> String {
    format!("Dan_cu_thuong_tru_tam_tru_{period}.csv")
}

/// The row of a person who lives in the city.
pub fn write(profile: &Profile, subject: &Subject, out: &mut Vec<Row>) {
    let record = subject.record(profile, 0);
    let who = subject.identity(profile, record);
    let address = address::write(subject.world, profile, subject.house(), record, subject.home.place);
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
    let row = Row { cells, person: subject.person.number(), broken: None };
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
