//! Links between cases: of one household, of one employer, the same twice. Who makes, sees or takes away a link sees both ends.

use base::Scope;
use serde::Serialize;

use super::history::NewEvent;
use super::{COLUMNS, Case, CaseUnit, cases, one, visible};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::client_tx;
use crate::{Desk, DeskError};

/// Links of one case at most: a household or the cases of a small employer.
pub const LINKS_OF_A_CASE: i64 = 50;

/// Why two cases belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseLinkKind {
    /// People of one household (cùng hộ gia đình).
    Household,
    /// Of one employer (cùng đơn vị sử dụng lao động).
    Employer,
    /// The same twice (trùng nhau).
    Duplicate,
}

impl CaseLinkKind {
    /// All kinds.
    pub const ALL: [CaseLinkKind; 3] = [Self::Household, Self::Employer, Self::Duplicate];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Employer => "employer",
            Self::Duplicate => "duplicate",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A link as one of its cases has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseLink {
    /// UUIDv7.
    pub id: String,
    /// Why they belong together.
    pub kind: CaseLinkKind,
    /// The case at the other end.
    pub other: Case,
    /// Who linked them, pseudonymous.
    pub made_by: String,
    /// Unix milliseconds.
    pub made_at: i64,
}

const SELECT: &str = "SELECT id, first_case, second_case, kind, made_by, made_at FROM case_link WHERE ";

/// A row of the table.
struct Linked {
    id: String,
    ends: [String; 2],
    kind: CaseLinkKind,
    made_by: String,
    made_at: i64,
}

impl Linked {
    fn other(&self, case: &str) -> &str {
        let [first, second] = &self.ends;
        if first == case { second } else { first }
    }
}

impl Desk {
    /// Links two cases that who asks sees. Linked so already, or the same form again, nothing happens.
    ///
    /// Errors: [`DeskError::NotFound`] where who asks does not see one of them; [`DeskError::Invalid`] for a case with itself, and beyond
    /// [`LINKS_OF_A_CASE`]; [`DeskError::ClientTxReused`].
    pub async fn link_cases(
        &self,
        scope: &Scope,
        case: &str,
        other: &str,
        kind: CaseLinkKind,
        form: &str,
    ) -> Result<(), DeskError> {
        require(scope, Permission::WorkCases)?;
        let form = client_tx(form)?;
        if case == other {
            return Err(DeskError::Invalid { field: "other", why: "must be another case" });
        }
        let mut tx = self.store().write(scope).await?;
        // Always in the same order, so that two who link the same ends do not wait for one another.
        let (first, second) = if case < other { (case, other) } else { (other, case) };
        let ends = [one(&mut tx, scope, first, true).await?, one(&mut tx, scope, second, true).await?];
        if let Some(known) = links(&mut tx, Sql::new("client_tx = ").bind(form.as_str())).await?.pop() {
            let same = known.ends == [first, second] && known.kind == kind;
            return if same { Ok(()) } else { Err(DeskError::ClientTxReused) };
        }
        for end in [first, second] {
            if links(&mut tx, of(end)).await?.len() as i64 >= LINKS_OF_A_CASE {
                return Err(DeskError::Invalid { field: "other", why: "is one link more than a case may have" });
            }
        }
        let now = self.now();
        let sql = Sql::with(
            "INSERT INTO case_link (id, client_tx, first_case, second_case, kind, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT DO NOTHING",
            [
                self.next_id(now).into(),
                form.as_str().into(),
                first.into(),
                second.into(),
                kind.as_str().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Ok(());
        }
        self.tell_ends(tx, scope, case, &ends, ("linked", kind), &form).await
    }

    /// Takes a link of a case away. Taken away already, nothing happens.
    ///
    /// Errors: [`DeskError::NotFound`] where there never was one, or who asks does not see both ends.
    pub async fn unlink_cases(&self, scope: &Scope, case: &str, link: &str, form: &str) -> Result<(), DeskError> {
        require(scope, Permission::WorkCases)?;
        let form = client_tx(form)?;
        let mut tx = self.store().write(scope).await?;
        let found = links(&mut tx, Sql::new("id = ").bind(link)).await?.pop();
        let missing = DeskError::NotFound { kind: "link" };
        let found = found.filter(|found| found.ends.iter().any(|end| end == case)).ok_or(missing)?;
        let ends = [one(&mut tx, scope, &found.ends[0], true).await?, one(&mut tx, scope, &found.ends[1], true).await?];
        let sql = Sql::with(
            "UPDATE case_link SET removed_by = $1, removed_at = $2 WHERE id = $3 AND removed_at IS NULL",
            [scope.actor.0.as_str().into(), self.now().into(), link.into()],
        );
        if tx.execute(sql).await? == 0 {
            return Ok(());
        }
        self.tell_ends(tx, scope, case, &ends, ("unlinked", found.kind), &form).await
    }

    /// The links of a case whose other end who asks sees too, oldest first.
    pub async fn case_links(&self, scope: &Scope, case: &str) -> Result<Vec<CaseLink>, DeskError> {
        require(scope, Permission::WorkCases)?;
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, case, false).await?;
        let known = links(&mut tx, of(case)).await?;
        let mut others = Vec::new();
        // An area of many communes takes most of a statement's binds.
        for part in known.chunks(20) {
            let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM work_case WHERE id IN ");
            let sql = sql.list(part.iter().map(|link| link.other(case))).push(" AND ");
            others.extend(cases(&mut tx, visible(sql, scope)?).await?);
        }
        let link = |link: Linked| {
            let other = others.iter().find(|other| other.id == link.other(case))?.clone();
            Some(CaseLink { kind: link.kind, other, made_by: link.made_by, made_at: link.made_at, id: link.id })
        };
        Ok(known.into_iter().filter_map(link).collect())
    }

    /// Writes into the histories of both ends what became of their link, and ends the change. A case that communes see does not tell of one
    /// that is the insurance office's: that there is one is not theirs to know.
    async fn tell_ends(
        &self,
        mut tx: Tx,
        scope: &Scope,
        case: &str,
        ends: &[Case; 2],
        (what, kind): (&'static str, CaseLinkKind),
        form: &str,
    ) -> Result<(), DeskError> {
        let [first, second] = ends;
        let mut events = Vec::new();
        for (end, other) in [(first, second), (second, first)] {
            if end.unit == CaseUnit::Commune && other.unit == CaseUnit::InsuranceOffice {
                continue;
            }
            let value = Some(kind.as_str().to_owned());
            let event = NewEvent { version: end.version, what, value, ..NewEvent::default() };
            if !self.is_known(&mut tx, &end.id, form, &event).await? {
                events.push((end.id.clone(), event));
            }
        }
        self.add_events(&mut tx, scope, form, events).await?;
        let event = ReadEvent::new(AuditAction::AddToCase, "case").object(case).word("what", what).word("kind", kind.as_str());
        let at = ends.iter().find(|end| end.id == case).and_then(|end| end.commune.as_ref());
        let event = at.into_iter().fold(event.client_tx(form), |event, commune| event.commune(commune));
        self.commit_with(tx, scope, event).await
    }
}

/// The condition of the links that a case has now.
fn of(case: &str) -> Sql {
    Sql::new("removed_at IS NULL AND (first_case = ").bind(case).push(" OR second_case = ").bind(case).push(")")
}

/// Links of a condition, oldest first. They are put in order here: asked of a database it reads all links by their id.
async fn links(tx: &mut Tx, of: Sql) -> Result<Vec<Linked>, DeskError> {
    let mut links = tx.rows(Sql::new(SELECT).then(of)).await?.iter().map(linked).collect::<Result<Vec<_>, _>>()?;
    links.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(links)
}

fn linked(row: &Row) -> Result<Linked, DeskError> {
    let kind = CaseLinkKind::from_word(&row.text(3)?).ok_or_else(|| DeskError::damaged("case_link", "kind"))?;
    Ok(Linked { id: row.text(0)?, ends: [row.text(1)?, row.text(2)?], kind, made_by: row.text(4)?, made_at: row.int(5)? })
}
