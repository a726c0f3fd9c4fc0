//! `police_uninsured`: people whom the police found without a card when they compared their data:
//! not all, and some wrongly.

use crate::calendar;
use crate::error::CityError;
use crate::errors::{Care, Pattern, Profile};
use crate::life::state::State;
use crate::rosters::{Cell, Encoding, Files, NO_SUCH_DAY, Roster, Row, Subject, Text, View};

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
        let Some(state) = State::of(subject.home, subject.person, subject.life, subject.month) else { return };
        // Found among 100,000 of each state. People of the armed forces are not compared.
        let found = match state {
            State::NotCovered => 72_000,
            State::Elsewhere => 25_000,
            State::Covered => 150,
            State::MovedAway => 400,
            State::ArmedForces | State::Foreigner | State::Dead => return,
        };
        let draw = subject.world.random.draw("police finds", subject.slot());
        // Found once, a person stays found: the comparison is repeated on the same data.
        if subject.home.foreign || !draw.chance(found) {
            return;
        }
        let profile = &self.0;
        let record = subject.record(profile, 0);
        let who = subject.identity(profile, record);
        let address = subject.address(profile, record);
        let checked = calendar::day(subject.month - draw.of("months").small(3), 1 + draw.of("day").small(28));
        let place = subject.home.place;
        let group = if draw.of("group").chance(20_000) {
            Cell::Empty
        } else {
            format!("{} {}", place.group_word(), subject.home.group).into()
        };
        let note =
            ["", "", "", "Đi làm xa", "Chưa xác minh được", "Không có mặt tại nơi cư trú"][draw.of("note").below(6) as usize];
        let cells = vec![
            who.name.into(),
            who.birth.text().into(),
            who.sex.into(),
            who.id.text().into(),
            group,
            address.commune.into(),
            calendar::vietnamese(checked).into(),
            note.into(),
        ];
        let row = Row::new(subject.person.number(), cells);
        subject.push(profile, 0, row, &[(0, "full_name", ""), (1, "birth_date", NO_SUCH_DAY)], true, out);
    }
}
