//! `household_member`: the household annex of form TK1-TS, which some communes keep for all homes.

use crate::calendar;
use crate::error::CityError;
use crate::errors::Profile;
use crate::households::Role;
use crate::rosters::offices::{self, Offices};
use crate::rosters::{Book, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Until, View};
use base::Sex;

/// Communes among a hundred that have declared their households and hand the annex over.
const DECLARED: u32 = 30;

/// Whether a person who lives in the city stands on a commune's list: the commune keeps one, and foreigners
/// are declared elsewhere.
pub fn is_listed(subject: &Subject) -> bool {
    !subject.home.foreign && offices::delivers(subject.world, NAME, subject.home.place.number as u64, DECLARED)
}

/// The roster's name.
const NAME: &str = "household_member";

/// Words for the columns that communes head differently: household, its head, name, birth date, sex,
/// id, relation, hamlet, insurance number.
const SPELLINGS: [[&str; 9]; 3] = [
    [
        "Mã hộ gia đình",
        "Họ tên chủ hộ",
        "Họ và tên thành viên",
        "Ngày, tháng, năm sinh",
        "Giới tính",
        "Số ĐDCN/CCCD/Hộ chiếu",
        "Mối quan hệ với chủ hộ",
        "Thôn, tổ dân phố",
        "Mã số BHXH",
    ],
    ["Số hộ", "Chủ hộ", "Họ và tên", "Ngày sinh", "Nam/Nữ", "Số CCCD", "Quan hệ với chủ hộ", "TDP/Thôn", "Mã BHXH"],
    [
        "Mã hộ",
        "Tên chủ hộ",
        "Thành viên hộ gia đình",
        "Ngày tháng năm sinh",
        "Giới tính",
        "Số định danh cá nhân",
        "Quan hệ chủ hộ",
        "Địa bàn (thôn/tổ)",
        "Mã số BHXH (nếu có)",
    ],
];

/// The annexes of the communes that keep them.
pub struct HouseholdMembers(Offices);

impl HouseholdMembers {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Offices::load(NAME, 3_000)?)))
    }
}

impl Roster for HouseholdMembers {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::CommuneEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let place = subject.home.place;
        let office = place.number as u64;
        // The dead stay in until somebody tells.
        if (subject.lives_here() || subject.dead_but_unknown()) && is_listed(subject) {
            let from = out.len();
            write(self.0.profile(subject.world, office), subject, out);
            out[from..].iter_mut().for_each(|row| row.book = office);
        }
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let place = view.world.places.get(book as usize)?;
        let [home, head, name, birth, sex, id, relation, group, insurance] = SPELLINGS[self.0.spelling(view.world, book, 3)];
        let end = calendar::vietnamese(calendar::last(view.month));
        let form = Form {
            title: vec![
                offices::committee(place),
                "DANH SÁCH THÀNH VIÊN HỘ GIA ĐÌNH".to_owned(),
                "(Phụ lục kèm theo Tờ khai tham gia, điều chỉnh thông tin BHXH, BHYT - Mẫu TK1-TS)".to_owned(),
                format!("Tính đến ngày {end}"),
            ],
            header: vec![
                ("STT", ""),
                (home, ""),
                (head, ""),
                (name, ""),
                (insurance, ""),
                (birth, ""),
                (sex, ""),
                (relation, ""),
                (id, ""),
                ("Địa chỉ", ""),
                (group, ""),
                ("Xã/phường", ""),
            ],
            footer: vec!["Tổng số: {rows} người".to_owned(), "Người lập danh sách".to_owned()],
            sheet: "Thanh vien ho",
            ..Form::default()
        };
        Some(Book { name: format!("TK1-TS_Thanh_vien_ho_gia_dinh_{}.xlsx", place.code), form })
    }
}

fn write(profile: &Profile, subject: &Subject, out: &mut Vec<Row>) {
    let record = subject.record(profile, 0);
    let who = subject.identity(profile, record);
    let address = subject.address(profile, record);
    let (home, place) = (subject.home, subject.home.place);
    let head = crate::errors::name::write(profile, record.of("head"), &home.members[0].name);
    let insurance = if subject.has_insurance_number() { subject.insurance_number(profile, record) } else { String::new() };
    // Communes number their homes themselves, apart from the register of residents.
    let number = format!("{}{:06}", place.code, home.number - place.first + 1);
    let group = if place.kind == "Xã" { format!("Thôn {}", home.group) } else { format!("TDP số {}", home.group) };
    let cells = vec![
        number.into(),
        head.into(),
        who.name.into(),
        insurance.into(),
        who.birth.text().into(),
        who.sex.into(),
        relation(subject).into(),
        who.id.into(),
        address.house.into(),
        group.into(),
        address.commune.into(),
    ];
    let row = Row::new(subject.person.number(), cells);
    subject.push(profile, 0, row, &[(2, "full_name", ""), (4, "birth_date", NO_SUCH_DAY)], true, out);
}

fn relation(subject: &Subject) -> &'static str {
    let female = subject.person.outline.sex == Sex::Female;
    match subject.person.outline.role {
        Role::Head => "Chủ hộ",
        Role::Spouse if female => "Vợ",
        Role::Spouse => "Chồng",
        Role::Child if female => "Con gái",
        Role::Child => "Con trai",
        Role::Elder if female => "Mẹ đẻ",
        Role::Elder => "Bố đẻ",
        Role::Other => "Người ở cùng hộ",
    }
}
