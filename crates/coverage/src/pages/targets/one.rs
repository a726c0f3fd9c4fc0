//! `GET /chi-tieu-giao/{year}/{id}/{area}`: the arithmetic of one proposal, the form, and every version of the target.

use axum::Extension;
use axum::extract::{Path as FromPath, Query, State};
use base::CommuneCode;
use chapter::{Audited, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, Target};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, ErrorSummary, Field, Form, Link, NoteKind, Panel, Row, Status, Table,
    columns, note, paragraph,
};
use web::{Locale, SafeHtml, tag};

use super::assign::{Entered, form_number};
use super::{CITY, CityTarget, TARGETS, area_name, area_of, city_target, exact, href, plan_year, proposal, proposed};
use crate::pages::Pages;
use crate::plan::{InFigures, Indicator, Said};
use crate::propose::Proposal;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// `1`: a target was just written.
    #[serde(rename = "da-ghi", default)]
    saved: String,
}

/// `GET /chi-tieu-giao/{year}/{id}/{area}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromPath((year, id, area)): FromPath<(String, String, String)>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let saved = view.saved == "1";
    draw(&pages, &viewer, (&year, &id, &area), None, saved).await
}

/// The page, with what was typed and what is wrong about it when a form came back.
pub(super) async fn draw(
    pages: &Pages,
    viewer: &Viewer,
    (year, id, area): (&str, &str, &str),
    entered: Option<&Entered>,
    saved: bool,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    let plan = pages.plan.clone();
    let indicator = plan.indicator(id).ok_or(PageError::NotFound)?;
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let year = plan_year(pages, snapshot.period.year(), year)?;
    let commune = area_of(pages, viewer, area)?;
    let history = app.desk.target_history(&viewer.scope, id, commune.as_ref(), year).await.map_err(PageError::desk)?;
    let audited: Audited = {
        let event = ReadEvent::new(AuditAction::ViewRows, "target").object(id).count("year", year.into()).run(&snapshot.run);
        app.audit(viewer, commune.iter().fold(event, |event, code| event.commune(code))).await?
    };
    let targets = app.desk.targets(&viewer.scope, year).await.map_err(PageError::desk)?;
    let target = city_target(pages, &figures, indicator, year, &targets);
    let proposal = target.and_then(|target| proposal(pages, &figures, indicator, target));
    let mut body = SafeHtml::default();
    if saved {
        body.push(note(NoteKind::Info, &l.t("targets-saved"), l.t("targets-saved-one")));
    }
    let mut left = vec![arithmetic(pages, l, (year, indicator), target, proposal.as_ref(), commune.as_ref())];
    left.push(versions(l, snapshot.as_of, &history));
    let mut right = Vec::new();
    let may = desk::may(&viewer.scope, Permission::SetTargets);
    if indicator.assigned && may {
        let suggested = proposal.as_ref().and_then(|p| proposed(p, commune.as_ref()));
        let suggested = suggested.map(|share| exact(l, share).trim_end_matches('%').to_owned()).unwrap_or_default();
        let (summary, form) = form(pages, l, (year, id, commune.as_ref()), history.last(), &suggested, entered);
        body.push(summary);
        right.push(form);
    } else {
        let why = if indicator.assigned { "targets-read-only" } else { "targets-followed-only" };
        right.push(Panel::new(l.t("targets-form-title"), paragraph(l.t(why))).html());
    }
    body.push(columns(Columns::MainSide, [columns(Columns::One, left), columns(Columns::One, right)]));
    let name = area_name(pages, l, commune.as_ref());
    let title = l.t_args(
        "targets-one-title",
        &[
            ("indicator", indicator.short.of(l).into()),
            ("year", year.to_string().as_str().into()),
            ("place", name.as_str().into()),
        ],
    );
    let mut page = app.page(viewer, &href(year, id, commune.as_ref()), title);
    page.crumbs = vec![
        Link::new(l.t("targets-title"), format!("{TARGETS}?nam={year}")),
        Link::new(indicator.short.of(l), format!("{TARGETS}/{year}/{id}")),
    ];
    page.here = name;
    page.facts = SafeHtml::text(indicator.place.of(l));
    page.body = body;
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// Step by step, with the numbers: from the city's target to this area's.
fn arithmetic(
    pages: &Pages,
    l: Locale,
    (year, indicator): (i32, &Indicator),
    target: Option<CityTarget>,
    proposal: Option<&Proposal>,
    commune: Option<&CommuneCode>,
) -> SafeHtml {
    let title = l.t("targets-arithmetic");
    let (Some(target), Some(proposal)) = (target, proposal) else {
        return Panel::new(title, paragraph(l.t("targets-no-proposal-why"))).html();
    };
    let n = |value: i64| l.number(value);
    let step = |key: &str, values: &[(&str, String)]| {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        tag("li").text(&l.t_args(key, &values))
    };
    let city = exact(l, target.share());
    let mut steps = vec![match target {
        CityTarget::Assigned(_) => step("targets-step-assigned", &[("year", year.to_string()), ("share", city.clone())]),
        CityTarget::ByPath(_, (month, from)) => {
            let last = indicator.percent().map(|t| l.percent(t)).unwrap_or_default();
            step(
                "targets-step-path",
                &[
                    ("year", year.to_string()),
                    ("share", city.clone()),
                    ("from", l.percent(from)),
                    ("month", l.month(month)),
                    ("target", last),
                    ("last", pages.plan.last_year.to_string()),
                ],
            )
        }
    }];
    steps.push(step(
        "targets-step-needed",
        &[("share", city), ("people", n(proposal.city.people)), ("needed", n(proposal.needed))],
    ));
    steps.push(step(
        if proposal.gain > 0 { "targets-step-gain" } else { "targets-step-passed" },
        &[("needed", n(proposal.needed)), ("covered", n(proposal.city.covered)), ("gain", n(proposal.gain))],
    ));
    match commune.map(|code| proposal.of(code)) {
        None => steps.push(step(
            "targets-step-divide",
            &[("gain", n(proposal.gain)), ("open", n(proposal.open)), ("unplaced", n(proposal.unplaced.covered))],
        )),
        Some(None) => return Panel::new(title, paragraph(l.t("targets-no-proposal-why"))).html(),
        Some(Some(share)) => {
            let open = share.today.open();
            steps.push(step(
                "targets-step-open",
                &[("people", n(share.today.people)), ("covered", n(share.today.covered)), ("open", n(open))],
            ));
            steps.push(step(
                "targets-step-part",
                &[
                    ("gain", n(proposal.gain)),
                    ("open", n(open)),
                    ("all", n(proposal.open)),
                    ("whole", n(share.gain - i64::from(share.rounded_up))),
                    ("remainder", n(share.remainder)),
                ],
            ));
            steps.push(step(if share.rounded_up { "targets-step-up" } else { "targets-step-down" }, &[("part", n(share.gain))]));
            let proposed = share.share().map(|s| exact(l, s)).unwrap_or_default();
            steps.push(step(
                "targets-step-result",
                &[
                    ("covered", n(share.today.covered)),
                    ("gain", n(share.gain)),
                    ("sum", n(share.covered())),
                    ("people", n(share.today.people)),
                    ("share", proposed),
                ],
            ));
        }
    }
    let list = tag("ol").class("steps-list").children(steps);
    Panel::new(title, list).foot(Link::new(l.t("targets-all-communes"), format!("{TARGETS}/{year}/{}", indicator.id))).html()
}

/// Every version, the newest first.
fn versions(l: Locale, otherwise: base::Date, history: &[Target]) -> SafeHtml {
    let title = l.t("targets-history");
    if history.is_empty() {
        return Panel::new(title, paragraph(l.t("targets-history-none"))).html();
    }
    let head = vec![
        Column::number(l.t("targets-version"), ""),
        Column::number(l.t("targets-assigned"), "%"),
        Column::text(l.t("targets-source")),
        Column::text(l.t("targets-entered")),
        Column::text(l.t("targets-reason")),
        Column::text(l.t("coverage-column-state")),
    ];
    let newest = history.last().map(|t| t.version);
    let rows = history.iter().rev().map(|target| {
        let state = if Some(target.version) == newest {
            Status::ok(l.t("targets-in-force"))
        } else {
            Status::neutral(l.t("targets-superseded"))
        };
        let entered = entered_at(l, otherwise, target.entered_at);
        Row::new(vec![
            Cell::number(l, target.version),
            Cell::text(exact(l, target.value)),
            Cell::text(&target.source).note(target.document.clone().unwrap_or_default()),
            Cell::text(entered).note(target.entered_by.clone()),
            Cell::text(target.reason.as_deref().unwrap_or("–")),
            Cell::status(&state),
        ])
    });
    Panel::flush(title.clone(), Table::new("lich-su", title, head).rows(rows).html(l)).html()
}

/// Day and hour in Hà Nội.
fn entered_at(l: Locale, otherwise: base::Date, unix_ms: i64) -> String {
    let at = crate::pages::export::moment(unix_ms, otherwise);
    format!("{} {:02}:{:02}", l.date(at.date), at.hour, at.minute)
}

/// The form: the proposal is filled in, a change asks for its reason.
fn form(
    pages: &Pages,
    l: Locale,
    (year, id, commune): (i32, &str, Option<&CommuneCode>),
    current: Option<&Target>,
    suggested: &str,
    entered: Option<&Entered>,
) -> (SafeHtml, SafeHtml) {
    let typed = |of: fn(&Entered) -> &str, otherwise: &str| entered.map_or(otherwise, of).to_owned();
    let wrong = |field: &str| entered.and_then(|e| e.wrong(l, field));
    let source = current.map(|t| t.source.clone()).unwrap_or_default();
    let mut fields = vec![
        Field::new("value", l.t("targets-value"), Control::Text)
            .hint(l.t("targets-value-hint"))
            .value(typed(|e| &e.value, suggested))
            .error(wrong("value")),
        Field::new("source", l.t("targets-source"), Control::Text)
            .hint(l.t("targets-source-hint"))
            .value(typed(|e| &e.source, &source))
            .error(wrong("source")),
        Field::new("document", l.t("targets-document"), Control::Text)
            .hint(l.t("targets-document-hint"))
            .value(typed(|e| &e.document, ""))
            .optional(),
    ];
    if current.is_some() {
        fields.push(
            Field::new("reason", l.t("targets-reason"), Control::Lines)
                .hint(l.t("targets-reason-hint"))
                .value(typed(|e| &e.reason, ""))
                .error(wrong("reason")),
        );
    }
    let area = commune.map_or(CITY, CommuneCode::as_str);
    let version = current.map_or(0, |t| t.version);
    let number = entered.map_or_else(|| form_number(pages, year, id, area), |e| e.client_tx.clone());
    let button = if current.is_some() { "targets-change" } else { "targets-set" };
    let form = Form {
        action: href(year, id, commune),
        reads: false,
        hidden: vec![("client_tx".into(), number), ("version".into(), version.to_string())],
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t(button), ButtonKind::Primary).busy(l.t("targets-saving"))],
    };
    (ErrorSummary::of(&fields).html(l), Panel::new(l.t("targets-form-title"), form.html()).foot(l.t("targets-form-foot")).html())
}
