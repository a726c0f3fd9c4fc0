//! The review queue: pairs of rows that are near but not sure enough to link, side by side, for a person to decide.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use base::{Area, CommuneCode, Date};
use chapter::{PageError, Returned, Shown, TypedForm, Viewer, sent_back};
use desk::{AuditAction, DecisionKind, NewDecision, Permission, ReadEvent, RowRef};
use engine::arrow::record_batch::RecordBatch;
use engine::rows;
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, Field, Form, Link, Pager, Panel, Row, Status, Table, audit_note, columns,
    paragraph,
};
use web::{Locale, SafeHtml, tag};

use super::person::{both, link_panels};
use super::person_data::{self, Linked};
use super::{Pages, words};
use crate::serving::Snapshot;

/// Path of the queue.
pub(crate) const LIST: &str = "/ra-soat-ghep-noi";

/// Pairs of one page.
const PAGE: i64 = 20;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Keyset: pairs after this rank.
    #[serde(rename = "sau", default)]
    after: i64,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Verdict {
    own: String,
    candidate: String,
    verdict: String,
    client_tx: String,
    reason: String,
}

/// A pair of the queue.
struct Pair {
    rank: i64,
    link: Linked,
    own_key: String,
    candidate_key: String,
    /// Why it should be looked at: the word of linkage.
    why: String,
    /// Linked unless somebody objects.
    linked: bool,
    own: Who,
    candidate: Who,
}

/// One side of a pair, as the register describes it.
struct Who {
    name: String,
    born: Option<Date>,
    commune: Option<CommuneCode>,
}

impl Pair {
    /// The names of the two rows, in both orders, as the desk writes decisions.
    fn names(&self) -> Option<(RowRef, RowRef)> {
        let spine = self.link.spine.as_ref().map(|(_, at)| at.roster.as_str())?;
        Some((RowRef::new(spine, &self.candidate_key).ok()?, RowRef::new(&self.link.at.roster, &self.own_key).ok()?))
    }
}

/// `GET /ra-soat-ghep-noi`.
pub(crate) async fn list(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::DecideLinks).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let condition = visible(&viewer);
    let count = count(&snapshot, &condition).await?;
    let pairs = pairs(&snapshot, &format!("{condition} AND r.rank > {} ORDER BY r.rank LIMIT {PAGE}", view.after)).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "link_review").object("queue").count("rows", pairs.len() as i64);
    let audited = app.audit(&viewer, event.run(&snapshot.run)).await?;
    let decided = decided(&pages, &viewer).await?;
    let head = vec![
        Column::text(l.t("coverage-column-roster")),
        Column::text(l.t("coverage-review-own")),
        Column::text(l.t("coverage-review-candidate")),
        Column::text(l.t("coverage-column-state")),
    ];
    let last = pairs.last().map_or(view.after, |pair| pair.rank);
    let rows = pairs.iter().map(|pair| {
        let done = pair.names().is_some_and(|names| decided.contains(&names));
        let state = match (done, pair.linked) {
            (true, _) => Status::ok(l.t("coverage-review-decided")),
            (false, true) => Status::neutral(l.t("coverage-review-linked")),
            (false, false) => Status::warn(l.t("coverage-review-open")),
        };
        Row::new(vec![
            Cell::text(words::roster(l, &pair.link.at.roster)).note(why(l, pair)),
            Cell::link(who(l, &pair.own), format!("{LIST}/{}", pair.rank)).note(place(&pages, l, &pair.own)),
            Cell::text(who(l, &pair.candidate)).note(place(&pages, l, &pair.candidate)),
            Cell::status(&state),
        ])
    });
    let title = l.t("coverage-review-title");
    let table = Table::new("cap", title.clone(), head).rows(rows).html(l);
    let next = (pairs.len() as i64 == PAGE).then(|| format!("{LIST}?sau={last}"));
    let first = (view.after > 0).then(|| LIST.to_owned());
    let pager = Pager { summary: l.t_args("coverage-review-count", &[("n", count.into())]), first, previous: None, next };
    let mut page = app.page(&viewer, LIST, title.clone());
    page.facts = SafeHtml::text(&l.t_args("coverage-review-count", &[("n", count.into())]));
    page.table_id = "cap".into();
    let intro = paragraph(SafeHtml::text(&l.t("coverage-review-intro")));
    page.body = SafeHtml::concat([intro, Panel::flush(title, table).foot(pager.html(l)).html()]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-review-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// `GET /ra-soat-ghep-noi/{rank}`: two rows side by side.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(rank): Path<i64>,
) -> Result<Shown, PageError> {
    page(&pages, &viewer, rank, &Returned::default()).await
}

/// The page of a pair; with the form as it was typed where it came back.
async fn page(pages: &Pages, viewer: &Viewer, rank: i64, returned: &Returned) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    desk::require(&viewer.scope, Permission::DecideLinks).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let pair = one(&snapshot, viewer, rank).await?;
    let event = ReadEvent::new(AuditAction::CompareRecords, "link_review").object(rank.to_string()).run(&snapshot.run);
    let event = match &pair.candidate.commune {
        Some(code) => event.commune(code),
        None => event,
    };
    let audited = app.audit(viewer, event).await?;
    let mut body = SafeHtml::default();
    if let (Some(own), Some(spine)) = both(pages, &snapshot, &pair.link).await? {
        body.push(link_panels(&snapshot, l, &pair.link, &own, &spine).await.map_err(|e| PageError::inner(&e))?);
    }
    let done = match pair.names() {
        Some(names) => decided(pages, viewer).await?.contains(&names),
        None => false,
    };
    let side = if done {
        Panel::new(l.t("coverage-review-decide"), paragraph(SafeHtml::text(&l.t("coverage-review-decided-long")))).html()
    } else {
        form(pages, l, &pair, returned)
    };
    let mut page = app.page(viewer, &format!("{LIST}/{rank}"), l.t("coverage-review-pair"));
    page.crumbs = vec![Link::new(l.t("coverage-review-title"), LIST)];
    page.here = l.t_args("coverage-review-here", &[("rank", rank.into())]);
    page.actions = vec![Button::link(l.t("coverage-review-next"), format!("{LIST}/{}", rank + 1), ButtonKind::Default)];
    page.facts = SafeHtml::text(&format!("{} · {}", why(l, &pair), place(pages, l, &pair.candidate)));
    let whole = columns(Columns::MainSide, [tag("div").class("grid").child(body).html(), side]);
    page.body = returned.head(l, &whole).then(whole);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-review-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// `POST /ra-soat-ghep-noi/{rank}`: the same person or not. Holds from the next run on.
pub(crate) async fn decide(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(rank): Path<i64>,
    TypedForm(form, returned): TypedForm<Verdict>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::DecideLinks).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let pair = one(&snapshot, &viewer, rank).await?;
    // Between showing and sending another run may have been published: then the rank is another pair's.
    if form.own != pair.own_key || form.candidate != pair.candidate_key {
        return Err(PageError::BadRequest(l.t("coverage-review-changed")));
    }
    let kind = match form.verdict.as_str() {
        "same" => DecisionKind::Same,
        "not-same" => DecisionKind::NotSame,
        _ => {
            let returned = returned.say(l.t("coverage-review-no-verdict"));
            return Ok(sent_back(page(&pages, &viewer, rank, &returned).await?));
        }
    };
    let reason = base::names::clean(&form.reason);
    if reason.chars().count() < 5 {
        let returned = returned.fault("reason", l.t("coverage-decide-needs-reason"));
        return Ok(sent_back(page(&pages, &viewer, rank, &returned).await?));
    }
    let (left, right) = pair.names().ok_or(PageError::NotFound)?;
    let commune = pair.candidate.commune.or(pair.own.commune);
    let decision = NewDecision { kind, left, right, commune, period: snapshot.period, reason, client_tx: form.client_tx };
    app.desk.decide(&viewer.scope, decision).await.map_err(PageError::desk)?;
    Ok(super::decisions::back(&format!("{LIST}/{rank}")))
}

/// How many pairs wait for a viewer.
pub(crate) async fn waiting(snapshot: &Snapshot, viewer: &Viewer) -> Result<i64, PageError> {
    count(snapshot, &visible(viewer)).await
}

/// SQL condition of the pairs a viewer may see, over `link_review r`.
fn visible(viewer: &Viewer) -> String {
    let mut condition = match &viewer.scope.area {
        Area::City => "true".to_owned(),
        // Codes are five digits each, checked when parsed.
        Area::Communes(own) => {
            format!("r.candidate_commune IN ({})", own.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(", "))
        }
    };
    // Tax rows are tax secret: who may not see wage findings is not shown that there is one (practice E6).
    if !desk::may(&viewer.scope, Permission::ViewEmployeeFindings) {
        condition.push_str(" AND r.roster <> 'tax_settlement' AND r.spine_roster <> 'tax_settlement'");
    }
    condition
}

const FROM: &str = "FROM link_review r";

async fn count(snapshot: &Snapshot, condition: &str) -> Result<i64, PageError> {
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let counted = snapshot.session.collect(&format!("SELECT count(*) AS n {FROM} WHERE {condition}")).await.map_err(inner)?;
    counted.first().map_or(Ok(0), |batch| Ok(rows::int(batch, "n").map_err(inner)?.value(0)))
}

async fn one(snapshot: &Snapshot, viewer: &Viewer, rank: i64) -> Result<Pair, PageError> {
    pairs(snapshot, &format!("{} AND r.rank = {rank}", visible(viewer))).await?.pop().ok_or(PageError::NotFound)
}

async fn pairs(snapshot: &Snapshot, condition: &str) -> Result<Vec<Pair>, PageError> {
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let sql = format!("SELECT r.* {FROM} WHERE {condition}");
    let mut found = Vec::new();
    for batch in snapshot.session.collect(&sql).await.map_err(inner)? {
        found.extend(read(&batch).map_err(inner)?);
    }
    Ok(found)
}

fn read(batch: &RecordBatch) -> Result<Vec<Pair>, engine::EngineError> {
    let ranks = rows::int(batch, "rank")?;
    let (own_keys, candidate_keys) = (rows::text(batch, "own_key")?, rows::text(batch, "candidate_key")?);
    let (why, linked) = (rows::text(batch, "why")?, rows::flag(batch, "linked")?);
    let side = |side: &str| {
        let text = |name: &str| rows::text(batch, &format!("{side}_{name}"));
        Ok::<_, engine::EngineError>((text("name")?, rows::date(batch, &format!("{side}_birth"))?, text("commune")?))
    };
    let (own, candidate) = (side("own")?, side("candidate")?);
    let links = person_data::linked(batch)?;
    let pairs = links.into_iter().enumerate().map(|(row, link)| {
        let who = |(names, births, communes): &(_, _, _)| Who {
            name: rows::text_at(names, row).unwrap_or_default().to_owned(),
            born: rows::date_at(births, row).and_then(Date::from_days_since_epoch),
            commune: rows::text_at(communes, row).and_then(CommuneCode::parse),
        };
        Pair {
            rank: ranks.value(row),
            own_key: own_keys.value(row).to_owned(),
            candidate_key: candidate_keys.value(row).to_owned(),
            why: why.value(row).to_owned(),
            linked: linked.value(row),
            own: who(&own),
            candidate: who(&candidate),
            link,
        }
    });
    Ok(pairs.collect())
}

/// Pairs of rows with a decision in force, as the queue names them.
async fn decided(pages: &Pages, viewer: &Viewer) -> Result<BTreeSet<(RowRef, RowRef)>, PageError> {
    let active = pages.app.desk.active_decisions(&viewer.scope).await.map_err(PageError::desk)?;
    Ok(active.into_iter().flat_map(|d| [(d.left.clone(), d.right.clone()), (d.right, d.left)]).collect())
}

fn why(l: Locale, pair: &Pair) -> String {
    l.t(&format!("coverage-review-why-{}", pair.why.replace('_', "-")))
}

fn who(l: Locale, who: &Who) -> String {
    match who.born {
        Some(born) => format!("{}, {}", who.name, l.date(born)),
        None => who.name.clone(),
    }
}

fn place(pages: &Pages, l: Locale, who: &Who) -> String {
    who.commune.as_ref().map(|code| pages.place(code)).unwrap_or_else(|| l.t("coverage-place-unknown"))
}

fn form(pages: &Pages, l: Locale, pair: &Pair, returned: &Returned) -> SafeHtml {
    let now = (pages.app.clock)().to_string();
    let number = book::Fingerprint::new("review form").with("own", &pair.own_key).with("candidate", &pair.candidate_key);
    let number = number.with("opened", now).finish()[..32].to_owned();
    let hidden = vec![
        ("own".to_owned(), pair.own_key.clone()),
        ("candidate".to_owned(), pair.candidate_key.clone()),
        ("client_tx".to_owned(), number),
    ];
    let reason = Field::new("reason", l.t("coverage-decide-reason"), Control::Lines).hint(l.t("coverage-decide-hint"));
    let reason = returned.fill("", reason).html(l);
    let form = Form {
        action: format!("{LIST}/{}", pair.rank),
        reads: false,
        hidden,
        body: reason,
        buttons: vec![
            Button::submit(l.t("coverage-review-same"), ButtonKind::Primary).name_value("verdict", "same"),
            Button::submit(l.t("coverage-review-not-same"), ButtonKind::Danger).name_value("verdict", "not-same"),
        ],
    };
    Panel::new(l.t("coverage-review-decide"), form.html()).html()
}
