//! What the desk itself holds about a person, row by row, for the copy that is given to them: nothing of who worked on it.

use std::collections::BTreeSet;

use base::Scope;
use serde::Serialize;

use super::about::AT_ONCE;
use super::answers;
use crate::access::{Permission, require};
use crate::db::{Row, Tx};
use crate::sql::{Bind, Sql};
use crate::{Desk, DeskError};

/// Rows of one table about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Name of the table.
    pub table: &'static str,
    /// Rows: name and value of each field that is filled; moments are Unix milliseconds (names that end in `_at`, and `at`).
    pub rows: Vec<Vec<(&'static str, String)>>,
}

/// Where a sealed value belongs, by the id of its row and the fields that come before it.
type Place = fn(&str, &[(&'static str, String)]) -> String;

/// A table that is asked.
struct Source {
    table: &'static str,
    /// Names of what comes after the id, in the order of the question.
    fields: &'static [&'static str],
    /// The question up to the numbers of people or visits; the id comes first.
    ask: &'static str,
    /// Whether it asks by visits instead of people.
    of_visits: bool,
    /// The field that may be sealed, the last one; none where nothing is.
    sealed: Option<&'static str>,
    /// Where the sealed field belongs.
    place: Place,
}

const fn plain(table: &'static str, fields: &'static [&'static str], ask: &'static str) -> Source {
    Source { table, fields, ask, of_visits: false, sealed: None, place: nowhere }
}

/// All of them. A table of the desk with a column of people belongs here (a test looks for such columns).
const SOURCES: [Source; 12] = [
    plain(
        "work_case",
        &["rule", "period", "commune", "village", "state", "outcome", "outcome_day", "due", "opened_at", "closed_at"],
        "SELECT id, rule, period, commune, village, state, outcome, outcome_day, due, opened_at, closed_at FROM work_case \
         WHERE subject_kind = 'person' AND subject IN ",
    ),
    Source {
        table: "case_event",
        fields: &["rule", "at", "what", "day", "version", "reason"],
        ask: "SELECT e.case_id, c.rule, e.at, e.what, e.day, e.version, e.reason FROM case_event e JOIN work_case c ON c.id = e.case_id \
              WHERE c.subject_kind = 'person' AND c.subject IN ",
        of_visits: false,
        sealed: Some("reason"),
        place: reason_place,
    },
    plain(
        "case_file",
        &["name", "media", "size", "added_at"],
        "SELECT f.id, f.name, f.media, f.size, f.added_at FROM case_file f JOIN work_case c ON c.id = f.case_id \
         WHERE c.subject_kind = 'person' AND c.subject IN ",
    ),
    Source {
        table: "document",
        fields: &["title", "number", "symbol", "number_day", "state", "delivered_day", "recipient"],
        ask: "SELECT id, title, number, symbol, number_day, state, delivered_day, recipient FROM document \
              WHERE subject_kind = 'person' AND subject IN ",
        of_visits: false,
        sealed: Some("recipient"),
        place: |id, _| crate::document::recipient_place(id),
    },
    Source {
        table: "review_case",
        fields: &["facility", "period", "state", "sent_on", "billed", "proposed", "decided", "overturned"],
        ask: "SELECT id, facility, period, state, sent_on, billed, proposed, decided, overturned FROM review_case WHERE visit IN ",
        of_visits: true,
        sealed: None,
        place: nowhere,
    },
    Source {
        table: "subject_request",
        fields: &["kind", "received_on", "answer_due", "done_due", "state", "ground", "words"],
        ask: "SELECT id, kind, received_on, answer_due, done_due, state, ground, words FROM subject_request WHERE person IN ",
        of_visits: false,
        sealed: Some("words"),
        place: |id, _| super::request::words_place(id),
    },
    plain(
        "processing_restriction",
        &["set_at", "lifted_at", "lifted_decision"],
        "SELECT id, set_at, lifted_at, lifted_decision FROM processing_restriction WHERE person IN ",
    ),
    Source {
        table: "school_answer",
        fields: &["school", "class", "valid_from", "valid_to", "told_at", "card_number"],
        ask: "SELECT id, school, class, valid_from, valid_to, told_at, card_number FROM school_answer WHERE person IN ",
        of_visits: false,
        sealed: Some("card_number"),
        place: |id, _| crate::school::number_place(id),
    },
    plain(
        "donor_choice",
        &["fund", "reason", "scheme", "first_month", "months", "chosen_at", "dropped_at"],
        "SELECT c.id, f.name, c.reason, c.scheme, c.first_month, c.months, c.chosen_at, c.dropped_at FROM donor_choice c \
         JOIN donor_fund f ON f.id = c.fund WHERE c.person IN ",
    ),
    plain(
        "donor_payment",
        &["fund", "dong", "first_month", "months", "number", "day"],
        "SELECT p.id, f.name, p.dong, p.first_month, p.months, p.number, p.day FROM donor_payment p \
         JOIN donor_choice c ON c.id = p.choice JOIN donor_fund f ON f.id = p.fund WHERE c.person IN ",
    ),
    plain(
        "collector_list",
        &["organisation", "campaign", "handed_on", "last_day"],
        "SELECT l.id, u.name, l.campaign, l.handed_on, l.last_day FROM collector_list_case k JOIN work_case c ON c.id = k.case_id \
         JOIN collector_list l ON l.id = k.list JOIN collector o ON o.id = l.collector JOIN unit u ON u.id = o.organisation \
         WHERE c.subject_kind = 'person' AND c.subject IN ",
    ),
    plain(
        "break_glass",
        &["reason", "opened_at", "until_at"],
        "SELECT id, reason, opened_at, until_at FROM break_glass WHERE person IN ",
    ),
];

impl Desk {
    /// What the desk holds about a person and their claimed visits, for the copy that is given to them. Only who may see whole identities
    /// and take files out asks this; the caller writes the audit event before the file leaves.
    pub async fn held_about(&self, scope: &Scope, person: i64, visits: &BTreeSet<i64>) -> Result<Vec<Held>, DeskError> {
        answers(scope)?;
        require(scope, Permission::RevealIdentity)?;
        require(scope, Permission::Export)?;
        let mut tx = self.store().read(&Scope::system()).await?;
        let visits: Vec<i64> = visits.iter().copied().collect();
        let mut all = Vec::new();
        for source in &SOURCES {
            let numbers = if source.of_visits { visits.as_slice() } else { std::slice::from_ref(&person) };
            let mut held = Held { table: source.table, rows: Vec::new() };
            for some in numbers.chunks(AT_ONCE) {
                for row in tx.rows(Sql::new(source.ask).list(some.iter().copied()).push(" ORDER BY 1")).await? {
                    held.rows.push(self.held_row(&mut tx, source, &row).await?);
                }
            }
            all.push(held);
        }
        Ok(all)
    }

    async fn held_row(&self, tx: &mut Tx, source: &Source, row: &Row) -> Result<Vec<(&'static str, String)>, DeskError> {
        let id = row.text(0)?;
        let mut fields = Vec::new();
        for (at, name) in (1..).zip(source.fields) {
            let value = match row.value(at) {
                Some(Bind::Int(Some(number))) => number.to_string(),
                Some(Bind::Text(Some(text))) if !text.is_empty() => text.clone(),
                _ => continue,
            };
            let value = match source.sealed == Some(*name) {
                true => self.open_text(tx, &(source.place)(&id, &fields), value).await?,
                false => value,
            };
            fields.push((*name, value));
        }
        Ok(fields)
    }
}

/// Where nothing is sealed.
fn nowhere(_: &str, _: &[(&'static str, String)]) -> String {
    String::new()
}

/// Where the words of a case's history belong.
fn reason_place(case: &str, fields: &[(&'static str, String)]) -> String {
    let field = |name: &str| fields.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str());
    crate::case::reason_place(case, field("version").parse().unwrap_or_default(), field("what"))
}
