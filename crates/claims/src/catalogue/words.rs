//! What the words of catalogues mean.

use base::names::{clean, fold};

/// Points of a facility (tổng điểm) in thousandths below which a basic facility is `basic_low`, and from which it is no longer `basic_mid`.
const LOW: i64 = 50_000;
const HIGH: i64 = 70_000;

/// A code of a facility as claims write it: five characters. Workbooks lose the zero at the beginning of those of Hà Nội.
pub(super) fn facility(text: &str) -> String {
    let is_short = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    if is_short { format!("0{text}") } else { text.to_ascii_uppercase() }
}

/// The law's word for the level of a facility (Luật Bảo hiểm y tế, Điều 22, khoản 4): the word itself, or the level as written with points (thousandths) and
/// the route before 2025. What these do not settle is not guessed: the share of who comes by himself is then not checked.
pub(super) fn level(written: Option<&str>, points: Option<i64>, route: Option<&str>) -> Option<&'static str> {
    const WORDS: [&str; 6] = ["primary", "basic_low", "basic_mid", "basic_former_province", "special_former_province", "special"];
    let written = fold(&clean(written?));
    if let Some(word) = WORDS.into_iter().find(|word| *word == written) {
        return Some(word);
    }
    let route = route.map(|route| fold(&clean(route)));
    let province = route.as_deref().map(|r| r == "2" || r.contains("tinh"));
    let central = route.as_deref().map(|r| r == "1" || r.contains("trung uong"));
    let district = route.as_deref().is_some_and(|r| r == "3" || r == "4" || r.contains("huyen") || r.contains("xa"));
    if written.contains("ban dau") {
        Some("primary")
    } else if written.contains("co ban") {
        let upper = province == Some(true) || central == Some(true);
        match points {
            _ if district => Some("basic_low"),
            // Both might be meant: fewer points than a basic facility should have, and formerly of the province.
            Some(points) if upper && points < LOW => None,
            _ if upper => Some("basic_former_province"),
            Some(points) if points < LOW => Some("basic_low"),
            Some(points) if points < HIGH => Some("basic_mid"),
            _ => None,
        }
    } else if written.contains("chuyen sau") {
        match (province?, central?) {
            (true, false) => Some("special_former_province"),
            (false, true) => Some("special"),
            _ => None,
        }
    } else {
        None
    }
}

/// Whether a name is that of a commune's health station (trạm y tế xã, phường, thị trấn, đặc khu). Stations of workplaces and schools are none.
pub(super) fn is_station(name: &str) -> bool {
    const OTHERS: [&str; 10] = [
        "cong ty",
        "truong",
        "dai hoc",
        "hoc vien",
        "nha may",
        "xi nghiep",
        "co quan",
        "tap doan",
        "khu cong nghiep",
        "benh vien",
    ];
    let name = fold(&clean(name)).replace(['.', ','], " ");
    let starts = ["tram y te", "diem tram y te", "tyt "].iter().any(|start| name.starts_with(start));
    starts && !OTHERS.iter().any(|other| name.contains(other))
}

/// The sex a service is for.
pub(super) fn sex(written: Option<&str>) -> Option<&'static str> {
    match fold(&clean(written?)).as_str() {
        "nam" | "male" | "1" => Some("male"),
        "nu" | "female" | "2" => Some("female"),
        _ => None,
    }
}

/// Whether a mark says yes: any does, but for those by which programs write no.
pub(super) fn marked(written: Option<&str>) -> bool {
    written.is_some_and(|mark| !matches!(fold(&clean(mark)).as_str(), "" | "0" | "khong" | "no" | "false" | "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_told_or_left_open() {
        let cases = [
            (("basic_mid", None, None), Some("basic_mid")),
            (("Cấp ban đầu", None, Some("Xã")), Some("primary")),
            (("Cơ bản", Some(49_500), None), Some("basic_low")),
            (("Cơ bản", Some(62_000), None), Some("basic_mid")),
            (("Cơ bản", Some(62_000), Some("Huyện")), Some("basic_low")),
            (("Cấp cơ bản", None, Some("Tỉnh")), Some("basic_former_province")),
            (("Cơ bản", Some(40_000), Some("Tỉnh")), None),
            (("Cơ bản", Some(80_000), None), None),
            (("Cơ bản", None, None), None),
            (("Chuyên sâu", None, Some("Tỉnh")), Some("special_former_province")),
            (("Chuyên sâu", None, Some("Trung ương")), Some("special")),
            (("Chuyên sâu", None, None), None),
            (("Hạng I", None, Some("Tỉnh")), None),
        ];
        for ((written, points, route), wanted) in cases {
            assert_eq!(level(Some(written), points, route), wanted, "{written} {points:?} {route:?}");
        }
        assert_eq!(level(None, Some(10_000), Some("Huyện")), None);
    }

    #[test]
    fn stations_of_communes_are_told_by_their_name() {
        for name in ["Trạm Y tế phường Ba Đình", "TRẠM Y TẾ XÃ SÓC SƠN", "Điểm trạm y tế Phú Diễn", "TYT xã Ứng Hòa"]
        {
            assert!(is_station(name), "{name}");
        }
        for name in ["Trung tâm Y tế Đống Đa", "Trạm y tế Công ty May 10", "Trạm Y tế Đại học Bách khoa", "Phòng khám Trạm Trôi"]
        {
            assert!(!is_station(name), "{name}");
        }
    }

    #[test]
    fn codes_marks_and_sexes() {
        assert_eq!((facility("1999"), facility("01999"), facility("01K99")), ("01999".into(), "01999".into(), "01K99".into()));
        assert!(marked(Some("x")) && marked(Some("1")) && !marked(Some("0")) && !marked(Some("Không")) && !marked(None));
        assert_eq!(
            (sex(Some("Nữ")), sex(Some("NAM")), sex(Some("cả hai")), sex(None)),
            (Some("female"), Some("male"), None, None)
        );
    }
}
