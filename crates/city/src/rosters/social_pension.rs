//! `social_pension`: the communes' lists of the old who draw the social pension (trợ cấp hưu trí xã
//! hội), sent to the city as one archive of workbooks.

use crate::calendar;
use crate::error::CityError;
use crate::errors::Profile;
use crate::households::Means;
use crate::life::benefits::SOCIAL_PENSION;
use crate::rosters::offices::{self, Offices};
use crate::rosters::{Book, Cell, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, View};

/// The lists of the communes.
pub struct SocialPensions(Offices);

impl SocialPensions {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Offices::load("social_pension", 3_000)?)))
    }
}

impl Roster for SocialPensions {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Archive(format!("Tro_cap_huu_tri_xa_hoi_{}.zip", view.period())))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let Some(since) = subject.life.social_pension else { return };
        if !(subject.lives_here() || subject.dead_but_unknown()) {
            return;
        }
        let (from, office) = (out.len(), subject.home.place.number as u64);
        write(self.0.profile(subject.world, office), subject, since, out);
        out[from..].iter_mut().for_each(|row| row.book = office);
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let place = view.world.places.get(book as usize)?;
        let short = self.0.spelling(view.world, book, 2) == 0;
        let pick = |one: &'static str, other: &'static str| if short { one } else { other };
        let form = Form {
            title: vec![
                offices::committee(place),
                "DANH SÁCH NGƯỜI HƯỞNG TRỢ CẤP HƯU TRÍ XÃ HỘI".to_owned(),
                format!("Tháng {}", calendar::vietnamese_month(view.month)),
            ],
            header: vec![
                ("STT", ""),
                (pick("Họ tên", "Họ và tên người hưởng"), ""),
                (pick("Ngày sinh", "Ngày, tháng, năm sinh"), ""),
                ("Giới tính", ""),
                (pick("Số CCCD", "Số định danh cá nhân/CCCD"), ""),
                (pick("Thôn, TDP", "Thôn/tổ dân phố"), ""),
                ("Xã/phường", ""),
                (pick("Diện", "Diện hưởng"), ""),
                (pick("Mức hưởng", "Mức trợ cấp (đồng/tháng)"), ""),
                (pick("Hưởng từ tháng", "Tháng bắt đầu hưởng"), ""),
                ("Ghi chú", ""),
            ],
            totals: vec![8],
            footer: vec!["Người lập".to_owned()],
            sheet: "HTXH",
        };
        Some(Book { name: format!("HTXH_{}_{}.xlsx", view.period(), place.code), form })
    }
}

fn write(profile: &Profile, subject: &Subject, since: calendar::MonthIndex, out: &mut Vec<Row>) {
    let record = subject.record(profile, 0);
    let who = subject.identity(profile, record);
    let address = subject.address(profile, record);
    let old = subject.person.outline.birth.age_on(calendar::last(subject.month)) >= 75;
    let why = match subject.home.means {
        _ if old => "Từ đủ 75 tuổi",
        Means::Poor => "Từ đủ 70 đến dưới 75 tuổi, hộ nghèo",
        _ => "Từ đủ 70 đến dưới 75 tuổi, hộ cận nghèo",
    };
    let place = subject.home.place;
    let cells = vec![
        who.name.into(),
        who.birth.text().into(),
        who.sex.into(),
        who.id.into(),
        format!("{} {}", place.group_word(), subject.home.group).into(),
        address.commune.into(),
        why.into(),
        Cell::Number(SOCIAL_PENSION),
        calendar::vietnamese_month(since).into(),
        Cell::Empty,
    ];
    let row = Row::new(subject.person.number(), cells);
    subject.push(profile, 0, row, &[(0, "full_name", ""), (1, "birth_date", NO_SUCH_DAY)], true, out);
}
