//! Forms of cases: one button, one change of one case, one change for many with the boxes of a queue, sheets.

use chapter::{PageError, Returned, Viewer};
use desk::{Case, CasePage, CaseState, Outcome, Permission, SELECTED_CASES, Selected, User};
use web::component::{Button, ButtonKind, Choice, Control, Field, Form, Link, Panel, paragraph};
use web::{Locale, SafeHtml, tag};

use super::pick;
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

/// What a change of many is offered for: a page of the queue with the count of all, what was ticked, and to whom work can be given.
pub(super) struct Many<'m> {
    pub(super) shown: &'m CasePage,
    pub(super) held: &'m Selected,
    pub(super) workers: &'m [User],
}

/// One change for many cases: those that were ticked or all of the filter. Chosen here, named and confirmed on the next page. The boxes of the
/// list are sent with this form, so that none is lost, whichever button is used.
pub(super) fn bulk(
    office: &Office,
    l: Locale,
    viewer: &Viewer,
    query: &QueueQuery,
    many: &Many<'_>,
    returned: &Returned,
) -> SafeHtml {
    let Many { shown, held, workers } = *many;
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
    let all = l.t_args("office-bulk-all", &[("n", shown.count.into())]);
    let which = vec![Choice::new("chon", l.t("office-bulk-ticked"), held.count > 0), Choice::new("loc", all, held.count == 0)];
    let mut fields = vec![
        Field::new("cho", l.t("office-bulk-of"), Control::Radios(which)),
        Field::new("viec", l.t("office-bulk-what"), Control::Select(actions)),
    ];
    if gives {
        let take_over = Field::new("ca-nguoi-khac", l.t("office-bulk-others"), Control::Tick);
        fields.push(take_over.hint(l.t("office-bulk-others-hint")));
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
    let page = [("xem", &query.view), ("sau", &query.after), ("truoc", &query.before)];
    hidden.extend(page.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.clone())));
    let ids: Vec<&str> = shown.rows.iter().map(|case| case.id.as_str()).collect();
    hidden.push(("trang".into(), ids.join(",")));
    let review = tag("div").class("actions").child(Button::submit(l.t("office-bulk-review"), ButtonKind::Default));
    let details = tag("details").flag("open", returned.is("hang-loat")).child(tag("summary").text(&l.t("office-bulk-title")));
    let form = Form {
        action: super::bulk::REVIEW.into(),
        reads: false,
        hidden,
        body: details.children(fields).child(review).html().then(ticked(l, query, held)),
        buttons: pick_buttons(l, query, shown, held),
    };
    let panel = Panel { body: form.with_id(pick::FORM), ..Panel::default() }.html();
    tag("div").class("no-print").child(panel).html()
}

/// How many are ticked, and the way to see them alone. The script counts on in the same words.
fn ticked(l: Locale, query: &QueueQuery, held: &Selected) -> SafeHtml {
    let words = |n: &str| l.t_args("office-pick-count", &[("n", n.into())]);
    let said = tag("p")
        .attr("role", "status")
        .attr("data-picked", held.count.to_string())
        .attr("data-words", words("{n}"))
        .attr("data-failed", l.t("office-pick-failed"))
        .text(&words(&l.number(held.count)));
    let only = query.only_ticked();
    let other = match (only, held.count) {
        (true, _) => Some(Link::new(l.t("office-pick-back"), query.href(CASES, |q| q.only.clear()))),
        (false, 0) => None,
        (false, _) => Some(Link::new(l.t("office-pick-only"), query.href(CASES, |q| q.only = "1".into()))),
    };
    said.html().then(other.map_or_else(SafeHtml::default, |link| tag("p").child(link).html()))
}

/// Buttons over the boxes: each keeps what is ticked on the page. Those that only do that are for browsers without script.
fn pick_buttons(l: Locale, query: &QueueQuery, shown: &CasePage, held: &Selected) -> Vec<Button> {
    let button =
        |label: String, what: String| Button::submit(label, ButtonKind::Default).name_value("lam", what).action(pick::PICK);
    let mut buttons = Vec::new();
    if !shown.rows.is_empty() {
        buttons.push(button(l.t("office-pick-keep"), "luu".into()));
        let (previous, next) = super::queue::beside(query, shown);
        buttons.extend(previous.map(|place| button(l.t("office-pick-previous"), format!("truoc-{place}"))));
        buttons.extend(next.map(|place| button(l.t("office-pick-next"), format!("sau-{place}"))));
        buttons.push(button(l.t("office-pick-page"), "trang".into()));
    }
    if !query.only_ticked() && shown.count > shown.rows.len() as i64 && shown.count <= SELECTED_CASES {
        buttons.push(button(l.t_args("office-pick-all", &[("n", shown.count.into())]), "tat-ca".into()));
    }
    if held.count > 0 {
        buttons.push(button(l.t("office-pick-none"), "bo".into()));
    }
    buttons
}

/// The sheet that comes back, and the template of collectors.
pub(super) fn offline(office: &Office, l: Locale, viewer: &Viewer, query: &QueueQuery) -> SafeHtml {
    if !desk::may(&viewer.scope, Permission::Export) {
        return SafeHtml::default();
    }
    let file = Field::new("tep", l.t("office-sheet-file"), Control::File(".xlsx".into())).hint(l.t("office-sheet-hint")).html(l);
    let form = Form {
        action: super::answer::TAKE.into(),
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
