//! Forms about the lines of a case: what is proposed to be refused, what is decided after the facility was heard, what becomes of an appeal.

use std::collections::BTreeSet;

use base::Dong;
use chapter::{Returned, Viewer};
use desk::{Permission, ReviewLine, ReviewRecord, ReviewState};
use web::component::{Button, ButtonKind, Control, Field, Panel, paragraph};
use web::{Locale, SafeHtml, tag};

use super::found::FoundHere;
use super::{Audit, forms, words};

/// The form that fits the state; nothing where the case is somebody else's or waits for others.
pub(super) fn of_case(
    audit: &Audit,
    l: Locale,
    viewer: &Viewer,
    record: &ReviewRecord,
    found: &[FoundHere],
    returned: &Returned,
) -> SafeHtml {
    let case = &record.case;
    let mine = case.owner.as_deref() == Some(viewer.scope.actor.0.as_str());
    if case.pending.is_some() || !(mine || desk::may(&viewer.scope, Permission::DecideClaims)) {
        return SafeHtml::default();
    }
    let overdue = case.due.is_some_and(|due| due < audit.app.today());
    match case.state {
        ReviewState::Open | ReviewState::Proposed => propose(audit, l, viewer, record, found, returned),
        ReviewState::Answered => decide(audit, l, viewer, record, returned),
        ReviewState::Sent if overdue => decide(audit, l, viewer, record, returned),
        ReviewState::Sent => {
            Panel::new(l.t("claims-decide-title"), paragraph(SafeHtml::text(&l.t("claims-decide-waits")))).html()
        }
        ReviewState::Appealed => settle(audit, l, viewer, record, returned),
        ReviewState::Decided | ReviewState::Final | ReviewState::Closed => SafeHtml::default(),
    }
}

/// A group of fields about one line.
fn of_line(
    l: Locale,
    line: &ReviewLine,
    about: &str,
    fields: impl IntoIterator<Item = Field>,
    (returned, form): (&Returned, &str),
) -> SafeHtml {
    let place = words::line(l, line.line_table.as_deref(), line.line_no);
    let fields = fields.into_iter().map(|field| returned.fill(form, field).html(l));
    tag("fieldset")
        .class("field")
        .child(tag("legend").text(&format!("{place}: {}", line.reason)).child(tag("span").class("hint").text(about)))
        .children(fields)
        .html()
}

fn field(name: &str, line: &ReviewLine, label: String, control: Control) -> Field {
    Field::new(format!("{name}-{}", line.id), label, control)
}

fn propose(
    audit: &Audit,
    l: Locale,
    viewer: &Viewer,
    record: &ReviewRecord,
    found: &[FoundHere],
    returned: &Returned,
) -> SafeHtml {
    // Of two findings about one line the first has the money: nobody is refused the same đồng twice.
    let mut taken: BTreeSet<(Option<String>, Option<i64>)> = BTreeSet::new();
    let lines = record.lines.iter().map(|line| {
        let fresh = taken.insert((line.line_table.clone(), line.line_no));
        let stake = found.iter().find(|found| found.key == line.finding).and_then(|found| found.amount).unwrap_or(line.asked);
        let amount = match line.proposed {
            Dong::ZERO if record.case.state == ReviewState::Proposed || !fresh => String::new(),
            Dong::ZERO => l.number(stake.min(line.asked).get()),
            proposed => l.number(proposed.get()),
        };
        let asked = l.t_args("claims-asked-for", &[("amount", l.dong(line.asked).into())]);
        let fields = [
            field("so-tien", line, l.t("claims-propose-amount"), Control::Text)
                .value(amount)
                .hint(l.t("claims-propose-hint"))
                .optional(),
            field("ly-do", line, l.t("claims-reason"), Control::Lines).value(line.reason.as_str()),
            field("can-cu", line, l.t("claims-law-ground"), Control::Lines).value(line.law.as_str()),
        ];
        of_line(l, line, &asked, fields, (returned, "de-nghi"))
    });
    let body = paragraph(SafeHtml::text(&l.t("claims-propose-what"))).then(SafeHtml::concat(lines));
    let kind = if record.case.state == ReviewState::Open { ButtonKind::Primary } else { ButtonKind::Default };
    let button = Button::submit(l.t("claims-propose"), kind).busy(l.t("claims-saving"));
    let form = forms::form(audit, viewer, &record.case, "de-nghi", body, button);
    Panel::new(l.t("claims-propose-title"), form).id("de-nghi").html()
}

fn decide(audit: &Audit, l: Locale, viewer: &Viewer, record: &ReviewRecord, returned: &Returned) -> SafeHtml {
    let lines = record.lines.iter().filter(|line| line.proposed > Dong::ZERO).map(|line| {
        let proposed = l.t_args("claims-proposed-of", &[("amount", l.dong(line.proposed).into())]);
        let fields = [
            field("ket-luan", line, l.t("claims-column-outcome"), Control::Radios(forms::decisions(l))),
            field("so-tien", line, l.t("claims-decide-amount"), Control::Text).hint(l.t("claims-decide-hint")).optional(),
            field("ly-do", line, l.t("claims-reason"), Control::Lines).hint(l.t("claims-decide-reason-hint")).optional(),
        ];
        of_line(l, line, &proposed, fields, (returned, "ket-luan"))
    });
    let body = paragraph(SafeHtml::text(&l.t("claims-decide-what"))).then(SafeHtml::concat(lines));
    let button = Button::submit(l.t("claims-decide"), ButtonKind::Primary).busy(l.t("claims-saving"));
    let form = forms::form(audit, viewer, &record.case, "ket-luan", body, button);
    Panel::new(l.t("claims-decide-title"), form).id("ket-luan").html()
}

fn settle(audit: &Audit, l: Locale, viewer: &Viewer, record: &ReviewRecord, returned: &Returned) -> SafeHtml {
    let lines = record.lines.iter().filter(|line| line.appealed).map(|line| {
        let decided = l.t_args("claims-decided-of", &[("amount", l.dong(line.decided).into())]);
        let fields = [
            field("tra-lai", line, l.t("claims-settle-amount"), Control::Text).value("0").hint(l.t("claims-settle-hint")),
            field("ly-do", line, l.t("claims-reason"), Control::Lines),
        ];
        of_line(l, line, &decided, fields, (returned, "kien-nghi"))
    });
    let body = paragraph(SafeHtml::text(&l.t("claims-settle-what"))).then(SafeHtml::concat(lines));
    let button = Button::submit(l.t("claims-settle"), ButtonKind::Primary).busy(l.t("claims-saving"));
    let form = forms::form(audit, viewer, &record.case, "kien-nghi", body, button);
    Panel::new(l.t("claims-settle-title"), form).id("kien-nghi").html()
}
