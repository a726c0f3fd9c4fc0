//! `labour`: people of fifteen and older registered as labour, insured or not.

use crate::employers::names;
use crate::error::CityError;
use crate::errors::{Care, Profile};
use crate::life::work::{self, Work};
use crate::random::Draw;
use crate::rosters::{Cell, Encoding, Files, NO_SUCH_DAY, Roster, Row, Subject, Text, View};

const COLUMNS: [&str; 12] = [
    "STT",
    "Họ và tên người lao động",
    "Ngày, tháng, năm sinh",
    "Giới tính",
    "Số CCCD/Số định danh",
    "Nơi ở hiện tại",
    "Xã/phường",
    "Tình trạng việc làm",
    "Vị thế việc làm",
    "Công việc chính",
    "Nơi làm việc",
    "Loại hình tham gia BHXH",
];
/// Registered among a hundred who should be: the survey of labour misses some.
const REGISTERED: u32 = 88_000;

/// Whether a person with such work stands in the labour office's register.
pub fn is_registered(subject: &Subject, work: Work) -> bool {
    // Those who serve are on no list of the labour office.
    let listed = subject.lives_here() && !matches!(work, Work::Outside | Work::Serving);
    listed && subject.world.random.draw("registered labour", subject.slot()).chance(REGISTERED)
}

/// The labour office's register.
pub struct Labour(Profile);

impl Labour {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("labour", Care::Typical, 5_000)?)))
    }
}

impl Roster for Labour {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Text(Text {
            name: format!("Co_so_du_lieu_lao_dong_{}.csv", view.period()),
            title: Vec::new(),
            header: COLUMNS.map(str::to_owned).to_vec(),
            separator: ',',
            encoding: Encoding::Utf8Mark,
            footer: Vec::new(),
        }))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let work = work::of(subject);
        if !is_registered(subject, work) {
            return;
        }
        let world = subject.world;
        let profile = &self.0;
        let record = subject.record(profile, 0);
        let who = subject.identity(profile, record);
        let address = subject.address(profile, record);
        let (state, position) = match work {
            Work::Insured | Work::Uninsured => ("Có việc làm", "Làm công hưởng lương"),
            Work::OwnAccount => ("Có việc làm", "Tự làm"),
            Work::Family => ("Có việc làm", "Lao động gia đình"),
            _ => ("Thất nghiệp", ""),
        };
        let job = if state == "Có việc làm" { JOBS[record.of("job").below(JOBS.len() as u64) as usize] } else { "" };
        // The survey notes the workplace as people say it, a month or more before.
        let here = subject.life.spells.iter().find(|s| s.covers(subject.month));
        let at_work = match (work, here) {
            (Work::Insured, Some(spell)) if spell.owner => "Hộ kinh doanh của gia đình".to_owned(),
            (Work::Insured, Some(spell)) if spell.here() => names::of(world, spell.works_at).full(),
            (Work::Insured, _) => "Khu công nghiệp ngoài Hà Nội".to_owned(),
            (Work::Uninsured, _) => uninsured_at(subject, record),
            _ => String::new(),
        };
        let voluntary = subject.life.voluntary.iter().any(|p| p.to() >= subject.month);
        let insured = match work {
            Work::Insured if !record.of("insured unknown").chance(6_000) => "Bắt buộc",
            _ if voluntary => "Tự nguyện",
            _ => "Không tham gia",
        };
        let cells = vec![
            who.name.into(),
            who.birth.text().into(),
            who.sex.into(),
            who.id.text().into(),
            address.house.into(),
            address.commune.into(),
            state.into(),
            position.into(),
            job.into(),
            Cell::from(at_work),
            insured.into(),
        ];
        let row = Row::new(subject.person.number(), cells);
        subject.push(profile, 0, row, &[(0, "full_name", ""), (1, "birth_date", NO_SUCH_DAY)], true, out);
    }
}

/// Where somebody without insurance says to work: most of those whom an evader employs name it.
fn uninsured_at(subject: &Subject, record: Draw) -> String {
    match subject.life.uninsured_job.filter(|(_, evaded)| *evaded && record.of("names employer").chance(70_000)) {
        Some((employer, _)) => names::of(subject.world, employer).full(),
        None => "Cơ sở kinh doanh".to_owned(),
    }
}

const JOBS: [&str; 12] = [
    "Bán hàng",
    "Công nhân may",
    "Lái xe",
    "Thợ xây",
    "Nhân viên văn phòng",
    "Giúp việc gia đình",
    "Nông nghiệp",
    "Thợ cơ khí",
    "Phục vụ nhà hàng",
    "Kỹ thuật viên",
    "Bảo vệ",
    "Kế toán",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;

    #[test]
    fn the_registered_are_of_working_age() {
        let world = crate::world::World::plan(0.001, 3).unwrap();
        let month = calendar::month(2026, 10);
        let labour = Labour::load().unwrap();
        let mut rows = Vec::new();
        for number in 0..500 {
            let home = crate::households::draw(&world, number);
            for person in &home.members {
                let life = crate::life::Life::draw(&world, &home, person, month);
                let before = rows.len();
                labour.person(&Subject { world: &world, home: &home, person, life: &life, month }, &mut rows);
                assert!(rows.len() == before || person.outline.birth.age_on(calendar::last(month)) >= 15);
            }
        }
        assert!((500..1_100).contains(&rows.len()), "about half of 1,700 people: {}", rows.len());
    }
}
