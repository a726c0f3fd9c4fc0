//! `/ke-hoach/trinh-chieu`: the report for a hall: one thing a screen, large type, forward and back by links that arrow keys follow.

use axum::Extension;
use axum::extract::{Query, State};
use chapter::{PageError, Shown, Viewer};
use desk::AuditAction;
use serde::Deserialize;
use web::component::{Button, ButtonKind, Cell, Column, Panel, Row, Status, Table, empty_state};
use web::{Locale, SafeHtml, tag};

use super::{Asked, Chosen, REPORT, event, facts, report};
use crate::Followup;
use crate::report::{Glance, GlanceIndicator};

/// Late tasks of one screen.
const LATE: usize = 6;

/// What the address asks.
#[derive(Debug, Deserialize)]
pub(in crate::pages) struct Screen {
    #[serde(rename = "ky", default)]
    period: String,
    #[serde(rename = "don-vi", default)]
    unit: String,
    #[serde(rename = "man", default)]
    screen: String,
}

/// `GET /ke-hoach/trinh-chieu`.
pub(in crate::pages) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Screen>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let of = Asked { period: asked.period, unit: asked.unit };
    let chosen = Chosen::of(&followup, l, &viewer, &of)?;
    let report = report(&followup, &viewer, &chosen, None).await?;
    let audited = app.audit(&viewer, event(AuditAction::ViewRows, &report)).await?;
    let screens = screens(l, &report.glance);
    let all = screens.len();
    let at = asked.screen.parse::<usize>().unwrap_or(1).clamp(1, all);
    let Some((title, body)) = screens.into_iter().nth(at - 1) else { return Err(PageError::NotFound) };
    let mut page = app.page(&viewer, "/ke-hoach/trinh-chieu", title);
    page.presentation = true;
    page.facts = facts(l, &report);
    page.actions = actions(l, &chosen, at, all);
    page.body = tag("div").class("hall").child(body).html();
    page.foot = vec![report.glance.source.clone()];
    Ok(Shown::page(page.render(l), audited))
}

/// Back, forward, and out of it.
fn actions(l: Locale, chosen: &Chosen, at: usize, all: usize) -> Vec<Button> {
    let to = |screen: usize| chosen.href("/ke-hoach/trinh-chieu", &format!("&man={screen}"));
    let mut buttons = vec![Button::link(l.t("planreport-slides-end"), chosen.href(REPORT, ""), ButtonKind::Quiet)];
    if at > 1 {
        buttons.push(Button::link(l.t("planreport-slides-back"), to(at - 1), ButtonKind::Default).rel("prev"));
    }
    if at < all {
        let words = l.t_args("planreport-slides-next", &[("n", (at as i64 + 1).into()), ("all", (all as i64).into())]);
        buttons.push(Button::link(words, to(at + 1), ButtonKind::Primary).rel("next"));
    }
    buttons
}

/// All screens: the indicators at once, each with a figure, tasks, what is late, units, what comes.
fn screens(l: Locale, glance: &Glance) -> Vec<(String, SafeHtml)> {
    let mut all = vec![(l.t("planreport-slide-indicators"), indicators(l, glance))];
    all.extend(glance.indicators.iter().filter(|one| one.share.is_some()).map(|one| (one.short.clone(), indicator(l, one))));
    all.push((l.t("planreport-slide-tasks"), tally(l, glance)));
    let late: Vec<_> = glance.late.chunks(LATE).collect();
    let count = late.len() as i64;
    for (at, tasks) in late.into_iter().enumerate() {
        let title = if count > 1 {
            l.t_args("planreport-slide-late-of", &[("n", (at as i64 + 1).into()), ("all", count.into())])
        } else {
            l.t("planreport-slide-late")
        };
        let head = vec![
            Column::text(l.t("planreport-slide-task")),
            Column::text(l.t("followup-column-lead")),
            Column::text(l.t("followup-column-due")),
            Column::number(l.t("planreport-slide-days"), ""),
            Column::text(l.t("planreport-slide-why")),
        ];
        let rows = tasks.iter().map(|one| {
            Row::new(vec![
                Cell::text(format!("{}. {}", one.id, one.title)),
                Cell::text(&one.leads),
                Cell::text(l.date(one.since)),
                Cell::number(l, i64::from(one.days)),
                Cell::text(&one.why),
            ])
        });
        all.push((title.clone(), Table::new("qua-han", title, head).rows(rows).html(l)));
    }
    all.push((l.t("planreport-slide-units"), units(l, glance)));
    all.push((l.t("planreport-slide-next"), next(l, glance)));
    all
}

fn status(one: &GlanceIndicator) -> Status {
    match (one.share, one.behind) {
        (None, _) => Status::neutral("–"),
        (Some(_), _) if !one.judged => Status::neutral(one.against.as_str()),
        (Some(_), true) => Status::warn(one.against.as_str()),
        (Some(_), false) => Status::ok(one.against.as_str()),
    }
}

fn indicators(l: Locale, glance: &Glance) -> SafeHtml {
    let head = vec![
        Column::text(l.t("planreport-slide-indicator")),
        Column::number(l.t("planreport-slide-now"), "%"),
        Column::number(l.t("planreport-slide-year"), "%"),
        Column::text(l.t("planreport-slide-last")),
        Column::text(l.t("planreport-slide-against")),
    ];
    let rows = glance.indicators.iter().map(|one| {
        let now = one.share.map_or_else(|| l.t("planreport-figure-none"), |share| l.percent_figure(share));
        let name = Cell::text(format!("{} {}", one.id, one.short));
        let name = match &one.why {
            Some(why) => name.note(why.as_str()),
            None => name,
        };
        let year = one.year.map_or_else(|| "–".to_owned(), |year| l.percent_figure(year));
        Row::new(vec![name, Cell::text(now), Cell::text(year), Cell::text(&one.last), Cell::status(&status(one))])
    });
    Table::new("chi-tieu", l.t("planreport-slide-indicators"), head).rows(rows).html(l)
}

fn indicator(l: Locale, one: &GlanceIndicator) -> SafeHtml {
    let Some(share) = one.share else { return SafeHtml::empty() };
    let mut lines =
        vec![tag("p").class("tally-number").text(&l.percent(share)).html(), tag("p").child(status(one).html()).html()];
    if let Some(year) = one.year {
        lines.push(tag("p").text(&l.t_args("planreport-slide-year-of", &[("share", l.percent(year).as_str().into())])).html());
    }
    lines.push(tag("p").text(&l.t_args("planreport-slide-last-of", &[("words", one.last.as_str().into())])).html());
    Panel::new(one.short.as_str(), SafeHtml::concat(lines)).html()
}

fn tally(l: Locale, glance: &Glance) -> SafeHtml {
    let status = [
        Status::ok(l.t("followup-on-time")),
        Status::doing(l.t("followup-doing")),
        Status::bad(l.t("followup-tally-late")),
        Status::neutral(l.t("followup-no-term")),
    ];
    let items = glance.tally.iter().zip(status).map(|(count, status)| {
        tag("li").child(tag("p").class("tally-number").text(&l.number(*count as i64))).child(status.html()).html()
    });
    tag("ul").class("panel tally").attr("aria-label", l.t("followup-tally")).children(items).html()
}

fn units(l: Locale, glance: &Glance) -> SafeHtml {
    let head = vec![
        Column::text(l.t("followup-column-lead")),
        Column::number(l.t("planreport-slide-own"), ""),
        Column::number(l.t("planreport-slide-own-late"), ""),
        Column::text(l.t("followup-column-state")),
    ];
    let rows = glance.units.iter().map(|(name, all, late)| {
        let status = if *late > 0 { Status::bad(l.t("followup-tally-late")) } else { Status::ok(l.t("followup-unit-none-late")) };
        Row::new(vec![Cell::text(name), Cell::number(l, *all as i64), Cell::number(l, *late as i64), Cell::status(&status)])
    });
    Table::new("don-vi", l.t("planreport-slide-units"), head).rows(rows).html(l)
}

fn next(l: Locale, glance: &Glance) -> SafeHtml {
    let head = vec![Column::text(l.t("planreport-slide-task")), Column::text(l.t("followup-column-due"))];
    let rows =
        glance.next.iter().map(|(id, title, day)| Row::new(vec![Cell::text(format!("{id}. {title}")), Cell::text(l.date(*day))]));
    let empty = empty_state(&l.t("planreport-slide-none"), &l.t("planreport-slide-none-why"), None);
    Table::new("ky-toi", l.t("planreport-slide-next"), head).rows(rows).empty(empty).html(l)
}
