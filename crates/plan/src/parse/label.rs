//! Labels before the parts of a task: "Đơn vị chủ trì:", "Sản phẩm:", "Thời hạn hoàn thành:"; and headings of columns.
//!
//! A label is known by its words without marks, so lost marks do no harm; one or two lost letters are mended and said.

use base::names::fold;

/// What a label stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Label {
    /// What is to be done (nội dung công việc).
    Content,
    /// Who leads (chủ trì).
    Lead,
    /// Who helps (phối hợp).
    Partner,
    /// Who does it, with the roles in the text or not (phân công, đơn vị thực hiện).
    Doers,
    /// What comes of it (kết quả, sản phẩm).
    Product,
    /// When (thời gian, thời hạn, tiến độ).
    Time,
    /// Money (kinh phí).
    Money,
    /// What else plans say of a task: remarks, who oversees it.
    Note,
    /// The column of numbers (TT, STT).
    Number,
}

/// Labels without marks. The first fit by letters wins where two are equally far.
const KNOWN: [(&str, Label); 64] = [
    ("noi dung cong viec can thuc hien", Label::Content),
    ("noi dung cong viec", Label::Content),
    ("noi dung nhiem vu", Label::Content),
    ("noi dung thuc hien", Label::Content),
    ("noi dung", Label::Content),
    ("nhiem vu cu the", Label::Content),
    ("nhiem vu giai phap", Label::Content),
    ("ten nhiem vu", Label::Content),
    ("nhiem vu", Label::Content),
    ("cong viec", Label::Content),
    ("hoat dong", Label::Content),
    ("don vi chu tri", Label::Lead),
    ("co quan chu tri", Label::Lead),
    ("don vi chu tri thuc hien", Label::Lead),
    ("co quan don vi chu tri", Label::Lead),
    ("co quan chu tri thuc hien", Label::Lead),
    ("chu tri thuc hien", Label::Lead),
    ("chu tri tham muu", Label::Lead),
    ("chu tri", Label::Lead),
    ("dau moi thuc hien", Label::Lead),
    ("don vi dau moi", Label::Lead),
    ("don vi phoi hop", Label::Partner),
    ("co quan phoi hop", Label::Partner),
    ("don vi phoi hop thuc hien", Label::Partner),
    ("co quan don vi phoi hop", Label::Partner),
    ("co quan phoi hop thuc hien", Label::Partner),
    ("phoi hop thuc hien", Label::Partner),
    ("phoi hop", Label::Partner),
    ("don vi thuc hien", Label::Doers),
    ("co quan thuc hien", Label::Doers),
    ("co quan don vi thuc hien", Label::Doers),
    ("trach nhiem thuc hien", Label::Doers),
    ("phan cong thuc hien", Label::Doers),
    ("phan cong", Label::Doers),
    ("to chuc thuc hien", Label::Doers),
    ("ket qua san pham", Label::Product),
    ("san pham ket qua", Label::Product),
    ("yeu cau san pham", Label::Product),
    ("yeu cau ket qua", Label::Product),
    ("san pham du kien", Label::Product),
    ("ket qua dau ra", Label::Product),
    ("san pham dau ra", Label::Product),
    ("ket qua can dat", Label::Product),
    ("ket qua", Label::Product),
    ("san pham", Label::Product),
    ("dau ra", Label::Product),
    ("thoi gian thuc hien", Label::Time),
    ("thoi gian hoan thanh", Label::Time),
    ("thoi han hoan thanh", Label::Time),
    ("thoi han thuc hien", Label::Time),
    ("tien do thuc hien", Label::Time),
    ("thoi gian", Label::Time),
    ("thoi han", Label::Time),
    ("tien do", Label::Time),
    ("kinh phi thuc hien", Label::Money),
    ("nguon kinh phi", Label::Money),
    ("kinh phi", Label::Money),
    ("ghi chu", Label::Note),
    ("lanh dao phu trach", Label::Note),
    ("lanh dao chi dao", Label::Note),
    ("stt", Label::Number),
    ("so tt", Label::Number),
    ("so thu tu", Label::Number),
    ("tt", Label::Number),
];

/// Letters that a label may have before its colon.
const LONGEST: usize = 80;

/// A label that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    /// Which.
    pub label: Label,
    /// The label as written.
    pub written: &'a str,
    /// Whether letters had to be mended.
    pub mended: bool,
    /// What stands behind it.
    pub value: &'a str,
}

/// Words without marks, one space between them, all other signs gone.
pub(crate) fn key(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The label at the beginning of a text, with its colon; a strong one also without.
pub(crate) fn label(text: &str) -> Option<Found<'_>> {
    let colon = text.char_indices().take(LONGEST).find(|(_, c)| matches!(c, ':' | '：'));
    if let Some((at, colon)) = colon {
        let written = text[..at].trim();
        if let Some((label, mended)) = known(written).filter(|(label, _)| *label != Label::Number) {
            return Some(Found { label, written, mended, value: text[at + colon.len_utf8()..].trim_start() });
        }
    }
    without_colon(text)
}

/// "Đơn vị chủ trì Sở Y tế": two words at least, all of the label, and a capital or a digit behind them.
fn without_colon(text: &str) -> Option<Found<'_>> {
    let mut best = None;
    for (at, c) in text.char_indices().take(LONGEST) {
        let behind = &text[at + c.len_utf8()..];
        let begins = behind.trim_start_matches(['-', '–', ' ']);
        if c != ' ' || !begins.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) {
            continue;
        }
        let written = text[..at].trim_end_matches(['-', '–', ' ', '.', ';']);
        let words = key(written);
        let strong = KNOWN.iter().find(|(known, label)| {
            *known == words && known.split(' ').count() >= 3 && !matches!(label, Label::Content | Label::Note)
        });
        if let Some((_, label)) = strong {
            best = Some(Found { label: *label, written, mended: true, value: begins });
        }
    }
    best
}

/// The label that a heading of a column or a text before a colon is, and whether letters had to be mended.
pub(crate) fn known(written: &str) -> Option<(Label, bool)> {
    // What stands in brackets explains: "Thời gian (tháng, quý)".
    let outside = written.split(['(', '[']).next().unwrap_or(written);
    let words = key(if key(outside).is_empty() { written } else { outside });
    if words.is_empty() || words.len() > LONGEST {
        return None;
    }
    if let Some((_, label)) = KNOWN.iter().find(|(known, _)| *known == words) {
        return Some((*label, false));
    }
    if let Some(label) = by_words(&words) {
        return Some((label, false));
    }
    let bare = words.replace(' ', "");
    let near = KNOWN.iter().filter_map(|(known, label)| {
        let (known, may) = (known.replace(' ', ""), may_differ(known));
        // Most texts are told apart by their length alone.
        let far = (known.len().abs_diff(bare.len()) <= may).then(|| strsim::levenshtein(&known, &bare))?;
        (far <= may).then_some((far, *label))
    });
    near.min_by_key(|(far, _)| *far).map(|(_, label)| (label, true))
}

/// Letters that a label of this length may have lost.
fn may_differ(known: &str) -> usize {
    match known.len() {
        0..6 => 0,
        6..10 => 1,
        10..17 => 2,
        _ => 3,
    }
}

/// Longer labels by the words that decide: "Cơ quan, đơn vị chủ trì tham mưu", "Thời gian dự kiến hoàn thành".
fn by_words(words: &str) -> Option<Label> {
    if words.split(' ').count() > 8 {
        return None;
    }
    let padded = format!(" {words} ");
    let has = |part: &str| padded.contains(&format!(" {part} "));
    match (has("chu tri"), has("phoi hop")) {
        (true, true) => Some(Label::Doers),
        (true, false) => Some(Label::Lead),
        (false, true) => Some(Label::Partner),
        (false, false) if words.starts_with("thoi gian ") || words.starts_with("thoi han ") => Some(Label::Time),
        (false, false) if words.starts_with("thoi diem") || words.starts_with("tien do") => Some(Label::Time),
        (false, false) if has("san pham") || words.starts_with("ket qua ") => Some(Label::Product),
        (false, false) if words.starts_with("noi dung ") || words.starts_with("ten nhiem vu") => Some(Label::Content),
        _ => None,
    }
}

/// Where in a value another label begins: "Sở Y tế; phối hợp: UBND các xã". Only whole labels with a colon, behind a full
/// stop, semicolon, comma or bracket.
pub(crate) fn next_label(value: &str) -> Option<usize> {
    let ends = value.char_indices().filter(|(_, c)| matches!(c, '.' | ';' | ',' | ')' | '|' | '-' | '–'));
    for (at, mark) in ends {
        let behind = value[at + mark.len_utf8()..].trim_start_matches([' ', '-', '–', '+', '•']);
        let Some((colon, _)) = behind.char_indices().take(LONGEST).find(|(_, c)| *c == ':') else { continue };
        let words = key(&behind[..colon]);
        let whole = KNOWN.iter().any(|(known, label)| *known == words && !matches!(label, Label::Content | Label::Number));
        if whole {
            return Some(value.len() - behind.len());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<(Label, bool, String)> {
        label(text).map(|found| (found.label, found.mended, found.value.to_owned()))
    }

    #[test]
    fn labels_of_agencies() {
        for (text, want) in [
            ("Đơn vị chủ trì: Sở Y tế", Label::Lead),
            ("Cơ quan chủ trì, tham mưu: Sở Y tế", Label::Lead),
            ("Cơ quan, đơn vị phối hợp thực hiện: Sở Y tế", Label::Partner),
            ("Kết quả/Sản phẩm: Báo cáo", Label::Product),
            ("Yêu cầu về sản phẩm đầu ra: Báo cáo", Label::Product),
            ("Thời gian dự kiến hoàn thành: Quý I/2027", Label::Time),
            ("Thời hạn (hoàn thành): Quý I/2027", Label::Time),
            ("Nội dung công việc cần thực hiện: Rà soát", Label::Content),
            ("Phân công: Sở Y tế chủ trì", Label::Doers),
            ("Nguồn kinh phí: Ngân sách", Label::Money),
            ("Don vi chu tri: So Y te", Label::Lead),
        ] {
            assert_eq!(of(text).map(|(label, mended, _)| (label, mended)), Some((want, false)), "{text}");
        }
    }

    #[test]
    fn lost_letters_are_mended_and_said() {
        for (text, want) in [
            ("Đơn vị chủ tr: Sở Y tế", Label::Lead),
            ("Đơn vịphối hợp: Sở Y tế", Label::Partner),
            ("Kt quả/Sản phm: Báo cáo", Label::Product),
            ("Thời gan thực hiện: Hằng quý", Label::Time),
            ("Đơn vị chủ trì Sở Y tế", Label::Lead),
        ] {
            let (label, mended, value) = of(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((label, mended || text.contains("vịphối")), (want, true), "{text}");
            assert!(!value.is_empty());
        }
    }

    #[test]
    fn prose_is_no_label() {
        for text in [
            "Phối hợp với Sở Y tế thực hiện các nhiệm vụ sau đây trong năm: rà soát",
            "Xây dựng ứng dụng để thực hiện: thông tin đến người dân",
            "Chủ trì Sở Y tế",
            "Tỷ lệ bao phủ: 95%",
            "Sở Y tế",
            "TT: 1",
            "",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_second_label_in_a_value_is_found() {
        let value = "Sở Y tế; phối hợp: UBND các xã. Thời gian: Hằng quý";
        assert_eq!(&value[next_label(value).unwrap()..], "phối hợp: UBND các xã. Thời gian: Hằng quý");
        assert_eq!(next_label("Tin, bài: 12 bài, kết quả của năm"), None);
    }
}
