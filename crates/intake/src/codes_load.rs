//! Reading lists of codes: all faults of all files at once, each with line and column.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base::Explain;
use serde::Deserialize;
use serde_saphyr::{MessageFormatter, Spanned, UserMessageFormatter};

use crate::codes::{Code, CodeList, Codes, fold_words, is_abbreviation};
use crate::layout::Title;

/// One fault of a file of codes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeFault {
    /// File as it was named to the loader.
    pub path: String,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for CodeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, dòng {}, cột {}: {}", self.path, self.line, self.column, self.message)
    }
}

/// Everything wrong with the lists of codes, by file and place; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(CodeFault::to_string).collect::<Vec<_>>().join("\n"))]
pub struct CodeErrors(Vec<CodeFault>);

impl CodeErrors {
    /// The faults in order.
    pub fn iter(&self) -> impl Iterator<Item = &CodeFault> {
        self.0.iter()
    }
}

impl Explain for CodeErrors {
    fn code(&self) -> &'static str {
        "codes_refused"
    }

    fn place(&self) -> String {
        self.0.first().map(|fault| format!("{}:{}:{}", fault.path, fault.line, fault.column)).unwrap_or_default()
    }

    fn remedy(&self) -> String {
        "Sửa tệp danh mục mã trong formats/codes theo thông báo rồi chạy lại.".to_owned()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    title: Title,
    /// A text that holds one of these has no code.
    #[serde(default)]
    unless: Vec<Spanned<String>>,
    codes: Vec<CodeForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeForm {
    code: Spanned<String>,
    title: Title,
    words: Vec<Spanned<String>>,
}

impl Codes {
    /// Reads files given as name (`support_group.yaml`) and text.
    ///
    /// Refuses unknown keys, codes twice, words that mean two codes or say nothing, and tells all faults at once.
    pub fn load<P: AsRef<str>, T: AsRef<str>>(files: impl IntoIterator<Item = (P, T)>) -> Result<Self, CodeErrors> {
        let mut lists = BTreeMap::new();
        let mut faults = Vec::new();
        for (path, text) in files {
            let path = path.as_ref();
            let mut fault = |line, column, message| faults.push(CodeFault { path: path.to_owned(), line, column, message });
            let name = path.rsplit('/').next().and_then(|file| file.strip_suffix(".yaml")).unwrap_or_default();
            if !is_word(name) {
                fault(1, 1, "tên tệp phải là chữ thường không dấu, số và gạch dưới, đuôi .yaml".to_owned());
                continue;
            }
            match read(text.as_ref()) {
                Err((line, column, message)) => fault(line, column, message),
                Ok(form) => {
                    lists.insert(name.to_owned(), list(name, form, &mut fault));
                }
            }
        }
        faults.sort();
        if faults.is_empty() { Ok(Self { lists }) } else { Err(CodeErrors(faults)) }
    }
}

fn read(text: &str) -> Result<FileForm, (u64, u64, String)> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let bare = error.without_snippet();
        let (line, column) = bare.location().map_or((1, 1), |l| (l.line(), l.column()));
        (line, column, UserMessageFormatter.format_message(bare).into_owned())
    })
}

fn list(name: &str, form: FileForm, fault: &mut dyn FnMut(u64, u64, String)) -> CodeList {
    let mut at = |word: &Spanned<String>, message: String| fault(word.referenced.line(), word.referenced.column(), message);
    let mut seen = BTreeSet::new();
    // What each folded word means: the code, or that there is none.
    let mut owner: BTreeMap<String, Option<usize>> = BTreeMap::new();
    let (mut exact, mut phrases) = (BTreeMap::new(), Vec::new());
    let code_name = |place: Option<usize>| place.map_or("unless".to_owned(), |place| form.codes[place].code.value.clone());
    let words = form.codes.iter().enumerate().flat_map(|(place, code)| code.words.iter().map(move |word| (Some(place), word)));
    for (place, word) in form.unless.iter().map(|word| (None, word)).chain(words) {
        let folded = fold_words(&word.value);
        if folded.is_empty() {
            at(word, "từ rỗng".to_owned());
            continue;
        }
        if let Some(other) = owner.insert(folded.clone(), place) {
            // One code twice by other marks only is a slip of the pen.
            at(word, format!("`{}` vừa của `{}` vừa của `{}`", word.value, code_name(other), code_name(place)));
            continue;
        }
        if let Some(place) = place {
            exact.insert(folded.clone(), place);
        }
        if !is_abbreviation(&word.value) {
            phrases.push((format!(" {folded} "), place));
        } else if place.is_none() {
            at(word, "`unless` không nhận chữ viết tắt".to_owned());
        }
    }
    for code in &form.codes {
        if !is_word(&code.code.value) {
            at(&code.code, format!("mã `{}` phải viết bằng chữ thường không dấu, số và gạch dưới", code.code.value));
        }
        if !seen.insert(code.code.value.clone()) {
            at(&code.code, format!("mã `{}` có hai lần", code.code.value));
        }
        if code.words.is_empty() || code.title.vi.trim().is_empty() || code.title.en.trim().is_empty() {
            at(&code.code, format!("mã `{}` thiếu tên gọi (title) hoặc cách viết (words)", code.code.value));
        }
    }
    // `unless` first, then most words, then most letters, then as in the file: the order in which phrases win.
    phrases.sort_by_key(|(phrase, place)| (place.is_some(), Reverse((phrase.split(' ').count(), phrase.len()))));
    let plain = |code: CodeForm| Code {
        code: code.code.value,
        title: code.title,
        words: code.words.into_iter().map(|word| word.value).collect(),
    };
    let codes = form.codes.into_iter().map(plain).collect();
    CodeList { name: name.to_owned(), title: form.title, codes, exact, phrases }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: &str = "title: {vi: Nhóm, en: Groups}\nunless: [\"không thuộc\"]\ncodes:\n\
        \x20 - {code: poor, title: {vi: Nghèo, en: Poor}, words: [\"hộ nghèo\", HN]}\n\
        \x20 - {code: near_poor, title: {vi: Cận nghèo, en: Near-poor}, words: [\"cận nghèo\", CN]}\n\
        \x20 - {code: left_poverty, title: {vi: Thoát nghèo, en: Left}, words: [\"thoát nghèo\", \"thoát cận nghèo\"]}\n";

    fn load(text: &str) -> Result<Codes, CodeErrors> {
        Codes::load([("group.yaml", text)])
    }

    #[test]
    fn the_longest_phrase_of_whole_words_counts() {
        let codes = load(GROUPS).unwrap();
        let list = codes.get("group").unwrap();
        for (text, code) in [
            ("Hộ nghèo", Some("poor")),
            ("Người thuộc HỘ NGHÈO (chuẩn 2022-2025)", Some("poor")),
            ("hn", Some("poor")),
            ("Người thuộc hộ cận-nghèo", Some("near_poor")),
            ("Hộ mới thoát cận nghèo", Some("left_poverty")),
            ("Không thuộc hộ cận nghèo", None),
            // Within a text two letters may be anything.
            ("Tổ 3 CN Cầu Giấy", None),
            ("Hộ nghèoo", None),
            ("", None),
        ] {
            assert_eq!(list.code_of(text), code, "{text}");
        }
        assert_eq!(list.code_at_start("Cận nghèo, tổ 5"), Some("near_poor"));
        assert_eq!(list.code_at_start("Tổ 5, cận nghèo"), None);
        assert_eq!(list.title_of("poor").map(|t| t.en.as_str()), Some("Poor"));
    }

    #[test]
    fn all_faults_come_at_once_with_line_and_column() {
        let bad = GROUPS.replace("[\"cận nghèo\", CN]", "[\"Hộ  Nghèo\", \"-\"]").replace("code: left_poverty", "code: poor");
        let error =
            Codes::load([("formats/codes/group.yaml", bad.as_str()), ("b.yaml", "title: 1\n"), ("Ü.yaml", "")]).unwrap_err();
        let places: Vec<(&str, u64)> = error.iter().map(|fault| (fault.path.as_str(), fault.line)).collect();
        let file = "formats/codes/group.yaml";
        assert_eq!(places, [("b.yaml", 1), (file, 5), (file, 5), (file, 6), ("Ü.yaml", 1)]);
        assert!(error.to_string().contains("vừa của `poor` vừa của `near_poor`"), "{error}");
        assert!(error.iter().all(|fault| fault.column > 0));
    }

    #[test]
    fn unknown_keys_and_codes_without_words_are_refused() {
        assert!(load(&GROUPS.replace("unless", "unlessx")).is_err());
        assert!(load(&GROUPS.replace("[\"hộ nghèo\", HN]", "[]")).is_err());
        assert!(load(&GROUPS.replace("[\"không thuộc\"]", "[KT]")).is_err());
        assert!(load(&GROUPS.replace("code: poor", "code: Nghèo")).is_err());
    }
}
