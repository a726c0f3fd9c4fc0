//! One change for a whole queue or for what was ticked in it: named and counted first, then done in the background by the worker, with its
//! progress and what was refused.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use base::Date;
use chapter::{PageError, Returned, Shown, TypedForm, Viewer, sent_back};
use desk::{AuditAction, BulkDone, CasePage, CaseQuery, Change, DeskError, PageAt, ReadEvent, RefusedRow};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Form, Link, NoteKind, Panel, Row, Table, audit_note, definition_list, note, paragraph,
    progress as bar,
};
use web::{Locale, SafeHtml};

use super::change::{Sent, Wrong, refused};
use super::pick::Boxes;
use super::queue::{sentence, with_selection};
use super::{forms, go, pick, require};
use crate::query::QueueQuery;
use crate::{CASES, Office, words};

/// Where the form under a queue is sent.
pub(super) const REVIEW: &str = "/viec/hang-loat";
/// Where the confirmation is sent.
pub(super) const START: &str = "/viec/hang-loat/lam";
/// Refusals shown.
const MOST_REFUSED: i64 = 200;

/// What the form under a queue sends.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Asked {
    #[serde(flatten)]
    query: QueueQuery,
    #[serde(rename = "viec", default)]
    what: String,
    #[serde(rename = "so", default)]
    number: String,
    #[serde(rename = "giao-cho", default)]
    to: String,
    #[serde(rename = "ket-qua-la", default)]
    outcome: String,
    #[serde(rename = "ngay", default)]
    day: String,
    #[serde(rename = "ly-do", default)]
    reason: String,
    /// `chon`: for the cases that were ticked; else for all of the filter.
    #[serde(rename = "cho", default)]
    of: String,
    /// `1`: who takes cases takes those too that somebody else has.
    #[serde(rename = "ca-nguoi-khac", default)]
    others: String,
    /// Cases that the confirmation named.
    #[serde(rename = "n", default)]
    confirmed: String,
    #[serde(flatten)]
    boxes: Boxes,
}

impl Asked {
    /// Whether it is for what was ticked.
    fn of_ticked(&self) -> bool {
        self.of == "chon" || self.query.only_ticked()
    }

    /// Its cases.
    fn cases(&self, change: &Change, today: Date) -> CaseQuery {
        let selection = self.of_ticked().then(|| self.query.selection.clone());
        let spare_others = *change == Change::Take && self.others.is_empty();
        CaseQuery { selection, spare_others, ..self.query.cases(today) }
    }

    /// The change that is asked for; otherwise what is wrong, at its field of this form.
    fn change(&self, l: Locale) -> Result<Change, Wrong> {
        let sent = Sent {
            what: self.what.clone(),
            to: self.to.clone(),
            outcome: self.outcome.clone(),
            day: self.day.clone(),
            until: self.day.clone(),
            reason: self.reason.clone(),
            why_later: self.reason.clone(),
            why_back: self.reason.clone(),
            ..Sent::default()
        };
        sent.change(l).map_err(|(field, words)| (own_field(field), words))
    }

    /// All of it, to be sent again with the confirmation.
    fn fields(&self) -> Vec<(String, String)> {
        let mut fields = self.query.fields();
        let own = [
            ("viec", &self.what),
            ("so", &self.number),
            ("giao-cho", &self.to),
            ("ket-qua-la", &self.outcome),
            ("ngay", &self.day),
            ("ly-do", &self.reason),
            ("cho", &self.of),
            ("ca-nguoi-khac", &self.others),
        ];
        fields
            .extend(own.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.clone())));
        fields
    }
}

/// `POST /viec/hang-loat`: what would be done with how many cases. It does nothing yet; the reason is sent in the body, because an
/// address lands in histories and logs.
pub(super) async fn review(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    TypedForm(asked, returned): TypedForm<Asked>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let shown = asked.boxes.shown();
    if asked.of_ticked() && !shown.is_empty() {
        // What is ticked on the page that is left: no button had to be pressed for it, and a form that comes back alone has no boxes.
        let kept = app.desk.select_cases(&viewer.scope, &asked.query.selection, &shown, &asked.boxes.ticked()).await;
        kept.map_err(|error| pick::refused(l, error))?;
    }
    let change = match asked.change(l) {
        Ok(change) => change,
        Err((field, words)) => return back(&office, &viewer, &asked.query, at(returned, field, words)?).await,
    };
    Ok(confirmation(&office, &viewer, &asked, &change, None).await?.into_response())
}

/// The page that names the change and its cases; after a refusal with the number that was confirmed before.
async fn confirmation(
    office: &Office,
    viewer: &Viewer,
    asked: &Asked,
    change: &Change,
    before: Option<i64>,
) -> Result<Shown, PageError> {
    let office = office.knowing(viewer, asked.query.owner().into_iter().chain(change.to())).await?;
    let app = &office.app;
    let l = app.locale(viewer);
    let query = asked.cases(change, app.today());
    let found = counted(&office, viewer, &query).await?;
    let spared = match query.spare_others {
        true => counted(&office, viewer, &CaseQuery { spare_others: false, ..query }).await? - found,
        false => 0,
    };
    let event = ReadEvent::new(AuditAction::ListCases, "queue").object(asked.query.queue().as_str());
    let audited = app.audit(viewer, event.count("rows", 0)).await?;
    let of = if asked.of_ticked() {
        l.t_args("office-sentence-ticked", &[("n", found.into())])
    } else {
        sentence(&office, l, &asked.query, found)
    };
    let mut items = vec![
        (l.t("office-bulk-what"), SafeHtml::text(&change_words(&office, l, change))),
        (l.t("office-bulk-of"), SafeHtml::text(&of)),
    ];
    if spared > 0 {
        let words = l.t_args("office-bulk-spared", &[("n", spared.into())]);
        items.push((l.t("office-bulk-left"), SafeHtml::text(&words)));
    }
    if !asked.reason.is_empty() {
        items.push((l.t("office-reason"), SafeHtml::text(&asked.reason)));
    }
    let back = Button::link(l.t("office-bulk-back"), asked.query.href(CASES, |_| ()), ButtonKind::Default);
    let act = Button::submit(l.t_args("office-bulk-do", &[("n", found.into())]), ButtonKind::Primary).busy(l.t("office-saving"));
    let mut hidden = asked.fields();
    hidden.push(("n".into(), found.to_string()));
    let form = Form {
        action: START.into(),
        reads: false,
        hidden,
        body: SafeHtml::default(),
        buttons: if found > 0 { vec![act, back] } else { vec![back] },
    };
    let explain = l.t(if found > 0 { "office-bulk-explain" } else { "office-bulk-nothing" });
    let mut explain = note(NoteKind::Info, "", paragraph(SafeHtml::text(&explain)));
    if let Some(before) = before {
        let words = l.t_args("office-bulk-drifted", &[("before", before.into()), ("now", found.into())]);
        explain = note(NoteKind::Caution, "", paragraph(SafeHtml::text(&words))).then(explain);
    }
    let mut page = app.page(viewer, &asked.query.href(CASES, |_| ()), l.t("office-bulk-review"));
    page.crumbs = vec![Link::new(l.t("office-title"), asked.query.href(CASES, |_| ()))];
    page.here = l.t("office-bulk-review");
    page.body = Panel::new(l.t("office-bulk-review"), definition_list(false, items).then(explain).then(form.html())).html();
    Ok(Shown::page(page.render(l), audited))
}

async fn counted(office: &Office, viewer: &Viewer, query: &CaseQuery) -> Result<i64, PageError> {
    let page = office.app.desk.cases(&viewer.scope, query, &PageAt::First, 1).await.map_err(PageError::desk)?;
    Ok(page.count)
}

/// The names of fields that this form has in common with those of one case.
fn own_field(field: &'static str) -> &'static str {
    match field {
        "nguoi" => "giao-cho",
        "ngay-lai" => "ngay",
        "ly-do-hoan" | "ly-do-tra" => "ly-do",
        same => same,
    }
}

/// The form with what is wrong at its field; what is no form of this page is refused.
fn at(returned: Returned, field: &'static str, words: String) -> Result<Returned, PageError> {
    if field.is_empty() { Err(PageError::BadRequest(words)) } else { Ok(returned.fault(field, words)) }
}

/// The form alone, as it was typed.
async fn back(office: &Office, viewer: &Viewer, query: &QueueQuery, returned: Returned) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(viewer);
    let returned = returned.named("hang-loat");
    let query = &with_selection(office, viewer, query.clone()).await?;
    let workers = forms::workers(office, viewer).await?;
    let count = counted(office, viewer, &query.cases(app.today())).await?;
    // The list is not on this page: what was ticked in it is kept.
    let shown = CasePage { count, rows: Vec::new(), has_previous: false, has_next: false, restricted: 0 };
    let held = app.desk.selected(&viewer.scope, &query.selection, &[]).await.map_err(PageError::desk)?.unwrap_or_default();
    let event = ReadEvent::new(AuditAction::ListCases, "queue").object(query.queue().as_str());
    let audited = app.audit(viewer, event.count("rows", 0)).await?;
    let mut page = app.page(viewer, &query.href(CASES, |_| ()), l.t("office-bulk-review"));
    page.crumbs = vec![Link::new(l.t("office-title"), query.href(CASES, |_| ()))];
    page.here = l.t("office-bulk-review");
    let many = forms::Many { shown: &shown, held: &held, workers: &workers };
    let form = forms::bulk(office, l, viewer, query, &many, &returned);
    page.body = returned.head(l, &form).then(form);
    Ok(sent_back(Shown::page(page.render(l), audited)))
}

/// `POST /viec/hang-loat/lam`: begins, and leads to the page of its progress; where the number of cases is no longer the one that was confirmed,
/// the confirmation comes again.
pub(super) async fn start(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    TypedForm(asked, returned): TypedForm<Asked>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let change = match asked.change(l) {
        Ok(change) => change,
        Err((field, words)) => return back(&office, &viewer, &asked.query, at(returned, field, words)?).await,
    };
    let confirmed = asked.confirmed.parse().map_err(|_| PageError::BadRequest(l.t("office-wrong-form")))?;
    // Written down with the request; the worker does it, this program's or the next one's.
    let query = asked.cases(&change, app.today());
    match app.desk.start_bulk(&viewer.scope, &query, &change, confirmed, &asked.number).await {
        Ok(_) => {}
        // Other cases than those that were confirmed: shown anew with both numbers, and nothing is begun.
        Err(DeskError::CountDrifted { confirmed, .. }) => {
            return Ok(confirmation(&office, &viewer, &asked, &change, Some(confirmed)).await?.into_response());
        }
        Err(error @ DeskError::Invalid { field: "selection", .. }) => return Err(pick::refused(l, error)),
        Err(DeskError::Invalid { field: "until", .. }) => {
            return back(&office, &viewer, &asked.query, returned.fault("ngay", l.t("office-wrong-day"))).await;
        }
        Err(error) => return back(&office, &viewer, &asked.query, refused(l, returned, error)?).await,
    }
    Ok(go(&format!("{CASES}/hang-loat/{}", asked.number)))
}

/// `GET /viec/hang-loat/{number}`: how far it is; at its end the totals and what was refused.
pub(super) async fn progress(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(number): Path<String>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let done = app.desk.bulk(&viewer.scope, &number).await.map_err(PageError::desk)?;
    let refused = app.desk.bulk_refused(&viewer.scope, &number, MOST_REFUSED).await.map_err(PageError::desk)?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "bulk").count("rows", refused.len() as i64)).await?;
    let mut page = app.page(&viewer, &format!("{CASES}/hang-loat/{number}"), l.t("office-bulk-result"));
    page.crumbs = vec![Link::new(l.t("office-title"), CASES)];
    page.here = l.t("office-bulk-result");
    page.refresh_seconds = (!done.finished && done.stopped.is_none()).then_some(2);
    let (step, back) = how_far(l, done.stopped.as_deref(), done.finished, format!("{CASES}/hang-loat/{number}/chay-tiep"));
    let whole = |n: i64| u64::try_from(n).unwrap_or(0);
    let name = l.t("office-bulk-result");
    let shown = bar(l, &name, whole(done.done + done.refused), whole(done.total), &l.t("office-bulk-unit"), &step, back);
    page.body = shown.then(totals(l, &done)).then(refusals(l, &refused));
    page.audit = audit_note(l, SafeHtml::text(&l.t("office-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// How far a job of many cases is, in words, and its buttons: back to the cases, and on again (`again`) where it was given up.
pub(super) fn how_far(l: Locale, stopped: Option<&str>, finished: bool, again: String) -> (String, SafeHtml) {
    let step = l.t(match (stopped, finished) {
        (Some("rights_changed"), _) => "office-bulk-rights-changed",
        (Some(_), _) => "office-bulk-stopped",
        (None, true) => "office-bulk-finished",
        (None, false) => "office-bulk-running",
    });
    let back = Button::link(l.t("office-bulk-back"), CASES, ButtonKind::Default).html();
    if stopped.is_none() {
        return (step, back);
    }
    let buttons = vec![Button::submit(l.t("office-bulk-again"), ButtonKind::Primary)];
    let form = Form { action: again, reads: false, hidden: Vec::new(), body: SafeHtml::default(), buttons };
    (step, form.html().then(back))
}

/// `POST /viec/hang-loat/{number}/chay-tiep`: one that was given up goes on.
pub(super) async fn again(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    require(&viewer)?;
    office.app.desk.retry_bulk(&viewer.scope, &number).await.map_err(PageError::desk)?;
    Ok(go(&format!("{CASES}/hang-loat/{number}")))
}

fn totals(l: Locale, done: &BulkDone) -> SafeHtml {
    let n = |value: i64| SafeHtml::text(&l.number(value));
    let mut items = vec![
        (l.t("office-bulk-total"), n(done.total)),
        (l.t("office-bulk-done"), n(done.done)),
        (l.t("office-bulk-refused"), n(done.refused)),
    ];
    if done.finished {
        items.push((l.t("office-bulk-slipped"), n(done.slipped())));
    }
    Panel::new(l.t("office-bulk-totals"), definition_list(true, items)).html()
}

fn refusals(l: Locale, refused: &[RefusedRow]) -> SafeHtml {
    if refused.is_empty() {
        return SafeHtml::default();
    }
    let head = vec![Column::text(l.t("office-case")), Column::text(l.t("office-bulk-why"))];
    let rows = refused.iter().enumerate().map(|(at, row)| {
        let name = l.t_args("office-bulk-row", &[("n", (at as i64 + 1).into())]);
        Row::new(vec![Cell::link(name, format!("{CASES}/{}", row.case)), Cell::text(words::refusal(l, row.why))])
    });
    let title = l.t("office-bulk-refused");
    Panel::flush(title.clone(), Table::new("tu-choi", title, head).rows(rows).html(l)).html()
}

fn change_words(office: &Office, l: Locale, change: &Change) -> String {
    match change {
        Change::Take => l.t("office-bulk-take"),
        Change::TakeOver { .. } => l.t("office-take-over"),
        Change::Assign { to } => format!("{}: {}", l.t("office-bulk-assign"), office.user_label(to)),
        Change::Release { .. } => l.t("office-release"),
        Change::Snooze { until, .. } => format!("{}: {}", l.t("office-bulk-snooze"), l.date(*until)),
        Change::Outcome { outcome, day, .. } => {
            let day = day.map(|day| format!(" ({})", l.date(day))).unwrap_or_default();
            format!("{}: {}{day}", l.t("office-bulk-outcome"), words::outcome(l, *outcome))
        }
        Change::Reopen { .. } => l.t("office-reopen"),
    }
}
