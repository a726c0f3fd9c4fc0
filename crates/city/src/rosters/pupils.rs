//! `pupils`: the list of each school by class; no two schools write it quite alike.

use crate::calendar::{self, MonthIndex};
use crate::error::CityError;
use crate::errors::date::Birth;
use crate::errors::{Care, Profile};
use crate::random::Random;
use crate::rosters::{Book, Cell, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Until, View};
use crate::schools::{self, Enrolment, School};

/// How one school writes its list.
#[derive(Debug, Clone, Copy)]
struct Style {
    /// Which of the header spellings.
    spelling: usize,
    /// Birth dates as real dates, as text, or both.
    dates: u64,
    /// Names in capitals.
    capitals: bool,
    /// A column with the school's code.
    code: bool,
    /// The number of pupils above the table, not below.
    declared_above: bool,
}

/// Words for class, id, name, birth date, sex, address; two-line parents for the middle ones.
const SPELLINGS: [[&str; 7]; 4] = [
    ["Lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "Giới tính", "Địa chỉ", "Thông tin học sinh"],
    ["Lớp học", "Số ĐDCN", "Họ tên học sinh", "Ngày, tháng, năm sinh", "Nam/Nữ", "Chỗ ở hiện nay", "Học sinh"],
    [
        "Tên lớp",
        "Mã định danh Bộ GD&ĐT/CCCD",
        "Họ và tên học sinh",
        "Ngày tháng năm sinh",
        "Giới tính",
        "Nơi thường trú",
        "Lý lịch",
    ],
    ["Lớp", "Số CCCD/Mã định danh", "HỌ VÀ TÊN", "NGÀY SINH", "GIỚI TÍNH", "ĐỊA CHỈ THƯỜNG TRÚ", "THÔNG TIN CÁ NHÂN"],
];

/// The lists of all schools.
pub struct Pupils(Profile);

impl Pupils {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Profile::new("pupils", Care::Typical, 4_000)?)))
    }
}

/// Schools of one commune at most, for numbering books over the city.
const SCHOOLS: u64 = 1_000;

impl Roster for Pupils {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::CommuneEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let Some(enrolment) = &subject.life.enrolment else { return };
        let from = out.len();
        let school = &subject.home.place.schools[enrolment.school];
        write(&self.0, subject, enrolment, style(&subject.world.random, school), out);
        for row in &mut out[from..] {
            row.book = subject.home.place.number as u64 * SCHOOLS + enrolment.school as u64;
            row.order = enrolment.grade as u64 * 100 + u64::from(enrolment.section);
        }
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let school = view.world.places.get((book / SCHOOLS) as usize)?.schools.get((book % SCHOOLS) as usize)?;
        let year = calendar::school_year(view.month);
        let name = format!("Danh_sach_hoc_sinh_{year}-{}_{}.xlsx", year + 1, school.code);
        Some(Book { name, form: form(school, style(&view.world.random, school), view.month) })
    }
}

/// The style of a school.
fn style(random: &Random, school: &School) -> Style {
    let code = school.code.bytes().fold(0, |n, b| n * 10 + u64::from(b - b'0'));
    let draw = random.draw("school style", code);
    Style {
        spelling: draw.of("spelling").below(4) as usize,
        dates: draw.of("dates").below(3),
        capitals: draw.of("capitals").chance(10_000),
        code: draw.of("code").chance(50_000),
        declared_above: draw.of("declared").chance(40_000),
    }
}

/// Title, header and footer of a school's list.
fn form(school: &School, style: Style, month: MonthIndex) -> Form {
    let year = calendar::school_year(month);
    let [class, id, name, birth, sex, address, parent] = SPELLINGS[style.spelling];
    let mut header = vec![("STT", ""), (class, ""), (parent, id), (parent, name), (parent, birth), (parent, sex), (address, "")];
    let mut title = vec!["SỞ GIÁO DỤC VÀ ĐÀO TẠO HÀ NỘI".to_owned(), format!("Trường: {}", school.name)];
    title.push(format!("DANH SÁCH HỌC SINH - Năm học {year}-{}", year + 1));
    if style.code {
        header.push(("Mã trường", ""));
    } else {
        title.push(format!("Mã trường: {}", school.code));
    }
    let declared = "Tổng số: {rows} học sinh".to_owned();
    let mut footer = vec!["Người lập biểu".to_owned(), "Hiệu trưởng".to_owned()];
    if style.declared_above {
        title.push(declared)
    } else {
        footer.insert(0, declared)
    }
    Form { title, header, totals: Vec::new(), footer, sheet: "DSHS" }
}

/// The row of a pupil.
fn write(profile: &Profile, subject: &Subject, enrolment: &Enrolment, style: Style, out: &mut Vec<Row>) {
    let school = &subject.home.place.schools[enrolment.school];
    let record = subject.record(profile, enrolment.school as u64);
    let who = subject.identity(profile, record);
    let address = subject.address(profile, record);
    let real_date = match style.dates {
        0 => true,
        1 => false,
        _ => record.of("real date").chance(80_000),
    };
    let birth = match who.birth {
        Birth::Day(date) if real_date => Cell::Date(date),
        other => other.text().into(),
    };
    let mut cells = vec![
        schools::class(enrolment).into(),
        who.id.into(),
        if style.capitals { who.name.to_uppercase() } else { who.name }.into(),
        birth,
        who.sex.into(),
        format!("{}, {}", address.house, address.commune).into(),
    ];
    if style.code {
        cells.push(school.code.as_str().into());
    }
    let row = Row::new(subject.person.number(), cells);
    subject.push(profile, enrolment.school as u64, row, &[(2, "full_name", ""), (3, "birth_date", NO_SUCH_DAY)], true, out);
}
