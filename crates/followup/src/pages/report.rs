//! `/ke-hoach/bao-cao/{report}`: writing, submitting, confirming and returning a report.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer, day_in_hanoi};
use desk::{
    AuditAction, Evidence, Permission, ReadEvent, ReportChange, ReportEvent, ReportState, ReportWords, TaskReport, TaskTerm,
    UserLabel,
};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Columns, Control, Field, Form, Link, Mark, Moment, NoteKind, Panel, columns, definition_list, note,
    timeline,
};
use web::{Locale, SafeHtml, tag};

use super::figure::{self, Sources};
use super::{evidence, go, heading, report_href, report_status, task, unit_names};
use crate::who::owes;
use crate::{Followup, HOME};

/// What the form of a new report sends.
#[derive(Debug, Deserialize)]
pub(super) struct Drafted {
    #[serde(rename = "nhiem-vu")]
    task: String,
    #[serde(rename = "han")]
    term: String,
    #[serde(rename = "so")]
    number: String,
}

/// `POST /ke-hoach/bao-cao`: begins the report of the viewer's unit about a term that the plan has.
pub(super) async fn draft(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    FromForm(drafted): FromForm<Drafted>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let wrong = || PageError::BadRequest(l.t("followup-fault-term"));
    let term: base::Date = drafted.term.parse().map_err(|_| wrong())?;
    let seen = followup.seen(&viewer, term.year()).await?;
    let standing = seen.standings.iter().find(|standing| standing.task.id == drafted.task).ok_or_else(wrong)?;
    if !owes(followup.plan(), standing.task, &viewer.scope) || !standing.terms.iter().any(|one| one.due == term) {
        return Err(wrong());
    }
    let about = TaskTerm { plan: followup.followed.id.to_string(), task: drafted.task, term };
    let report = app.desk.draft_task_report(&viewer.scope, &about, &drafted.number).await.map_err(PageError::desk)?;
    Ok(go(&report_href(&report.id)))
}

/// `GET /ke-hoach/bao-cao/{report}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let (report, shown, history) = app.desk.task_report(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "task_report").object(id.as_str());
    let audited = app.audit(&viewer, event).await?;
    let names = unit_names(app, &viewer).await?;
    let actors = history.iter().map(|event| event.actor.as_str()).collect();
    let labels = app.desk.user_labels(&viewer.scope, &actors).await.map_err(PageError::desk)?;
    let plan_task = followup.plan().tasks.iter().find(|task| task.id == report.about.task);
    let title = plan_task.map_or_else(|| report.about.task.clone(), |task| heading(l, task).to_owned());
    let mut page = app.page(&viewer, HOME, title);
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.crumbs.extend(plan_task.map(|one| task::link(l, one)));
    page.here = l.t("followup-report-here");
    page.facts = report_status(l, report.state).html();
    let writes = is_open(&report) && report.unit == viewer.scope.unit && desk::may(&viewer.scope, Permission::ReportTasks);
    let mut main = vec![facts(l, &report, &names)];
    if report.state == ReportState::Returned {
        main.extend(returned(l, &history));
    }
    main.push(if writes { write_form(&followup, l, &viewer, &report) } else { words(l, &report) });
    if let Some(task) = plan_task {
        let seen = followup.seen(&viewer, report.about.term.year()).await?;
        let terms = seen.standings.iter().filter(|one| one.task.id == task.id).flat_map(|one| &one.terms);
        let own = terms.into_iter().find(|term| term.due == report.about.term).map(|term| term.span);
        let span = own.unwrap_or((report.about.term, report.about.term));
        let sources = Sources::of_term(&followup, &viewer, report.about.term, span).await?;
        main.push(figure::panel(&followup, l, &viewer, task, &sources));
    }
    main.push(evidence::panel(&followup, l, &viewer, &report, &shown, writes));
    let mut side = vec![acts(&followup, l, &viewer, &report, &shown, writes)];
    side.push(past(l, &history, &labels));
    let stack = |blocks: Vec<SafeHtml>| tag("div").class("grid").children(blocks).html();
    page.body = columns(Columns::MainSide, [stack(main), stack(side)]);
    page.foot = vec![l.t("followup-foot-report")];
    Ok(Shown::page(page.render(l), audited))
}

/// Whether its unit may still change it.
fn is_open(report: &TaskReport) -> bool {
    matches!(report.state, ReportState::Draft | ReportState::Returned)
}

fn facts(l: Locale, report: &TaskReport, names: &BTreeMap<String, String>) -> SafeHtml {
    let items = [
        (l.t("followup-column-unit"), SafeHtml::text(names.get(&report.unit).unwrap_or(&report.unit))),
        (l.t("followup-column-term"), SafeHtml::text(&l.date(report.about.term))),
    ];
    Panel::new(l.t("followup-report-facts"), definition_list(false, items)).html()
}

/// Why it was returned, told first.
fn returned(l: Locale, history: &[ReportEvent]) -> Option<SafeHtml> {
    let reason = history.iter().rev().find(|event| event.what == "returned")?.reason.as_deref()?;
    Some(note(NoteKind::Caution, &l.t("followup-returned-why"), SafeHtml::text(reason)))
}

/// The parts of a report: name of the field, its words, its hint.
const PARTS: [(&str, &str, &str); 3] = [
    ("ket-qua", "followup-done", "followup-done-hint"),
    ("kho-khan", "followup-hindered", "followup-hindered-hint"),
    ("kien-nghi", "followup-proposed", "followup-proposed-hint"),
];

fn parts(report: &TaskReport) -> [&str; 3] {
    [&report.words.done, &report.words.hindered, &report.words.proposed]
}

fn words(l: Locale, report: &TaskReport) -> SafeHtml {
    let items = PARTS.iter().zip(parts(report)).map(|((_, key, _), text)| {
        let text = if text.is_empty() { "–" } else { text };
        (l.t(key), tag("p").class("lines").text(text).html())
    });
    Panel::new(l.t("followup-words"), definition_list(false, items)).html()
}

fn write_form(followup: &Followup, l: Locale, viewer: &Viewer, report: &TaskReport) -> SafeHtml {
    let fields = PARTS.iter().zip(parts(report)).map(|((name, key, hint), text)| {
        let field = Field::new(*name, l.t(key), Control::Lines).value(text).hint(l.t(hint));
        if *name == "ket-qua" { field } else { field.optional() }
    });
    let form = Form {
        action: report_href(&report.id),
        reads: false,
        hidden: hidden(followup, viewer, report),
        body: SafeHtml::concat(fields.map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("followup-save"), ButtonKind::Default).name_value("viec", "ghi")],
    };
    Panel::new(l.t("followup-words"), form.html()).html()
}

pub(super) fn hidden(followup: &Followup, viewer: &Viewer, report: &TaskReport) -> Vec<(String, String)> {
    let number = followup.app.form_number(viewer, "task report");
    vec![("phien-ban".into(), report.version.to_string()), ("so".into(), number)]
}

/// What the viewer may do with it now.
fn acts(followup: &Followup, l: Locale, viewer: &Viewer, report: &TaskReport, shown: &[Evidence], writes: bool) -> SafeHtml {
    let mut forms = Vec::new();
    if writes {
        let ready = !report.words.done.is_empty() || !shown.is_empty();
        let submit = Button::submit(l.t("followup-submit"), ButtonKind::Primary).name_value("viec", "gui");
        let submit = if ready { submit } else { submit.unavailable(l.t("followup-submit-empty")) };
        forms.push(act(followup, viewer, report, SafeHtml::empty(), submit));
    }
    if desk::may(&viewer.scope, Permission::ConfirmTasks)
        && matches!(report.state, ReportState::Submitted | ReportState::Confirmed)
    {
        if report.state == ReportState::Submitted {
            let confirm = Button::submit(l.t("followup-confirm"), ButtonKind::Primary).name_value("viec", "xac-nhan");
            forms.push(act(followup, viewer, report, SafeHtml::empty(), confirm));
        }
        let reason = Field::new("ly-do", l.t("followup-return-reason"), Control::Lines).html(l);
        let back = Button::submit(l.t("followup-return"), ButtonKind::Default).name_value("viec", "tra-lai");
        forms.push(act(followup, viewer, report, reason, back));
    }
    if forms.is_empty() {
        return SafeHtml::empty();
    }
    Panel::new(l.t("followup-acts"), SafeHtml::concat(forms)).html()
}

fn act(followup: &Followup, viewer: &Viewer, report: &TaskReport, body: SafeHtml, button: Button) -> SafeHtml {
    let hidden = hidden(followup, viewer, report);
    Form { action: report_href(&report.id), reads: false, hidden, body, buttons: vec![button] }.html()
}

fn past(l: Locale, history: &[ReportEvent], labels: &BTreeMap<String, UserLabel>) -> SafeHtml {
    let moments: Vec<Moment> = history
        .iter()
        .rev()
        .map(|event| {
            let who = labels.get(&event.actor).map_or(event.actor.as_str(), |known| known.label.as_str());
            let reason = event.reason.as_deref().map(|reason| tag("p").text(reason).html());
            Moment {
                when: l.date(day_in_hanoi(event.at)),
                mark: Mark::Step,
                title: SafeHtml::text(&l.t(event_key(&event.what))),
                detail: tag("span").text(who).html().then(reason.unwrap_or_default()),
            }
        })
        .collect();
    Panel::new(l.t("followup-history"), timeline(&moments)).html()
}

fn event_key(what: &str) -> &'static str {
    match what {
        "drafted" => "followup-event-drafted",
        "submitted" => "followup-event-submitted",
        "confirmed" => "followup-event-confirmed",
        "returned" => "followup-event-returned",
        "evidence_added" => "followup-event-evidence-added",
        "evidence_removed" => "followup-event-evidence-removed",
        _ => "followup-event-written",
    }
}

/// What the forms of a report send.
#[derive(Debug, Deserialize)]
pub(super) struct Changed {
    #[serde(rename = "viec")]
    what: String,
    #[serde(rename = "phien-ban")]
    version: i64,
    #[serde(rename = "so")]
    number: String,
    #[serde(rename = "ket-qua", default)]
    done: String,
    #[serde(rename = "kho-khan", default)]
    hindered: String,
    #[serde(rename = "kien-nghi", default)]
    proposed: String,
    #[serde(rename = "ly-do", default)]
    reason: String,
}

/// `POST /ke-hoach/bao-cao/{report}`.
pub(super) async fn change(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(changed): FromForm<Changed>,
) -> Result<Response, PageError> {
    let l = followup.app.locale(&viewer);
    // Each line by itself: a report has paragraphs.
    let text = |text: &str| text.lines().map(base::names::clean).collect::<Vec<_>>().join("\n").trim().to_owned();
    let change = match changed.what.as_str() {
        "ghi" => ReportChange::Write(ReportWords {
            done: text(&changed.done),
            hindered: text(&changed.hindered),
            proposed: text(&changed.proposed),
        }),
        "gui" => ReportChange::Submit,
        "xac-nhan" => ReportChange::Confirm,
        "tra-lai" => ReportChange::Return { reason: base::names::clean(&changed.reason) },
        _ => return Err(PageError::BadRequest(l.t("followup-fault-act"))),
    };
    let desk = &followup.app.desk;
    desk.change_task_report(&viewer.scope, &id, changed.version, &change, &changed.number).await.map_err(PageError::desk)?;
    Ok(go(&report_href(&id)))
}
