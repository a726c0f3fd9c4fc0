//! All communes with their figures side by side.

use axum::Extension;
use axum::extract::State;
use base::CommuneCode;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::SafeHtml;
use web::component::{Cell, Column, Panel, Row, Table};

use super::COMMUNE;
use crate::filter::Query;
use crate::pages::counts::{door_cell, listed};
use crate::pages::{LIST, Pages};
use crate::plan::Said;

/// `GET /xa-phuong`.
pub(crate) async fn show(State(pages): State<Pages>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "commune").object("all").run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let may_list = desk::may(&viewer.scope, desk::Permission::ListPeople);
    let mut head = vec![Column::text(l.t("coverage-column-commune"))];
    head.extend(pages.plan.counted().map(|indicator| Column::number(indicator.short.of(l), "%")));
    if may_list {
        head.push(Column::number(l.t("coverage-column-missing"), l.t("coverage-people")));
        head.push(Column::number(l.t("commune-to-review"), l.t("coverage-people")));
    }
    let mut codes: Vec<&CommuneCode> =
        app.places.communes().iter().map(|c| &c.code).filter(|code| viewer.scope.sees(Some(code))).collect();
    codes.sort_by_cached_key(|code| app.places.commune(code).map(|c| web::text_sort_key(&c.name)));
    let count = codes.len();
    let rows = codes.into_iter().map(|code| {
        let mut cells = vec![Cell::link(pages.place(code), format!("{COMMUNE}/{code}"))];
        cells.extend(pages.plan.counted().map(|indicator| {
            let share = figures.of(&indicator.id, Some(code)).and_then(|line| line.share());
            Cell::text(share.map(|s| l.percent_figure(s)).unwrap_or_else(|| "–".into()))
        }));
        if may_list {
            let all = Query { commune: code.to_string(), ..Query::default() };
            let without = Query { card: "khong".into(), ..all.clone() };
            for query in [without, all] {
                cells.push(door_cell(l, &viewer.scope, listed(&snapshot, &viewer.scope, &query), query.href(LIST, |_| ())));
            }
        }
        Row::new(cells)
    });
    let table = Table::new("xa-phuong", l.t("commune-list-title"), head).rows(rows).dense().html(l);
    let mut page = app.page(&viewer, COMMUNE, l.t("commune-list-title"));
    page.facts = SafeHtml::text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())]));
    page.table_id = "xa-phuong".into();
    let aside = l.t_args("coverage-ranking-count", &[("n", count.into())]);
    page.body = Panel::flush(l.t("commune-list-title"), table).aside(aside).html();
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}
