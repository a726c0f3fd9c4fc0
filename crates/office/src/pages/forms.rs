//! Forms of cases: one button, one change of one case, one change for a whole queue, sheets.

use chapter::{PageError, Returned, Viewer};
use desk::{Case, CaseState, Outcome, Permission, User};
use web::component::{Button, ButtonKind, Choice, Control, Field, Form, Link, Panel, paragraph};
use web::{Locale, SafeHtml, tag};

use crate::query::QueueQuery;
use crate::{CASES, Office, words};

/// To whom work can be given; nobody for who may not give any.
pub(super) async fn workers(office: &Office, viewer: &Viewer) -> Result<Vec<User>, PageError> {
    if !desk::may(&viewer.scope, Permission::AssignCases) {
        return Ok(Vec::new());
    }
    office.app.desk.case_workers(&viewer.scope).await.map_err(PageError::desk)
}

/// One change as one button.
pub(super) fn quick(
    office: &Office,
    viewer: &Viewer,
    case: &Case,
    back: &str,
    action: &str,
    reason: &str,
    button: Button,
) -> SafeHtml {
    let mut hidden = head(office, viewer, case, action);
    hidden.push(("ve".into(), back.to_owned()));
    if !reason.is_empty() {
        hidden.push(("ly-do".into(), reason.to_owned()));
    }
    Form { action: format!("{CASES}/{}/doi", case.id), reads: false, hidden, body: SafeHtml::default(), buttons: vec![button] }
        .html()
}

/// Version, number and kind of a change.
fn head(office: &Office, viewer: &Viewer, case: &Case, action: &str) -> Vec<(String, String)> {
    vec![
        ("viec".into(), action.to_owned()),
        ("phien-ban".into(), case.version.to_string()),
        ("so".into(), office.app.form_number(viewer, &format!("case {} {action}", case.id))),
    ]
}

/// All that can be done with a case by who looks at it.
pub(super) fn of_case(
    office: &Office,
    l: Locale,
    viewer: &Viewer,
    case: &Case,
    workers: &[User],
    returned: &Returned,
) -> SafeHtml {
    let action = format!("{CASES}/{}/doi", case.id);
    let form = |what: &str, body: SafeHtml, button: Button| {
        let mut hidden = head(office, viewer, case, what);
        for (name, value) in &mut hidden {
            if name.as_str() == "so" {
                *value = returned.number(what, std::mem::take(value));
            }
        }
        Form { action: action.clone(), reads: false, hidden, body, buttons: vec![button] }.html()
    };
    let reason = |what: &str, id: &str| returned.fill(what, Field::new(id, l.t("office-reason"), Control::Lines)).html(l);
    if case.state == CaseState::Done {
        let button = Button::submit(l.t("office-reopen"), ButtonKind::Default);
        return Panel::new(l.t("office-reopen"), form("mo-lai", reason("mo-lai", "ly-do"), button)).html();
    }
    let mine = case.owner.as_deref().is_some_and(|owner| viewer.scope.is_own(owner));
    let gives = desk::may(&viewer.scope, Permission::AssignCases);
    if let Some(owner) = case.owner.as_deref().filter(|_| !mine && !gives) {
        let elses = paragraph(SafeHtml::text(&l.t("office-somebody-elses")));
        let mut panels = Panel::new(l.t("office-outcome-title"), elses).html();
        if office.is_colleague(viewer, owner) {
            let body = paragraph(SafeHtml::text(&l.t("office-take-over-hint"))).then(reason("nhan-thay", "ly-do"));
            let button = Button::submit(l.t("office-take-over"), ButtonKind::Default);
            let form = form("nhan-thay", body, button);
            panels.push(unfolded(&l.t("office-take-over-title"), form, returned.is("nhan-thay")));
        }
        return panels;
    }
    let mut panels = SafeHtml::default();
    if !mine {
        let button = Button::submit(l.t("office-take"), ButtonKind::Primary);
        panels.push(Panel::new(l.t("office-take-title"), form("nhan", SafeHtml::default(), button)).html());
    }
    let allowed = words::allowed(&office.app);
    let offered: &[Outcome] = allowed.get(&case.rule).map_or(&[], Vec::as_slice);
    let body = outcome_fields(l, offered, returned);
    let kind = if mine { ButtonKind::Primary } else { ButtonKind::Default };
    let save = Button::submit(l.t("office-save"), kind).busy(l.t("office-saving"));
    panels.push(Panel::new(l.t("office-outcome-title"), form("ket-qua", body, save)).id("ket-qua").html());
    let until = returned.fill("hoan", Field::new("ngay-lai", l.t("office-snooze-until"), Control::Date)).html(l);
    let body = until.then(reason("hoan", "ly-do-hoan"));
    let later = form("hoan", body, Button::submit(l.t("office-snooze"), ButtonKind::Default));
    panels.push(unfolded(&l.t("office-snooze-title"), later, returned.is("hoan")));
    if gives {
        let to = Field::new("nguoi", l.t("office-assign-to"), Control::Select(users(workers, case.owner.as_deref())));
        let body = returned.fill("giao", to).html(l);
        let assign = form("giao", body, Button::submit(l.t("office-assign"), ButtonKind::Default));
        panels.push(unfolded(&l.t("office-assign-title"), assign, returned.is("giao")));
    }
    if case.owner.is_some() {
        let button = Button::submit(l.t("office-release"), ButtonKind::Default);
        let release = form("tra-lai", reason("tra-lai", "ly-do-tra"), button);
        panels.push(unfolded(&l.t("office-release-title"), release, returned.is("tra-lai")));
    }
    panels
}

/// Outcome, its day, its words.
fn outcome_fields(l: Locale, offered: &[Outcome], returned: &Returned) -> SafeHtml {
    let choices = offered.iter().map(|outcome| Choice::new(outcome.as_str(), words::outcome(l, *outcome), false)).collect();
    let fields = [
        Field::new("ket-qua-la", l.t("office-outcome"), Control::Radios(choices)),
        Field::new("ngay", l.t("office-outcome-day"), Control::Date).hint(l.t("office-outcome-day-hint")).optional(),
        Field::new("ly-do", l.t("office-outcome-words"), Control::Lines).hint(l.t("office-outcome-words-hint")),
    ];
    SafeHtml::concat(fields.map(|field| returned.fill("ket-qua", field).html(l)))
}

fn users(workers: &[User], owner: Option<&str>) -> Vec<Choice> {
    workers.iter().map(|user| Choice::new(user.id.as_str(), user.label.as_str(), owner == Some(user.id.as_str()))).collect()
}

pub(super) fn folded(title: &str, body: SafeHtml) -> SafeHtml {
    unfolded(title, body, false)
}

/// The same, open where its form came back.
pub(super) fn unfolded(title: &str, body: SafeHtml, open: bool) -> SafeHtml {
    let inner = tag("details").flag("open", open).child(tag("summary").text(title)).child(body).html();
    Panel { body: inner, ..Panel::default() }.html()
}

/// One change for all cases of a queue: chosen here, named and confirmed on the next page.
pub(super) fn bulk(
    office: &Office,
    l: Locale,
    viewer: &Viewer,
    query: &QueueQuery,
    count: i64,
    workers: &[User],
    returned: &Returned,
) -> SafeHtml {
    let gives = !workers.is_empty();
    let mut actions = vec![Choice::new("nhan", l.t("office-bulk-take"), true)];
    if gives {
        actions.push(Choice::new("giao", l.t("office-bulk-assign"), false));
    }
    actions.push(Choice::new("hoan", l.t("office-bulk-snooze"), false));
    actions.push(Choice::new("ket-qua", l.t("office-bulk-outcome"), false));
    let mut outcomes = vec![Choice::new("", l.t("office-bulk-no-outcome"), true)];
    let offered = Outcome::ALL.into_iter().filter(|outcome| outcome.is_of_findings());
    outcomes.extend(offered.map(|outcome| Choice::new(outcome.as_str(), words::outcome(l, outcome), false)));
    let mut fields = vec![Field::new("viec", l.t("office-bulk-what"), Control::Select(actions))];
    if gives {
        fields.push(Field::new("giao-cho", l.t("office-assign-to"), Control::Select(users(workers, None))));
    }
    fields.extend([
        Field::new("ket-qua-la", l.t("office-outcome"), Control::Select(outcomes)).optional(),
        Field::new("ngay", l.t("office-bulk-day"), Control::Date).optional(),
        Field::new("ly-do", l.t("office-reason"), Control::Lines).optional(),
    ]);
    let fields = fields.into_iter().map(|field| returned.fill("hang-loat", field).html(l));
    let mut hidden = query.fields();
    hidden.push(("so".into(), returned.number("hang-loat", office.app.form_number(viewer, "bulk"))));
    let form = Form {
        action: super::bulk::REVIEW.into(),
        reads: false,
        hidden,
        body: SafeHtml::concat(fields),
        buttons: vec![Button::submit(l.t("office-bulk-review"), ButtonKind::Default)],
    };
    let title = l.t_args("office-bulk-title", &[("n", count.into())]);
    tag("div").class("no-print").child(unfolded(&title, form.html(), returned.is("hang-loat"))).html()
}

/// The sheet that comes back, and the template of collectors.
pub(super) fn offline(office: &Office, l: Locale, viewer: &Viewer, query: &QueueQuery) -> SafeHtml {
    if !desk::may(&viewer.scope, Permission::Export) {
        return SafeHtml::default();
    }
    let file = Field::new("tep", l.t("office-sheet-file"), Control::File(".xlsx".into())).hint(l.t("office-sheet-hint")).html(l);
    let form = Form {
        action: format!("{CASES}/nhan-tep"),
        reads: false,
        hidden: vec![("so".into(), office.app.form_number(viewer, "case sheet"))],
        body: file,
        buttons: vec![Button::submit(l.t("office-sheet-send"), ButtonKind::Default).busy(l.t("office-saving"))],
    };
    let mut body = form.with_files();
    if desk::may(&viewer.scope, Permission::ManageCollectors) {
        let to = Link::new(l.t("collector-hand"), query.href(super::collector::HAND, |q| q.view.clear()));
        body.push(paragraph(to.html()));
        body.push(tag("p").class("small").text(&l.t("office-d03-hint")).html());
    }
    tag("div").class("no-print").child(folded(&l.t("office-sheet-title"), body)).html()
}
