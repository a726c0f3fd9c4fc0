//! Languages: texts by key from Fluent files, in Vietnamese and English.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};

use crate::format;

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Lang {
    /// Vietnamese, the language of the office.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// Both languages, Vietnamese first.
    pub const ALL: [Lang; 2] = [Lang::Vi, Lang::En];

    /// The tag for `lang` attributes, cookies and folders: `vi` or `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language of a tag; `None` for any other text.
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.tag() == tag)
    }
}

/// The shell's own texts, to be loaded together with those of the chapters.
pub const SHELL_TEXTS: [(Lang, &str, &str); 2] = [
    (Lang::Vi, "web.ftl", include_str!("../../../locales/vi/web.ftl")),
    (Lang::En, "web.ftl", include_str!("../../../locales/en/web.ftl")),
];

/// Why the texts could not be loaded, or are not complete.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextsError {
    /// A line of a Fluent file cannot be read.
    #[error("{file} ({lang}): {reason}")]
    Syntax {
        /// File name as given.
        file: String,
        /// Language tag.
        lang: &'static str,
        /// What the reader of the file says.
        reason: String,
    },
    /// The same key stands twice in one language.
    #[error("{file} ({lang}): the key `{key}` is already taken by {other}")]
    Twice {
        /// File name as given.
        file: String,
        /// Language tag.
        lang: &'static str,
        /// The key.
        key: String,
        /// File that had it first.
        other: String,
    },
}

impl base::Explain for TextsError {
    fn code(&self) -> &'static str {
        "texts_unreadable"
    }
    fn place(&self) -> String {
        match self {
            Self::Syntax { file, lang, .. } | Self::Twice { file, lang, .. } => format!("locales/{lang}/{file}"),
        }
    }
    fn remedy(&self) -> String {
        "Sửa tệp ngôn ngữ được nêu: mỗi khóa một lần, viết theo cú pháp Fluent `khóa = lời`.".to_owned()
    }
}

struct Loaded {
    bundle: FluentBundle<FluentResource>,
    keys: BTreeMap<String, String>,
}

/// All texts of the program in every language.
pub struct Texts {
    vi: Loaded,
    en: Loaded,
}

impl Texts {
    /// Reads Fluent files: (language, file name for errors, content). No file is opened here.
    pub fn load(files: &[(Lang, &str, &str)]) -> Result<Self, TextsError> {
        let mut texts = Self { vi: empty(Lang::Vi), en: empty(Lang::En) };
        for (lang, file, content) in files {
            let syntax = |reason: String| TextsError::Syntax { file: (*file).to_owned(), lang: lang.tag(), reason };
            let loaded = match lang {
                Lang::Vi => &mut texts.vi,
                Lang::En => &mut texts.en,
            };
            let resource = FluentResource::try_new((*content).to_owned())
                .map_err(|(_, errors)| syntax(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
            for key in keys_of(content) {
                if let Some(other) = loaded.keys.insert(key.clone(), (*file).to_owned()) {
                    return Err(TextsError::Twice { file: (*file).to_owned(), lang: lang.tag(), key, other });
                }
            }
            loaded.bundle.add_resource(resource).map_err(|errors| syntax(describe(&errors)))?;
        }
        Ok(texts)
    }

    /// The texts and formats of one language.
    pub fn lang(&self, lang: Lang) -> Locale<'_> {
        let loaded = match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        };
        Locale { loaded, lang }
    }

    /// Keys that one language has and the other lacks, as `vi: key`; a test asserts that there are none.
    pub fn one_sided_keys(&self) -> Vec<String> {
        let keys = |l: &Loaded| l.keys.keys().cloned().collect::<BTreeSet<_>>();
        let (vi, en) = (keys(&self.vi), keys(&self.en));
        let only = |tag: &str, mine: &BTreeSet<String>, other: &BTreeSet<String>| {
            mine.difference(other).map(|key| format!("{tag}: {key}")).collect::<Vec<_>>()
        };
        [only("vi", &vi, &en), only("en", &en, &vi)].concat()
    }

    /// Every key, for the test that each one is used.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.vi.keys.keys().map(String::as_str)
    }
}

/// The texts of one language, with its formats of numbers and dates (see [`crate::format`]).
#[derive(Clone, Copy)]
pub struct Locale<'a> {
    loaded: &'a Loaded,
    lang: Lang,
}

impl Locale<'_> {
    /// The language.
    pub fn lang(self) -> Lang {
        self.lang
    }

    /// The text of a key. A missing one shows as `⟦key⟧`, so that it is seen at once.
    pub fn t(self, key: &str) -> String {
        self.t_args(key, &[])
    }

    /// The text of a key if there is one: for keys put together from data, which may hold a code that has no words yet.
    pub fn known(self, key: &str) -> Option<String> {
        self.loaded.bundle.has_message(key).then(|| self.t(key))
    }

    /// The text of a key with values filled in: `l.t_args("found", &[("n", 12.into())])`.
    ///
    /// Whole numbers choose the plural form and are written in the way of the language.
    pub fn t_args(self, key: &str, values: &[(&str, Value)]) -> String {
        let Some(pattern) = self.loaded.bundle.get_message(key).and_then(|m| m.value()) else {
            return format!("⟦{key}⟧");
        };
        let mut args = FluentArgs::new();
        for (name, value) in values {
            match value {
                Value::Text(text) => args.set(*name, text.as_str()),
                Value::Whole(number) => args.set(*name, *number),
            }
        }
        let mut errors = Vec::new();
        let text = self.loaded.bundle.format_pattern(pattern, Some(&args), &mut errors);
        // A value that the caller forgot is as visible as a missing key.
        if errors.is_empty() { text.into_owned() } else { format!("⟦{key}: {}⟧", describe(&errors)) }
    }
}

/// A value filled into a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, put in as it is.
    Text(String),
    /// A whole number, written with separators.
    Whole(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Whole(i64::from(number))
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

fn empty(lang: Lang) -> Loaded {
    // The two tags are valid language identifiers; a default identifier would only lose plural rules.
    let mut bundle = FluentBundle::new_concurrent(vec![lang.tag().parse().unwrap_or_default()]);
    // Isolation marks would turn up in copied text; both languages run left to right.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::Vi => |value, _| write_number(Lang::Vi, value),
        Lang::En => |value, _| write_number(Lang::En, value),
    }));
    Loaded { bundle, keys: BTreeMap::new() }
}

fn write_number(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(FluentNumber { value, .. }) => Some(format::number(lang, *value as i64)),
        _ => None,
    }
}

fn keys_of(content: &str) -> impl Iterator<Item = String> {
    content
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter_map(|line| line.split_once('=').map(|(key, _)| key.trim().to_owned()))
}

fn describe(errors: &[FluentError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_in_values_and_plural_forms() {
        let texts = Texts::load(&[
            (Lang::Vi, "a.ftl", "found = Tìm thấy { $n } người ở { $place }"),
            (Lang::En, "a.ftl", "found = Found { $n ->\n    [one] one person\n   *[other] { $n } people\n } in { $place }"),
        ])
        .unwrap();
        let values = [("n", Value::from(1234)), ("place", "Hà Đông".into())];
        assert_eq!(texts.lang(Lang::Vi).t_args("found", &values), "Tìm thấy 1.234 người ở Hà Đông");
        assert_eq!(texts.lang(Lang::En).t_args("found", &values), "Found 1,234 people in Hà Đông");
        assert_eq!(
            texts.lang(Lang::En).t_args("found", &[("n", Value::from(1)), ("place", "x".into())]),
            "Found one person in x"
        );
    }

    #[test]
    fn what_is_missing_is_seen() {
        let texts = Texts::load(&[(Lang::Vi, "a.ftl", "a = A { $n }\nb = B"), (Lang::En, "a.ftl", "a = A\nc = C")]).unwrap();
        assert_eq!(texts.lang(Lang::En).t("b"), "⟦b⟧");
        assert!(texts.lang(Lang::Vi).t("a").starts_with("⟦a: "));
        assert_eq!(texts.one_sided_keys(), ["vi: b", "en: c"]);
    }

    #[test]
    fn a_key_twice_or_a_broken_line_is_refused() {
        let twice = Texts::load(&[(Lang::Vi, "a.ftl", "a = A"), (Lang::Vi, "b.ftl", "a = B")]);
        assert!(matches!(twice, Err(TextsError::Twice { ref key, ref other, .. }) if key == "a" && other == "a.ftl"));
        assert!(matches!(Texts::load(&[(Lang::En, "a.ftl", "a = { $")]), Err(TextsError::Syntax { .. })));
    }

    #[test]
    fn shell_texts_are_in_both_languages() {
        let texts = Texts::load(&SHELL_TEXTS).unwrap();
        assert_eq!(texts.one_sided_keys(), Vec::<String>::new());
        assert!(texts.keys().count() > 30);
    }
}
