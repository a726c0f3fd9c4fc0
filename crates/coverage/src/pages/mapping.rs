//! Saying once what the columns of an unknown file mean: a layout is made of it and the file is read.

use std::collections::BTreeMap;

use axum::extract::{Form as FromForm, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use book::{Arrival, Fingerprint};
use chapter::{Handed, PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use intake::{IntakeError, Layout, Layouts, Limits, Preview};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Control, ErrorSummary, Field, Form, Link, NoteKind, Panel, Row, Table, audit_note,
    note,
};
use web::{Locale, SafeHtml, tag};

use super::Pages;
use super::rosters::roster_title;
use super::upload::{SEND, to_result, waiting};

/// The routes.
pub(super) fn routes() -> Router<Pages> {
    Router::new().route("/du-lieu/gui/{arrival}/ghep-cot", get(show).post(save))
}

/// Which file is looked at, and how.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct View {
    /// File of the arrival.
    #[serde(rename = "tep", default)]
    file: usize,
    /// Roster that it shall be.
    #[serde(rename = "loai", default)]
    roster: String,
    /// Sheet of a workbook.
    #[serde(rename = "trang", default)]
    sheet: String,
    /// First row of the header, as Excel counts; found by looking when it is empty.
    #[serde(rename = "dong", default)]
    row: String,
}

/// What is known of a file that waits.
struct Looked {
    arrival: Arrival,
    table: Handed,
    layouts: std::sync::Arc<Layouts>,
    roster: String,
    sheets: Vec<String>,
    preview: Result<Preview, IntakeError>,
}

/// `GET /du-lieu/gui/{arrival}/ghep-cot`.
async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let looked = look(&pages, &viewer, &id, &view)?;
    let suggested = match &looked.preview {
        Ok(preview) => intake::suggest(preview, &looked.layouts, &looked.roster),
        Err(_) => Vec::new(),
    };
    page(&pages, &viewer, &view, &looked, &suggested, &Faults::default()).await
}

/// `POST /du-lieu/gui/{arrival}/ghep-cot`: keeps the layout and reads the file with it.
async fn save(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let sent: BTreeMap<String, String> = sent.into_iter().collect();
    let value = |name: &str| sent.get(name).cloned().unwrap_or_default();
    let view = View {
        file: value("tep").parse().map_err(|_| PageError::BadRequest(l.t("coverage-upload-form")))?,
        roster: value("loai"),
        sheet: value("trang"),
        row: value("dong"),
    };
    let looked = look(&pages, &viewer, &id, &view)?;
    let Ok(preview) = &looked.preview else { return Err(PageError::BadRequest(l.t("coverage-upload-form"))) };
    let chosen = |at: usize| sent.get(&column_id(at)).filter(|field| !field.is_empty()).cloned();
    let mapping: Vec<Option<String>> = (0..preview.columns.len()).map(chosen).collect();
    let layout = looked.layouts.newest(&looked.roster).ok_or(PageError::NotFound)?;
    let mut faults = Faults::of(l, layout, preview, &mapping);
    let name = layout_id(&looked, preview);
    if faults.is_empty() {
        let made = intake::mapped_layout(&looked.layouts, &looked.roster, preview, &mapping, &name);
        match made.map_err(chapter::ShelfError::from).and_then(|text| app.shelf.add(&name, &text)) {
            Ok(()) => {}
            Err(chapter::ShelfError::Layout(error)) => faults.whole.push(error.to_string()),
            Err(error) => return Err(PageError::inner(&error)),
        }
    }
    if !faults.is_empty() {
        return Ok(page(&pages, &viewer, &view, &looked, &mapping, &faults).await?.into_response());
    }
    let read = mapping.iter().flatten().count() as i64;
    let event = ReadEvent::new(AuditAction::StoreLayout, "layout").object(name.as_str()).count("columns", read);
    app.audit(&viewer, event).await?;
    let mut arrival = looked.arrival;
    if arrival.roster.is_some() {
        arrival.roster = Some(looked.roster);
    }
    let (arrival, audited) = app.take_in(&viewer, arrival, Some(view.file), Vec::new()).await?;
    Ok(to_result(&arrival, Some(audited)))
}

fn look(pages: &Pages, viewer: &Viewer, id: &str, view: &View) -> Result<Looked, PageError> {
    let arrival = waiting(pages, viewer, id, view.file)?;
    let table = pages.app.arrived_table(&arrival, view.file)?;
    let layouts = pages.app.shelf.layouts();
    let limits = Limits { max_bytes: pages.app.upload_bytes, ..Limits::default() };
    // Asked for a sheet that cannot be, the reader names those there are.
    let sheets = match table.preview_at(Some(""), 1, &limits) {
        Err(IntakeError::WrongSheet { sheets }) => sheets,
        _ => Vec::new(),
    };
    let sheet = Some(view.sheet.as_str()).filter(|s| sheets.iter().any(|known| known == s));
    let preview = match (view.row.trim().parse::<u64>(), sheet) {
        (Ok(row), sheet) => table.preview_at(sheet.or(sheets.first().map(String::as_str)), row, &limits),
        (Err(_), _) => table.preview(&layouts, &limits),
    };
    let known = layouts.rosters();
    let wanted = [view.roster.as_str(), arrival.roster.as_deref().unwrap_or_default()];
    let roster = wanted.into_iter().find(|r| known.contains(r)).map(str::to_owned);
    let roster = roster.unwrap_or_else(|| likeliest(&layouts, preview.as_ref().ok()));
    Ok(Looked { arrival, table, layouts, roster, sheets, preview })
}

/// The roster that has a place for the most columns, needed ones counting most.
fn likeliest(layouts: &Layouts, preview: Option<&Preview>) -> String {
    let rosters = layouts.rosters();
    let Some(preview) = preview else { return rosters.first().map(|r| (*r).to_owned()).unwrap_or_default() };
    let score = |roster: &str| {
        let found: Vec<String> = intake::suggest(preview, layouts, roster).into_iter().flatten().collect();
        let lacking = layouts
            .newest(roster)
            .map_or(0, |l| l.fields.iter().filter(|f| (f.required || f.needed) && !found.contains(&f.name)).count());
        found.len() as i64 - 2 * lacking as i64
    };
    // Of equals the first one, so that the page is the same each time.
    let mut best: Option<(i64, &str)> = None;
    for roster in rosters {
        let points = score(roster);
        if best.is_none_or(|(most, _)| points > most) {
            best = Some((points, roster));
        }
    }
    best.map(|(_, roster)| roster.to_owned()).unwrap_or_default()
}

/// A name of the layout that says which headings it is for, and is free.
fn layout_id(looked: &Looked, preview: &Preview) -> String {
    let print = preview.columns.iter().fold(Fingerprint::new("layout"), |p, c| p.with("heading", c.heading.as_bytes()));
    let name = format!("{}-{}", looked.roster.replace('_', "-"), &print.finish()[..8]);
    let free = |id: &String| looked.layouts.all().iter().all(|l| l.id != *id);
    if free(&name) { name } else { (2u32..).map(|n| format!("{name}-{n}")).find(free).unwrap_or(name) }
}

fn column_id(at: usize) -> String {
    format!("cot-{}", at + 1)
}

/// What is wrong with a mapping: by column, and as a whole.
#[derive(Debug, Default, PartialEq, Eq)]
struct Faults {
    columns: BTreeMap<usize, String>,
    whole: Vec<String>,
}

impl Faults {
    fn of(l: Locale, layout: &Layout, preview: &Preview, mapping: &[Option<String>]) -> Self {
        let mut faults = Self::default();
        let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, field) in mapping.iter().enumerate().filter_map(|(at, m)| Some((at, m.as_deref()?))) {
            if preview.columns[at].heading.is_empty() {
                faults.columns.insert(at, l.t("coverage-map-no-heading"));
            } else if let Some(first) = taken.insert(field, at) {
                let other = preview.columns[first].heading.as_str();
                faults.columns.insert(at, l.t_args("coverage-map-twice", &[("other", other.into())]));
            }
        }
        let has_fact = |name: &str| layout.title_facts.iter().any(|fact| fact.fact == name);
        for field in layout.fields.iter().filter(|f| f.required || (f.needed && !has_fact(&f.name))) {
            if !taken.contains_key(field.name.as_str()) {
                let name = called(layout, &field.name);
                faults.whole.push(l.t_args("coverage-map-lacking", &[("field", name.as_str().into())]));
            }
        }
        faults
    }

    fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.whole.is_empty()
    }
}

/// What the roster's own layout calls a field.
fn called(layout: &Layout, field: &str) -> String {
    let found = layout.field(field).and_then(|f| f.headers.first());
    found.cloned().unwrap_or_else(|| field.to_owned())
}

async fn page(
    pages: &Pages,
    viewer: &Viewer,
    view: &View,
    looked: &Looked,
    mapping: &[Option<String>],
    faults: &Faults,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    let id = &looked.arrival.id;
    let event = ReadEvent::new(AuditAction::ViewRows, "arrival").object(format!("a-{id}"));
    let columns = looked.preview.as_ref().map_or(0, |p| p.columns.len());
    let audited = app.audit(viewer, event.count("columns", columns as i64)).await?;
    let path = format!("{SEND}/{id}/ghep-cot");
    let mut page = app.page(viewer, &format!("{path}?tep={}", view.file), l.t("coverage-mapping-title"));
    page.crumbs = vec![
        Link::new(l.t("coverage-data-title"), format!("{}?ky={}", super::rosters::DATA, looked.arrival.period)),
        Link::new(l.t("coverage-sent-title"), format!("{SEND}/{id}")),
    ];
    page.here = l.t("coverage-map-here");
    page.facts = SafeHtml::text(looked.table.name());
    page.table_id = "cot".into();
    let mut body = SafeHtml::default();
    if let Some(layout) = looked.layouts.newest(&looked.roster) {
        let mut errors: Vec<(String, String)> = faults.whole.iter().map(|words| ("cot".to_owned(), words.clone())).collect();
        errors.extend(faults.columns.iter().map(|(at, words)| (column_id(*at), words.clone())));
        body.push(ErrorSummary { errors }.html(l));
        body.push(Panel::new(l.t("coverage-map-where"), where_form(pages, l, view, looked, &path)).html());
        body.push(match &looked.preview {
            Ok(preview) => columns_form(l, view, looked, layout, preview, mapping, faults, &path),
            Err(error) => {
                note(NoteKind::Error, &l.t("coverage-map-no-header"), tag("p").attr("lang", "vi").text(&error.to_string()))
            }
        });
    }
    page.body = web::component::columns(web::component::Columns::One, [body]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-map-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// Which roster it is and where the header stands; sent again, the columns are looked at anew.
fn where_form(pages: &Pages, l: Locale, view: &View, looked: &Looked, path: &str) -> SafeHtml {
    let mut rosters: Vec<(String, &str)> =
        looked.layouts.rosters().into_iter().map(|r| (roster_title(&pages.app, l, r), r)).collect();
    rosters.sort_by_cached_key(|(title, _)| web::text_sort_key(title));
    let rosters = rosters.into_iter().map(|(title, r)| Choice::new(r, title, r == looked.roster)).collect();
    let row = match &looked.preview {
        Ok(preview) => preview.header_row.to_string(),
        Err(_) => view.row.clone(),
    };
    let mut fields = vec![Field::new("loai", l.t("coverage-map-roster"), Control::Select(rosters)).html(l)];
    if looked.sheets.len() > 1 {
        let shown = looked.preview.as_ref().ok().and_then(|p| p.sheet.clone()).unwrap_or_else(|| view.sheet.clone());
        let sheets = looked.sheets.iter().map(|s| Choice::new(s, s, *s == shown)).collect();
        fields.push(Field::new("trang", l.t("coverage-map-sheet"), Control::Select(sheets)).html(l));
    }
    let row = Field::new("dong", l.t("coverage-map-row"), Control::Digits).value(row).hint(l.t("coverage-map-row-hint"));
    fields.push(row.html(l));
    let fields = tag("div").class("grid g3").children(fields).html();
    Form {
        action: path.to_owned(),
        reads: true,
        hidden: vec![("tep".into(), view.file.to_string())],
        body: fields,
        buttons: vec![Button::submit(l.t("coverage-map-look"), ButtonKind::Default)],
    }
    .html()
}

/// Each column with its first values and what it is.
#[allow(clippy::too_many_arguments)]
fn columns_form(
    l: Locale,
    view: &View,
    looked: &Looked,
    layout: &Layout,
    preview: &Preview,
    mapping: &[Option<String>],
    faults: &Faults,
    path: &str,
) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-map-column")),
        Column::text(l.t("coverage-map-samples")),
        Column::number(l.t("coverage-map-filled"), ""),
        Column::text(l.t("coverage-map-field")),
    ];
    let rows = preview.columns.iter().enumerate().map(|(at, column)| {
        let heading = if column.heading.is_empty() { l.t("coverage-map-unnamed") } else { column.heading.clone() };
        let samples = column.samples.iter().map(|sample| tag("li").text(sample));
        let chosen = mapping.get(at).and_then(|m| m.as_deref());
        Row::new(vec![
            Cell::html(tag("strong").text(&heading)).note(l.t_args("coverage-map-place", &[("n", (at as i64 + 1).into())])),
            Cell::html(tag("ul").class("samples").children(samples).html()),
            Cell::number(l, column.filled as i64),
            Cell::html(select(l, layout, at, &column.heading, chosen, faults.columns.get(&at))),
        ])
    });
    let table = Table { cards: true, ..Table::new("cot", l.t("coverage-map-columns"), head).rows(rows) }.html(l);
    let needed: Vec<String> = layout.fields.iter().filter(|f| f.required || f.needed).map(|f| called(layout, &f.name)).collect();
    let told = l.t_args("coverage-map-needed", &[("fields", needed.join(", ").as_str().into())]);
    let hidden = [
        ("tep", view.file.to_string()),
        ("loai", looked.roster.clone()),
        ("trang", preview.sheet.clone().unwrap_or_default()),
        ("dong", preview.header_row.to_string()),
    ];
    let body = tag("p").text(&told).html().then(table).then(tag("p").class("small").text(&l.t("coverage-map-dropped")));
    let form = Form {
        action: path.to_owned(),
        reads: false,
        hidden: hidden.into_iter().map(|(n, v)| (n.to_owned(), v)).collect(),
        body,
        buttons: vec![Button::submit(l.t("coverage-map-save"), ButtonKind::Primary).busy(l.t("coverage-upload-sending"))],
    };
    Panel::new(l.t("coverage-map-columns"), form.html()).html()
}

fn select(l: Locale, layout: &Layout, at: usize, heading: &str, chosen: Option<&str>, fault: Option<&String>) -> SafeHtml {
    let id = column_id(at);
    let label = l.t_args("coverage-map-field-of", &[("column", heading.into())]);
    let none = tag("option").attr("value", "").flag("selected", chosen.is_none()).text(&l.t("coverage-map-none"));
    let fields = layout.fields.iter().map(|field| {
        let name = called(layout, &field.name);
        let words =
            if field.required || field.needed { l.t_args("coverage-map-must", &[("field", name.as_str().into())]) } else { name };
        tag("option").attr("value", &field.name).flag("selected", chosen == Some(field.name.as_str())).text(&words)
    });
    let told_by = fault.map(|_| format!("{id}-error"));
    let select = tag("select").attr("id", &id).attr("name", &id).attr_opt("aria-describedby", told_by.as_ref());
    let select = select.attr_opt("aria-invalid", fault.map(|_| "true")).child(none).children(fields);
    let error = fault.map(|text| tag("p").class("field-error").attr("id", format!("{id}-error")).text(text));
    tag("div")
        .class(if fault.is_some() { "field wrong" } else { "field" })
        .child(tag("label").class("vh").attr("for", &id).text(&label))
        .child(select)
        .child_opt(error)
        .html()
}
