//! `GET /ke-hoach/tai-tro/{fund}`: a fund, its rules, its money, and for who works with people those who were chosen.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, FundStanding, NewReceipt, ReadEvent, Receipt};
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, Field, Link, NoteKind, Panel, Row, Status, Table, columns,
    definition_list, empty_state, note,
};
use web::{Locale, SafeHtml, tag};

use super::{FUNDS, choice_href, donor_name, fund_href, person_title, reason_name, scheme_name};
use crate::Followup;
use crate::pages::parts::{Sent, commune_name, does, done, form, month_text, unknown_act};
use crate::pages::unit_names;

/// `GET /ke-hoach/tai-tro/{fund}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let (standing, receipts, people) = app.desk.fund(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let shown = people.as_ref().map_or(0, Vec::len) as i64;
    let action = if people.is_some() { AuditAction::ListPeople } else { AuditAction::ViewRows };
    let audited = app.audit(&viewer, ReadEvent::new(action, "donor_fund").object(id.as_str()).count("rows", shown)).await?;
    let names = unit_names(app, &viewer).await?;
    let keeps = standing.fund.unit == viewer.scope.unit && desk::may(&viewer.scope, desk::Permission::ReportTasks);
    let mut main = Vec::new();
    if let Some((day, reason)) = &standing.fund.closed {
        let words = l.t_args("donor-closed-why", &[("day", l.date(*day).as_str().into()), ("reason", reason.as_str().into())]);
        main.push(note(NoteKind::Info, &l.t("donor-closed"), SafeHtml::text(&words)));
    }
    main.push(receipts_panel(&followup, l, &viewer, &standing, &receipts, keeps));
    if let Some(people) = &people {
        let numbers: Vec<i64> = people.iter().filter_map(|choice| choice.person).collect();
        let titles = followup.people.titles(app, &numbers).await?;
        main.push(chosen(&followup, l, people, &titles));
    }
    let mut side = vec![money(l, &standing), rules(&followup, l, &standing, names.get(&standing.fund.unit))];
    if keeps && standing.fund.closed.is_none() {
        main.push(receive(&followup, l, &viewer, &standing));
        side.push(close(&followup, l, &viewer, &standing));
    }
    let mut page = app.page(&viewer, &fund_href(&id), &standing.fund.name);
    page.crumbs = vec![Link::new(l.t("donor-title"), FUNDS)];
    page.here = l.t("donor-fund");
    page.facts = SafeHtml::text(&donor_name(l, &standing.fund));
    page.actions = vec![Button::link(l.t("donor-thanks"), format!("{}/cam-on", fund_href(&id)), ButtonKind::Default)];
    let stack = |blocks: Vec<SafeHtml>| tag("div").class("grid").children(blocks).html();
    page.body = columns(Columns::MainSide, [stack(main), stack(side)]);
    page.foot = vec![l.t("donor-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn money(l: Locale, standing: &FundStanding) -> SafeHtml {
    let amount = |dong| SafeHtml::text(&l.dong(dong));
    let items = [
        (l.t("donor-pledged"), amount(standing.fund.pledged)),
        (l.t("donor-received"), amount(standing.received)),
        (l.t("donor-paid"), amount(standing.paid)),
        (l.t("donor-balance"), tag("strong").text(&l.dong(standing.balance())).html()),
    ];
    Panel::new(l.t("donor-money"), definition_list(true, items)).html()
}

fn rules(followup: &Followup, l: Locale, standing: &FundStanding, keeper: Option<&String>) -> SafeHtml {
    let fund = &standing.fund;
    let communes: Vec<String> = match &fund.commune {
        Some(own) => vec![commune_name(&followup.app, own)],
        None => fund.communes.iter().map(|commune| commune_name(&followup.app, commune)).collect(),
    };
    let reasons: Vec<String> = fund.reasons.iter().map(|reason| reason_name(followup, l, reason)).collect();
    let or_all = |words: Vec<String>, all: &str| if words.is_empty() { l.t(all) } else { words.join("; ") };
    let span = l.t_args(
        "followup-span",
        &[("from", l.date(fund.first_day).as_str().into()), ("to", l.date(fund.last_day).as_str().into())],
    );
    let text = |words: String| SafeHtml::text(&words);
    let items = [
        (l.t("donor-keeper"), text(keeper.unwrap_or(&fund.unit).clone())),
        (l.t("donor-scheme"), text(scheme_name(l, fund.scheme))),
        (l.t("donor-communes"), text(or_all(communes, "donor-all-communes"))),
        (l.t("donor-reasons"), text(or_all(reasons, "donor-all-reasons"))),
        (l.t("donor-months"), text(l.number(fund.months))),
        (l.t("donor-most"), text(l.dong(fund.most))),
        (l.t("followup-column-span"), text(span)),
    ];
    Panel::new(l.t("donor-rules"), definition_list(false, items)).html()
}

fn receipts_panel(
    followup: &Followup,
    l: Locale,
    viewer: &Viewer,
    standing: &FundStanding,
    receipts: &[Receipt],
    keeps: bool,
) -> SafeHtml {
    let mut head = vec![
        Column::text(l.t("donor-receipt-number")),
        Column::text(l.t("donor-receipt-day")),
        Column::number(l.t("donor-received"), l.t("donor-dong")),
    ];
    if keeps {
        head.push(Column::text(l.t("followup-column-act")));
    }
    let row = |receipt: &Receipt| {
        let number = Cell::text(&receipt.number);
        let number = match &receipt.cancelled {
            Some(reason) => number.note(l.t_args("donor-cancelled", &[("reason", reason.as_str().into())])),
            None => number,
        };
        let amount = if receipt.cancelled.is_some() { Cell::text("–") } else { Cell::number(l, receipt.dong.get()) };
        let mut cells = vec![number, Cell::text(l.date(receipt.day)), amount];
        if keeps {
            cells.push(match receipt.cancelled {
                Some(_) => Cell::text("–"),
                None => Cell::html(cancel(followup, l, viewer, &standing.fund.id, &receipt.id)),
            });
        }
        Row::new(cells)
    };
    let title = l.t("donor-receipts");
    let empty = empty_state(&l.t("donor-no-receipt"), &l.t("donor-no-receipt-why"), None);
    let table = Table::new("phieu-thu", title.clone(), head).rows(receipts.iter().map(row)).empty(empty);
    let total = vec![Cell::text(l.t("donor-all")), Cell::text(""), Cell::number(l, standing.received.get()), Cell::text("")];
    let width = if keeps { 4 } else { 3 };
    let table = if receipts.is_empty() { table } else { table.total(total.into_iter().take(width).collect()) };
    Panel::flush(title, table.html(l)).html()
}

fn cancel(followup: &Followup, l: Locale, viewer: &Viewer, fund: &str, receipt: &str) -> SafeHtml {
    let reason = Field::new(format!("ly-do-huy-{receipt}"), l.t("donor-cancel-reason"), Control::Text).html(l);
    let mut more = does("huy-phieu-thu");
    more.push(("phieu".into(), receipt.to_owned()));
    let buttons = vec![Button::submit(l.t("donor-cancel"), ButtonKind::Default)];
    let form = form(&followup.app, viewer, fund_href(fund), more, reason, buttons).html();
    tag("details").child(tag("summary").text(&l.t("donor-cancel-open"))).child(form).html()
}

fn chosen(followup: &Followup, l: Locale, people: &[desk::Choice], titles: &BTreeMap<i64, String>) -> SafeHtml {
    let head = vec![
        Column::text(l.t("donor-person")),
        Column::text(l.t("donor-commune")),
        Column::text(l.t("donor-span")),
        Column::number(l.t("donor-paid"), l.t("donor-dong")),
        Column::text(l.t("followup-column-state")),
    ];
    let row = |choice: &desk::Choice| {
        let title = person_title(l, choice, titles);
        let months = l.t_args(
            "followup-span",
            &[("from", month_text(choice.first_month).as_str().into()), ("to", month_text(choice.last_month()).as_str().into())],
        );
        let (paid, state) = match (&choice.payment, &choice.dropped) {
            (_, Some(_)) => (Cell::text("–"), Status::neutral(l.t("donor-dropped"))),
            (Some(payment), None) => (Cell::number(l, payment.dong.get()), Status::ok(l.t("donor-was-paid"))),
            (None, None) => (Cell::text("–"), Status::doing(l.t("donor-chosen"))),
        };
        Row::new(vec![
            Cell::link(title, choice_href(&choice.id)).note(reason_name(followup, l, &choice.reason)),
            Cell::text(commune_name(&followup.app, &choice.commune)),
            Cell::text(months),
            paid,
            Cell::status(&state),
        ])
    };
    let title = l.t("donor-people");
    let empty = empty_state(&l.t("donor-nobody"), &l.t("donor-nobody-why"), None);
    let table = Table::new("nguoi-duoc-chon", title.clone(), head).rows(people.iter().map(row)).empty(empty).worklist();
    Panel::flush(title, table.html(l)).html()
}

fn receive(followup: &Followup, l: Locale, viewer: &Viewer, standing: &FundStanding) -> SafeHtml {
    let fields = [
        Field::new("so-tien", l.t("donor-received"), Control::Digits).hint(l.t("donor-dong-hint")),
        Field::new("so-phieu", l.t("donor-receipt-number"), Control::Text).hint(l.t("donor-receipt-hint")),
        Field::new("ngay-nhan", l.t("donor-receipt-day"), Control::Date).value(l.date(followup.app.today())),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let buttons = vec![Button::submit(l.t("donor-receive"), ButtonKind::Primary)];
    let form = form(&followup.app, viewer, fund_href(&standing.fund.id), does("nhan"), body, buttons);
    Panel::new(l.t("donor-receive-title"), form.html()).html()
}

fn close(followup: &Followup, l: Locale, viewer: &Viewer, standing: &FundStanding) -> SafeHtml {
    let reason = Field::new("ly-do-dong", l.t("donor-close-reason"), Control::Text).html(l);
    let buttons = vec![Button::submit(l.t("donor-close"), ButtonKind::Default)];
    let form = form(&followup.app, viewer, fund_href(&standing.fund.id), does("dong"), reason, buttons).html();
    let folded = tag("details").child(tag("summary").text(&l.t("donor-close-open"))).child(form).html();
    Panel::new(l.t("donor-close-title"), folded).html()
}

/// `POST /ke-hoach/tai-tro/{fund}`.
pub(super) async fn change(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let (l, sent, to) = (app.locale(&viewer), Sent(sent), fund_href(&id));
    let (desk, today) = (&app.desk, app.today());
    match sent.raw("viec") {
        "nhan" => {
            let new = NewReceipt {
                fund: id,
                dong: sent.dong(l, "so-tien")?,
                number: sent.text("so-phieu"),
                day: sent.day(l, "ngay-nhan")?,
                client_tx: sent.number().to_owned(),
            };
            done(desk.receive_donation(&viewer.scope, &new, today).await, &to)
        }
        "huy-phieu-thu" => {
            let receipt = sent.raw("phieu");
            let reason = sent.text(&format!("ly-do-huy-{receipt}"));
            done(desk.cancel_receipt(&viewer.scope, receipt, &reason).await, &to)
        }
        "dong" => done(desk.close_fund(&viewer.scope, &id, today, &sent.text("ly-do-dong")).await, &to),
        _ => Err(unknown_act(l)),
    }
}
