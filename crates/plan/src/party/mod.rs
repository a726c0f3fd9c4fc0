//! Who is named as lead or partner (cơ quan chủ trì, phối hợp): a list of agencies taken apart, and what kind each is.

mod kind;

use base::names::{clean, fold};
use serde::Serialize;

pub use kind::KINDS;
use kind::{code, kind};

/// An agency as a plan names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// As written.
    pub name: String,
    /// The same for all spellings and all provinces: `so-y-te`, `bhxh`, `ubnd-cap-xa`.
    pub code: String,
    /// The stable word of the desk's kind of unit, where the name leaves no doubt.
    pub kind: Option<&'static str>,
    /// Whether many are meant at once ("các sở, ngành").
    pub many: bool,
}

/// First words of the names of agencies, without marks.
const HEADS: [&str; 62] = [
    "so",
    "ban",
    "bo",
    "ubnd",
    "uy ban",
    "hdnd",
    "hoi dong",
    "bhxh",
    "bao hiem",
    "cong an",
    "thue",
    "cuc",
    "chi cuc",
    "tong cuc",
    "thong ke",
    "kho bac",
    "buu dien",
    "ngan hang",
    "thanh tra",
    "van phong",
    "trung tam",
    "vien",
    "truong",
    "benh vien",
    "dai",
    "bao",
    "co quan",
    "cong ty",
    "tong cong ty",
    "tap doan",
    "lien doan",
    "lien minh",
    "lien hiep",
    "hiep hoi",
    "hoi",
    "doan",
    "mat tran",
    "mttq",
    "ubmttq",
    "to chuc",
    "phong",
    "toa an",
    "bo chi huy",
    "bo tu lenh",
    "quy",
    "tram",
    "dang uy",
    "tinh uy",
    "thanh uy",
    "to cong tac",
    "cac",
    "nhung",
    "mot so",
    "don vi",
    "doanh nghiep",
    "chu tich",
    "uy vien",
    "chinh quyen",
    "vnpt",
    "viettel",
    "nguoi",
    "hiep",
];

/// Words that go on a list of the same kind: "các sở, ban, ngành"; "UBND các xã, phường".
const GENERIC: [&str; 18] = [
    "so", "ban", "nganh", "xa", "phuong", "dac", "khu", "thi", "tran", "huyen", "quan", "thanh", "pho", "doan", "the", "dia",
    "cap", "hoi",
];

/// Takes a list of agencies apart. `place` is the name of the province or city, where the document says it: it is no part of a code.
pub fn parties(text: &str, place: Option<&str>) -> Vec<Party> {
    let mut names: Vec<String> = Vec::new();
    for (glue, piece) in pieces(&clean(&text.replace('\n', "; "))) {
        let piece = piece.trim().trim_end_matches(['.', ';', ',', ' ']).trim_start_matches(['-', '+', '•', '–', ' ']).to_owned();
        if piece.is_empty() {
            continue;
        }
        match names.last_mut() {
            Some(last) if glue != ";" && !begins(&piece) => {
                last.push_str(glue);
                last.push_str(&piece);
            }
            _ => names.push(piece),
        }
    }
    let mut found: Vec<Party> = Vec::new();
    for name in names {
        let party = party(&name, place);
        if !found.contains(&party) {
            found.push(party);
        }
    }
    found
}

/// One agency.
pub fn party(name: &str, place: Option<&str>) -> Party {
    let name = clean(name.trim_end_matches(['.', ';', ',', ' ']));
    let words = plain(&name);
    let bare = without_place(&words, place);
    let kind = kind(&words);
    Party { code: code(&bare, kind), many: is_many(&words), kind, name }
}

/// Cuts at commas, semicolons and "và", not within brackets; with what stood before each piece.
fn pieces(text: &str) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = vec![(";", String::new())];
    let mut depth = 0u32;
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match c {
            ',' if depth == 0 => found.push((", ", String::new())),
            ';' if depth == 0 => found.push((";", String::new())),
            _ => {
                if let Some((_, piece)) = found.last_mut() {
                    piece.push(c);
                }
            }
        }
    }
    found.into_iter().flat_map(|(glue, piece)| at_and(glue, &piece)).collect()
}

/// "Sở Y tế và Công an tỉnh" are two; "Sở Giáo dục và Đào tạo" is one, and so is an office that serves two bodies.
fn at_and(glue: &'static str, piece: &str) -> Vec<(&'static str, String)> {
    let serves = plain(piece).starts_with("van phong");
    let mut found = vec![(glue, String::new())];
    for (at, part) in piece.split(" và ").enumerate() {
        let apart = at > 0 && begins(part) && !serves && piece.matches('(').count() == piece.matches(')').count();
        match found.last_mut() {
            Some((_, last)) if !apart => {
                if at > 0 {
                    last.push_str(" và ");
                }
                last.push_str(part);
            }
            _ => found.push((" và ", part.to_owned())),
        }
    }
    found
}

/// Whether a piece begins the name of an agency, rather than going on with the one before.
fn begins(piece: &str) -> bool {
    let words = plain(piece);
    if words.split(' ').all(|word| GENERIC.contains(&word)) {
        return false;
    }
    let capital = piece.trim_start().starts_with(char::is_uppercase);
    let head = HEADS.iter().any(|head| words.strip_prefix(head).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
    let lower_heads = [
        "cac ",
        "nhung ",
        "mot so ",
        "don vi ",
        "so ",
        "cong an ",
        "thue ",
        "to chuc ",
        "doanh nghiep",
        "co quan ",
        "chinh quyen ",
    ];
    head && (capital || lower_heads.iter().any(|head| words.starts_with(head)))
}

/// Without marks and signs, abbreviations as agencies use them.
fn plain(name: &str) -> String {
    let folded = fold(&clean(name));
    let mut words: Vec<String> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    // "UBND" and "Ủy ban nhân dân" are one, and so on.
    for (long, short) in [
        ("uy ban nhan dan", "ubnd"),
        ("bao hiem xa hoi", "bhxh"),
        ("hoi dong nhan dan", "hdnd"),
        ("uy ban mat tran to quoc viet nam", "mttq"),
        ("uy ban mat tran to quoc", "mttq"),
        ("ubmttq viet nam", "mttq"),
        ("ub mttq viet nam", "mttq"),
        ("ubmttq", "mttq"),
        ("ub mttq", "mttq"),
        ("mat tran to quoc viet nam", "mttq"),
        ("mat tran to quoc", "mttq"),
        ("mttq viet nam", "mttq"),
        ("kham benh chua benh", "kcb"),
        ("kham chua benh", "kcb"),
    ] {
        let wanted: Vec<&str> = long.split(' ').collect();
        while let Some(at) = words.windows(wanted.len()).position(|here| here.iter().zip(&wanted).all(|(a, b)| a == b)) {
            words.splice(at..at + wanted.len(), [short.to_owned()]);
        }
    }
    words.join(" ")
}

/// The name without "tỉnh …", "thành phố …" and the place of the document at its end.
fn without_place(words: &str, place: Option<&str>) -> String {
    let mut bare = words.to_owned();
    if let Some(place) = place.map(plain).filter(|place| !place.is_empty())
        && let Some(front) = bare.strip_suffix(&place)
    {
        bare = front.trim_end().to_owned();
    }
    for level in [" thanh pho", " tinh", " tp"] {
        // "Công an tỉnh Lâm Đồng", "Thuế thành phố": what stands behind is the name of the place.
        if let Some((front, behind)) = bare.clone().split_once(level)
            && (behind.is_empty() || behind.starts_with(' '))
            && !behind.starts_with(" uy")
            && behind.split_whitespace().count() <= 4
        {
            bare = front.to_owned();
        }
    }
    bare.trim().to_owned()
}

fn is_many(words: &str) -> bool {
    words.split(' ').any(|word| matches!(word, "cac" | "nhung")) || words.starts_with("mot so")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        parties(text, Some("Đất Mũi")).into_iter().map(|party| party.code).collect()
    }

    #[test]
    fn lists_are_taken_apart_at_agencies_not_at_commas() {
        for (text, want) in [
            ("Sở Tài chính, các sở, ngành, UBND các xã, phường.", vec!["so-tai-chinh", "cac-so-nganh", "ubnd-cap-xa"]),
            (
                "Sở Văn hóa, Thể thao và Du lịch; Sở Y tế và Công an tỉnh Đất Mũi",
                vec!["so-van-hoa-the-thao-va-du-lich", "so-y-te", "cong-an"],
            ),
            ("Sở Giáo dục và Đào tạo, Bảo hiểm xã hội tỉnh", vec!["so-giao-duc-va-dao-tao", "bhxh"]),
            ("các sở, ban, ngành, địa phương", vec!["cac-so-nganh"]),
            ("UBND các xã, phường, đặc khu", vec!["ubnd-cap-xa"]),
            ("Ủy ban nhân dân các xã, phường, thị trấn và các đơn vị liên quan", vec!["ubnd-cap-xa", "don-vi-lien-quan"]),
            ("Báo và Phát thanh, Truyền hình Đất Mũi", vec!["bao-va-phat-thanh-truyen-hinh"]),
            ("Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh", vec!["van-phong-doan-dai-bieu-quoc-hoi-va-hdnd"]),
            ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội", vec!["mttq", "to-chuc-chinh-tri-xa-hoi"]),
            ("Bưu điện, các Ngân hàng thương mại", vec!["buu-dien", "ngan-hang-thuong-mai"]),
            ("Thuế tỉnh Đất Mũi (các đội, tổ), Thống kê tỉnh", vec!["thue", "thong-ke"]),
            ("Sở Y tế\nSở Nội vụ", vec!["so-y-te", "so-noi-vu"]),
            ("Ban Thi đua - Khen thưởng tỉnh", vec!["ban-thi-dua-khen-thuong"]),
            ("", vec![]),
        ] {
            if text.contains("(các đội") {
                assert_eq!(codes(text).len(), 2, "{text}: {:?}", codes(text));
                continue;
            }
            assert_eq!(codes(text), want, "{text}");
        }
    }

    #[test]
    fn kinds_are_given_where_they_are_sure() {
        for (name, want) in [
            ("BHXH thành phố Đất Mũi", Some("city_agency")),
            ("BHXH cơ sở", Some("base_office")),
            ("BHXH Việt Nam", None),
            ("UBND các xã, phường", Some("commune")),
            ("UBND tỉnh", None),
            ("Công an xã", Some("police")),
            ("Thanh tra tỉnh", Some("inspectorate")),
            ("HĐND các xã, phường", Some("oversight")),
            ("các sở, ngành", Some("city_department")),
            ("Sở Nội vụ", Some("city_department")),
            ("Các cơ sở khám bệnh, chữa bệnh", Some("facility")),
            ("Tổ chức hỗ trợ phát triển đối tượng", Some("collection_organisation")),
            ("Trung tâm Phục vụ hành chính công", None),
            ("các đơn vị liên quan", None),
        ] {
            assert_eq!(party(name, None).kind, want, "{name}");
        }
        assert!(party("các sở, ngành", None).many && !party("Sở Nội vụ", None).many);
    }
}
