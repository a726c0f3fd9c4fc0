//! Words and panels that several pages of collectors use.

use std::collections::BTreeSet;

use base::{CommuneCode, Date};
use chapter::App;
use desk::{CollectorCard, CollectorOutcomes, Complaint, ComplaintKind, Verdict};
use web::component::{Cell, Column, Panel, Row, Status, Table};
use web::format::Percent;
use web::{Locale, SafeHtml};

use crate::rating::{Part, Rating, Scale};

/// Communes of a card that are named.
const NAMED: usize = 3;

/// What a complaint is about.
pub(super) fn kind(l: Locale, kind: ComplaintKind) -> String {
    l.t(&format!("collector-complaint-kind-{}", kind.as_str().replace('_', "-")))
}

/// What was found out.
pub(super) fn verdict(l: Locale, verdict: Verdict) -> String {
    l.t(&format!("collector-verdict-{}", verdict.as_str().replace('_', "-")))
}

/// How a card stands.
pub(super) fn card(l: Locale, card: &CollectorCard, today: Date) -> Status {
    let day = |key: &str, day: Date| l.t_args(key, &[("day", l.date(day).as_str().into())]);
    match &card.withdrawn {
        Some((from, _)) if *from <= today => Status::neutral(day("collector-card-withdrawn", *from)),
        _ if today < card.first_day => Status::neutral(day("collector-card-coming", card.first_day)),
        _ if today > card.last_day => Status::neutral(day("collector-card-over", card.last_day)),
        _ if today.days_until(card.last_day) <= 30 => Status::warn(day("collector-card-soon", card.last_day)),
        _ => Status::ok(day("collector-card-valid", card.last_day)),
    }
}

/// How a complaint stands.
pub(super) fn complaint(l: Locale, one: &Complaint, today: Date) -> Status {
    let day = |key: &str, day: Date| l.t_args(key, &[("day", l.date(day).as_str().into())]);
    match one.resolved {
        Some((found, on)) => {
            let words = format!("{} ({})", verdict(l, found), l.date(on));
            if found.is_upheld() { Status::warn(words) } else { Status::ok(words) }
        }
        None if one.due < today => Status::bad(day("collector-complaint-late", one.due)),
        None => Status::doing(day("collector-complaint-open", one.due)),
    }
}

/// Names of communes; of many the first few and how many there are.
pub(super) fn area(app: &App, l: Locale, area: &BTreeSet<CommuneCode>) -> String {
    let names: Vec<String> = area.iter().take(NAMED).map(|code| crate::words::place(app, code)).collect();
    let names = names.join(", ");
    match area.len() {
        all if all > NAMED => l.t_args("collector-area-many", &[("names", names.as_str().into()), ("n", (all as i64).into())]),
        _ => names,
    }
}

/// "12 of 30 (40 %)" of conversions; says why where there is nothing.
pub(super) fn conversions(l: Locale, of: &CollectorOutcomes) -> String {
    match Percent::of(of.conversions(), of.decided()) {
        Some(share) => {
            let values = [
                ("n", l.number(of.conversions()).as_str().into()),
                ("of", l.number(of.decided()).as_str().into()),
                ("share", l.percent(share).as_str().into()),
            ];
            l.t_args("collector-conversions-told", &values)
        }
        None => l.t("collector-no-decided"),
    }
}

/// The points of a rating as "62 / 80".
pub(super) fn points(l: Locale, rating: &Rating) -> String {
    match rating.sum() {
        (_, 0) => l.t("collector-no-data"),
        (points, of) => l.t_args("collector-points", &[("n", points.into()), ("of", of.into())]),
    }
}

/// How points are made, since when their scale holds, by which document, and what has to be checked before anybody is judged by it.
pub(super) fn scale(l: Locale, scale: &Scale) -> String {
    let (source, from) = (&scale.source, l.date(scale.source.from));
    let told = match source.doubt {
        Some(mark) => l.t_args("collector-scale-doubt", &[("from", from.as_str().into()), ("mark", mark.as_str().into())]),
        None => l.t_args("collector-scale", &[("from", from.as_str().into()), ("document", source.document.as_str().into())]),
    };
    let what = l.t("collector-rating-what");
    match &source.note {
        Some(note) => format!("{what} {told} {note}"),
        None => format!("{what} {told}"),
    }
}

/// The parts of a rating, each with what was counted, and their sum.
pub(super) fn rating(l: Locale, by: &Scale, rating: &Rating) -> SafeHtml {
    let head = vec![Column::text(l.t("collector-part")), Column::number(l.t("collector-part-points"), "")];
    let mut rows: Vec<Row> = rating.0.iter().map(|part| part_row(l, part)).collect();
    rows.push(Row::new(vec![
        Cell::text(l.t("collector-part-lapsed")).note(l.t("collector-part-lapsed-why")),
        Cell::text(l.t("collector-part-none")),
    ]));
    let total = vec![Cell::text(l.t("collector-part-sum")), Cell::text(points(l, rating))];
    let title = l.t("collector-rating");
    let table = Table::new("diem", title.clone(), head).rows(rows).total(total).html(l);
    Panel::flush(title, table).id("danh-gia").foot(SafeHtml::text(&scale(l, by))).html()
}

fn part_row(l: Locale, part: &Part) -> Row {
    let counted = [("n", part.counted.0.into()), ("of", part.counted.1.into())];
    let evidence = match part.points {
        Some(_) => l.t_args(&format!("collector-part-{}-counted", part.key), &counted),
        None => l.t(&format!("collector-part-{}-nothing", part.key)),
    };
    let points = match part.points {
        Some(points) => l.t_args("collector-points", &[("n", points.into()), ("of", part.of.into())]),
        None => l.t("collector-no-data"),
    };
    Row::new(vec![Cell::text(l.t(&format!("collector-part-{}", part.key))).note(evidence), Cell::text(points)])
}
