//! `tour_guide`: holders of tour guides' cards, saved from a spreadsheet as "Unicode text".

use base::Date;

use crate::calendar;
use crate::error::CityError;
use crate::errors::{Care, Profile};
use crate::random::Draw;
use crate::rosters::{Cell, Encoding, Files, NO_SUCH_DAY, Roster, Row, Subject, Text, View};

const COLUMNS: [&str; 10] = [
    "STT",
    "Số thẻ HDV",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Số CCCD/Hộ chiếu",
    "Loại thẻ",
    "Ngoại ngữ",
    "Ngày cấp",
    "Ngày hết hạn",
];
/// Card holders among 100,000 people of 22 to 60; a model (8 to 10 thousand in the city).
const GUIDES: u32 = 180;

fn draw(subject: &Subject) -> Draw {
    subject.world.random.draw("tour guide", subject.slot())
}

/// First and last day of the guide's card of a person on the list.
///
/// A card runs five years; lapsed ones stay on the list for a while.
pub fn card(subject: &Subject) -> Option<(Date, Date)> {
    let draw = draw(subject);
    let age = subject.person.outline.birth.age_on(calendar::last(subject.month));
    if !(22..60).contains(&age) || !draw.chance(GUIDES) || !subject.lives_here() || subject.serves() || subject.home.foreign {
        return None;
    }
    let issued = subject.month - draw.of("issued").small(66);
    let from = calendar::day(issued, 1 + draw.of("day").small(28));
    Some((from, calendar::day(issued + 60, from.day())))
}

/// The tourism office's list.
pub struct TourGuides(Profile);

impl TourGuides {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("tour_guide", Care::Typical, 5_000)?)))
    }
}

impl Roster for TourGuides {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Text(Text {
            name: format!("Huong_dan_vien_du_lich_{}.txt", view.period()),
            title: vec!["DANH SÁCH HƯỚNG DẪN VIÊN DU LỊCH ĐƯỢC CẤP THẺ".to_owned()],
            header: COLUMNS.map(str::to_owned).to_vec(),
            separator: '\t',
            encoding: Encoding::Utf16,
            footer: Vec::new(),
        }))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let Some((from, to)) = card(subject) else { return };
        let draw = draw(subject);
        let profile = &self.0;
        let record = subject.record(profile, 0);
        let who = subject.identity(profile, record);
        let (kind, digit, language) = match draw.of("kind").below(10) {
            0..6 => {
                ("Quốc tế", 1, ["Tiếng Anh", "Tiếng Trung", "Tiếng Hàn", "Tiếng Nhật"][draw.of("language").below(4) as usize])
            }
            6..9 => ("Nội địa", 2, ""),
            _ => ("Tại điểm", 3, ""),
        };
        let cells = vec![
            Cell::Text(format!("{digit}01{:06}", draw.of("number").below(1_000_000))),
            who.name.into(),
            who.birth.text().into(),
            who.sex.into(),
            who.id.text().into(),
            kind.into(),
            language.into(),
            calendar::vietnamese(from).into(),
            calendar::vietnamese(to).into(),
        ];
        let row = Row::new(subject.person.number(), cells);
        subject.push(profile, 0, row, &[(1, "full_name", ""), (2, "birth_date", NO_SUCH_DAY)], true, out);
    }
}
