//! What was paid for somebody who was chosen.

use std::collections::BTreeMap;

use base::{Date, Dong, Month, Scope};
use serde::Serialize;

use super::choice::{about, find, last};
use super::{Choice, day, fund, money, month, typed};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::refusal::{PlanRefusal, refuse};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// A payment to be written down, as the receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// Whom it is for.
    pub choice: String,
    /// Đồng.
    pub dong: Dong,
    /// First month paid.
    pub first_month: Month,
    /// Number of months.
    pub months: i64,
    /// Number of the receipt (biên lai).
    pub number: String,
    /// Its day.
    pub day: Date,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payment {
    /// UUIDv7.
    pub id: String,
    /// Đồng.
    pub dong: Dong,
    /// First month paid.
    pub first_month: Month,
    /// Number of months.
    pub months: i64,
    /// Number of the receipt.
    pub number: String,
    /// Its day.
    pub day: Date,
}

impl Desk {
    /// Writes down what was paid for a choice in one's own area: within its months, what the rules allow for one person, and what the fund
    /// has left. The same form again gives the choice as it is.
    pub async fn pay_from_fund(&self, scope: &Scope, new: &NewPayment, today: Date) -> Result<Choice, DeskError> {
        require(scope, Permission::WorkCases)?;
        let (form, number) = (client_tx(&new.client_tx)?, written("number", &new.number)?);
        let dong = typed("dong", new.dong)?;
        if new.day > today {
            return Err(DeskError::Invalid { field: "day", why: "lies after today" });
        }
        let mut tx = self.store().write(scope).await?;
        let chosen = find(&mut tx, scope, &new.choice).await?;
        // What is left is looked at and taken by one after another.
        tx.lock(&chosen.fund).await?;
        let chosen = find(&mut tx, scope, &new.choice).await?;
        let sql = Sql::new("SELECT choice, dong FROM donor_payment WHERE client_tx = ").bind(form.as_str());
        if let Some(row) = tx.row(sql).await? {
            let same = (row.text(0)?, row.int(1)?) == (new.choice.clone(), dong.get());
            return if same { Ok(chosen) } else { Err(DeskError::ClientTxReused) };
        }
        let Some(person) = chosen.person.filter(|_| chosen.dropped.is_none() && chosen.payment.is_none()) else {
            return refuse(PlanRefusal::WrongState);
        };
        let within = new.months >= 1
            && new.first_month >= chosen.first_month
            && last(new.first_month, new.months.min(60)) <= chosen.last_month()
            && new.months <= 60;
        if !within {
            return refuse(PlanRefusal::NotByRules);
        }
        let fund = fund::one(&mut tx, scope, &chosen.fund).await?;
        let sql = Sql::new(
            "SELECT CAST(COALESCE(sum(p.dong), 0) AS BIGINT) FROM donor_payment p JOIN donor_choice c ON c.id = p.choice \
             WHERE p.cancelled_at IS NULL AND c.person = ",
        );
        let sql = sql.bind(person).push(" AND p.fund = ").bind(fund.id.as_str());
        let before = Dong::new(tx.row(sql).await?.map_or(Ok(0), |row| row.int(0))?);
        if before + dong > fund.most {
            return refuse(PlanRefusal::NotByRules);
        }
        let (received, paid) = money(&mut tx, &fund.id).await?;
        if paid + dong > received {
            return refuse(PlanRefusal::NoMoney);
        }
        let now = self.now();
        let sql = Sql::with(
            "INSERT INTO donor_payment (id, client_tx, choice, fund, commune, dong, first_month, months, number, day, made_by, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            [
                self.next_id(now).into(),
                form.as_str().into(),
                chosen.id.as_str().into(),
                fund.id.as_str().into(),
                chosen.commune.as_str().into(),
                dong.get().into(),
                new.first_month.to_string().into(),
                new.months.into(),
                number.into(),
                new.day.to_string().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let paid = find(&mut tx, scope, &chosen.id).await?;
        self.commit_with(tx, scope, told(&paid, "paid").client_tx(&form)).await?;
        Ok(paid)
    }

    /// Cancels a payment that was written down wrongly; the choice can be paid anew.
    pub async fn cancel_payment(&self, scope: &Scope, choice: &str, payment: &str, reason: &str) -> Result<Choice, DeskError> {
        require(scope, Permission::WorkCases)?;
        let reason = written("reason", reason)?;
        let mut tx = self.store().write(scope).await?;
        let known = find(&mut tx, scope, choice).await?;
        tx.lock(&known.fund).await?;
        let known = find(&mut tx, scope, choice).await?;
        if known.person.is_none() || known.payment.as_ref().is_none_or(|paid| paid.id != payment) {
            return refuse(PlanRefusal::WrongState);
        }
        let sql = Sql::new("UPDATE donor_payment SET cancelled_at = ").bind(self.now()).push(", cancelled_by = ");
        let sql = sql.bind(scope.actor.0.as_str()).push(", cancel_reason = ").bind(reason).push(" WHERE id = ").bind(payment);
        tx.execute(sql).await?;
        let cancelled = find(&mut tx, scope, choice).await?;
        self.commit_with(tx, scope, told(&cancelled, "payment_cancelled")).await?;
        Ok(cancelled)
    }
}

fn told(choice: &Choice, what: &str) -> ReadEvent {
    let event = about(ReadEvent::new(AuditAction::PayFromFund, "person"), choice);
    event.commune(&choice.commune).word("what", what).word("choice", &choice.id)
}

/// What was paid for these choices.
pub(super) async fn of(tx: &mut Tx, choices: impl Iterator<Item = &str>) -> Result<BTreeMap<String, Payment>, DeskError> {
    let ids: Vec<&str> = choices.collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = Sql::new("SELECT p.choice, p.id, p.dong, p.first_month, p.months, p.number, p.day FROM donor_payment p ");
    let mut found = BTreeMap::new();
    for row in tx.rows(sql.push("WHERE p.cancelled_at IS NULL AND p.choice IN ").list(ids)).await? {
        let payment = Payment {
            id: row.text(1)?,
            dong: Dong::new(row.int(2)?),
            first_month: month("donor_payment", &row.text(3)?)?,
            months: row.int(4)?,
            number: row.text(5)?,
            day: day("donor_payment", &row.text(6)?)?,
        };
        found.insert(row.text(0)?, payment);
    }
    Ok(found)
}
