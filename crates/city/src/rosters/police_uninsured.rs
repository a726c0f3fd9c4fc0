//! `police_uninsured`: people whom the police found without a card when they compared their data:
//! not all, and some wrongly. Most are in the list of the city's police; some communes' police hand
//! over a list of their own.

use crate::calendar;
use crate::error::CityError;
use crate::errors::{Care, Pattern, Profile};
use crate::life::state::State;
use crate::random::Draw;
use crate::rosters::{Book, Cell, Encoding, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Text, Until, View, offices};

const COLUMNS: [&str; 9] =
    ["TT", "Họ và tên công dân", "Ngày sinh", "Giới tính", "Số ĐDCN", "Thôn/tổ dân phố", "Xã/phường", "Ngày rà soát", "Ghi chú"];

/// The police's list.
pub struct PoliceUninsured(Profile);

impl PoliceUninsured {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        // Ids are the police's own and right; what a patrol writes down by hand is not.
        let profile = Profile::new("police_uninsured", Care::Typical, 8_000)?;
        Ok(Box::new(Self(profile.with(Pattern::OldId, 500).with(Pattern::YearOnly, 6_000))))
    }
}

impl Roster for PoliceUninsured {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Text(Text {
            name: format!("Cong_dan_chua_co_the_BHYT_{}.csv", view.period()),
            title: vec!["CÔNG AN THÀNH PHỐ HÀ NỘI".to_owned(), "Danh sách công dân chưa tham gia BHYT qua rà soát".to_owned()],
            header: COLUMNS.map(str::to_owned).to_vec(),
            separator: ';',
            encoding: Encoding::Windows1258,
            footer: Vec::new(),
        }))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        if !has_own_list(subject) && is_found(subject) {
            push(&self.0, subject, out);
        }
    }
}

/// Communes among a hundred whose police hand over a list of their own.
const OWN_LIST: u32 = 20;

fn has_own_list(subject: &Subject) -> bool {
    offices::delivers(subject.world, "police station", subject.home.place.number as u64, OWN_LIST)
}

/// Whether the police found the person.
fn is_found(subject: &Subject) -> bool {
    let Some(state) = State::of(subject.home, subject.person, subject.life, subject.month) else { return false };
    // Found among 100,000 of each state. People of the armed forces are not compared.
    let found = match state {
        State::NotCovered => 72_000,
        State::Elsewhere => 25_000,
        State::Covered => 150,
        State::MovedAway => 400,
        State::ArmedForces | State::Foreigner | State::Dead => return false,
    };
    // Found once, a person stays found: the comparison is repeated on the same data.
    !subject.home.foreign && draw(subject).chance(found)
}

fn draw(subject: &Subject) -> Draw {
    subject.world.random.draw("police finds", subject.slot())
}

fn push(profile: &Profile, subject: &Subject, out: &mut Vec<Row>) {
    let draw = draw(subject);
    let record = subject.record(profile, 0);
    let who = subject.identity(profile, record);
    let address = subject.address(profile, record);
    let note = ["", "", "", "Đi làm xa", "Chưa xác minh được", "Không có mặt tại nơi cư trú"][draw.of("note").below(6) as usize];
    let cells = vec![
        who.name.into(),
        who.birth.text().into(),
        who.sex.into(),
        who.id.text().into(),
        group(subject),
        address.commune.into(),
        checked(subject).into(),
        note.into(),
    ];
    let row = Row::new(subject.person.number(), cells);
    subject.push(profile, 0, row, &[(0, "full_name", ""), (1, "birth_date", NO_SUCH_DAY)], true, out);
}

/// The village, mostly.
fn group(subject: &Subject) -> Cell {
    if draw(subject).of("group").chance(20_000) {
        return Cell::Empty;
    }
    format!("{} {}", subject.home.place.group_word(), subject.home.group).into()
}

/// The day of the comparison.
fn checked(subject: &Subject) -> String {
    let draw = draw(subject);
    calendar::vietnamese(calendar::day(subject.month - draw.of("months").small(3), 1 + draw.of("day").small(28)))
}

/// The lists of the police of single communes: which insurance is missing in one column, or ticked in two.
pub struct Stations(Profile);

impl Stations {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        let profile = Profile::new("police_uninsured", Care::Typical, 8_000)?;
        Ok(Box::new(Self(profile.with(Pattern::OldId, 500).with(Pattern::YearOnly, 6_000))))
    }
}

/// Whether the police of a commune tick columns instead of naming the insurance.
fn ticks(view: &View, commune: u64) -> bool {
    offices::draw(view.world, "police station", commune).of("ticks").chance(50_000)
}

impl Roster for Stations {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::CommuneEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        if !has_own_list(subject) || !is_found(subject) {
            return;
        }
        let (profile, office) = (&self.0, subject.home.place.number as u64);
        let record = subject.record(profile, 1);
        let who = subject.identity(profile, record);
        let works = subject.life.spells.iter().any(|spell| spell.covers(subject.month));
        let adult = subject.person.outline.birth.age_on(calendar::last(subject.month)) >= 18;
        let both = adult && !works;
        let mut cells = vec![
            who.name.into(),
            who.id.text().into(),
            who.birth.text().into(),
            who.sex.into(),
            subject.address(profile, record).house.into(),
            group(subject),
            checked(subject).into(),
        ];
        let view = View { world: subject.world, month: subject.month };
        if ticks(&view, office) {
            cells.extend([if both { "x" } else { "" }.into(), "x".into()]);
        } else {
            cells.push(if both { "BHXH, BHYT" } else { "BHYT" }.into());
        }
        let row = Row { book: office, ..Row::new(subject.person.number(), cells) };
        subject.push(profile, 1, row, &[(0, "full_name", ""), (2, "birth_date", NO_SUCH_DAY)], true, out);
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let place = view.world.places.get(book as usize)?;
        let mut header = vec![
            ("STT", ""),
            ("Họ, chữ đệm và tên", ""),
            ("Số định danh cá nhân", ""),
            ("Ngày, tháng, năm sinh", ""),
            ("Giới tính", ""),
            ("Nơi ở hiện tại", ""),
            ("Thôn/tổ dân phố", ""),
            ("Ngày rà soát", ""),
        ];
        if ticks(view, book) {
            header.extend([("Chưa tham gia", "BHXH"), ("Chưa tham gia", "BHYT")]);
        } else {
            header.push(("Loại bảo hiểm chưa tham gia", ""));
        }
        let form = Form {
            title: vec![
                format!("Công an {}", place.full_name()).to_uppercase(),
                "DANH SÁCH CÔNG DÂN CHƯA THAM GIA BHXH, BHYT".to_owned(),
            ],
            header,
            footer: vec!["Tổng số: {rows} công dân".to_owned(), "Trưởng Công an".to_owned()],
            sheet: "Chua tham gia",
            ..Form::default()
        };
        Some(Book { name: format!("CA_cong_dan_chua_tham_gia_{}.xlsx", place.code), form })
    }
}
