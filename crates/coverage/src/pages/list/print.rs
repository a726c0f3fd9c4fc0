//! The list for paper: one A4 sheet a village (thôn, tổ dân phố), household by household, with room to write.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::State;
use chapter::{FromAddress, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use web::component::{Cell, Column, Link, NoteKind, Panel, Row, Table, audit_note, note};
use web::{Locale, SafeHtml, tag};

use super::super::export::moment;
use super::super::{LIST, Pages, words};
use super::{PRINT, only_commune, sentence};
use crate::filter::Query;
use crate::lines::Line;

/// Rows that are put on paper at once: about a hundred sheets, as much as one person sorts out.
const MOST: usize = 3_000;

/// `GET /nguoi-chua-tham-gia/in`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<Query>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    // Sheets go out to villages: employee findings and people who wait for a look-up are never on them.
    let visible = snapshot.visible(&viewer.scope).of_communes();
    let count = visible.count(&query);
    let commune = only_commune(&viewer, &query);
    let fits = count <= MOST && commune.is_some();
    let mut lines: Vec<Line> = if fits { visible.all_by_household(&query) } else { Vec::new() };
    // Who is restricted stands on no sheet; how many that are is told at its foot.
    let restricted = app.desk.restricted_people(&viewer.scope).await.map_err(PageError::desk)?;
    let off: BTreeSet<i64> = lines.iter().map(Line::person).filter(|person| restricted.contains(person)).collect();
    lines.retain(|line| !off.contains(&line.person()));
    let mut event = ReadEvent::new(AuditAction::Export, "worklist").word("form", "a4").count("rows", lines.len() as i64);
    if let Some(code) = &commune {
        event = event.commune(code);
    }
    let audited = app.audit(&viewer, event.run(&snapshot.run)).await?;
    let mut page = app.page(&viewer, &query.href(PRINT, |_| ()), l.t("coverage-list-title"));
    page.crumbs = vec![Link::new(l.t("coverage-list-title"), query.href(LIST, |_| ()))];
    page.here = l.t("coverage-list-print");
    page.facts = SafeHtml::text(&sentence(&pages, l, &query, count));
    page.body = if fits {
        let hint = tag("p").class("small no-print").text(&l.t("coverage-print-hint")).html();
        let sheets = lines.chunk_by(|a, b| a.village() == b.village()).enumerate();
        hint.then(SafeHtml::concat(sheets.map(|(at, own)| sheet(&pages, l, &query, at, own))))
    } else {
        let words = l.t_args("coverage-print-narrow", &[("n", (count as i64).into()), ("most", (MOST as i64).into())]);
        let back = Link::new(l.t("coverage-print-back"), query.href(LIST, |_| ()));
        note(NoteKind::Caution, &l.t("coverage-print-narrow-title"), SafeHtml::text(&words).then(" ").then(back))
    };
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-list-audit")));
    let at = moment((app.clock)(), snapshot.as_of);
    let time = format!("{:02}:{:02} {}", at.hour, at.minute, l.date(at.date));
    page.foot = vec![
        l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())]),
        l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]),
        l.t_args(
            "coverage-print-by",
            &[("who", format!("{}, {}", viewer.label, viewer.unit_name).into()), ("time", time.into())],
        ),
        l.t("coverage-list-foot"),
    ];
    if !off.is_empty() {
        page.foot.push(l.t_args("office-restricted", &[("n", off.len().into())]));
    }
    Ok(Shown::page(page.render(l), audited))
}

fn sheet(pages: &Pages, l: Locale, query: &Query, at: usize, lines: &[Line]) -> SafeHtml {
    let village = lines.first().and_then(Line::village).map_or_else(|| l.t("coverage-village-none"), str::to_owned);
    let commune = lines.first().and_then(|line| line.commune()).map(|c| pages.place(c)).unwrap_or_default();
    let title = l.t_args(
        "coverage-print-sheet",
        &[("village", village.as_str().into()), ("commune", commune.as_str().into()), ("n", (lines.len() as i64).into())],
    );
    let head = vec![
        Column::text(l.t("coverage-column-person")),
        Column::number(l.t("coverage-print-number"), ""),
        Column::text(l.t("coverage-field-household")),
        Column::text(l.t("coverage-column-reason")),
        Column::text(l.t("coverage-print-met")),
        Column::text(l.t("coverage-print-result")),
    ];
    let rows = lines.iter().enumerate().map(|(number, line)| {
        let name = match line.born() {
            Some(born) => format!("{}, {}", line.name(), born.year()),
            None => line.name().to_owned(),
        };
        let reason = if query.reason.is_empty() { words::reason(&pages.app, l, line.reason()) } else { String::new() };
        let facts = words::facts_line(l, &line.evidence());
        let why = if reason.is_empty() { Cell::text(facts) } else { Cell::text(reason).note(facts) };
        Row::new(vec![
            Cell::text(name),
            Cell::number(l, number as i64 + 1),
            Cell::text(line.household().unwrap_or_default()),
            why,
            Cell::text(""),
            Cell::text(""),
        ])
    });
    let table = Table::new(format!("to-{}", at + 1), title.clone(), head).rows(rows).dense().html(l);
    tag("div").class("sheet write").child(Panel::flush(title, table)).html()
}
