//! Cases (hồ sơ xử lý): where a finding becomes work that somebody finishes.
//!
//! A finding stays in the book and comes again with each run; a case row is made when somebody takes it, is given it, or opens it for
//! others. There is one case a finding over all periods: when the finding disappears the case resolves, when it returns the case opens
//! again with its history ([`Desk::settle_cases`]).
//!
//! **Invariants:** a case is never deleted; each change counts its version up and leaves an event; a change sent twice is made once; what
//! a commune may not see (findings about employees) is refused in the SQL here and a second time by row level security in PostgreSQL.

mod auto;
mod bulk;
mod change;
pub(crate) mod counts;
pub(crate) mod file;
mod free;
mod history;
mod link;
mod open;
mod outcome;
mod queue;
mod request;
mod run_findings;
mod selection;
mod settle;
mod sheet;
mod tally;

use base::{CommuneCode, Date, FindingKey, Month, Scope, SubjectKind};
use serde::Serialize;

use crate::DeskError;
use crate::access::sees_employee_cases;
use crate::db::{Row, Tx};
use crate::sql::Sql;

pub use bulk::{BulkDone, RefusedRow};
pub use change::{Allowed, Change, Refusal};
pub use file::{CaseFile, FILE_BYTES, FILES_OF_A_CASE, NewFile};
pub use history::CaseEvent;
pub(crate) use history::reason_place;
pub use link::{CaseLink, CaseLinkKind, LINKS_OF_A_CASE};
pub use open::{NewCase, Opened, To};
pub use outcome::Outcome;
pub use queue::{CasePage, CaseQuery, PageAt, Queue};
pub(crate) use queue::{condition, counted, kept_off};
pub(crate) use request::request_key;
pub use request::{CORRECTION_CASE, HUMAN_REVIEW_CASE};
pub use run_findings::RunFindings;
pub use selection::{SELECTED_CASES, Selected};
pub use settle::Settled;
pub use sheet::{NewSheet, SHEET_ROWS, SheetDone, SheetRefusal, SheetRow};
pub use tally::{ClosedCase, RuleOutcome, WorkerOutcomes};

/// Which kind of office works on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseUnit {
    /// The commune's people's committee (UBND cấp xã).
    Commune,
    /// The insurance agency's office (BHXH cơ sở, BHXH thành phố): findings about employees, pensions, employers.
    InsuranceOffice,
}

impl CaseUnit {
    /// The stable word, as rules write it in `work.unit`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::InsuranceOffice => "insurance_office",
        }
    }

    /// The unit of a word; nothing for work that is handed to nobody, such as `look_up`.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Commune, Self::InsuranceOffice].into_iter().find(|unit| unit.as_str() == word)
    }
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Nobody has it (chưa giao).
    Open,
    /// Somebody works on it (đang xử lý).
    Taken,
    /// Put off until a day, with a reason (tạm hoãn).
    Snoozed,
    /// Closed with an outcome (đã xong).
    Done,
    /// Was closed and came back (mở lại).
    Reopened,
}

impl CaseState {
    /// All states.
    pub const ALL: [CaseState; 5] = [Self::Open, Self::Taken, Self::Snoozed, Self::Done, Self::Reopened];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Taken => "taken",
            Self::Snoozed => "snoozed",
            Self::Done => "done",
            Self::Reopened => "reopened",
        }
    }
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// UUIDv7.
    pub id: String,
    /// The rule whose finding it is.
    pub rule: String,
    /// Key of the finding.
    #[serde(serialize_with = "key_text")]
    pub finding: FindingKey,
    /// Person or employer.
    pub subject_kind: SubjectKind,
    /// The book's number of the subject.
    pub subject: i64,
    /// Period it was taken from.
    pub period: Month,
    /// Commune of the subject; none when unknown, then only the whole city sees it.
    pub commune: Option<CommuneCode>,
    /// Village or residential group (thôn, tổ dân phố).
    pub village: Option<String>,
    /// Who works on it.
    pub unit: CaseUnit,
    /// Desk user who has it.
    pub owner: Option<String>,
    /// Where it stands.
    pub state: CaseState,
    /// Last day of the term.
    pub due: Date,
    /// The day it comes back, while put off.
    pub snoozed_until: Option<Date>,
    /// What came of it, or the last thing that did.
    pub outcome: Option<Outcome>,
    /// The day the outcome names: until when it holds, or when the person joins.
    pub outcome_day: Option<Date>,
    /// Unix milliseconds, while closed.
    pub closed_at: Option<i64>,
    /// The first period whose run no longer has the finding.
    pub gone_period: Option<Month>,
    /// Counts changes, from 1.
    pub version: i64,
    /// Unix milliseconds.
    pub opened_at: i64,
    /// Unix milliseconds of the last change.
    pub changed_at: i64,
}

fn key_text<S: serde::Serializer>(key: &FindingKey, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(key)
}

/// Columns in the order of [`case_from`].
const COLUMNS: &str = "id, rule, finding_key, subject_kind, subject, period, commune, village, unit, owner, state, due, snoozed_until, \
                       outcome, outcome_day, closed_at, gone_period, version, opened_at, changed_at";

/// Adds the condition that a case is open to who asks: its commune lies in the area, and it is the commune's work or who asks may see
/// findings about employees.
pub(crate) fn visible(sql: Sql, scope: &Scope) -> Result<Sql, DeskError> {
    let sql = sql.area("commune", &scope.area)?;
    Ok(if sees_employee_cases(scope) { sql } else { sql.push(" AND unit = 'commune'") })
}

/// Whether who asks sees a case of this commune and unit.
pub(crate) fn sees(scope: &Scope, commune: Option<&CommuneCode>, unit: CaseUnit) -> bool {
    scope.sees(commune) && (unit == CaseUnit::Commune || sees_employee_cases(scope))
}

/// One case that is open to who asks; with `lock` it stays as it is until commit.
pub(crate) async fn one(tx: &mut Tx, scope: &Scope, id: &str, lock: bool) -> Result<Case, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM work_case WHERE id = ").bind(id).push(" AND ");
    let mut sql = visible(sql, scope)?;
    if lock && tx.is_postgres() {
        sql = sql.push(" FOR UPDATE");
    }
    cases(tx, sql).await?.pop().ok_or(DeskError::NotFound { kind: "case" })
}

/// Cases of a condition (`FROM work_case WHERE …`) that are open to who asks, by term.
pub(crate) async fn some(tx: &mut Tx, scope: &Scope, of: Sql) -> Result<Vec<Case>, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).then(of).push(" AND ");
    cases(tx, visible(sql, scope)?.push(" ORDER BY due, id")).await
}

async fn cases(tx: &mut Tx, sql: Sql) -> Result<Vec<Case>, DeskError> {
    tx.rows(sql).await?.iter().map(case_from).collect()
}

fn case_from(row: &Row) -> Result<Case, DeskError> {
    let wrong = |what: &'static str| move || DeskError::damaged("work_case", what);
    let day = |at: usize| row.opt_text(at)?.map(|text| text.parse::<Date>().map_err(|_| wrong("day")())).transpose();
    let (kind, state, outcome) = (row.text(3)?, row.text(10)?, row.opt_text(13)?);
    let state = CaseState::ALL.into_iter().find(|known| known.as_str() == state).ok_or_else(wrong("state"))?;
    let subject_kind = match kind.as_str() {
        "person" => SubjectKind::Person,
        "employer" => SubjectKind::Employer,
        _ => return Err(wrong("subject_kind")()),
    };
    let gone = row.opt_text(16)?;
    Ok(Case {
        id: row.text(0)?,
        rule: row.text(1)?,
        finding: FindingKey::parse(&row.text(2)?).ok_or_else(wrong("finding_key"))?,
        subject_kind,
        subject: row.int(4)?,
        period: row.text(5)?.parse().map_err(|_| wrong("period")())?,
        commune: row.opt_text(6)?.map(|code| CommuneCode::parse(&code).ok_or_else(wrong("commune"))).transpose()?,
        village: row.opt_text(7)?,
        unit: CaseUnit::from_word(&row.text(8)?).ok_or_else(wrong("unit"))?,
        owner: row.opt_text(9)?,
        state,
        due: day(11)?.ok_or_else(wrong("due"))?,
        snoozed_until: day(12)?,
        outcome: outcome.map(|word| Outcome::from_word(&word).ok_or_else(wrong("outcome"))).transpose()?,
        outcome_day: day(14)?,
        closed_at: row.opt_int(15)?,
        gone_period: gone.map(|text| text.parse().map_err(|_| wrong("gone_period")())).transpose()?,
        version: row.int(17)?,
        opened_at: row.int(18)?,
        changed_at: row.int(19)?,
    })
}
