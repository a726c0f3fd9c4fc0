//! What employers do: words of their names with the industry codes that go with them.
//!
//! Industries follow the classification in force when the register was written: until 14/11/2025 the
//! edition of 2018 with its four-digit classes, from 15/11/2025 the edition of 2025. Of the new edition only
//! the sections are known here, so rows of that time bear the section's letter and name.

use base::Date;

use crate::employers::Kind;
use crate::random::Random;

/// A line of business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trade {
    /// Words in a name.
    pub words: &'static str,
    /// The same as offices shorten it.
    pub short: &'static str,
    /// Class of the 2018 edition.
    pub class: &'static str,
    /// Its name.
    pub class_name: &'static str,
    /// Section of the 2025 edition.
    pub section: &'static str,
    /// Its name.
    pub section_name: &'static str,
}

macro_rules! trades {
    ($(($words:literal, $short:literal, $class:literal, $name:literal, $section:literal, $section_name:literal)),* $(,)?) => {
        [$(Trade { words: $words, short: $short, class: $class, class_name: $name, section: $section, section_name: $section_name }),*]
    };
}

/// Trades of companies.
const COMPANIES: [Trade; 16] = trades![
    ("Thương mại và Dịch vụ", "TM & DV", "4690", "Bán buôn tổng hợp", "G", "Bán buôn và bán lẻ"),
    ("Xây dựng", "XD", "4101", "Xây dựng nhà để ở", "F", "Xây dựng"),
    ("Sản xuất Bao bì", "SX Bao bì", "1702", "Sản xuất bao bì từ giấy và bìa", "C", "Công nghiệp chế biến, chế tạo"),
    ("May mặc", "May", "1410", "May trang phục", "C", "Công nghiệp chế biến, chế tạo"),
    ("Vận tải", "VT", "4933", "Vận tải hàng hóa bằng đường bộ", "H", "Vận tải, kho bãi"),
    ("Công nghệ", "CN", "6201", "Lập trình máy vi tính", "K", "Viễn thông; lập trình máy tính, tư vấn"),
    ("Thực phẩm", "TP", "1079", "Sản xuất thực phẩm khác", "C", "Công nghiệp chế biến, chế tạo"),
    ("Cơ khí", "CK", "2592", "Gia công cơ khí", "C", "Công nghiệp chế biến, chế tạo"),
    ("Nội thất", "NT", "3100", "Sản xuất giường, tủ, bàn, ghế", "C", "Công nghiệp chế biến, chế tạo"),
    ("Dược phẩm", "Dược", "2100", "Sản xuất thuốc, hóa dược và dược liệu", "C", "Công nghiệp chế biến, chế tạo"),
    ("Giáo dục", "GD", "8559", "Giáo dục khác", "Q", "Giáo dục và đào tạo"),
    ("Đầu tư và Phát triển", "ĐT & PT", "6810", "Kinh doanh bất động sản", "M", "Hoạt động kinh doanh bất động sản"),
    ("Du lịch", "DL", "7911", "Đại lý du lịch", "O", "Hoạt động hành chính và dịch vụ hỗ trợ"),
    ("Quảng cáo", "QC", "7310", "Quảng cáo", "N", "Hoạt động chuyên môn, khoa học và công nghệ"),
    ("Dịch vụ Bảo vệ", "DV BV", "8010", "Hoạt động bảo vệ", "O", "Hoạt động hành chính và dịch vụ hỗ trợ"),
    ("Nhà hàng", "NH", "5610", "Nhà hàng và dịch vụ ăn uống", "I", "Dịch vụ lưu trú và ăn uống"),
];

/// Trades that hire by the season.
const SEASONAL: [Trade; 3] = trades![
    ("Nông sản", "NS", "0118", "Trồng rau, đậu và hoa", "A", "Nông nghiệp, lâm nghiệp và thủy sản"),
    ("Du lịch", "DL", "7911", "Đại lý du lịch", "O", "Hoạt động hành chính và dịch vụ hỗ trợ"),
    ("Bánh kẹo", "BK", "1071", "Sản xuất các loại bánh từ bột", "C", "Công nghiệp chế biến, chế tạo"),
];

/// Public units; their words are their whole kind.
const PUBLIC: [Trade; 4] = trades![
    ("Trường Mầm non", "MN", "8511", "Giáo dục nhà trẻ", "Q", "Giáo dục và đào tạo"),
    ("Trường Tiểu học", "TH", "8521", "Giáo dục tiểu học", "Q", "Giáo dục và đào tạo"),
    ("Trung tâm Y tế", "TTYT", "8620", "Hoạt động của các phòng khám", "R", "Hoạt động y tế và trợ giúp xã hội"),
    ("Trung tâm Văn hóa", "TTVH", "9000", "Hoạt động sáng tác, nghệ thuật và giải trí", "S", "Nghệ thuật, thể thao và giải trí"),
];

/// Trades of household businesses.
const HOUSEHOLDS: [Trade; 5] = trades![
    ("Tạp hóa", "TH", "4711", "Bán lẻ trong các cửa hàng tổng hợp", "G", "Bán buôn và bán lẻ"),
    ("Quán ăn", "QA", "5610", "Nhà hàng và dịch vụ ăn uống", "I", "Dịch vụ lưu trú và ăn uống"),
    ("Cắt tóc", "CT", "9631", "Cắt tóc, gội đầu", "T", "Hoạt động dịch vụ khác"),
    ("Sửa chữa xe máy", "SCXM", "4542", "Sửa chữa mô tô, xe máy", "G", "Bán buôn và bán lẻ"),
    ("May đo", "May", "1410", "May trang phục", "C", "Công nghiệp chế biến, chế tạo"),
];

/// The first day on which the edition of 2025 is written.
fn new_edition(day: Date) -> bool {
    (day.year(), day.month_number(), day.day()) >= (2025, 11, 15)
}

/// The trade of an employer.
pub fn of(random: &Random, employer: u64, kind: Kind, seasonal: bool) -> Trade {
    let list: &[Trade] = match kind {
        Kind::Public => &PUBLIC,
        Kind::Household => &HOUSEHOLDS,
        _ if seasonal => &SEASONAL,
        _ => &COMPANIES,
    };
    list[random.draw("trade", employer).below(list.len() as u64) as usize]
}

impl Trade {
    /// Code and name as written on a day.
    pub fn written(&self, on: Date) -> (&'static str, &'static str) {
        if new_edition(on) { (self.section, self.section_name) } else { (self.class, self.class_name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edition_changes_on_15_november_2025() {
        let software = COMPANIES[5];
        assert_eq!(software.written("2025-11-14".parse().unwrap()).0, "6201");
        assert_eq!(software.written("2025-11-15".parse().unwrap()).0, "K");
    }
}
