//! The people behind the numerator and the denominator of I1.

use axum::Extension;
use axum::extract::{Path, Query, State};
use base::{Area, CommuneCode, Date};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use engine::rows;
use serde::Deserialize;
use web::SafeHtml;
use web::component::{Cell, Column, Pager, Panel, Row, Table, audit_note, paragraph};

use super::Pages;
use crate::BHYT_COVERAGE;
use crate::indicators::has_card;

/// Rows of one page.
const PAGE: i64 = 50;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Commune code.
    #[serde(rename = "xa", default)]
    commune: String,
    /// Keyset: people after this number.
    #[serde(rename = "sau", default)]
    after: i64,
}

/// `GET /chi-tieu/I1/{tu-so|mau-so}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(part): Path<String>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let (title, covered) = match part.as_str() {
        "tu-so" => (l.t("coverage-rows-numerator"), format!(" AND {}", has_card(snapshot.as_of))),
        "mau-so" => (l.t("coverage-rows-denominator"), String::new()),
        _ => return Err(PageError::NotFound),
    };
    let asked = CommuneCode::parse(&view.commune).filter(|c| viewer.scope.sees(Some(c)));
    // Codes are five digits each, checked when parsed: nothing typed reaches the query.
    let area = match (&asked, &viewer.scope.area) {
        (Some(code), _) => format!(" AND p.commune = '{code}'"),
        (None, Area::City) => String::new(),
        (None, Area::Communes(own)) => {
            let codes: Vec<String> = own.iter().map(|c| format!("'{c}'")).collect();
            format!(" AND p.commune IN ({})", codes.join(", "))
        }
    };
    let from = format!("FROM person p WHERE p.on_spine AND p.alive_on_period_end{area}{covered}");
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let counted = snapshot.session.collect(&format!("SELECT count(*) AS n {from}")).await.map_err(inner)?;
    let count = match counted.first() {
        Some(batch) => rows::int(batch, "n").map_err(inner)?.value(0),
        None => 0,
    };
    let after = view.after;
    let sql = format!(
        "SELECT p.person_id, p.full_name, p.birth_date, p.commune {from} AND p.person_id > {after} ORDER BY p.person_id LIMIT {PAGE}"
    );
    let mut shown = Vec::new();
    let mut last = after;
    for batch in snapshot.session.collect(&sql).await.map_err(inner)? {
        let (ids, born) = (rows::int(&batch, "person_id").map_err(inner)?, rows::date(&batch, "birth_date").map_err(inner)?);
        let (names, communes) = (rows::text(&batch, "full_name").map_err(inner)?, rows::text(&batch, "commune").map_err(inner)?);
        for row in 0..batch.num_rows() {
            last = ids.value(row);
            let day = rows::date_at(&born, row).and_then(Date::from_days_since_epoch).map(|d| l.date(d)).unwrap_or_default();
            let place = rows::text_at(&communes, row).and_then(CommuneCode::parse).map(|c| pages.place(&c));
            shown.push(Row::new(vec![
                Cell::link(names.value(row), format!("/nguoi/{last}")),
                Cell::text(day),
                Cell::text(place.unwrap_or_else(|| l.t("coverage-place-unknown"))),
            ]));
        }
    }
    let event = ReadEvent::new(AuditAction::ViewRows, "indicator").object(BHYT_COVERAGE).count("rows", shown.len() as i64);
    let audited = app.audit(&viewer, event.run(&snapshot.run)).await?;
    let path = format!("/chi-tieu/I1/{part}");
    let filter = asked.as_ref().map(|c| format!("xa={c}&")).unwrap_or_default();
    let place = asked.as_ref().map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-whole-scope"));
    let day = l.date(snapshot.as_of);
    let sentence = l
        .t_args("coverage-rows-sentence", &[("n", count.into()), ("place", place.as_str().into()), ("day", day.as_str().into())]);
    let pager = Pager {
        summary: l.t_args("coverage-pager-rows", &[("shown", (shown.len() as i64).into()), ("n", count.into())]),
        first: (after > 0).then(|| format!("{path}?{filter}sau=0")),
        previous: None,
        next: (shown.len() as i64 == PAGE).then(|| format!("{path}?{filter}sau={last}")),
    };
    let head = vec![
        Column::text(l.t("coverage-column-person")),
        Column::text(l.t("coverage-rows-born")),
        Column::text(l.t("coverage-column-place")),
    ];
    let table = Table::new("dong", title.clone(), head).rows(shown).html(l);
    let mut page = app.page(&viewer, &path, title.clone());
    page.table_id = "dong".into();
    page.body = SafeHtml::concat([paragraph(SafeHtml::text(&sentence)), Panel::flush(title, table).foot(pager.html(l)).html()]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-rows-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}
