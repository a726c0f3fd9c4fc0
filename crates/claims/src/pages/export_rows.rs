//! A line of the sheets that auditors take out: facility, its key of the visit, number on the portal, rules, lines, money, state and term. No name, no card,
//! no number of a person, and neither codes nor names of diseases, drugs and services.

use base::{Date, Dong};
use desk::{ReviewCase, ReviewLine, ReviewState};
use documents::sheet::{Cell, Column};
use web::Locale;

use super::found::FoundHere;
use super::query::{Part, QueueQuery};
use super::queue::{self, Held};
use super::serving::{Found, Snapshot, VisitLine};
use super::{Audit, read, words};

/// A line of a sheet.
#[derive(Debug, Clone, Default)]
pub(super) struct SheetLine {
    pub(super) visit: i64,
    pub(super) facility: String,
    pub(super) portal_code: Option<String>,
    /// Ids of its rules, each once.
    rules: Vec<String>,
    strength: String,
    /// Lines of the dossier, each once.
    places: Vec<String>,
    billed: Option<Dong>,
    /// Expected of a visit, or at stake of a finding.
    stake: Option<Dong>,
    proposed: Option<Dong>,
    decided: Option<Dong>,
    end: Option<Date>,
    state: String,
    due: Option<Date>,
}

impl SheetLine {
    /// A visit of a part of the queue with its findings of that part.
    pub(super) fn of_visit(l: Locale, snapshot: &Snapshot, (query, held): (&QueueQuery, &Held), visit: &VisitLine) -> Self {
        let national = query.part() == Part::National;
        let of_part = |found: &Found| query.is_of_part(visit, held.get(&visit.visit), found);
        let strength = visit.found.iter().filter(|found| of_part(found)).map(|found| found.strength).min();
        let mut line = Self {
            visit: visit.visit,
            facility: visit.facility.clone(),
            strength: if national { String::new() } else { words::strength_words(l, strength.unwrap_or(visit.strength)) },
            billed: Some(visit.billed),
            stake: Some(if national { visit.expected } else { read::expected(visit, of_part) }),
            end: visit.end,
            state: match query.part() {
                Part::National => l.t("claims-national"),
                part => queue::part_title(l, part),
            },
            ..Self::default()
        };
        for found in visit.found.iter().filter(|found| of_part(found)) {
            let table = (found.table > 0).then(|| format!("xml{}", found.table));
            let number = Some(i64::from(found.line)).filter(|number| *number > 0);
            line.add(snapshot.rule_of(found), words::line(l, table.as_deref(), number));
        }
        line
    }

    /// A case with its lines.
    pub(super) fn of_case(l: Locale, snapshot: &Snapshot, case: &ReviewCase, lines: &[ReviewLine]) -> Self {
        let mut line = Self {
            visit: case.visit,
            facility: case.facility.clone(),
            portal_code: case.portal_code.clone(),
            strength: words::strength_words(l, case.strength),
            billed: Some(case.billed),
            stake: Some(case.expected),
            proposed: Some(case.proposed),
            decided: Some(case.decided),
            end: snapshot.visit(case.visit).and_then(|visit| visit.end),
            state: words::state_words(l, case.state),
            due: case.due.filter(|_| case.state == ReviewState::Sent),
            ..Self::default()
        };
        for one in lines {
            line.add(&one.rule, words::line(l, one.line_table.as_deref(), one.line_no));
        }
        line
    }

    /// A finding of a rule, with the case of its visit where there is one.
    pub(super) fn of_finding(
        l: Locale,
        snapshot: &Snapshot,
        found: &FoundHere,
        visit: &VisitLine,
        case: Option<&ReviewCase>,
    ) -> Self {
        let mut line = Self {
            billed: Some(visit.billed),
            end: visit.end,
            ..case.map_or_else(Self::default, |case| Self::of_case(l, snapshot, case, &[]))
        };
        (line.visit, line.facility, line.stake) = (visit.visit, visit.facility.clone(), found.amount);
        line.strength = words::strength_words(l, found.strength);
        if found.national.is_some() {
            line.state = l.t("claims-national");
        } else if case.is_none() {
            line.state = l.t("claims-part-waiting");
        }
        line.add(&found.rule, words::line(l, found.table.as_deref(), found.line));
        line
    }

    fn add(&mut self, rule: &str, place: String) {
        if !self.rules.iter().any(|known| known == rule) {
            self.rules.push(rule.to_owned());
        }
        if !self.places.contains(&place) {
            self.places.push(place);
        }
    }

    /// Its cells, in the order of [`columns`]. `key`: what the facility calls the visit.
    pub(super) fn cells(&self, audit: &Audit, l: Locale, number: i64, facility: &str, key: Option<&String>) -> Vec<Cell> {
        let titles: Vec<String> = self.rules.iter().map(|id| words::rule(&audit.app, l, id)).collect();
        let dong = |sum: Option<Dong>| Cell::from(sum.map(Dong::get));
        vec![
            Cell::from(number),
            Cell::from(self.facility.as_str()),
            Cell::from(facility),
            Cell::from(key.cloned()),
            Cell::from(self.portal_code.clone()),
            Cell::from(self.visit.to_string()),
            Cell::from(self.rules.join("; ")),
            Cell::from(titles.join("; ")),
            Cell::from(self.strength.as_str()),
            Cell::from(self.places.join("; ")),
            dong(self.billed),
            dong(self.stake),
            dong(self.proposed),
            dong(self.decided),
            Cell::from(self.end),
            Cell::from(self.state.as_str()),
            Cell::from(self.due),
        ]
    }
}

/// The columns of a sheet; `stake` is what the money of a line is called.
pub(super) fn columns(l: Locale, stake: String) -> Vec<Column> {
    vec![
        Column::new(l.t("claims-sheet-number"), 6),
        Column::new(l.t("claims-sheet-facility"), 14),
        Column::new(l.t("claims-facility"), 34),
        Column::new(l.t("claims-ma-lk"), 26),
        Column::new(l.t("claims-portal-code"), 22),
        Column::new(l.t("claims-sheet-visit"), 22),
        Column::new(l.t("claims-sheet-rules"), 30),
        Column::new(l.t("claims-rule"), 50),
        Column::new(l.t("claims-column-strength"), 20),
        Column::new(l.t("claims-sheet-lines"), 30),
        Column::new(l.t("claims-column-billed"), 18),
        Column::new(stake, 18),
        Column::new(l.t("claims-column-proposed"), 18),
        Column::new(l.t("claims-column-decided"), 18),
        Column::new(l.t("claims-column-end"), 14),
        Column::new(l.t("claims-column-state"), 22),
        Column::new(l.t("claims-column-due"), 16),
    ]
}
