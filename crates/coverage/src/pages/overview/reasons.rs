//! Why people are on the lists: those without a card as one bar, each person once; other lists beside it.

use web::SafeHtml;
use web::chart::{ReasonBar, ReasonPart};
use web::component::{Cell, Column, Columns, Panel, Row, Table, columns};

use super::Desk;
use crate::REASONS;
use crate::filter::Query;
use crate::pages::counts::{door_cell, listed};
use crate::pages::{LIST, words};

/// The two panels; nothing for who may not see lists.
pub(super) fn panels(desk: &Desk) -> SafeHtml {
    if !desk::may(&desk.viewer.scope, desk::Permission::ListPeople) {
        return SafeHtml::default();
    }
    columns(Columns::One, [bar(desk), others(desk)].into_iter().filter(|panel| !panel.is_empty()))
}

/// Everybody without a valid card by the main reason.
pub(super) fn bar(desk: &Desk) -> SafeHtml {
    let l = desk.l;
    let mut parts = Vec::new();
    let mut waiting = Vec::new();
    for reason in REASONS {
        let query = Query { reason: reason.into(), main: "1".into(), card: "khong".into(), ..Query::default() };
        let value = listed(desk.snapshot, &desk.viewer.scope, &query);
        let label = words::reason(&desk.pages.app, l, reason);
        if value > 0 {
            parts.push(ReasonPart { label, value, href: query.href(LIST, |_| ()) });
        } else if desk.snapshot.rules.get(reason).is_some_and(|run| run.outcome == "not_evaluated") {
            waiting.push(label);
        }
    }
    let total: i64 = parts.iter().map(|part| part.value).sum();
    // Largest first, so that the shades run from full to faint; the order of reasons is said under the bar.
    parts.sort_by_key(|part| -part.value);
    let title = l.t_args("overview-reasons-title", &[("n", total.into())]);
    let drawn = ReasonBar { id: "ly-do".into(), title: title.clone(), parts }.html(l);
    let mut foot = vec![l.t("coverage-reasons-note")];
    if !waiting.is_empty() {
        foot.push(l.t_args("overview-reasons-waiting", &[("rules", waiting.join("; ").as_str().into())]));
    }
    Panel::new(title, drawn).aside(l.t("overview-reasons-once")).foot(foot.join(" ")).html()
}

/// Reasons that are about something else than a card.
fn others(desk: &Desk) -> SafeHtml {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    let head = vec![
        Column::text(l.t("coverage-column-reason")),
        Column::number(l.t("overview-others-people"), ""),
        Column::number(l.t("coverage-state-new"), ""),
    ];
    let rows: Vec<Row> = REASONS
        .iter()
        .filter_map(|reason| {
            let query = Query { reason: (*reason).into(), ..Query::default() };
            let all = listed(desk.snapshot, scope, &query);
            let without = Query { main: "1".into(), card: "khong".into(), ..query.clone() };
            if all == 0 || listed(desk.snapshot, scope, &without) > 0 {
                return None;
            }
            let new = Query { state: "moi".into(), ..query.clone() };
            Some(Row::new(vec![
                Cell::link(
                    words::reason(&desk.pages.app, l, reason),
                    words::reason_href(&desk.pages.app, reason, || query.href(LIST, |_| ())),
                ),
                door_cell(l, scope, all, query.href(LIST, |_| ())),
                door_cell(l, scope, listed(desk.snapshot, scope, &new), new.href(LIST, |_| ())),
            ]))
        })
        .collect();
    if rows.is_empty() {
        return SafeHtml::default();
    }
    let title = l.t("overview-others-title");
    Panel::flush(title.clone(), Table::new("viec-khac", title, head).rows(rows).html(l)).aside(l.t("overview-others-note")).html()
}
