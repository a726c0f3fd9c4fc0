//! `GET /giam-dinh/bieu`: forms of a facility and month, as they are before they are taken out.

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use base::Month;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, ReviewCase};
use documents::sheet::Cell as SheetCell;
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Columns, Control, Field, Form, Icon, Link, Panel, Row, Table, audit_note, columns,
    empty_state, paragraph,
};
use web::{Lang, Locale, SafeHtml};

use super::paper_data::{self, care_forms, cases, quarter};
use super::serving::Snapshot;
use super::{AUDIT, Audit, PAPERS, nav, portal_compare, words};
use crate::papers::{PaperForm, settlement_rows, summary_rows};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Month, `2026-10`; the newest without.
    #[serde(rename = "thang", default)]
    month: String,
}

/// What the address of the list says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Listed {
    /// What came of facilities held against the portal's sheets, a word of `claim_portal_compare`; those that differ without.
    #[serde(rename = "cong", default)]
    portal: String,
}

/// The month that is asked for: one of which the runs have claims, else the newest.
pub(super) fn month_of(asked: &Asked, snapshot: &Snapshot) -> Month {
    let month = asked.month.parse::<Month>().ok();
    month.filter(|month| snapshot.stays.iter().any(|(_, known)| known == month)).unwrap_or(snapshot.period)
}

/// `GET /giam-dinh/bieu`.
pub(super) async fn list(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(listed): FromQuery<Listed>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let snapshot = audit.serving.current(app).await?;
    let open: Vec<_> = snapshot.facilities.iter().filter(|(code, _)| snapshot.is_open(&viewer.scope, code)).collect();
    let event = ReadEvent::new(AuditAction::ListReviews, "reviews").object("forms").count("rows", open.len() as i64);
    let audited = app.audit(&viewer, event.run(&snapshot.run)).await?;
    let names = audit.facility_names(&viewer).await?;
    let head = vec![
        Column::text(l.t("claims-facility")),
        Column::number(l.t("claims-form-visits"), ""),
        Column::number(l.t("claims-column-billed"), ""),
    ];
    let rows = open.iter().map(|(code, line)| {
        let name = words::facility(&names, Some(&snapshot), code);
        let visits = Cell::number(l, line.visits);
        Row::new(vec![Cell::link(name, format!("{PAPERS}/{code}")), visits, Cell::text(l.dong(line.fund))])
    });
    let title = l.t("claims-forms-title");
    let empty = empty_state(&l.t("claims-forms-none"), &l.t("claims-forms-none-why"), None);
    let table = Table::new("co-so", title.clone(), head).rows(rows).empty(empty).worklist().html(l);
    let mut page = app.page(&viewer, PAPERS, title.clone());
    page.crumbs = vec![Link::new(l.t("claims-queue-title"), AUDIT)];
    page.here = title.clone();
    page.facts = SafeHtml::text(&l.month(snapshot.period));
    page.table_id = "co-so".into();
    let panel = Panel::flush(title, table).foot(SafeHtml::text(&l.t("claims-forms-foot"))).html();
    let mut body = vec![panel];
    body.extend(portal_compare::panels(l, &snapshot, &viewer.scope, &names, &listed.portal).await?);
    page.body = nav(l, PAPERS).then(columns(Columns::One, body));
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// `GET /giam-dinh/bieu/{facility}`.
pub(super) async fn show(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(facility): Path<String>,
    FromQuery(asked): FromQuery<Asked>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let snapshot = audit.serving.current(app).await?;
    if !snapshot.facilities.contains_key(&facility) || !snapshot.is_open(&viewer.scope, &facility) {
        return Err(PageError::NotFound);
    }
    let month = month_of(&asked, &snapshot);
    let inner = |e: engine::EngineError| PageError::inner(&e);
    // What is shown is what the file says, and the file is Vietnamese.
    let vi = app.locale(&Viewer { lang: Lang::Vi, ..viewer.clone() });
    let parts = care_forms(&audit.formats.lists, vi, &snapshot, &facility, month).await.map_err(inner)?.unwrap_or_default();
    let own = cases(&audit, &viewer, &facility).await?;
    let sums = paper_data::sums(&audit, &snapshot, &facility, &quarter(month), &own).await?;
    let event = ReadEvent::new(AuditAction::ListReviews, "reviews").object("forms").word("period", &month.to_string());
    let audited = app.audit(&viewer, event.count("rows", own.len() as i64).run(&snapshot.run)).await?;
    let names = audit.facility_names(&viewer).await?;
    let name = words::facility(&names, Some(&snapshot), &facility);
    let papers = &audit.papers;
    let href = |file: &str| format!("{PAPERS}/{facility}/{file}?thang={month}");
    let may = desk::may(&viewer.scope, Permission::Export);
    let buttons = |files: &[(String, String)]| {
        let links = files
            .iter()
            .filter(|_| may)
            .map(|(words, href)| Button::link(words.as_str(), href.as_str(), ButtonKind::Default).icon(Icon::Download).html());
        SafeHtml::join(links, " ")
    };
    let summary = buttons(&[(l.t("claims-form-xlsx"), href("01-bh.xlsx"))]);
    let settlement = buttons(&[(l.t("claims-form-xlsx"), href("06-bh.xlsx"))]);
    let minutes = buttons(&[(l.t("claims-minutes-docx"), href("03-bh.docx")), (l.t("claims-minutes-pdf"), href("03-bh.pdf"))]);
    let body = vec![
        months(l, &snapshot, &facility, month),
        form(l, &papers.summary, "bieu-01", summary_rows(&papers.summary, vi, &parts), summary),
        about_minutes(l, &papers.minutes, &own, month, minutes),
        form(l, &papers.settlement, "bieu-06", settlement_rows(&papers.settlement, vi, &sums), settlement),
    ];
    let mut page = app.page(&viewer, &format!("{PAPERS}/{facility}"), name);
    page.crumbs = vec![Link::new(l.t("claims-queue-title"), AUDIT), Link::new(l.t("claims-forms-title"), PAPERS)];
    page.here = l.month(month);
    page.facts = SafeHtml::text(&l.month(month));
    page.body = columns(Columns::One, body);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-forms-audit")));
    page.foot = vec![l.t_args("claims-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// The months there are, to choose from.
fn months(l: Locale, snapshot: &Snapshot, facility: &str, month: Month) -> SafeHtml {
    let known = snapshot.stays.iter().map(|(_, known)| *known);
    let choices = known.map(|known| Choice::new(known.to_string(), l.month(known), known == month)).collect();
    let field = Field::new("thang", l.t("claims-period"), Control::Select(choices)).html(l);
    let buttons = vec![Button::submit(l.t("claims-filter-apply"), ButtonKind::Default)];
    let form = Form { action: format!("{PAPERS}/{facility}"), reads: true, hidden: Vec::new(), body: field, buttons };
    Panel::new(l.t("claims-period"), form.html()).html()
}

/// A form as a table, with its files.
fn form(l: Locale, form: &PaperForm, id: &str, rows: Vec<Vec<SheetCell>>, files: SafeHtml) -> SafeHtml {
    let head = form.columns.iter().enumerate().map(|(at, column)| match at {
        0 | 1 => Column::text(column.head.as_str()),
        _ => Column::number(column.head.as_str(), ""),
    });
    let shown = |cell: &SheetCell| match cell {
        SheetCell::Text(text) => Cell::text(text),
        SheetCell::Int(number) => Cell::number(l, *number),
        SheetCell::Date(day) => Cell::text(l.date(*day)),
        SheetCell::Decimal(_) | SheetCell::Empty => Cell::text(""),
    };
    let title = format!("{}: {}", form.form, form.title);
    // A row of sums has no number of its own, and the first cell heads its row: it is read aloud.
    let first = |cell: &SheetCell| match cell {
        SheetCell::Empty => Cell::text("–"),
        SheetCell::Text(text) if text.trim().is_empty() => Cell::text("–"),
        other => shown(other),
    };
    let cells =
        |row: &Vec<SheetCell>| row.iter().enumerate().map(|(at, cell)| if at == 0 { first(cell) } else { shown(cell) }).collect();
    let rows = rows.iter().map(|row| Row::new(cells(row)));
    let table = Table::new(id, title.clone(), head.collect()).rows(rows).html(l);
    Panel::flush(title, table).aside(files).foot(SafeHtml::text(&form.doubt)).html()
}

/// What the minutes of the month would hold.
fn about_minutes(l: Locale, form: &PaperForm, own: &[ReviewCase], month: Month, files: SafeHtml) -> SafeHtml {
    let of_month = own.iter().filter(|case| case.period == month && case.sent_on.is_some());
    let words = l.t_args("claims-minutes-what", &[("n", of_month.count().into())]);
    let body = paragraph(SafeHtml::text(&words));
    Panel::new(format!("{}: {}", form.form, form.title), body).aside(files).foot(SafeHtml::text(&form.doubt)).html()
}
