//! What the address of a queue says, and the desk's query it stands for.

use base::{CommuneCode, Date};
use chapter::encode;
use desk::{CaseQuery, PageAt, Queue};
use serde::Deserialize;

/// A queue, narrowed, and its page. Empty parts narrow nothing.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct QueueQuery {
    /// The queue (hàng việc).
    #[serde(rename = "hang", default)]
    pub(crate) queue: String,
    /// Commune code.
    #[serde(rename = "xa", default)]
    pub(crate) commune: String,
    /// Village or residential group.
    #[serde(rename = "to", default)]
    pub(crate) village: String,
    /// Rule.
    #[serde(rename = "quy-tac", default)]
    pub(crate) rule: String,
    /// Owner.
    #[serde(rename = "nguoi", default)]
    pub(crate) owner: String,
    /// `gon`: twenty rows with large buttons, for a telephone.
    #[serde(rename = "xem", default)]
    pub(crate) view: String,
    /// Form number of the cases that were ticked (chọn).
    #[serde(rename = "chon", default)]
    pub(crate) selection: String,
    /// `1`: only these are shown, whatever queue and filter they stand in.
    #[serde(rename = "xem-chon", default)]
    pub(crate) only: String,
    /// Keyset: cases after this place.
    #[serde(rename = "sau", default)]
    pub(crate) after: String,
    /// Keyset: cases before this place.
    #[serde(rename = "truoc", default)]
    pub(crate) before: String,
}

impl QueueQuery {
    /// Whose cases, where it says so.
    pub(crate) fn owner(&self) -> Option<&str> {
        (!self.owner.is_empty()).then_some(self.owner.as_str())
    }

    /// The queue asked for; one's own cases where none is.
    pub(crate) fn queue(&self) -> Queue {
        Queue::ALL.into_iter().find(|queue| queue.as_str() == self.queue).unwrap_or(Queue::Mine)
    }

    /// Whether only the ticked cases are shown.
    pub(crate) fn only_ticked(&self) -> bool {
        self.only == "1" && !self.selection.is_empty()
    }

    /// Whether the rows are those for a telephone.
    pub(crate) fn compact(&self) -> bool {
        self.view == "gon"
    }

    /// Rows of a page.
    pub(crate) fn rows(&self) -> i64 {
        if self.compact() { 20 } else { 50 }
    }

    /// The desk's query. A commune that is no code finds nothing elsewhere, so it is left out.
    pub(crate) fn cases(&self, today: Date) -> CaseQuery {
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        CaseQuery {
            commune: CommuneCode::parse(&self.commune),
            village: some(&self.village),
            rule: some(&self.rule),
            owner: some(&self.owner),
            selection: self.only_ticked().then(|| self.selection.clone()),
            ..CaseQuery::of(self.queue(), today)
        }
    }

    /// The page asked for.
    pub(crate) fn at(&self) -> PageAt {
        if !self.after.is_empty() {
            PageAt::After(self.after.clone())
        } else if !self.before.is_empty() {
            PageAt::Before(self.before.clone())
        } else {
            PageAt::First
        }
    }

    /// The parts that choose cases, by their names in addresses and forms.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let all = [
            ("hang", self.queue().as_str().to_owned()),
            ("xa", self.commune.clone()),
            ("to", self.village.clone()),
            ("quy-tac", self.rule.clone()),
            ("nguoi", self.owner.clone()),
            ("chon", self.selection.clone()),
            ("xem-chon", self.only.clone()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The address of this very page.
    pub(crate) fn here(&self, path: &str) -> String {
        self.href(path, |q| (q.after, q.before) = (self.after.clone(), self.before.clone()))
    }

    /// An address with some parts changed; page marks are dropped first.
    pub(crate) fn href(&self, path: &str, change: impl FnOnce(&mut Self)) -> String {
        let mut query = Self { after: String::new(), before: String::new(), ..self.clone() };
        change(&mut query);
        let mut parts: Vec<String> =
            query.fields().into_iter().map(|(name, value)| format!("{name}={}", encode(&value))).collect();
        for (name, value) in [("xem", &query.view), ("sau", &query.after), ("truoc", &query.before)] {
            if !value.is_empty() {
                parts.push(format!("{name}={}", encode(value)));
            }
        }
        format!("{path}?{}", parts.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_filter_and_drops_its_page() {
        let query = QueueQuery {
            queue: "overdue".into(),
            commune: "09556".into(),
            village: "Tổ 3".into(),
            view: "gon".into(),
            after: "2026-11-02_x".into(),
            ..QueueQuery::default()
        };
        assert_eq!(query.href("/viec", |_| ()), "/viec?hang=overdue&xa=09556&to=T%E1%BB%95%203&xem=gon");
        assert_eq!(query.href("/viec", |q| q.commune.clear()), "/viec?hang=overdue&to=T%E1%BB%95%203&xem=gon");
        assert_eq!(query.at(), PageAt::After("2026-11-02_x".into()));
        assert_eq!((query.queue(), query.rows()), (Queue::Overdue, 20));
        assert_eq!(query.here("/viec"), "/viec?hang=overdue&xa=09556&to=T%E1%BB%95%203&xem=gon&sau=2026-11-02_x");
        assert_eq!(QueueQuery { queue: "drop table".into(), ..QueueQuery::default() }.queue(), Queue::Mine);
    }

    #[test]
    fn what_was_ticked_stays_in_the_address_and_is_shown_alone_on_wish() {
        let today = Date::new(2026, 11, 2).unwrap();
        let query = QueueQuery { queue: "open".into(), selection: "n123".into(), ..QueueQuery::default() };
        assert_eq!(query.href("/viec", |q| q.after = "x".into()), "/viec?hang=open&chon=n123&sau=x");
        assert_eq!(query.cases(today).selection, None);
        let only = QueueQuery { only: "1".into(), ..query };
        assert_eq!(only.cases(today).selection.as_deref(), Some("n123"));
        assert_eq!(QueueQuery { selection: String::new(), ..only }.cases(today).selection, None);
    }
}
