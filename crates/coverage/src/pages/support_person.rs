//! One person's support of the premium as a section of the person's page: group, who pays what, each step with its article.
//!
//! The page that includes it has asked for the permission and written the look into the audit log.

use chapter::PageError;
use law::calc::{Out, Step, Term};
use law::{Unit, Value};
use web::component::{Cell, Column, Link, NoteKind, Panel, Row, Status, Table, definition_list, heading, note};
use web::{Lang, Locale, SafeHtml, tag};

use super::{Pages, support};
use crate::serving::Snapshot;
use crate::support::explain::{Explained, explain};

/// The section; empty for who is in no supported group.
pub(crate) async fn section(pages: &Pages, snapshot: &Snapshot, l: Locale<'_>, person: i64) -> Result<SafeHtml, PageError> {
    let found = explain(&snapshot.session, &pages.app.law, person, snapshot.as_of).await.map_err(|e| PageError::inner(&e))?;
    Ok(SafeHtml::concat(found.iter().map(|explained| panel(l, explained))))
}

fn panel(l: Locale, explained: &Explained) -> SafeHtml {
    let scheme = explained.scheme.as_str();
    let text = |text: &str| SafeHtml::text(text);
    let mut states = vec![support::standing(l, &explained.standing).html()];
    if explained.doubled {
        states.push(Status::warn(l.t("support-doubled-review")).html());
    }
    if let Some(to) = explained.card_to.filter(|_| explained.standing == "supported") {
        states.push(text(&match scheme {
            crate::support::VOLUNTARY => l.t_args("support-paid-to", &[("month", l.month(to.month()).as_str().into())]),
            _ => l.t_args("support-card-to", &[("day", l.date(to).as_str().into())]),
        }));
    }
    let mut body = definition_list(
        false,
        [
            (l.t("support-own-group"), text(&support::group(l, scheme, &explained.group))),
            (l.t("support-column-standing"), SafeHtml::join(states, " ")),
        ],
    );
    body.push(definition_list(
        true,
        [
            (l.t("support-own-premium"), text(&l.dong(explained.premium))),
            (l.t("support-payer-state"), text(&l.dong(explained.state))),
            (l.t("support-payer-city"), text(&l.dong(explained.city))),
            (l.t("support-own-person"), text(&l.dong(explained.person))),
        ],
    ));
    if let Some(more) = explained.pending {
        let words = l.t_args("support-own-pending", &[("amount", l.dong(more).as_str().into())]);
        body.push(note(NoteKind::Info, "", text(&words)));
    }
    if explained.differs {
        body.push(note(NoteKind::Caution, "", text(&l.t("support-own-changed"))));
    }
    if !explained.others.is_empty() {
        body.push(heading(3, &l.t("support-own-compare"), SafeHtml::default()));
        body.push(others(l, explained));
    }
    if !explained.steps.is_empty() {
        let summary = tag("summary").class("btn").text(&l.t("support-own-steps"));
        body.push(tag("details").class("more").child(summary).child(steps(l, &explained.steps)).html());
    }
    let title = match scheme {
        crate::support::VOLUNTARY => format!("{}: {}", l.t("support-own-title"), l.t("support-scheme-voluntary")),
        _ => format!("{}: {}", l.t("support-own-title"), l.t("support-scheme-health")),
    };
    Panel::new(title, body).id(format!("ho-tro-{scheme}")).html()
}

fn others(l: Locale, explained: &Explained) -> SafeHtml {
    let head = vec![
        Column::text(l.t("support-own-others")),
        Column::number(l.t("support-payer-state"), ""),
        Column::number(l.t("support-payer-city"), ""),
        Column::number(l.t("support-own-person"), ""),
    ];
    let rows = explained.others.iter().map(|(group, parts)| {
        let mut cells = vec![Cell::text(support::group(l, &explained.scheme, group))];
        match parts {
            Some(parts) => cells.extend(parts.iter().map(|part| Cell::text(l.number(part.get())))),
            None => cells.extend((0..3).map(|_| Cell::text("–"))),
        }
        Row::new(cells)
    });
    Table::new(format!("nhom-khac-{}", explained.scheme), l.t("support-own-compare"), head).rows(rows).dense().html(l)
}

/// Every step: result, formula, and the parameters with value, day and article.
fn steps(l: Locale, steps: &[Step]) -> SafeHtml {
    let items = steps.iter().map(|step| {
        let formula: Vec<String> = step.how.iter().map(|term| said(l, term)).collect();
        let title = format!("{}: {}", pick(l, step.vi, step.en), out(l, &step.value));
        let used = step.uses.iter().map(|used| {
            let word = used.selector.as_ref().map(|word| format!(" ({word})")).unwrap_or_default();
            let from = l.t_args("support-own-from", &[("day", l.date(used.from).as_str().into())]);
            let value = value(l, used.unit, used.value.as_ref());
            tag("li")
                .class("small")
                .child(Link::new(&used.parameter, format!("/luat/{}", used.parameter)).html())
                .text(&format!("{word} = {value}, {from}. {}", used.reference))
        });
        let body = SafeHtml::concat([
            heading(3, &title, SafeHtml::default()),
            tag("p").class("small").text(&formula.join(" ")).html(),
            tag("ul").children(used).html(),
        ]);
        tag("li").child(body)
    });
    tag("ol").class("plain").children(items).html()
}

fn said(l: Locale, term: &Term) -> String {
    match term {
        Term::Value(value) => out(l, value),
        Term::Sign(sign) => (*sign).to_owned(),
        Term::Words(vi, en) => pick(l, vi, en).to_owned(),
    }
}

fn out(l: Locale, out: &Out) -> String {
    match out {
        Out::Dong(dong) => l.dong(*dong),
        Out::Rate(rate) => web::format::rate(l.lang(), *rate),
        Out::Count(count) => l.number(*count),
        Out::Flag(true) => l.t("support-yes"),
        Out::Flag(false) => l.t("support-no"),
        Out::Date(date) => l.date(*date),
        Out::Month(month) => l.month(*month),
        Out::Word(word) => pick(l, word.vi, word.en).to_owned(),
        Out::Nothing | Out::Rows(_) => "–".to_owned(),
    }
}

/// A value of a parameter; support asks for amounts, rates and numbers only.
fn value(l: Locale, unit: Unit, value: Option<&Value>) -> String {
    match value {
        Some(Value::Dong(dong)) => l.dong(*dong),
        Some(Value::Rate(rate)) => web::format::rate(l.lang(), *rate),
        Some(Value::Int(number)) => match unit {
            Unit::Months => l.t_args("support-months", &[("n", i64::from(*number).into())]),
            Unit::Years => l.t_args("support-years", &[("n", i64::from(*number).into())]),
            _ => l.number(i64::from(*number)),
        },
        Some(Value::Code(code)) => code.replace(',', ", "),
        _ => "–".to_owned(),
    }
}

/// One of two texts by language: the words of steps come with the calculators, in both.
fn pick<'a>(l: Locale, vi: &'a str, en: &'a str) -> &'a str {
    if l.lang() == Lang::En { en } else { vi }
}
