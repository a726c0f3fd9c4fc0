//! `GET /to-chuc-thu`: every organisation with its collectors, what came of their work, complaints, and its points.

use axum::Extension;
use axum::extract::State;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::SafeHtml;
use web::component::{Cell, Column, Panel, Row, Table, audit_note, empty_state};

use super::data::Known;
use super::{ORGANISATIONS, words};
use crate::Office;

/// `GET /to-chuc-thu`.
pub(super) async fn show(State(office): State<Office>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let known = Known::read(&office, &viewer, None).await?;
    let event = ReadEvent::new(AuditAction::ViewCollectors, "collectors").count("rows", known.collectors.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let head = vec![
        Column::text(l.t("collector-organisation")),
        Column::number(l.t("collector-people"), ""),
        Column::number(l.t("collector-with-card"), ""),
        Column::text(l.t("collector-conversions")),
        Column::number(l.t("collector-complaints-open"), ""),
        Column::number(l.t("collector-rating"), ""),
    ];
    let rows = known.organisations.iter().map(|unit| {
        let to = format!("{ORGANISATIONS}/{}", unit.id);
        let people = known.of(&unit.id).count() as i64;
        let valid = known.of(&unit.id).filter(|collector| collector.valid_card(known.today).is_some()).count() as i64;
        let open = known.of(&unit.id).flat_map(|c| known.complaints_of(&c.id)).filter(|c| c.resolved.is_none()).count() as i64;
        Row::new(vec![
            Cell::link(&unit.name, &to),
            Cell::figure(l.number(people), format!("{to}#nhan-vien")),
            Cell::figure(l.number(valid), format!("{to}#nhan-vien")),
            Cell::text(words::conversions(l, &known.outcomes_of(&unit.id))),
            Cell::figure(l.number(open), format!("{to}#phan-anh")),
            Cell::figure(words::points(l, &known.rating(&unit.id)), format!("{to}#danh-gia")),
        ])
    });
    let empty = empty_state(&l.t("collector-none"), &l.t("collector-none-why"), None);
    let title = l.t("collector-title");
    let table = Table::new("to-chuc", title.clone(), head).rows(rows).empty(empty).html(l);
    let mut page = app.page(&viewer, ORGANISATIONS, title.clone());
    page.facts = SafeHtml::text(&l.t_args("collector-intro", &[("day", l.date(known.today).as_str().into())]));
    page.table_id = "to-chuc".into();
    page.body = Panel::flush(title, table).foot(SafeHtml::text(&words::scale(l, &known.scale))).html();
    page.audit = audit_note(l, SafeHtml::text(&l.t("collector-audit")));
    page.foot = vec![l.t("collector-foot")];
    Ok(Shown::page(page.render(l), audited))
}
