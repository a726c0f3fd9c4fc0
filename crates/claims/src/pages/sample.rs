//! `/giam-dinh/mau`: samples of a facility's visits, drawn from a stated seed so that anybody can draw them again; what was looked at and what follows.
//!
//! A sample is a tool of the office: what it estimates is shown with its seed, size and confidence, and refuses nothing by itself.

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use chapter::{PageError, Returned, Shown, Viewer};
use desk::{AuditAction, ReadEvent, ReviewSample, SampleConfidence, SampleEstimate, SampleVisit};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Columns, Control, Field, Form, Link, NoteKind, Pager, Panel, Row, Status, Table,
    audit_note, columns, definition_list, empty_state, note, paragraph,
};
use web::format::rate;
use web::{Locale, SafeHtml, tag};

use super::{AUDIT, Audit, SAMPLES, nav, queue, sheet_href, words};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// `1`: something was just written.
    #[serde(rename = "da-ghi", default)]
    saved: String,
    /// Place among the drawn visits to go on from.
    #[serde(rename = "tu", default)]
    from: String,
}

/// Drawn visits of a page.
const ROWS: usize = 100;

/// `GET /giam-dinh/mau`.
pub(super) async fn list(State(audit): State<Audit>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    list_page(&audit, &viewer, &Returned::default()).await
}

/// The list with the form of a draw below it, as it was typed where it came back.
pub(super) async fn list_page(audit: &Audit, viewer: &Viewer, returned: &Returned) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(viewer);
    let snapshot = audit.serving.current(app).await?;
    let samples = app.desk.review_samples(&viewer.scope, None).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ListReviews, "review_sample").count("rows", samples.len() as i64);
    let audited = app.audit(viewer, event).await?;
    let names = audit.facility_names(viewer).await?;
    let head = vec![
        Column::text(l.t("claims-facility")),
        Column::text(l.t("claims-period")),
        Column::text(l.t("claims-sample-seed")),
        Column::number(l.t("claims-sample-size"), ""),
        Column::number(l.t("claims-sample-population"), ""),
        Column::text(l.t("claims-column-state")),
    ];
    let rows = samples.iter().map(|one| {
        Row::new(vec![
            Cell::link(words::facility(&names, Some(&snapshot), &one.facility), format!("{SAMPLES}/{}", one.id))
                .note(&one.reason),
            Cell::text(l.month(one.period)),
            Cell::text(&one.seed).note(confidence(l, one.confidence)),
            Cell::number(l, one.size),
            Cell::number(l, one.population),
            Cell::status(&state(l, one)),
        ])
    });
    let empty = empty_state(&l.t("claims-samples-none"), &l.t("claims-samples-none-why"), None);
    let title = l.t("claims-samples");
    let table = Table::new("mau", title.clone(), head).rows(rows).empty(empty).worklist().html(l);
    let open = snapshot.facilities.keys().filter(|code| snapshot.is_open(&viewer.scope, code));
    let facilities: Vec<Choice> =
        open.map(|code| Choice::new(code.as_str(), words::facility(&names, Some(&snapshot), code), false)).collect();
    let form = match facilities.is_empty() {
        true => SafeHtml::default(),
        false => draw_form(audit, l, viewer, facilities, snapshot.period, returned),
    };
    let mut page = app.page(viewer, SAMPLES, l.t("claims-samples-title"));
    page.crumbs = vec![Link::new(l.t("claims-queue-title"), AUDIT)];
    page.here = l.t("claims-tab-samples");
    page.facts = SafeHtml::text(&l.t("claims-samples-intro"));
    page.table_id = "mau".into();
    let whole = columns(Columns::One, [nav(l, SAMPLES), Panel::flush(title, table).html(), form]);
    page.body = returned.head(l, &whole).then(whole);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-audit")));
    page.foot = vec![l.t("claims-samples-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn draw_form(
    audit: &Audit,
    l: Locale,
    viewer: &Viewer,
    facilities: Vec<Choice>,
    period: base::Month,
    returned: &Returned,
) -> SafeHtml {
    let confidences =
        SampleConfidence::ALL.iter().map(|one| Choice::new(one.as_str(), confidence(l, *one), one.as_str() == "p95"));
    let month = l.month(period);
    let fields = [
        Field::new("co-so", l.t("claims-facility"), Control::Select(facilities)),
        Field::new("hat-giong", l.t("claims-sample-seed"), Control::Text).hint(l.t("claims-sample-seed-hint")),
        Field::new("co-mau", l.t("claims-sample-size"), Control::Digits).value("50"),
        Field::new("do-tin-cay", l.t("claims-sample-confidence"), Control::Select(confidences.collect())),
        Field::new("ly-do", l.t("claims-sample-reason"), Control::Lines),
    ];
    let fields = SafeHtml::concat(fields.map(|field| returned.fill("", field).html(l)));
    let what = paragraph(SafeHtml::text(&l.t_args("claims-sample-what", &[("month", month.as_str().into())])));
    let body = what.then(fields);
    let form = Form {
        action: SAMPLES.into(),
        reads: false,
        hidden: vec![("so".into(), audit.app.form_number(viewer, "review sample"))],
        body,
        buttons: vec![Button::submit(l.t("claims-sample-draw"), ButtonKind::Primary).busy(l.t("claims-saving"))],
    };
    Panel::new(l.t("claims-sample-draw-title"), form.html()).id("rut-mau").html()
}

/// `GET /giam-dinh/mau/{sample}`.
pub(super) async fn show(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let (sample, visits, estimate) = app.desk.review_sample(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewReview, "review_sample").object(id.as_str()).count("rows", visits.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let names = audit.facility_names(&viewer).await?;
    let mut left = SafeHtml::default();
    if view.saved == "1" {
        left.push(note(NoteKind::Info, &l.t("claims-saved-title"), SafeHtml::text(&l.t("claims-saved"))));
    }
    let from = view.from.parse::<usize>().unwrap_or(0).min(visits.len());
    let to = (from + ROWS).min(visits.len());
    let table = visits_table(&audit, l, &viewer, &sample, visits.get(from..to).unwrap_or_default());
    let href = |at: usize| format!("{SAMPLES}/{id}?tu={at}");
    let pager = Pager {
        summary: l.t_args("claims-range", &[("rows", (to - from).into()), ("n", visits.len().into())]),
        first: (from > 0).then(|| href(0)),
        previous: (from > 0).then(|| href(from.saturating_sub(ROWS))),
        next: (to < visits.len()).then(|| href(to)),
    };
    left.push(Panel::flush(l.t("claims-sample-visits"), table).foot(pager.html(l)).html());
    let mut right = facts(l, &sample);
    right.push(figures(l, &sample, estimate.as_ref()));
    if sample.closed_at.is_none() && visits.iter().all(|visit| visit.error.is_some()) {
        let close =
            form(&audit, &viewer, &sample, ("dong", ""), SafeHtml::default(), l.t("claims-sample-close"), ButtonKind::Primary);
        right.push(
            Panel::new(l.t("claims-sample-close"), paragraph(SafeHtml::text(&l.t("claims-sample-close-what"))).then(close))
                .html(),
        );
    }
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    let facility = words::facility(&names, None, &sample.facility);
    let mut page = app.page(&viewer, &format!("{SAMPLES}/{id}"), facility);
    page.crumbs = vec![Link::new(l.t("claims-queue-title"), AUDIT), Link::new(l.t("claims-samples-title"), SAMPLES)];
    page.here = l.t("claims-sample");
    page.facts = state(l, &sample).html();
    page.table_id = "ho-so".into();
    page.body = columns(Columns::MainSide, [stack(left), stack(right)]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-audit")));
    page.foot = vec![l.t("claims-samples-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// The drawn visits in the order of the draw, each with its result or the form for it.
fn visits_table(audit: &Audit, l: Locale, viewer: &Viewer, sample: &ReviewSample, visits: &[SampleVisit]) -> SafeHtml {
    let open = sample.closed_at.is_none();
    let mut head = vec![
        Column::text(l.t("claims-column-visit")),
        Column::number(l.t("claims-column-billed"), ""),
        Column::number(l.t("claims-sample-error"), ""),
        Column::text(l.t("claims-note")),
    ];
    if open {
        head.push(Column::text(l.t("claims-sample-enter")));
    }
    let rows = visits.iter().map(|visit| {
        let error = match visit.error {
            Some(error) => Cell::text(l.dong(error)),
            None => Cell::status(&Status::neutral(l.t("claims-sample-not-looked"))),
        };
        let place = l.t_args("claims-sample-place", &[("n", visit.place.into())]);
        let mut cells = vec![
            Cell::link(queue::visit_name(l, visit.visit), sheet_href(visit.visit)).note(place),
            Cell::text(l.dong(visit.amount)),
            error,
            Cell::text(visit.note.as_deref().unwrap_or_default()),
        ];
        if open {
            let number = visit.visit.to_string();
            let value = visit.error.map(|error| l.number(error.get())).unwrap_or_default();
            let fields = SafeHtml::concat([
                Field::new(format!("sai-{number}"), l.t("claims-sample-error"), Control::Text).value(value).html(l),
                Field::new(format!("ghi-chu-{number}"), l.t("claims-note"), Control::Text)
                    .value(visit.note.as_deref().unwrap_or_default())
                    .optional()
                    .html(l),
            ]);
            let label = l.t("claims-sample-save");
            let form = form(audit, viewer, sample, ("ket-qua", number.as_str()), fields, label, ButtonKind::Default);
            cells.push(Cell::html(tag("details").child(tag("summary").text(&l.t("claims-sample-enter"))).child(form)));
        }
        Row::new(cells)
    });
    Table::new("ho-so", l.t("claims-sample-visits"), head).rows(rows).worklist().html(l)
}

fn form(
    audit: &Audit,
    viewer: &Viewer,
    sample: &ReviewSample,
    (what, visit): (&str, &str),
    body: SafeHtml,
    label: String,
    kind: ButtonKind,
) -> SafeHtml {
    Form {
        action: format!("{SAMPLES}/{}", sample.id),
        reads: false,
        hidden: vec![
            ("viec".into(), what.to_owned()),
            ("ho-so".into(), visit.to_owned()),
            ("so".into(), audit.app.form_number(viewer, &format!("sample {} {what} {visit}", sample.id))),
        ],
        body,
        buttons: vec![Button::submit(label, kind)],
    }
    .html()
}

fn facts(l: Locale, sample: &ReviewSample) -> SafeHtml {
    let text = |text: String| SafeHtml::text(&text);
    let items = [
        (l.t("claims-period"), text(l.month(sample.period))),
        (l.t("claims-sample-seed"), tag("code").text(&sample.seed).html()),
        (l.t("claims-sample-size"), text(l.number(sample.size))),
        (l.t("claims-sample-population"), text(l.number(sample.population))),
        (l.t("claims-sample-population-amount"), text(l.dong(sample.population_amount))),
        (l.t("claims-sample-population-hash"), tag("code").text(sample.population_hash.get(..16).unwrap_or_default()).html()),
        (l.t("claims-sample-confidence"), text(confidence(l, sample.confidence))),
        (l.t("claims-sample-reason"), text(sample.reason.clone())),
    ];
    Panel::new(l.t("claims-sample-facts"), definition_list(false, items)).html()
}

/// What follows from what was looked at so far, with its interval.
fn figures(l: Locale, sample: &ReviewSample, estimate: Option<&SampleEstimate>) -> SafeHtml {
    let title = l.t("claims-sample-estimate");
    let Some(found) = estimate else {
        return Panel::new(title, paragraph(SafeHtml::text(&l.t("claims-sample-no-estimate")))).html();
    };
    let text = |text: String| SafeHtml::text(&text);
    let share = |of| rate(l.lang(), of);
    let interval = l.t_args("claims-sample-interval", &[("low", share(found.low).into()), ("high", share(found.high).into())]);
    let items = [
        (l.t("claims-sample-checked"), text(l.number(found.checked))),
        (l.t("claims-sample-with-error"), text(l.number(found.with_error))),
        (l.t("claims-sample-rate"), text(share(found.rate))),
        (confidence(l, sample.confidence), text(interval)),
        (l.t("claims-sample-error-amount"), text(l.dong(found.error_amount))),
        (l.t("claims-sample-amount-rate"), text(share(found.amount_rate))),
        (l.t("claims-sample-projected"), text(l.dong(found.projected))),
    ];
    Panel::new(title, definition_list(true, items)).foot(SafeHtml::text(&l.t("claims-sample-estimate-foot"))).html()
}

fn state(l: Locale, sample: &ReviewSample) -> Status {
    match sample.closed_at {
        Some(at) => Status::ok(l.t_args("claims-sample-closed", &[("at", words::moment(l, at).into())])),
        None => Status::doing(l.t("claims-sample-open")),
    }
}

fn confidence(l: Locale, confidence: SampleConfidence) -> String {
    match confidence {
        SampleConfidence::P90 => l.t("claims-confidence-90"),
        SampleConfidence::P95 => l.t("claims-confidence-95"),
        SampleConfidence::P99 => l.t("claims-confidence-99"),
    }
}
