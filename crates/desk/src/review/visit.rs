//! Checks on the spot by a checklist (kiểm tra thực hiện hợp đồng KCB BHYT, quyền lợi người bệnh nội trú): which items, with which answer, is
//! data of the checklist; here stands what was found, where and when.

use std::collections::BTreeSet;

use base::{CommuneCode, Date, Scope};
use serde::Serialize;

use super::case::one;
use super::{CheckAnswer, FacilityVisitKind, ReviewRefusal, facility_code, of_agency, refuse};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::{Bind, MAX_BINDS, Sql};
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// Items of a checklist at most.
const ITEMS: usize = 200;
/// Cases of a check at most.
const CASES: usize = 200;
/// Values of an answer.
const BINDS: usize = 5;

/// The answer to an item of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChecklistAnswer {
    /// Key of the item.
    pub item: String,
    /// The answer.
    pub answer: CheckAnswer,
    /// In words.
    pub note: Option<String>,
}

/// A check to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFacilityVisit {
    /// Code of the facility.
    pub facility: String,
    /// The commune it stands in.
    pub commune: Option<CommuneCode>,
    /// What it was about.
    pub kind: FacilityVisitKind,
    /// Its day.
    pub day: Date,
    /// The checklist, in its order.
    pub answers: Vec<ChecklistAnswer>,
    /// Cases of the audit that belong to it, by id.
    pub cases: Vec<String>,
    /// What was found, in words.
    pub summary: String,
}

/// A check on the spot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacilityVisit {
    /// UUIDv7.
    pub id: String,
    /// Code of the facility.
    pub facility: String,
    /// The commune it stands in.
    pub commune: Option<CommuneCode>,
    /// What it was about.
    pub kind: FacilityVisitKind,
    /// Its day.
    pub day: Date,
    /// What was found, in words.
    pub summary: String,
    /// Id or number of the minutes (biên bản).
    pub minutes: Option<String>,
    /// Why it was withdrawn; it counts no more.
    pub withdrawn: Option<String>,
    /// Items that are not so.
    pub failed: i64,
    /// Who wrote it down, pseudonymous.
    pub made_by: String,
    /// Unix milliseconds.
    pub made_at: i64,
    /// Counts changes, from 1.
    pub version: i64,
}

const COLUMNS: &str = "id, facility, commune, kind, day, summary, minutes, withdrawn, (SELECT count(*) FROM review_visit_answer a \
                       WHERE a.review_visit = v.id AND a.answer = 'no'), made_by, made_at, version";

impl Desk {
    /// Writes down a check on the spot; the same form again gives the same.
    pub async fn record_facility_visit(
        &self,
        scope: &Scope,
        new: &NewFacilityVisit,
        today: Date,
        form: &str,
    ) -> Result<FacilityVisit, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let (form, facility, summary) = (client_tx(form)?, facility_code(&new.facility)?, written("summary", &new.summary)?);
        if new.day > today {
            return Err(DeskError::Invalid { field: "day", why: "must not lie after today" });
        }
        if !scope.sees(new.commune.as_ref()) {
            return Err(DeskError::NotFound { kind: "facility_visit" });
        }
        let answers = checked(&new.answers)?;
        let cases: BTreeSet<&str> = new.cases.iter().map(String::as_str).collect();
        if cases.len() > CASES {
            return Err(DeskError::Invalid { field: "cases", why: "must be 200 at most" });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        if let Some(row) = tx.row(Sql::new("SELECT id FROM review_visit WHERE client_tx = ").bind(form.as_str())).await? {
            return find(&mut tx, scope, &row.text(0)?).await;
        }
        for case in &cases {
            if one(&mut tx, scope, case).await?.facility != facility {
                return Err(DeskError::Invalid { field: "cases", why: "names a case of another facility" });
            }
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO review_visit (id, client_tx, facility, commune, kind, day, summary, made_by, made_at, version, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $9) ON CONFLICT (client_tx) DO NOTHING",
            [
                id.as_str().into(),
                form.as_str().into(),
                facility.into(),
                new.commune.as_ref().map(CommuneCode::as_str).into(),
                new.kind.as_str().into(),
                new.day.to_string().into(),
                summary.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::ClientTxReused);
        }
        put_answers(&mut tx, &id, &answers).await?;
        for case in cases {
            let sql = Sql::with(
                "INSERT INTO review_visit_case (review_visit, case_id) VALUES ($1, $2)",
                [id.as_str().into(), case.into()],
            );
            tx.execute(sql).await?;
        }
        self.visit_done(tx, scope, &id, "recorded", &form).await
    }

    /// Writes down which minutes a check has; written down before, they are replaced.
    pub async fn set_visit_minutes(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        document: &str,
        form: &str,
    ) -> Result<FacilityVisit, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let (form, document) = (client_tx(form)?, written("document", document)?);
        let mut tx = self.store().write(scope).await?;
        if let Some(known) = changing(&mut tx, scope, id, version, &form).await? {
            return Ok(known);
        }
        let sql = self.update_visit().push(", minutes = ").bind(document).push(", minutes_tx = ").bind(form.as_str());
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        self.visit_done(tx, scope, id, "minutes", &form).await
    }

    /// Withdraws a check that was written down wrongly; it stays and counts no more.
    pub async fn withdraw_facility_visit(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        reason: &str,
        form: &str,
    ) -> Result<FacilityVisit, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let (form, reason) = (client_tx(form)?, written("reason", reason)?);
        let mut tx = self.store().write(scope).await?;
        if let Some(known) = changing(&mut tx, scope, id, version, &form).await? {
            return Ok(known);
        }
        let sql = self.update_visit().push(", withdrawn = ").bind(reason).push(", withdrawn_tx = ").bind(form.as_str());
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        self.visit_done(tx, scope, id, "withdrawn", &form).await
    }

    /// A check with its answers in the order of the checklist, and the ids of its cases.
    pub async fn facility_visit(
        &self,
        scope: &Scope,
        id: &str,
    ) -> Result<(FacilityVisit, Vec<ChecklistAnswer>, Vec<String>), DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let known = find(&mut tx, scope, id).await?;
        let sql = Sql::new("SELECT item, answer, note FROM review_visit_answer WHERE review_visit = ").bind(id);
        let answers = tx.rows(sql.push(" ORDER BY place")).await?.iter().map(answer_from).collect::<Result<_, _>>()?;
        let sql = Sql::new("SELECT case_id FROM review_visit_case WHERE review_visit = ").bind(id).push(" ORDER BY case_id");
        let cases = tx.rows(sql).await?.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
        Ok((known, answers, cases))
    }

    /// Checks of a year, of one facility where it is named, the newest first, withdrawn ones too.
    pub async fn facility_visits(
        &self,
        scope: &Scope,
        year: i32,
        facility: Option<&str>,
    ) -> Result<Vec<FacilityVisit>, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM review_visit v WHERE ");
        let sql = of_year(of_agency(sql, scope)?, year).push_if(" AND facility = ", facility);
        tx.rows(sql.push(" ORDER BY day DESC, id DESC")).await?.iter().map(from_row).collect()
    }

    fn update_visit(&self) -> Sql {
        Sql::new("UPDATE review_visit SET version = version + 1, changed_at = ").bind(self.now())
    }

    async fn visit_done(
        &self,
        mut tx: Tx,
        scope: &Scope,
        id: &str,
        what: &'static str,
        form: &str,
    ) -> Result<FacilityVisit, DeskError> {
        let known = find(&mut tx, scope, id).await?;
        let told = ReadEvent::new(AuditAction::VisitFacility, "facility_visit").object(id).word("what", what).client_tx(form);
        self.commit_with(tx, scope, known.commune.iter().fold(told, |told, commune| told.commune(commune))).await?;
        Ok(known)
    }
}

/// Adds the condition that a check's day lies in a year.
pub(super) fn of_year(sql: Sql, year: i32) -> Sql {
    sql.push(" AND day >= ").bind(format!("{year:04}-01-01")).push(" AND day <= ").bind(format!("{year:04}-12-31"))
}

/// The check as it is where this form changed it before; else it stays as it is until commit, and has the version the form was made of.
async fn changing(tx: &mut Tx, scope: &Scope, id: &str, version: i64, form: &str) -> Result<Option<FacilityVisit>, DeskError> {
    tx.lock(&format!("facility visit {id}")).await?;
    let known = find(tx, scope, id).await?;
    let sql = Sql::new("SELECT 'known' FROM review_visit WHERE id = ").bind(id).push(" AND (minutes_tx = ").bind(form);
    if tx.row(sql.push(" OR withdrawn_tx = ").bind(form).push(")")).await?.is_some() {
        return Ok(Some(known));
    }
    if known.version != version {
        return refuse(ReviewRefusal::Stale);
    }
    if known.withdrawn.is_some() {
        return refuse(ReviewRefusal::WrongState);
    }
    Ok(None)
}

fn checked(answers: &[ChecklistAnswer]) -> Result<Vec<ChecklistAnswer>, DeskError> {
    if answers.is_empty() || answers.len() > ITEMS {
        return Err(DeskError::Invalid { field: "answers", why: "must be 1 to 200" });
    }
    let mut items = BTreeSet::new();
    let mut checked = Vec::with_capacity(answers.len());
    for answer in answers {
        let item = word("item", &answer.item)?;
        if !items.insert(item.clone()) {
            return Err(DeskError::Invalid { field: "item", why: "stands twice in the form" });
        }
        let note = answer.note.as_deref().filter(|note| !note.trim().is_empty());
        let note = note.map(|note| written("note", note)).transpose()?;
        checked.push(ChecklistAnswer { item, answer: answer.answer, note });
    }
    Ok(checked)
}

async fn put_answers(tx: &mut Tx, visit: &str, answers: &[ChecklistAnswer]) -> Result<(), DeskError> {
    let mut place = 0;
    for some in answers.chunks(MAX_BINDS / BINDS) {
        let mut rows: Vec<Vec<Bind>> = Vec::with_capacity(some.len());
        for answer in some {
            place += 1;
            rows.push(vec![
                visit.into(),
                Bind::Int(Some(place)),
                answer.item.as_str().into(),
                answer.answer.as_str().into(),
                answer.note.as_deref().into(),
            ]);
        }
        let sql = Sql::new("INSERT INTO review_visit_answer (review_visit, place, item, answer, note) VALUES ");
        tx.execute(sql.rows(rows)).await?;
    }
    Ok(())
}

async fn find(tx: &mut Tx, scope: &Scope, id: &str) -> Result<FacilityVisit, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM review_visit v WHERE id = ").bind(id).push(" AND ");
    from_row(&tx.row(of_agency(sql, scope)?).await?.ok_or(DeskError::NotFound { kind: "facility_visit" })?)
}

fn answer_from(row: &Row) -> Result<ChecklistAnswer, DeskError> {
    let wrong = || DeskError::damaged("review_visit_answer", "answer");
    let answer = CheckAnswer::from_word(&row.text(1)?).ok_or_else(wrong)?;
    Ok(ChecklistAnswer { item: row.text(0)?, answer, note: row.opt_text(2)? })
}

fn from_row(row: &Row) -> Result<FacilityVisit, DeskError> {
    let wrong = |what: &'static str| move || DeskError::damaged("review_visit", what);
    Ok(FacilityVisit {
        id: row.text(0)?,
        facility: row.text(1)?,
        commune: row.opt_text(2)?.map(|code| CommuneCode::parse(&code).ok_or_else(wrong("commune"))).transpose()?,
        kind: FacilityVisitKind::from_word(&row.text(3)?).ok_or_else(wrong("kind"))?,
        day: row.text(4)?.parse().map_err(|_| wrong("day")())?,
        summary: row.text(5)?,
        minutes: row.opt_text(6)?,
        withdrawn: row.opt_text(7)?,
        failed: row.int(8)?,
        made_by: row.text(9)?,
        made_at: row.int(10)?,
        version: row.int(11)?,
    })
}
