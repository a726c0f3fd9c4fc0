//! Funds (quỹ, chương trình) of donors with their rules.

use std::collections::{BTreeMap, BTreeSet};

use base::{CommuneCode, Date, Dong, Role, Scope};
use serde::Serialize;

use super::{Choice, DonorKind, Receipt, Scheme, choice, commune, day, keeps, receipt, typed};
use crate::access::{Permission, may, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::refusal::{PlanRefusal, refuse};
use crate::sql::Sql;
use crate::task::own_commune;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// A fund to be set up, by the unit that keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFund {
    /// What it is called.
    pub name: String,
    /// Who gives.
    pub donor: String,
    /// An organisation or somebody by themselves.
    pub donor_kind: DonorKind,
    /// Whether somebody asked not to be named.
    pub anonymous: bool,
    /// What it pays for.
    pub scheme: Scheme,
    /// Where; empty: in all communes.
    pub communes: BTreeSet<CommuneCode>,
    /// For whom: ids of reasons (rules); empty: all.
    pub reasons: BTreeSet<String>,
    /// Months for one person at most.
    pub months: i64,
    /// Đồng for one person at most.
    pub most: Dong,
    /// Đồng pledged (cam kết).
    pub pledged: Dong,
    /// First day on which people are chosen.
    pub first_day: Date,
    /// Last day.
    pub last_day: Date,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fund {
    /// UUIDv7.
    pub id: String,
    /// Desk unit that keeps it.
    pub unit: String,
    /// Its commune, where a commune keeps it: it is for that commune alone.
    pub commune: Option<CommuneCode>,
    /// What it is called.
    pub name: String,
    /// Who gives; none where they asked not to be named, but for the unit that keeps it.
    pub donor: Option<String>,
    /// An organisation or somebody by themselves.
    pub donor_kind: DonorKind,
    /// Whether they asked not to be named.
    pub anonymous: bool,
    /// What it pays for.
    pub scheme: Scheme,
    /// Where; empty: in all communes.
    pub communes: BTreeSet<CommuneCode>,
    /// For whom: ids of reasons; empty: all.
    pub reasons: BTreeSet<String>,
    /// Months for one person at most.
    pub months: i64,
    /// Đồng for one person at most.
    pub most: Dong,
    /// Đồng pledged.
    pub pledged: Dong,
    /// First day on which people are chosen.
    pub first_day: Date,
    /// Last day.
    pub last_day: Date,
    /// The day it was closed and why.
    pub closed: Option<(Date, String)>,
}

impl Fund {
    /// Whether people are chosen for it on a day.
    pub fn is_open(&self, on: Date) -> bool {
        self.closed.is_none() && self.first_day <= on && on <= self.last_day
    }

    /// Whether its rules take somebody of a commune who is on the list for a reason.
    pub fn takes(&self, commune: &CommuneCode, reason: &str) -> bool {
        let here = self.commune.as_ref().is_none_or(|own| own == commune);
        here && (self.communes.is_empty() || self.communes.contains(commune))
            && (self.reasons.is_empty() || self.reasons.contains(reason))
    }
}

/// A fund with its money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FundStanding {
    /// The fund.
    pub fund: Fund,
    /// Đồng received.
    pub received: Dong,
    /// Đồng paid.
    pub paid: Dong,
}

impl FundStanding {
    /// What is left to be paid (số dư): never less than nothing.
    pub fn balance(&self) -> Dong {
        self.received - self.paid
    }
}

const COLUMNS: &str = "f.id, f.unit, f.commune, f.name, f.donor, f.donor_kind, f.anonymous, f.scheme, f.communes, f.reasons, f.months, \
                       f.most, f.pledged, f.first_day, f.last_day, f.closed_on, f.close_reason";

impl Desk {
    /// Sets up a fund that one's own unit keeps. The same form again gives the same fund.
    pub async fn add_fund(&self, scope: &Scope, new: &NewFund) -> Result<Fund, DeskError> {
        require(scope, Permission::ReportTasks)?;
        let form = client_tx(&new.client_tx)?;
        let (name, donor) = (written("name", &new.name)?, written("donor", &new.donor)?);
        if new.anonymous && new.donor_kind != DonorKind::Individual {
            return Err(DeskError::Invalid { field: "anonymous", why: "is for individuals; an organisation is named" });
        }
        if !(1..=60).contains(&new.months) {
            return Err(DeskError::Invalid { field: "months", why: "must be 1 to 60" });
        }
        if new.last_day < new.first_day {
            return Err(DeskError::Invalid { field: "last_day", why: "lies before the first day" });
        }
        let (most, pledged) = (typed("most", new.most)?, typed("pledged", new.pledged)?);
        let own = own_commune(scope).filter(|_| scope.role == Role::CommuneStaff);
        if let Some(own) = own
            && new.communes.iter().any(|commune| commune != own)
        {
            return refuse(PlanRefusal::NotByRules);
        }
        let reasons = new.reasons.iter().map(|rule| word("reason", rule)).collect::<Result<Vec<_>, _>>()?.join(",");
        let communes = new.communes.iter().map(CommuneCode::as_str).collect::<Vec<_>>().join(",");
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM donor_fund f WHERE f.client_tx = ").bind(form.as_str());
        if let Some(row) = tx.row(sql).await? {
            let known = from_row(&row, scope)?;
            let same = (known.name.as_str(), known.scheme, known.pledged) == (name.as_str(), new.scheme, pledged);
            return if same && keeps(scope, &known) { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        let now = self.now();
        let id = self.next_id(now);
        let row = vec![
            id.as_str().into(),
            form.as_str().into(),
            scope.unit.as_str().into(),
            own.map(CommuneCode::as_str).into(),
            name.into(),
            donor.into(),
            new.donor_kind.as_str().into(),
            i64::from(new.anonymous).into(),
            new.scheme.as_str().into(),
            communes.into(),
            reasons.into(),
            new.months.into(),
            most.get().into(),
            pledged.get().into(),
            new.first_day.to_string().into(),
            new.last_day.to_string().into(),
            scope.actor.0.as_str().into(),
            now.into(),
        ];
        let sql = "INSERT INTO donor_fund (id, client_tx, unit, commune, name, donor, donor_kind, anonymous, scheme, communes, reasons, \
                   months, most, pledged, first_day, last_day, made_by, made_at) VALUES ";
        tx.execute(Sql::new(sql).rows(vec![row])).await?;
        let made = one(&mut tx, scope, &id).await?;
        self.commit_with(tx, scope, told(&made, "set_up").client_tx(&form)).await?;
        Ok(made)
    }

    /// Closes a fund of one's own unit, once: nobody is chosen any more.
    pub async fn close_fund(&self, scope: &Scope, id: &str, on: Date, reason: &str) -> Result<Fund, DeskError> {
        let reason = written("reason", reason)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let known = own_fund(&mut tx, scope, id).await?;
        if known.closed.is_some() {
            return if known.closed == Some((on, reason)) { Ok(known) } else { refuse(PlanRefusal::WrongState) };
        }
        let sql = Sql::new("UPDATE donor_fund SET closed_on = ").bind(on.to_string()).push(", close_reason = ").bind(reason);
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        let closed = one(&mut tx, scope, id).await?;
        self.commit_with(tx, scope, told(&closed, "closed")).await?;
        Ok(closed)
    }

    /// All funds with their money, open ones first, by first day.
    pub async fn funds(&self, scope: &Scope) -> Result<Vec<FundStanding>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let mut sums: BTreeMap<&str, BTreeMap<String, i64>> = BTreeMap::new();
        for table in ["donor_receipt", "donor_payment"] {
            let sql = Sql::new("SELECT fund, CAST(sum(dong) AS BIGINT) FROM ").push(table);
            let rows = tx.rows(sql.push(" WHERE cancelled_at IS NULL GROUP BY fund")).await?;
            let of = rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect::<Result<_, DeskError>>()?;
            sums.insert(table, of);
        }
        let sum = |table: &str, fund: &str| Dong::new(sums.get(table).and_then(|of| of.get(fund)).copied().unwrap_or_default());
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM donor_fund f ORDER BY f.first_day DESC, f.id DESC");
        let mut all = Vec::new();
        for row in tx.rows(sql).await? {
            let fund = from_row(&row, scope)?;
            let (received, paid) = (sum("donor_receipt", &fund.id), sum("donor_payment", &fund.id));
            all.push(FundStanding { fund, received, paid });
        }
        all.sort_by_key(|one| one.fund.closed.is_some());
        Ok(all)
    }

    /// A fund with its money and receipts; the people chosen for it where who asks works with people, in their own area.
    pub async fn fund(&self, scope: &Scope, id: &str) -> Result<(FundStanding, Vec<Receipt>, Option<Vec<Choice>>), DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let fund = one(&mut tx, scope, id).await?;
        let (received, paid) = super::money(&mut tx, id).await?;
        let receipts = receipt::of(&mut tx, id).await?;
        let choices = if may(scope, Permission::ListPeople) { Some(choice::of(&mut tx, scope, id).await?) } else { None };
        Ok((FundStanding { fund, received, paid }, receipts, choices))
    }
}

impl Desk {
    /// Somebody who was chosen, with the fund and its money, in one's own area.
    pub async fn donor_choice(&self, scope: &Scope, id: &str) -> Result<(FundStanding, Choice), DeskError> {
        require(scope, Permission::ListPeople)?;
        let mut tx = self.store().read(scope).await?;
        let choice = choice::find(&mut tx, scope, id).await?;
        let fund = one(&mut tx, scope, &choice.fund).await?;
        let (received, paid) = super::money(&mut tx, &fund.id).await?;
        Ok((FundStanding { fund, received, paid }, choice))
    }
}

/// The audit event of a change of a fund.
pub(super) fn told(fund: &Fund, what: &str) -> ReadEvent {
    let event = ReadEvent::new(AuditAction::ManageFund, "donor_fund").object(fund.id.as_str()).word("what", what);
    fund.commune.iter().fold(event, |event, commune| event.commune(commune))
}

/// A fund that one's own unit keeps.
pub(super) async fn own_fund(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Fund, DeskError> {
    require(scope, Permission::ReportTasks)?;
    let known = one(tx, scope, id).await?;
    if keeps(scope, &known) { Ok(known) } else { refuse(PlanRefusal::NotYours) }
}

pub(super) async fn one(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Fund, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM donor_fund f WHERE f.id = ").bind(id);
    from_row(&tx.row(sql).await?.ok_or(DeskError::NotFound { kind: "donor_fund" })?, scope)
}

fn from_row(row: &Row, scope: &Scope) -> Result<Fund, DeskError> {
    let wrong = |what: &'static str| move || DeskError::damaged("donor_fund", what);
    let (unit, anonymous) = (row.text(1)?, row.int(6)? == 1);
    let shown = !anonymous || unit == scope.unit;
    let list = |text: String| text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>();
    let closed = row.opt_text(15)?.map(|on| day("donor_fund", &on)).transpose()?;
    Ok(Fund {
        id: row.text(0)?,
        commune: row.opt_text(2)?.map(|code| commune("donor_fund", &code)).transpose()?,
        name: row.text(3)?,
        donor: Some(row.text(4)?).filter(|_| shown),
        donor_kind: DonorKind::from_word(&row.text(5)?).ok_or_else(wrong("donor_kind"))?,
        anonymous,
        scheme: Scheme::from_word(&row.text(7)?).ok_or_else(wrong("scheme"))?,
        communes: list(row.text(8)?).iter().map(|code| commune("donor_fund", code)).collect::<Result<_, _>>()?,
        reasons: list(row.text(9)?),
        months: row.int(10)?,
        most: Dong::new(row.int(11)?),
        pledged: Dong::new(row.int(12)?),
        first_day: day("donor_fund", &row.text(13)?)?,
        last_day: day("donor_fund", &row.text(14)?)?,
        closed: closed.zip(row.opt_text(16)?),
        unit,
    })
}
