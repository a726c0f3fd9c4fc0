//! `ansinh rules dry-run ID`: one rule, as the content has it now, over what a run read and wrote. Nothing is published.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::process::ExitCode;

use base::{Amount, Finding, Month, SubjectKind};
use book::{Book, Packet, RunManifest, TableRef};
use claims::{CatalogueTables, Catalogues};
use engine::{Options, Session, rows};
use rules::{Outcome, Rule, RunValues, Shape};
use serde::Serialize;

use crate::commands::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::{Workshop, open_book};

/// Rows read at once.
const ROWS: usize = 65_536;

/// What `rules dry-run --json` prints. Nothing stands as 0 that is not known: a rule that could not look has no numbers.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Id of the rule.
    rule: String,
    /// Month.
    period: Month,
    /// The run whose tables were asked.
    run: String,
    /// `evaluated`, `not_evaluated` (a table is missing) or `not_valid` (the rule does not hold in that month).
    state: &'static str,
    /// Tables that did not arrive.
    missing: Vec<String>,
    /// Findings.
    hits: Option<u64>,
    /// People they are about; of visits those who were treated. Absent for a rule about employers.
    people: Option<u64>,
    /// Đồng at stake, summed over findings; absent where the rule works none out.
    amount: Option<i64>,
    /// Facilities of visits, employers, communes of people.
    units: Option<u64>,
    /// Rows asked.
    checked: Option<u64>,
    /// Of them rows of which it could say nothing; absent for a rule over whole tables, which does not tell.
    not_checkable: Option<u64>,
}

/// Runs the command on the newest run, or on that of a month.
pub(super) fn run(environment: &Environment, shop: &Workshop, id: &str, period: Option<Month>) -> Result<ExitCode, Failure> {
    let rule = shop.rules.get(id).ok_or_else(|| Failure::usage(format!("không có quy tắc `{id}`")))?;
    let book = open_book(&environment.config)?;
    let none = || match period {
        Some(period) => Failure::input("no_run", format!("kỳ {period} chưa có lần chạy nào")),
        None => Failure::input("no_run", "thư mục dữ liệu này chưa có lần chạy nào"),
    };
    let manifest = followup::run_of(&book, period)?.ok_or_else(none)?;
    let asked = Asked { environment, shop, rule, book: &book, tables: manifest.tables(), run: &manifest };
    let report = match rule.shape {
        Shape::Row => asked.row()?,
        Shape::Query => asked.query()?,
        Shape::Code => return Err(Failure::usage(format!("quy tắc `{id}` chưa chạy thử được: dạng code"))),
    };
    output::print(environment.json, &report, || report.words())?;
    Ok(ExitCode::SUCCESS)
}

struct Asked<'a> {
    environment: &'a Environment,
    shop: &'a Workshop,
    rule: &'a Rule,
    book: &'a Book,
    tables: BTreeMap<String, TableRef>,
    run: &'a RunManifest,
}

impl Asked<'_> {
    /// A report without numbers.
    fn report(&self, state: &'static str, missing: Vec<String>) -> Report {
        Report {
            rule: self.rule.id.clone(),
            period: self.run.period,
            run: self.run.id.as_str().to_owned(),
            state,
            missing,
            hits: None,
            people: None,
            amount: None,
            units: None,
            checked: None,
            not_checkable: None,
        }
    }

    /// A rule over whole tables: those of the run, and of claims those of the months before beside them.
    fn query(&self) -> Result<Report, Failure> {
        let config = &self.environment.config;
        let options = Options { partitions: config.number("partitions")?, memory_mb: Some(config.number("memory_mb")?) };
        let session = Session::new(&self.shop.law, &options)?;
        let before = self.run.previous.as_ref().map(|id| self.book.run(id)).transpose()?;
        let earlier = crate::inputs::runs_before(self.book, before.as_ref())?;
        let period = self.run.period;
        let back = claims::LookBack::read(self.book, period, &self.tables, &earlier)?;
        let values = RunValues { period, as_of: period.last_day() };
        let outcome = crate::commands::run::runtime()?.block_on(async {
            claims::register_tables(&session, self.book, self.rule, &self.tables, &back).await?;
            rules::run_rule(self.rule, &session, &values).await.map_err(|e| Failure::of(&e, 4))
        })?;
        let found = match outcome {
            Outcome::Evaluated(found) => found,
            Outcome::NotEvaluated { missing } => return Ok(self.report("not_evaluated", missing)),
            Outcome::NotValid => return Ok(self.report("not_valid", Vec::new())),
        };
        let subjects: BTreeSet<&str> = found.iter().map(|finding| finding.subject.as_str()).collect();
        let numbers = || subjects.iter().filter_map(|subject| subject.parse().ok()).collect::<HashSet<i64>>();
        let (people, units) = match self.rule.subject {
            SubjectKind::Person => (Some(subjects.len() as u64), self.communes(&numbers())?),
            SubjectKind::Employer => (None, Some(subjects.len() as u64)),
            SubjectKind::Visit => self.of_visits(&numbers())?,
        };
        Ok(Report {
            hits: Some(found.len() as u64),
            people,
            amount: sum(&found)?.and_then(dong),
            units,
            checked: self.rows_asked(),
            ..self.report("evaluated", Vec::new())
        })
    }

    /// A rule over single rows: the claims of the month out of the book, with the catalogues that the run had.
    fn row(&self) -> Result<Report, Failure> {
        let named: HashSet<&String> = self.run.packets.iter().collect();
        let packets: Vec<Packet> = self.book.packets()?.into_iter().filter(|packet| named.contains(&packet.name())).collect();
        let period = self.run.period;
        let mut batches = crate::inputs::earlier_catalogues(self.book, period, Book::all_batches)?;
        batches.extend(self.book.all_batches(period)?);
        let had: HashSet<&String> = self.run.batches.iter().collect();
        batches.retain(|batch| had.contains(&batch.id));
        // Sheets 79a and 80a have visits and neither lines nor papers.
        let of_sheets = self.rule.reads.iter().any(|table| table == "claim_visit")
            && batches.iter().any(|batch| batch.roster == "claim_visit_sheet");
        if !of_sheets && !packets.iter().any(|packet| packet.parts.iter().any(|part| part.period == period)) {
            return Ok(self.report("not_evaluated", self.rule.reads.clone()));
        }
        let tables = CatalogueTables::of_batches(self.book, &batches)?;
        let catalogues = Catalogues::load(&tables, &self.shop.places)?;
        let formats = self.shop.claim_formats()?;
        let rule = (self.rule, &self.shop.schemas);
        let threads = self.environment.config.number("threads")?;
        let said =
            claims::ask_stored(&formats, &self.shop.law, rule, &catalogues, (self.book, &packets, &batches, period), threads)?;
        let (people, units) = self.of_visits(&said.visits.iter().copied().collect())?;
        Ok(Report {
            hits: Some(said.found),
            people,
            amount: said.amount.and_then(dong),
            units,
            checked: Some(said.asked),
            not_checkable: Some(said.unknown),
            ..self.report("evaluated", Vec::new())
        })
    }

    /// Rows of the table that has the rule's subjects, else of the first one that it reads.
    fn rows_asked(&self) -> Option<u64> {
        let own = match self.rule.subject {
            SubjectKind::Person => "person",
            SubjectKind::Employer => "employer",
            SubjectKind::Visit => "claim_stay",
        };
        let name = self.rule.reads.iter().find(|table| *table == own).or_else(|| self.rule.reads.first())?;
        self.tables.get(name).map(|table| table.rows)
    }

    /// The people of visits and the facilities they were at.
    fn of_visits(&self, visits: &HashSet<i64>) -> Result<(Option<u64>, Option<u64>), Failure> {
        let Some(table) = self.tables.get("claim_stay") else { return Ok((None, None)) };
        let (mut people, mut facilities) = (HashSet::new(), HashSet::new());
        for batch in self.book.stream_table(table, &["visit_id", "person_key", "facility"], ROWS)? {
            let batch = batch?;
            let (ids, keys) = (rows::int(&batch, "visit_id")?, rows::int(&batch, "person_key")?);
            let names = rows::text(&batch, "facility")?;
            for row in (0..batch.num_rows()).filter(|row| visits.contains(&ids.value(*row))) {
                people.insert(keys.value(row));
                if !facilities.contains(names.value(row)) {
                    facilities.insert(names.value(row).to_owned());
                }
            }
        }
        Ok((Some(people.len() as u64), Some(facilities.len() as u64)))
    }

    /// The communes of people.
    fn communes(&self, wanted: &HashSet<i64>) -> Result<Option<u64>, Failure> {
        let Some(table) = self.tables.get("person") else { return Ok(None) };
        let mut communes = BTreeSet::new();
        for batch in self.book.stream_table(table, &["person_id", "commune"], ROWS)? {
            let batch = batch?;
            let (ids, codes) = (rows::int(&batch, "person_id")?, rows::text(&batch, "commune")?);
            for row in (0..batch.num_rows()).filter(|row| wanted.contains(&ids.value(*row))) {
                if let Some(code) = rows::text_at(&codes, row).filter(|code| !communes.contains(*code)) {
                    communes.insert(code.to_owned());
                }
            }
        }
        Ok(Some(communes.len() as u64))
    }
}

/// The amounts of findings; none where no finding has one.
fn sum(found: &[Finding]) -> Result<Option<Amount>, Failure> {
    let mut all = None;
    for finding in found {
        let cell = finding.evidence.iter().find(|fact| fact.name == "amount").and_then(|fact| fact.value.as_deref());
        let Some(text) = cell else { continue };
        let amount = Amount::parse(text).map_err(|e| Failure::internal(format!("{}: {e}", finding.rule)))?;
        all = Some(all.unwrap_or_default() + amount);
    }
    Ok(all)
}

fn dong(amount: Amount) -> Option<i64> {
    amount.to_dong().map(base::Dong::get)
}

impl Report {
    fn words(&self) -> String {
        let head = format!("{}, kỳ {} (lần chạy {}): ", self.rule, self.period, self.run);
        let said = |count: Option<u64>| count.map_or_else(|| "không rõ".to_owned(), |count| count.to_string());
        head + &match self.state {
            "not_evaluated" => format!("chưa đánh giá được, chưa có {}", self.missing.join(", ")),
            "not_valid" => "quy tắc không có hiệu lực ở kỳ này".to_owned(),
            _ => {
                let amount = self.amount.map_or_else(|| "không tính tiền".to_owned(), |amount| format!("{amount} đồng"));
                format!(
                    "{} phát hiện; {} người; {} đơn vị; {amount}; đã xem {} dòng, không đủ dữ liệu {}.\nChỉ chạy thử: không ghi gì vào sổ.",
                    said(self.hits),
                    said(self.people),
                    said(self.units),
                    said(self.checked),
                    said(self.not_checkable)
                )
            }
        }
    }
}
