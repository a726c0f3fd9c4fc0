//! `GET /giam-dinh`: visits with findings that nobody works on yet, and the cases by state; what the national system refused already stands apart.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::Response;
use base::Month;
use chapter::{FromAddress, PageError, Shown, Viewer};
use desk::{AuditAction, HeldVisit, OpenReviewStep, ReadEvent, ReviewBoard, ReviewCase, ReviewOrder, ReviewPage, ReviewState};
use law::calc::Calendar;
use web::component::{
    Cell, Column, Columns, FilterBar, Link, Pager, Panel, Row, Status, Tab, Table, audit_note, columns, empty_state, paragraph,
    segments, tabs,
};
use web::{Locale, SafeHtml};

use super::query::{Part, QueueQuery, ROWS};
use super::serving::{Found, Snapshot, VisitLine};
use super::{
    AUDIT, Audit, RULES, and, clock_page, export, filter, nav, portal_codes, read, rules_table, sheet_of_case, sheet_of_month,
    with_month, words,
};

/// Rules that stand under the queue; all of them have a page of their own.
const RULES_SHOWN: usize = 10;
/// Months before and after the one shown whose cases are asked what they hold: a dossier that is sent again may move to another month.
const MONTHS: i32 = 6;

/// What cases hold, by visit.
pub(super) type Held = BTreeMap<i64, HeldVisit>;

/// A page of visits that wait.
struct Waiting<'s> {
    rows: Vec<&'s VisitLine>,
    /// Place in the order from which the next page goes on.
    next: Option<usize>,
}

/// What the rows of a page of cases are held against: what is open of them, and the day.
struct Terms {
    calendar: Calendar,
    steps: Vec<OpenReviewStep>,
    today: base::Date,
}

/// `GET /giam-dinh`.
pub(super) async fn show(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<QueueQuery>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let (scope, today) = (&viewer.scope, app.today());
    let snapshot = audit.serving.asked(app, &query.month).await?;
    let months = audit.months()?;
    let names = audit.facility_names(&viewer).await?;
    let asked = query.cases(today);
    let place = query.at();
    let at = query.part().is_of_cases().then_some((&place, ROWS as i64));
    let board = app.desk.review_board(scope, &asked, at, around(&snapshot)).await.map_err(PageError::desk)?;
    let held = &board.held;
    let event = ReadEvent::new(AuditAction::ListReviews, "reviews").object(part_word(query.part())).run(&snapshot.run);
    let (list, pager, count) = match &board.page {
        Some(page) => {
            let owners = page.rows.iter().filter_map(|case| case.owner.as_deref());
            let owners = words::user_names(app, &viewer, owners).await?;
            let ids: Vec<String> = page.rows.iter().map(|case| case.id.clone()).collect();
            let steps = app.desk.open_review_steps(scope, &ids).await.map_err(PageError::desk)?;
            let terms = Terms { calendar: clock_page::calendar(app)?, steps, today };
            let table = cases_table(l, &query, page, (&names, &owners), &snapshot, &terms);
            (table, cases_pager(l, &query, page), page.count)
        }
        None => {
            let waiting = waiting(&viewer, &snapshot, held, &query);
            let count = counted(&viewer, &snapshot, held, &query);
            let table = visits_table(&audit, l, &query, &waiting, &names, (&snapshot, held));
            (table, waiting_pager(l, &query, &waiting, count), count)
        }
    };
    let audited = app.audit(&viewer, event.count("rows", count)).await?;
    let mut page = app.page(&viewer, &query.href(|_| ()), l.t("claims-queue-title"));
    let all_months = query.part().is_of_cases() && query.month.is_empty();
    let month = if all_months { l.t("claims-all-months") } else { l.month(snapshot.period) };
    page.facts = SafeHtml::text(&l.t_args("claims-queue-facts", &[("month", month.as_str().into()), ("n", count.into())]));
    page.table_id = "ho-so".into();
    page.actions = export::button(l, &viewer, &query).into_iter().collect();
    let sentence = filter::sentence(&audit, l, &query, count, &names, &snapshot);
    let bar = FilterBar {
        chips: filter::chips(&audit, l, &query, &names, &snapshot),
        sentence,
        more: filter::form(&audit, l, &viewer, &query, &names, &snapshot, &months),
    };
    let panel = Panel::flush(part_title(l, query.part()), list).aside(orders(l, &query)).foot(pager.html(l)).html();
    let mut body = vec![nav(l, AUDIT), parts(l, &viewer, &snapshot, &query, &board), bar.html(l), panel];
    if !snapshot.rules.is_empty() {
        let table = rules_table::table(&audit, l, &viewer, (&snapshot, &query.month), &names, Some(RULES_SHOWN)).await?;
        let all = Link::new(l.t("claims-rules-all"), with_month(RULES, &query.month));
        body.push(
            Panel::flush(l.t("claims-rules-panel"), table).aside(all).foot(SafeHtml::text(&l.t("claims-rules-foot"))).html(),
        );
    }
    body.push(portal_codes::form(&audit, l, &viewer));
    page.body = columns(Columns::One, body);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-audit")));
    page.foot = vec![l.t("claims-foot"), l.t_args("claims-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// `POST /giam-dinh`: leads to the queue as it is narrowed; what was typed stands sealed in its address.
pub(super) async fn search(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    FromForm(fields): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    chapter::search(&audit.app, &viewer, AUDIT, fields, &["tim"])
}

/// The months whose cases are asked what they hold of the visits of a month.
pub(super) fn around(snapshot: &Snapshot) -> (Month, Month) {
    (snapshot.period.plus(-MONTHS), snapshot.period.plus(MONTHS))
}

/// Whether a visit belongs to the part that is shown, is asked for, and is open to who asks.
pub(super) fn shows(viewer: &Viewer, snapshot: &Snapshot, held: &Held, query: &QueueQuery, visit: &VisitLine) -> bool {
    query.wants(snapshot, visit, held.get(&visit.visit)) && snapshot.is_open(&viewer.scope, &visit.facility)
}

/// How many visits the part that is shown has.
pub(super) fn counted(viewer: &Viewer, snapshot: &Snapshot, held: &Held, query: &QueueQuery) -> i64 {
    snapshot.visits.iter().filter(|visit| shows(viewer, snapshot, held, query, visit)).count() as i64
}

/// The visits of a page in the order asked for.
fn waiting<'s>(viewer: &Viewer, snapshot: &'s Snapshot, held: &Held, query: &QueueQuery) -> Waiting<'s> {
    let order = if query.order() == ReviewOrder::Billed { &snapshot.by_billed } else { &snapshot.by_priority };
    let places = (1_usize..).zip(order).skip(query.from());
    let visits = places.filter_map(|(after, place)| Some((after, snapshot.visits.get(*place)?)));
    let mut shown = visits.filter(|(_, visit)| shows(viewer, snapshot, held, query, visit));
    let page: Vec<(usize, &VisitLine)> = shown.by_ref().take(ROWS).collect();
    let next = shown.next().and_then(|_| page.last().map(|(after, _)| *after));
    Waiting { rows: page.into_iter().map(|(_, visit)| visit).collect(), next }
}

/// The stable word of a part.
pub(super) fn part_word(part: Part) -> &'static str {
    match part {
        Part::Waiting => "waiting",
        Part::Fresh => "outside_cases",
        Part::Cases(state) => state.as_str(),
        Part::Overdue => "overdue",
        Part::National => "national",
    }
}

/// What a part is called.
pub(super) fn part_title(l: Locale, part: Part) -> String {
    match part {
        Part::Waiting => l.t("claims-part-waiting"),
        Part::Fresh => l.t("claims-part-fresh"),
        Part::Cases(state) => words::state_words(l, state),
        Part::Overdue => l.t("claims-part-overdue"),
        Part::National => l.t("claims-part-national"),
    }
}

/// The parts of the work with their counts.
fn parts(l: Locale, viewer: &Viewer, snapshot: &Snapshot, query: &QueueQuery, board: &ReviewBoard) -> SafeHtml {
    let tab = |part: Part, word: &str, count: i64| Tab {
        link: Link::new(part_title(l, part), query.href(|q| (q.part, q.order) = (word.to_owned(), String::new()))),
        count: Some(l.number(count)),
        current: query.part() == part,
    };
    let of = |word: &str| counted(viewer, snapshot, &board.held, &QueueQuery { part: word.to_owned(), ..query.clone() });
    let mut all = vec![tab(Part::Waiting, "", of("")), tab(Part::Fresh, "ngoai-vu-viec", of("ngoai-vu-viec"))];
    all.extend(board.counts.iter().map(|(state, count)| tab(Part::Cases(*state), state.as_str(), *count)));
    all.push(tab(Part::Overdue, "qua-han", board.overdue));
    all.push(tab(Part::National, "quoc-gia", of("quoc-gia")));
    tabs(&l.t("claims-parts"), &all)
}

/// The orders the list can have.
fn orders(l: Locale, query: &QueueQuery) -> SafeHtml {
    let view = |key: String, word: &str, order: ReviewOrder| Tab {
        link: Link::new(key, query.href(|q| q.order = word.to_owned())),
        count: None,
        current: query.order() == order,
    };
    let mut views = vec![
        view(l.t("claims-order-priority"), "", ReviewOrder::Priority),
        view(l.t("claims-order-billed"), "de-nghi", ReviewOrder::Billed),
    ];
    if query.part().is_of_cases() {
        views.push(view(l.t("claims-order-due"), "han", ReviewOrder::Due));
    }
    segments(&l.t("claims-order"), &views)
}

fn visits_table(
    audit: &Audit,
    l: Locale,
    query: &QueueQuery,
    waiting: &Waiting,
    names: &BTreeMap<String, String>,
    (snapshot, held): (&Snapshot, &Held),
) -> SafeHtml {
    let part = query.part();
    let head = vec![
        Column::text(l.t("claims-column-visit")),
        Column::text(l.t("claims-column-findings")),
        Column::text(l.t("claims-column-strength")),
        Column::number(l.t("claims-column-expected"), ""),
        Column::number(l.t("claims-column-billed"), ""),
        Column::text(l.t("claims-column-end")),
    ];
    let national = part == Part::National;
    let rows = waiting.rows.iter().map(|visit| {
        let mut titles: Vec<String> = Vec::new();
        let of_part = |found: &Found| query.is_of_part(visit, held.get(&visit.visit), found);
        for found in visit.found.iter().filter(|found| of_part(found)) {
            let title = words::rule(&audit.app, l, snapshot.rule_of(found));
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        let more = titles.len().saturating_sub(2);
        let mut said = titles.iter().take(2).cloned().collect::<Vec<_>>().join("; ");
        if more > 0 {
            said.push_str(&l.t_args("claims-findings-more", &[("n", more.into())]));
        }
        let strength = match national {
            true => Status::neutral(l.t("claims-national")),
            false => {
                let own = visit.found.iter().filter(|found| of_part(found)).map(|found| found.strength);
                words::strength(l, own.min().unwrap_or(visit.strength))
            }
        };
        let expected = if national { visit.expected } else { read::expected(visit, of_part) };
        let end = visit.end.map(|day| l.date(day)).unwrap_or_default();
        Row::new(vec![
            Cell::link(visit_name(l, visit.visit), sheet_of_month(visit.visit, &query.month)).note(words::facility(
                names,
                Some(snapshot),
                &visit.facility,
            )),
            Cell::text(said),
            Cell::html(strength.html()),
            Cell::text(l.dong(expected)),
            Cell::text(l.dong(visit.billed)),
            Cell::text(end).note(if visit.inpatient { l.t("claims-inpatient") } else { String::new() }),
        ])
    });
    let why = match (snapshot.has_claims, part) {
        (false, _) => l.t("claims-none-why"),
        (true, Part::Fresh) => l.t("claims-fresh-empty-why"),
        (true, _) => l.t("claims-queue-empty-why"),
    };
    let title = if snapshot.has_claims { l.t("claims-queue-empty") } else { l.t("claims-none") };
    let widen = Link::new(l.t("claims-widen"), AUDIT);
    let empty = empty_state(&title, &why, (!query.narrowing().is_empty()).then_some(&widen));
    let table = Table::new("ho-so", part_title(l, part), head).rows(rows).empty(empty).worklist().html(l);
    match part {
        Part::National => paragraph(SafeHtml::text(&l.t("claims-national-what"))).then(table),
        Part::Fresh => paragraph(SafeHtml::text(&l.t("claims-fresh-what"))).then(table),
        Part::Waiting | Part::Cases(_) | Part::Overdue => table,
    }
}

fn cases_table(
    l: Locale,
    query: &QueueQuery,
    page: &ReviewPage,
    (names, owners): (&BTreeMap<String, String>, &BTreeMap<String, String>),
    snapshot: &Snapshot,
    terms: &Terms,
) -> SafeHtml {
    let head = vec![
        Column::text(l.t("claims-column-visit")),
        Column::text(l.t("claims-column-state")),
        Column::text(l.t("claims-clock-until")),
        Column::number(l.t("claims-column-asked"), ""),
        Column::number(l.t("claims-column-proposed"), ""),
        Column::number(l.t("claims-column-decided"), ""),
        Column::text(l.t("claims-column-owner")),
    ];
    let rows = page.rows.iter().map(|case| {
        let owner = case.owner.as_ref().map(|owner| owners.get(owner).unwrap_or(owner).clone());
        let due = case.due.filter(|_| case.state == ReviewState::Sent);
        let due = due.map(|due| words::due(l, &terms.calendar, due, terms.today));
        let steps = terms.steps.iter().filter(|step| step.case == case.id);
        let steps = steps.map(|step| clock_page::open_step(l, &terms.calendar, step, terms.today));
        let due = SafeHtml::join(due.into_iter().chain(steps).map(|status| status.html()), " ");
        Row::new(vec![
            Cell::link(visit_name(l, case.visit), and(&sheet_of_case(case.visit, &case.id), &format!("ky={}", case.period)))
                .note(words::facility(names, Some(snapshot), &case.facility)),
            Cell::html(words::state(l, case.state).html()).note(marks(l, case)),
            Cell::html(due),
            Cell::text(l.dong(case.asked)),
            Cell::text(l.dong(case.proposed)),
            Cell::text(l.dong(case.decided)),
            Cell::text(owner.unwrap_or_else(|| l.t("claims-nobody"))),
        ])
    });
    let widen = Link::new(l.t("claims-widen"), AUDIT);
    let empty = empty_state(&l.t("claims-cases-empty"), &l.t("claims-cases-empty-why"), Some(&widen));
    Table::new("ho-so", part_title(l, query.part()), head).rows(rows).empty(empty).worklist().html(l)
}

/// What else is to be known of a case: waits for a second signature, answered late, handed to another authority.
pub(super) fn marks(l: Locale, case: &ReviewCase) -> String {
    let marks = [
        case.pending.as_ref().map(|_| l.t("claims-mark-pending")),
        case.late.then(|| l.t("claims-mark-late")),
        case.referred.as_ref().map(|_| l.t("claims-mark-referred")),
    ];
    marks.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// What a visit is called where nobody's name is shown.
pub(super) fn visit_name(l: Locale, visit: i64) -> String {
    l.t_args("claims-visit", &[("number", visit.to_string().into())])
}

fn waiting_pager(l: Locale, query: &QueueQuery, waiting: &Waiting, count: i64) -> Pager {
    Pager {
        summary: l.t_args("claims-range", &[("rows", waiting.rows.len().into()), ("n", count.into())]),
        first: (query.from() > 0).then(|| query.href(|_| ())),
        previous: None,
        next: waiting.next.map(|next| query.href(|q| q.from = next.to_string())),
    }
}

fn cases_pager(l: Locale, query: &QueueQuery, page: &ReviewPage) -> Pager {
    let place = |case: Option<&ReviewCase>| case.map(|case| case.place(query.order())).unwrap_or_default();
    Pager {
        summary: l.t_args("claims-range", &[("rows", page.rows.len().into()), ("n", page.count.into())]),
        first: page.has_previous.then(|| query.href(|_| ())),
        previous: page.has_previous.then(|| query.href(|q| q.before = place(page.rows.first()))),
        next: page.has_next.then(|| query.href(|q| q.after = place(page.rows.last()))),
    }
}
