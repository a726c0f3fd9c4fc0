//! `GET /viec/{case}`: what it is about, what was done, what can be done.

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use base::{Date, SubjectKind};
use chapter::{PageError, Returned, Shown, Viewer};
use desk::{AuditAction, Case, CaseEvent, CaseFile, CaseLinkKind, Outcome, Permission, ReadEvent};
use documents::letter::Addressee;
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Columns, Control, Field, Form, Link, Mark, Moment, NoteKind, Panel, audit_note, columns, definition_list,
    note, paragraph, timeline,
};
use web::{Locale, SafeHtml, tag};

use super::{forms, links, require};
use crate::names::Known;
use crate::pages::DOCUMENTS;
use crate::{CASES, Office, words};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// `1`: something was just written.
    #[serde(rename = "da-ghi", default)]
    saved: String,
}

/// `GET /viec/{case}`.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    page(&office, &viewer, &id, Came { saved: view.saved == "1", ..Came::default() }).await
}

/// How one came to the page.
#[derive(Debug, Default)]
pub(super) struct Came {
    /// Something was just written.
    pub(super) saved: bool,
    /// A form was refused because somebody else had changed the case in between.
    pub(super) stale: bool,
    /// The form that was refused.
    pub(super) returned: Returned,
}

/// The page of a case as it is now; with the form that came back, where one did.
pub(super) async fn page(office: &Office, viewer: &Viewer, id: &str, came: Came) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(viewer);
    let case = app.desk.case(&viewer.scope, id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewCase, "case").object(id);
    let audited = app.audit(viewer, case.commune.iter().fold(event, |event, commune| event.commune(commune))).await?;
    let history = app.desk.case_history(&viewer.scope, id).await.map_err(PageError::desk)?;
    let files = app.desk.case_files(&viewer.scope, id).await.map_err(PageError::desk)?;
    let linked = app.desk.case_links(&viewer.scope, id).await.map_err(PageError::desk)?;
    let shown: Vec<Case> = linked.iter().map(|link| &link.other).chain([&case]).cloned().collect();
    let names = office.names.of(app, &shown).await?;
    let workers = forms::workers(office, viewer).await?;
    let given = history.iter().filter(|event| names_a_user(event));
    let people = case.owner.as_deref().into_iter().chain(history.iter().map(|event| event.actor.as_str()));
    let people =
        people.chain(given.filter_map(|event| event.value.as_deref())).chain(files.iter().map(|file| file.added_by.as_str()));
    let office = office.knowing(viewer, people).await?;
    let app = &office.app;
    let mut body = SafeHtml::default();
    if came.saved {
        body.push(note(NoteKind::Info, &l.t("office-saved-title"), SafeHtml::text(&l.t("office-saved"))));
    }
    let returned = match history.last().filter(|_| came.stale) {
        Some(last) => came.returned.say(since(&office, l, last)),
        None => came.returned,
    };
    let left = SafeHtml::concat([
        facts(&office, l, &case, &names),
        past(&office, l, viewer, &case, &history, &returned),
        attachments(&office, l, viewer, &case, &files, &returned),
        links::block(&office, l, viewer, &case, &linked, &names, &returned),
    ]);
    let right = forms::of_case(&office, l, viewer, &case, &workers, &returned).then(letters(&office, l, viewer, &case).await?);
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    let whole = columns(Columns::MainSide, [stack(left), stack(right)]);
    body.push(returned.head(l, &whole));
    body.push(whole);
    let mut page = app.page(viewer, &format!("{CASES}/{id}"), names.title(&case));
    page.crumbs = vec![Link::new(l.t("office-title"), CASES)];
    page.here = l.t("office-case");
    page.facts = SafeHtml::join(
        [words::state(l, &case, app.today()).html()].into_iter().chain(words::due(l, &case, app.today()).map(|due| due.html())),
        " ",
    );
    page.body = body;
    page.audit = audit_note(l, SafeHtml::text(&l.t("office-audit")));
    page.foot = vec![l.t("office-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn facts(office: &Office, l: Locale, case: &Case, names: &Known) -> SafeHtml {
    let app = &office.app;
    let (subject, href) = match case.subject_kind {
        SubjectKind::Person => (l.t("office-subject-person"), format!("/nguoi/{}", case.subject)),
        SubjectKind::Employer => (l.t("office-subject-employer"), format!("/don-vi/{}", case.subject)),
        SubjectKind::Visit => (l.t("office-subject-visit"), format!("/giam-dinh/ho-so/{}", case.subject)),
    };
    let rule = match app.rules.get(&case.rule) {
        Some(rule) => Link::new(words::rule(app, l, &case.rule), format!("/quy-tac/{}", rule.id)).html(),
        None => SafeHtml::text(&words::rule(app, l, &case.rule)),
    };
    let owner = case.owner.as_ref().map_or_else(|| l.t("office-nobody"), |owner| office.user_label(owner));
    let unit = l.t(&format!("office-unit-{}", case.unit.as_str().replace('_', "-")));
    let mut items = vec![
        (subject, Link::new(names.title(case), href).html()),
        (l.t("office-column-rule"), rule),
        (l.t("office-column-place"), SafeHtml::text(&words::place_of(app, l, case))),
        (l.t("office-unit"), SafeHtml::text(&unit)),
        (l.t("office-owner"), SafeHtml::text(&owner)),
        (l.t("office-period"), SafeHtml::text(&l.month(case.period))),
        (l.t("office-column-due"), SafeHtml::text(&l.date(case.due))),
    ];
    if let Some(outcome) = case.outcome {
        items.push((l.t("office-outcome"), SafeHtml::text(&outcome_words(l, outcome, case.outcome_day))));
    }
    // What a person asked themselves was found by nobody's rule.
    let foot = match app.rules.get(&case.rule) {
        Some(_) => format!("{} {}", l.t("office-indication"), app.automation_line(l)),
        None => l.t("office-indication"),
    };
    Panel::new(l.t("office-facts"), definition_list(false, items)).foot(SafeHtml::text(&foot)).html()
}

fn outcome_words(l: Locale, outcome: Outcome, day: Option<Date>) -> String {
    let words = words::outcome(l, outcome);
    match day {
        Some(day) => format!("{words}: {}", l.date(day)),
        None => words,
    }
}

/// What somebody else did while a form was being filled in.
fn since(office: &Office, l: Locale, event: &CaseEvent) -> String {
    let (day, time) = clock(event.at);
    let who = if event.actor == "system" { l.t("office-system") } else { office.user_label(&event.actor) };
    let values = [
        ("who", who.as_str().into()),
        ("when", format!("{time} {}", day.map(|day| l.date(day)).unwrap_or_default()).into()),
        ("what", told(office, l, event).into()),
    ];
    l.t_args("office-stale", &values)
}

fn past(office: &Office, l: Locale, viewer: &Viewer, case: &Case, history: &[CaseEvent], returned: &Returned) -> SafeHtml {
    let app = &office.app;
    let moments: Vec<Moment> = history
        .iter()
        .rev()
        .map(|event| {
            let (day, time) = clock(event.at);
            let who = if event.actor == "system" { l.t("office-system") } else { office.user_label(&event.actor) };
            let mut detail = tag("span").text(&who).html();
            if let Some(reason) = &event.reason {
                detail.push(tag("p").text(reason).html());
            }
            Moment {
                when: format!("{} {time}", day.map(|day| l.date(day)).unwrap_or_default()),
                mark: if event.what == "comment" { Mark::Coming } else { Mark::Step },
                title: SafeHtml::text(&told(office, l, event)),
                detail,
            }
        })
        .collect();
    let number = returned.number("y-kien", app.form_number(viewer, &format!("comment {}", case.id)));
    let form = Form {
        action: format!("{CASES}/{}/y-kien", case.id),
        reads: false,
        hidden: vec![("so".into(), number)],
        body: returned.fill("y-kien", Field::new("y-kien", l.t("office-comment"), Control::Lines)).html(l),
        buttons: vec![Button::submit(l.t("office-comment-send"), ButtonKind::Default)],
    };
    Panel::new(l.t("office-history"), form.html().then(timeline(&moments))).html()
}

/// Whether the value of what was done is a user.
fn names_a_user(event: &CaseEvent) -> bool {
    matches!(event.what.as_str(), "taken" | "taken_over" | "assigned" | "freed_off" | "freed_unseen")
}

/// What was done, in words.
fn told(office: &Office, l: Locale, event: &CaseEvent) -> String {
    let value = event.value.as_deref().unwrap_or_default();
    let value = match event.what.as_str() {
        _ if names_a_user(event) => office.user_label(value),
        "closed" | "contacted" => {
            Outcome::from_word(value).map_or_else(String::new, |outcome| outcome_words(l, outcome, event.day))
        }
        "linked" | "unlinked" => CaseLinkKind::from_word(value).map_or_else(String::new, |kind| links::kind_words(l, kind)),
        "relocated" => base::CommuneCode::parse(value).map_or_else(|| value.to_owned(), |code| words::place(&office.app, &code)),
        "resolved" | "vanished" | "returned" | "still_found" | "term_over" | "seen_again" => {
            value.parse().map_or_else(|_| value.to_owned(), |month| l.month(month))
        }
        _ => value.to_owned(),
    };
    let day = event.day.map(|day| l.date(day)).unwrap_or_default();
    let values = [("value", value.as_str().into()), ("day", day.as_str().into())];
    l.t_args(&format!("office-event-{}", event.what.replace('_', "-")), &values)
}

fn attachments(office: &Office, l: Locale, viewer: &Viewer, case: &Case, files: &[CaseFile], returned: &Returned) -> SafeHtml {
    let items = files.iter().map(|file| {
        let link = Link::new(file.name.as_str(), format!("{CASES}/{}/tep/{}", case.id, file.id)).html();
        let kilobytes = l.number((file.size + 1023) / 1024);
        let (day, _) = clock(file.added_at);
        let who = office.user_label(&file.added_by);
        let about = l.t_args(
            "office-file-about",
            &[
                ("kb", kilobytes.as_str().into()),
                ("who", who.as_str().into()),
                ("day", day.map(|day| l.date(day)).unwrap_or_default().as_str().into()),
            ],
        );
        tag("li").child(link).child(tag("p").class("small").text(&about))
    });
    let list = tag("ul").class("links").children(items).html();
    let file = Field::new("tep", l.t("office-file"), Control::File(".pdf,.png,.jpg,.jpeg".into())).hint(l.t("office-file-hint"));
    let number = returned.number("tep", office.app.form_number(viewer, &format!("file {}", case.id)));
    let form = Form {
        action: format!("{CASES}/{}/tep", case.id),
        reads: false,
        hidden: vec![("so".into(), number)],
        body: returned.fill("tep", file).html(l),
        buttons: vec![Button::submit(l.t("office-file-send"), ButtonKind::Default).busy(l.t("office-saving"))],
    };
    let none = files.is_empty().then(|| paragraph(SafeHtml::text(&l.t("office-files-none"))));
    Panel::new(l.t("office-files"), none.unwrap_or(list).then(form.with_files())).html()
}

/// The documents about what the case is about, and the button that drafts one where its rule has a template.
async fn letters(office: &Office, l: Locale<'_>, viewer: &Viewer, case: &Case) -> Result<SafeHtml, PageError> {
    if !desk::may(&viewer.scope, Permission::PrepareDocuments) {
        return Ok(SafeHtml::default());
    }
    let known = office.app.desk.documents_of(&viewer.scope, case.subject_kind, case.subject).await.map_err(PageError::desk)?;
    let items = known.iter().filter(|document| document.rule == case.rule).map(|document| {
        let link = Link::new(document.title.as_str(), format!("{DOCUMENTS}/{}", document.id)).html();
        tag("li").child(link).text(" ").child(super::document::status(l, document).html())
    });
    let mut body = tag("ul").class("links").children(items).html();
    let (base, to) = match case.subject_kind {
        SubjectKind::Person => (format!("/nguoi/{}", case.subject), Addressee::Person),
        SubjectKind::Employer => (format!("/don-vi/{}", case.subject), Addressee::Employer),
        SubjectKind::Visit => (format!("/giam-dinh/ho-so/{}", case.subject), Addressee::Employer),
    };
    let template = office.app.rules.get(&case.rule).and_then(|rule| rule.work.letter.as_deref());
    let fits = template.and_then(|id| office.letters.get(id)).is_some_and(|template| template.to == to);
    if fits && case.gone_period.is_none() {
        let action = format!("{base}/thu/{}", case.rule);
        let hidden = vec![("so".into(), office.app.form_number(viewer, &format!("letter {action}")))];
        let buttons = vec![Button::submit(l.t("document-draft"), ButtonKind::Default).busy(l.t("office-saving"))];
        body.push(Form { action, reads: false, hidden, body: SafeHtml::default(), buttons }.html());
    } else if known.is_empty() {
        return Ok(SafeHtml::default());
    }
    Ok(Panel::new(l.t("document-title"), body).html())
}

/// Day and time in Hà Nội of a moment.
pub(super) fn clock(unix_ms: i64) -> (Option<Date>, String) {
    let seconds = unix_ms.div_euclid(1000) + 7 * 3600;
    let day = i32::try_from(seconds.div_euclid(86_400)).ok().and_then(Date::from_days_since_epoch);
    let rest = seconds.rem_euclid(86_400);
    (day, format!("{:02}:{:02}", rest / 3600, rest / 60 % 60))
}
