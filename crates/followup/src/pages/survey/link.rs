//! `POST /ke-hoach/hai-long/{campaign}/lien-ket`: links of a campaign as a sheet, or as cards with QR codes to be printed and cut. They are
//! shown this once.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::http::header::{self, HeaderMap};
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, Campaign, DeskError, NewLinks, PlanRefusal, ReadEvent};
use documents::qr::qr_path;
use documents::sheet::{Cell, Column, Sheet, write_xlsx};
use web::component::{Link, NoteKind, note};
use web::{Locale, SafeHtml, tag};

use super::{CAMPAIGNS, answer_href, campaign_href};
use crate::Followup;
use crate::pages::parts::{Sent, XLSX, provenance, unknown_act};

/// `POST /ke-hoach/hai-long/{campaign}/lien-ket`.
pub(super) async fn issue(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    headers: HeaderMap,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let (l, sent) = (app.locale(&viewer), Sent(sent));
    let printed = match sent.raw("viec") {
        "bang" => false,
        "in" => true,
        _ => return Err(unknown_act(l)),
    };
    let new = NewLinks { campaign: id.clone(), links: sent.int(l, "so-lien-ket")?, client_tx: sent.number().to_owned() };
    let made = app.desk.issue_links(&viewer.scope, &new, app.today()).await.map_err(|error| match error {
        DeskError::PlanRefused { why: PlanRefusal::Taken } => PageError::BadRequest(l.t("survey-links-shown")),
        DeskError::Invalid { field: "links", .. } => PageError::BadRequest(l.t("survey-links-hint")),
        other => PageError::desk(other),
    })?;
    let event = ReadEvent::new(AuditAction::Export, "survey_campaign").object(id.as_str()).count("rows", new.links);
    let audited = app.audit(&viewer, event).await?;
    let portal = portal(app, &headers);
    let addresses: Vec<String> = made.tokens.iter().map(|token| format!("{portal}{}", answer_href(token))).collect();
    if printed {
        let mut page = app.page(&viewer, &campaign_href(&id), &made.campaign.name);
        page.crumbs = vec![Link::new(l.t("survey-title"), CAMPAIGNS), Link::new(&made.campaign.name, campaign_href(&id))];
        page.here = l.t("survey-links-title");
        page.facts = SafeHtml::text(&l.t("survey-links-print-now"));
        page.body = cards(l, &made.campaign, &addresses);
        return Ok(Shown::page(page.render(l), audited));
    }
    let bytes = write_xlsx(&sheet(&followup, l, &viewer, &made.campaign, &addresses)).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, "lien-ket-khao-sat.xlsx".into(), audited))
}

/// The address under which everybody reaches the portal; on one machine alone that which the request named, which the guard has checked.
fn portal(app: &App, headers: &HeaderMap) -> String {
    let named = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match (app.entry.public_host(), named) {
        (Some(host), _) => format!("https://{host}"),
        (None, Some(host)) => format!("http://{host}"),
        (None, None) => String::new(),
    }
}

fn sheet(followup: &Followup, l: Locale, viewer: &Viewer, campaign: &Campaign, addresses: &[String]) -> Sheet {
    let rows = addresses.iter().enumerate().map(|(at, address)| vec![Cell::Int(at as i64 + 1), Cell::Text(address.clone())]);
    Sheet {
        name: l.t("survey-links-title"),
        title: vec![campaign.name.clone(), l.t("survey-links-once")],
        columns: vec![Column::new(l.t("survey-links-number"), 6), Column::new(l.t("survey-links-address"), 60)],
        rows: rows.collect(),
        footer: Vec::new(),
        provenance: provenance(&followup.app, viewer, followup.surveys.service(l, &campaign.service)),
    }
}

/// Cards to be cut: what it is about, the code, the address for who types it.
fn cards(l: Locale, campaign: &Campaign, addresses: &[String]) -> SafeHtml {
    let card = |address: &String| {
        let Some((side, path)) = qr_path(address) else { return SafeHtml::empty() };
        let drawn = tag("svg")
            .class("qr")
            .attr("viewBox", format!("0 0 {side} {side}"))
            .attr("role", "img")
            .attr("aria-label", l.t("survey-qr"))
            .child(tag("path").attr("d", path))
            .html();
        let words = tag("p").text(&l.t_args("survey-card", &[("day", l.date(campaign.last_day).as_str().into())])).html();
        tag("li").child(tag("strong").text(&campaign.name)).child(words).child(drawn).child(tag("code").text(address)).html()
    };
    let cards = tag("ul").class("qr-cards").children(addresses.iter().map(card)).html();
    note(NoteKind::Info, &l.t("survey-links-title"), SafeHtml::text(&l.t("survey-links-once"))).then(cards)
}
