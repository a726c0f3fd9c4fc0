//! Queues: saved queries over cases, with their count, page by page.

use std::collections::BTreeMap;

use base::{Area, CommuneCode, Date, Scope};
use serde::{Deserialize, Serialize};

use super::counts::{is_summed, summed};
use super::selection::chosen;
use super::{COLUMNS, Case, cases, one, visible};
use crate::access::{Permission, require};
use crate::db::Tx;
use crate::privacy::RESTRICTED_CASES;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// A saved query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// What who asks has, or whom who asks acts for, without what is put off (việc của tôi).
    Mine,
    /// Open cases that nobody has (chưa giao).
    Unassigned,
    /// Due from today to Sunday (đến hạn tuần này).
    DueThisWeek,
    /// Past their term (quá hạn).
    Overdue,
    /// Put off until a day that has come (hết hạn tạm hoãn).
    BackFromSnooze,
    /// Closed and came back (mở lại).
    Reopened,
    /// All open cases of the unit that who asks belongs to (đang mở của đơn vị).
    Unit,
    /// All open cases that are open to who asks.
    Open,
    /// Closed ones, the newest first.
    Done,
}

impl Queue {
    /// All queues in the order they are shown.
    pub const ALL: [Queue; 9] = [
        Self::Mine,
        Self::Unassigned,
        Self::DueThisWeek,
        Self::Overdue,
        Self::BackFromSnooze,
        Self::Reopened,
        Self::Unit,
        Self::Open,
        Self::Done,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
            Self::DueThisWeek => "due_this_week",
            Self::Overdue => "overdue",
            Self::BackFromSnooze => "back_from_snooze",
            Self::Reopened => "reopened",
            Self::Unit => "unit",
            Self::Open => "open",
            Self::Done => "done",
        }
    }
}

/// A queue, narrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseQuery {
    /// The saved query.
    pub queue: Queue,
    /// Only of this commune.
    pub commune: Option<CommuneCode>,
    /// Only of this village.
    pub village: Option<String>,
    /// Only of this rule.
    pub rule: Option<String>,
    /// Only of this owner.
    pub owner: Option<String>,
    /// Today in Hà Nội.
    pub today: Date,
    /// The cases of this selection of who asks, instead of those of the queue and what narrows it ([`Desk::select_cases`]).
    #[serde(default)]
    pub selection: Option<String>,
    /// Without cases that somebody else has.
    #[serde(default)]
    pub spare_others: bool,
}

impl CaseQuery {
    /// A whole queue.
    pub fn of(queue: Queue, today: Date) -> Self {
        Self { queue, commune: None, village: None, rule: None, owner: None, today, selection: None, spare_others: false }
    }
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PageAt {
    /// At the first case.
    #[default]
    First,
    /// After this case (a case's place, see [`CasePage::place`]).
    After(String),
    /// Before this case.
    Before(String),
}

/// A page of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePage {
    /// Cases of the whole query, of the same moment as the rows.
    pub count: i64,
    /// The rows, in the order they fall due; closed ones by when they were closed, newest first.
    pub rows: Vec<Case>,
    /// Whether there are cases before the first row.
    pub has_previous: bool,
    /// Whether there are cases after the last row.
    pub has_next: bool,
    /// People who would stand in the query and are kept off it, because what is done with them is restricted.
    pub restricted: i64,
}

impl CasePage {
    /// The place of a case in a queue, for [`PageAt`].
    pub fn place(queue: Queue, case: &Case) -> String {
        match queue {
            Queue::Done => format!("{}_{}", case.closed_at.unwrap_or(0), case.id),
            _ => format!("{}_{}", case.due, case.id),
        }
    }
}

impl Desk {
    /// One case.
    pub async fn case(&self, scope: &Scope, id: &str) -> Result<Case, DeskError> {
        require(scope, Permission::WorkCases)?;
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, id, false).await
    }

    /// Whether there is any case at all that is open to who asks.
    pub async fn has_cases(&self, scope: &Scope) -> Result<bool, DeskError> {
        let mut tx = self.store().read(scope).await?;
        let sql = visible(Sql::new("SELECT id FROM work_case WHERE "), scope)?;
        Ok(tx.row(sql.push(" LIMIT 1")).await?.is_some())
    }

    /// The cases of a subject, newest first.
    pub async fn cases_of(&self, scope: &Scope, kind: base::SubjectKind, subject: i64) -> Result<Vec<Case>, DeskError> {
        require(scope, Permission::WorkCases)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM work_case WHERE subject_kind = ").bind(kind.as_str());
        let sql = visible(sql.push(" AND subject = ").bind(subject).push(" AND "), scope)?;
        cases(&mut tx, sql.push(" ORDER BY id DESC")).await
    }

    /// A page of at most `rows` cases of a queue with the count of all, read at one moment.
    pub async fn cases(&self, scope: &Scope, query: &CaseQuery, at: &PageAt, rows: i64) -> Result<CasePage, DeskError> {
        require(scope, Permission::WorkCases)?;
        let mut tx = self.store().read(scope).await?;
        page(&mut tx, scope, query, at, rows, None).await
    }
    /// A page of a queue, and how many cases each queue has without narrowing, all of one moment. Closed cases are not counted.
    pub async fn cases_with_counts(
        &self,
        scope: &Scope,
        query: &CaseQuery,
        at: &PageAt,
        rows: i64,
    ) -> Result<(CasePage, Vec<(Queue, Option<i64>)>), DeskError> {
        require(scope, Permission::WorkCases)?;
        let mut tx = self.store().read(scope).await?;
        let counts = all_counted(&mut tx, scope, query.today).await?;
        let known = counts.iter().find(|(queue, _)| CaseQuery::of(*queue, query.today) == *query).and_then(|(_, count)| *count);
        Ok((page(&mut tx, scope, query, at, rows, known).await?, counts))
    }
}

/// A page of a query; its count where it is known already.
async fn page(
    tx: &mut Tx,
    scope: &Scope,
    query: &CaseQuery,
    at: &PageAt,
    rows: i64,
    known: Option<i64>,
) -> Result<CasePage, DeskError> {
    let rows = rows.clamp(1, 200);
    let count = match known {
        Some(count) => count,
        None => counted(tx, scope, query).await?,
    };
    let sql = condition(Sql::new("SELECT ").push(COLUMNS).push(" FROM work_case WHERE "), scope, query)?;
    let (place, down) = match at {
        PageAt::First => (None, true),
        PageAt::After(place) => (Some(place), true),
        PageAt::Before(place) => (Some(place), false),
    };
    let sql = ordered(sql, query.queue, place.map(String::as_str), down)?;
    let mut found = cases(tx, sql.push(" LIMIT ").bind(rows + 1)).await?;
    let more = found.len() as i64 > rows;
    found.truncate(usize::try_from(rows).unwrap_or(0));
    if !down {
        found.reverse();
    }
    let (has_previous, has_next) = match at {
        PageAt::First => (false, more),
        PageAt::After(_) => (true, more),
        PageAt::Before(_) => (more, true),
    };
    let (_, restricted) = kept_off(tx, scope, query).await?;
    Ok(CasePage { count, rows: found, has_previous, has_next, restricted })
}

/// How many cases a query has.
pub(crate) async fn counted(tx: &mut Tx, scope: &Scope, query: &CaseQuery) -> Result<i64, DeskError> {
    if is_summed(scope, query) {
        let all: i64 = summed(tx, scope, &[query.queue], query.today).await?.into_iter().sum();
        return Ok(all - kept_off(tx, scope, query).await?.0);
    }
    let sql = condition(Sql::new("SELECT count(*) FROM work_case WHERE "), scope, query)?;
    tx.row(sql).await?.map_or(Ok(0), |row| row.int(0))
}

/// Cases of a query that are kept off it because what is done with their people is restricted, and how many people those are.
pub(crate) async fn kept_off(tx: &mut Tx, scope: &Scope, query: &CaseQuery) -> Result<(i64, i64), DeskError> {
    let sql = narrowed(Sql::new("SELECT count(*), count(DISTINCT subject) FROM work_case WHERE "), scope, query)?;
    let row = tx.row(sql.push(" AND id IN ").push(RESTRICTED_CASES)).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

/// How many cases each queue has, all in one pass over the open cases that are open to who asks, for the whole city over their sums;
/// closed ones are not counted.
async fn all_counted(tx: &mut Tx, scope: &Scope, today: Date) -> Result<Vec<(Queue, Option<i64>)>, DeskError> {
    if scope.area == Area::City {
        return city_counted(tx, scope, today).await;
    }
    let open = || Queue::ALL.into_iter().filter(|queue| *queue != Queue::Done);
    let mut sql = Sql::new("SELECT ");
    for (place, queue) in open().enumerate() {
        sql = sql.push(if place == 0 { "count(CASE WHEN " } else { ", count(CASE WHEN " });
        sql = of_queue(sql, scope, queue, today).push(" THEN 1 END)");
    }
    let sql = visible(sql.push(" FROM work_case WHERE state <> 'done' AND "), scope)?;
    let row = tx.row(sql.push(" AND id NOT IN ").push(RESTRICTED_CASES)).await?;
    let row = row.ok_or_else(|| DeskError::damaged("work_case", "a count without a row"))?;
    let mut counts =
        open().enumerate().map(|(place, queue)| Ok((queue, Some(row.int(place)?)))).collect::<Result<Vec<_>, DeskError>>()?;
    counts.push((Queue::Done, None));
    Ok(counts)
}

/// [`all_counted`] of who sees the whole city.
async fn city_counted(tx: &mut Tx, scope: &Scope, today: Date) -> Result<Vec<(Queue, Option<i64>)>, DeskError> {
    let from_sums: Vec<Queue> = Queue::ALL.into_iter().filter(|queue| is_summed(scope, &CaseQuery::of(*queue, today))).collect();
    let mut sums: BTreeMap<Queue, i64> = from_sums.iter().copied().zip(summed(tx, scope, &from_sums, today).await?).collect();
    // The sums know nothing of restrictions; mostly there are none.
    if kept_off(tx, scope, &CaseQuery::of(Queue::Open, today)).await?.0 > 0 {
        for (queue, sum) in &mut sums {
            *sum -= kept_off(tx, scope, &CaseQuery::of(*queue, today)).await?.0;
        }
    }
    let own = counted(tx, scope, &CaseQuery::of(Queue::Mine, today)).await?;
    let count = |queue: Queue| if queue == Queue::Mine { Some(own) } else { sums.get(&queue).copied() };
    Ok(Queue::ALL.into_iter().map(|queue| (queue, count(queue))).collect())
}

/// Adds the condition of a query under a scope; people who are restricted are kept off. It asks by id, which every index of queues has.
pub(crate) fn condition(sql: Sql, scope: &Scope, query: &CaseQuery) -> Result<Sql, DeskError> {
    Ok(narrowed(sql, scope, query)?.push(" AND id NOT IN ").push(RESTRICTED_CASES))
}

/// Adds the condition of a query under a scope, restricted people among them.
fn narrowed(sql: Sql, scope: &Scope, query: &CaseQuery) -> Result<Sql, DeskError> {
    let sql = match &query.selection {
        Some(selection) => chosen(sql, scope, selection),
        None => of_queue(sql, scope, query.queue, query.today)
            .push_if(" AND commune = ", query.commune.as_ref().map(CommuneCode::as_str))
            .push_if(" AND village = ", query.village.as_deref())
            .push_if(" AND rule = ", query.rule.as_deref())
            .push_if(" AND owner = ", query.owner.as_deref()),
    };
    let sql = if query.spare_others {
        sql.push(" AND (owner IS NULL OR owner = ").bind(scope.in_name_of().0.as_str()).push(")")
    } else {
        sql
    };
    visible(sql.push(" AND "), scope)
}

/// Adds what a queue asks of a case.
fn of_queue(sql: Sql, scope: &Scope, queue: Queue, today: Date) -> Sql {
    let week_end = week_end(today).to_string();
    let today = today.to_string();
    // Literal states, so that the indices over open cases are taken.
    let sql = match queue {
        Queue::Done => sql.push("state = 'done'"),
        Queue::Reopened => sql.push("state = 'reopened'"),
        Queue::BackFromSnooze => sql.push("state = 'snoozed' AND snoozed_until <= ").bind(today.as_str()),
        _ => sql.push("state <> 'done'"),
    };
    let awake = |sql: Sql| sql.push(" AND (snoozed_until IS NULL OR snoozed_until <= ").bind(today.as_str()).push(")");
    match queue {
        Queue::Mine => awake(sql.push(" AND owner = ").bind(scope.in_name_of().0.as_str())),
        Queue::Unassigned => sql.push(" AND owner IS NULL"),
        Queue::DueThisWeek => {
            let sql = sql.push(" AND due >= ").bind(today.as_str()).push(" AND due <= ");
            awake(sql.bind(week_end.as_str()))
        }
        Queue::Overdue => awake(sql.push(" AND due < ").bind(today.as_str())),
        Queue::Unit => sql.push(" AND unit = ").bind(own_unit(scope)),
        Queue::BackFromSnooze | Queue::Reopened | Queue::Open | Queue::Done => sql,
    }
}

/// The word of the kind of office that who asks belongs to.
pub(super) fn own_unit(scope: &Scope) -> &'static str {
    if crate::access::sees_employee_cases(scope) { "insurance_office" } else { "commune" }
}

/// Adds the order, and the place after or before which the page lies.
fn ordered(sql: Sql, queue: Queue, place: Option<&str>, down: bool) -> Result<Sql, DeskError> {
    let wrong = || DeskError::Invalid { field: "place", why: "is no place of this queue" };
    let place = place.map(|place| place.split_once('_').ok_or_else(wrong)).transpose()?;
    let Some((first, id)) = place else {
        return Ok(sql.push(if queue == Queue::Done { " ORDER BY closed_at DESC, id DESC" } else { " ORDER BY due, id" }));
    };
    let forward = down != (queue == Queue::Done);
    let after = if forward { ") > (" } else { ") < (" };
    Ok(if queue == Queue::Done {
        let closed: i64 = first.parse().map_err(|_| wrong())?;
        let sql = sql.push(" AND (closed_at, id").push(after).bind(closed).push(", ").bind(id);
        sql.push(if forward { ") ORDER BY closed_at, id" } else { ") ORDER BY closed_at DESC, id DESC" })
    } else {
        let due: Date = first.parse().map_err(|_| wrong())?;
        let sql = sql.push(" AND (due, id").push(after).bind(due.to_string()).push(", ").bind(id);
        sql.push(if forward { ") ORDER BY due, id" } else { ") ORDER BY due DESC, id DESC" })
    })
}

/// The Sunday of a day's week.
pub(super) fn week_end(day: Date) -> Date {
    // 1970-01-01 was a Thursday: three days after a Monday.
    let weekday = (day.days_since_epoch() + 3).rem_euclid(7);
    day.add_days(6 - weekday).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_end_on_sunday() {
        for (day, sunday) in [("2026-11-23", "2026-11-29"), ("2026-11-28", "2026-11-29"), ("2026-11-29", "2026-11-29")] {
            assert_eq!(week_end(day.parse().unwrap()).to_string(), sunday);
        }
    }
}
