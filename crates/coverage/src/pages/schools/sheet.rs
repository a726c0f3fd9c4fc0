//! The list of a class as an Excel file for the school: what is known, and three columns for the school to fill in.

use axum::Extension;
use axum::extract::{Path, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use documents::sheet::{Cell, Column, Sheet, write_xlsx};
use web::Lang;

use super::super::Pages;
use super::super::export::{XLSX, provenance};
use super::class::title;
use super::pupils::{Standing, pupils};
use super::{class_of, require};

/// Heads of the columns that come back; `answer.yaml` knows them in both languages.
pub(super) const KEY: &str = "Mã dòng";
pub(super) const VERSION: &str = "Phiên bản dòng";

/// `GET /truong-hoc/{school}/{class}/danh-sach.xlsx`.
pub(super) async fn xlsx(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path((school, class)): Path<(String, String)>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let (school, class) = class_of(&snapshot, &viewer, &school, &class)?;
    let shown = pupils(&snapshot, school, class).await.map_err(|e| PageError::inner(&e))?;
    let answers = app.desk.school_answers(&viewer.scope, &school.key).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::Export, "school").object(&school.key).word("class", &class.key);
    let audited = app.audit(&viewer, event.count("rows", shown.len() as i64).run(&snapshot.run)).await?;
    let mut rows = Vec::with_capacity(shown.len());
    for (at, pupil) in (1_i64..).zip(&shown) {
        let answer = answers.get(&pupil.person);
        rows.push(vec![
            Cell::from(pupil.key(school, class)),
            Cell::from(pupil.version(answer)),
            Cell::from(at),
            Cell::from(pupil.name.clone()),
            Cell::from(pupil.born),
            Cell::from(pupil.standing.words(l)),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
        ]);
    }
    let columns = vec![
        Column::hidden(KEY),
        Column::hidden(VERSION),
        Column::new(l.t("coverage-print-number"), 6),
        Column::new(l.t("school-pupil"), 30),
        Column::new(l.t("coverage-rows-born"), 12),
        Column::new(l.t("school-card"), 30),
        Column::new(l.t("school-column-number"), 22),
        Column::new(l.t("school-column-from"), 14),
        Column::new(l.t("school-column-to"), 14),
    ];
    let without = shown.iter().filter(|p| p.standing != Standing::Card).count() as i64;
    let counts = [
        ("pupils", (shown.len() as i64).into()),
        ("without", without.into()),
        ("day", l.date(snapshot.as_of).into()),
        ("year", school.school_year.as_str().into()),
    ];
    let sheet = Sheet {
        name: l.t("school-sheet-name"),
        title: vec![title(l, school, class), l.t("school-sheet-how")],
        columns,
        rows,
        footer: vec![l.t("school-foot")],
        provenance: provenance(app, &viewer, &snapshot, l.t_args("school-class-sentence", &counts)),
    };
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    let name = if viewer.lang == Lang::En { "class" } else { "lop" };
    Ok(Shown::file(bytes, XLSX, format!("{name}-{}-{}.xlsx", class.key, snapshot.period), audited))
}
