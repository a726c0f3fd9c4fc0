//! The list of findings about employers as XLSX and CSV, with the same filter and the same scope.

use axum::Extension;
use axum::extract::State;
use chapter::{Audited, FromAddress, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use documents::sheet::{Cell, Column, Sheet, write_csv, write_xlsx};

use super::super::export::{XLSX, provenance};
use super::super::{Pages, words};
use super::{kind, list, require};
use crate::employer_lines::{EmployerLine, EmployerQuery};

/// `GET /don-vi.xlsx`.
pub(super) async fn xlsx(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<EmployerQuery>,
) -> Result<Shown, PageError> {
    let (sheet, name, audited) = sheet(&pages, &viewer, &query).await?;
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("{name}.xlsx"), audited))
}

/// `GET /don-vi.csv`.
pub(super) async fn csv(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<EmployerQuery>,
) -> Result<Shown, PageError> {
    let (sheet, name, audited) = sheet(&pages, &viewer, &query).await?;
    Ok(Shown::file(write_csv(&sheet), "text/csv; charset=utf-8", format!("{name}.csv"), audited))
}

async fn sheet(pages: &Pages, viewer: &Viewer, query: &EmployerQuery) -> Result<(Sheet, String, Audited), PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    require(viewer)?;
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let found: Vec<&EmployerLine> = snapshot.employers.visible(&viewer.scope, query).map(|(_, line)| line).collect();
    let event = ReadEvent::new(AuditAction::Export, "employer_list").count("rows", found.len() as i64).run(&snapshot.run);
    let audited = app.audit(viewer, event).await?;
    let columns = vec![
        Column::new(l.t("employer-column-name"), 36),
        Column::new(l.t("employer-tax-code"), 16),
        Column::new(l.t("employer-kind"), 20),
        Column::new(l.t("employer-column-seat"), 22),
        Column::new(l.t("coverage-column-reason"), 36),
        Column::new(l.t("employer-column-people"), 12),
        Column::new(l.t("coverage-column-facts"), 60),
        Column::new(l.t("coverage-column-state"), 14),
    ];
    let row = |line: &&EmployerLine| {
        vec![
            Cell::from(line.name.clone()),
            Cell::from(line.tax_code.clone()),
            Cell::from(line.kind.as_ref().map(|code| kind(l, code))),
            Cell::from(line.commune.as_ref().map(|c| pages.place(c))),
            Cell::from(words::reason(app, l, &line.reason)),
            Cell::from(line.weight),
            Cell::from(words::facts_line(l, &line.evidence())),
            Cell::from(l.t(if line.new { "coverage-state-new" } else { "coverage-state-still" })),
        ]
    };
    let sheet = Sheet {
        name: l.t("employer-sheet"),
        title: vec![l.t("employer-list-title")],
        columns,
        rows: found.iter().map(row).collect(),
        footer: vec![l.t("employer-list-foot")],
        provenance: provenance(app, viewer, &snapshot, list::sentence(pages, l, query, found.len())),
    };
    Ok((sheet, format!("don-vi-can-ra-soat-{}", snapshot.period), audited))
}
