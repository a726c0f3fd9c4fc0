//! Targets (chỉ tiêu được giao): by indicator, area and year, each with its document; replaced, never changed.

use base::{CommuneCode, Rate, Scope};
use serde::Serialize;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// A target to be set.
#[derive(Debug, Clone)]
pub struct NewTarget {
    /// Id of the indicator.
    pub indicator: String,
    /// The commune; none for the whole city.
    pub commune: Option<CommuneCode>,
    /// Calendar year, 2000-2100.
    pub year: i32,
    /// Exact decimal: a share such as `0.955`, or a count, as the indicator says.
    pub value: Rate,
    /// Who gave it (nguồn giao chỉ tiêu).
    pub source: String,
    /// Number and date of the document.
    pub document: Option<String>,
    /// Why it is changed; needed when it replaces another.
    pub reason: Option<String>,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A target as entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// UUIDv7.
    pub id: String,
    /// Id of the indicator.
    pub indicator: String,
    /// The commune; none for the whole city.
    pub commune: Option<CommuneCode>,
    /// Calendar year.
    pub year: i32,
    /// 1 for the first, rising with each replacement.
    pub version: i64,
    /// Exact decimal.
    pub value: Rate,
    /// Who gave it.
    pub source: String,
    /// Number and date of the document.
    pub document: Option<String>,
    /// Who entered it, pseudonymous.
    pub entered_by: String,
    /// Unix milliseconds.
    pub entered_at: i64,
    /// The target it replaces.
    pub supersedes: Option<String>,
    /// Why it replaces it.
    pub reason: Option<String>,
}

const SELECT: &str = "SELECT t.id, t.indicator, t.commune, t.year, t.version, t.value, t.source, t.document, \
                      t.entered_by, t.entered_at, t.supersedes, t.reason FROM target t WHERE ";
const CURRENT: &str = "NOT EXISTS (SELECT 1 FROM target s WHERE s.supersedes = t.id)";

impl Desk {
    /// Sets a target and writes its audit event; one that stands already is superseded and stays readable.
    pub async fn set_target(&self, scope: &Scope, new: NewTarget) -> Result<Target, DeskError> {
        require(scope, Permission::SetTargets)?;
        let client_tx = client_tx(&new.client_tx)?;
        if !(2000..=2100).contains(&new.year) {
            return Err(DeskError::Invalid { field: "year", why: "must lie between 2000 and 2100" });
        }
        if !scope.sees(new.commune.as_ref()) {
            return Err(DeskError::NotFound { kind: "commune" });
        }
        let now = self.now();
        let mut target = Target {
            id: self.next_id(now),
            indicator: word("indicator", &new.indicator)?,
            commune: new.commune,
            year: new.year,
            version: 1,
            value: new.value,
            source: written("source", &new.source)?,
            document: new.document.map(|text| written("document", &text)).transpose()?,
            entered_by: scope.actor.0.clone(),
            entered_at: now,
            supersedes: None,
            reason: new.reason.map(|text| written("reason", &text)).transpose()?,
        };
        let mut tx = self.store().write(scope).await?;
        tx.lock(&client_tx).await?;
        if let Some(earlier) = earlier(&mut tx, &client_tx, &target).await? {
            return Ok(earlier);
        }
        let sql = about(Sql::new(SELECT), &target).push(" AND ").push(CURRENT);
        if let Some(current) = targets(&mut tx, sql).await?.pop() {
            target.reason.as_ref().ok_or(DeskError::Invalid { field: "reason", why: "is needed to change a target" })?;
            (target.version, target.supersedes) = (current.version + 1, Some(current.id));
        }
        if insert(&mut tx, &target, &client_tx).await? == 0 {
            return Err(DeskError::ClientTxReused);
        }
        let event = ReadEvent::new(AuditAction::SetTarget, "target").object(target.id.as_str()).client_tx(&client_tx);
        let event = event.word("indicator", &target.indicator).count("year", target.year.into()).count("version", target.version);
        let event = target.commune.iter().fold(event, |event, commune| event.commune(commune));
        self.commit_with(tx, scope, event).await?;
        Ok(target)
    }

    /// The targets of a year that stand now, by indicator and commune, the city's first.
    ///
    /// Everybody sees the city's own targets; those of communes follow the area.
    pub async fn targets(&self, scope: &Scope, year: i32) -> Result<Vec<Target>, DeskError> {
        let sql = Sql::new(SELECT).push("t.year = ").bind(i64::from(year)).push(" AND ").push(CURRENT);
        let sql = sql.push(" AND (t.commune IS NULL OR ").area("t.commune", &scope.area)?.push(")");
        let mut tx = self.store().read(scope).await?;
        let mut found = targets(&mut tx, sql).await?;
        found.sort_by(|a, b| (&a.indicator, &a.commune).cmp(&(&b.indicator, &b.commune)));
        Ok(found)
    }

    /// All versions of one target, the first one first.
    pub async fn target_history(
        &self,
        scope: &Scope,
        indicator: &str,
        commune: Option<&CommuneCode>,
        year: i32,
    ) -> Result<Vec<Target>, DeskError> {
        let sql = Sql::new(SELECT).push("t.indicator = ").bind(indicator).push(" AND t.year = ").bind(i64::from(year));
        let sql = sql.push(" AND COALESCE(t.commune, '') = ").bind(commune.map_or("", CommuneCode::as_str));
        let sql = sql.push(" AND (t.commune IS NULL OR ").area("t.commune", &scope.area)?.push(") ORDER BY t.version");
        let mut tx = self.store().read(scope).await?;
        targets(&mut tx, sql).await
    }
}

/// The condition "about the same thing".
fn about(sql: Sql, target: &Target) -> Sql {
    let sql = sql.push("t.indicator = ").bind(target.indicator.as_str()).push(" AND t.year = ").bind(i64::from(target.year));
    sql.push(" AND COALESCE(t.commune, '') = ").bind(target.commune.as_ref().map_or("", CommuneCode::as_str))
}

/// The target this form set before; an error when the number was used for another one.
async fn earlier(tx: &mut Tx, client_tx: &str, new: &Target) -> Result<Option<Target>, DeskError> {
    let sql = Sql::new(SELECT).push("t.client_tx = ").bind(client_tx);
    let Some(found) = targets(tx, sql).await?.pop() else { return Ok(None) };
    let same = (&found.indicator, &found.commune, found.year) == (&new.indicator, &new.commune, new.year)
        && (found.value, &found.entered_by) == (new.value, &new.entered_by);
    if same { Ok(Some(found)) } else { Err(DeskError::ClientTxReused) }
}

async fn insert(tx: &mut Tx, new: &Target, client_tx: &str) -> Result<u64, DeskError> {
    let sql = Sql::with(
        "INSERT INTO target (id, client_tx, indicator, commune, year, version, value, source, document, entered_by, entered_at, \
         supersedes, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (client_tx) DO NOTHING",
        [
            new.id.as_str().into(),
            client_tx.into(),
            new.indicator.as_str().into(),
            new.commune.as_ref().map(CommuneCode::as_str).into(),
            i64::from(new.year).into(),
            new.version.into(),
            new.value.to_string().into(),
            new.source.as_str().into(),
            new.document.as_deref().into(),
            new.entered_by.as_str().into(),
            new.entered_at.into(),
            new.supersedes.as_deref().into(),
            new.reason.as_deref().into(),
        ],
    );
    tx.execute(sql).await.map_err(|error| if error == DeskError::Duplicate { DeskError::TargetChanged } else { error })
}

async fn targets(tx: &mut Tx, sql: Sql) -> Result<Vec<Target>, DeskError> {
    tx.rows(sql).await?.iter().map(target_from).collect()
}

fn target_from(row: &Row) -> Result<Target, DeskError> {
    let wrong = |what: &str| DeskError::damaged("target", what);
    Ok(Target {
        id: row.text(0)?,
        indicator: row.text(1)?,
        commune: row.opt_text(2)?.map(|text| CommuneCode::parse(&text).ok_or_else(|| wrong("commune"))).transpose()?,
        year: i32::try_from(row.int(3)?).map_err(|_| wrong("year"))?,
        version: row.int(4)?,
        value: row.text(5)?.parse().map_err(|_| wrong("value"))?,
        source: row.text(6)?,
        document: row.opt_text(7)?,
        entered_by: row.text(8)?,
        entered_at: row.int(9)?,
        supersedes: row.opt_text(10)?,
        reason: row.opt_text(11)?,
    })
}
