//! `supported_group`: people whose premium the state or the city pays or supports, a list a commune, made
//! over every year.

use crate::calendar;
use crate::error::CityError;
use crate::errors::Profile;
use crate::life::support::Kind;
use crate::rosters::offices::{self, Offices};
use crate::rosters::{Book, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Until, View};

/// What three kinds of communes call a group.
fn words(kind: Kind) -> [&'static str; 3] {
    match kind {
        Kind::Poor => ["Hộ nghèo", "Người thuộc hộ nghèo", "HN"],
        Kind::NearPoor => ["Hộ cận nghèo", "Người thuộc hộ cận nghèo", "CN"],
        Kind::Ethnic => ["Người dân tộc thiểu số", "Dân tộc thiểu số", "DTTS"],
        Kind::Protected => ["Bảo trợ xã hội", "Người hưởng trợ cấp bảo trợ xã hội hàng tháng", "BTXH"],
        Kind::Farm => [
            "Hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình",
            "Người thuộc hộ gia đình làm nông nghiệp, lâm nghiệp, ngư nghiệp, diêm nghiệp có mức sống trung bình",
            "NLNDN MSTB",
        ],
        Kind::LeftPoverty => ["Hộ mới thoát nghèo", "Người thuộc hộ mới thoát nghèo, thoát cận nghèo", "Thoát cận nghèo"],
        Kind::Disabled => ["Người khuyết tật nhẹ", "Người khuyết tật mức độ nhẹ", "KTN"],
        Kind::Veteran => ["Cựu chiến binh", "Hội viên Hội Cựu chiến binh, câu lạc bộ cựu quân nhân", "CCB"],
        Kind::Merit => ["Người có công", "Người có công với cách mạng", "NCC"],
        Kind::VillageHealth => ["Nhân viên y tế thôn, bản", "Y tế thôn, tổ dân phố", "YTTB"],
        Kind::PartTimer => {
            ["Người hoạt động không chuyên trách ở thôn, tổ dân phố", "Người không chuyên trách thôn, TDP", "KCT thôn, TDP"]
        }
    }
}

/// Name, birth date, id and group as communes head them.
const SPELLINGS: [[&str; 4]; 3] = [
    ["Họ và tên", "Ngày, tháng, năm sinh", "Số CCCD/định danh cá nhân", "Nhóm đối tượng"],
    ["Họ tên", "Ngày sinh", "Số CCCD", "Đối tượng"],
    ["HỌ VÀ TÊN", "NGÀY SINH", "SỐ ĐỊNH DANH", "DIỆN ĐỐI TƯỢNG"],
];

/// The lists of the communes.
pub struct SupportedGroups(Offices);

impl SupportedGroups {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Offices::load("supported_group", 4_000)?)))
    }
}

impl Roster for SupportedGroups {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::CommuneEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let Some(support) = subject.life.support.filter(|s| s.listed) else { return };
        let office = subject.home.place.number as u64;
        if !subject.lives_here() && !subject.dead_but_unknown() {
            return;
        }
        let from = out.len();
        let word = words(support.kind)[self.0.spelling(subject.world, office, 3)];
        let group = support.kind as u64;
        write(self.0.profile(subject.world, office), subject, word, group, out);
        for row in &mut out[from..] {
            (row.book, row.order) = (office, group);
        }
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let place = view.world.places.get(book as usize)?;
        let year = view.month.div_euclid(12);
        let [name, birth, id, group] = SPELLINGS[self.0.spelling(view.world, book, 3)];
        let form = Form {
            title: vec![
                offices::committee(place),
                format!("DANH SÁCH ĐỐI TƯỢNG ĐƯỢC NGÂN SÁCH NHÀ NƯỚC ĐÓNG, HỖ TRỢ ĐÓNG BHYT NĂM {year}"),
                format!(
                    "Kèm theo Quyết định số {} của Ủy ban nhân dân {}",
                    offices::document(self.0.draw(view.world, book), "QĐ-UBND"),
                    place.full_name()
                ),
            ],
            header: vec![
                ("STT", ""),
                (name, ""),
                (birth, ""),
                ("Giới tính", ""),
                (id, ""),
                ("Mã hộ", ""),
                ("Địa chỉ", ""),
                ("Xã/phường", ""),
                (group, ""),
                ("Dân tộc", ""),
                ("Thời gian hưởng", "Từ ngày"),
                ("Thời gian hưởng", "Đến ngày"),
            ],
            footer: vec!["Tổng số: {rows} người".to_owned(), "TM. ỦY BAN NHÂN DÂN".to_owned()],
            sheet: "DS ho tro",
            ..Form::default()
        };
        Some(Book { name: format!("Danh_sach_doi_tuong_ho_tro_BHYT_{year}_{}.xlsx", place.code), form })
    }
}

fn write(profile: &Profile, subject: &Subject, word: &str, group: u64, out: &mut Vec<Row>) {
    let record = subject.record(profile, group);
    let who = subject.identity(profile, record);
    let address = subject.address(profile, record);
    let january = calendar::month(subject.month.div_euclid(12), 1);
    let home = format!("{}.{:05}", subject.home.place.code, subject.home.number - subject.home.place.first + 1);
    let cells = vec![
        who.name.into(),
        who.birth.text().into(),
        who.sex.into(),
        who.id.into(),
        home.into(),
        address.house.into(),
        address.commune.into(),
        word.into(),
        subject.home.ethnic.unwrap_or("Kinh").into(),
        calendar::vietnamese(calendar::first(january)).into(),
        calendar::vietnamese(calendar::last(january + 11)).into(),
    ];
    let row = Row::new(subject.person.number(), cells);
    subject.push(profile, group, row, &[(0, "full_name", ""), (1, "birth_date", NO_SUCH_DAY)], true, out);
}
