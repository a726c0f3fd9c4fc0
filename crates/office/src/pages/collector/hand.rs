//! `GET`, `POST /viec/giao-thu`: the cases of a queue handed to a collector whose card holds, for a campaign, until a day.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use axum::response::Response;
use chapter::{PageError, Returned, Shown, TypedForm, Viewer, sent_back, typed_day};
use desk::{AuditAction, DeskError, LIST_CASES, NewList, PageAt, ReadEvent};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Choice, Control, Field, Form, Link, NoteKind, Panel, audit_note, note, paragraph};
use web::{SafeHtml, tag};

use super::act::refused;
use super::data::Known;
use super::{COLLECTORS, ORGANISATIONS, manages};
use crate::pages::go;
use crate::pages::queue::sentence;
use crate::query::QueueQuery;
use crate::{CASES, Office};

/// Path of the page.
pub(crate) const HAND: &str = "/viec/giao-thu";

/// Reasons that are a collector's to work on: people who pay themselves, alone or with support. Whose card the state pays in full, or who
/// is a pupil, is worked on by commune and school.
pub(crate) const COLLECTED: [&str; 5] = [
    "household-card-lapsed",
    "household-member-without-card",
    "job-ended-without-card",
    "left-school-without-card",
    "near-poor-without-card",
];

/// Whom to hand over to, beside the queue.
#[derive(Debug, Default, Deserialize)]
pub(super) struct To {
    #[serde(rename = "nhan-vien", default)]
    collector: String,
}

/// `GET /viec/giao-thu`.
pub(super) async fn form(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<QueueQuery>,
    FromQuery(to): FromQuery<To>,
) -> Result<Shown, PageError> {
    page(&office, &viewer, &query, &to.collector, &Returned::default()).await
}

/// The form for a queue; as it was typed where it came back.
async fn page(office: &Office, viewer: &Viewer, query: &QueueQuery, to: &str, returned: &Returned) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(viewer);
    if !manages(viewer) {
        return Err(PageError::Forbidden);
    }
    let known = Known::read(office, viewer, None).await?;
    let counted = app.desk.cases(&viewer.scope, &query.cases(known.today), &PageAt::First, 1).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewCollectors, "collectors").count("rows", known.collectors.len() as i64);
    let audited = app.audit(viewer, event).await?;
    let office = office.knowing(viewer, query.owner()).await?;
    let app = &office.app;
    let unit = |id: &str| known.organisations.iter().find(|unit| unit.id == id).map(|unit| unit.name.clone()).unwrap_or_default();
    let valid = known.collectors.iter().filter_map(|collector| Some((collector, collector.valid_card(known.today)?)));
    let choices: Vec<Choice> = valid
        .map(|(collector, card)| {
            let label = format!("{} ({}, {})", collector.holder, unit(&collector.organisation), collector.code);
            let label = format!("{label}: {}", super::words::area(app, l, &card.area));
            Choice::new(&collector.id, label, collector.id == to)
        })
        .collect();
    let mut page = app.page(viewer, HAND, l.t("collector-hand"));
    page.crumbs = vec![Link::new(l.t("office-title"), CASES), Link::new(l.t("collector-title"), ORGANISATIONS)];
    page.here = l.t("collector-hand");
    let mut body = paragraph(SafeHtml::text(&sentence(&office, l, query, counted.count)));
    let most = [("most", LIST_CASES.into())];
    body.push(note(NoteKind::Info, &l.t("collector-hand-what"), SafeHtml::text(&l.t_args("collector-hand-how", &most))));
    if choices.is_empty() {
        body.push(note(NoteKind::Caution, &l.t("collector-hand-nobody"), SafeHtml::text(&l.t("collector-no-card-why"))));
    } else {
        let fields = [
            Field::new("nhan-vien", l.t("collector-hand-to"), Control::Select(choices)),
            Field::new("dot", l.t("collector-list-campaign"), Control::Text),
            Field::new("den-ngay", l.t("collector-hand-last"), Control::Date).hint(l.t("collector-hand-last-hint")),
        ];
        let mut hidden = query.fields();
        hidden.push(("so".into(), returned.number("", app.form_number(viewer, "hand over"))));
        let fields = fields.map(|field| returned.fill("", field).html(l));
        let form = Form {
            action: HAND.into(),
            reads: false,
            hidden,
            body: SafeHtml::concat(fields),
            buttons: vec![
                Button::submit(l.t("collector-hand-send"), ButtonKind::Primary).busy(l.t("office-saving")),
                Button::link(l.t("collector-cancel"), query.href(CASES, |_| ()), ButtonKind::Default),
            ],
        };
        body.push(Panel::new("", form.html()).html());
    }
    page.body = tag("div").class("narrow").child(returned.head(l, &body).then(body)).html();
    page.audit = audit_note(l, SafeHtml::text(&l.t("collector-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// What the form sends beside the queue.
#[derive(Debug, Deserialize)]
pub(super) struct Handed {
    #[serde(flatten)]
    query: QueueQuery,
    #[serde(rename = "nhan-vien")]
    collector: String,
    #[serde(rename = "dot")]
    campaign: String,
    #[serde(rename = "den-ngay")]
    last: String,
    #[serde(rename = "so")]
    form: String,
}

/// `POST /viec/giao-thu`.
pub(super) async fn hand(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    TypedForm(sent, returned): TypedForm<Handed>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let Some(last_day) = typed_day(&sent.last) else {
        let returned = returned.fault("den-ngay", l.t("collector-wrong-day"));
        return Ok(sent_back(page(&office, &viewer, &sent.query, &sent.collector, &returned).await?));
    };
    let new = NewList {
        collector: sent.collector.clone(),
        query: sent.query.cases(app.today()),
        rules: COLLECTED.map(str::to_owned).into(),
        campaign: base::names::clean(&sent.campaign),
        last_day,
        client_tx: sent.form,
    };
    let returned = match app.desk.hand_over(&viewer.scope, new).await {
        Ok(_) => return Ok(go(&format!("{COLLECTORS}/{}#danh-sach-giao", sent.collector))),
        Err(DeskError::Invalid { field: "campaign", .. }) => returned.fault("dot", l.t("collector-wrong-words")),
        Err(error) => refused(l, returned, error)?,
    };
    Ok(sent_back(page(&office, &viewer, &sent.query, &sent.collector, &returned).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_over_is_the_work_of_communes() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/coverage");
        for rule in COLLECTED {
            let page = std::fs::read_to_string(root.join(format!("{rule}.md"))).unwrap();
            assert!(page.contains("unit: commune"), "{rule}");
        }
    }
}
