//! Making cases of findings: somebody takes them, gives them to somebody, or opens them for the unit.

use std::collections::{BTreeMap, BTreeSet};

use base::{CommuneCode, Date, FindingKey, Month, Scope, SubjectKind};

use super::history::NewEvent;
use super::{COLUMNS, Case, CaseUnit, Refusal, cases, sees, visible};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::sql::{Bind, Sql};
use crate::text::{client_tx, word};
use crate::{Desk, DeskError};

/// A finding that becomes a case.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// The rule.
    pub rule: String,
    /// Key of the finding.
    pub finding: FindingKey,
    /// Person or employer.
    pub subject_kind: SubjectKind,
    /// The book's number of the subject.
    pub subject: i64,
    /// Period of the run it stands in.
    pub period: Month,
    /// Commune of the subject.
    pub commune: Option<CommuneCode>,
    /// Village or residential group.
    pub village: Option<String>,
    /// Who works on it.
    pub unit: CaseUnit,
    /// Last day of the term.
    pub due: Date,
}

/// To whom new cases go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// Who asks takes them.
    Me,
    /// A user of the desk; needs [`Permission::AssignCases`].
    User(String),
    /// Nobody yet.
    Unit,
}

/// What became of findings that were to become cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opened {
    /// The cases made by this form, in the order of findings' keys.
    pub cases: Vec<Case>,
    /// Findings that did not become cases, with why.
    pub refused: Vec<(FindingKey, Refusal)>,
}

/// Cases of one transaction.
const CHUNK: usize = 150;
/// Values of one case.
const CASE_BINDS: usize = 17;

impl Desk {
    /// Makes cases of findings, [`CHUNK`] in a transaction, each with its event. A finding that has a case is refused by itself; the same
    /// form again gives the same cases, and its number for another owner or another change is refused.
    pub async fn open_cases(&self, scope: &Scope, new: Vec<NewCase>, to: &To, form: &str) -> Result<Opened, DeskError> {
        require(scope, Permission::WorkCases)?;
        let form = client_tx(form)?;
        let mut new: BTreeMap<FindingKey, NewCase> = new.into_iter().map(|case| (case.finding, case)).collect();
        let mut opened = Opened::default();
        let to = match to {
            To::User(user) => Some(self.user_scope(scope, user).await?),
            To::Me => Some(scope.clone()),
            To::Unit => None,
        };
        for case in new.values() {
            word("rule", &case.rule)?;
        }
        new.retain(|key, case| {
            let why = if !sees(scope, case.commune.as_ref(), case.unit) {
                Some(Refusal::NotFound)
            } else if to.as_ref().is_some_and(|to| !sees(to, case.commune.as_ref(), case.unit)) {
                Some(Refusal::OwnerDoesNotSee)
            } else {
                None
            };
            opened.refused.extend(why.map(|why| (*key, why)));
            why.is_none()
        });
        let owner = to.map(|to| to.in_name_of().0.clone());
        let new: Vec<NewCase> = new.into_values().collect();
        for chunk in new.chunks(CHUNK) {
            self.open_chunk(scope, chunk, owner.as_deref(), &form, &mut opened).await?;
        }
        opened.refused.sort();
        Ok(opened)
    }

    async fn open_chunk(
        &self,
        scope: &Scope,
        chunk: &[NewCase],
        owner: Option<&str>,
        form: &str,
        opened: &mut Opened,
    ) -> Result<(), DeskError> {
        let mut tx = self.store().write(scope).await?;
        let now = self.now();
        let ids: Vec<String> = chunk.iter().map(|_| self.next_id(now)).collect();
        for (part, ids) in chunk.chunks(crate::sql::MAX_BINDS / CASE_BINDS).zip(ids.chunks(crate::sql::MAX_BINDS / CASE_BINDS)) {
            let rows = part.iter().zip(ids).map(|(case, id)| values(case, id, owner, now));
            let sql = Sql::new(
                "INSERT INTO work_case (id, kind, rule, finding_key, subject_kind, subject, period, commune, village, unit, owner, state, \
                 due, snoozed_until, version, opened_at, changed_at) VALUES ",
            );
            tx.execute(sql.rows(rows).push(" ON CONFLICT (finding_key) DO NOTHING")).await?;
        }
        let made: BTreeSet<&String> = ids.iter().collect();
        let known = by_keys(&mut tx, scope, chunk).await?;
        let what = match owner {
            None => "opened",
            Some(owner) if owner == scope.in_name_of().0 => "taken",
            Some(_) => "assigned",
        };
        let earlier = made_by_form(&mut tx, &known, form, (what, owner)).await?;
        let mut events = Vec::new();
        for case in chunk {
            match known.get(&case.finding) {
                Some(found) if made.contains(&found.id) => {
                    let value = owner.map(str::to_owned);
                    let event = NewEvent { version: 1, what, value, day: Some(case.due), reason: None };
                    events.push((found.id.clone(), event));
                    opened.cases.push(found.clone());
                }
                Some(found) if earlier.contains(&found.id) => opened.cases.push(found.clone()),
                _ => opened.refused.push((case.finding, Refusal::IsCase)),
            }
        }
        if events.is_empty() {
            return Ok(());
        }
        let mut event = ReadEvent::new(AuditAction::OpenCases, "cases").count("rows", events.len() as i64).client_tx(form);
        if let [(one, _)] = events.as_slice() {
            event = event.object(one.as_str());
        }
        self.add_events(&mut tx, scope, form, events).await?;
        self.commit_with(tx, scope, event).await
    }

    /// The scope of a user to whom work is given, for the purpose of who gives it; needs [`Permission::AssignCases`].
    pub(super) async fn user_scope(&self, scope: &Scope, user: &str) -> Result<Scope, DeskError> {
        if user == scope.in_name_of().0 {
            return Ok(scope.clone());
        }
        require(scope, Permission::AssignCases)?;
        let to = self.active_user(scope, user).await?;
        let to = Scope {
            actor: base::Actor(to.id),
            unit: to.unit,
            area: to.area,
            role: to.role,
            purpose: scope.purpose,
            acting_for: None,
        };
        require(&to, Permission::WorkCases).map_err(|_| DeskError::NotFound { kind: "user" })?;
        Ok(to)
    }
}

pub(super) fn values(case: &NewCase, id: &str, owner: Option<&str>, now: i64) -> Vec<Bind> {
    vec![
        id.into(),
        "finding".into(),
        case.rule.as_str().into(),
        case.finding.to_string().into(),
        case.subject_kind.as_str().into(),
        case.subject.into(),
        case.period.to_string().into(),
        case.commune.as_ref().map(CommuneCode::as_str).into(),
        case.village.as_deref().into(),
        case.unit.as_str().into(),
        owner.into(),
        if owner.is_some() { "taken" } else { "open" }.into(),
        case.due.to_string().into(),
        None::<&str>.into(),
        1.into(),
        now.into(),
        now.into(),
    ]
}

/// Cases of findings that are open to who asks.
async fn by_keys(tx: &mut Tx, scope: &Scope, chunk: &[NewCase]) -> Result<BTreeMap<FindingKey, Case>, DeskError> {
    let mut known = BTreeMap::new();
    // An area of many communes takes most of a statement's binds.
    for part in chunk.chunks(20) {
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM work_case WHERE finding_key IN ");
        let sql = sql.list(part.iter().map(|case| case.finding.to_string())).push(" AND ");
        known.extend(cases(tx, visible(sql, scope)?).await?.into_iter().map(|case| (case.finding, case)));
    }
    Ok(known)
}

/// Which of the cases this form made before, for the same owner; one whose number did something else with a case is refused.
async fn made_by_form(
    tx: &mut Tx,
    known: &BTreeMap<FindingKey, Case>,
    form: &str,
    (what, owner): (&str, Option<&str>),
) -> Result<BTreeSet<String>, DeskError> {
    let mut made = BTreeSet::new();
    let ids: Vec<&str> = known.values().map(|case| case.id.as_str()).collect();
    for part in ids.chunks(140) {
        let sql = Sql::new("SELECT case_id, what, value FROM case_event WHERE client_tx = ").bind(form).push(" AND case_id IN ");
        for row in tx.rows(sql.list(part.iter().copied())).await? {
            if row.text(1)? != what || row.opt_text(2)?.as_deref() != owner {
                return Err(DeskError::ClientTxReused);
            }
            made.insert(row.text(0)?);
        }
    }
    Ok(made)
}
