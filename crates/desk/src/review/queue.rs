//! The queue of the audit: narrowed, in one of three orders, page by page; counts by state; a facility's own list.

use base::{Date, Dong, Month, Scope, Strength, names::fold};

use super::case::{COLUMNS, cases};
use super::step::OPEN;
use super::{FacilityReview, ReviewCase, ReviewOrder, ReviewState, facility_of, rank, visible};
use crate::access::{Permission, require};
use crate::case::PageAt;
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Stands for the day of a case that has none: after all others.
pub(super) const NO_DUE: &str = "9999-12-31";
/// Rows of a page at most.
const ROWS: i64 = 200;
/// Visits of one statement.
const VISITS: usize = 140;

/// Who has a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewOwner {
    /// Who asks.
    Me,
    /// Nobody.
    Nobody,
    /// A user.
    User(String),
}

/// By when the facility has to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewDue {
    /// A day lies before today: that of the answer of a case that was sent and not answered, or of files or minutes that are still open in a case that has
    /// not ended.
    Overdue,
    /// The day of the answer lies from today to this one; of cases that were sent and not answered.
    Until(Date),
}

/// Cases that are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewQuery {
    /// Only of this state.
    pub state: Option<ReviewState>,
    /// Only claims of this month.
    pub period: Option<Month>,
    /// Only of this facility.
    pub facility: Option<String>,
    /// Only of this owner.
    pub owner: Option<ReviewOwner>,
    /// Only by this day.
    pub due: Option<ReviewDue>,
    /// Only with these letters in facility, dossier, visit, rules or reasons; marks and case make no difference.
    pub text: Option<String>,
    /// In which order.
    pub order: ReviewOrder,
    /// Today in Hà Nội.
    pub today: Date,
}

impl ReviewQuery {
    /// All cases, what is expected to bring most first.
    pub fn new(today: Date) -> Self {
        Self {
            state: None,
            period: None,
            facility: None,
            owner: None,
            due: None,
            text: None,
            order: ReviewOrder::Priority,
            today,
        }
    }
}

/// A page of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewPage {
    /// Cases of the whole query, of the same moment as the rows.
    pub count: i64,
    /// The rows.
    pub rows: Vec<ReviewCase>,
    /// Whether there are cases before the first row.
    pub has_previous: bool,
    /// Whether there are cases after the last row.
    pub has_next: bool,
}

/// A page of a facility's own cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacilityReviewPage {
    /// Cases of the whole query, of the same moment as the rows.
    pub count: i64,
    /// The rows.
    pub rows: Vec<FacilityReview>,
    /// Whether there are cases before the first row.
    pub has_previous: bool,
    /// Whether there are cases after the last row.
    pub has_next: bool,
}

/// What orders the queue: expected money by the rank of the strength. The weights 3, 2, 1 are ours and order alone, they decide nothing.
pub(super) fn priority(expected: Dong, strength: Strength) -> i64 {
    expected.get().saturating_mul(rank(strength))
}

impl Desk {
    /// A page of at most `rows` cases with the count of all.
    pub async fn reviews(&self, scope: &Scope, query: &ReviewQuery, at: &PageAt, rows: i64) -> Result<ReviewPage, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        page(&mut tx, scope, query, at, rows).await
    }

    /// How many cases of a query each state has, in the order of states; the query's own state makes no difference.
    pub async fn review_counts(&self, scope: &Scope, query: &ReviewQuery) -> Result<Vec<(ReviewState, i64)>, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        counts(&mut tx, scope, query).await
    }

    /// The cases of visits, by visit, of each visit the one that was made first first.
    pub async fn reviews_of_visits(&self, scope: &Scope, visits: &[i64]) -> Result<Vec<ReviewCase>, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let mut found = Vec::new();
        // An area of many communes takes most of a statement's binds.
        let at_once = if scope.area == base::Area::City { VISITS } else { 20 };
        for some in visits.chunks(at_once) {
            let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM review_case WHERE visit IN ").list(some.iter().copied());
            found.extend(cases(&mut tx, visible(sql.push(" AND "), scope)?).await?);
        }
        found.sort_by_key(|case| (case.visit, case.follows));
        Ok(found)
    }

    /// A page of the own cases of the facility that who asks works for, those that were sent; by day, or by billed amount.
    pub async fn facility_reviews(
        &self,
        scope: &Scope,
        query: &ReviewQuery,
        at: &PageAt,
        rows: i64,
    ) -> Result<FacilityReviewPage, DeskError> {
        require(scope, Permission::AnswerClaims)?;
        facility_of(scope).ok_or(DeskError::Forbidden { permission: Permission::AnswerClaims })?;
        // What orders and narrows the agency's work says something of the agency.
        let order = if query.order == ReviewOrder::Billed { ReviewOrder::Billed } else { ReviewOrder::Due };
        let query = ReviewQuery { order, owner: None, ..query.clone() };
        let mut tx = self.store().read(scope).await?;
        let page = page(&mut tx, scope, &query, at, rows).await?;
        Ok(FacilityReviewPage {
            count: page.count,
            rows: page.rows.into_iter().map(FacilityReview::of).collect::<Result<_, _>>()?,
            has_previous: page.has_previous,
            has_next: page.has_next,
        })
    }
}

/// How many cases of a query each state has, see [`Desk::review_counts`].
pub(super) async fn counts(tx: &mut Tx, scope: &Scope, query: &ReviewQuery) -> Result<Vec<(ReviewState, i64)>, DeskError> {
    let query = ReviewQuery { state: None, ..query.clone() };
    let sql = condition(Sql::new("SELECT state, count(*) FROM review_case WHERE "), scope, &query)?;
    let rows = tx.rows(sql.push(" GROUP BY state")).await?;
    let found = rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect::<Result<Vec<_>, DeskError>>()?;
    let count = |state: ReviewState| found.iter().find(|(word, _)| word == state.as_str()).map_or(0, |(_, count)| *count);
    Ok(ReviewState::ALL.iter().map(|state| (*state, count(*state))).collect())
}

/// How many cases of a query there are.
pub(super) async fn counted(tx: &mut Tx, scope: &Scope, query: &ReviewQuery) -> Result<i64, DeskError> {
    let sql = condition(Sql::new("SELECT count(*) FROM review_case WHERE "), scope, query)?;
    tx.row(sql).await?.map_or(Ok(0), |row| row.int(0))
}

/// A page of a query with the count of all.
pub(super) async fn page(
    tx: &mut Tx,
    scope: &Scope,
    query: &ReviewQuery,
    at: &PageAt,
    rows: i64,
) -> Result<ReviewPage, DeskError> {
    let rows = rows.clamp(1, ROWS);
    let count = counted(tx, scope, query).await?;
    let sql = condition(Sql::new("SELECT ").push(COLUMNS).push(" FROM review_case WHERE "), scope, query)?;
    let (place, down) = match at {
        PageAt::First => (None, true),
        PageAt::After(place) => (Some(place.as_str()), true),
        PageAt::Before(place) => (Some(place.as_str()), false),
    };
    let mut found = cases(tx, ordered(sql, query.order, place, down)?.push(" LIMIT ").bind(rows + 1)).await?;
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
    Ok(ReviewPage { count, rows: found, has_previous, has_next })
}

fn condition(sql: Sql, scope: &Scope, query: &ReviewQuery) -> Result<Sql, DeskError> {
    let sql = visible(sql, scope)?
        .push_if(" AND state = ", query.state.map(ReviewState::as_str))
        .push_if(" AND period = ", query.period.map(|month| month.to_string()))
        .push_if(" AND facility = ", query.facility.as_deref());
    let sql = match &query.owner {
        None => sql,
        Some(ReviewOwner::Me) => sql.push(" AND owner = ").bind(scope.actor.0.as_str()),
        Some(ReviewOwner::Nobody) => sql.push(" AND owner IS NULL"),
        Some(ReviewOwner::User(user)) => sql.push(" AND owner = ").bind(user.as_str()),
    };
    let today = query.today.to_string();
    let sql = match query.due {
        None => sql,
        Some(ReviewDue::Overdue) => sql
            .push(" AND ((state = 'sent' AND due < ")
            .bind(today.as_str())
            .push(") OR (state NOT IN ('final', 'closed') AND EXISTS (SELECT 1 FROM review_step s WHERE s.case_id = review_case.id AND ")
            .push(OPEN)
            .push(" AND s.due < ")
            .bind(today.as_str())
            .push(")))"),
        Some(ReviewDue::Until(day)) => {
            sql.push(" AND state = 'sent' AND due >= ").bind(today).push(" AND due <= ").bind(day.to_string())
        }
    };
    let text = query.text.as_deref().map(pattern).filter(|pattern| pattern != "%%");
    Ok(match text {
        Some(pattern) => sql.push(" AND words LIKE ").bind(pattern).push(" ESCAPE '!'"),
        None => sql,
    })
}

/// What a text is looked for by: its letters without marks, wherever they stand.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in fold(text.trim()).chars().take(100) {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Adds the order, and the place after or before which the page lies.
fn ordered(sql: Sql, order: ReviewOrder, place: Option<&str>, down: bool) -> Result<Sql, DeskError> {
    let wrong = || DeskError::Invalid { field: "place", why: "is no place of this queue" };
    let place = place.map(|place| place.split_once('_').ok_or_else(wrong)).transpose()?;
    // The day rises, money falls.
    let rises = order == ReviewOrder::Due;
    let column = match order {
        ReviewOrder::Priority => "priority",
        ReviewOrder::Billed => "billed",
        ReviewOrder::Due => "COALESCE(due, '9999-12-31')",
    };
    let forward = down == rises;
    let sql = match place {
        None => sql,
        Some((first, id)) => {
            let sql = sql.push(" AND (").push(column).push(", id").push(if forward { ") > (" } else { ") < (" });
            let sql = if order == ReviewOrder::Due {
                sql.bind(first.parse::<Date>().map_err(|_| wrong())?.to_string())
            } else {
                sql.bind(first.parse::<i64>().map_err(|_| wrong())?)
            };
            sql.push(", ").bind(id).push(")")
        }
    };
    let sql = sql.push(" ORDER BY ").push(column);
    Ok(sql.push(if forward { ", id" } else { " DESC, id DESC" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_is_letters_and_no_pattern() {
        assert_eq!(pattern(" Đợt 50%_! "), "%dot 50!%!_!!%");
        assert_eq!(pattern("  "), "%%");
    }

    #[test]
    fn pages_go_on_behind_their_last_row_in_every_order() {
        let text = |order, place: Option<&str>, down| ordered(Sql::new(""), order, place, down).unwrap().parts().0;
        assert_eq!(text(ReviewOrder::Billed, None, true), " ORDER BY billed DESC, id DESC");
        assert_eq!(text(ReviewOrder::Billed, Some("5_a"), true), " AND (billed, id) < ($1, $2) ORDER BY billed DESC, id DESC");
        assert_eq!(text(ReviewOrder::Billed, Some("5_a"), false), " AND (billed, id) > ($1, $2) ORDER BY billed, id");
        let due = text(ReviewOrder::Due, Some("2026-11-05_a"), true);
        assert!(due.starts_with(" AND (COALESCE(due, '9999-12-31'), id) > ($1, $2)"), "{due}");
        for wrong in ["", "5", "x_a"] {
            assert!(ordered(Sql::new(""), ReviewOrder::Priority, Some(wrong), true).is_err(), "{wrong}");
        }
    }

    #[test]
    fn strength_weighs_the_expected_money() {
        assert!(priority(Dong::new(100), Strength::Absolute) > priority(Dong::new(149), Strength::Explain));
        assert_eq!(priority(Dong::new(i64::MAX), Strength::Absolute), i64::MAX);
    }
}
