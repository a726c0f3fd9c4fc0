//! What the address of the queue says.

use base::{Date, Month, Strength};
use chapter::{Searched, Sought, encode};
use desk::{HeldVisit, PageAt, ReviewDue, ReviewOrder, ReviewOwner, ReviewQuery, ReviewState};
use serde::Deserialize;

use super::AUDIT;
use super::serving::{Found, Snapshot, VisitLine};
use super::words::strength_word;

/// Rows of a page.
pub(crate) const ROWS: usize = 50;

/// Which part of the work is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Visits with findings that nobody works on yet.
    Waiting,
    /// Visits that have a case and findings that none of their cases holds.
    Fresh,
    /// Cases of a state.
    Cases(ReviewState),
    /// Cases of which an answer, files or minutes are overdue.
    Overdue,
    /// Visits that the national system refused already.
    National,
}

impl Part {
    /// Whether it is of cases; else it is of visits.
    pub(crate) fn is_of_cases(self) -> bool {
        matches!(self, Self::Cases(_) | Self::Overdue)
    }
}

/// The queue, narrowed, and its page. Empty parts narrow nothing.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct QueueQuery {
    /// Month, `2026-10`; empty: of findings the newest month that has claims, of cases all months.
    #[serde(rename = "ky", default)]
    pub(crate) month: String,
    /// Part: empty, the word of a state, `ngoai-vu-viec`, `qua-han` or `quoc-gia`.
    #[serde(rename = "muc", default)]
    pub(crate) part: String,
    /// Code of a facility.
    #[serde(rename = "co-so", default)]
    pub(crate) facility: String,
    /// Rule.
    #[serde(rename = "quy-tac", default)]
    pub(crate) rule: String,
    /// Strength.
    #[serde(rename = "muc-do", default)]
    pub(crate) strength: String,
    /// Order: empty, or `de-nghi` by billed amount, `han` by term.
    #[serde(rename = "xep", default)]
    pub(crate) order: String,
    /// `toi`: one's own cases; `chua-ai`: nobody's.
    #[serde(rename = "nguoi", default)]
    pub(crate) owner: String,
    /// Number of a visit, code of the portal, words of a reason.
    #[serde(rename = "tim", default)]
    pub(crate) text: Sought,
    /// Place in the order of visits to go on from.
    #[serde(rename = "tu", default)]
    pub(crate) from: String,
    /// Keyset: cases after this place.
    #[serde(rename = "sau", default)]
    pub(crate) after: String,
    /// Keyset: cases before this place.
    #[serde(rename = "truoc", default)]
    pub(crate) before: String,
}

impl Searched for QueueQuery {
    fn sought(&mut self) -> Vec<&mut Sought> {
        vec![&mut self.text]
    }
}

impl QueueQuery {
    /// The part asked for; what waits where it is none.
    pub(crate) fn part(&self) -> Part {
        match ReviewState::from_word(&self.part) {
            Some(state) => Part::Cases(state),
            None if self.part == "quoc-gia" => Part::National,
            None if self.part == "qua-han" => Part::Overdue,
            None if self.part == "ngoai-vu-viec" => Part::Fresh,
            None => Part::Waiting,
        }
    }

    /// The order asked for; only cases have a term.
    pub(crate) fn order(&self) -> ReviewOrder {
        match (self.order.as_str(), self.part()) {
            ("de-nghi", _) => ReviewOrder::Billed,
            ("han", part) if part.is_of_cases() => ReviewOrder::Due,
            _ => ReviewOrder::Priority,
        }
    }

    /// Place in the order of visits to go on from.
    pub(crate) fn from(&self) -> usize {
        self.from.parse().unwrap_or(0)
    }

    /// The strength asked for.
    pub(crate) fn strength(&self) -> Option<Strength> {
        [Strength::Absolute, Strength::Explain, Strength::Warn].into_iter().find(|one| strength_word(*one) == self.strength)
    }

    /// Whether a finding of a visit belongs to the part asked for. `held`: what the cases of the visit hold, where it has one. What the national
    /// system refused counts in its own part alone; of a visit of which all is proposed or refused already nothing more is looked for.
    pub(crate) fn is_of_part(&self, visit: &VisitLine, held: Option<&HeldVisit>, found: &Found) -> bool {
        match self.part() {
            Part::National => found.national,
            Part::Waiting => !found.national && held.is_none(),
            Part::Fresh => {
                let outside = |held: &HeldVisit| held.taken < visit.billed && !held.findings.contains(&found.key);
                !found.national && held.is_some_and(outside)
            }
            Part::Cases(_) | Part::Overdue => false,
        }
    }

    /// Whether a visit is asked for: one of its findings of the part is.
    pub(crate) fn wants(&self, snapshot: &Snapshot, visit: &VisitLine, held: Option<&HeldVisit>) -> bool {
        let strength = self.strength();
        (self.facility.is_empty() || visit.facility == self.facility)
            && visit.found.iter().filter(|found| self.is_of_part(visit, held, found)).any(|found| {
                (self.rule.is_empty() || snapshot.rule_of(found) == self.rule) && strength.is_none_or(|one| one == found.strength)
            })
    }

    /// The desk's query for the cases of the part.
    pub(crate) fn cases(&self, today: Date) -> ReviewQuery {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let mut query = ReviewQuery::new(today);
        query.state = match self.part() {
            Part::Cases(state) => Some(state),
            Part::Waiting | Part::Fresh | Part::Overdue | Part::National => None,
        };
        query.due = (self.part() == Part::Overdue).then_some(ReviewDue::Overdue);
        query.period = self.month.parse::<Month>().ok();
        query.facility = some(&self.facility);
        query.owner = match self.owner.as_str() {
            "toi" => Some(ReviewOwner::Me),
            "chua-ai" => Some(ReviewOwner::Nobody),
            _ => None,
        };
        // Cases know their rules by name: a rule is looked for as a word.
        query.text = some(&self.text).or_else(|| some(&self.rule));
        query.order = self.order();
        query
    }

    /// The page of cases asked for.
    pub(crate) fn at(&self) -> PageAt {
        if !self.after.is_empty() {
            PageAt::After(self.after.clone())
        } else if !self.before.is_empty() {
            PageAt::Before(self.before.clone())
        } else {
            PageAt::First
        }
    }

    /// The parts that narrow, by their names in addresses and forms.
    pub(crate) fn narrowing(&self) -> Vec<(String, String)> {
        let all: [(&str, &str); 8] = [
            ("ky", &self.month),
            ("muc", &self.part),
            ("co-so", &self.facility),
            ("quy-tac", &self.rule),
            ("muc-do", &self.strength),
            ("xep", &self.order),
            ("nguoi", &self.owner),
            ("tim", self.text.sealed()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The address with some parts changed; marks of pages are dropped first.
    pub(crate) fn href(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut query = Self { from: String::new(), after: String::new(), before: String::new(), ..self.clone() };
        change(&mut query);
        let marks = [("tu", &query.from), ("sau", &query.after), ("truoc", &query.before)];
        let marks =
            marks.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.clone()));
        let parts: Vec<String> =
            query.narrowing().into_iter().chain(marks).map(|(name, value)| format!("{name}={}", encode(&value))).collect();
        if parts.is_empty() { AUDIT.to_owned() } else { format!("{AUDIT}?{}", parts.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use base::{Dong, FindingKey, SubjectKind};

    use super::*;

    #[test]
    fn an_address_keeps_its_filter_and_drops_its_page() {
        let query =
            QueueQuery { facility: "01001".into(), rule: "card-not-valid".into(), from: "50".into(), ..QueueQuery::default() };
        assert_eq!(query.href(|_| ()), "/giam-dinh?co-so=01001&quy-tac=card-not-valid");
        assert_eq!(query.href(|q| q.rule.clear()), "/giam-dinh?co-so=01001");
        assert_eq!(QueueQuery::default().href(|_| ()), "/giam-dinh");
        let october = QueueQuery { month: "2026-10".into(), ..query.clone() };
        assert_eq!(october.href(|q| q.facility.clear()), "/giam-dinh?ky=2026-10&quy-tac=card-not-valid", "the month stays");
        let day: Date = "2026-12-01".parse().unwrap();
        assert_eq!(october.cases(day).period, "2026-10".parse().ok());
        assert_eq!(query.cases(day).period, None, "cases of all months where none is named");
        assert_eq!((query.part(), query.from()), (Part::Waiting, 50));
    }

    #[test]
    fn a_part_is_a_state_or_a_queue_and_nothing_else() {
        let part = |word: &str| QueueQuery { part: word.into(), ..QueueQuery::default() }.part();
        let by_state =
            |word: &str| QueueQuery { part: word.into(), ..QueueQuery::default() }.cases("2026-12-01".parse().unwrap());
        assert_eq!(part("sent"), Part::Cases(ReviewState::Sent));
        assert_eq!(part("quoc-gia"), Part::National);
        assert_eq!(part("ngoai-vu-viec"), Part::Fresh);
        assert_eq!(part("qua-han"), Part::Overdue);
        assert_eq!(part("drop table"), Part::Waiting);
        let by_term = QueueQuery { order: "han".into(), ..QueueQuery::default() };
        assert!(matches!(by_term.order(), ReviewOrder::Priority), "what is no case has no term");
        let overdue = QueueQuery { part: "qua-han".into(), ..by_term };
        let asked = overdue.cases("2026-12-01".parse().unwrap());
        assert_eq!((asked.state, asked.due, asked.order), (None, Some(ReviewDue::Overdue), ReviewOrder::Due));
        assert_eq!(by_state("sent").due, None, "of a state, overdue or not");
    }

    fn found(place: &str, national: bool) -> Found {
        Found {
            key: FindingKey::new("a-rule", SubjectKind::Visit, "7", &[place]),
            rule: 0,
            strength: Strength::Explain,
            table: 2,
            line: 1,
            amount: Dong::new(60_000),
            national,
        }
    }

    #[test]
    fn a_finding_waits_then_lies_in_a_case_and_a_later_one_is_shown_beside_it() {
        let (first, later, refused) = (found("1", false), found("2", false), found("3", true));
        let visit = VisitLine {
            visit: 7,
            facility: "01001".into(),
            end: None,
            inpatient: false,
            billed: Dong::new(500_000),
            expected: Dong::new(60_000),
            strength: Strength::Explain,
            found: vec![first, later, refused],
        };
        let of = |part: &str, held: Option<&HeldVisit>| {
            let query = QueueQuery { part: part.into(), ..QueueQuery::default() };
            visit.found.iter().map(|found| query.is_of_part(&visit, held, found)).collect::<Vec<_>>()
        };
        assert_eq!(of("", None), [true, true, false], "no case: both wait");
        assert_eq!(of("ngoai-vu-viec", None), [false, false, false]);
        let case = HeldVisit { findings: [first.key].into(), taken: Dong::new(60_000) };
        assert_eq!(of("", Some(&case)), [false, false, false], "a visit with a case waits no more");
        assert_eq!(of("ngoai-vu-viec", Some(&case)), [false, true, false], "the later finding is not lost");
        assert_eq!(of("quoc-gia", Some(&case)), [false, false, true]);
        let all = HeldVisit { taken: Dong::new(500_000), ..case };
        assert_eq!(of("ngoai-vu-viec", Some(&all)), [false, false, false], "nothing is left to refuse");
    }
}
