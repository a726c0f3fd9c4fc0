//! People whom a commune chooses out of its list for a fund, for some months.

use base::{CommuneCode, Date, Month, Scope};
use serde::Serialize;

use super::{Payment, Scheme, commune, fund, month, payment};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::refusal::{PlanRefusal, own, refuse};
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// Somebody to be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChoice {
    /// The fund.
    pub fund: String,
    /// The book's number of the person.
    pub person: i64,
    /// Their commune.
    pub commune: CommuneCode,
    /// Why they are on the list: id of a rule.
    pub reason: String,
    /// First month that is paid.
    pub first_month: Month,
    /// Number of months.
    pub months: i64,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// Somebody who was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// UUIDv7.
    pub id: String,
    /// The fund.
    pub fund: String,
    /// The book's number of the person; none where it was erased after its term of retention.
    pub person: Option<i64>,
    /// Their commune.
    pub commune: CommuneCode,
    /// Why they are on the list.
    pub reason: String,
    /// What for.
    pub scheme: Scheme,
    /// First month.
    pub first_month: Month,
    /// Number of months.
    pub months: i64,
    /// Why the choice was dropped; none for one that holds.
    pub dropped: Option<String>,
    /// What was paid; none before.
    pub payment: Option<Payment>,
}

impl Choice {
    /// The last month.
    pub fn last_month(&self) -> Month {
        last(self.first_month, self.months)
    }
}

/// The last of some months.
pub(super) fn last(first: Month, months: i64) -> Month {
    first.plus(i32::try_from(months - 1).unwrap_or_default())
}

const SELECT: &str = "SELECT c.id, c.fund, c.person, c.commune, c.reason, c.scheme, c.first_month, c.months, c.drop_reason FROM donor_choice c WHERE ";

impl Desk {
    /// Chooses somebody of one's own commune for a fund, within its rules. Months that the person has from any fund already are refused. The
    /// same form again gives the same choice.
    pub async fn choose_for_fund(&self, scope: &Scope, new: &NewChoice, today: Date) -> Result<Choice, DeskError> {
        require(scope, Permission::ListPeople)?;
        own(scope, Some(&new.commune))?;
        let (form, reason) = (client_tx(&new.client_tx)?, word("reason", &new.reason)?);
        if !(1..=60).contains(&new.months) {
            return Err(DeskError::Invalid { field: "months", why: "must be 1 to 60" });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        tx.lock(&format!("donor_person {}", new.person)).await?;
        let known = some(&mut tx, Sql::new(SELECT).push("c.client_tx = ").bind(form.as_str())).await?.pop();
        if let Some(known) = known {
            let same = (&known.fund, known.person, known.first_month, known.months)
                == (&new.fund, Some(new.person), new.first_month, new.months);
            return if same { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        let fund = fund::one(&mut tx, scope, &new.fund).await?;
        if !fund.is_open(today) {
            return refuse(PlanRefusal::Closed);
        }
        let sql = Sql::new(
            "SELECT count(*) FROM donor_month m JOIN donor_choice c ON c.id = m.choice WHERE m.dropped_at IS NULL AND m.person = ",
        );
        let sql = sql.bind(new.person).push(" AND c.fund = ").bind(fund.id.as_str());
        let before = tx.row(sql).await?.map_or(Ok(0), |row| row.int(0))?;
        if !fund.takes(&new.commune, &reason) || before + new.months > fund.months {
            return refuse(PlanRefusal::NotByRules);
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO donor_choice (id, client_tx, fund, person, commune, reason, scheme, first_month, months, chosen_by, chosen_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            [
                id.as_str().into(),
                form.as_str().into(),
                fund.id.as_str().into(),
                new.person.into(),
                new.commune.as_str().into(),
                reason.into(),
                fund.scheme.as_str().into(),
                new.first_month.to_string().into(),
                new.months.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let months: Vec<Month> = (0..new.months).map(|n| last(new.first_month, n + 1)).collect();
        for some in months.chunks(crate::sql::MAX_BINDS / 5) {
            let rows = some.iter().map(|month| {
                vec![
                    id.as_str().into(),
                    new.person.into(),
                    new.commune.as_str().into(),
                    fund.scheme.as_str().into(),
                    month.to_string().into(),
                ]
            });
            let sql = Sql::new("INSERT INTO donor_month (choice, person, commune, scheme, month) VALUES ").rows(rows);
            // The index of the table says it, whichever commune and fund the other choice is of.
            match tx.execute(sql).await {
                Err(DeskError::Duplicate) => return refuse(PlanRefusal::PaidTwice),
                other => drop(other?),
            }
        }
        let made = find(&mut tx, scope, &id).await?;
        self.commit_with(tx, scope, told(&made, "chosen").client_tx(&form)).await?;
        Ok(made)
    }

    /// Drops a choice of one's own commune for which nothing is paid: its months are free again.
    pub async fn drop_choice(&self, scope: &Scope, id: &str, reason: &str) -> Result<Choice, DeskError> {
        require(scope, Permission::ListPeople)?;
        let reason = written("reason", reason)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let known = find(&mut tx, scope, id).await?;
        own(scope, Some(&known.commune))?;
        if known.dropped.is_some() {
            return if known.dropped == Some(reason) { Ok(known) } else { refuse(PlanRefusal::WrongState) };
        }
        if known.person.is_none() {
            return refuse(PlanRefusal::WrongState);
        }
        if known.payment.is_some() {
            return refuse(PlanRefusal::InUse);
        }
        let now = self.now();
        let sql =
            Sql::new("UPDATE donor_choice SET dropped_at = ").bind(now).push(", dropped_by = ").bind(scope.actor.0.as_str());
        tx.execute(sql.push(", drop_reason = ").bind(reason).push(" WHERE id = ").bind(id)).await?;
        let sql = Sql::new("UPDATE donor_month SET dropped_at = ").bind(now).push(" WHERE dropped_at IS NULL AND choice = ");
        tx.execute(sql.bind(id)).await?;
        let dropped = find(&mut tx, scope, id).await?;
        self.commit_with(tx, scope, told(&dropped, "dropped")).await?;
        Ok(dropped)
    }

    /// What a person has from funds, the newest first: for the page on which they are chosen. The caller writes the audit event.
    pub async fn choices_of_person(&self, scope: &Scope, person: i64) -> Result<Vec<Choice>, DeskError> {
        require(scope, Permission::ListPeople)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(SELECT).push("c.person = ").bind(person).push(" AND ").area("c.commune", &scope.area)?;
        some(&mut tx, sql.push(" ORDER BY c.id DESC")).await
    }
}

/// The audit event of a choice: the person's own log shows it.
fn told(choice: &Choice, what: &str) -> ReadEvent {
    let event = about(ReadEvent::new(AuditAction::ChooseForFund, "person"), choice);
    event.commune(&choice.commune).word("what", what).word("choice", &choice.id)
}

/// An event about the person of a choice, while it is known who.
pub(super) fn about(event: ReadEvent, choice: &Choice) -> ReadEvent {
    choice.person.iter().fold(event, |event, person| event.object(format!("P{person}")))
}

/// A choice in one's own area.
pub(super) async fn find(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Choice, DeskError> {
    let sql = Sql::new(SELECT).push("c.id = ").bind(id).push(" AND ").area("c.commune", &scope.area)?;
    some(tx, sql).await?.pop().ok_or(DeskError::NotFound { kind: "donor_choice" })
}

/// The choices of a fund in one's own area, those that hold first.
pub(super) async fn of(tx: &mut Tx, scope: &Scope, fund: &str) -> Result<Vec<Choice>, DeskError> {
    let sql = Sql::new(SELECT).push("c.fund = ").bind(fund).push(" AND ").area("c.commune", &scope.area)?;
    let mut all = some(tx, sql.push(" ORDER BY c.commune, c.id")).await?;
    all.sort_by_key(|choice| choice.dropped.is_some());
    Ok(all)
}

async fn some(tx: &mut Tx, sql: Sql) -> Result<Vec<Choice>, DeskError> {
    let mut all = tx.rows(sql).await?.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    for part in all.chunks_mut(crate::sql::MAX_BINDS) {
        let mut payments = payment::of(tx, part.iter().map(|choice| choice.id.as_str())).await?;
        for choice in part {
            choice.payment = payments.remove(&choice.id);
        }
    }
    Ok(all)
}

fn from_row(row: &Row) -> Result<Choice, DeskError> {
    Ok(Choice {
        id: row.text(0)?,
        fund: row.text(1)?,
        // Below 0 it stands for nobody.
        person: Some(row.int(2)?).filter(|person| *person >= 0),
        commune: commune("donor_choice", &row.text(3)?)?,
        reason: row.text(4)?,
        scheme: Scheme::from_word(&row.text(5)?).ok_or_else(|| DeskError::damaged("donor_choice", "scheme"))?,
        first_month: month("donor_choice", &row.text(6)?)?,
        months: row.int(7)?,
        dropped: row.opt_text(8)?,
        payment: None,
    })
}
