//! `/ke-hoach/bao-cao-ky/loi-van`: the texts of a report, section by section; figures stand beside by name and are never typed.

use axum::Extension;
use axum::extract::{Form as FromForm, Query, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, PlanText};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, Field, Form, Link, NoteKind, Panel, Row, Table, columns, note,
};
use web::{Locale, SafeHtml, tag};

use super::super::go;
use super::{Asked, Chosen, REPORT, event, facts, report};
use crate::report::{Doubt, PeriodicReport, Section, Whose, kept_with, text_unit};
use crate::{Followup, HOME};

/// Path of the page.
const TEXTS: &str = "/ke-hoach/bao-cao-ky/loi-van";

/// `GET /ke-hoach/bao-cao-ky/loi-van`.
pub(in crate::pages) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let chosen = Chosen::of(&followup, l, &viewer, &asked)?;
    let report = report(&followup, &viewer, &chosen, None).await?;
    let audited = app.audit(&viewer, event(AuditAction::ViewRows, &report)).await?;
    let kept = kept_with(&followup.followed.id, chosen.period, text_unit(&viewer.scope, &chosen.whose).as_deref());
    let versions = app.desk.plan_texts(&viewer.scope, &kept).await.map_err(PageError::desk)?;
    let locked = app.desk.is_plan_report_locked(&viewer.scope, &kept).await.map_err(PageError::desk)?;
    let writes = !locked && may_write(&viewer, &chosen.whose);
    let mut page = app.page(&viewer, REPORT, l.t("planreport-texts"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME), Link::new(l.t("planreport-title"), chosen.href(REPORT, ""))];
    page.facts = facts(l, &report);
    let mut main = Vec::new();
    if locked {
        main.push(note(NoteKind::Info, &l.t("planreport-locked"), SafeHtml::text(&l.t("planreport-locked-why"))));
    } else if !writes {
        main.push(note(NoteKind::Info, &l.t("planreport-reads-only"), SafeHtml::text(&l.t("planreport-reads-only-why"))));
    }
    let of = |section: &Section| versions.iter().filter(|version| version.section == section.key).collect::<Vec<_>>();
    main.extend(
        report.sections.iter().map(|section| one(&followup, l, &viewer, &chosen, &report, section, &of(section), writes)),
    );
    let stack = tag("div").class("grid").children(main).html();
    page.body = columns(Columns::MainSide, [stack, figures(l, &report)]);
    page.foot = vec![l.t("planreport-foot-names"), l.t("planreport-foot-versions")];
    Ok(Shown::page(page.render(l), audited))
}

/// Whether somebody may write the texts of a report: of the whole plan who follows it, else its own unit.
fn may_write(viewer: &Viewer, whose: &Whose) -> bool {
    match whose {
        Whose::City => desk::may(&viewer.scope, Permission::ConfirmTasks),
        Whose::Unit { id, .. } => desk::may(&viewer.scope, Permission::ReportTasks) && viewer.scope.unit == *id,
        Whose::Commune { .. } => {
            desk::may(&viewer.scope, Permission::ReportTasks)
                && matches!(&viewer.scope.area, base::Area::Communes(own) if own.len() == 1)
        }
    }
}

/// One section: what is doubtful in its text, its form, its versions.
#[allow(clippy::too_many_arguments, reason = "a section is drawn from all of them")]
fn one(
    followup: &Followup,
    l: Locale,
    viewer: &Viewer,
    chosen: &Chosen,
    report: &PeriodicReport,
    section: &Section,
    versions: &[&PlanText],
    writes: bool,
) -> SafeHtml {
    let mut body = Vec::new();
    let doubts = report.facts.doubts(section.text());
    if section.written.is_some() && !doubts.is_empty() {
        let items = doubts.iter().map(|doubt| tag("li").text(&said(l, doubt)));
        body.push(note(NoteKind::Caution, &l.t("planreport-doubts"), tag("ul").children(items).html()));
    }
    let newest = versions.last();
    if writes {
        let hint = if section.written.is_some() { l.t("planreport-text-written") } else { l.t("planreport-text-made") };
        let name = format!("loi-van-{}", section.key);
        // Each form has one text; its field bears its section's name so that labels on the page differ.
        let field = Field::new(name, section.heading.as_str(), Control::Lines).value(section.text()).hint(hint).optional();
        let form = Form {
            action: chosen.href(TEXTS, ""),
            reads: false,
            hidden: vec![
                ("muc".into(), section.key.clone()),
                ("phien-ban".into(), newest.map_or(0, |text| text.version).to_string()),
                ("so".into(), followup.app.form_number(viewer, &format!("plan report {}", section.key))),
            ],
            body: field.html(l),
            buttons: vec![
                Button::submit(l.t("planreport-save"), ButtonKind::Default).name_value("viec", "ghi"),
                Button::submit(l.t("planreport-back-to-made"), ButtonKind::Quiet).name_value("viec", "may-lap"),
            ],
        };
        body.push(form.html());
    } else {
        body.push(tag("p").class("lines").text(section.text()).html());
    }
    if let Some(newest) = newest {
        let day = l.date(chapter::day_in_hanoi(newest.written_at));
        let words = l.t_args("planreport-version", &[("n", newest.version.into()), ("day", day.as_str().into())]);
        body.push(tag("p").class("hint").text(&words).html());
    }
    Panel::new(section.heading.as_str(), SafeHtml::concat(body)).id(format!("muc-{}", section.key)).html()
}

/// What is doubtful, in words.
fn said(l: Locale, doubt: &Doubt) -> String {
    match doubt {
        Doubt::Unknown { key } => l.t_args("planreport-doubt-unknown", &[("key", key.as_str().into())]),
        Doubt::Typed { digits, key } => l.t_args(
            "planreport-doubt-typed",
            &[("digits", digits.as_str().into()), ("key", format!("{{{key}}}").as_str().into())],
        ),
        Doubt::Beside { digits, key } => l.t_args(
            "planreport-doubt-beside",
            &[("digits", digits.as_str().into()), ("key", format!("{{{key}}}").as_str().into())],
        ),
    }
}

/// The figures that texts may name, with what they are now.
fn figures(l: Locale, report: &PeriodicReport) -> SafeHtml {
    let head = vec![Column::text(l.t("planreport-figure-name")), Column::number(l.t("planreport-figure-now"), "")];
    let rows = report.facts.all().iter().map(|fact| {
        let now = match (&fact.shown, &fact.opens) {
            (Ok(shown), Some(opens)) => Cell::figure(shown.as_str(), opens.as_str()),
            (Ok(shown), None) => Cell::text(shown),
            (Err(why), _) => Cell::text(l.t("planreport-figure-none")).note(why.as_str()),
        };
        Row::new(vec![Cell::html(tag("code").text(&format!("{{{}}}", fact.key))).note(fact.label.as_str()), now])
    });
    let table = Table::new("so-lieu", l.t("planreport-figures"), head).rows(rows).dense().html(l);
    Panel::flush(l.t("planreport-figures"), table).html()
}

/// What the form of a section sends; the text's field bears the name of its section.
#[derive(Debug, Deserialize)]
pub(in crate::pages) struct Written {
    #[serde(rename = "viec")]
    what: String,
    #[serde(rename = "muc")]
    section: String,
    #[serde(rename = "phien-ban")]
    version: i64,
    #[serde(rename = "so")]
    number: String,
    #[serde(flatten)]
    texts: std::collections::BTreeMap<String, String>,
}

/// `POST /ke-hoach/bao-cao-ky/loi-van`.
pub(in crate::pages) async fn write(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
    FromForm(written): FromForm<Written>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let chosen = Chosen::of(&followup, l, &viewer, &asked)?;
    if !may_write(&viewer, &chosen.whose) {
        return Err(PageError::Forbidden);
    }
    let text = match written.what.as_str() {
        "ghi" => {
            let typed = written.texts.get(&format!("loi-van-{}", written.section)).map_or("", String::as_str);
            // Each line by itself: a text has paragraphs.
            typed.lines().map(base::names::clean).collect::<Vec<_>>().join("\n").trim().to_owned()
        }
        "may-lap" => String::new(),
        _ => return Err(PageError::BadRequest(l.t("planreport-fault-act"))),
    };
    let made = report(&followup, &viewer, &chosen, None).await?;
    let section = made.sections.iter().find(|section| section.key == written.section);
    let section = section.ok_or_else(|| PageError::BadRequest(l.t("planreport-fault-section")))?;
    // What the program makes is not kept as somebody's words.
    let text = if text == section.made { String::new() } else { text };
    let kept = kept_with(&followup.followed.id, chosen.period, text_unit(&viewer.scope, &chosen.whose).as_deref());
    let desk = &app.desk;
    desk.write_plan_text(&viewer.scope, &kept, &section.key, written.version, &text, &written.number)
        .await
        .map_err(PageError::desk)?;
    Ok(go(&format!("{}#muc-{}", chosen.href(TEXTS, ""), section.key)))
}
