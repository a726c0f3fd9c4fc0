//! The list of people as XLSX and CSV, with the same filter and the same scope as the page.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use base::CommuneCode;
use chapter::{Audited, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use documents::sheet::{Cell, Column, Language, Provenance, Sheet, write_csv, write_xlsx};
use web::{Lang, Locale};

use super::data::{self, Entitled, From};
use super::people::{condition, sentence};
use super::view::{self, Query};
use crate::pages::{Pages, export};

/// Rows of one file: no whole city leaves in one piece.
const MOST: i64 = 50_000;
/// People whose names are looked up at once.
const SLICE: usize = 2_000;

/// `GET /ho-tro/nguoi.xlsx`.
pub(crate) async fn xlsx(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Shown, PageError> {
    let (sheet, name, audited) = file(&pages, &viewer, &query).await?;
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(Shown::file(bytes, kind, format!("{name}.xlsx"), audited))
}

/// `GET /ho-tro/nguoi.csv`.
pub(crate) async fn csv(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Shown, PageError> {
    let (sheet, name, audited) = file(&pages, &viewer, &query).await?;
    Ok(Shown::file(write_csv(&sheet), "text/csv; charset=utf-8", format!("{name}.csv"), audited))
}

async fn file(pages: &Pages, viewer: &Viewer, query: &Query) -> Result<(Sheet, String, Audited), PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let inner = |e: engine::EngineError| PageError::inner(&e);
    if !data::there(&snapshot.session) {
        return Err(PageError::NotFound);
    }
    let asked = query.place(&viewer.scope);
    let condition = condition(query, &viewer.scope, asked.as_ref());
    let figures = pages.figures.of(app, &snapshot).await?;
    let count = query.count(&figures.support, &viewer.scope, asked.as_ref());
    if count > MOST {
        return Err(PageError::BadRequest(l.t_args("support-export-narrow", &[("n", count.into()), ("most", MOST.into())])));
    }
    let mut event = ReadEvent::new(AuditAction::Export, "support_entitlement")
        .object(query.group().unwrap_or("all"))
        .count("rows", count)
        .run(&snapshot.run);
    if let Some(code) = &asked {
        event = event.commune(code);
    }
    let audited = app.audit(viewer, event).await?;
    let mut rows = Vec::new();
    let mut after = 0;
    loop {
        let slice = data::people(&snapshot.session, &condition, From::After(after), SLICE, (count, figures.support.last_person))
            .await
            .map_err(inner)?;
        let Some(last) = slice.last() else { break };
        after = last.person;
        rows.extend(slice.iter().map(|entitled| cells(pages, l, query, entitled)));
    }
    let columns = [
        ("coverage-column-person", 28),
        ("coverage-sheet-birth", 12),
        ("support-column-group", 40),
        ("support-own-others", 40),
        ("coverage-filter-commune", 24),
        ("support-column-village", 20),
        ("support-sheet-state", 16),
        ("support-sheet-city", 16),
        ("support-sheet-person", 16),
        ("support-column-standing", 24),
        ("support-doubled", 16),
        ("support-pending", 16),
        ("support-sheet-card-to", 14),
    ];
    let place = asked.as_ref().map(|code| pages.place(code));
    let sheet = Sheet {
        name: l.t("support-menu"),
        title: vec![l.t("support-people-title")],
        columns: columns.into_iter().map(|(key, width)| Column::new(l.t(key), width)).collect(),
        rows,
        footer: vec![l.t("coverage-reasons-note")],
        provenance: Provenance {
            language: if viewer.lang == Lang::En { Language::En } else { Language::Vi },
            filter: sentence(l, query, place.as_deref(), count),
            as_of: snapshot.as_of,
            exported_by: format!("{}, {}", viewer.label, viewer.unit_name),
            purpose: l.t("coverage-purpose"),
            exported_at: export::moment((app.clock)(), snapshot.as_of),
        },
    };
    Ok((sheet, format!("ho-tro-muc-dong-{}", snapshot.period), audited))
}

fn cells(pages: &Pages, l: Locale, query: &Query, entitled: &Entitled) -> Vec<Cell> {
    let scheme = query.scheme();
    let others: Vec<String> = entitled.others.iter().map(|code| view::group(l, scheme, code)).collect();
    let place = |code: &CommuneCode| pages.place(code);
    let yes = |so: bool| if so { l.t("support-yes") } else { String::new() };
    vec![
        Cell::from(entitled.name.clone()),
        Cell::from(entitled.born),
        Cell::from(view::group(l, scheme, &entitled.group)),
        Cell::from(others.join("; ")),
        Cell::from(entitled.commune.as_ref().map(place)),
        Cell::from(entitled.village.clone()),
        Cell::from(entitled.state),
        Cell::from(entitled.city),
        Cell::from(entitled.own),
        Cell::from(view::standing(l, &entitled.standing).words),
        Cell::from(yes(entitled.doubled)),
        Cell::from(yes(entitled.pending.is_some())),
        Cell::from(entitled.to),
    ]
}
