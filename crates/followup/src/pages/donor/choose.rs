//! `/ke-hoach/chon-tai-tro/{person}`: somebody of one's own commune's list is chosen for a fund. Commune and reason come from the run.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use base::Dong;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, FundStanding, NewChoice, ReadEvent};
use web::component::{
    Button, ButtonKind, Choice, Columns, Control, Field, Link, NoteKind, Panel, columns, definition_list, note,
};
use web::{Locale, SafeHtml, tag};

use super::people::Listed;
use super::{FUNDS, choice_href, donor_name, reason_name, scheme_name};
use crate::Followup;
use crate::pages::parts::{Sent, commune_name, done, form, month_text};

fn choose_href(person: i64) -> String {
    format!("/ke-hoach/chon-tai-tro/{person}")
}

/// `GET /ke-hoach/chon-tai-tro/{person}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(person): Path<i64>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let listed = listed(&followup, &viewer, person).await?;
    let event = ReadEvent::new(AuditAction::ViewPerson, "person").object(format!("P{person}")).commune(&listed.commune);
    let audited = app.audit(&viewer, event).await?;
    let before = app.desk.choices_of_person(&viewer.scope, person).await.map_err(PageError::desk)?;
    let today = app.today();
    let funds: Vec<FundStanding> = match &listed.reason {
        Some(reason) => {
            let all = app.desk.funds(&viewer.scope).await.map_err(PageError::desk)?;
            all.into_iter().filter(|one| one.fund.is_open(today) && one.fund.takes(&listed.commune, reason)).collect()
        }
        None => Vec::new(),
    };
    let mut main = Vec::new();
    match (&listed.reason, funds.is_empty()) {
        (None, _) => main.push(note(NoteKind::Caution, &l.t("donor-not-listed"), SafeHtml::text(&l.t("donor-not-listed-why")))),
        (Some(_), true) => {
            main.push(note(NoteKind::Info, &l.t("donor-no-fitting"), SafeHtml::text(&l.t("donor-no-fitting-why"))))
        }
        // The commune chooses; others see what somebody has.
        (Some(_), false) if viewer.scope.role != base::Role::CommuneStaff => {}
        (Some(_), false) => main.push(choose_form(&followup, l, &viewer, person, &funds)),
    }
    let reason = listed.reason.as_deref().map_or_else(|| "–".into(), |reason| reason_name(&followup, l, reason));
    let items = [
        (l.t("donor-person"), Link::new(&listed.title, format!("/nguoi/{person}")).html()),
        (l.t("donor-commune"), SafeHtml::text(&commune_name(app, &listed.commune))),
        (l.t("donor-reason"), SafeHtml::text(&reason)),
    ];
    let mut side = vec![Panel::new(l.t("donor-person"), definition_list(false, items)).html()];
    let holding: Vec<SafeHtml> = before
        .iter()
        .filter(|choice| choice.dropped.is_none())
        .map(|choice| {
            let words = l.t_args(
                "donor-has",
                &[
                    ("scheme", scheme_name(l, choice.scheme).as_str().into()),
                    ("from", month_text(choice.first_month).as_str().into()),
                    ("to", month_text(choice.last_month()).as_str().into()),
                ],
            );
            tag("li").child(Link::new(words, choice_href(&choice.id)).html()).html()
        })
        .collect();
    let holding = if holding.is_empty() { SafeHtml::text(&l.t("donor-has-none")) } else { tag("ul").children(holding).html() };
    side.push(Panel::new(l.t("donor-before"), holding).html());
    let mut page = app.page(&viewer, &choose_href(person), l.t("donor-choose-title"));
    page.crumbs = vec![Link::new(l.t("donor-title"), FUNDS)];
    page.here = l.t("donor-choose");
    let stack = |blocks: Vec<SafeHtml>| tag("div").class("grid").children(blocks).html();
    page.body = columns(Columns::MainSide, [stack(main), stack(side)]);
    Ok(Shown::page(page.render(l), audited))
}

/// The person, where they belong to the viewer's area.
async fn listed(followup: &Followup, viewer: &Viewer, person: i64) -> Result<Listed, PageError> {
    let found = followup.people.listed(&followup.app, person).await?.ok_or(PageError::NotFound)?;
    if viewer.scope.sees(Some(&found.commune)) { Ok(found) } else { Err(PageError::NotFound) }
}

fn choose_form(followup: &Followup, l: Locale, viewer: &Viewer, person: i64, funds: &[FundStanding]) -> SafeHtml {
    let choice = |(at, one): (usize, &FundStanding)| {
        let hint = l.t_args(
            "donor-fund-hint",
            &[
                ("scheme", scheme_name(l, one.fund.scheme).as_str().into()),
                ("most", l.dong(one.fund.most).as_str().into()),
                ("months", one.fund.months.into()),
                ("balance", l.dong(one.balance().max(Dong::ZERO)).as_str().into()),
            ],
        );
        Choice::new(&one.fund.id, format!("{} ({})", one.fund.name, donor_name(l, &one.fund)), at == 0).hint(hint)
    };
    let next = followup.app.today().month().next();
    let fields = [
        Field::new("quy", l.t("donor-fund"), Control::Radios(funds.iter().enumerate().map(choice).collect())),
        Field::new("tu-thang", l.t("donor-first-month"), Control::Digits).value(month_text(next)).hint(l.t("donor-month-hint")),
        Field::new("so-thang", l.t("donor-month-count"), Control::Digits).value("12"),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let buttons = vec![Button::submit(l.t("donor-choose"), ButtonKind::Primary)];
    Panel::new(l.t("donor-choose-for"), form(&followup.app, viewer, choose_href(person), Vec::new(), body, buttons).html()).html()
}

/// `POST /ke-hoach/chon-tai-tro/{person}`.
pub(super) async fn take(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(person): Path<i64>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let (l, sent) = (app.locale(&viewer), Sent(sent));
    let listed = listed(&followup, &viewer, person).await?;
    let reason = listed.reason.ok_or_else(|| PageError::BadRequest(l.t("donor-not-listed-why")))?;
    let new = NewChoice {
        fund: sent.text("quy"),
        person,
        commune: listed.commune,
        reason,
        first_month: sent.month(l, "tu-thang")?,
        months: sent.int(l, "so-thang")?,
        client_tx: sent.number().to_owned(),
    };
    let made = app.desk.choose_for_fund(&viewer.scope, &new, app.today()).await;
    let to = made.as_ref().map_or_else(|_| FUNDS.to_owned(), |made| choice_href(&made.id));
    done(made, &to)
}
