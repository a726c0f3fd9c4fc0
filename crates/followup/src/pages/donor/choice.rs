//! `/ke-hoach/nguoi-duoc-tai-tro/{choice}`: somebody who was chosen: what was paid, or that the choice is dropped.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Choice, FundStanding, NewPayment, Payment, Permission, ReadEvent, Scheme};
use law::calc::{Cx, HouseholdInput, HouseholdMember, PaidTerm as Term, Silent, household};
use web::component::{
    Button, ButtonKind, Columns, Control, Field, Link, NoteKind, Panel, Status, columns, definition_list, note,
};
use web::{Locale, SafeHtml, tag};

use super::{FUNDS, choice_href, fund_href, person_title, reason_name, scheme_name};
use crate::Followup;
use crate::pages::parts::{Sent, commune_name, does, done, form, month_text, unknown_act};

/// `GET /ke-hoach/nguoi-duoc-tai-tro/{choice}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let (standing, choice) = app.desk.donor_choice(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = choice
        .person
        .iter()
        .fold(ReadEvent::new(AuditAction::ViewPerson, "person"), |event, person| event.object(format!("P{person}")));
    let audited = app.audit(&viewer, event.commune(&choice.commune)).await?;
    let numbers: Vec<i64> = choice.person.into_iter().collect();
    let titles = followup.people.titles(app, &numbers).await?;
    let title = person_title(l, &choice, &titles);
    let mut main = Vec::new();
    if let Some(reason) = &choice.dropped {
        main.push(note(NoteKind::Info, &l.t("donor-dropped"), SafeHtml::text(reason)));
    }
    main.push(facts(&followup, l, &standing, &choice, &title));
    let works = desk::may(&viewer.scope, Permission::WorkCases) && choice.dropped.is_none() && choice.person.is_some();
    match &choice.payment {
        Some(payment) => main.push(paid(&followup, l, &viewer, &choice, payment, works)),
        None if works => main.push(pay(&followup, l, &viewer, &standing, &choice)),
        None => {}
    }
    let mut side = Vec::new();
    if works && choice.payment.is_none() && viewer.scope.role == base::Role::CommuneStaff {
        let reason = Field::new("ly-do-bo", l.t("donor-drop-reason"), Control::Text).html(l);
        let buttons = vec![Button::submit(l.t("donor-drop"), ButtonKind::Default)];
        let form = form(app, &viewer, choice_href(&id), does("bo"), reason, buttons).html();
        side.push(Panel::new(l.t("donor-drop-title"), form).html());
    }
    let mut page = app.page(&viewer, &choice_href(&id), title);
    page.crumbs = vec![Link::new(l.t("donor-title"), FUNDS), Link::new(&standing.fund.name, fund_href(&standing.fund.id))];
    page.here = l.t("donor-person");
    page.facts = match (&choice.dropped, &choice.payment) {
        (Some(_), _) => Status::neutral(l.t("donor-dropped")),
        (None, Some(_)) => Status::ok(l.t("donor-was-paid")),
        (None, None) => Status::doing(l.t("donor-chosen")),
    }
    .html();
    let stack = |blocks: Vec<SafeHtml>| tag("div").class("grid").children(blocks).html();
    page.body = if side.is_empty() { stack(main) } else { columns(Columns::MainSide, [stack(main), stack(side)]) };
    Ok(Shown::page(page.render(l), audited))
}

fn months(l: Locale, first: base::Month, last: base::Month) -> String {
    l.t_args("followup-span", &[("from", month_text(first).as_str().into()), ("to", month_text(last).as_str().into())])
}

fn facts(followup: &Followup, l: Locale, standing: &FundStanding, choice: &Choice, title: &str) -> SafeHtml {
    let text = |words: String| SafeHtml::text(&words);
    let person = match choice.person {
        Some(person) => Link::new(title, format!("/nguoi/{person}")).html(),
        None => SafeHtml::text(title),
    };
    let items = [
        (l.t("donor-person"), person),
        (l.t("donor-commune"), text(commune_name(&followup.app, &choice.commune))),
        (l.t("donor-reason"), text(reason_name(followup, l, &choice.reason))),
        (l.t("donor-fund"), Link::new(&standing.fund.name, fund_href(&standing.fund.id)).html()),
        (l.t("donor-scheme"), text(scheme_name(l, choice.scheme))),
        (l.t("donor-span"), text(months(l, choice.first_month, choice.last_month()))),
    ];
    Panel::new(l.t("donor-chosen"), definition_list(false, items)).html()
}

fn pay(followup: &Followup, l: Locale, viewer: &Viewer, standing: &FundStanding, choice: &Choice) -> SafeHtml {
    let limits = l.t_args(
        "donor-limits",
        &[("most", l.dong(standing.fund.most).as_str().into()), ("balance", l.dong(standing.balance()).as_str().into())],
    );
    let fields = [
        Field::new("so-tien", l.t("donor-premium"), Control::Digits).hint(limits),
        Field::new("tu-thang", l.t("donor-first-month"), Control::Digits)
            .value(month_text(choice.first_month))
            .hint(l.t("donor-month-hint")),
        Field::new("so-thang", l.t("donor-month-count"), Control::Digits).value(choice.months.to_string()),
        Field::new("bien-lai", l.t("donor-bill"), Control::Text),
        Field::new("ngay-bien-lai", l.t("donor-bill-day"), Control::Date).value(l.date(followup.app.today())),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let buttons = vec![Button::submit(l.t("donor-pay"), ButtonKind::Primary)];
    let form = form(&followup.app, viewer, choice_href(&choice.id), does("chi"), body, buttons).html();
    let hint = by_law(followup, l, choice).unwrap_or_else(|| l.t("donor-pay-hint"));
    Panel::new(l.t("donor-pay-title"), form).foot(SafeHtml::text(&hint)).html()
}

/// What the law asks of a household for these months if it is paid today, to hold the typed amount against; nothing for other schemes and
/// months that are not paid at once.
fn by_law(followup: &Followup, l: Locale, choice: &Choice) -> Option<String> {
    let term = [Term::Three, Term::Six, Term::Twelve].into_iter().find(|term| i64::from(term.months()) == choice.months)?;
    if choice.scheme != Scheme::HouseholdHealth {
        return None;
    }
    let input = HouseholdInput { paid_on: followup.app.today(), members: SHOWN, already: 0, months: term };
    let answer = household(&mut Cx::new(&followup.app.law, Silent), &input).ok()?;
    let one = |member: &HouseholdMember| {
        let values = [("order", i64::from(member.order).into()), ("dong", l.dong(member.premium).as_str().into())];
        l.t_args("donor-by-law-member", &values)
    };
    let list = answer.members.iter().map(one).collect::<Vec<_>>().join("; ");
    Some(l.t_args("donor-by-law", &[("months", choice.months.into()), ("list", list.as_str().into())]))
}

/// Members of a household whose premiums are told: from the fifth on all are the same.
const SHOWN: i32 = 5;

fn paid(followup: &Followup, l: Locale, viewer: &Viewer, choice: &Choice, payment: &Payment, works: bool) -> SafeHtml {
    let last = payment.first_month.plus(i32::try_from(payment.months - 1).unwrap_or_default());
    let text = |words: String| SafeHtml::text(&words);
    let items = [
        (l.t("donor-premium"), text(l.dong(payment.dong))),
        (l.t("donor-span"), text(months(l, payment.first_month, last))),
        (l.t("donor-bill"), text(payment.number.clone())),
        (l.t("donor-bill-day"), text(l.date(payment.day))),
    ];
    let mut body = definition_list(false, items);
    if works {
        let reason = Field::new("ly-do-huy", l.t("donor-cancel-reason"), Control::Text).html(l);
        let mut more = does("huy-chi");
        more.push(("khoan".into(), payment.id.clone()));
        let buttons = vec![Button::submit(l.t("donor-cancel"), ButtonKind::Default)];
        let form = form(&followup.app, viewer, choice_href(&choice.id), more, reason, buttons).html();
        body.push(tag("details").child(tag("summary").text(&l.t("donor-cancel-open"))).child(form).html());
    }
    Panel::new(l.t("donor-was-paid"), body).html()
}

/// `POST /ke-hoach/nguoi-duoc-tai-tro/{choice}`.
pub(super) async fn change(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let (l, sent, to) = (app.locale(&viewer), Sent(sent), choice_href(&id));
    match sent.raw("viec") {
        "chi" => {
            let new = NewPayment {
                choice: id,
                dong: sent.dong(l, "so-tien")?,
                first_month: sent.month(l, "tu-thang")?,
                months: sent.int(l, "so-thang")?,
                number: sent.text("bien-lai"),
                day: sent.day(l, "ngay-bien-lai")?,
                client_tx: sent.number().to_owned(),
            };
            done(app.desk.pay_from_fund(&viewer.scope, &new, app.today()).await, &to)
        }
        "huy-chi" => {
            let answer = app.desk.cancel_payment(&viewer.scope, &id, sent.raw("khoan"), &sent.text("ly-do-huy")).await;
            done(answer, &to)
        }
        "bo" => done(app.desk.drop_choice(&viewer.scope, &id, &sent.text("ly-do-bo")).await, &to),
        _ => Err(unknown_act(l)),
    }
}
