//! `pupils`: the list of each school by class; no two schools write it quite alike.

use crate::calendar::{self, MonthIndex};
use crate::errors::date::Birth;
use crate::errors::{Profile, address};
use crate::random::Random;
use crate::rosters::{Cell, Form, NO_SUCH_DAY, Row, Subject};
use crate::schools::{self, Enrolment, School};

/// How one school writes its list.
#[derive(Debug, Clone, Copy)]
pub struct Style {
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

/// The style of a school.
pub fn style(random: &Random, school: &School) -> Style {
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

/// File name of a school in a school year.
pub fn file_name(school: &School, year: i32) -> String {
    format!("Danh_sach_hoc_sinh_{year}-{}_{}.xlsx", year + 1, school.code)
}

/// Title, header and footer of a school's list.
pub fn form(school: &School, style: Style, month: MonthIndex) -> Form {
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
pub fn write(profile: &Profile, subject: &Subject, enrolment: &Enrolment, style: Style, out: &mut Vec<Row>) {
    let school = &subject.home.place.schools[enrolment.school];
    let record = subject.record(profile, enrolment.school as u64);
    let who = subject.identity(profile, record);
    let address = address::write(subject.world, profile, subject.house(), record, subject.home.place);
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
    let row = Row { cells, person: subject.person.number(), broken: None };
    subject.push(profile, enrolment.school as u64, row, &[(2, "full_name", ""), (3, "birth_date", NO_SUCH_DAY)], true, out);
}
