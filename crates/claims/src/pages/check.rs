//! `/giam-dinh/kiem-tra`: checks on the spot with their checklist, what they found over the year, and the minutes.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use chapter::{PageError, Returned, Shown, Viewer};
use desk::{AuditAction, CheckAnswer, FacilityVisit, FacilityVisitFigures, FacilityVisitKind, ReadEvent, ReviewQuery};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Columns, Control, Field, Form, Link, NoteKind, Panel, Row, Status, Tab, Table,
    audit_note, columns, definition_list, empty_state, note, paragraph, segments,
};
use web::{Locale, SafeHtml, tag};

use super::checklist::Item;
use super::query::QueueQuery;
use super::serving::Snapshot;
use super::{AUDIT, Audit, CHECKS, checklist, nav, queue, words};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// Year; this one where it says none.
    #[serde(rename = "nam", default)]
    pub(super) year: String,
    /// Kind of the checklist that is filled in.
    #[serde(rename = "loai", default)]
    pub(super) kind: String,
    /// Facility whose figures stand beside the items.
    #[serde(rename = "xem", default)]
    pub(super) facility: String,
    /// `1`: something was just written.
    #[serde(rename = "da-ghi", default)]
    pub(super) saved: String,
}

/// `GET /giam-dinh/kiem-tra`.
pub(super) async fn list(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    list_page(&audit, &viewer, &view, &Returned::default()).await
}

/// The list with the checklist below it, as it was filled in where it came back.
pub(super) async fn list_page(audit: &Audit, viewer: &Viewer, view: &View, returned: &Returned) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(viewer);
    let this_year = app.today().year();
    let year = view.year.parse::<i32>().ok().filter(|year| (2020..=this_year).contains(year)).unwrap_or(this_year);
    let kind = FacilityVisitKind::from_word(&view.kind).unwrap_or(FacilityVisitKind::Contract);
    let snapshot = audit.serving.current(app).await?;
    let checks = app.desk.facility_visits(&viewer.scope, year, None).await.map_err(PageError::desk)?;
    let figures = app.desk.facility_visit_figures(&viewer.scope, year).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ListReviews, "facility_visit").count("rows", checks.len() as i64);
    let audited = app.audit(viewer, event).await?;
    let names = audit.facility_names(viewer).await?;
    let head = vec![
        Column::text(l.t("claims-facility")),
        Column::text(l.t("claims-check-day")),
        Column::text(l.t("claims-check-kind")),
        Column::number(l.t("claims-check-failed"), ""),
        Column::text(l.t("claims-check-minutes")),
    ];
    let rows = checks.iter().map(|one| {
        let facility = words::facility(&names, Some(&snapshot), &one.facility);
        Row::new(vec![
            Cell::link(facility, format!("{CHECKS}/{}", one.id)).note(if one.withdrawn.is_some() {
                l.t("claims-check-withdrawn")
            } else {
                String::new()
            }),
            Cell::text(l.date(one.day)),
            Cell::text(checklist::kind(l, one.kind)),
            Cell::number(l, one.failed),
            minutes(l, one),
        ])
    });
    let empty = empty_state(&l.t("claims-checks-none"), &l.t("claims-checks-none-why"), None);
    let title = l.t_args("claims-checks-of", &[("year", year.to_string().into())]);
    let table = Table::new("kiem-tra", title.clone(), head).rows(rows).empty(empty).worklist().html(l);
    let open = snapshot.facilities.keys().filter(|code| snapshot.is_open(&viewer.scope, code));
    let open: Vec<&String> = open.collect();
    let chosen = open.iter().find(|code| **code == &view.facility).map(|code| code.as_str());
    let facilities: Vec<Choice> = open
        .iter()
        .map(|code| Choice::new(code.as_str(), words::facility(&names, Some(&snapshot), code), chosen == Some(code.as_str())))
        .collect();
    let figures_of = match chosen {
        Some(facility) => Some(of_facility(audit, viewer, &snapshot, kind, facility).await?),
        None => None,
    };
    let mut body = vec![nav(l, CHECKS)];
    if view.saved == "1" {
        body.push(note(NoteKind::Info, &l.t("claims-saved-title"), SafeHtml::text(&l.t("claims-saved"))));
    }
    body.push(year_figures(l, &figures));
    body.push(Panel::flush(title, table).html());
    if !facilities.is_empty() {
        body.push(form(audit, l, viewer, kind, (facilities, chosen, figures_of.as_ref()), returned));
    }
    let mut page = app.page(viewer, CHECKS, l.t("claims-checks-title"));
    page.crumbs = vec![Link::new(l.t("claims-queue-title"), AUDIT)];
    page.here = l.t("claims-tab-checks");
    page.facts = SafeHtml::text(&l.t("claims-checks-intro"));
    page.table_id = "kiem-tra".into();
    let whole = columns(Columns::One, body);
    page.body = returned.head(l, &whole).then(whole);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-audit")));
    Ok(Shown::page(page.render(l), audited))
}

fn minutes(l: Locale, check: &FacilityVisit) -> Cell {
    match &check.minutes {
        Some(document) => Cell::text(document),
        None => Cell::status(&Status::neutral(l.t("claims-check-no-minutes"))),
    }
}

/// How many checks and facilities the year has, and which items were not so most often.
fn year_figures(l: Locale, figures: &FacilityVisitFigures) -> SafeHtml {
    let number = |count: i64| SafeHtml::text(&l.number(count));
    let mut items =
        vec![(l.t("claims-checks-count"), number(figures.visits)), (l.t("claims-checks-facilities"), number(figures.facilities))];
    items.extend(figures.by_kind.iter().map(|(kind, count)| (checklist::kind(l, *kind), number(*count))));
    let mut failed: Vec<_> = figures.items.iter().filter(|item| item.no > 0).collect();
    failed.sort_by(|a, b| b.no.cmp(&a.no).then_with(|| a.item.cmp(&b.item)));
    let head = vec![
        Column::text(l.t("claims-check-item")),
        Column::number(l.t("claims-check-no"), ""),
        Column::number(l.t("claims-check-yes"), ""),
        Column::number(l.t("claims-check-na"), ""),
    ];
    let rows = failed.into_iter().map(|one| {
        let counts = [one.no, one.yes, one.not_applicable].map(|count| Cell::number(l, count));
        Row::new(std::iter::once(Cell::text(checklist::item(l, &one.item))).chain(counts).collect())
    });
    let empty = empty_state(&l.t("claims-check-none-failed"), &l.t("claims-check-none-failed-why"), None);
    let title = l.t("claims-check-items");
    let table = Table::new("muc-kiem-tra", title.clone(), head).rows(rows).empty(empty).html(l);
    let figures = Panel::new(l.t("claims-checks-figures"), definition_list(true, items)).html();
    columns(Columns::Two, [figures, Panel::flush(title, table).html()])
}

/// What the audit found at a facility, by rule: visits that wait, and the list that has them.
type Figures = BTreeMap<String, (i64, String)>;

/// Of the rules that the checklist names, the visits of the facility that wait in the newest month.
async fn of_facility(
    audit: &Audit,
    viewer: &Viewer,
    snapshot: &Snapshot,
    kind: FacilityVisitKind,
    facility: &str,
) -> Result<Figures, PageError> {
    let (desk, asked) = (&audit.app.desk, ReviewQuery::new(audit.app.today()));
    let board = desk.review_board(&viewer.scope, &asked, None, queue::around(snapshot)).await.map_err(PageError::desk)?;
    let mut figures = Figures::new();
    for rule in checklist::items(kind).flat_map(|item| &item.rules) {
        let query = QueueQuery {
            month: snapshot.period.to_string(),
            facility: facility.to_owned(),
            rule: rule.clone(),
            ..QueueQuery::default()
        };
        let count = queue::counted(viewer, snapshot, &board.held, &query);
        figures.insert(rule.clone(), (count, query.href(|_| ())));
    }
    Ok(figures)
}

/// What the audit found that says something of an item, each number with the list of its visits.
fn beside(audit: &Audit, l: Locale, item: &Item, figures: &Figures) -> SafeHtml {
    let known = item.rules.iter().filter_map(|rule| Some((rule, figures.get(rule)?))).filter(|(_, (count, _))| *count > 0);
    let links: Vec<SafeHtml> = known
        .map(|(rule, (count, href))| {
            let values = [("rule", words::rule(&audit.app, l, rule).into()), ("n", (*count).into())];
            Link::new(l.t_args("claims-check-figure", &values), href.clone()).html()
        })
        .collect();
    match (item.rules.is_empty(), links.is_empty()) {
        (true, _) => SafeHtml::default(),
        (false, true) => paragraph(SafeHtml::text(&l.t("claims-check-figure-none"))),
        (false, false) => paragraph(SafeHtml::join(links, "; ")),
    }
}

/// The checklist of a kind to be filled in, with what the audit found at the facility that was chosen.
fn form(
    audit: &Audit,
    l: Locale,
    viewer: &Viewer,
    kind: FacilityVisitKind,
    (facilities, chosen, figures): (Vec<Choice>, Option<&str>, Option<&Figures>),
    returned: &Returned,
) -> SafeHtml {
    let of = chosen.map(|code| format!("&xem={}", chapter::encode(code))).unwrap_or_default();
    let views = FacilityVisitKind::ALL.iter().map(|one| Tab {
        link: Link::new(checklist::kind(l, *one), format!("{CHECKS}?loai={}{of}#ghi-kiem-tra", one.as_str())),
        count: None,
        current: *one == kind,
    });
    let views = segments(&l.t("claims-check-kind"), &views.collect::<Vec<_>>());
    let choose = Form {
        action: CHECKS.into(),
        reads: true,
        hidden: vec![("loai".into(), kind.as_str().to_owned())],
        body: Field::new("xem", l.t("claims-check-figures-of"), Control::Select(facilities.clone())).html(l),
        buttons: vec![Button::submit(l.t("claims-check-figures-show"), ButtonKind::Default)],
    };
    let fill = |field: Field| returned.fill("", field).html(l);
    let mut body = SafeHtml::concat([
        fill(Field::new("co-so", l.t("claims-facility"), Control::Select(facilities))),
        fill(Field::new("ngay", l.t("claims-check-day"), Control::Date).value(words::typed(audit.app.today()))),
    ]);
    for item in checklist::items(kind) {
        let key = &item.key;
        let answers = CheckAnswer::ALL.iter().map(|one| Choice::new(one.as_str(), checklist::answer(l, *one), false)).collect();
        body.push(fill(Field::new(format!("muc-{key}"), item.text(l), Control::Radios(answers)).hint(item.ground())));
        body.push(figures.map(|figures| beside(audit, l, item, figures)).unwrap_or_default());
        body.push(fill(Field::new(format!("ghi-chu-{key}"), l.t("claims-note"), Control::Text).optional()));
    }
    let cases = Field::new("vu-viec", l.t("claims-check-cases"), Control::Text).hint(l.t("claims-check-cases-hint"));
    body.push(fill(cases.optional()));
    body.push(fill(Field::new("tom-tat", l.t("claims-check-summary"), Control::Lines)));
    let form = Form {
        action: CHECKS.into(),
        reads: false,
        hidden: vec![
            ("loai".into(), kind.as_str().to_owned()),
            ("so".into(), audit.app.form_number(viewer, &format!("facility check {}", kind.as_str()))),
        ],
        body,
        buttons: vec![Button::submit(l.t("claims-check-save"), ButtonKind::Primary).busy(l.t("claims-saving"))],
    };
    Panel::new(l.t("claims-check-new"), choose.html().then(form.html())).id("ghi-kiem-tra").aside(views).html()
}

/// `GET /giam-dinh/kiem-tra/{check}`.
pub(super) async fn show(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let (check, answers, cases) = app.desk.facility_visit(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewReview, "facility_visit").object(id.as_str())).await?;
    let names = audit.facility_names(&viewer).await?;
    let head =
        vec![Column::text(l.t("claims-check-item")), Column::text(l.t("claims-check-answer")), Column::text(l.t("claims-note"))];
    let rows = answers.iter().map(|one| {
        let words = checklist::answer(l, one.answer);
        let status = match one.answer {
            CheckAnswer::Yes => Status::ok(words),
            CheckAnswer::No => Status::bad(words),
            CheckAnswer::NotApplicable => Status::neutral(words),
        };
        let remark = one.note.as_deref().unwrap_or_default();
        Row::new(vec![Cell::text(checklist::item(l, &one.item)), Cell::status(&status), Cell::text(remark)])
    });
    let title = l.t("claims-check-answers");
    let table = Table::new("muc-kiem-tra", title.clone(), head).rows(rows).worklist().html(l);
    let mut left = SafeHtml::default();
    if view.saved == "1" {
        left.push(note(NoteKind::Info, &l.t("claims-saved-title"), SafeHtml::text(&l.t("claims-saved"))));
    }
    if let Some(reason) = &check.withdrawn {
        left.push(note(NoteKind::Caution, &l.t("claims-check-withdrawn"), SafeHtml::text(reason)));
    }
    left.push(Panel::flush(title, table).html());
    left.push(Panel::new(l.t("claims-check-summary"), tag("p").class("lines").text(&check.summary).html()).html());
    if !cases.is_empty() {
        let items = cases.iter().map(|case| tag("li").child(tag("code").text(case)));
        left.push(Panel::new(l.t("claims-check-cases"), tag("ul").children(items).html()).html());
    }
    let facility = words::facility(&names, None, &check.facility);
    let mut page = app.page(&viewer, &format!("{CHECKS}/{id}"), facility);
    page.crumbs = vec![Link::new(l.t("claims-queue-title"), AUDIT), Link::new(l.t("claims-checks-title"), CHECKS)];
    page.here = l.date(check.day);
    page.facts = SafeHtml::text(&format!("{} · {}", checklist::kind(l, check.kind), l.date(check.day)));
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    page.body = columns(Columns::MainSide, [stack(left), stack(side(&audit, l, &viewer, &check))]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// Minutes, and taking a check back that was written down by mistake.
fn side(audit: &Audit, l: Locale, viewer: &Viewer, check: &FacilityVisit) -> SafeHtml {
    let said = match &check.minutes {
        Some(document) => SafeHtml::text(document),
        None => Status::neutral(l.t("claims-check-no-minutes")).html(),
    };
    if check.withdrawn.is_some() {
        return Panel::new(l.t("claims-check-minutes"), paragraph(said)).html();
    }
    let act = |what: &str, body: SafeHtml, label: String| {
        Form {
            action: format!("{CHECKS}/{}", check.id),
            reads: false,
            hidden: vec![
                ("viec".into(), what.to_owned()),
                ("phien-ban".into(), check.version.to_string()),
                ("so".into(), audit.app.form_number(viewer, &format!("check {} {what} {}", check.id, check.version))),
            ],
            body,
            buttons: vec![Button::submit(label, ButtonKind::Default).busy(l.t("claims-saving"))],
        }
        .html()
    };
    let document = Field::new("bien-ban", l.t("claims-check-minutes"), Control::Text).hint(l.t("claims-check-minutes-hint"));
    let minutes = paragraph(said).then(act("bien-ban", document.html(l), l.t("claims-check-minutes-save")));
    let reason = Field::new("ly-do", l.t("claims-reason"), Control::Lines).html(l);
    let back = tag("details").child(tag("summary").text(&l.t("claims-check-withdraw-title"))).child(act(
        "thu-lai",
        reason,
        l.t("claims-check-withdraw"),
    ));
    Panel::new(l.t("claims-check-minutes"), minutes).html().then(Panel { body: back.html(), ..Panel::default() }.html())
}
