//! Money that a fund received, with the numbers of its receipts.

use base::{Date, Dong, Scope};
use serde::Serialize;

use super::fund::{own_fund, told};
use super::{day, money, typed};
use crate::db::{Row, Tx};
use crate::refusal::{PlanRefusal, refuse};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// Money that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReceipt {
    /// The fund.
    pub fund: String,
    /// Đồng.
    pub dong: Dong,
    /// Number of the receipt or of the bank's advice.
    pub number: String,
    /// The day it came in.
    pub day: Date,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// Money that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// UUIDv7.
    pub id: String,
    /// Đồng.
    pub dong: Dong,
    /// Number of the receipt.
    pub number: String,
    /// The day it came in.
    pub day: Date,
    /// Why it was cancelled; none for one that counts.
    pub cancelled: Option<String>,
}

const SELECT: &str = "SELECT r.id, r.dong, r.number, r.day, r.cancel_reason, r.fund FROM donor_receipt r WHERE ";

impl Desk {
    /// Writes down money that a fund of one's own unit received. The same form again gives the same receipt.
    pub async fn receive_donation(&self, scope: &Scope, new: &NewReceipt, today: Date) -> Result<Receipt, DeskError> {
        let (form, number) = (client_tx(&new.client_tx)?, written("number", &new.number)?);
        let dong = typed("dong", new.dong)?;
        if new.day > today {
            return Err(DeskError::Invalid { field: "day", why: "lies after today" });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(&new.fund).await?;
        let fund = own_fund(&mut tx, scope, &new.fund).await?;
        let row = tx.row(Sql::new(SELECT).push("r.client_tx = ").bind(form.as_str())).await?;
        if let Some(known) = row.map(|row| from_row(&row)).transpose()? {
            let same = (known.dong, &known.number) == (dong, &number);
            return if same { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO donor_receipt (id, client_tx, fund, dong, number, day, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                id.as_str().into(),
                form.as_str().into(),
                fund.id.as_str().into(),
                dong.get().into(),
                number.into(),
                new.day.to_string().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        match tx.execute(sql).await {
            Err(DeskError::Duplicate) => return refuse(PlanRefusal::Taken),
            other => drop(other?),
        }
        let made = find(&mut tx, &id).await?.1;
        self.commit_with(tx, scope, told(&fund, "received").client_tx(&form)).await?;
        Ok(made)
    }

    /// Cancels a receipt that was written down wrongly, as long as what was paid is covered without it.
    pub async fn cancel_receipt(&self, scope: &Scope, id: &str, reason: &str) -> Result<Receipt, DeskError> {
        let reason = written("reason", reason)?;
        let mut tx = self.store().write(scope).await?;
        let (fund, _) = find(&mut tx, id).await?;
        tx.lock(&fund).await?;
        let fund = own_fund(&mut tx, scope, &fund).await?;
        let (_, known) = find(&mut tx, id).await?;
        if known.cancelled.is_some() {
            return if known.cancelled == Some(reason) { Ok(known) } else { refuse(PlanRefusal::WrongState) };
        }
        let (received, paid) = money(&mut tx, &fund.id).await?;
        if received - known.dong < paid {
            return refuse(PlanRefusal::NoMoney);
        }
        let sql = Sql::new("UPDATE donor_receipt SET cancelled_at = ").bind(self.now()).push(", cancelled_by = ");
        let sql = sql.bind(scope.actor.0.as_str()).push(", cancel_reason = ").bind(reason).push(" WHERE id = ").bind(id);
        tx.execute(sql).await?;
        let (_, cancelled) = find(&mut tx, id).await?;
        self.commit_with(tx, scope, told(&fund, "receipt_cancelled")).await?;
        Ok(cancelled)
    }
}

async fn find(tx: &mut Tx, id: &str) -> Result<(String, Receipt), DeskError> {
    let row = tx.row(Sql::new(SELECT).push("r.id = ").bind(id)).await?;
    let row = row.ok_or(DeskError::NotFound { kind: "donor_receipt" })?;
    Ok((row.text(5)?, from_row(&row)?))
}

/// The receipts of a fund, by day.
pub(super) async fn of(tx: &mut Tx, fund: &str) -> Result<Vec<Receipt>, DeskError> {
    let sql = Sql::new(SELECT).push("r.fund = ").bind(fund).push(" ORDER BY r.day, r.id");
    tx.rows(sql).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Receipt, DeskError> {
    Ok(Receipt {
        id: row.text(0)?,
        dong: Dong::new(row.int(1)?),
        number: row.text(2)?,
        day: day("donor_receipt", &row.text(3)?)?,
        cancelled: row.opt_text(4)?,
    })
}
