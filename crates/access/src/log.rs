//! `GET /nhat-ky`: the log. Everybody sees what they did themselves; who may read the log sees that of their area. Reading it is an event.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::Response;
use base::Date;
use chapter::{App, FromAddress, PageError, Searched, Shown, Sought, Viewer, encode, typed_day};
use desk::{AuditAction, AuditEvent, AuditQuery, Permission, ReadEvent};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Chip, Choice, Column, Control, Field, FilterBar, Link, Pager, Panel, Row, Table, empty_state,
};
use web::{Locale, SafeHtml};

use crate::{GLASS, LOG, glass, words};

/// Events on a page.
const ROWS: i64 = 50;
/// A day in milliseconds.
const DAY: i64 = 86_400_000;
/// Asia/Ho_Chi_Minh has been seven hours ahead of UTC all year round since 1975.
const AHEAD: i64 = 7 * 3_600_000;

/// What the address says. Ids are pseudonymous, like everything in the log, but nobody keeps people from typing names: they stand sealed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(rename = "ai", default)]
    actor: Sought,
    #[serde(rename = "viec", default)]
    action: String,
    #[serde(rename = "doi-tuong", default)]
    object: Sought,
    #[serde(rename = "tu", default)]
    from: String,
    #[serde(rename = "den", default)]
    to: String,
    #[serde(rename = "truoc", default)]
    before: Option<i64>,
}

impl Searched for Asked {
    fn sought(&mut self) -> Vec<&mut Sought> {
        vec![&mut self.actor, &mut self.object]
    }
}

impl Asked {
    fn href(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut asked = Self { before: None, ..self.clone() };
        change(&mut asked);
        let before = asked.before.map(|seq| seq.to_string()).unwrap_or_default();
        let pairs: [(&str, &str); 6] = [
            ("ai", asked.actor.sealed()),
            ("viec", &asked.action),
            ("doi-tuong", asked.object.sealed()),
            ("tu", &asked.from),
            ("den", &asked.to),
            ("truoc", &before),
        ];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", encode(value))).collect();
        if query.is_empty() { LOG.to_owned() } else { format!("{LOG}?{}", query.join("&")) }
    }

    fn query(&self, l: Locale) -> Result<AuditQuery, PageError> {
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => typed_day(text).map(Some).ok_or_else(|| PageError::BadRequest(l.t("access-wrong-day"))),
        };
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let action = match self.action.as_str() {
            "" => None,
            word => Some(AuditAction::from_word(word).ok_or_else(|| PageError::BadRequest(l.t("access-log-action")))?),
        };
        let start = |day: Date| i64::from(day.days_since_epoch()) * DAY - AHEAD;
        Ok(AuditQuery {
            actor: some(&self.actor),
            action,
            object_kind: None,
            object_id: some(&self.object),
            from: day(&self.from)?.map(start),
            until: day(&self.to)?.map(|day| start(day) + DAY),
            before_seq: self.before,
            limit: Some(ROWS + 1),
        })
    }
}

/// `GET /nhat-ky`.
pub(crate) async fn show(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(asked): FromAddress<Asked>,
) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    let query = asked.query(l)?;
    // The search writes its own event; this one is the proof for the page.
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ReadAudit, "page")).await?;
    let mut events = app.desk.audit_search(&viewer.scope, &query).await.map_err(PageError::desk)?;
    let more = events.len() > ROWS as usize;
    events.truncate(ROWS as usize);
    let actors: BTreeSet<&str> = events.iter().map(|event| event.actor.as_str()).chain([asked.actor.as_str()]).collect();
    let labels = app.desk.user_labels(&viewer.scope, &actors).await.map_err(PageError::desk)?;
    let who = |actor: &str| labels.get(actor).map_or_else(|| actor.to_owned(), |known| known.label.clone());
    let head = vec![
        Column::text(l.t("access-log-at")),
        Column::text(l.t("access-log-who")),
        Column::text(l.t("access-log-action")),
        Column::text(l.t("access-log-object")),
        Column::text(l.t("access-log-detail")),
    ];
    // Without randomness for the seal a link leads to the whole log rather than bearing an id in the open.
    let sealed = |words: &str| Sought::new(&app, &viewer, words).unwrap_or_default();
    let rows = events.iter().map(|event| {
        let unit = labels.get(&event.actor).map(|known| known.unit_name.clone()).unwrap_or_default();
        let object = event.object_id.clone().unwrap_or_default();
        let object_cell = match object.is_empty() {
            true => Cell::text(&event.object_kind),
            false => Cell::link(&object, asked.href(|a| a.object = sealed(&object))).note(event.object_kind.clone()),
        };
        Row::new(vec![
            Cell::text(words::moment(l, event.at)).note(format!("№ {}", event.seq)),
            Cell::link(who(&event.actor), asked.href(|a| a.actor = sealed(&event.actor))).note(unit),
            Cell::text(action(l, &event.action)),
            object_cell,
            Cell::text(detail(event)),
        ])
    });
    let empty = empty_state(&l.t("access-log-none"), "", Some(&Link::new(l.t("access-log-all"), LOG)));
    let table = Table::new("nhat-ky", l.t("access-log-title"), head).rows(rows).empty(empty).html(l);
    let sentence = l.t(if desk::may(&viewer.scope, Permission::ReadAudit) { "access-log-area" } else { "access-log-own" });
    let bar = FilterBar { chips: chips(l, &asked, who), sentence, more: filter(l, &asked) }.html(l);
    let next = events.last().filter(|_| more).map(|last| asked.href(|a| a.before = Some(last.seq)));
    let first = asked.before.map(|_| asked.href(|_| ()));
    let summary = l.t_args("access-log-range", &[("n", (events.len() as i64).into())]);
    let pager = Pager { summary, first, previous: None, next }.html(l);
    let mut page = app.page(&viewer, LOG, l.t("access-log-title"));
    page.facts = SafeHtml::text(&l.t("access-log-intro"));
    page.table_id = "nhat-ky".into();
    page.actions = vec![Button::link(l.t("access-glass-title"), GLASS, ButtonKind::Default)];
    page.body = glass::waiting(&app, &viewer).await?.then(bar).then(Panel::flush(l.t("access-log-title"), table).foot(pager));
    Ok(Shown::page(page.render(l), audited))
}

/// An action in words; a word of a newer program stands as it is.
pub(crate) fn action(l: Locale, word: &str) -> String {
    match AuditAction::from_word(word) {
        Some(action) => l.t(&format!("access-action-{}", action.as_str().replace('_', "-"))),
        None => word.to_owned(),
    }
}

/// Counts and codes of an event, without the brackets of JSON.
pub(crate) fn detail(event: &AuditEvent) -> String {
    let plain = event.detail.trim_matches(['{', '}']).replace('"', "").replace(',', ", ").replace(':', ": ");
    match &event.commune {
        Some(commune) if plain.is_empty() => commune.clone(),
        Some(commune) => format!("{commune}; {plain}"),
        None => plain,
    }
}

fn chips(l: Locale, asked: &Asked, who: impl Fn(&str) -> String) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |text: String, change: fn(&mut Asked)| chips.push(Chip { text, remove_href: asked.href(change) });
    if !asked.actor.is_empty() {
        add(who(&asked.actor), |a| a.actor.clear());
    }
    if !asked.action.is_empty() {
        add(action(l, &asked.action), |a| a.action.clear());
    }
    if !asked.object.is_empty() {
        add(asked.object.as_str().to_owned(), |a| a.object.clear());
    }
    if !asked.from.is_empty() || !asked.to.is_empty() {
        add(format!("{} – {}", asked.from, asked.to), |a| {
            a.from.clear();
            a.to.clear();
        });
    }
    chips
}

fn filter(l: Locale, asked: &Asked) -> SafeHtml {
    let mut actions = vec![Choice::new("", l.t("access-log-any"), asked.action.is_empty())];
    let all = AuditAction::ALL.iter().map(|action| action.as_str());
    actions.extend(all.map(|word| Choice::new(word, action(l, word), asked.action == word)));
    web::component::Form {
        action: LOG.into(),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::concat([
            Field::new("viec", l.t("access-log-action"), Control::Select(actions)).optional().html(l),
            Field::new("ai", l.t("access-log-actor"), Control::Text).value(asked.actor.as_str()).optional().html(l),
            Field::new("doi-tuong", l.t("access-log-object"), Control::Text)
                .value(asked.object.as_str())
                .hint(l.t("access-log-object-hint"))
                .optional()
                .html(l),
            Field::new("tu", l.t("access-log-from"), Control::Date).value(&asked.from).optional().html(l),
            Field::new("den", l.t("access-log-to"), Control::Date).value(&asked.to).optional().html(l),
        ]),
        buttons: vec![Button::submit(l.t("access-users-find"), ButtonKind::Primary)],
    }
    .search()
}

/// `POST /nhat-ky`: leads to the events that are looked for; what was typed stands sealed in the address.
pub(crate) async fn search(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    FromForm(fields): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    chapter::search(&app, &viewer, LOG, fields, &["ai", "doi-tuong"])
}

/// The address of the events about an object.
pub(crate) fn of_object(app: &App, viewer: &Viewer, object: &str) -> String {
    Asked { object: Sought::new(app, viewer, object).unwrap_or_default(), ..Asked::default() }.href(|_| ())
}
