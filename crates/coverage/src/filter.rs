//! The filter of the list of people: the same for page, count, paging and export.

use base::{CommuneCode, names};
use serde::Deserialize;

use crate::serving::Work;

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
    /// Part of a name, with or without marks.
    #[serde(default)]
    pub(crate) q: String,
    /// `khong`: people without a card valid at the end of the period (thẻ).
    #[serde(rename = "the", default)]
    pub(crate) card: String,
    /// `moi`: found in this period for the first time.
    #[serde(rename = "trang-thai", default)]
    pub(crate) state: String,
    /// Village or residential group (thôn, tổ dân phố) as the rosters write it; `-` is who has none (chưa phân tổ).
    #[serde(rename = "to", default)]
    pub(crate) village: String,
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

impl Query {
    /// Whether a line of the worklist is meant.
    ///
    /// Without a reason, and on wish with one, each person is listed once, under the main reason. A name typed with marks must
    /// agree with its marks; typed without, it finds all.
    pub(crate) fn takes(&self, work: &Work) -> bool {
        let reason = self.reason.is_empty() || work.reason == self.reason;
        let once = work.main || !(self.reason.is_empty() || self.main_only());
        reason
            && once
            && (self.commune.is_empty() || work.commune.as_ref().map(CommuneCode::as_str) == Some(self.commune.as_str()))
            && (!self.no_card() || work.without_card)
            && (self.state != "moi" || work.new)
            && self.takes_name(work)
    }

    /// Whether only people without a valid card are meant.
    pub(crate) fn no_card(&self) -> bool {
        self.card == "khong"
    }

    /// Whether a reason is asked for and only people who have it as their main one are meant.
    pub(crate) fn main_only(&self) -> bool {
        self.main == "1" && !self.reason.is_empty()
    }

    fn takes_name(&self, work: &Work) -> bool {
        let typed = names::clean(&self.q);
        if typed.is_empty() {
            return true;
        }
        let folded = names::fold(&typed);
        if folded == typed.to_lowercase() {
            work.folded.contains(&folded)
        } else {
            names::canonical_tones(&work.name).contains(&names::canonical_tones(&typed))
        }
    }

    /// The address of this list with some parts changed; page marks are dropped.
    pub(crate) fn href(&self, path: &str, change: impl FnOnce(&mut Query)) -> String {
        let mut query = Self { after: None, before: None, ..self.clone() };
        change(&mut query);
        let mut parts = Vec::new();
        for (name, value) in [
            ("ly-do", &query.reason),
            ("chinh", &query.main),
            ("xa", &query.commune),
            ("q", &query.q),
            ("trang-thai", &query.state),
            ("the", &query.card),
            ("to", &query.village),
            ("nhom", &query.group),
        ] {
            if !value.is_empty() {
                parts.push(format!("{name}={}", encode(value)));
            }
        }
        parts.extend(query.after.map(|n| format!("sau={n}")));
        parts.extend(query.before.map(|n| format!("truoc={n}")));
        if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
    }
}

/// A value of an address, percent-encoded.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(name: &str, main: bool) -> Work {
        Work {
            reason: "household-card-lapsed".into(),
            commune: CommuneCode::parse("00004"),
            rank: 1,
            person: 1,
            folded: names::fold(name),
            name: name.into(),
            born: None,
            household: None,
            main,
            without_card: true,
            new: false,
            first_period: None,
            evidence: Vec::new(),
        }
    }

    fn typed(q: &str) -> Query {
        Query { q: q.into(), ..Query::default() }
    }

    #[test]
    fn a_name_typed_without_marks_finds_all_and_with_marks_respects_them() {
        let huong = work("Nguyễn Thị Hường", true);
        assert!(typed("huong").takes(&huong));
        assert!(typed("HƯỜNG").takes(&huong));
        assert!(!typed("hương").takes(&huong));
        assert!(typed("Hoà").takes(&work("Trần Văn Hòa", true)));
    }

    #[test]
    fn a_person_is_listed_once_unless_a_reason_is_asked_for() {
        let second = work("Lê Văn An", false);
        assert!(!Query::default().takes(&second));
        let asked = Query { reason: "household-card-lapsed".into(), ..Query::default() };
        assert!(asked.takes(&second));
    }

    #[test]
    fn addresses_keep_the_filter() {
        let query = Query { reason: "a".into(), q: "Hà Đông".into(), after: Some(9), ..Query::default() };
        assert_eq!(query.href("/x", |_| ()), "/x?ly-do=a&q=H%C3%A0%20%C4%90%C3%B4ng");
        assert_eq!(query.href("/x", |q| q.before = Some(3)), "/x?ly-do=a&q=H%C3%A0%20%C4%90%C3%B4ng&truoc=3");
    }
}
