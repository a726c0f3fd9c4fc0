//! `/ke-hoach/bao-cao-ky`: the periodic report of a period and a unit: looked at, its texts written, taken out as a file.

mod edit;
mod files;
mod shown;
mod slides;

use axum::Extension;
use axum::extract::{Query, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use documents::sheet::Moment;
use serde::Deserialize;
use web::component::{Button, ButtonKind, Choice, Control, Field, Form, Link, Panel};
use web::{Locale, SafeHtml, tag};

use super::period_words;
use crate::period::Period;
use crate::report::whose::{open_to, word};
use crate::report::{Ask, PeriodicReport, Receiver, TakenBy, Whose};
use crate::{Followup, HOME};

pub(super) use edit::{show as edit_show, write as edit_write};
pub(super) use files::{file, picture};
pub(super) use slides::show as slides_show;

/// Path of the page.
pub(super) const REPORT: &str = "/ke-hoach/bao-cao-ky";
/// Periods offered beside the one that is asked for.
const OFFERED: usize = 14;

/// What the address asks.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "ky", default)]
    period: String,
    #[serde(rename = "don-vi", default)]
    unit: String,
}

/// What was asked, understood.
struct Chosen {
    period: Period,
    whose: Whose,
    /// What the viewer may choose.
    open: Vec<Whose>,
}

impl Chosen {
    /// Reads the address: the present quarter and one's own report where it says nothing.
    fn of(followup: &Followup, l: Locale, viewer: &Viewer, asked: &Asked) -> Result<Self, PageError> {
        let app = &followup.app;
        let today = app.today();
        let period = if asked.period.is_empty() {
            let quarter = u8::try_from((today.month().number() + 2) / 3).unwrap_or(4);
            Period::Quarter(today.year(), quarter)
        } else {
            asked.period.parse().map_err(|_| PageError::BadRequest(l.t("planreport-fault-period")))?
        };
        let open = open_to(followup.plan(), &app.places, &viewer.scope);
        let whose = if asked.unit.is_empty() {
            open.first().cloned().ok_or(PageError::Forbidden)?
        } else {
            open.iter().find(|one| word(one) == asked.unit).cloned().ok_or(PageError::NotFound)?
        };
        Ok(Self { period, whose, open })
    }

    /// An address of this report.
    fn href(&self, path: &str, more: &str) -> String {
        format!("{path}?ky={}&don-vi={}{more}", self.period, word(&self.whose))
    }
}

/// Puts a report together for somebody.
async fn report(
    followup: &Followup,
    viewer: &Viewer,
    chosen: &Chosen,
    receiver: Option<&Receiver>,
) -> Result<PeriodicReport, PageError> {
    let app = &followup.app;
    let today = app.today();
    let by = TakenBy {
        who: format!("{}, {}", viewer.label, viewer.unit_name),
        purpose: app.locale(viewer).t("planreport-purpose"),
        // By the day: the same report of a day is the same file.
        at: Moment { date: today, hour: 0, minute: 0, second: 0 },
    };
    let ask = Ask { scope: &viewer.scope, period: chosen.period, whose: &chosen.whose, today, receiver, by: &by };
    let made = PeriodicReport::of(&followup.followed, (&app.book, &app.desk), &app.law, &app.places, ask).await;
    made.map_err(|e| PageError::inner(&e))
}

/// What stands in the log of a report that is looked at or taken out.
fn event(action: AuditAction, report: &PeriodicReport) -> ReadEvent {
    let event =
        ReadEvent::new(action, "plan_report").word("period", &report.period.to_string()).count("rows", report.tasks as i64);
    match &report.whose {
        Whose::City => event,
        Whose::Unit { id, .. } => event.word("unit", id),
        Whose::Commune { code, .. } => event.commune(code),
    }
}

/// `GET /ke-hoach/bao-cao-ky`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let chosen = Chosen::of(&followup, l, &viewer, &asked)?;
    let report = report(&followup, &viewer, &chosen, None).await?;
    let audited = app.audit(&viewer, event(AuditAction::ViewRows, &report)).await?;
    let mut page = app.page(&viewer, REPORT, l.t("planreport-title"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.facts = facts(l, &report);
    page.actions = vec![
        Button::link(l.t("planreport-slides"), chosen.href("/ke-hoach/trinh-chieu", ""), ButtonKind::Default),
        Button::link(l.t("planreport-write"), chosen.href("/ke-hoach/bao-cao-ky/loi-van", ""), ButtonKind::Primary),
    ];
    page.body = tag("div")
        .class("grid")
        .child(choose(&followup, l, &chosen))
        .child(Panel::new(l.t("planreport-files"), take_out(&followup, l, &chosen)).html())
        .child(shown::document(l, &report))
        .html();
    page.foot = vec![l.t("planreport-foot-vi"), l.t("planreport-foot-figures")];
    Ok(Shown::page(page.render(l), audited))
}

fn facts(l: Locale, report: &PeriodicReport) -> SafeHtml {
    let run = report
        .run
        .as_ref()
        .map_or_else(|| l.t("planreport-no-run"), |run| l.t_args("planreport-run", &[("run", run.as_str().into())]));
    SafeHtml::join(
        [SafeHtml::text(&period_words(l, report.period)), SafeHtml::text(&report.report.organ), SafeHtml::text(&run)],
        " · ",
    )
}

/// The form that chooses period and unit.
fn choose(followup: &Followup, l: Locale, chosen: &Chosen) -> SafeHtml {
    let period = |period: &Period| {
        Choice::new(period.to_string(), format!("{period} · {}", period_words(l, *period)), *period == chosen.period)
    };
    let periods = offered(followup, chosen);
    let name = |whose: &Whose| match whose {
        Whose::City => l.t("planreport-whole"),
        Whose::Unit { name, .. } => name.clone(),
        Whose::Commune { name, .. } => format!("UBND {name}"),
    };
    let units = chosen.open.iter().map(|whose| Choice::new(word(whose), name(whose), *whose == chosen.whose));
    let fields = [
        Field::new("ky", l.t("planreport-period"), Control::Select(periods.iter().map(period).collect())),
        Field::new("don-vi", l.t("planreport-unit"), Control::Select(units.collect())),
    ];
    let form = Form {
        action: REPORT.into(),
        reads: true,
        hidden: Vec::new(),
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("planreport-choose"), ButtonKind::Default)],
    };
    Panel::new(l.t("planreport-which"), form.html()).html()
}

/// The periods of the year and the last weeks, newest first, the chosen one among them.
fn offered(followup: &Followup, chosen: &Chosen) -> Vec<Period> {
    let today = followup.app.today();
    let mut weeks: Vec<Period> = Vec::new();
    for back in 0..4 {
        weeks.extend(today.add_days(-7 * back).map(crate::report::period::week_of));
    }
    let mut all = Period::of_year(today.year());
    all.retain(|period| period.first_day() <= today);
    all.sort_by_key(|period| std::cmp::Reverse((period.last_day(), *period)));
    all.truncate(OFFERED);
    all.extend(weeks);
    if !all.contains(&chosen.period) {
        all.insert(0, chosen.period);
    }
    all
}

/// The files: aggregates alone, so who sees the report may take it out.
fn take_out(followup: &Followup, l: Locale, chosen: &Chosen) -> SafeHtml {
    let file = |kind: &str| chosen.href("/ke-hoach/bao-cao-ky/tep", &format!("&dang={kind}"));
    let mut links = vec![
        Link::new(l.t("planreport-docx"), file("docx")),
        Link::new(l.t("planreport-pdf"), file("pdf")),
        Link::new(l.t("planreport-xlsx"), file("xlsx")),
        Link::new(l.t("planreport-picture"), chosen.href("/ke-hoach/bao-cao-ky/anh", "")),
    ];
    for receiver in &followup.followed.receivers {
        let words = l.t_args("planreport-receiver", &[("receiver", receiver.receiver.as_str().into())]);
        links.push(Link::new(words, file(&format!("xlsx&noi-nhan={}", receiver.id))));
    }
    tag("ul").children(links.into_iter().map(|link| tag("li").child(link.html()))).html()
}
