//! `GET /ke-hoach/tai-tro`: the funds with what they have left.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::Response;
use base::{CommuneCode, Dong};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, DonorKind, FundStanding, NewFund, Permission, ReadEvent, Scheme};
use web::component::{Button, ButtonKind, Cell, Choice, Column, Control, Field, Link, Panel, Row, Status, Table, empty_state};
use web::{Locale, SafeHtml, tag};

use super::{FUNDS, NO_REASON, donor_name, fund_href, reason_name, scheme_name};
use crate::pages::parts::{Sent, done, form};
use crate::pages::unit_names;
use crate::{Followup, HOME};

/// `GET /ke-hoach/tai-tro`.
pub(super) async fn show(State(followup): State<Followup>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let funds = app.desk.funds(&viewer.scope).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "donor_fund").count("rows", funds.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let names = unit_names(app, &viewer).await?;
    let today = app.today();
    let head = vec![
        Column::text(l.t("donor-fund")),
        Column::text(l.t("donor-donor")),
        Column::text(l.t("donor-keeper")),
        Column::number(l.t("donor-pledged"), l.t("donor-dong")),
        Column::number(l.t("donor-received"), l.t("donor-dong")),
        Column::number(l.t("donor-paid"), l.t("donor-dong")),
        Column::number(l.t("donor-balance"), l.t("donor-dong")),
        Column::text(l.t("followup-column-state")),
    ];
    let row = |one: &FundStanding| {
        let fund = &one.fund;
        let state = if fund.is_open(today) { Status::ok(l.t("donor-open")) } else { Status::neutral(l.t("donor-closed")) };
        Row::new(vec![
            Cell::link(&fund.name, fund_href(&fund.id)).note(scheme_name(l, fund.scheme)),
            Cell::text(donor_name(l, fund)),
            Cell::text(names.get(&fund.unit).unwrap_or(&fund.unit)),
            Cell::number(l, fund.pledged.get()),
            Cell::number(l, one.received.get()),
            Cell::number(l, one.paid.get()),
            Cell::number(l, one.balance().get()),
            Cell::status(&state),
        ])
    };
    let title = l.t("donor-funds");
    let empty = empty_state(&l.t("donor-no-fund"), &l.t("donor-no-fund-why"), None);
    let table = Table::new("quy-tai-tro", title.clone(), head).rows(funds.iter().map(row)).empty(empty);
    let sum = |of: fn(&FundStanding) -> Dong| Cell::number(l, funds.iter().map(of).sum::<Dong>().get());
    let table = if funds.is_empty() {
        table
    } else {
        table.total(vec![
            Cell::text(l.t("donor-all")),
            Cell::text(""),
            Cell::text(""),
            sum(|one| one.fund.pledged),
            sum(|one| one.received),
            sum(|one| one.paid),
            sum(FundStanding::balance),
            Cell::text(""),
        ])
    };
    let mut body = Panel::flush(title, table.html(l)).html();
    if desk::may(&viewer.scope, Permission::ReportTasks) {
        body.push(new_fund(&followup, l, &viewer));
    }
    let mut page = app.page(&viewer, FUNDS, l.t("donor-title"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.here = l.t("donor-menu");
    page.facts = SafeHtml::text(&l.t("donor-intro"));
    page.body = body;
    page.foot = vec![l.t("donor-foot")];
    page.table_id = "quy-tai-tro".into();
    Ok(Shown::page(page.render(l), audited))
}

fn new_fund(followup: &Followup, l: Locale, viewer: &Viewer) -> SafeHtml {
    let today = followup.app.today();
    let kinds = vec![
        Choice::new(DonorKind::Organisation.as_str(), l.t("donor-kind-organisation"), true),
        Choice::new(DonorKind::Individual.as_str(), l.t("donor-kind-individual"), false),
    ];
    let schemes = Scheme::ALL.map(|one| Choice::new(one.as_str(), scheme_name(l, one), one == Scheme::HouseholdHealth)).to_vec();
    let fields = [
        Field::new("ten", l.t("donor-fund"), Control::Text),
        Field::new("nha-tai-tro", l.t("donor-donor"), Control::Text),
        Field::new("loai", l.t("donor-kind"), Control::Select(kinds)),
        Field::new("an-danh", l.t("donor-ask-anonymous"), Control::Tick).hint(l.t("donor-ask-anonymous-hint")),
        Field::new("loai-hinh", l.t("donor-scheme"), Control::Select(schemes)),
        Field::new("cam-ket", l.t("donor-pledged"), Control::Digits).hint(l.t("donor-dong-hint")),
        Field::new("toi-da", l.t("donor-most"), Control::Digits).hint(l.t("donor-dong-hint")),
        Field::new("so-thang", l.t("donor-months"), Control::Digits).value("12"),
        Field::new("tu-ngay", l.t("donor-first-day"), Control::Date).value(l.date(today)),
        Field::new("den-ngay", l.t("donor-last-day"), Control::Date),
    ];
    let mut body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    body.push(Field::new("xa-phuong", l.t("donor-communes"), Control::Text).hint(l.t("donor-communes-hint")).optional().html(l));
    let reasons = reasons(followup).into_iter().map(|id| {
        let name = reason_name(followup, l, &id);
        Field::new(format!("ly-do-{id}"), name, Control::Tick).html(l)
    });
    let legend = tag("legend").text(&l.t("donor-reasons"));
    let hint = tag("p").class("hint").text(&l.t("donor-reasons-hint"));
    body.push(tag("fieldset").class("field").child(legend).child(hint).children(reasons).html());
    let buttons = vec![Button::submit(l.t("donor-add"), ButtonKind::Primary)];
    let form = form(&followup.app, viewer, FUNDS, Vec::new(), body, buttons).html();
    let folded = tag("details").child(tag("summary").text(&l.t("donor-new"))).child(form).html();
    Panel::new(l.t("donor-new"), folded).html()
}

/// Reasons a fund may name: those whose people communes work on.
fn reasons(followup: &Followup) -> BTreeSet<String> {
    let rules = followup.app.rules.iter().filter(|rule| rule.work.unit == "commune" && rule.subject == base::SubjectKind::Person);
    rules.map(|rule| rule.id.clone()).chain(std::iter::once(NO_REASON.to_owned())).collect()
}

/// Communes by name or code, commas between them.
fn communes(followup: &Followup, l: Locale, text: &str) -> Result<BTreeSet<CommuneCode>, PageError> {
    let all = followup.app.places.communes();
    let mut found = BTreeSet::new();
    for word in text.split(',').map(base::names::clean).filter(|word| !word.is_empty()) {
        let is = |one: &&base::places::Commune| {
            one.code.as_str() == word || web::text_sort_key(&one.name) == web::text_sort_key(&word)
        };
        let known = all
            .iter()
            .find(is)
            .ok_or_else(|| PageError::BadRequest(l.t_args("donor-fault-commune", &[("text", word.as_str().into())])))?;
        found.insert(known.code.clone());
    }
    Ok(found)
}

/// `POST /ke-hoach/tai-tro`.
pub(super) async fn add(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let (l, sent) = (followup.app.locale(&viewer), Sent(sent));
    let wrong = || PageError::BadRequest(l.t("donor-fault-form"));
    let known = reasons(&followup);
    let new = NewFund {
        name: sent.text("ten"),
        donor: sent.text("nha-tai-tro"),
        donor_kind: DonorKind::from_word(sent.raw("loai")).ok_or_else(wrong)?,
        anonymous: sent.ticked("an-danh"),
        scheme: Scheme::from_word(sent.raw("loai-hinh")).ok_or_else(wrong)?,
        communes: communes(&followup, l, sent.raw("xa-phuong"))?,
        reasons: sent.ticked_after("ly-do-").into_iter().filter(|id| known.contains(id)).collect(),
        months: sent.int(l, "so-thang")?,
        most: sent.dong(l, "toi-da")?,
        pledged: sent.dong(l, "cam-ket")?,
        first_day: sent.day(l, "tu-ngay")?,
        last_day: sent.day(l, "den-ngay")?,
        client_tx: sent.number().to_owned(),
    };
    if new.anonymous && new.donor_kind == DonorKind::Organisation {
        return Err(PageError::BadRequest(l.t("donor-ask-anonymous-hint")));
    }
    let made = followup.app.desk.add_fund(&viewer.scope, &new).await;
    let to = made.as_ref().map_or_else(|_| FUNDS.to_owned(), |made| fund_href(&made.id));
    done(made, &to)
}
