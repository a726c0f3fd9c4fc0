//! One school: its classes, with how many pupils have no valid card.

use axum::Extension;
use axum::extract::{Path, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::SafeHtml;
use web::component::{Cell, Column, Link, Panel, Row, Table, audit_note};

use super::super::Pages;
use super::list::share;
use super::{SCHOOLS, require};

/// `GET /truong-hoc/{school}`.
pub(super) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(key): Path<String>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let snapshot = pages.serving.current(app).await?;
    let school = snapshot.schools.school(&viewer.scope, &key).ok_or(PageError::NotFound)?;
    let mut event = ReadEvent::new(AuditAction::ViewRows, "school").object(&school.key);
    if let Some(code) = &school.commune {
        event = event.commune(code);
    }
    let event = event.count("rows", school.classes.len() as i64).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let counts = school.counts();
    let title = l.t("school-classes-title");
    let head = vec![
        Column::text(l.t("school-class")),
        Column::number(l.t("school-pupils"), ""),
        Column::number(l.t("school-with-card"), "%"),
        Column::number(l.t("school-without"), l.t("school-unit")),
        Column::number(l.t("school-verify"), l.t("school-unit")),
    ];
    let rows = school.classes.iter().map(|class| {
        let href = format!("{SCHOOLS}/{}/{}", school.key, class.key);
        let name = if class.name.is_empty() { l.t("school-class-none") } else { class.name.clone() };
        Row::new(vec![
            Cell::link(name, &href),
            Cell::number(l, class.counts.pupils),
            Cell::text(share(l, class.counts)),
            Cell::figure(l.number(class.counts.without), href),
            Cell::number(l, class.counts.verify),
        ])
    });
    let total = vec![
        Cell::text(l.t("school-total")),
        Cell::number(l, counts.pupils),
        Cell::text(share(l, counts)),
        Cell::number(l, counts.without),
        Cell::number(l, counts.verify),
    ];
    let table = Table::new("danh-sach", title.clone(), head).rows(rows).total(total).html(l);
    let name = if school.name.is_empty() { school.code.clone() } else { school.name.clone() };
    let mut page = app.page(&viewer, &format!("{SCHOOLS}/{}", school.key), name);
    page.crumbs = vec![Link::new(l.t("school-list-title"), SCHOOLS)];
    page.here = l.t("school-here");
    let facts = [
        school.commune.as_ref().map(|c| pages.place(c)),
        Some(l.t_args("school-year", &[("year", school.school_year.as_str().into())])),
        Some(l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())])),
    ];
    page.facts = SafeHtml::text(&facts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
    page.table_id = "danh-sach".into();
    page.body = Panel::flush(title, table).foot(SafeHtml::text(&l.t("school-verify-note"))).html();
    page.audit = audit_note(l, SafeHtml::text(&l.t("school-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]), l.t("school-foot")];
    Ok(Shown::page(page.render(l), audited))
}
