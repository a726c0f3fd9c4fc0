//! After the term of retention, by decision, funds that ended forget whom they paid for. Money, months, communes, reasons of the list and
//! numbers of receipts stay, and so does how many people were helped.

use base::{Date, Scope};
use serde::Serialize;

use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// What funds that ended forgot, or would forget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DonorErasure {
    /// Funds that ended before this day, with all they paid for.
    pub before: Date,
    /// Funds.
    pub funds: i64,
    /// Choices that no longer say for whom.
    pub choices: i64,
    /// People, counted once for each fund.
    pub people: i64,
}

/// Funds that were closed, or whose days were over, before a day ($1), in which nobody was chosen, dropped or paid for since ($2, the same
/// day in Unix milliseconds) and no month from that one on ($3) is promised; and which have people.
const ENDED: &str = "SELECT f.id FROM donor_fund f WHERE (f.closed_on < $1 OR f.last_day < $1) \
     AND NOT EXISTS (SELECT 1 FROM donor_erasure e WHERE e.fund = f.id) \
     AND EXISTS (SELECT 1 FROM donor_choice c WHERE c.fund = f.id) \
     AND NOT EXISTS (SELECT 1 FROM donor_choice c WHERE c.fund = f.id AND (c.chosen_at >= $2 OR c.dropped_at >= $2)) \
     AND NOT EXISTS (SELECT 1 FROM donor_payment p WHERE p.fund = f.id AND (p.made_at >= $2 OR p.cancelled_at >= $2)) \
     AND NOT EXISTS (SELECT 1 FROM donor_month m JOIN donor_choice c ON c.id = m.choice \
                     WHERE c.fund = f.id AND m.dropped_at IS NULL AND m.month >= $3) ORDER BY f.id";

/// The people of a fund with the number of their choices, in the order in which they were chosen.
const PEOPLE: &str = "SELECT person, count(*) FROM donor_choice WHERE fund = $1 GROUP BY person ORDER BY min(id)";

impl Desk {
    /// Erases whom funds paid for that ended before `before`, which is `before_at` in Unix milliseconds, and reasons in words. A fund with
    /// a month that is not over yet keeps everybody. `decision` is the document that orders it; without one nothing is erased, and the
    /// answer says what would be.
    pub async fn erase_donor_people(
        &self,
        scope: &Scope,
        before: Date,
        before_at: i64,
        decision: Option<&str>,
    ) -> Result<DonorErasure, DeskError> {
        let decision = self.erasing(scope, before_at, decision)?;
        let system = Scope::system();
        let mut tx = self.store().write(&system).await?;
        let sql = Sql::with(ENDED, [before.to_string().into(), before_at.into(), before.month().to_string().into()]);
        let funds = tx.rows(sql).await?.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
        let mut erasure = DonorErasure { before, funds: funds.len() as i64, choices: 0, people: 0 };
        // Numbers below 0 stand for nobody: one for each person of a fund, so that people are still counted once, and another one in
        // another fund, so that nobody can be followed.
        let lowest = tx.row(Sql::new("SELECT min(person) FROM donor_choice")).await?.map_or(Ok(None), |row| row.opt_int(0))?;
        let mut nobody = lowest.unwrap_or_default().min(0);
        for fund in &funds {
            if let Some(decision) = &decision {
                let sql = Sql::with(
                    "INSERT INTO donor_erasure (fund, decision, erased_by, erased_at) VALUES ($1, $2, $3, $4)",
                    [fund.as_str().into(), decision.as_str().into(), scope.actor.0.as_str().into(), self.now().into()],
                );
                tx.execute(sql).await?;
            }
            for row in tx.rows(Sql::with(PEOPLE, [fund.as_str().into()])).await? {
                erasure.people += 1;
                erasure.choices += row.int(1)?;
                nobody -= 1;
                if decision.is_some() {
                    forget(&mut tx, fund, row.int(0)?, nobody).await?;
                }
            }
        }
        if decision.is_some() && erasure.funds > 0 {
            let event = ReadEvent::new(AuditAction::EraseDonorPeople, "donor_fund").word("before", &before.to_string());
            self.commit_with(tx, scope, event.count("funds", erasure.funds).count("rows", erasure.choices)).await?;
        }
        Ok(erasure)
    }
}

/// Puts a number that stands for nobody in the place of a person of a fund.
async fn forget(tx: &mut Tx, fund: &str, person: i64, nobody: i64) -> Result<(), DeskError> {
    if tx.is_postgres() {
        let sql = Sql::with("SELECT donor_erase($1, $2, $3)::text", [fund.into(), person.into(), nobody.into()]);
        return tx.row(sql).await.map(drop);
    }
    let theirs = |sql: Sql| {
        let sql = sql.push("choice IN (SELECT id FROM donor_choice WHERE fund = ").bind(fund).push(" AND person = ");
        sql.bind(person).push(")")
    };
    tx.execute(theirs(Sql::new("UPDATE donor_payment SET cancel_reason = '' WHERE cancel_reason <> '' AND "))).await?;
    tx.execute(theirs(Sql::new("UPDATE donor_month SET person = ").bind(nobody).push(" WHERE "))).await?;
    let sql = Sql::new("UPDATE donor_choice SET person = ").bind(nobody);
    let sql = sql.push(", drop_reason = CASE WHEN drop_reason IS NULL THEN NULL ELSE '' END WHERE fund = ").bind(fund);
    tx.execute(sql.push(" AND person = ").bind(person)).await.map(drop)
}
