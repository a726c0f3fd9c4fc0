//! `GET /co-quan`: units and the communes they cover.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Form};
use base::CommuneCode;
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, DeskError, ReadEvent, Unit, UnitKind};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Control, ErrorSummary, Field, Link, NoteKind, Panel, Row, Table, empty_state, note,
};
use web::{Locale, SafeHtml, tag};

use crate::forms::{communes, list as commune_list};
use crate::shell::{go, no_data};
use crate::{UNITS, words};

/// Communes named in a note.
const NAMED: usize = 12;

/// `GET /co-quan`.
pub(crate) async fn list(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    let units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    let covered = app.desk.unit_communes(&viewer.scope).await.map_err(PageError::desk)?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "units").count("rows", units.len() as i64)).await?;
    let head = vec![
        Column::text(l.t("app-role-column-unit")),
        Column::text(l.t("access-kind")),
        Column::text(l.t("access-parent")),
        Column::number(l.t("access-communes"), ""),
    ];
    let name = |id: &str| units.iter().find(|unit| unit.id == id).map_or(id, |unit| unit.name.as_str()).to_owned();
    let rows = units.iter().map(|unit| {
        let count = covered.get(&unit.id).map_or(0, |communes| communes.len() as i64);
        Row::new(vec![
            Cell::link(&unit.name, format!("{UNITS}/{}", unit.id)),
            Cell::text(words::kind(l, unit.kind)),
            Cell::text(unit.parent.as_deref().map(name).unwrap_or_default()),
            Cell::number(l, count),
        ])
    });
    let empty = empty_state(&l.t("access-units-none"), "", None);
    let table = Table::new("co-quan", l.t("access-units-title"), head).rows(rows).empty(empty).html(l);
    let mut page = app.page(&viewer, UNITS, l.t("access-units-title"));
    page.actions = vec![Button::link(l.t("access-unit-new"), "/co-quan/moi", ButtonKind::Primary)];
    page.table_id = "co-quan".into();
    page.body = uncovered(&app, l, &units, &covered).then(Panel::flush(l.t("access-units-title"), table).html());
    Ok(Shown::page(page.render(l), audited))
}

/// Communes that belong to no base office (BHXH cơ sở), or to two: their employers' cases would be seen by nobody but the city, or by both.
/// While there is no base office at all, that this is not known: the program invents none.
fn uncovered(app: &App, l: Locale, units: &[Unit], covered: &BTreeMap<String, BTreeSet<CommuneCode>>) -> SafeHtml {
    let offices: Vec<&Unit> = units.iter().filter(|unit| unit.kind == UnitKind::BaseOffice).collect();
    if offices.is_empty() {
        let why = SafeHtml::text(&l.t("access-offices-unknown-why"));
        return note(NoteKind::Caution, &l.t("access-offices-unknown"), why);
    }
    let offices_of = |code: &CommuneCode| {
        offices.iter().filter(|office| covered.get(&office.id).is_some_and(|communes| communes.contains(code))).count()
    };
    let mut notes = SafeHtml::default();
    for (key, wrong) in [("access-offices-missing", (|n| n == 0) as fn(usize) -> bool), ("access-offices-doubled", |n| n > 1)] {
        let found = app.places.communes().iter().filter(|commune| wrong(offices_of(&commune.code)));
        let names: Vec<&str> = found.map(|commune| commune.name.as_str()).collect();
        if names.is_empty() {
            continue;
        }
        let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        let shown = if names.len() > NAMED { format!("{shown}…") } else { shown };
        let title = l.t_args(key, &[("n", (names.len() as i64).into())]);
        notes.push(note(NoteKind::Caution, &title, SafeHtml::text(&shown)));
    }
    notes
}

/// What was typed of a unit.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(rename = "ma-so", default)]
    id: String,
    #[serde(rename = "ten", default)]
    name: String,
    #[serde(rename = "loai", default)]
    kind: String,
    #[serde(rename = "cap-tren", default)]
    parent: String,
    #[serde(rename = "dia-ban", default)]
    communes: String,
}

type Wrong = (&'static str, String);

/// `GET /co-quan/moi`.
pub(crate) async fn form(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "units")).await?;
    Ok(Shown::page(page(&app, &viewer, None, &Typed::default(), None).await?, audited))
}

/// `POST /co-quan/moi`.
pub(crate) async fn add(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let id = typed.id.trim().to_lowercase();
    let there = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?.iter().any(|unit| unit.id == id);
    let put = if there {
        Err(("ma-so", app.locale(&viewer).t("access-wrong-id-taken")))
    } else {
        put(&app, &viewer, &id, &typed).await?
    };
    answer(&app, &viewer, None, &typed, put).await
}

/// `GET /co-quan/{unit}`.
pub(crate) async fn show(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "unit").object(id.as_str())).await?;
    let unit = unit(&app, &viewer, &id).await?;
    let covered = app.desk.unit_communes(&viewer.scope).await.map_err(PageError::desk)?;
    let typed = Typed {
        id: unit.id.clone(),
        name: unit.name.clone(),
        kind: unit.kind.as_str().to_owned(),
        parent: unit.parent.clone().unwrap_or_default(),
        communes: covered.get(&unit.id).map(commune_list).unwrap_or_default(),
    };
    Ok(Shown::page(page(&app, &viewer, Some(&unit), &typed, None).await?, audited))
}

/// `POST /co-quan/{unit}`.
pub(crate) async fn change(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let unit = unit(&app, &viewer, &id).await?;
    let put = put(&app, &viewer, &id, &typed).await?;
    answer(&app, &viewer, Some(&unit), &typed, put).await
}

async fn unit(app: &App, viewer: &Viewer, id: &str) -> Result<Unit, PageError> {
    let units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    units.into_iter().find(|unit| unit.id == id).ok_or(PageError::NotFound)
}

async fn answer(
    app: &App,
    viewer: &Viewer,
    unit: Option<&Unit>,
    typed: &Typed,
    put: Result<(), Wrong>,
) -> Result<Response, PageError> {
    match put {
        Ok(()) => Ok(go(UNITS)),
        Err(wrong) => {
            let html = page(app, viewer, unit, typed, Some(wrong)).await?;
            Ok(no_data((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response()))
        }
    }
}

/// Puts the unit in with its communes; what the desk refuses stands at its field.
async fn put(app: &App, viewer: &Viewer, id: &str, typed: &Typed) -> Result<Result<(), Wrong>, PageError> {
    let l = app.locale(viewer);
    let Some(kind) = UnitKind::from_word(&typed.kind) else { return Ok(Err(("loai", l.t("access-wrong-kind")))) };
    let covered = match communes(app, &typed.communes) {
        Ok(covered) => covered,
        Err(word) => return Ok(Err(("dia-ban", l.t_args("access-wrong-commune", &[("word", word.into())])))),
    };
    let parent = Some(typed.parent.clone()).filter(|parent| !parent.is_empty() && parent != id);
    let unit = Unit { id: id.to_owned(), name: typed.name.trim().to_owned(), kind, parent };
    match app.desk.put_unit(&viewer.scope, &unit).await {
        Ok(()) => {}
        Err(DeskError::Invalid { field: "name", .. }) => return Ok(Err(("ten", l.t("access-wrong-label")))),
        Err(DeskError::Invalid { .. }) => return Ok(Err(("ma-so", l.t("access-wrong-id")))),
        Err(error) => return Err(PageError::desk(error)),
    }
    app.desk.set_unit_communes(&viewer.scope, id, &covered).await.map_err(PageError::desk)?;
    Ok(Ok(()))
}

async fn page(app: &App, viewer: &Viewer, unit: Option<&Unit>, typed: &Typed, wrong: Option<Wrong>) -> Result<String, PageError> {
    let l = app.locale(viewer);
    let units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    let mut fields = fields(l, typed, unit.is_none(), &units);
    if let Some((name, text)) = wrong
        && let Some(field) = fields.iter_mut().find(|field| field.name == name)
    {
        field.error = Some(text);
    }
    let path = unit.map_or_else(|| "/co-quan/moi".to_owned(), |unit| format!("{UNITS}/{}", unit.id));
    let form = web::component::Form {
        action: path.clone(),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![
            Button::submit(l.t("access-save"), ButtonKind::Primary).busy(l.t("access-saving")),
            Button::link(l.t("access-cancel"), UNITS, ButtonKind::Default),
        ],
    };
    let title = unit.map_or_else(|| l.t("access-unit-new"), |unit| unit.name.clone());
    let mut page = app.page(viewer, &path, title.clone());
    page.crumbs = vec![Link::new(l.t("access-units-title"), UNITS)];
    page.here = title;
    page.body = tag("div").class("narrow").child(ErrorSummary::of(&fields).html(l).then(Panel::new("", form.html()))).html();
    Ok(page.render(l))
}

fn fields(l: Locale, typed: &Typed, new: bool, units: &[Unit]) -> Vec<Field> {
    let kinds = UnitKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), words::kind(l, *kind), typed.kind == kind.as_str()));
    let mut above = vec![Choice::new("", l.t("access-parent-none"), typed.parent.is_empty())];
    let others = units.iter().filter(|unit| unit.id != typed.id);
    above.extend(others.map(|unit| Choice::new(unit.id.as_str(), unit.name.as_str(), typed.parent == unit.id)));
    let mut fields = Vec::new();
    if new {
        fields.push(Field::new("ma-so", l.t("access-id"), Control::Text).value(&typed.id).hint(l.t("access-unit-id-hint")));
    }
    fields.extend([
        Field::new("ten", l.t("access-unit-name"), Control::Text).value(&typed.name),
        Field::new("loai", l.t("access-kind"), Control::Select(kinds.collect())),
        Field::new("cap-tren", l.t("access-parent"), Control::Select(above)).optional(),
        Field::new("dia-ban", l.t("access-communes"), Control::Lines)
            .value(&typed.communes)
            .hint(l.t("access-area-hint"))
            .optional(),
    ]);
    fields
}
