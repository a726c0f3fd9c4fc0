//! `taxpayer`: the tax office's lists of taxpayers: organisations with their status, and household
//! businesses with their tax method and their owner's number.

use crate::businesses::{self, Business, Method};
use crate::calendar;
use crate::employers::names::Hand;
use crate::employers::standing::{Standing, State};
use crate::error::CityError;
use crate::errors::{Care, Pattern, Profile};
use crate::households::Role;
use crate::rosters::office::{self, Office};
use crate::rosters::{Cell, EmployerSubject, Encoding, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Text, View};

/// Names as told at registration, in capitals or not.
const HAND: Hand = Hand { capitals: 60_000, short: 15_000, bare: 1_500, stale: 8_000, slip: 300 };
/// Household businesses among 100,000 that still stand under the old ten digits.
const OLD_CODE: u32 = 25_000;

const COLUMNS: [&str; 9] = [
    "STT",
    "Mã số thuế",
    "Tên người nộp thuế",
    "Địa chỉ trụ sở",
    "Xã/phường",
    "Ngày cấp mã số thuế",
    "Trạng thái mã số thuế",
    "Ngày cập nhật trạng thái",
    "Cơ quan thuế quản lý",
];

/// Organisations.
pub struct Taxpayers(Office);

impl Taxpayers {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        let profile = office::checked(Profile::new("taxpayer", Care::Typical, 0)?).with(Pattern::ZeroLost, 4_000);
        Ok(Box::new(Self(Office { profile, hand: HAND })))
    }
}

impl Roster for Taxpayers {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Text(Text {
            name: format!("Danh_sach_NNT_to_chuc_{}.csv", view.period()),
            title: Vec::new(),
            header: COLUMNS.map(str::to_owned).to_vec(),
            separator: ';',
            encoding: Encoding::Utf8Mark,
            footer: Vec::new(),
        }))
    }

    fn employer(&self, subject: &EmployerSubject, out: &mut Vec<Row>) {
        let (world, employer) = (subject.view.world, subject.employer);
        let standing = world.employers.standing(employer);
        let state = standing.state(subject.view.month);
        if state == State::NotYet {
            return;
        }
        let address = self.0.address(world, employer);
        let cells = vec![
            self.0.tax_code(world, employer),
            self.0.name(world, employer).into(),
            address.house.into(),
            address.commune.into(),
            Cell::Date(standing.founded),
            office::tax_status(state).into(),
            Cell::Date(since(&standing, state)),
            office::tax_office(office::place(world, employer)).into(),
        ];
        self.0.push(subject, cells, 1, Some(4), out);
    }
}

/// The day since which a state has lasted.
fn since(standing: &Standing, state: State) -> base::Date {
    let day = match state {
        State::NotYet | State::Active => None,
        State::Suspended => standing.suspended.map(|(from, _)| calendar::first(from)),
        State::Gone => standing.gone.map(calendar::last),
        State::Closing => standing.dissolved.map(|(last, _)| calendar::first(last + 1)),
        State::Dissolved => standing.dissolved.map(|(_, day)| day),
    };
    day.unwrap_or(standing.founded)
}

/// Household businesses.
pub struct Households {
    office: Office,
    /// How the owner is written.
    owner: Profile,
}

impl Households {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        let profile = Profile::new("taxpayer_household", Care::Typical, 0)?;
        let owner = Profile::new("taxpayer_owner", Care::Typical, 1_000)?.with(Pattern::OldId, 4_000);
        Ok(Box::new(Self { office: Office { profile, hand: HAND }, owner }))
    }

    fn row(&self, subject: &Subject, business: &Business, out: &mut Vec<Row>) {
        let world = subject.world;
        let record = self.office.record(world, business.employer);
        let who = subject.identity(&self.owner, subject.record(&self.owner, 0));
        let place = subject.address(&self.office.profile, record.of("address"));
        let old = record.of("old code").chance(OLD_CODE);
        let code = if old { business.old_tax_code(&world.random) } else { subject.person.id.to_string() };
        let state = business.state(subject.month);
        let edition = if state == State::Active { calendar::last(subject.month) } else { business.founded };
        let cells = vec![
            code.into(),
            self.office.write_name(world, business.employer, &business.name(world, subject.person)).into(),
            who.name.into(),
            who.id.into(),
            place.house.into(),
            place.commune.into(),
            business.trade.written(if record.of("recoded").chance(20_000) { edition } else { business.founded }).1.into(),
            method(business.method(subject.month)).into(),
            Cell::Date(business.founded),
            office::tax_status(state).into(),
            office::tax_office(subject.home.place).into(),
        ];
        let breakable = [(2, "owner_name", ""), (8, "founded", NO_SUCH_DAY)];
        subject.push(&self.owner, 0, Row::new(business.employer as i64 + 1, cells), &breakable, true, out);
    }
}

impl Roster for Households {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Parts { stem: format!("Danh_sach_ho_kinh_doanh_{}", view.period()), form: form(view) })
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        if subject.person.outline.role != Role::Head {
            return;
        }
        let business = businesses::of(subject.world, subject.home);
        if let Some(business) = business.filter(|b| b.state(subject.month) != State::NotYet) {
            self.row(subject, &business, out);
        }
    }
}

fn method(method: Method) -> &'static str {
    match method {
        Method::LumpSum => "Khoán",
        Method::Declares => "Kê khai",
        Method::BelowThreshold => "Không phải nộp (doanh thu dưới ngưỡng)",
    }
}

fn form(view: &View) -> Form {
    Form {
        title: vec![
            "THUẾ THÀNH PHỐ HÀ NỘI".to_owned(),
            "DANH SÁCH HỘ KINH DOANH, CÁ NHÂN KINH DOANH".to_owned(),
            format!("Đến hết tháng {}", calendar::vietnamese_month(view.month)),
        ],
        header: vec![
            ("STT", ""),
            ("Mã số thuế", ""),
            ("Tên hộ kinh doanh", ""),
            ("Chủ hộ kinh doanh", "Họ và tên"),
            ("Chủ hộ kinh doanh", "Số định danh cá nhân"),
            ("Địa điểm kinh doanh", "Địa chỉ"),
            ("Địa điểm kinh doanh", "Xã/phường"),
            ("Ngành nghề", ""),
            ("Phương pháp tính thuế", ""),
            ("Ngày bắt đầu kinh doanh", ""),
            ("Trạng thái", ""),
            ("Cơ quan thuế quản lý", ""),
        ],
        totals: Vec::new(),
        footer: vec!["Người lập biểu".to_owned()],
        sheet: "HKD",
    }
}
