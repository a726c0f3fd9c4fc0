//! `GET /ke-hoach/tai-tro/{fund}/cam-on`: what a donor is thanked for, to be printed or as a sheet: people and đồng by commune, no names, no
//! counts of fewer than five.

use axum::Extension;
use axum::extract::{Path, State};
use base::Dong;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent, Thanks};
use documents::sheet::{Cell as SheetCell, Column as SheetColumn, Sheet, write_xlsx};
use web::component::{Button, ButtonKind, Cell, Column, Icon, Link, Panel, Row, Table, empty_state, paragraph};
use web::{Locale, SafeHtml};

use super::{FUNDS, donor_name, fund_href, scheme_name};
use crate::Followup;
use crate::pages::parts::{XLSX, commune_name, provenance};

/// `GET /ke-hoach/tai-tro/{fund}/cam-on`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let thanks = app.desk.fund_thanks(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "donor_fund").object(id.as_str());
    let audited = app.audit(&viewer, event.count("rows", thanks.communes.len() as i64)).await?;
    let head = vec![
        Column::text(l.t("donor-commune")),
        Column::number(l.t("donor-helped"), ""),
        Column::number(l.t("donor-paid"), l.t("donor-dong")),
    ];
    let cells = |shown: Option<(i64, Dong)>| match shown {
        Some((people, dong)) => [Cell::number(l, people), Cell::number(l, dong.get())],
        None => [Cell::text(l.t("donor-few")), Cell::text("–")],
    };
    let rows = thanks.communes.iter().map(|one| {
        let [people, dong] = cells(one.shown);
        Row::new(vec![Cell::text(commune_name(app, &one.commune)), people, dong])
    });
    let title = l.t("donor-thanks-table");
    let empty = empty_state(&l.t("donor-nobody-helped"), &l.t("donor-nobody-helped-why"), None);
    let table = Table::new("cam-on", title.clone(), head).rows(rows).empty(empty);
    let [people, dong] = cells(thanks.all);
    let table = if thanks.communes.is_empty() { table } else { table.total(vec![Cell::text(l.t("donor-all")), people, dong]) };
    let mut page = app.page(&viewer, &format!("{}/cam-on", fund_href(&id)), l.t("donor-thanks-title"));
    page.crumbs = vec![Link::new(l.t("donor-title"), FUNDS), Link::new(&thanks.fund.name, fund_href(&id))];
    page.here = l.t("donor-thanks");
    page.facts = SafeHtml::text(&donor_name(l, &thanks.fund));
    page.actions = vec![
        Button::link(l.t("donor-thanks-file"), format!("{}/cam-on.xlsx", fund_href(&id)), ButtonKind::Default)
            .icon(Icon::Download),
    ];
    page.body = paragraph(SafeHtml::text(&letter(l, &thanks))).then(Panel::flush(title, table.html(l)).html());
    page.foot = vec![l.t("donor-thanks-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// One sentence of thanks.
fn letter(l: Locale, thanks: &Thanks) -> String {
    let donor = donor_name(l, &thanks.fund);
    let scheme = scheme_name(l, thanks.fund.scheme);
    match thanks.all {
        Some((people, dong)) if people > 0 => l.t_args(
            "donor-thanks-words",
            &[
                ("donor", donor.as_str().into()),
                ("n", people.into()),
                ("scheme", scheme.as_str().into()),
                ("dong", l.dong(dong).as_str().into()),
            ],
        ),
        _ => l.t_args("donor-thanks-words-few", &[("donor", donor.as_str().into()), ("scheme", scheme.as_str().into())]),
    }
}

/// `GET /ke-hoach/tai-tro/{fund}/cam-on.xlsx`.
pub(super) async fn file(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let thanks = app.desk.fund_thanks(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::Export, "donor_fund").object(id.as_str());
    let audited = app.audit(&viewer, event.count("rows", thanks.communes.len() as i64)).await?;
    let cells = |name: String, shown: Option<(i64, Dong)>| match shown {
        Some((people, dong)) => vec![SheetCell::Text(name), people.into(), dong.get().into()],
        None => vec![SheetCell::Text(name), l.t("donor-few").into(), SheetCell::Empty],
    };
    let mut rows: Vec<Vec<SheetCell>> =
        thanks.communes.iter().map(|one| cells(commune_name(app, &one.commune), one.shown)).collect();
    rows.push(cells(l.t("donor-all"), thanks.all));
    let sheet = Sheet {
        name: l.t("donor-thanks"),
        title: vec![l.t("donor-thanks-title"), thanks.fund.name.clone(), letter(l, &thanks)],
        columns: vec![
            SheetColumn::new(l.t("donor-commune"), 28),
            SheetColumn::new(l.t("donor-helped"), 14),
            SheetColumn::new(format!("{} ({})", l.t("donor-paid"), l.t("donor-dong")), 20),
        ],
        rows,
        footer: vec![l.t("donor-thanks-foot")],
        provenance: provenance(app, &viewer, thanks.fund.name.clone()),
    };
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, "cam-on-nha-tai-tro.xlsx".into(), audited))
}
