//! `social_pension`: monthly social allowances (trợ cấp xã hội hằng tháng, decree 20/2021) that some communes list apart from social pensions.

use crate::calendar;
use crate::error::CityError;
use crate::life::support::Kind;
use crate::random::Draw;
use crate::rosters::offices::{self, Offices};
use crate::rosters::{Book, Cell, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Until, View};

/// Communes among a hundred that hand the list over.
const DELIVER: u32 = 40;
/// The standard of allowances in the city, đồng a month. A model.
const STANDARD: i64 = 650_000;
/// From this age on the social pension is drawn in its place.
const SOCIAL_PENSION_AGE: i32 = 70;

/// The lists of the communes.
pub struct SocialAllowances(Offices);

impl SocialAllowances {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Offices::load("social_allowance", 3_000)?)))
    }
}

impl Roster for SocialAllowances {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::CommuneEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let office = subject.home.place.number as u64;
        // Whom the commune lists for the card it also pays; it is the same desk.
        let Some(support) = subject.life.support.filter(|s| s.listed && s.kind == Kind::Protected) else { return };
        let age = subject.person.outline.birth.age_on(calendar::last(subject.month));
        let paid = subject.life.social_pension.is_none() && age < SOCIAL_PENSION_AGE && subject.lives_here();
        if !paid || !offices::delivers(subject.world, "social_allowance", office, DELIVER) {
            return;
        }
        let profile = self.0.profile(subject.world, office);
        let record = subject.record(profile, 0);
        let who = subject.identity(profile, record);
        let address = subject.address(profile, record);
        let (ground, coefficient) = ground(record, age);
        let amount = STANDARD * coefficient / 10;
        let cells = vec![
            who.name.into(),
            who.birth.text().into(),
            who.sex.into(),
            who.id.into(),
            format!("{} {}", subject.home.place.group_word(), subject.home.group).into(),
            address.commune.into(),
            ground.into(),
            format!("{},{}", coefficient / 10, coefficient % 10).into(),
            Cell::Number(amount),
            Cell::Number(amount),
            calendar::vietnamese_month(support.from).into(),
        ];
        let row = Row { book: office, ..Row::new(subject.person.number(), cells) };
        subject.push(profile, 0, row, &[(0, "full_name", ""), (1, "birth_date", NO_SUCH_DAY)], true, out);
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let place = view.world.places.get(book as usize)?;
        let header = [
            "STT",
            "Họ và tên đối tượng",
            "Ngày sinh",
            "Giới tính",
            "Số CCCD",
            "Thôn, tổ dân phố",
            "Xã, phường",
            "Dạng đối tượng",
            "Hệ số",
            "Mức trợ cấp",
            "Thực lĩnh",
            "Hưởng từ tháng",
        ];
        let form = Form {
            title: vec![
                offices::committee(place),
                "DANH SÁCH CHI TRẢ TRỢ CẤP XÃ HỘI HẰNG THÁNG".to_owned(),
                format!("Tháng {}", calendar::vietnamese_month(view.month)),
            ],
            header: header.map(|column| (column, "")).to_vec(),
            totals: vec![9, 10],
            footer: vec!["Người lập".to_owned()],
            sheet: "BTXH",
        };
        Some(Book { name: format!("Tro_cap_xa_hoi_{}_{}.xlsx", view.period(), place.code), form })
    }
}

/// What it is paid for, and its coefficient in tenths.
fn ground(record: Draw, age: i32) -> (&'static str, i64) {
    match (record.of("ground").below(10), age) {
        (0..2, ..16) => ("Trẻ em mồ côi", 15),
        (_, ..16) => ("Trẻ em khuyết tật nặng", 20),
        (0..3, _) => ("Người khuyết tật đặc biệt nặng", 20),
        _ => ("Người khuyết tật nặng", 15),
    }
}
