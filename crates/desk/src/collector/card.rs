//! Collectors and their cards.

use std::collections::{BTreeMap, BTreeSet};

use base::{CommuneCode, Date, Scope};
use serde::Serialize;

use super::{CollectorRefusal, area_from, area_text, card_visible, day, manages, organisation_of, refuse, visible};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::units::{UnitKind, units};
use crate::{Desk, DeskError, OutboxKind};

/// A collector with what says whether they may collect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Collector {
    /// UUIDv7.
    pub id: String,
    /// Desk unit they collect for.
    pub organisation: String,
    /// Code of the collecting point (điểm thu) as the forms write it.
    pub point: String,
    /// Code of the collector as the forms write it.
    pub code: String,
    /// Name.
    pub holder: String,
    /// Cards that are open to who asks, the newest first.
    pub cards: Vec<CollectorCard>,
    /// The last day on which a certificate of a training holds; none without one.
    pub certificate_until: Option<Date>,
}

impl Collector {
    /// The card that holds on a day; of several the one that holds longest.
    pub fn valid_card(&self, on: Date) -> Option<&CollectorCard> {
        self.cards.iter().filter(|card| card.is_valid(on)).max_by_key(|card| (card.last_day, card.id.clone()))
    }

    /// Whether a certificate of a training holds on a day.
    pub fn is_trained(&self, on: Date) -> bool {
        self.certificate_until.is_some_and(|until| on <= until)
    }
}

/// A card (thẻ nhân viên thu).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectorCard {
    /// UUIDv7.
    pub id: String,
    /// Whose.
    pub collector: String,
    /// Number on it.
    pub number: String,
    /// Communes its holder works in.
    pub area: BTreeSet<CommuneCode>,
    /// First day on which it holds.
    pub first_day: Date,
    /// Last day on which it holds.
    pub last_day: Date,
    /// First day on which it holds no more because it was withdrawn, and why.
    pub withdrawn: Option<(Date, String)>,
}

impl CollectorCard {
    /// Whether it holds on a day.
    pub fn is_valid(&self, on: Date) -> bool {
        self.first_day <= on && on <= self.last_day && self.withdrawn.as_ref().is_none_or(|(from, _)| on < *from)
    }
}

/// A card that is given.
#[derive(Debug, Clone)]
pub struct NewCard {
    /// Number on it.
    pub number: String,
    /// Communes its holder works in; at least one.
    pub area: BTreeSet<CommuneCode>,
    /// First day.
    pub first_day: Date,
    /// Last day.
    pub last_day: Date,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A collector who gets a first card.
#[derive(Debug, Clone)]
pub struct NewCollector {
    /// Desk unit they collect for: a collection organisation or the post office.
    pub organisation: String,
    /// Code of the collecting point.
    pub point: String,
    /// Code of the collector.
    pub code: String,
    /// Name.
    pub holder: String,
    /// The first card.
    pub card: NewCard,
}

impl Desk {
    /// Writes down a collector with a first card. The same form again gives the same collector.
    pub async fn add_collector(&self, scope: &Scope, new: NewCollector) -> Result<Collector, DeskError> {
        manages(scope)?;
        let (point, code, holder) = (word("point", &new.point)?, word("code", &new.code)?, written("holder", &new.holder)?);
        let form = checked(scope, &new.card)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        if let Some(row) = tx.row(Sql::new("SELECT id FROM collector WHERE client_tx = ").bind(form.as_str())).await? {
            let known = read(&mut tx, scope, Which::One(&row.text(0)?)).await?.pop();
            let same = |known: &Collector| (&known.point, &known.code, &known.holder) == (&point, &code, &holder);
            return known.filter(same).ok_or(DeskError::ClientTxReused);
        }
        let kind = units(&mut tx).await?.into_iter().find(|unit| unit.id == new.organisation).map(|unit| unit.kind);
        if !matches!(kind, Some(UnitKind::CollectionOrganisation | UnitKind::PostOffice)) {
            return Err(DeskError::NotFound { kind: "unit" });
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO collector (id, client_tx, organisation, point, code, holder, made_by, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                id.as_str().into(),
                form.as_str().into(),
                new.organisation.as_str().into(),
                point.as_str().into(),
                code.as_str().into(),
                holder.as_str().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        taken(tx.execute(sql).await)?;
        let card = self.put_card(&mut tx, scope, &id, &new.organisation, &new.card, &form).await?;
        let made = Collector {
            id: id.clone(),
            organisation: new.organisation,
            point,
            code,
            holder,
            cards: vec![card],
            certificate_until: None,
        };
        let event = ReadEvent::new(AuditAction::GiveCollectorCard, "collector").object(id).word("what", "first");
        self.commit_with(tx, scope, event.client_tx(&form)).await?;
        Ok(made)
    }

    /// Gives a further card, e.g. for another year or area. The same form again gives the same card.
    pub async fn give_card(&self, scope: &Scope, collector: &str, new: NewCard) -> Result<CollectorCard, DeskError> {
        manages(scope)?;
        let form = checked(scope, &new)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        let organisation = organisation_of(&mut tx, scope, collector).await?;
        let sql = Sql::new("SELECT ").push(CARD).push(" FROM collector_card k WHERE k.client_tx = ").bind(form.as_str());
        if let Some(known) = tx.row(sql).await?.map(|row| card_from(&row)).transpose()? {
            let same = known.collector == collector && known.number == new.number.trim();
            return if same { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        let card = self.put_card(&mut tx, scope, collector, &organisation, &new, &form).await?;
        let event = ReadEvent::new(AuditAction::GiveCollectorCard, "collector").object(collector).word("what", "further");
        self.commit_with(tx, scope, event.client_tx(&form)).await?;
        Ok(card)
    }

    async fn put_card(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        collector: &str,
        organisation: &str,
        new: &NewCard,
        form: &str,
    ) -> Result<CollectorCard, DeskError> {
        let now = self.now();
        let card = CollectorCard {
            id: self.next_id(now),
            collector: collector.to_owned(),
            number: written("number", &new.number)?,
            area: new.area.clone(),
            first_day: new.first_day,
            last_day: new.last_day,
            withdrawn: None,
        };
        let sql = Sql::with(
            "INSERT INTO collector_card (id, client_tx, collector, organisation, number, area, first_day, last_day, given_by, given_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                card.id.as_str().into(),
                form.into(),
                collector.into(),
                organisation.into(),
                card.number.as_str().into(),
                area_text(&card.area).into(),
                card.first_day.to_string().into(),
                card.last_day.to_string().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        taken(tx.execute(sql).await)?;
        Ok(card)
    }

    /// Withdraws a card (thu hồi thẻ) from a day on, with a reason; once.
    pub async fn withdraw_card(&self, scope: &Scope, card: &str, from: Date, reason: &str) -> Result<CollectorCard, DeskError> {
        manages(scope)?;
        let reason = written("reason", reason)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(card).await?;
        let sql = Sql::new("SELECT ").push(CARD).push(" FROM collector_card k WHERE k.id = ").bind(card).push(" AND ");
        let found = tx.row(card_visible(sql, scope)?).await?.map(|row| card_from(&row)).transpose()?;
        let mut found = found.ok_or(DeskError::NotFound { kind: "card" })?;
        if !found.area.iter().all(|commune| scope.sees(Some(commune))) {
            return refuse(CollectorRefusal::OutsideArea);
        }
        match &found.withdrawn {
            Some((day, why)) if *day == from && *why == reason => return Ok(found),
            Some(_) => return refuse(CollectorRefusal::Withdrawn),
            None => {}
        }
        let sql = Sql::with(
            "UPDATE collector_card SET withdrawn_on = $1, withdrawn_by = $2, withdrawn_at = $3, withdraw_reason = $4 WHERE id = $5",
            [from.to_string().into(), scope.actor.0.as_str().into(), self.now().into(), reason.as_str().into(), card.into()],
        );
        tx.execute(sql).await?;
        self.put_out(&mut tx, scope, OutboxKind::CardWithdrawn, card, &[]).await?;
        let event = ReadEvent::new(AuditAction::WithdrawCollectorCard, "collector").object(found.collector.as_str());
        self.commit_with(tx, scope, event).await?;
        found.withdrawn = Some((from, reason));
        Ok(found)
    }

    /// Collectors that are open to who asks, of one organisation or of all, by organisation, point and code. The caller writes the audit
    /// event before showing them.
    pub async fn collectors(&self, scope: &Scope, organisation: Option<&str>) -> Result<Vec<Collector>, DeskError> {
        require(scope, Permission::ViewCollectors)?;
        let mut tx = self.store().read(scope).await?;
        read(&mut tx, scope, organisation.map_or(Which::All, Which::Of)).await
    }

    /// One collector. The caller writes the audit event before showing them.
    pub async fn collector(&self, scope: &Scope, id: &str) -> Result<Collector, DeskError> {
        require(scope, Permission::ViewCollectors)?;
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, id).await
    }
}

/// One collector who is open to who asks.
pub(super) async fn one(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Collector, DeskError> {
    read(tx, scope, Which::One(id)).await?.pop().ok_or(DeskError::NotFound { kind: "collector" })
}

/// Which collectors are read.
pub(super) enum Which<'a> {
    All,
    Of(&'a str),
    One(&'a str),
}

/// Reads collectors with their cards and certificates.
pub(super) async fn read(tx: &mut Tx, scope: &Scope, which: Which<'_>) -> Result<Vec<Collector>, DeskError> {
    let of = |sql: Sql| -> Result<Sql, DeskError> {
        let sql = visible(sql, scope)?;
        Ok(match which {
            Which::All => sql,
            Which::Of(organisation) => sql.push(" AND c.organisation = ").bind(organisation),
            Which::One(id) => sql.push(" AND c.id = ").bind(id),
        })
    };
    let mut found: BTreeMap<String, Collector> = BTreeMap::new();
    let sql = of(Sql::new("SELECT c.id, c.organisation, c.point, c.code, c.holder FROM collector c WHERE "))?;
    for row in tx.rows(sql).await? {
        let collector = Collector {
            id: row.text(0)?,
            organisation: row.text(1)?,
            point: row.text(2)?,
            code: row.text(3)?,
            holder: row.text(4)?,
            cards: Vec::new(),
            certificate_until: None,
        };
        found.insert(collector.id.clone(), collector);
    }
    let sql = Sql::new("SELECT ").push(CARD).push(" FROM collector_card k JOIN collector c ON c.id = k.collector WHERE ");
    let sql = of(card_visible(sql, scope)?.push(" AND "))?;
    for row in tx.rows(sql).await? {
        let card = card_from(&row)?;
        if let Some(collector) = found.get_mut(&card.collector) {
            collector.cards.push(card);
        }
    }
    let sql = Sql::new(
        "SELECT a.collector, max(t.certificate_until) FROM collector_attendance a JOIN collector_training t ON t.id = a.training \
         JOIN collector c ON c.id = a.collector WHERE t.certificate_until IS NOT NULL AND ",
    );
    for row in tx.rows(of(sql)?.push(" GROUP BY a.collector")).await? {
        if let Some(collector) = found.get_mut(&row.text(0)?) {
            collector.certificate_until = row.opt_text(1)?.map(|text| day("collector_training", &text)).transpose()?;
        }
    }
    let mut all: Vec<Collector> = found.into_values().collect();
    all.iter_mut().for_each(|one| one.cards.sort_by(|a, b| (b.first_day, &b.id).cmp(&(a.first_day, &a.id))));
    all.sort_by(|a, b| (&a.organisation, &a.point, &a.code, &a.id).cmp(&(&b.organisation, &b.point, &b.code, &b.id)));
    Ok(all)
}

/// A form's number, where the card may be given by who asks.
fn checked(scope: &Scope, new: &NewCard) -> Result<String, DeskError> {
    if new.area.is_empty() {
        return Err(DeskError::Invalid { field: "area", why: "must name a commune" });
    }
    if new.last_day < new.first_day {
        return Err(DeskError::Invalid { field: "last_day", why: "lies before the first day" });
    }
    if !new.area.iter().all(|commune| scope.sees(Some(commune))) {
        return refuse(CollectorRefusal::OutsideArea);
    }
    client_tx(&new.client_tx)
}

/// What must be unique and is there already.
fn taken<T>(done: Result<T, DeskError>) -> Result<T, DeskError> {
    done.or_else(|error| if error == DeskError::Duplicate { refuse(CollectorRefusal::Taken) } else { Err(error) })
}

const CARD: &str = "k.id, k.collector, k.number, k.area, k.first_day, k.last_day, k.withdrawn_on, k.withdraw_reason";

fn card_from(row: &Row) -> Result<CollectorCard, DeskError> {
    let day_at = |at: usize| day("collector_card", &row.text(at)?);
    let withdrawn = row.opt_text(6)?.map(|text| day("collector_card", &text)).transpose()?;
    Ok(CollectorCard {
        id: row.text(0)?,
        collector: row.text(1)?,
        number: row.text(2)?,
        area: area_from(&row.text(3)?)?,
        first_day: day_at(4)?,
        last_day: day_at(5)?,
        withdrawn: withdrawn.zip(row.opt_text(7)?),
    })
}
