//! `GET /du-lieu-ca-nhan`: every roster with its agreements, and every agreement.

use axum::Extension;
use axum::extract::State;
use chapter::{Agreements, App, PageError, Shown, Viewer};
use desk::{AuditAction, DataAgreement, ReadEvent, Term};
use web::component::{Button, ButtonKind, Cell, Column, Columns, Link, Panel, Row, Table, columns, empty_state};
use web::{Locale, SafeHtml, tag};

use super::{href, may_manage, require};
use crate::{HOME, words};

/// `GET /du-lieu-ca-nhan`.
pub(super) async fn show(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    require(&viewer)?;
    let all = app.desk.agreements(&viewer.scope).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "data_agreement").count("rows", all.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let mut page = app.page(&viewer, HOME, l.t("privacy-title"));
    page.facts = SafeHtml::text(&l.t("privacy-intro"));
    if desk::may(&viewer.scope, desk::Permission::ReadAudit) {
        page.actions.push(Button::link(l.t("privacy-report-download"), format!("{HOME}/so-dang-ky/docx"), ButtonKind::Default));
    }
    if may_manage(&viewer) {
        let add = format!("{HOME}/thoa-thuan-moi");
        page.actions.push(Button::link(l.t("privacy-add"), add, ButtonKind::Primary));
    }
    let mut links = SafeHtml::default();
    if desk::may(&viewer.scope, desk::Permission::AnswerRequests) {
        let to = [("privacy-requests", "yeu-cau"), ("privacy-breaches", "vi-pham")];
        let items = to.map(|(key, at)| tag("li").child(Link::new(l.t(key), format!("{HOME}/{at}")).html()));
        links = tag("ul").class("links").children(items).html();
    }
    page.body = columns(Columns::One, [links, rosters(&app, l, &viewer, &all), agreements(&app, l, &all)]);
    page.foot = vec![l.t("privacy-law")];
    Ok(Shown::page(page.render(l), audited))
}

/// Every roster the program can read, and under what it comes in today; those without agreement first.
fn rosters(app: &App, l: Locale, viewer: &Viewer, all: &[DataAgreement]) -> SafeHtml {
    let today = app.today();
    let standings = Agreements::on(all, today);
    let layouts = app.shelf.layouts();
    let agreed = |roster: &str| all.iter().any(|a| a.roster == roster && a.term(today) == Term::InForce);
    let mut ordered = layouts.rosters();
    ordered.sort_by_key(|roster| agreed(roster));
    let head = vec![
        Column::text(l.t("privacy-column-roster")),
        Column::text(l.t("privacy-column-standing")),
        Column::text(l.t("privacy-column-agreement")),
        Column::number(l.t("privacy-column-fields"), ""),
    ];
    let rows = ordered.into_iter().map(|roster| {
        let standing = words::standing(l, standings.standing(roster));
        let in_force: Vec<&DataAgreement> = all.iter().filter(|a| a.roster == roster && a.term(today) == Term::InForce).collect();
        let known = layouts.newest(roster).map_or(0, |layout| layout.fields.len());
        let named: std::collections::BTreeSet<&String> = in_force.iter().flat_map(|a| &a.fields).collect();
        let fields = match in_force.is_empty() {
            true => l.number(known as i64),
            false => l.t_args("privacy-fields-of", &[("n", (named.len() as i64).into()), ("known", (known as i64).into())]),
        };
        let links = in_force.iter().map(|a| Link::new(a.number.clone(), href(&a.id)).html());
        let agreement = if in_force.is_empty() && may_manage(viewer) {
            Link::new(l.t("privacy-add-this"), format!("{HOME}/thoa-thuan-moi?loai={roster}")).html()
        } else {
            SafeHtml::join(links, "; ")
        };
        let title = Cell::text(words::roster(app, l, roster)).note(roster);
        Row::new(vec![title, Cell::html(standing.html()), Cell::html(agreement), Cell::text(fields)])
    });
    let table = Table::new("danh-sach", l.t("privacy-rosters"), head).rows(rows).worklist().html(l);
    Panel::flush(l.t("privacy-rosters"), table).foot(SafeHtml::text(&l.t("privacy-rosters-foot"))).html()
}

fn agreements(app: &App, l: Locale, all: &[DataAgreement]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("privacy-column-number")),
        Column::text(l.t("privacy-column-roster")),
        Column::text(l.t("privacy-column-provider")),
        Column::text(l.t("privacy-column-receiver")),
        Column::text(l.t("privacy-column-days")),
        Column::text(l.t("privacy-column-state")),
    ];
    let rows = all.iter().map(|a| {
        Row::new(vec![
            Cell::link(&a.number, href(&a.id)),
            Cell::text(words::roster(app, l, &a.roster)),
            Cell::text(&a.provider),
            Cell::text(&a.receiver),
            Cell::text(words::days(l, a)),
            Cell::html(words::term(app, l, a).html()),
        ])
    });
    let empty = empty_state(&l.t("privacy-none"), &l.t("privacy-none-why"), None);
    let table = Table::new("thoa-thuan", l.t("privacy-agreements"), head).rows(rows).empty(empty).worklist().html(l);
    Panel::flush(l.t("privacy-agreements"), table).html()
}
