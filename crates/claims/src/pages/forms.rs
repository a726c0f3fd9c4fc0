//! Forms about a case as a whole: taking it, giving it, sending it, the second signature, closing, handing to another authority, collecting, notes.

use chapter::{PageError, Returned, Viewer};
use desk::{Document, LineDecision, PendingSignature, Permission, ReviewCase, ReviewRecord, ReviewState, User};
use web::component::{Button, ButtonKind, Cell, Choice, Column, Control, Field, Form, Panel, Row, Table, paragraph};
use web::{Locale, SafeHtml, tag};

use super::terms::answer_due;
use super::{AUDIT, Audit, letters, words};

/// A form of one change: which one, its fields, its button.
pub(super) fn form(audit: &Audit, viewer: &Viewer, case: &ReviewCase, what: &str, body: SafeHtml, button: Button) -> SafeHtml {
    Form {
        action: format!("{AUDIT}/vu-viec/{}/doi", case.id),
        reads: false,
        hidden: vec![
            ("viec".into(), what.to_owned()),
            ("phien-ban".into(), case.version.to_string()),
            ("ho-so".into(), case.visit.to_string()),
            ("so".into(), audit.app.form_number(viewer, &format!("review {} {what} {}", case.id, case.version))),
        ],
        body,
        buttons: vec![button],
    }
    .html()
}

/// A form that is opened when it is needed, and stands open where it came back.
fn folded(title: &str, body: SafeHtml, open: bool) -> SafeHtml {
    let inner = tag("details").flag("open", open).child(tag("summary").text(title)).child(body).html();
    Panel { body: inner, ..Panel::default() }.html()
}

/// All that can be done with a case as a whole by who looks at it.
pub(super) async fn of_case(
    audit: &Audit,
    l: Locale<'_>,
    viewer: &Viewer,
    record: &ReviewRecord,
    documents: &[Document],
    returned: &Returned,
) -> Result<SafeHtml, PageError> {
    let case = &record.case;
    let me = viewer.scope.actor.0.as_str();
    let mine = case.owner.as_deref() == Some(me);
    let decides = desk::may(&viewer.scope, Permission::DecideClaims);
    let done = matches!(case.state, ReviewState::Final | ReviewState::Closed);
    let button = |key: String, kind: ButtonKind| Button::submit(key, kind).busy(l.t("claims-saving"));
    let act = |what: &str, body: SafeHtml, button: Button| form(audit, viewer, case, what, body, button);
    let reason = |what: &str, name: &str| returned.fill(what, Field::new(name, l.t("claims-reason"), Control::Lines)).html(l);
    let mut all = SafeHtml::default();
    if let Some(pending) = &case.pending {
        all.push(signature(audit, l, viewer, record, pending, returned).await?);
    }
    if !done && case.owner.is_none() {
        let take = act("nhan", SafeHtml::default(), button(l.t("claims-take"), ButtonKind::Primary));
        all.push(Panel::new(l.t("claims-take-title"), take).html());
    } else if !done && !mine && !decides {
        all.push(Panel::new(l.t("claims-take-title"), paragraph(SafeHtml::text(&l.t("claims-somebody-elses")))).html());
    }
    if case.state == ReviewState::Proposed {
        let send = act("gui", notice(audit, l, documents, returned)?, button(l.t("claims-send"), ButtonKind::Primary));
        all.push(Panel::new(l.t("claims-send-title"), send).id("gui").html());
    }
    if decides && !done {
        let users = workers(audit, viewer).await?;
        let choices = users
            .iter()
            .map(|user| Choice::new(user.id.as_str(), user.label.as_str(), case.owner.as_deref() == Some(user.id.as_str())));
        let to = Field::new("nguoi", l.t("claims-assign-to"), Control::Select(choices.collect()));
        let to = returned.fill("giao", to).html(l);
        let assign = act("giao", to, button(l.t("claims-assign"), ButtonKind::Default));
        all.push(folded(&l.t("claims-assign-title"), assign, returned.is("giao")));
    }
    if case.owner.is_some() && !done && (mine || decides) {
        let release = act("tra-lai", reason("tra-lai", "ly-do-tra"), button(l.t("claims-release"), ButtonKind::Default));
        all.push(folded(&l.t("claims-release-title"), release, returned.is("tra-lai")));
    }
    let before_decision = !done && !matches!(case.state, ReviewState::Decided | ReviewState::Appealed);
    if before_decision && case.pending.is_none() {
        let close = act("dong", reason("dong", "ly-do-dong"), button(l.t("claims-close"), ButtonKind::Default));
        let what = paragraph(SafeHtml::text(&l.t("claims-close-what")));
        all.push(folded(&l.t("claims-close-title"), what.then(close), returned.is("dong")));
    }
    if matches!(case.state, ReviewState::Decided | ReviewState::Final) {
        let fields = [
            Field::new("so-tien-thu", l.t("claims-collect-amount"), Control::Text).hint(l.t("claims-collect-hint")),
            Field::new("ngay-thu", l.t("claims-collect-day"), Control::Date).value(words::typed(audit.app.today())),
            Field::new("chung-tu", l.t("claims-collect-document"), Control::Text),
        ];
        let body = SafeHtml::concat(fields.map(|field| returned.fill("thu-hoi", field).html(l)));
        let collect = act("thu-hoi", body, button(l.t("claims-collect"), ButtonKind::Default));
        all.push(folded(&l.t("claims-collect-title"), collect, returned.is("thu-hoi")));
    }
    let refer = returned.fill("chuyen", Field::new("van-ban-chuyen", l.t("claims-refer-document"), Control::Text)).html(l);
    let refer = refer.then(reason("chuyen", "ly-do-chuyen"));
    let refer = act("chuyen", refer, button(l.t("claims-refer"), ButtonKind::Default));
    let refer = paragraph(SafeHtml::text(&l.t("claims-refer-what"))).then(refer);
    all.push(folded(&l.t("claims-refer-title"), refer, returned.is("chuyen")));
    let note = Field::new("ghi-chu", l.t("claims-note"), Control::Lines).hint(l.t("claims-note-hint"));
    let note = returned.fill("ghi-chu", note).html(l);
    let note = act("ghi-chu", note, button(l.t("claims-note-save"), ButtonKind::Default));
    all.push(folded(&l.t("claims-note-title"), note, returned.is("ghi-chu")));
    Ok(all)
}

/// Whom a case can be given to.
async fn workers(audit: &Audit, viewer: &Viewer) -> Result<Vec<User>, PageError> {
    let all = audit.app.desk.case_workers(&viewer.scope).await.map_err(PageError::desk)?;
    Ok(all.into_iter().filter(|user| desk::permissions(user.role).contains(&Permission::ReviewClaims)).collect())
}

/// How the facility is told: a document of this system, or in another way that is written down.
fn notice(audit: &Audit, l: Locale, documents: &[Document], returned: &Returned) -> Result<SafeHtml, PageError> {
    let document = letters::choose(l, documents);
    let channel =
        Field::new("kenh", l.t("claims-notice-channel"), Control::Lines).hint(l.t("claims-notice-channel-hint")).optional();
    let day = l.date(answer_due(&audit.app, audit.app.today())?);
    let what = paragraph(SafeHtml::text(&l.t_args("claims-send-what", &[("day", day.as_str().into())])));
    let fields = [document, channel].map(|field| returned.fill("gui", field).html(l));
    Ok(what.then(SafeHtml::concat(fields)))
}

/// What was signed first and waits for the second person, and what they can do with it.
async fn signature(
    audit: &Audit,
    l: Locale<'_>,
    viewer: &Viewer,
    record: &ReviewRecord,
    pending: &PendingSignature,
    returned: &Returned,
) -> Result<SafeHtml, PageError> {
    let names = words::user_names(&audit.app, viewer, std::iter::once(pending.signed_by.as_str())).await?;
    let who = names.get(&pending.signed_by).unwrap_or(&pending.signed_by);
    let values = [("who", who.as_str().into()), ("at", words::moment(l, pending.signed_at).into())];
    let said =
        if pending.settles { l.t_args("claims-signed-settlement", &values) } else { l.t_args("claims-signed-decision", &values) };
    let head = vec![
        Column::text(l.t("claims-line")),
        Column::text(l.t("claims-column-outcome")),
        Column::number(l.t("claims-amount"), ""),
        Column::text(l.t("claims-reason")),
    ];
    let rows = pending.lines.iter().map(|signed| {
        let line = record.lines.iter().find(|line| line.id == signed.line);
        let place = words::line(l, line.and_then(|line| line.line_table.as_deref()), line.and_then(|line| line.line_no));
        let decision = match signed.decision {
            Some(decision) => words::decision(l, decision),
            None => l.t("claims-given-back"),
        };
        Row::new(vec![Cell::text(place), Cell::text(decision), Cell::text(l.dong(signed.amount)), Cell::text(&signed.reason)])
    });
    let title = l.t("claims-sign-title");
    let table = Table { cards: true, ..Table::new("chu-ky", title.clone(), head) }.rows(rows).html(l);
    let mut body = paragraph(SafeHtml::text(&said)).then(table);
    let first = pending.signed_by == viewer.scope.actor.0;
    let decides = desk::may(&viewer.scope, Permission::DecideClaims);
    let case = &record.case;
    if decides && !first {
        let sign = Button::submit(l.t("claims-sign"), ButtonKind::Danger).busy(l.t("claims-saving"));
        body.push(paragraph(SafeHtml::text(&l.t("claims-sign-what"))));
        body.push(form(audit, viewer, case, "ky", SafeHtml::default(), sign));
    } else {
        body.push(paragraph(SafeHtml::text(&l.t("claims-sign-waits"))));
    }
    if decides || first {
        let reason = returned.fill("huy-ky", Field::new("ly-do-huy-ky", l.t("claims-reason"), Control::Lines)).html(l);
        let back = Button::submit(l.t("claims-sign-back"), ButtonKind::Default);
        let back = form(audit, viewer, case, "huy-ky", reason, back);
        let details = tag("details").flag("open", returned.is("huy-ky"));
        body.push(details.child(tag("summary").text(&l.t("claims-sign-back-title"))).child(back));
    }
    Ok(Panel::new(title, body).id("ky").html())
}

/// The decisions a line can have, as they are offered.
pub(super) fn decisions(l: Locale) -> Vec<Choice> {
    let all = [LineDecision::Refused, LineDecision::Adjusted, LineDecision::Accepted];
    all.map(|one| Choice::new(one.as_str(), words::decision(l, one), false)).to_vec()
}
