//! `business`: the business register as the finance department hands it over, the full list each month.

use crate::calendar;
use crate::employers::names::{self, Form as LegalForm, Hand};
use crate::employers::standing::{Standing, State};
use crate::employers::{Kind, Part, managers};
use crate::error::CityError;
use crate::errors::id::Numbers;
use crate::errors::{self, Care, Pattern, Profile};
use crate::random::Draw;
use crate::rosters::office::{self, Office};
use crate::rosters::{Cell, EmployerSubject, Files, Form, Roster, Row, View};
use crate::world::World;

/// The register: names in capitals as on the certificate, old wards in old addresses.
const HAND: Hand = Hand { capitals: 92_000, short: 3_000, bare: 300, stale: 1_000, slip: 200 };
/// Firms among 100,000 of before that have told their industry anew in the edition of 2025.
const RECODED: u32 = 6_000;
/// Firms not found at their address that the register, among 100,000, still calls active.
const NOT_TOLD: u32 = 40_000;

/// The business register.
pub struct Business(Office);

impl Business {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        let profile = Profile::new("business", Care::Typical, 0)?.with(Pattern::Transposed, 0).with(Pattern::ZeroLost, 1_500);
        Ok(Box::new(Self(Office { profile, hand: HAND })))
    }
}

impl Roster for Business {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Parts { stem: format!("Danh_sach_doanh_nghiep_dang_ky_{}", view.period()), form: form(view) })
    }

    fn employer(&self, subject: &EmployerSubject, out: &mut Vec<Row>) {
        let (world, employer) = (subject.view.world, subject.employer);
        let standing = world.employers.standing(employer);
        let state = standing.state(subject.view.month);
        if world.employers.kind(employer) == Kind::Public || state == State::NotYet {
            return;
        }
        let record = self.0.record(world, employer);
        let (address, name) = (self.0.address(world, employer), names::of(world, employer));
        let recoded = record.of("recoded").chance(RECODED);
        let today = calendar::last(subject.view.month);
        let (industry, industry_name) = name.trade.written(if recoded { today } else { standing.founded });
        let rest = standing.suspended.filter(|(from, _)| *from <= subject.view.month);
        let rest_end = rest.map(|(from, to)| told_end(from, to, subject.view.month));
        let [manager, number, born] = self.manager(world, employer, record);
        let cells = vec![
            self.0.tax_code(world, employer),
            self.0.write_name(world, employer, &name).into(),
            form_words(world.employers.kind(employer), name.form).into(),
            address.house.into(),
            address.commune.into(),
            Cell::Date(standing.founded),
            industry.into(),
            industry_name.into(),
            manager,
            number,
            born,
            status(state, record).into(),
            rest.map_or(Cell::Empty, |(from, _)| Cell::Date(calendar::first(from))),
            rest_end.map_or(Cell::Empty, |to| Cell::Date(calendar::last(to))),
            dissolved(&standing, subject).map_or(Cell::Empty, Cell::Date),
        ];
        self.0.push(subject, cells, 1, Some(5), out);
    }
}

impl Business {
    /// Name, number and birth date of the representative; of many the extract has the name alone.
    fn manager(&self, world: &World, employer: u64, record: Draw) -> [Cell; 3] {
        let Some(home) = managers::home(world, employer) else {
            return [office::representative(world, employer).into(), Cell::Empty, Cell::Empty];
        };
        let (head, record) = (&home.members[0], record.of("manager"));
        let name = errors::name::write(&self.0.profile, record, &head.name);
        let numbers = Numbers { own: head.id, old: None, family: None };
        let id = match &head.passport {
            Some(passport) => Cell::from(passport.as_str()),
            None => errors::id::write(&self.0.profile, record, &numbers).into(),
        };
        [name.into(), id, errors::date::write(&self.0.profile, record, head.outline.birth).text().into()]
    }
}

/// A rest is told for a year at most and then told again.
fn told_end(from: i32, to: i32, month: i32) -> i32 {
    (from + (month - from) / 12 * 12 + 11).min(to)
}

fn dissolved(standing: &Standing, subject: &EmployerSubject) -> Option<base::Date> {
    // Firms that stopped long ago are wound up by nobody.
    let idle = subject.view.world.employers.part(subject.employer) == Some(Part::Idle);
    standing.dissolved.map(|(_, day)| day).filter(|day| !idle && calendar::of(*day) <= subject.view.month)
}

fn status(state: State, record: Draw) -> &'static str {
    match state {
        State::Gone if record.of("not told").chance(NOT_TOLD) => "Đang hoạt động",
        State::NotYet | State::Active => "Đang hoạt động",
        State::Suspended => "Tạm ngừng kinh doanh",
        State::Gone => "Không còn hoạt động kinh doanh tại địa chỉ đã đăng ký",
        State::Closing => "Đang làm thủ tục giải thể",
        State::Dissolved => "Đã giải thể",
    }
}

fn form_words(kind: Kind, form: LegalForm) -> &'static str {
    match (kind, form) {
        (Kind::Branch, _) => "Chi nhánh",
        (Kind::Foreign, LegalForm::Stock) => "Công ty cổ phần có vốn đầu tư nước ngoài",
        (Kind::Foreign, _) => "Công ty TNHH có vốn đầu tư nước ngoài",
        (_, LegalForm::Limited) => "Công ty trách nhiệm hữu hạn hai thành viên trở lên",
        (_, LegalForm::OneMember) => "Công ty trách nhiệm hữu hạn một thành viên",
        (_, LegalForm::Stock) => "Công ty cổ phần",
        (_, LegalForm::Private) => "Doanh nghiệp tư nhân",
        (_, LegalForm::Cooperative) => "Hợp tác xã",
        (_, LegalForm::Household | LegalForm::None) => "",
    }
}

fn form(view: &View) -> Form {
    Form {
        title: vec![
            "SỞ TÀI CHÍNH THÀNH PHỐ HÀ NỘI".to_owned(),
            "PHÒNG ĐĂNG KÝ KINH DOANH".to_owned(),
            "DANH SÁCH DOANH NGHIỆP, ĐƠN VỊ PHỤ THUỘC ĐÃ ĐĂNG KÝ".to_owned(),
            format!("Đến hết ngày {}", calendar::vietnamese(calendar::last(view.month))),
        ],
        header: vec![
            ("STT", ""),
            ("Mã số doanh nghiệp", ""),
            ("Tên doanh nghiệp", ""),
            ("Loại hình doanh nghiệp", ""),
            ("Địa chỉ trụ sở chính", ""),
            ("Xã/phường", ""),
            ("Ngày cấp đăng ký lần đầu", ""),
            ("Ngành, nghề kinh doanh chính", "Mã ngành"),
            ("Ngành, nghề kinh doanh chính", "Tên ngành"),
            ("Người đại diện theo pháp luật", "Họ và tên"),
            ("Người đại diện theo pháp luật", "Số giấy tờ pháp lý"),
            ("Người đại diện theo pháp luật", "Ngày sinh"),
            ("Tình trạng hoạt động", ""),
            ("Tạm ngừng kinh doanh", "Từ ngày"),
            ("Tạm ngừng kinh doanh", "Đến ngày"),
            ("Ngày giải thể", ""),
        ],
        totals: Vec::new(),
        footer: vec!["Tổng số: {rows} doanh nghiệp".to_owned(), "Người lập biểu".to_owned()],
        sheet: "DSDN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_rest_is_told_year_by_year() {
        let month = |year, number| calendar::month(year, number);
        assert_eq!(told_end(month(2023, 5), month(2032, 12), month(2026, 10)), month(2027, 4));
        assert_eq!(told_end(month(2026, 5), month(2026, 9), month(2026, 10)), month(2026, 9));
    }
}
