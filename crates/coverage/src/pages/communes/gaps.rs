//! Who is missing in a commune: by reason with source and day, and by village (thôn, tổ dân phố).

use std::collections::BTreeMap;

use base::CommuneCode;
use chapter::PageError;
use engine::rows;
use web::chart::{Fill, share_bar};
use web::component::{Cell, Column, Link, Panel, Row, Table, empty_state};
use web::{Percent, SafeHtml};

use crate::REASONS;
use crate::filter::Query;
use crate::pages::counts::{door_cell, listed};
use crate::pages::overview::Desk;
use crate::pages::{LIST, rosters, words};

/// Sources named beside a reason.
const SOURCES: usize = 3;

/// Reasons of a commune, each person once; the largest first.
pub(super) fn panel(desk: &Desk, code: &CommuneCode) -> SafeHtml {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    if !desk::may(scope, desk::Permission::ListPeople) {
        return SafeHtml::default();
    }
    let query = |reason: &str| Query { reason: reason.into(), commune: code.to_string(), main: "1".into(), ..Query::default() };
    let mut found: Vec<(&str, i64)> =
        REASONS.iter().map(|reason| (*reason, listed(desk.snapshot, scope, &query(reason)))).collect();
    found.retain(|(_, count)| *count > 0);
    found.sort_by_key(|(_, count)| -count);
    let largest = found.first().map_or(1, |(_, count)| *count);
    let total: i64 = found.iter().map(|(_, count)| count).sum();
    let head = vec![
        Column::text(l.t("commune-reason")),
        Column::number(l.t("overview-others-people"), ""),
        Column::text(l.t("commune-share")).hidden(),
        Column::number(l.t("coverage-state-new"), ""),
    ];
    let rows = found.iter().map(|(reason, count)| {
        let all = query(reason);
        let new = Query { state: "moi".into(), ..all.clone() };
        let title = words::reason(&desk.pages.app, l, reason);
        Row::new(vec![
            Cell::link(title, words::reason_href(&desk.pages.app, reason, || all.href(LIST, |_| ()))).note(sources(desk, reason)),
            door_cell(l, scope, *count, all.href(LIST, |_| ())),
            Cell::html(share_bar(&[(Fill::Solid, *count)], largest)),
            door_cell(l, scope, listed(desk.snapshot, scope, &new), new.href(LIST, |_| ())),
        ])
    });
    let empty = empty_state(&l.t("commune-nobody"), &l.t("commune-nobody-why"), None);
    let whole = Query { commune: code.to_string(), ..Query::default() };
    let table = Table::new("ly-do", l.t("commune-reasons-caption"), head).rows(rows).empty(empty).total(vec![
        Cell::text(l.t("coverage-total")),
        door_cell(l, scope, total, whole.href(LIST, |_| ())),
        Cell::text(""),
        Cell::text(""),
    ]);
    let title = l.t_args("commune-reasons-title", &[("n", total.into())]);
    Panel::flush(title, table.html(l)).aside(l.t("overview-reasons-once")).foot(l.t("coverage-reasons-note")).html()
}

/// The rosters a reason rests on, with their month: "Danh sách học sinh, 38 tệp, kỳ 10/2026".
fn sources(desk: &Desk, reason: &str) -> String {
    let l = desk.l;
    let app = &desk.pages.app;
    let reads: Vec<&str> = match app.rules.get(reason) {
        Some(rule) => rule.reads.iter().map(String::as_str).collect(),
        None => vec!["bhyt_card"],
    };
    let mut named: Vec<String> = Vec::new();
    for table in reads {
        let roster = crate::counted::roster_of(table);
        let files = desk.snapshot.batches.iter().filter(|b| b.roster == roster).count() as i64;
        if files > 0 && named.len() < SOURCES {
            let title = rosters::roster_title(app, l, roster);
            let more = l.t_args("commune-source-files", &[("title", title.as_str().into()), ("n", files.into())]);
            named.push(if files > 1 { more } else { title });
        }
    }
    let period = l.month(desk.snapshot.period);
    match named.is_empty() {
        true => String::new(),
        false => l.t_args("commune-sources", &[("names", named.join(" · ").as_str().into()), ("period", period.as_str().into())]),
    }
}

/// Villages with how many live there and how many of them have no valid card, most first.
pub(super) async fn villages(desk: &Desk<'_>, code: &CommuneCode) -> Result<SafeHtml, PageError> {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    if !desk.snapshot.session.has_table("coverage_count") || !desk::may(scope, desk::Permission::ListPeople) {
        return Ok(SafeHtml::default());
    }
    let inner = |e: engine::EngineError| PageError::inner(&e);
    // Codes are five digits each, checked when parsed.
    let sql = format!(
        "SELECT coalesce(village, '') AS village, sum(people) AS people FROM coverage_count \
         WHERE commune = '{code}' AND scheme = 'health' GROUP BY 1 ORDER BY 1"
    );
    let mut people: BTreeMap<String, i64> = BTreeMap::new();
    for batch in desk.snapshot.session.collect(&sql).await.map_err(inner)? {
        let (names, counts) = (rows::text(&batch, "village").map_err(inner)?, rows::int(&batch, "people").map_err(inner)?);
        people.extend((0..batch.num_rows()).map(|row| (names.value(row).to_owned(), counts.value(row))));
    }
    if people.keys().all(String::is_empty) {
        return Ok(Panel::new(l.t("commune-villages-title"), l.t("commune-villages-none")).html());
    }
    let mut lines: Vec<(String, i64, i64, Query)> = people
        .into_iter()
        .map(|(village, people)| {
            let query = Query {
                commune: code.to_string(),
                // `-` is who stands in no village.
                village: if village.is_empty() { "-".into() } else { village.clone() },
                card: "khong".into(),
                ..Query::default()
            };
            (village, people, listed(desk.snapshot, scope, &query), query)
        })
        .collect();
    lines.sort_by(|a, b| (b.2, web::text_sort_key(&a.0)).cmp(&(a.2, web::text_sort_key(&b.0))));
    let head = vec![
        Column::text(l.t("commune-village")),
        Column::number(l.t("commune-residents"), ""),
        Column::number(l.t("coverage-column-missing"), ""),
        Column::number(l.t("commune-missing-share"), "%"),
        Column::text(l.t("commune-by-household")).hidden(),
    ];
    let rows = lines.iter().map(|(village, people, missing, query)| {
        let name = if village.is_empty() { l.t("commune-no-village") } else { village.clone() };
        let share = Percent::of(*missing, *people).map(|s| l.percent_figure(s)).unwrap_or_else(|| "–".into());
        let households = query.href(LIST, |q| q.group = "ho".into());
        Row::new(vec![
            Cell::text(name),
            door_cell(l, scope, *people, residents(code, village)),
            door_cell(l, scope, *missing, query.href(LIST, |_| ())),
            Cell::text(share),
            Cell::html(Link::new(l.t("commune-by-household"), households)),
        ])
    });
    let title = l.t("commune-villages-title");
    let table = Table::new("to-dan-pho", title.clone(), head).rows(rows).dense().html(l);
    Ok(Panel::flush(title, table).aside(l.t("commune-villages-aside")).foot(l.t("commune-villages-foot")).html())
}

/// The residents of a village: rows of the register's own denominator.
fn residents(code: &CommuneCode, village: &str) -> String {
    let village = if village.is_empty() { "-".to_owned() } else { crate::filter::encode(village) };
    format!("/chi-tieu/{}/mau-so?xa={code}&thon={village}", crate::BHYT_COVERAGE)
}
