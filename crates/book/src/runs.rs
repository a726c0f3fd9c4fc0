//! Runs and the state of a period.

use std::collections::BTreeMap;

use base::{Month, RunId};
use serde::{Deserialize, Serialize};

use crate::{Book, BookError, Fingerprint, TableRef, files};

/// The outcome of one step: which tables it wrote from which inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Name of the step, e.g. `coverage.register`.
    pub step: String,
    /// Hash over everything the step depends on.
    pub fingerprint: String,
    /// Tables it wrote.
    pub tables: BTreeMap<String, TableRef>,
}

/// One run of a period: its inputs, what it worked with, what it published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunManifest {
    /// Name of the run: period and a short hash of the rest.
    pub id: RunId,
    /// Form of this record.
    pub schema: u32,
    /// The period.
    pub period: Month,
    /// Hash of the program that ran.
    pub program: String,
    /// Hash of law, rules, formats and places, kept in the book.
    pub content: String,
    /// Batches it read, by id.
    pub batches: Vec<String>,
    /// Packets of claims it read, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packets: Vec<String>,
    /// Desk rows it read, copied into the book.
    pub desk: BTreeMap<String, TableRef>,
    /// The run of the period before, where findings came from.
    pub previous: Option<RunId>,
    /// The run whose numbers of people were kept.
    pub numbering: Option<RunId>,
    /// The run whose links of people stand where nothing changed; `None` in the first run and in those of older programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<RunId>,
    /// Whether everybody was linked anew all the same: it was asked for, or program or content are others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub full: bool,
    /// Steps in the order they ran.
    pub steps: Vec<StepRecord>,
}

/// What a period shows: its latest run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodState {
    /// The period.
    pub period: Month,
    /// The run that is shown.
    pub run: RunId,
}

impl RunManifest {
    /// Works out the run's name from everything else in the manifest.
    pub fn name(mut self) -> Result<Self, BookError> {
        let body = files::to_json(&self)?;
        let hash = Fingerprint::new("run").with("manifest", body).finish();
        let id = format!("{}-{}", self.period, named_part(&hash));
        self.id = RunId::parse(&id).ok_or_else(|| BookError::Missing { what: format!("a name for run {id}") })?;
        Ok(self)
    }

    /// All tables the run published.
    pub fn tables(&self) -> BTreeMap<String, TableRef> {
        self.steps.iter().flat_map(|s| s.tables.clone()).collect()
    }
}

/// The first eight letters of a hash among which one is no digit: a name of digits alone looks like the number of a
/// person, and the audit log refuses those.
fn named_part(hash: &str) -> &str {
    let windows = (0..hash.len().saturating_sub(7)).map(|at| &hash[at..at + 8]);
    windows.into_iter().find(|part| part.bytes().any(|b| b.is_ascii_alphabetic())).unwrap_or(hash)
}

impl Book {
    /// The outcome of a step done before with the same fingerprint, when its tables are all there.
    pub fn step(&self, fingerprint: &str) -> Result<Option<StepRecord>, BookError> {
        let path = self.root.join("steps").join(format!("{fingerprint}.json"));
        let record: Option<StepRecord> = self.read_record(&path)?;
        Ok(record.filter(|r| r.tables.values().all(|t| self.has_table(t))))
    }

    /// Records the outcome of a step, after its tables are in the book.
    pub fn put_step(&self, record: &StepRecord) -> Result<(), BookError> {
        let path = self.root.join("steps").join(format!("{}.json", record.fingerprint));
        self.put_record(&path, record)
    }

    /// Publishes a run: its manifest first, then the state of its period, each in one move.
    pub fn publish(&self, run: &RunManifest) -> Result<(), BookError> {
        self.put_record(&self.root.join("runs").join(format!("{}.json", run.id)), run)?;
        let state = PeriodState { period: run.period, run: run.id.clone() };
        let path = self.root.join("periods").join(format!("{}.json", run.period));
        files::put(&self.root.join("unfinished"), &path, &files::to_json(&state)?)
    }

    /// A run by its name.
    pub fn run(&self, id: &RunId) -> Result<RunManifest, BookError> {
        let path = self.root.join("runs").join(format!("{id}.json"));
        self.read_record(&path)?.ok_or_else(|| BookError::Missing { what: format!("run {id}") })
    }

    /// All runs of a period, in the order of their names; what they read is in their manifests.
    pub fn runs_of(&self, period: Month) -> Result<Vec<RunManifest>, BookError> {
        let mut runs: Vec<RunManifest> = Vec::new();
        let prefix = format!("{period}-");
        for path in files::json_files(&self.root.join("runs"))? {
            if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(&prefix)) {
                runs.extend(self.read_record::<RunManifest>(&path)?);
            }
        }
        Ok(runs)
    }

    /// The states of all periods, oldest first.
    pub fn periods(&self) -> Result<Vec<PeriodState>, BookError> {
        let mut states: Vec<PeriodState> = Vec::new();
        for path in files::json_files(&self.root.join("periods"))? {
            states.extend(files::read_json::<PeriodState>(&path)?);
        }
        states.sort_by_key(|s| s.period);
        Ok(states)
    }

    /// The run shown for the newest period, if any was published.
    pub fn latest_run(&self) -> Result<Option<RunManifest>, BookError> {
        self.periods()?.last().map(|s| self.run(&s.run)).transpose()
    }

    /// The run shown for the newest period before `period`.
    pub fn run_before(&self, period: Month) -> Result<Option<RunManifest>, BookError> {
        self.periods()?.iter().rev().find(|s| s.period < period).map(|s| self.run(&s.run)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_never_named_by_digits_alone() {
        assert_eq!(named_part("7f3a9c2100000000"), "7f3a9c21");
        assert_eq!(named_part("1234567890a00000"), "4567890a");
    }
}
