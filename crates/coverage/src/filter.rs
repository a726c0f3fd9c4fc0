//! The filter of the list of people: the same for page, count, paging and export.

use base::names;
pub(crate) use chapter::encode;
use chapter::{Searched, Sought};
use serde::Deserialize;

/// What the address of a list says. Empty parts filter nothing.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Query {
    /// Reason (lý do).
    #[serde(rename = "ly-do", default)]
    pub(crate) reason: String,
    /// `1`: with a reason, only people whose main reason it is (lý do chính), as the city page counts them.
    #[serde(rename = "chinh", default)]
    pub(crate) main: String,
    /// Commune code (xã, phường).
    #[serde(rename = "xa", default)]
    pub(crate) commune: String,
    /// Village or residential group (thôn, tổ dân phố) as the rosters write it; `-` is who has none (chưa phân tổ).
    #[serde(rename = "to", default)]
    pub(crate) village: String,
    /// Household number (mã hộ), whole.
    #[serde(rename = "ho", default)]
    pub(crate) household: Sought,
    /// Part of a name, with or without marks.
    #[serde(default)]
    pub(crate) q: Sought,
    /// `khong`: people without a card valid at the end of the period (thẻ).
    #[serde(rename = "the", default)]
    pub(crate) card: String,
    /// `moi`: found in this period for the first time.
    #[serde(rename = "trang-thai", default)]
    pub(crate) state: String,
    /// `ho`: the list stands by household instead of by reason (nhóm theo hộ).
    #[serde(rename = "nhom", default)]
    pub(crate) group: String,
    /// Keyset: rows after this place.
    #[serde(rename = "sau", default)]
    pub(crate) after: Option<i64>,
    /// Keyset: rows before this place.
    #[serde(rename = "truoc", default)]
    pub(crate) before: Option<i64>,
}

/// Fields of the filter that people type into: they stand sealed in addresses.
pub(crate) const TYPED: [&str; 2] = ["ho", "q"];

impl Searched for Query {
    fn sought(&mut self) -> Vec<&mut Sought> {
        vec![&mut self.household, &mut self.q]
    }
}

impl Query {
    /// Whether each person is listed once, under the main reason: without a reason, and on wish with one.
    pub(crate) fn once(&self) -> bool {
        self.reason.is_empty() || self.main_only()
    }

    /// Whether only what was found in this period for the first time is meant.
    pub(crate) fn is_new(&self) -> bool {
        self.state == "moi"
    }

    /// Whether the list stands by household.
    pub(crate) fn by_household(&self) -> bool {
        self.group == "ho"
    }

    /// The village asked for; `Some(None)` is people of no known village.
    pub(crate) fn village(&self) -> Option<Option<&str>> {
        match self.village.as_str() {
            "" => None,
            "-" => Some(None),
            name => Some(Some(name)),
        }
    }

    /// Whether only people without a valid card are meant.
    pub(crate) fn no_card(&self) -> bool {
        self.card == "khong"
    }

    /// Whether a reason is asked for and only people who have it as their main one are meant.
    pub(crate) fn main_only(&self) -> bool {
        self.main == "1" && !self.reason.is_empty()
    }

    /// The parts that filter, by their names in addresses and hidden fields; what was typed is sealed.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let all: [(&str, &str); 9] = [
            ("ly-do", &self.reason),
            ("chinh", &self.main),
            ("xa", &self.commune),
            ("to", &self.village),
            ("ho", self.household.sealed()),
            ("q", self.q.sealed()),
            ("trang-thai", &self.state),
            ("the", &self.card),
            ("nhom", &self.group),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The address of this list with some parts changed; page marks are dropped.
    pub(crate) fn href(&self, path: &str, change: impl FnOnce(&mut Query)) -> String {
        let mut query = Self { after: None, before: None, ..self.clone() };
        change(&mut query);
        let mut parts: Vec<String> =
            query.fields().into_iter().map(|(name, value)| format!("{name}={}", encode(&value))).collect();
        parts.extend(query.after.map(|n| format!("sau={n}")));
        parts.extend(query.before.map(|n| format!("truoc={n}")));
        if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
    }
}

/// What was typed of a name. Typed with marks it must agree with the marks; typed without, it finds all.
#[derive(Debug, Default)]
pub(crate) struct NameTest {
    folded: String,
    marked: Option<String>,
}

impl NameTest {
    /// The test of what was typed; nothing typed takes every name.
    pub(crate) fn new(typed: &str) -> Self {
        let typed = names::clean(typed);
        let folded = names::fold(&typed);
        let marked = (folded != typed.to_lowercase()).then(|| names::canonical_tones(&typed));
        Self { folded, marked }
    }

    /// Whether every name is taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// What was typed, without marks; nothing when nothing was typed.
    pub(crate) fn folded(&self) -> Option<&str> {
        Some(self.folded.as_str()).filter(|text| !text.is_empty())
    }

    /// Whether a name without marks holds what was typed.
    pub(crate) fn takes_folded(&self, folded: &str) -> bool {
        folded.contains(&self.folded)
    }

    /// Whether the marks of a name agree with those typed, where some were.
    pub(crate) fn takes_marks(&self, name: &str) -> bool {
        self.marked.as_ref().is_none_or(|marked| names::canonical_tones(name).contains(marked))
    }

    /// Whether a name is taken.
    pub(crate) fn takes(&self, name: &str) -> bool {
        self.takes_folded(&names::fold(name)) && self.takes_marks(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_typed_without_marks_finds_all_and_with_marks_respects_them() {
        let takes = |typed: &str, name: &str| NameTest::new(typed).takes(name);
        assert!(takes("huong", "Nguyễn Thị Hường"));
        assert!(takes("HƯỜNG", "Nguyễn Thị Hường"));
        assert!(!takes("hương", "Nguyễn Thị Hường"));
        assert!(takes("Hoà", "Trần Văn Hòa"));
        assert!(takes("", "Trần Văn Hòa"));
    }

    #[test]
    fn a_person_is_listed_once_unless_a_reason_is_asked_for() {
        let asked = |reason: &str, main: &str| Query { reason: reason.into(), main: main.into(), ..Query::default() }.once();
        assert_eq!((asked("", ""), asked("", "1"), asked("a", ""), asked("a", "1")), (true, true, false, true));
    }

    #[test]
    fn addresses_keep_the_filter() {
        let query = Query { reason: "a".into(), q: Sought::of_address("s1.0a"), after: Some(9), ..Query::default() };
        assert_eq!(query.href("/x", |_| ()), "/x?ly-do=a&q=s1.0a");
        let home = Sought::of_address("s1.0b");
        let home = Query { village: "Tổ 2".into(), household: home, group: "ho".into(), ..Query::default() };
        assert_eq!(home.href("/x", |_| ()), "/x?to=T%E1%BB%95%202&ho=s1.0b&nhom=ho");
        assert_eq!(query.href("/x", |q| q.before = Some(3)), "/x?ly-do=a&q=s1.0a&truoc=3");
    }

    #[test]
    fn what_was_typed_stands_in_no_address_in_the_open() {
        let query = Query { q: "Hường".into(), household: "0104".into(), commune: "00004".into(), ..Query::default() };
        assert_eq!(query.href("/x", |_| ()), "/x?xa=00004");
    }
}
