//! Samples of a facility's month (giám định theo mẫu): a draw that anybody can repeat from its seed, what was found in it, an estimate.
//!
//! **A tool, not a rule of the law.** Circular 12/2026/TT-BTC says nothing of samples, and the rate by which the agency's older procedure
//! projected errors was not found. What is projected here is an estimate with its seed, size and confidence beside it; what is refused stays
//! what was found and decided case by case.

use base::{CommuneCode, Dong, Month, Scope};
use serde::Serialize;

use super::line::sum;
use super::sample_draw::draw_visits;
use super::sample_estimate::{SampleEstimate, estimate_sample};
use super::{ReviewRefusal, SampleConfidence, facility_code, of_agency, refuse};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::{Bind, MAX_BINDS, Sql};
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// Visits of a sample at most: what people can look at.
const SIZE: i64 = 5_000;
/// Samples of a list at most.
const LIST: i64 = 200;
/// Values of a drawn visit.
const BINDS: usize = 4;

/// A visit that may be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleUnit {
    /// The book's number.
    pub visit: i64,
    /// What it asks of the fund.
    pub amount: Dong,
}

/// A sample to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReviewSample {
    /// Code of the facility.
    pub facility: String,
    /// The commune it stands in.
    pub commune: Option<CommuneCode>,
    /// Month of the claims.
    pub period: Month,
    /// What the draw follows from, stated before it: a word.
    pub seed: String,
    /// How sure the interval is to be.
    pub confidence: SampleConfidence,
    /// How many visits.
    pub size: i64,
    /// All visits it is drawn from.
    pub population: Vec<SampleUnit>,
    /// What it is for.
    pub reason: String,
}

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewSample {
    /// UUIDv7.
    pub id: String,
    /// Code of the facility.
    pub facility: String,
    /// The commune it stands in.
    pub commune: Option<CommuneCode>,
    /// Month of the claims.
    pub period: Month,
    /// What the draw follows from.
    pub seed: String,
    /// How sure the interval is.
    pub confidence: SampleConfidence,
    /// Visits it was drawn from.
    pub population: i64,
    /// What they ask together.
    pub population_amount: Dong,
    /// BLAKE3 over these visits and amounts by visit, hexadecimal.
    pub population_hash: String,
    /// Visits drawn.
    pub size: i64,
    /// What it is for.
    pub reason: String,
    /// Who drew it, pseudonymous.
    pub made_by: String,
    /// Unix milliseconds.
    pub made_at: i64,
    /// When it was closed, Unix milliseconds.
    pub closed_at: Option<i64>,
}

/// A visit that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SampleVisit {
    /// From 1, in the order they were drawn.
    pub place: i64,
    /// The book's number.
    pub visit: i64,
    /// What it asks of the fund.
    pub amount: Dong,
    /// What of it should not have been asked; none before it was looked at.
    pub error: Option<Dong>,
    /// What was found, in words.
    pub note: Option<String>,
}

const COLUMNS: &str = "id, facility, commune, period, seed, confidence, population, population_amount, population_hash, size, reason, \
                       made_by, made_at, closed_at";

impl Desk {
    /// Draws a sample; the same form again gives the same.
    pub async fn draw_review_sample(&self, scope: &Scope, new: &NewReviewSample, form: &str) -> Result<ReviewSample, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let (form, seed, facility) = (client_tx(form)?, seed_word(&new.seed)?, facility_code(&new.facility)?);
        let reason = written("reason", &new.reason)?;
        if !scope.sees(new.commune.as_ref()) {
            return Err(DeskError::NotFound { kind: "review_sample" });
        }
        let population = sorted(&new.population)?;
        let all = population.len() as i64;
        if new.size < 1 || new.size > all.min(SIZE) {
            return Err(DeskError::Invalid { field: "size", why: "must be 1 to 5000 and no more than there are visits" });
        }
        let amount = sum(population.iter().map(|unit| unit.amount))?;
        let visits: Vec<i64> = population.iter().map(|unit| unit.visit).collect();
        let drawn = draw_visits(&seed, &visits, usize::try_from(new.size).unwrap_or(0));
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        if let Some(id) = tx.row(Sql::new("SELECT id FROM review_sample WHERE client_tx = ").bind(form.as_str())).await? {
            return sample(&mut tx, scope, &id.text(0)?).await;
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO review_sample (id, client_tx, facility, commune, period, seed, confidence, population, population_amount, \
             population_hash, size, reason, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             ON CONFLICT (client_tx) DO NOTHING",
            [
                id.as_str().into(),
                form.as_str().into(),
                facility.into(),
                new.commune.as_ref().map(CommuneCode::as_str).into(),
                new.period.to_string().into(),
                seed.into(),
                new.confidence.as_str().into(),
                all.into(),
                amount.get().into(),
                hash(&population).into(),
                new.size.into(),
                reason.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::ClientTxReused);
        }
        let mut place = 0;
        for some in drawn.chunks(MAX_BINDS / BINDS) {
            let mut rows: Vec<Vec<Bind>> = Vec::with_capacity(some.len());
            for visit in some {
                place += 1;
                let known = population.binary_search_by_key(visit, |unit| unit.visit);
                let asks = known.map_or(Dong::ZERO, |at| population[at].amount);
                rows.push(vec![id.as_str().into(), Bind::Int(Some(place)), (*visit).into(), asks.get().into()]);
            }
            tx.execute(Sql::new("INSERT INTO review_sample_visit (sample, place, visit, amount) VALUES ").rows(rows)).await?;
        }
        let made = sample(&mut tx, scope, &id).await?;
        self.sample_done(tx, scope, &made, "drawn", &form).await?;
        Ok(made)
    }

    /// Writes down what was found in a drawn visit, 0 where nothing; it may be corrected until the sample is closed.
    pub async fn record_sample_visit(
        &self,
        scope: &Scope,
        id: &str,
        visit: i64,
        error: Dong,
        note: Option<&str>,
        form: &str,
    ) -> Result<(), DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let form = client_tx(form)?;
        let note = note.filter(|note| !note.trim().is_empty()).map(|note| written("note", note)).transpose()?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(&format!("review sample {id}")).await?;
        let known = sample(&mut tx, scope, id).await?;
        let drawn = drawn(&mut tx, id).await?;
        let drawn = drawn.iter().find(|one| one.visit == visit).ok_or(DeskError::NotFound { kind: "sample_visit" })?;
        if (drawn.error, drawn.note.as_deref()) == (Some(error), note.as_deref()) {
            return Ok(());
        }
        if known.closed_at.is_some() {
            return refuse(ReviewRefusal::WrongState);
        }
        if error < Dong::ZERO {
            return Err(DeskError::Invalid { field: "error", why: "must not be below 0" });
        }
        if error > drawn.amount {
            return refuse(ReviewRefusal::AboveLimit);
        }
        let sql = Sql::new("UPDATE review_sample_visit SET error = ").bind(error.get()).push(", note = ").bind(note);
        let sql = sql.push(", checked_by = ").bind(scope.actor.0.as_str()).push(", checked_at = ").bind(self.now());
        tx.execute(sql.push(" WHERE sample = ").bind(id).push(" AND visit = ").bind(visit)).await?;
        self.sample_done(tx, scope, &known, "checked", &form).await
    }

    /// Closes a sample whose visits were all looked at; closed before, it stays so.
    pub async fn close_review_sample(&self, scope: &Scope, id: &str, form: &str) -> Result<ReviewSample, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let form = client_tx(form)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(&format!("review sample {id}")).await?;
        let known = sample(&mut tx, scope, id).await?;
        if known.closed_at.is_some() {
            return Ok(known);
        }
        if drawn(&mut tx, id).await?.iter().any(|one| one.error.is_none()) {
            return Err(DeskError::Invalid { field: "visits", why: "were not all looked at" });
        }
        let sql = Sql::new("UPDATE review_sample SET closed_by = ").bind(scope.actor.0.as_str()).push(", closed_at = ");
        tx.execute(sql.bind(self.now()).push(" WHERE id = ").bind(id)).await?;
        let closed = sample(&mut tx, scope, id).await?;
        self.sample_done(tx, scope, &closed, "closed", &form).await?;
        Ok(closed)
    }

    /// A sample with its visits, and the estimate of those looked at so far; none before the first.
    pub async fn review_sample(
        &self,
        scope: &Scope,
        id: &str,
    ) -> Result<(ReviewSample, Vec<SampleVisit>, Option<SampleEstimate>), DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let known = sample(&mut tx, scope, id).await?;
        let visits = drawn(&mut tx, id).await?;
        let looked: Vec<(Dong, Dong)> = visits.iter().filter_map(|one| one.error.map(|error| (one.amount, error))).collect();
        let estimate = estimate_sample(known.confidence, known.population_amount, &looked)?;
        Ok((known, visits, estimate))
    }

    /// Samples, of one facility where it is named, the newest first.
    pub async fn review_samples(&self, scope: &Scope, facility: Option<&str>) -> Result<Vec<ReviewSample>, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let sql = of_agency(Sql::new("SELECT ").push(COLUMNS).push(" FROM review_sample WHERE "), scope)?;
        let sql = sql.push_if(" AND facility = ", facility).push(" ORDER BY made_at DESC, id DESC LIMIT ").bind(LIST);
        tx.rows(sql).await?.iter().map(from_row).collect()
    }

    async fn sample_done(
        &self,
        tx: Tx,
        scope: &Scope,
        sample: &ReviewSample,
        what: &'static str,
        form: &str,
    ) -> Result<(), DeskError> {
        let told = ReadEvent::new(AuditAction::SampleReviews, "review_sample").object(sample.id.as_str());
        let told = told.word("what", what).count("rows", sample.size).client_tx(form);
        self.commit_with(tx, scope, sample.commune.iter().fold(told, |told, commune| told.commune(commune))).await
    }
}

/// The seed of a draw: a word of 1 to 64 characters.
fn seed_word(seed: &str) -> Result<String, DeskError> {
    if seed.len() > 64 {
        return Err(DeskError::Invalid { field: "seed", why: "must have 1 to 64 characters" });
    }
    word("seed", seed)
}

/// The visits by number, each once.
fn sorted(population: &[SampleUnit]) -> Result<Vec<SampleUnit>, DeskError> {
    let wrong = |why| Err(DeskError::Invalid { field: "population", why });
    let mut sorted = population.to_vec();
    sorted.sort_by_key(|unit| unit.visit);
    if sorted.windows(2).any(|pair| pair[0].visit == pair[1].visit) {
        return wrong("names a visit twice");
    }
    if sorted.iter().any(|unit| unit.visit <= 0 || unit.amount < Dong::ZERO) {
        return wrong("holds a visit without a number of the book, or an amount below 0");
    }
    Ok(sorted)
}

/// What a population is known by: visits and amounts in the order of visits.
fn hash(population: &[SampleUnit]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("An Sinh review population 1");
    for unit in population {
        hasher.update(&unit.visit.to_le_bytes()).update(&unit.amount.get().to_le_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

async fn sample(tx: &mut Tx, scope: &Scope, id: &str) -> Result<ReviewSample, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM review_sample WHERE id = ").bind(id).push(" AND ");
    from_row(&tx.row(of_agency(sql, scope)?).await?.ok_or(DeskError::NotFound { kind: "review_sample" })?)
}

async fn drawn(tx: &mut Tx, sample: &str) -> Result<Vec<SampleVisit>, DeskError> {
    let sql = Sql::new("SELECT place, visit, amount, error, note FROM review_sample_visit WHERE sample = ").bind(sample);
    let visit = |row: &Row| {
        Ok(SampleVisit {
            place: row.int(0)?,
            visit: row.int(1)?,
            amount: Dong::new(row.int(2)?),
            error: row.opt_int(3)?.map(Dong::new),
            note: row.opt_text(4)?,
        })
    };
    tx.rows(sql.push(" ORDER BY place")).await?.iter().map(visit).collect()
}

fn from_row(row: &Row) -> Result<ReviewSample, DeskError> {
    let wrong = |what: &'static str| move || DeskError::damaged("review_sample", what);
    Ok(ReviewSample {
        id: row.text(0)?,
        facility: row.text(1)?,
        commune: row.opt_text(2)?.map(|code| CommuneCode::parse(&code).ok_or_else(wrong("commune"))).transpose()?,
        period: row.text(3)?.parse().map_err(|_| wrong("period")())?,
        seed: row.text(4)?,
        confidence: SampleConfidence::from_word(&row.text(5)?).ok_or_else(wrong("confidence"))?,
        population: row.int(6)?,
        population_amount: Dong::new(row.int(7)?),
        population_hash: row.text(8)?,
        size: row.int(9)?,
        reason: row.text(10)?,
        made_by: row.text(11)?,
        made_at: row.int(12)?,
        closed_at: row.opt_int(13)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_population_is_known_by_visits_and_amounts() {
        let unit = |visit, amount| SampleUnit { visit, amount: Dong::new(amount) };
        let one = hash(&sorted(&[unit(2, 5), unit(1, 4)]).unwrap());
        assert_eq!(one, hash(&sorted(&[unit(1, 4), unit(2, 5)]).unwrap()));
        assert_ne!(one, hash(&[unit(1, 4), unit(2, 6)]));
        assert!(sorted(&[unit(1, 4), unit(1, 5)]).is_err());
        assert!(sorted(&[unit(0, 4)]).is_err());
    }
}
