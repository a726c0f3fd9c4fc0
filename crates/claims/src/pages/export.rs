//! `GET /giam-dinh/danh-sach.xlsx` and `GET /giam-dinh/quy-tac/{rule}/phat-hien.xlsx`: the queue with the filter of its page, and what a rule found, as
//! sheets for work in Excel. Numbers that the portal gave come back by the same sheet.

use std::collections::{BTreeMap, BTreeSet};

use axum::Extension;
use axum::extract::{Path, State};
use base::{Date, Month};
use chapter::{FromAddress, PageError, Shown, Viewer, day_in_hanoi};
use desk::{AuditAction, PageAt, Permission, ReadEvent, ReviewCase, ReviewOrder};
use documents::sheet::{Language, Moment, Provenance, Sheet, write_xlsx};
use web::component::{Button, ButtonKind};
use web::{Lang, Locale};

use super::export_rows::{SheetLine, columns};
use super::query::QueueQuery;
use super::rule::CHAPTER;
use super::serving::{Snapshot, VisitLine};
use super::{AUDIT, Audit, EXPORT, RULES, filter, found, queue, with_month, words};

/// Type of an Excel file.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Lines of one sheet at most: more is nobody's work of a week. What is cut is said in the sheet.
const MOST: usize = 5_000;
/// Cases of a page at once.
const AT_ONCE: i64 = 200;

/// Lines of a sheet, and whether there are more.
struct Lines {
    lines: Vec<SheetLine>,
    /// Months of settlement of their visits.
    months: BTreeMap<Month, BTreeSet<i64>>,
    /// How many there are in all, as the page counts them.
    count: i64,
    cut: bool,
}

/// `GET /giam-dinh/danh-sach.xlsx`: the filter is that of the page.
pub(super) async fn queue(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<QueueQuery>,
) -> Result<Shown, PageError> {
    may_take(&viewer)?;
    let app = &audit.app;
    let l = app.locale(&viewer);
    let snapshot = audit.serving.asked(app, &query.month).await?;
    let (lines, as_of) = match query.part() {
        part if part.is_of_cases() => (cases(&audit, l, &viewer, &snapshot, &query).await?, app.today()),
        _ => (visits(&audit, l, &viewer, &snapshot, &query).await?, snapshot.period.last_day()),
    };
    let event = ReadEvent::new(AuditAction::Export, "reviews").object(queue::part_word(query.part()));
    let names = audit.facility_names(&viewer).await?;
    let mut filter = vec![filter::sentence(&audit, l, &query, lines.count, &names, &snapshot)];
    filter.extend(filter::chips(&audit, l, &query, &names, &snapshot).into_iter().map(|chip| chip.text));
    let about = About {
        title: queue::part_title(l, query.part()),
        stake: l.t("claims-column-expected"),
        filter: filter.join("; "),
        as_of,
        file: format!("giam-dinh-{}", queue::part_word(query.part())),
        event: event.run(&snapshot.run),
    };
    file(&audit, l, &viewer, (&snapshot, &names), lines, about).await
}

/// `GET /giam-dinh/quy-tac/{rule}/phat-hien.xlsx`: of all facilities of the own area, or of the one in the address.
pub(super) async fn rule(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromAddress(query): FromAddress<QueueQuery>,
) -> Result<Shown, PageError> {
    may_take(&viewer)?;
    let app = &audit.app;
    let l = app.locale(&viewer);
    let rule = app.rules.get(&id).filter(|rule| rule.chapter == CHAPTER).ok_or(PageError::NotFound)?;
    let snapshot = audit.serving.asked(app, &query.month).await?;
    let open = snapshot.facilities.keys().map(String::as_str).filter(|code| snapshot.is_open(&viewer.scope, code));
    let facilities: Vec<&str> = open.filter(|code| query.facility.is_empty() || *code == query.facility).collect();
    let mut all = found::of_rule(&snapshot.session, &rule.id, &facilities, MOST + 1).await.map_err(|e| PageError::inner(&e))?;
    let cut = all.len() > MOST;
    all.truncate(MOST);
    let numbers: Vec<i64> = all.iter().map(|one| one.visit).collect::<BTreeSet<_>>().into_iter().collect();
    let cases = app.desk.reviews_of_visits(&viewer.scope, &numbers).await.map_err(PageError::desk)?;
    let cases: BTreeMap<i64, &ReviewCase> = cases.iter().map(|case| (case.visit, case)).collect();
    let lines: Vec<SheetLine> = all
        .iter()
        .filter_map(|one| Some((one, snapshot.visit(one.visit)?)))
        .map(|(one, visit)| SheetLine::of_finding(l, &snapshot, one, visit, cases.get(&one.visit).copied()))
        .collect();
    let lines = Lines {
        count: lines.len() as i64,
        months: BTreeMap::from([(snapshot.period, numbers.into_iter().collect())]),
        cut,
        lines,
    };
    let names = audit.facility_names(&viewer).await?;
    let narrowed = QueueQuery {
        month: query.month.clone(),
        facility: query.facility.clone(),
        rule: rule.id.clone(),
        ..QueueQuery::default()
    };
    let about = About {
        title: words::rule(app, l, &rule.id),
        stake: l.t("claims-column-amount"),
        filter: filter::chips(&audit, l, &narrowed, &names, &snapshot)
            .into_iter()
            .map(|chip| chip.text)
            .collect::<Vec<_>>()
            .join("; "),
        as_of: snapshot.period.last_day(),
        file: format!("phat-hien-{}", rule.id),
        event: ReadEvent::new(AuditAction::Export, "rule").object(rule.id.as_str()).run(&snapshot.run),
    };
    file(&audit, l, &viewer, (&snapshot, &names), lines, about).await
}

/// Who works on claims and may take files out.
fn may_take(viewer: &Viewer) -> Result<(), PageError> {
    let both = [Permission::ReviewClaims, Permission::Export];
    if both.into_iter().all(|permission| desk::may(&viewer.scope, permission)) { Ok(()) } else { Err(PageError::Forbidden) }
}

/// Visits of a part in the order of the page.
async fn visits(
    audit: &Audit,
    l: Locale<'_>,
    viewer: &Viewer,
    snapshot: &Snapshot,
    query: &QueueQuery,
) -> Result<Lines, PageError> {
    let (desk, asked) = (&audit.app.desk, query.cases(audit.app.today()));
    let board = desk.review_board(&viewer.scope, &asked, None, queue::around(snapshot)).await.map_err(PageError::desk)?;
    let held = &board.held;
    let order = if query.order() == ReviewOrder::Billed { &snapshot.by_billed } else { &snapshot.by_priority };
    let mut kept: Vec<&VisitLine> = order
        .iter()
        .filter_map(|place| snapshot.visits.get(*place))
        .filter(|visit| queue::shows(viewer, snapshot, held, query, visit))
        .collect();
    let count = kept.len();
    kept.truncate(MOST);
    Ok(Lines {
        months: BTreeMap::from([(snapshot.period, kept.iter().map(|visit| visit.visit).collect())]),
        lines: kept.into_iter().map(|visit| SheetLine::of_visit(l, snapshot, (query, held), visit)).collect(),
        count: count as i64,
        cut: count > MOST,
    })
}

/// Cases of a state in the order of the page.
async fn cases(
    audit: &Audit,
    l: Locale<'_>,
    viewer: &Viewer,
    snapshot: &Snapshot,
    query: &QueueQuery,
) -> Result<Lines, PageError> {
    let desk = &audit.app.desk;
    let asked = query.cases(audit.app.today());
    let (mut all, mut at): (Vec<ReviewCase>, PageAt) = (Vec::new(), PageAt::First);
    let (count, cut) = loop {
        let page = desk.reviews(&viewer.scope, &asked, &at, AT_ONCE).await.map_err(PageError::desk)?;
        all.extend(page.rows);
        match all.last().filter(|_| page.has_next && all.len() < MOST) {
            Some(last) => at = PageAt::After(last.place(query.order())),
            None => break (page.count, page.has_next || all.len() > MOST),
        }
    };
    all.truncate(MOST);
    let ids: Vec<String> = all.iter().map(|case| case.id.clone()).collect();
    let lines = desk.lines_of_reviews(&viewer.scope, &ids).await.map_err(PageError::desk)?;
    let mut months: BTreeMap<Month, BTreeSet<i64>> = BTreeMap::new();
    for case in &all {
        months.entry(case.period).or_default().insert(case.visit);
    }
    let of = |case: &ReviewCase| lines.get(&case.id).map(Vec::as_slice).unwrap_or_default();
    let lines = all.iter().map(|case| SheetLine::of_case(l, snapshot, case, of(case))).collect();
    Ok(Lines { lines, months, count, cut })
}

/// What a sheet is about.
struct About {
    title: String,
    stake: String,
    filter: String,
    as_of: Date,
    file: String,
    event: ReadEvent,
}

async fn file(
    audit: &Audit,
    l: Locale<'_>,
    viewer: &Viewer,
    (snapshot, names): (&Snapshot, &BTreeMap<String, String>),
    lines: Lines,
    about: About,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let audited = app.audit(viewer, about.event.count("rows", lines.lines.len() as i64)).await?;
    let keys = audit.keys(lines.months).await?;
    let name_of =
        |code: &str| names.get(code).or_else(|| snapshot.facilities.get(code)?.name.as_ref()).map_or("", String::as_str);
    let rows = (1_i64..).zip(&lines.lines);
    let rows = rows.map(|(at, line)| line.cells(audit, l, at, name_of(&line.facility), keys.get(&line.visit))).collect();
    let mut title = vec![about.title];
    if lines.cut {
        title.push(l.t_args("claims-sheet-cut", &[("rows", MOST.into())]));
    }
    let now = (app.clock)();
    let sheet = Sheet {
        name: l.t("claims-sheet-name"),
        title,
        columns: columns(l, about.stake),
        rows,
        footer: vec![l.t("claims-foot"), l.t("claims-sheet-foot")],
        provenance: Provenance {
            language: if viewer.lang == Lang::En { Language::En } else { Language::Vi },
            filter: about.filter,
            as_of: about.as_of,
            exported_by: format!("{}, {}", viewer.label, viewer.unit_name),
            purpose: l.t("claims-purpose"),
            exported_at: moment(now),
        },
    };
    let written = tokio::task::spawn_blocking(move || write_xlsx(&sheet)).await;
    let bytes = written.map_err(|_| PageError::Internal { code: "claims_sheet" })?.map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("{}-{}.xlsx", about.file, day_in_hanoi(now)), audited))
}

/// The moment of a file, local time.
fn moment(unix_ms: i64) -> Moment {
    let seconds = (unix_ms.div_euclid(1000) + 7 * 3600).rem_euclid(86_400);
    let part = |n: i64| u8::try_from(n).unwrap_or(0);
    Moment {
        date: day_in_hanoi(unix_ms),
        hour: part(seconds / 3600),
        minute: part(seconds / 60 % 60),
        second: part(seconds % 60),
    }
}

/// The button that takes the queue out, with the filter of the page; none for who may not.
pub(super) fn button(l: Locale, viewer: &Viewer, query: &QueueQuery) -> Option<Button> {
    let page = query.href(|_| ());
    let href = format!("{EXPORT}{}", page.strip_prefix(AUDIT).unwrap_or_default());
    may_take(viewer).ok().map(|()| Button::link(l.t("claims-export"), href, ButtonKind::Default))
}

/// The button that takes out what a rule found; none for who may not.
pub(super) fn rule_button(l: Locale, viewer: &Viewer, rule: &str, month: &str) -> Option<Button> {
    let href = with_month(&format!("{RULES}/{}/phat-hien.xlsx", chapter::encode(rule)), month);
    may_take(viewer).ok().map(|()| Button::link(l.t("claims-export"), href, ButtonKind::Default))
}
