//! `GET /co-so`: a facility's own page: what became of its files, what was found before payment, what it has to answer, and where its findings come from.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, FacilityReview, FacilityReviewPage, PageAt, ReadEvent, ReviewOrder, ReviewQuery, ReviewState};
use law::calc::Calendar;
use serde::Deserialize;
use web::chart::{ChartFigure, ReasonBar, ReasonPart};
use web::component::{
    Cell, Column, Columns, Figure, FigureStrip, NoteKind, NumberCard, Pager, Panel, Row, Status, Table, audit_note, columns,
    empty_state, note,
};
use web::format::Percent;
use web::{Locale, SafeHtml};

use super::serving::{FacilityLine, Snapshot};
use super::{Audit, FACILITY, answer_file, clock_page, due_list, facility_files, filter, queue, with_month, words};

/// Cases of a page.
const CASES: i64 = 20;
/// Cases asked for at once when the month's refusals are counted, and so many times at most.
const AT_ONCE: i64 = 200;
const TIMES: usize = 25;
/// Causes drawn; the rest is one part.
const CAUSES: usize = 7;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// Month, `2026-10`; without, figures of the newest that has claims, and the cases of all months.
    #[serde(rename = "ky", default)]
    month: String,
    /// State of the cases shown.
    #[serde(rename = "muc", default)]
    state: String,
    /// Keyset: cases after this place.
    #[serde(rename = "sau", default)]
    after: String,
}

/// `GET /co-so`.
pub(super) async fn show(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let code = desk::facility_of(&viewer.scope).ok_or(PageError::Forbidden)?;
    let today = app.today();
    let mut query = ReviewQuery::new(today);
    query.order = ReviewOrder::Due;
    query.state = ReviewState::from_word(&view.state);
    query.period = view.month.parse().ok();
    let at = if view.after.is_empty() { PageAt::First } else { PageAt::After(view.after.clone()) };
    let cases = app.desk.facility_reviews(&viewer.scope, &query, &at, CASES).await.map_err(PageError::desk)?;
    let receipts = audit.receipts(code).await?;
    let waiting = audit.waiting(code).await?;
    let snapshot = audit.serving.asked(app, &view.month).await;
    // A facility can answer and read its receipts before the first month was run.
    let snapshot = match snapshot {
        Ok(snapshot) => Some(snapshot),
        Err(PageError::NoRun) => None,
        Err(other) => return Err(other),
    };
    let event = ReadEvent::new(AuditAction::ListReviews, "reviews").object("facility").count("rows", cases.count);
    let audited = app.audit(&viewer, event).await?;
    let line = snapshot.as_ref().and_then(|snapshot| snapshot.facilities.get(code));
    let mut page = app.page(&viewer, &with_month(FACILITY, &view.month), viewer.unit_name.clone());
    page.facts = SafeHtml::text(&match &snapshot {
        Some(snapshot) => {
            let month = l.month(snapshot.period);
            l.t_args("claims-facility-facts", &[("code", code.into()), ("month", month.as_str().into())])
        }
        None => l.t("claims-none"),
    });
    page.table_id = "vu-viec".into();
    let mut body = Vec::new();
    let months = audit.months()?;
    // Whoever has one month alone has nothing to choose.
    if let Some(shown) = snapshot.as_ref().filter(|_| months.len() > 1) {
        body.push(filter::month_form(l, FACILITY, &months, shown.period));
    }
    match line {
        Some(line) => {
            let period = snapshot.as_ref().map_or_else(|| today.month(), |snapshot| snapshot.period);
            let refused = refused_visits(&audit, &viewer, period).await?;
            body.push(funnel(l, line, refused));
        }
        None => body.push(note(
            NoteKind::Info,
            &l.t("claims-facility-no-month"),
            SafeHtml::text(&l.t("claims-facility-no-month-why")),
        )),
    }
    body.push(due_list::panel(&audit, l, &viewer).await?);
    let shown = snapshot.as_ref().map_or_else(|| today.month().plus(-1), |snapshot| snapshot.period);
    body.push(due_list::month(&audit, l, shown)?);
    body.push(answers(l, &view, &cases, (&clock_page::calendar(app)?, today)));
    body.push(answer_file::panel(&audit, l, &viewer));
    if let (Some(snapshot), Some(line)) = (&snapshot, line) {
        body.push(causes(&audit, l, (snapshot, &view.month), line));
        body.push(found(&audit, l, (snapshot, &view.month), code));
    }
    body.push(facility_files::send_form(l));
    body.push(facility_files::waiting(l, &waiting));
    body.push(facility_files::files(l, &receipts));
    page.body = columns(Columns::One, body);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-facility-audit")));
    page.foot = vec![l.t("claims-facility-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// Visits of a month of which something is refused by a decision that stands.
async fn refused_visits(audit: &Audit, viewer: &Viewer, period: base::Month) -> Result<i64, PageError> {
    let query = ReviewQuery { order: ReviewOrder::Due, period: Some(period), ..ReviewQuery::new(audit.app.today()) };
    let (mut at, mut refused) = (PageAt::First, 0);
    for _ in 0..TIMES {
        let page = audit.app.desk.facility_reviews(&viewer.scope, &query, &at, AT_ONCE).await.map_err(PageError::desk)?;
        refused += page.rows.iter().filter(|case| case.decided > case.overturned).count() as i64;
        match page.rows.last().filter(|_| page.has_next) {
            Some(last) => at = PageAt::After(last.place()),
            None => break,
        }
    }
    Ok(refused)
}

/// Sent, taken in, clean, accepted so far: the way of the month in figures.
fn funnel(l: Locale, line: &FacilityLine, refused: i64) -> SafeHtml {
    let (sent, accepted) = (line.visits + line.refused, line.visits - refused);
    let share = |part: i64, of: i64| Percent::of(part, of).map(|share| l.percent(share)).unwrap_or_default();
    let card = |name: String, value: i64, status: Option<Status>, href: &str| {
        let mut card = NumberCard::new(name, Figure::known(l.number(value), "", href));
        card.status = status;
        card
    };
    let cards = vec![
        card(l.t("claims-funnel-sent"), sent, None, "#bien-nhan"),
        card(l.t("claims-funnel-taken"), line.visits, Some(Status::doing(share(line.visits, sent))), "#bien-nhan"),
        card(l.t("claims-funnel-clean"), line.clean, Some(Status::ok(share(line.clean, sent))), "#phat-hien"),
        card(l.t("claims-funnel-accepted"), accepted, Some(Status::ok(share(accepted, sent))), "#vu-viec"),
    ];
    let strip = FigureStrip { cards }.html();
    let values = [("fund", l.dong(line.fund).into()), ("stake", l.dong(line.at_stake).into()), ("again", line.sent_again.into())];
    let foot = SafeHtml::text(&l.t_args("claims-funnel-foot", &values));
    Panel::new(l.t("claims-funnel"), strip).foot(foot).html()
}

/// Cases that wait for the facility, and those that were before.
fn answers(l: Locale, view: &View, page: &FacilityReviewPage, (calendar, today): (&Calendar, base::Date)) -> SafeHtml {
    let head = vec![
        Column::text(l.t("claims-column-visit")),
        Column::text(l.t("claims-column-state")),
        Column::text(l.t("claims-column-due")),
        Column::number(l.t("claims-column-proposed"), ""),
        Column::number(l.t("claims-column-decided"), ""),
        Column::number(l.t("claims-column-overturned-dong"), ""),
    ];
    let rows = page.rows.iter().map(|case| {
        let due = (case.state == ReviewState::Sent).then(|| words::due(l, calendar, case.due, today).html());
        Row::new(vec![
            Cell::link(queue::visit_name(l, case.visit), case_href(&case.id)).note(l.month(case.period)),
            Cell::html(words::state(l, case.state).html()).note(if case.late { l.t("claims-mark-late") } else { String::new() }),
            Cell::html(due.unwrap_or_default()),
            Cell::text(l.dong(case.proposed)),
            Cell::text(l.dong(case.decided)),
            Cell::text(l.dong(case.overturned)),
        ])
    });
    let empty = empty_state(&l.t("claims-facility-no-cases"), &l.t("claims-facility-no-cases-why"), None);
    let title = l.t("claims-facility-cases");
    let table = Table::new("vu-viec", title.clone(), head).rows(rows).empty(empty).worklist().html(l);
    let href = |after: Option<&FacilityReview>| {
        let mut parts = Vec::new();
        if !view.month.is_empty() {
            parts.push(format!("ky={}", chapter::encode(&view.month)));
        }
        if !view.state.is_empty() {
            parts.push(format!("muc={}", chapter::encode(&view.state)));
        }
        parts.extend(after.map(|case| format!("sau={}", chapter::encode(&case.place()))));
        if parts.is_empty() { FACILITY.to_owned() } else { format!("{FACILITY}?{}", parts.join("&")) }
    };
    let pager = Pager {
        summary: l.t_args("claims-range", &[("rows", page.rows.len().into()), ("n", page.count.into())]),
        first: page.has_previous.then(|| href(None)),
        previous: None,
        next: page.has_next.then(|| href(page.rows.last())),
    };
    Panel::flush(title, table).foot(pager.html(l)).html()
}

/// Where the findings come from, the most frequent first, as a bar and as a table.
fn causes(audit: &Audit, l: Locale, (snapshot, asked): (&Snapshot, &str), line: &FacilityLine) -> SafeHtml {
    let own = |id: &str| audit.app.rules.get(id).is_some_and(is_within);
    let causes: Vec<&(String, i64)> = line.causes.iter().filter(|(id, _)| own(id)).collect();
    let all: i64 = causes.iter().map(|(_, count)| count).sum();
    if all == 0 {
        return SafeHtml::default();
    }
    let mut parts: Vec<ReasonPart> = Vec::new();
    for (id, count) in causes.iter().take(CAUSES) {
        let label = words::rule(&audit.app, l, id);
        parts.push(ReasonPart { label, value: *count, href: found_href(id, asked) });
    }
    let rest: i64 = causes.iter().skip(CAUSES).map(|(_, count)| count).sum();
    if rest > 0 {
        parts.push(ReasonPart { label: l.t("claims-causes-rest"), value: rest, href: "#phat-hien".into() });
    }
    let head = vec![
        Column::text(l.t("claims-rule")),
        Column::number(l.t("claims-column-hits"), ""),
        Column::number(l.t("claims-column-share"), ""),
        Column::number(l.t("claims-column-share-up-to"), ""),
    ];
    let mut up_to = 0;
    let rows = causes.iter().map(|(id, count)| {
        up_to += count;
        let share = |part: i64| Percent::of(part, all).map(|share| l.percent(share)).unwrap_or_default();
        let name = Cell::link(words::rule(&audit.app, l, id), found_href(id, asked));
        Row::new(vec![name, Cell::number(l, *count), Cell::text(share(*count)), Cell::text(share(up_to))])
    });
    let title = l.t("claims-causes");
    let table = Table::new("nguyen-nhan", title.clone(), head).rows(rows.collect::<Vec<_>>());
    let month = l.month(snapshot.period);
    let caption = l.t_args("claims-causes-caption", &[("month", month.as_str().into()), ("n", all.into())]);
    let bar = ReasonBar { id: "bieu-do-nguyen-nhan".into(), title: caption.clone(), parts };
    Panel::new(title, ChartFigure { caption, svg: bar.html(l), table }.html(l)).html()
}

/// A rule that looks within one dossier: what rules across visits find may speak of other facilities, and stays with the agency until a case is sent.
pub(super) fn is_within(rule: &rules::Rule) -> bool {
    rule.shape == rules::Shape::Row
}

/// What was found in the facility's own dossiers, before anything is paid or refused.
fn found(audit: &Audit, l: Locale, (snapshot, asked): (&Snapshot, &str), code: &str) -> SafeHtml {
    let mut counts: std::collections::BTreeMap<&str, (i64, base::Dong)> = std::collections::BTreeMap::new();
    for visit in snapshot.visits.iter().filter(|visit| visit.facility == code) {
        for found in visit.found.iter().filter(|found| !found.national) {
            let sums = counts.entry(snapshot.rule_of(found)).or_default();
            *sums = (sums.0 + 1, sums.1.checked_add(found.amount).unwrap_or(sums.1));
        }
    }
    counts.retain(|id, _| audit.app.rules.get(id).is_some_and(is_within));
    let mut all: Vec<(&str, (i64, base::Dong))> = counts.into_iter().collect();
    all.sort_by(|a, b| (b.1.1, b.1.0).cmp(&(a.1.1, a.1.0)).then_with(|| a.0.cmp(b.0)));
    let head = vec![
        Column::text(l.t("claims-rule")),
        Column::text(l.t("claims-column-strength")),
        Column::number(l.t("claims-column-hits"), ""),
        Column::number(l.t("claims-column-amount"), ""),
    ];
    let rows = all.into_iter().map(|(id, (count, amount))| {
        let strength = audit.app.rules.get(id).map(|rule| words::strength(l, rule.strength).html());
        Row::new(vec![
            Cell::link(words::rule(&audit.app, l, id), found_href(id, asked)),
            Cell::html(strength.unwrap_or_default()),
            Cell::number(l, count),
            Cell::text(l.dong(amount)),
        ])
    });
    let empty = empty_state(&l.t("claims-facility-clean"), &l.t("claims-facility-clean-why"), None);
    let title = l.t("claims-facility-found");
    let table = Table::new("phat-hien", title.clone(), head).rows(rows).empty(empty).worklist().html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&l.t("claims-facility-found-foot"))).html()
}

/// The page of a case as its facility sees it.
pub(super) fn case_href(review: &str) -> String {
    format!("{FACILITY}/vu-viec/{review}")
}

/// The findings of a rule in the facility's own dossiers of a month; of the newest where none is named.
pub(super) fn found_href(rule: &str, month: &str) -> String {
    with_month(&format!("{FACILITY}/phat-hien/{rule}"), month)
}
