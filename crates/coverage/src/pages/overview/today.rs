//! "Cần xử lý hôm nay": at most six things, by harm and then by date, each with the page it is done on.

use base::Area;
use chapter::PageError;
use desk::Permission;
use web::component::{Panel, Status, TaskItem, empty_state, task_list};

use super::Desk;
use crate::REASONS;
use crate::filter::Query;
use crate::pages::counts::listed;
use crate::pages::{LIST, review, words};

/// Lines of the panel.
const MOST: usize = 6;

/// Reasons whose people are harmed first: children, poor households, pupils.
const HARM: [&str; 4] =
    ["child-under-six-without-card", "poor-without-card", "near-poor-without-card", "pupil-without-valid-card"];

/// The panel.
pub(super) async fn panel(desk: &Desk<'_>) -> Result<web::SafeHtml, PageError> {
    let l = desk.l;
    let mut items: Vec<TaskItem> = Vec::new();
    items.extend(harmed(desk));
    items.extend(targets_to_assign(desk).await?);
    items.extend(missing_rosters(desk));
    items.extend(newest_reason(desk));
    items.extend(pairs(desk).await?);
    items.extend(not_evaluated(desk));
    items.extend(refused(desk));
    items.truncate(MOST);
    let body = match items.is_empty() {
        true => empty_state(&l.t("overview-today-nothing"), &l.t("overview-today-nothing-why"), None),
        false => task_list(&items),
    };
    Ok(Panel::flush(l.t("overview-today"), body).aside(l.date(desk.pages.app.today())).html())
}

fn item(l: web::Locale, count: i64, words: String, href: String, detail: String, status: Status) -> TaskItem {
    TaskItem { count: Some(l.number(count)), link: web::component::Link::new(words, href), detail, status }
}

/// The reason with the most people among those that harm first.
fn harmed(desk: &Desk) -> Option<TaskItem> {
    let l = desk.l;
    let found = HARM.iter().find_map(|reason| {
        let query = Query { reason: (*reason).into(), ..Query::default() };
        let count = listed(desk.snapshot, &desk.viewer.scope, &query);
        (count > 0).then_some((*reason, count, query))
    });
    let (reason, count, query) = found?;
    let title = words::reason(&desk.pages.app, l, reason);
    let detail = l.t("overview-today-harm-detail");
    Some(item(l, count, title, query.href(LIST, |_| ()), detail, Status::bad(l.t("overview-today-first"))))
}

/// Targets of the coming year are assigned in the fourth quarter (plan III.1).
async fn targets_to_assign(desk: &Desk<'_>) -> Result<Option<TaskItem>, PageError> {
    let (l, today) = (desk.l, desk.pages.app.today());
    if today.month_number() < 10 || !desk::may(&desk.viewer.scope, Permission::SetTargets) {
        return Ok(None);
    }
    let year = today.year() + 1;
    if year > desk.pages.plan.last_year {
        return Ok(None);
    }
    let set = desk.pages.app.desk.targets(&desk.viewer.scope, year).await.map_err(PageError::desk)?;
    let places = desk.pages.app.places.communes().len() + 1;
    let wanted = desk.pages.plan.all().iter().filter(|i| i.assigned).count() * places;
    let done = set.iter().filter(|t| desk.pages.plan.indicator(&t.indicator).is_some_and(|i| i.assigned)).count();
    let Some(missing) = wanted.checked_sub(done).filter(|n| *n > 0) else { return Ok(None) };
    let named = year.to_string();
    let args = [("year", named.as_str().into())];
    let end = base::Date::new(today.year(), 12, 31).map(|day| l.date(day)).unwrap_or_default();
    let status = Status::warn(l.t_args("overview-today-until", &[("day", end.as_str().into())]));
    let href = format!("/chi-tieu-giao?nam={year}");
    let words = l.t_args("overview-today-targets", &args);
    Ok(Some(item(l, missing as i64, words, href, l.t("overview-today-targets-detail"), status)))
}

/// Rosters that came in the period before and have not come in this one.
fn missing_rosters(desk: &Desk) -> Option<TaskItem> {
    let l = desk.l;
    if desk.viewer.scope.area != Area::City || !desk::may(&desk.viewer.scope, Permission::TakeInRosters) {
        return None;
    }
    let app = &desk.pages.app;
    let there = |roster: &str| desk.snapshot.batches.iter().any(|b| b.roster == roster);
    // What a rule waits for is missing; what no rule reads may come or not.
    let mut waited: Vec<&str> = Vec::new();
    for run in desk.snapshot.rules.values().filter(|r| r.outcome == "not_evaluated") {
        for table in run.missing.iter().flat_map(|m| m.split(',')).map(str::trim) {
            let roster = crate::counted::roster_of(table);
            if !there(roster) && !waited.contains(&roster) {
                waited.push(roster);
            }
        }
    }
    if waited.is_empty() {
        return None;
    }
    let names: Vec<String> = waited.iter().take(3).map(|roster| crate::pages::rosters::roster_title(app, l, roster)).collect();
    let period = l.month(desk.snapshot.period);
    let words = l.t_args("overview-today-rosters", &[("period", period.as_str().into())]);
    Some(item(l, waited.len() as i64, words, "/du-lieu".into(), names.join(" · "), Status::bad(l.t("overview-today-lacks"))))
}

/// The reason with the most new people.
fn newest_reason(desk: &Desk) -> Option<TaskItem> {
    let l = desk.l;
    let counted = REASONS.iter().map(|reason| {
        let query = Query { reason: (*reason).into(), state: "moi".into(), ..Query::default() };
        (listed(desk.snapshot, &desk.viewer.scope, &query), query)
    });
    // Of two with the same number, the first in the order of reasons.
    let (count, query) = counted.rev().max_by_key(|(count, _)| *count)?;
    if count == 0 {
        return None;
    }
    let title = words::reason(&desk.pages.app, l, &query.reason);
    let words = l.t_args("overview-today-new", &[("reason", title.as_str().into())]);
    let href = query.href(LIST, |_| ());
    Some(item(l, count, words, href, l.t("overview-today-new-detail"), Status::doing(l.t("overview-today-this-period"))))
}

/// Pairs of rows that wait for somebody to say whether they are one person.
async fn pairs(desk: &Desk<'_>) -> Result<Option<TaskItem>, PageError> {
    let l = desk.l;
    if !desk::may(&desk.viewer.scope, Permission::DecideLinks) {
        return Ok(None);
    }
    let count = review::waiting(desk.snapshot, desk.viewer).await?;
    let detail = l.t("overview-today-pairs-detail");
    let status = Status::doing(l.t("overview-today-this-period"));
    Ok((count > 0).then(|| item(l, count, l.t("overview-today-pairs"), review::LIST.into(), detail, status)))
}

/// Rules that could not be evaluated.
fn not_evaluated(desk: &Desk) -> Option<TaskItem> {
    let l = desk.l;
    let waiting: Vec<&String> =
        desk.snapshot.rules.iter().filter(|(_, run)| run.outcome == "not_evaluated").map(|(id, _)| id).collect();
    let first = waiting.first()?;
    let title = words::reason(&desk.pages.app, l, first);
    let detail = l.t_args("overview-today-rules-detail", &[("rule", title.as_str().into())]);
    let status = Status::neutral(l.t("overview-today-lacks"));
    Some(item(l, waiting.len() as i64, l.t("overview-today-rules"), "/quy-tac".into(), detail, status))
}

/// Refused rows that can be mended and sent again.
fn refused(desk: &Desk) -> Option<TaskItem> {
    let l = desk.l;
    if desk.viewer.scope.area != Area::City || !desk::may(&desk.viewer.scope, Permission::TakeInRosters) {
        return None;
    }
    let rows: u64 = desk.snapshot.batches.iter().map(|b| b.quarantined).sum();
    let files = desk.snapshot.batches.iter().filter(|b| b.quarantined > 0).count() as i64;
    let href = format!("/du-lieu/tra-lai?ky={}", desk.snapshot.period);
    let detail = l.t_args("overview-today-refused-detail", &[("n", files.into())]);
    let status = Status::neutral(l.t("overview-today-mend"));
    (rows > 0).then(|| item(l, rows as i64, l.t("overview-today-refused"), href, detail, status))
}
