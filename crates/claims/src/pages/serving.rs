//! What the pages show of the newest run: its findings by visit, held in memory and swapped whole when another run is published.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use base::{CommuneCode, Date, Dong, Month, RunId, Scope, Strength};
use chapter::{App, PageError};
use engine::Session;

use super::read;

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
    /// Whether there is anything that the national system did not refuse already.
    pub(crate) fn is_ours(&self) -> bool {
        self.found.iter().any(|found| !found.national)
    }

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

/// The snapshot of the newest run.
#[derive(Default)]
pub(crate) struct Serving {
    shown: RwLock<Option<Arc<Snapshot>>>,
    /// Held while a run is read: one request does it for all.
    reading: tokio::sync::Mutex<()>,
}

impl Serving {
    /// The newest run's snapshot; read again when another run was published.
    pub(crate) async fn current(&self, app: &App) -> Result<Arc<Snapshot>, PageError> {
        let run = app.book.latest_run().map_err(|e| PageError::inner(&e))?.ok_or(PageError::NoRun)?;
        if let Some(known) = self.known(&run.id) {
            return Ok(known);
        }
        let _reading = match self.reading.try_lock() {
            Ok(reading) => reading,
            // Somebody reads the new run already: until it is there the one before is shown whole.
            Err(_) => match self.shown() {
                Some(before) => return Ok(before),
                None => self.reading.lock().await,
            },
        };
        if let Some(known) = self.known(&run.id) {
            return Ok(known);
        }
        let fresh = Arc::new(read::snapshot(&app.book, &app.law, &run).await.map_err(|e| PageError::inner(&e))?);
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh.clone());
        Ok(fresh)
    }

    fn shown(&self) -> Option<Arc<Snapshot>> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn known(&self, run: &RunId) -> Option<Arc<Snapshot>> {
        self.shown().filter(|known| known.run == *run)
    }
}
