//! The list as XLSX and CSV, with the same filter and the same scope.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Form, State};
use base::Date;
use chapter::{App, Audited, FromAddress, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use documents::sheet::{Cell, Column, LEAST_PASSWORD, Language, Moment, Provenance, Sheet, lock_xlsx, write_csv, write_xlsx};
use web::component::{Button, ButtonKind, Control, Field};
use web::{Lang, Locale, SafeHtml, tag};

use super::{Pages, list, words};
use crate::filter::Query;
use crate::lines::Line;
use crate::serving::Snapshot;

/// Hà Nội is seven hours ahead of UTC all year; the zone is applied at this edge only.
const ZONE_SECONDS: i64 = 7 * 3600;
/// Type of an Excel file.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Rows of one file: what Excel still opens well, and no whole city leaves in one piece.
const MOST: usize = 200_000;

/// `GET /nguoi-chua-tham-gia.xlsx`.
pub(crate) async fn xlsx(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<Query>,
) -> Result<Shown, PageError> {
    let (sheet, name, audited) = sheet(&pages, &viewer, &query).await?;
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("{name}.xlsx"), audited))
}

/// What the form of a locked file sends.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Locked {
    #[serde(rename = "mat-khau")]
    password: String,
}

/// `POST /nguoi-chua-tham-gia.xlsx`: the same file under a password, which is sent in the body and kept nowhere.
pub(crate) async fn locked(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<Query>,
    Form(form): Form<Locked>,
) -> Result<Shown, PageError> {
    let l = pages.app.locale(&viewer);
    if form.password.chars().count() < LEAST_PASSWORD {
        return Err(PageError::BadRequest(l.t("coverage-lock-short")));
    }
    let (sheet, name, audited) = sheet(&pages, &viewer, &query).await?;
    let random = pages.app.desk.fresh_random().map_err(PageError::desk)?;
    // The password is spun a hundred thousand times: not on the threads that serve pages.
    let lock = move || write_xlsx(&sheet).and_then(|workbook| lock_xlsx(&workbook, &form.password, random));
    let bytes = tokio::task::spawn_blocking(lock).await.map_err(|_| PageError::Internal { code: "lock_stopped" })?;
    let bytes = bytes.map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("{name}.xlsx"), audited))
}

/// The form for a file under a password; nothing for who may not take files out.
pub(crate) fn lock_form(l: Locale, viewer: &Viewer, query: &Query) -> SafeHtml {
    if !desk::may(&viewer.scope, Permission::Export) {
        return SafeHtml::default();
    }
    let form = web::component::Form {
        action: query.href("/nguoi-chua-tham-gia.xlsx", |_| ()),
        reads: false,
        hidden: Vec::new(),
        body: Field::new("mat-khau", l.t("coverage-lock-password"), Control::Text).hint(l.t("coverage-lock-hint")).html(l),
        buttons: vec![Button::submit(l.t("coverage-lock-take"), ButtonKind::Default)],
    };
    tag("details").class("panel").child(tag("summary").text(&l.t("coverage-lock-title"))).child(form.html()).html()
}

/// `GET /nguoi-chua-tham-gia.csv`.
pub(crate) async fn csv(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<Query>,
) -> Result<Shown, PageError> {
    let (sheet, name, audited) = sheet(&pages, &viewer, &query).await?;
    Ok(Shown::file(write_csv(&sheet), "text/csv; charset=utf-8", format!("{name}.csv"), audited))
}

async fn sheet(pages: &Pages, viewer: &Viewer, query: &Query) -> Result<(Sheet, String, Audited), PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let visible = snapshot.visible(&viewer.scope);
    let count = visible.count(query);
    if count > MOST {
        let most = [("n", (count as i64).into()), ("most", (MOST as i64).into())];
        return Err(PageError::BadRequest(l.t_args("coverage-export-narrow", &most)));
    }
    // Who is restricted leaves in no file; how many that are is told under the table.
    let restricted = app.desk.restricted_people(&viewer.scope).await.map_err(PageError::desk)?;
    let is_open = |line: &Line| !restricted.contains(&line.person());
    let off: Vec<i64> = match restricted.is_empty() {
        true => Vec::new(),
        false => visible.all(query).filter(|line| !is_open(line)).map(|line| line.person()).collect(),
    };
    let people = off.iter().collect::<BTreeSet<_>>().len();
    let rows = count.saturating_sub(off.len());
    let event = ReadEvent::new(AuditAction::Export, "worklist").count("rows", rows as i64).run(&snapshot.run);
    let audited = app.audit(viewer, event).await?;
    let headers = ["person", "birth", "reason", "facts", "place", "village", "household", "state"];
    let widths = [28, 12, 34, 60, 22, 20, 14, 12];
    let columns = headers.iter().zip(widths).map(|(h, w)| Column::new(l.t(&format!("coverage-sheet-{h}")), w)).collect();
    let row = |line: Line| {
        vec![
            Cell::from(line.name()),
            Cell::from(line.born()),
            Cell::from(words::reason(app, l, line.reason())),
            Cell::from(words::facts_line(l, &line.evidence())),
            Cell::from(line.commune().map(|c| pages.place(c))),
            Cell::from(line.village()),
            Cell::from(line.household()),
            Cell::from(l.t(if line.is_new() { "coverage-state-new" } else { "coverage-state-still" })),
        ]
    };
    let rows = if query.by_household() {
        visible.all_by_household(query).into_iter().filter(is_open).map(row).collect()
    } else {
        visible.all(query).filter(is_open).map(row).collect()
    };
    let mut footer = vec![l.t("coverage-list-foot")];
    if people > 0 {
        footer.push(l.t_args("office-restricted", &[("n", people.into())]));
    }
    let sheet = Sheet {
        name: l.t("coverage-sheet-name"),
        title: vec![l.t("coverage-list-title")],
        columns,
        rows,
        footer,
        provenance: provenance(app, viewer, &snapshot, list::sentence(pages, l, query, count)),
    };
    Ok((sheet, format!("can-ra-soat-{}", snapshot.period), audited))
}

/// Whose file it is: filter, as-of date, who takes it out, when.
pub(super) fn provenance(app: &App, viewer: &Viewer, snapshot: &Snapshot, filter: String) -> Provenance {
    Provenance {
        language: if viewer.lang == Lang::En { Language::En } else { Language::Vi },
        filter,
        as_of: snapshot.as_of,
        exported_by: format!("{}, {}", viewer.label, viewer.unit_name),
        purpose: app.locale(viewer).t("coverage-purpose"),
        exported_at: moment((app.clock)(), snapshot.as_of),
    }
}

pub(crate) fn moment(unix_ms: i64, otherwise: Date) -> Moment {
    let local = unix_ms.div_euclid(1000) + ZONE_SECONDS;
    let (days, seconds) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    let date = i32::try_from(days).ok().and_then(Date::from_days_since_epoch).unwrap_or(otherwise);
    let part = |n: i64| u8::try_from(n).unwrap_or(0);
    Moment { date, hour: part(seconds / 3600), minute: part(seconds / 60 % 60), second: part(seconds % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_is_that_of_ha_noi() {
        let day: Date = "2026-10-31".parse().unwrap();
        let at = moment(1_793_466_000_000, day);
        assert_eq!((at.date.to_string(), at.hour, at.minute), ("2026-11-01".to_owned(), 0, 0));
    }
}
