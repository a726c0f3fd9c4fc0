//! Retention (thời hạn lưu): by decision, periods older than a term lose every table that holds people. Manifests, counts, hashes and tables
//! that hold nobody stay, so old figures still stand, and a table that is gone says by which decision.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use base::{Month, RunId};
use engine::DataFile;
use serde::{Deserialize, Serialize};

use crate::{Book, BookError, Fingerprint, RunManifest, TableRef, WriterLock, files};

/// What is to be forgotten.
#[derive(Debug, Clone, Copy)]
pub struct Term<'a> {
    /// Periods before this month are over their term.
    pub before: Month,
    /// The document that orders it; without one nothing is erased and the answer says what would be.
    pub decision: Option<&'a str>,
    /// Now, Unix milliseconds.
    pub at: i64,
}

/// What was erased, or would be: numbers and names of runs, nobody's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// Periods before this month.
    pub before: Month,
    /// The document that ordered it; empty while it was only counted.
    pub decision: String,
    /// Unix milliseconds.
    pub at: i64,
    /// Runs that lost tables.
    pub runs: Vec<RunId>,
    /// Batches that lost their rows.
    pub batches: Vec<String>,
    /// Hashes of the tables.
    pub tables: Vec<String>,
    /// Files of refused rows.
    pub rejects: u64,
    /// Bytes of tables and refused rows.
    pub bytes: u64,
}

impl Forgotten {
    /// Whether there was anything to erase.
    pub fn erased_anything(&self) -> bool {
        !self.tables.is_empty() || self.rejects > 0
    }
}

impl Book {
    /// Erases what holds people in periods before the term: tables that `holds_people` names, copies of desk rows, received rows, refused
    /// rows. What a run of a kept period shares with an older one stays, and so does the run before it, by which it can be run again. The
    /// newest period always stays, however old.
    ///
    /// What is erased is written down first; a crash in between leaves files that the same call takes away. Errors: the disk's.
    pub fn forget(
        &self,
        _lock: &WriterLock,
        holds_people: &dyn Fn(&str) -> bool,
        term: Term<'_>,
    ) -> Result<Forgotten, BookError> {
        let newest = self.periods()?.last().map(|state| state.period);
        let over = |period: Month| period < term.before && newest.is_none_or(|newest| period < newest);
        let mut forgotten = Forgotten {
            before: term.before,
            decision: term.decision.unwrap_or_default().to_owned(),
            at: term.at,
            runs: Vec::new(),
            batches: Vec::new(),
            tables: Vec::new(),
            rejects: 0,
            bytes: 0,
        };
        let (mut old, mut kept): (BTreeSet<String>, BTreeSet<String>) = Default::default();
        let mut old_runs: Vec<(RunId, BTreeSet<String>)> = Vec::new();
        let runs = self.all_runs()?;
        let before = runs.iter().filter(|run| !over(run.period)).flat_map(|run| [&run.previous, &run.numbering, &run.standing]);
        let before: BTreeSet<RunId> = before.flatten().cloned().collect();
        for run in runs {
            let people: Vec<TableRef> = run_tables(&run).filter(|(name, _)| holds_people(name)).map(|(_, table)| table).collect();
            if over(run.period) && !before.contains(&run.id) {
                let held = people.into_iter().map(|table| table.hash).chain(run.desk.into_values().map(|table| table.hash));
                let held: BTreeSet<String> = held.collect();
                old.extend(held.iter().cloned());
                old_runs.push((run.id, held));
            } else {
                kept.extend(run_tables(&run).map(|(_, table)| table.hash));
                kept.extend(run.desk.into_values().map(|table| table.hash));
            }
        }
        let mut refused = Vec::new();
        for period in self.batch_periods()? {
            for batch in self.all_batches(period)? {
                if !over(period) {
                    kept.insert(batch.table.hash);
                    continue;
                }
                let rejects = self.rejects_path(&batch);
                if self.table_path(&batch.table).exists() || rejects.exists() {
                    forgotten.batches.push(batch.id.clone());
                }
                refused.extend(Some(rejects).filter(|path| path.exists()));
                old.insert(batch.table.hash);
            }
        }
        for packet in self.packets()? {
            let lost = packet.parts.iter().filter(|part| over(part.period)).flat_map(|part| part.tables.values());
            let lost: Vec<String> = lost.map(|table| table.hash.clone()).collect();
            let whole = over(packet.received.month()) && packet.parts.iter().all(|part| over(part.period));
            let rejects = Some(self.refused_path(&packet)).filter(|path| whole && path.exists());
            if rejects.is_some() || lost.iter().any(|hash| self.object(hash).exists()) {
                forgotten.batches.push(packet.name());
            }
            refused.extend(rejects);
            old.extend(lost);
            kept.extend(
                packet.parts.iter().filter(|part| !over(part.period)).flat_map(|p| p.tables.values()).map(|t| t.hash.clone()),
            );
        }
        let gone: Vec<(String, PathBuf)> = old.difference(&kept).map(|hash| (hash.clone(), self.object(hash))).collect();
        let gone: Vec<(String, PathBuf)> = gone.into_iter().filter(|(_, path)| path.exists()).collect();
        forgotten.tables = gone.iter().map(|(hash, _)| hash.clone()).collect();
        let lost: BTreeSet<&String> = gone.iter().map(|(hash, _)| hash).collect();
        let loses = |(_, held): &&(RunId, BTreeSet<String>)| held.iter().any(|hash| lost.contains(hash));
        forgotten.runs = old_runs.iter().filter(loses).map(|(run, _)| run.clone()).collect();
        forgotten.rejects = refused.len() as u64;
        let paths: Vec<PathBuf> = gone.into_iter().map(|(_, path)| path).chain(refused).collect();
        for path in &paths {
            forgotten.bytes += fs::metadata(path).map_err(|e| BookError::io(path, &e))?.len();
        }
        if term.decision.is_some() && !paths.is_empty() {
            self.put_forgotten(&forgotten)?;
            for path in &paths {
                fs::remove_file(path).map_err(|e| BookError::io(path, &e))?;
            }
        }
        Ok(forgotten)
    }

    /// What was forgotten so far, oldest first.
    pub fn forgotten(&self) -> Result<Vec<Forgotten>, BookError> {
        let folder = self.root.join("forgotten");
        let mut all: Vec<Forgotten> = Vec::new();
        if folder.exists() {
            for path in files::json_files(&folder)? {
                all.extend(files::read_json::<Forgotten>(&path)?);
            }
        }
        all.sort_by_key(|one| one.at);
        Ok(all)
    }

    fn put_forgotten(&self, forgotten: &Forgotten) -> Result<(), BookError> {
        let body = files::to_json(forgotten)?;
        let name = Fingerprint::new("forgotten").with("record", &body).finish();
        let path = self.root.join("forgotten").join(format!("{name}.json"));
        files::put(&self.root.join("unfinished"), &path, &body)
    }

    /// Every run there is.
    fn all_runs(&self) -> Result<Vec<RunManifest>, BookError> {
        let mut runs: Vec<RunManifest> = Vec::new();
        for path in files::json_files(&self.root.join("runs"))? {
            runs.extend(self.read_record::<RunManifest>(&path)?);
        }
        Ok(runs)
    }

    /// The file of a table, or why there is none: it was taken out by decision, or it is lost.
    pub fn table_file(&self, table: &TableRef) -> Result<DataFile, BookError> {
        let file = self.table_at(table);
        if file.exists() {
            return Ok(file);
        }
        let by = self.forgotten()?.into_iter().find(|one| one.tables.contains(&table.hash));
        Err(match by {
            Some(by) => BookError::Forgotten { before: by.before, decision: by.decision },
            None => BookError::damaged(file.path(), "the table is not there"),
        })
    }

    fn object(&self, hash: &str) -> PathBuf {
        object_path(&self.root, hash)
    }
}

/// Where the bytes of a hash lie.
pub(crate) fn object_path(root: &Path, hash: &str) -> PathBuf {
    root.join("objects").join(hash.get(..2).unwrap_or("00")).join(format!("{hash}.parquet"))
}

fn run_tables(run: &RunManifest) -> impl Iterator<Item = (String, TableRef)> + '_ {
    run.steps.iter().flat_map(|step| step.tables.iter().map(|(name, table)| (name.clone(), table.clone())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use engine::arrow::array::Int64Array;
    use engine::arrow::datatypes::{DataType, Field, Schema};
    use engine::arrow::record_batch::RecordBatch;

    use super::*;
    use crate::StepRecord;

    const DECISION: Option<&str> = Some("Quyết định 15/QĐ-BHXH");

    /// A table of one number.
    fn table(book: &Book, number: i64) -> TableRef {
        let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]));
        let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(Int64Array::from(vec![number]))]).expect("batch");
        book.put_table(schema, &[batch]).expect("table")
    }

    fn month(text: &str) -> Month {
        text.parse().expect("month")
    }

    /// A run with a table of people and one of figures, which are given.
    fn run(book: &Book, period: &str, tables: &[(&str, &TableRef)], desk: i64, before: Option<&RunManifest>) -> RunManifest {
        let tables = tables.iter().map(|(name, table)| ((*name).to_owned(), (*table).clone())).collect();
        let run = RunManifest {
            id: RunId::parse("2000-01-aaaaaaaa").expect("id"),
            schema: 1,
            period: month(period),
            program: "p".into(),
            content: "c".into(),
            batches: Vec::new(),
            packets: Vec::new(),
            desk: BTreeMap::from([("decision".to_owned(), table(book, desk))]),
            previous: before.map(|run| run.id.clone()),
            numbering: None,
            standing: None,
            full: false,
            steps: vec![StepRecord { step: "s".into(), fingerprint: period.into(), tables }],
        };
        let run = run.name().expect("name");
        book.publish(&run).expect("published");
        run
    }

    fn people(name: &str) -> bool {
        name == "person"
    }

    #[test]
    fn an_old_period_loses_its_people_and_keeps_its_figures() {
        let folder = tempfile::tempdir().expect("folder");
        let book = Book::open(folder.path()).expect("book");
        let (old, shared, figures, new) = (table(&book, 1), table(&book, 2), table(&book, 3), table(&book, 4));
        let first = run(&book, "2026-09", &[("person", &old), ("indicator", &figures)], 9, None);
        run(&book, "2026-10", &[("person", &shared)], 10, Some(&first));
        let eleventh = table(&book, 5);
        let before = run(&book, "2026-11", &[("person", &eleventh)], 11, None);
        run(&book, "2026-12", &[("person", &shared), ("other", &new)], 12, Some(&before));
        let lock = book.lock().expect("lock");
        let term = |decision| Term { before: month("2026-12"), decision, at: 7 };

        let counted = book.forget(&lock, &people, term(None)).expect("counted");
        assert!(book.table_path(&old).exists() && book.forgotten().expect("read").is_empty(), "only counted");
        let done = book.forget(&lock, &people, term(DECISION)).expect("erased");
        assert_eq!((&done.tables, done.bytes), (&counted.tables, counted.bytes));
        assert_eq!(done.tables.len(), 3, "people of September and two copies of the desk: {done:?}");
        assert!(!book.table_path(&old).exists());
        assert!(book.table_path(&shared).exists(), "December has it too");
        assert!(book.table_path(&eleventh).exists(), "December was run on November");
        assert!(book.table_path(&figures).exists() && book.table_path(&new).exists());

        let why = book.read_table(&old, None).expect_err("it is gone");
        assert!(why.to_string().contains("15/QĐ-BHXH"), "{why}");
        assert!(book.step("2026-09").expect("read").is_none(), "a step without its tables is done again, not taken over");
        assert_eq!(book.run(&first.id).expect("manifest").steps[0].tables["person"].rows, 1, "counts stay");
        let again = book.forget(&lock, &people, term(DECISION)).expect("nothing left");
        assert!(again.tables.is_empty() && again.runs.is_empty());
        assert_eq!(book.forgotten().expect("read").len(), 1);
    }

    #[test]
    fn the_newest_period_stays_however_old() {
        let folder = tempfile::tempdir().expect("folder");
        let book = Book::open(folder.path()).expect("book");
        let only = table(&book, 1);
        run(&book, "2020-01", &[("person", &only)], 2, None);
        let lock = book.lock().expect("lock");
        let done =
            book.forget(&lock, &people, Term { before: month("2030-01"), decision: DECISION, at: 0 }).expect("nothing to do");
        assert!(done.tables.is_empty());
        assert!(book.table_path(&only).exists());
    }

    #[test]
    fn a_table_that_nobody_took_out_is_a_damage() {
        let folder = tempfile::tempdir().expect("folder");
        let book = Book::open(folder.path()).expect("book");
        let lost = table(&book, 1);
        fs::remove_file(book.table_path(&lost)).expect("removed");
        assert!(matches!(book.read_table(&lost, None), Err(BookError::Damaged { .. })));
    }
}
