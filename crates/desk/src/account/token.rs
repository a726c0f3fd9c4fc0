//! Tokens of programs: each belongs to a unit, says what it may ask, and ends on a day.

use std::collections::BTreeSet;

use base::{Actor, Area, Purpose, Role, Scope};
use serde::Serialize;

use super::secret;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent, append};
use crate::db::Row;
use crate::people::{area_of_unit, unit_name};
use crate::sql::Sql;
use crate::text::written;
use crate::{Desk, DeskError};

/// Longest life of a token, in days.
const LONGEST_DAYS: i64 = 366;
const DAY: i64 = 24 * 3_600_000;

/// What a token may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiScope {
    /// Parameters of the law (`/api/law`).
    Law,
    /// Calculators (`/api/calculators`).
    Calculators,
    /// Sending claim files of the token's own facility (`/api/giam-dinh/guiHoSo`); only for units `kcb-<code>`.
    ClaimsSend,
}

impl ApiScope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Law, Self::Calculators, Self::ClaimsSend];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Calculators => "calculators",
            Self::ClaimsSend => "claims_send",
        }
    }

    /// The scope of a stable word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// Unit whose program asks.
    pub unit: String,
    /// What it is for.
    pub label: String,
    /// What it may ask.
    pub scopes: BTreeSet<ApiScope>,
    /// How many days it counts, 1 to 366.
    pub days: i64,
}

/// A token without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiToken {
    /// UUIDv7; audit events name it.
    pub id: String,
    /// Unit.
    pub unit: String,
    /// What it is for.
    pub label: String,
    /// What it may ask.
    pub scopes: BTreeSet<ApiScope>,
    /// When it was made, Unix milliseconds.
    pub made_at: i64,
    /// When it ends, Unix milliseconds.
    pub until: i64,
    /// When it was taken back.
    pub revoked_at: Option<i64>,
}

/// A program that asks with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiClient {
    /// Its scope: no permission of its own, the area of its unit.
    pub scope: Scope,
    /// Name of the unit.
    pub unit_name: String,
    /// What it may ask.
    pub scopes: BTreeSet<ApiScope>,
}

const SELECT: &str = "SELECT id, unit, label, scopes, made_at, until_at, revoked_at FROM api_token";

impl Desk {
    /// Makes a token; the secret is given once and kept nowhere.
    pub async fn make_api_token(&self, scope: &Scope, new: NewApiToken) -> Result<(ApiToken, String), DeskError> {
        require(scope, Permission::ManageUsers)?;
        let label = written("label", &new.label)?;
        if !(1..=LONGEST_DAYS).contains(&new.days) {
            return Err(DeskError::Invalid { field: "days", why: "must be 1 to 366" });
        }
        if new.scopes.is_empty() {
            return Err(DeskError::Invalid { field: "scopes", why: "must name one or more" });
        }
        let now = self.now();
        let (id, token) = (self.next_id(now), secret::token(self.secret()?));
        let words: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
        let mut tx = self.store().write(&Scope::system()).await?;
        unit_name(&mut tx, &new.unit).await?;
        let until = now + new.days * DAY;
        let sql = Sql::with(
            "INSERT INTO api_token (id, token_hash, unit, label, scopes, made_by, made_at, until_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                id.as_str().into(),
                secret::token_hash(&token).into(),
                new.unit.as_str().into(),
                label.as_str().into(),
                words.join(",").into(),
                scope.actor.0.as_str().into(),
                now.into(),
                until.into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::MakeApiToken, "api_token").object(id.as_str()).word("unit", &new.unit);
        append(&mut tx, vec![self.event(scope, event.count("days", new.days))?]).await?;
        tx.commit().await?;
        let made = ApiToken { id, unit: new.unit, label, scopes: new.scopes, made_at: now, until, revoked_at: None };
        Ok((made, token))
    }

    /// All tokens, the newest first.
    pub async fn api_tokens(&self, scope: &Scope) -> Result<Vec<ApiToken>, DeskError> {
        require(scope, Permission::ManageUsers)?;
        let mut tx = self.store().read(&Scope::system()).await?;
        tx.rows(Sql::new(SELECT).push(" ORDER BY made_at DESC, id")).await?.iter().map(from_row).collect()
    }

    /// Takes a token back; it counts no more from this moment on.
    pub async fn revoke_api_token(&self, scope: &Scope, id: &str) -> Result<(), DeskError> {
        require(scope, Permission::ManageUsers)?;
        let mut tx = self.store().write(&Scope::system()).await?;
        let sql = Sql::with(
            "UPDATE api_token SET revoked_by = $1, revoked_at = $2 WHERE id = $3 AND revoked_at IS NULL",
            [scope.actor.0.as_str().into(), self.now().into(), id.into()],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::NotFound { kind: "api_token" });
        }
        append(&mut tx, vec![self.event(scope, ReadEvent::new(AuditAction::RevokeApiToken, "api_token").object(id))?]).await?;
        tx.commit().await
    }

    /// The program of a token; none when it is unknown, ended or taken back.
    pub async fn api_client(&self, token: &str) -> Result<Option<ApiClient>, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        let sql = Sql::new(SELECT).push(" WHERE token_hash = ").bind(secret::token_hash(token));
        let Some(row) = tx.row(sql).await? else { return Ok(None) };
        let found = from_row(&row)?;
        if found.revoked_at.is_some() || found.until <= self.now() {
            return Ok(None);
        }
        let area = area_of_unit(&mut tx, &found.unit).await?;
        let unit_name = unit_name(&mut tx, &found.unit).await?;
        let scope = Scope {
            actor: Actor(found.id),
            unit: found.unit,
            area: area.unwrap_or_else(|| Area::Communes(BTreeSet::new())),
            role: Role::ApiClient,
            purpose: Purpose::Operation,
            acting_for: None,
        };
        Ok(Some(ApiClient { scope, unit_name, scopes: found.scopes }))
    }
}

fn from_row(row: &Row) -> Result<ApiToken, DeskError> {
    let words = row.text(3)?;
    let scopes = words.split(',').map(ApiScope::from_word).collect::<Option<BTreeSet<_>>>();
    Ok(ApiToken {
        id: row.text(0)?,
        unit: row.text(1)?,
        label: row.text(2)?,
        scopes: scopes.ok_or_else(|| DeskError::damaged("api_token", "unknown scope"))?,
        made_at: row.int(4)?,
        until: row.int(5)?,
        revoked_at: row.opt_int(6)?,
    })
}
