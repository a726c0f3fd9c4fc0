//! What the pages show of a run: its findings by visit, held in memory and swapped whole when another run is published.
//!
//! Each month has its own: what waits of October waits on when November is published. A page that names no month shows the newest one that has claims.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base::{CommuneCode, Date, Dong, FindingKey, Month, RunId, Scope, Strength};
use book::{Book, BookError, PeriodState};
use chapter::{App, PageError};
use engine::Session;

use super::{read, stays};

/// Months held in memory at once: the newest, the one before, and one that somebody looks up.
const KEPT: usize = 3;
/// Months before and after a month whose stays are laid beside its visits.
const BEFORE: usize = 5;
const AFTER: usize = 3;

/// A facility (cơ sở khám bệnh, chữa bệnh) of the run.
#[derive(Debug, Clone, Default)]
pub(crate) struct FacilityLine {
    /// Name, where the run knows it.
    pub(crate) name: Option<String>,
    /// Its commune, where the run knows it.
    pub(crate) commune: Option<CommuneCode>,
    /// Visits of the month, as sent last.
    pub(crate) visits: i64,
    /// Of these, visits that were sent again with another content.
    pub(crate) sent_again: i64,
    /// Dossiers given back when they came in.
    pub(crate) refused: i64,
    /// Visits without a finding that decides or must be explained.
    pub(crate) clean: i64,
    /// Asked from the fund, đồng.
    pub(crate) fund: Dong,
    /// Đồng at stake: of each visit the largest finding.
    pub(crate) at_stake: Dong,
    /// Causes of its findings: rule and findings, the most frequent first.
    pub(crate) causes: Vec<(String, i64)>,
}

/// What the run said of a rule.
#[derive(Debug, Clone, Default)]
pub(crate) struct RuleLine {
    /// `evaluated`, `not_evaluated` or `not_valid`.
    pub(crate) state: String,
    /// Tables that did not arrive.
    pub(crate) missing: Option<String>,
    /// Rows looked at.
    pub(crate) asked: i64,
    /// Of these, rows of which it could say nothing.
    pub(crate) unknown: i64,
    /// Visits of sheets 79a and 80a of which it could say nothing, because it needs what sheets do not have.
    pub(crate) without_lines: i64,
    /// Findings.
    pub(crate) found: i64,
    /// Findings that the run of the month before this one did not have.
    pub(crate) fresh: i64,
    /// Visits.
    pub(crate) visits: i64,
    /// Đồng at stake.
    pub(crate) amount: Dong,
    /// The facility with most findings, and how many.
    pub(crate) top_facility: Option<(String, i64)>,
    /// The code of lines with most findings, and how many.
    pub(crate) top_code: Option<(String, i64)>,
}

/// A finding.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    /// Key of the finding: by it a case knows it again.
    pub(crate) key: FindingKey,
    /// Place of the rule in [`Snapshot::rule_ids`].
    pub(crate) rule: usize,
    /// How strong it is.
    pub(crate) strength: Strength,
    /// Table of the line, 0 for a finding about the visit as a whole.
    pub(crate) table: u8,
    /// Row of the table, from 1; 0 for none.
    pub(crate) line: u32,
    /// Đồng at stake.
    pub(crate) amount: Dong,
    /// Whether the national system refused it already.
    pub(crate) national: bool,
}

/// A visit with findings.
#[derive(Debug, Clone)]
pub(crate) struct VisitLine {
    /// The book's number.
    pub(crate) visit: i64,
    /// Code of the facility.
    pub(crate) facility: String,
    /// Day it ended.
    pub(crate) end: Option<Date>,
    /// Whether it was an inpatient stay.
    pub(crate) inpatient: bool,
    /// Asked from the fund, đồng.
    pub(crate) billed: Dong,
    /// What may be refused of it: the most of each line, never more than was asked.
    pub(crate) expected: Dong,
    /// The strongest of its findings that the national system did not refuse already.
    pub(crate) strength: Strength,
    /// Its findings, those with the most money first.
    pub(crate) found: Vec<Found>,
}

impl VisitLine {
    /// What orders the queue: expected money times how sure it is, as the desk orders its cases.
    pub(crate) fn priority(&self) -> i64 {
        self.expected.get().saturating_mul(weight(self.strength))
    }
}

/// How much a finding of a strength weighs in the order of the queue; the weights are those of the desk. They order what people look at and decide nothing.
pub(crate) const fn weight(strength: Strength) -> i64 {
    match strength {
        Strength::Absolute => 3,
        Strength::Explain => 2,
        Strength::Warn => 1,
    }
}

/// Everything of one run that the pages show.
pub(crate) struct Snapshot {
    pub(crate) run: RunId,
    pub(crate) period: Month,
    /// Whether the run has claims at all.
    pub(crate) has_claims: bool,
    /// Facilities by code.
    pub(crate) facilities: BTreeMap<String, FacilityLine>,
    /// Rules of the run by id.
    pub(crate) rules: BTreeMap<String, RuleLine>,
    /// Ids of the rules of findings.
    pub(crate) rule_ids: Vec<String>,
    /// Visits with findings, by number.
    pub(crate) visits: Vec<VisitLine>,
    /// Places in `visits`, the highest priority first.
    pub(crate) by_priority: Vec<usize>,
    /// Places in `visits`, the largest amount first.
    pub(crate) by_billed: Vec<usize>,
    /// The tables of the run, those of earlier months as `claim_stay_1`, …
    pub(crate) session: Session,
    /// Names of the tables of stays in `session` and their months, the newest first.
    pub(crate) stays: Vec<(String, Month)>,
    /// Runs of other months whose stays are in `session`, the newest first.
    pub(super) beside: Vec<(Month, RunId)>,
}

impl Snapshot {
    pub(super) fn empty(run: RunId, period: Month, session: Session) -> Self {
        Self {
            run,
            period,
            has_claims: false,
            facilities: BTreeMap::new(),
            rules: BTreeMap::new(),
            rule_ids: Vec::new(),
            visits: Vec::new(),
            by_priority: Vec::new(),
            by_billed: Vec::new(),
            session,
            stays: Vec::new(),
            beside: Vec::new(),
        }
    }

    /// A visit with findings.
    pub(crate) fn visit(&self, number: i64) -> Option<&VisitLine> {
        self.visits.binary_search_by_key(&number, |line| line.visit).ok().and_then(|at| self.visits.get(at))
    }

    /// Id of the rule of a finding.
    pub(crate) fn rule_of(&self, found: &Found) -> &str {
        self.rule_ids.get(found.rule).map_or("", String::as_str)
    }

    /// Where a facility lies, where that is known.
    pub(crate) fn commune_of(&self, facility: &str) -> Option<&CommuneCode> {
        self.facilities.get(facility).and_then(|line| line.commune.as_ref())
    }

    /// Whether claims of a facility are open to who asks: those of the own area.
    pub(crate) fn is_open(&self, scope: &Scope, facility: &str) -> bool {
        scope.sees(self.commune_of(facility))
    }

    /// "Bệnh viện Đa khoa khu vực 3 (01103)"; the code alone where no name is known.
    pub(crate) fn facility_name(&self, code: &str) -> String {
        match self.facilities.get(code).and_then(|line| line.name.as_ref()) {
            Some(name) => format!("{name} ({code})"),
            None => code.to_owned(),
        }
    }
}

/// The snapshots of the months that were asked for last.
#[derive(Default)]
pub(crate) struct Serving {
    /// The one that was asked for last at the end; at most [`KEPT`].
    shown: Mutex<Vec<Arc<Snapshot>>>,
    /// Whether a run has claims: a run never changes, so each manifest is read once.
    with_claims: Mutex<BTreeMap<RunId, bool>>,
    /// Held while a run is read: one request does it for all.
    reading: tokio::sync::Mutex<()>,
}

impl Serving {
    /// The newest month that has claims; of a book without any claims the newest run.
    pub(crate) async fn current(&self, app: &App) -> Result<Arc<Snapshot>, PageError> {
        self.asked(app, "").await
    }

    /// The month that an address names (`2026-10`), where it was published with claims; the newest such month where it names none. Read again when
    /// another run of it was published.
    pub(crate) async fn asked(&self, app: &App, month: &str) -> Result<Arc<Snapshot>, PageError> {
        let months = self.months(app)?;
        let wanted = match month {
            "" => months.first(),
            month => Some(months.iter().find(|state| state.period.to_string() == month).ok_or(PageError::NotFound)?),
        };
        let inner = |e: BookError| PageError::inner(&e);
        let run = match wanted {
            Some(state) => app.book.run(&state.run).map_err(inner)?,
            None => app.book.latest_run().map_err(inner)?.ok_or(PageError::NoRun)?,
        };
        let beside = beside(&months, run.period);
        if let Some(known) = self.known(&run.id, &beside) {
            return Ok(known);
        }
        let _reading = match self.reading.try_lock() {
            Ok(reading) => reading,
            // Somebody reads a run already: until it is there, what is known of the same month is shown whole.
            Err(_) => match self.before(run.period) {
                Some(before) => return Ok(before),
                None => self.reading.lock().await,
            },
        };
        if let Some(known) = self.known(&run.id, &beside) {
            return Ok(known);
        }
        let fresh = Arc::new(read::snapshot(&app.book, &app.law, &run, beside).await.map_err(inner)?);
        keep(&mut self.shown(), fresh.clone());
        Ok(fresh)
    }

    /// The month that a visit is looked at in: the one an address names, else the newest that has its stay, else the newest.
    pub(crate) async fn of_visit(&self, app: &App, visit: i64, month: &str) -> Result<Arc<Snapshot>, PageError> {
        if self.months(app)?.iter().any(|state| state.period.to_string() == month) {
            return self.asked(app, month).await;
        }
        let newest = self.current(app).await?;
        match stays::of_visit(&newest, visit).await.map_err(|e| PageError::inner(&e))? {
            Some((_, month)) if month != newest.period => self.asked(app, &month.to_string()).await,
            _ => Ok(newest),
        }
    }

    /// The published months that have claims, the newest first.
    pub(crate) fn months(&self, app: &App) -> Result<Vec<PeriodState>, PageError> {
        let inner = |e: BookError| PageError::inner(&e);
        let mut months = Vec::new();
        for state in app.book.periods().map_err(inner)?.into_iter().rev() {
            if self.has_claims(&app.book, &state.run).map_err(inner)? {
                months.push(state);
            }
        }
        Ok(months)
    }

    fn has_claims(&self, book: &Book, run: &RunId) -> Result<bool, BookError> {
        let known = self.with_claims.lock().unwrap_or_else(PoisonError::into_inner).get(run).copied();
        if let Some(known) = known {
            return Ok(known);
        }
        let has = book.run(run)?.tables().get("claim_stay").is_some_and(|table| table.rows > 0);
        self.with_claims.lock().unwrap_or_else(PoisonError::into_inner).insert(run.clone(), has);
        Ok(has)
    }

    fn shown(&self) -> MutexGuard<'_, Vec<Arc<Snapshot>>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The snapshot of a run with the same months beside it; it is the one asked for last now.
    fn known(&self, run: &RunId, beside: &[(Month, RunId)]) -> Option<Arc<Snapshot>> {
        let mut shown = self.shown();
        let at = shown.iter().position(|one| one.run == *run && one.beside == beside)?;
        let known = shown.remove(at);
        shown.push(known.clone());
        Some(known)
    }

    /// What is known of a month, of whichever run.
    fn before(&self, period: Month) -> Option<Arc<Snapshot>> {
        self.shown().iter().find(|one| one.period == period).cloned()
    }
}

/// Puts a snapshot in the place of that of its month; what was not asked for the longest goes where there are too many.
fn keep(shown: &mut Vec<Arc<Snapshot>>, fresh: Arc<Snapshot>) {
    shown.retain(|one| one.period != fresh.period);
    shown.push(fresh);
    let over = shown.len().saturating_sub(KEPT);
    shown.drain(..over);
}

/// The months around a month, itself left out, the newest first.
fn beside(months: &[PeriodState], period: Month) -> Vec<(Month, RunId)> {
    let of = |state: &PeriodState| (state.period, state.run.clone());
    // Months are given the newest first: those after the month come to its side last.
    let after: Vec<_> = months.iter().rev().filter(|state| state.period > period).take(AFTER).map(of).collect();
    let before = months.iter().filter(|state| state.period < period).take(BEFORE).map(of);
    after.into_iter().rev().chain(before).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn state(period: &str) -> PeriodState {
        PeriodState { period: month(period), run: RunId::parse(&format!("{period}-a1b2c3d4")).unwrap() }
    }

    #[test]
    fn the_nearest_months_lie_beside_a_month() {
        let months: Vec<PeriodState> = (1..=12).rev().map(|number| state(&format!("2026-{number:02}"))).collect();
        let around: Vec<String> = beside(&months, month("2026-07")).iter().map(|(month, _)| month.to_string()).collect();
        let expected = ["2026-10", "2026-09", "2026-08", "2026-06", "2026-05", "2026-04", "2026-03", "2026-02"];
        assert_eq!(around, expected);
        let newest: Vec<String> = beside(&months, month("2026-12")).iter().map(|(month, _)| month.to_string()).collect();
        assert_eq!(newest, ["2026-11", "2026-10", "2026-09", "2026-08", "2026-07"]);
    }

    #[test]
    fn a_few_months_are_held_and_the_one_nobody_asks_for_goes() {
        let law = law::Law::load(std::iter::empty::<(&str, &str)>()).unwrap();
        let snapshot = |text: &str| {
            let session = Session::new(&law, &engine::Options::default()).unwrap();
            Arc::new(Snapshot::empty(state(text).run, month(text), session))
        };
        let serving = Serving::default();
        for text in ["2026-08", "2026-09", "2026-10"] {
            keep(&mut serving.shown(), snapshot(text));
        }
        assert!(serving.known(&state("2026-08").run, &[]).is_some(), "August is asked for again");
        keep(&mut serving.shown(), snapshot("2026-11"));
        let held: Vec<String> = serving.shown().iter().map(|one| one.period.to_string()).collect();
        assert_eq!(held, ["2026-10", "2026-08", "2026-11"], "September was not asked for the longest");
        keep(&mut serving.shown(), snapshot("2026-10"));
        assert_eq!(serving.shown().len(), KEPT, "another run of October takes its place");
        assert!(serving.before(month("2026-09")).is_none());
    }
}
