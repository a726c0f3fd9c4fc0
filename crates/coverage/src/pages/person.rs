//! One person: why they are on the list, the rosters behind it, the link taken apart, a decision.

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use chapter::{PageError, Returned, Shown, Viewer};
use desk::{AuditAction, BreakGlass, Permission, ReadEvent};
use documents::letter::Addressee;
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Form, Link, NoteKind, Panel, Row, Status, Table, audit_note, columns,
    definition_list, note,
};
use web::{Locale, SafeHtml, tag};

use super::person_data::{self, Linked, Record};
use super::{LIST, Pages, decisions, letters, person_links, support_person, words};
use crate::lines::Line;
use crate::serving::Snapshot;

/// Which link is taken apart.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Place of the link in the person's list of rows.
    #[serde(rename = "dong", default)]
    pub(super) row: Option<usize>,
    /// Id of the decision just taken.
    #[serde(rename = "da-ghi", default)]
    pub(super) decided: String,
    /// Set after a decision was undone.
    #[serde(rename = "da-hoan-lai", default)]
    pub(super) undone: String,
}

/// `GET /nguoi/{person}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    page(&pages, &viewer, id, &view, &Returned::default()).await
}

/// The page of a person; with the form of a decision as it was typed where it came back.
pub(super) async fn page(pages: &Pages, viewer: &Viewer, id: i64, view: &View, returned: &Returned) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let person = person_data::person(&snapshot.session, id).await.map_err(inner)?.ok_or(PageError::NotFound)?;
    let in_area = viewer.scope.sees(person.commune.as_ref());
    let glass = match in_area {
        true => None,
        false => Some(app.desk.open_glass(&viewer.scope, id).await.map_err(PageError::desk)?.ok_or(PageError::NotFound)?),
    };
    let mut event = ReadEvent::new(AuditAction::ViewPerson, "person").object(format!("P{id}")).run(&snapshot.run);
    if glass.is_some() {
        event = event.word("by", "break_glass");
    }
    if let Some(code) = &person.commune {
        event = event.commune(code);
    }
    let audited = app.audit(viewer, event).await?;
    let mut links = person_data::links(&snapshot.session, id).await.map_err(inner)?;
    // Tax rows are tax secret: who may not see wage findings sees none of their rows (practice E6).
    if !desk::may(&viewer.scope, Permission::ViewEmployeeFindings) {
        links.retain(|link| link.at.roster != "tax_settlement");
    }
    let reasons: Vec<Line> = snapshot.visible(&viewer.scope).of_person(id);
    let mut left = SafeHtml::default();
    if let Some(glass) = &glass {
        left.push(urgent_note(l, glass));
    }
    if !view.decided.is_empty() {
        left.push(note(NoteKind::Info, &l.t("coverage-decided-title"), SafeHtml::text(&l.t("coverage-decided"))));
    }
    if view.undone == "1" {
        left.push(note(NoteKind::Info, &l.t("coverage-undone-title"), SafeHtml::text(&l.t("coverage-undone"))));
    }
    if app.desk.is_restricted(&viewer.scope, id).await.map_err(PageError::desk)? {
        left.push(note(NoteKind::Caution, &l.t("privacy-restricted"), SafeHtml::text(&l.t("office-restricted-why"))));
    }
    let cases = cases(pages, viewer, id).await?;
    left.push(why(pages, l, viewer, id, &reasons, &cases));
    left.push(support_person::section(pages, &snapshot, l, id).await?);
    left.push(rosters(l, id, &links));
    let chosen = view.row.filter(|row| *row < links.len()).or_else(|| weakest(&links));
    let mut right = facts(pages, l, &person);
    if let Some((at, link)) = chosen.and_then(|at| Some((at, links.get(at)?))) {
        let (own, spine) = both(pages, &snapshot, link).await?;
        if let (Some(own), Some(spine)) = (own, spine) {
            left.push(link_panels(&snapshot, l, link, &own, &spine).await.map_err(inner)?);
            // In an emergency one looks; deciding stays with those whose people they are.
            if in_area && desk::may(&viewer.scope, Permission::DecideLinks) {
                right.push(decisions::form(pages, l, (id, at), link, (&own, &spine), returned));
            }
        }
    }
    right.push(decisions::in_force(pages, &snapshot, viewer, id, &links).await?);
    right.push(audit_note(l, SafeHtml::text(&l.t("coverage-person-audit"))));
    if desk::may(&viewer.scope, Permission::AnswerRequests) {
        let link = Link::new(l.t("privacy-looked-link"), format!("/du-lieu-ca-nhan/ai-da-xem/{id}"));
        right.push(tag("p").class("small").child(link.html()).html());
    }
    // Who is chosen for a donor's fund is chosen by their commune.
    let commune_work = reasons.iter().any(|work| work.unit() == crate::lines::Unit::Commune);
    if in_area && commune_work && viewer.scope.role == base::Role::CommuneStaff {
        let link = Link::new(l.t("coverage-person-donor"), format!("/ke-hoach/chon-tai-tro/{id}"));
        right.push(tag("p").class("small").child(link.html()).html());
    }
    let mut page = app.page(viewer, &format!("/nguoi/{id}"), title(&person));
    page.crumbs = vec![Link::new(l.t("coverage-list-title"), LIST)];
    page.here = l.t("coverage-person-here");
    page.facts = SafeHtml::text(&reasons.iter().map(|w| words::reason(app, l, w.reason())).collect::<Vec<_>>().join(" · "));
    let whole = columns(Columns::MainSide, [stack(left), stack(right)]);
    page.body = returned.head(l, &whole).then(whole);
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// Until when, why, who is told; and the button that ends it.
fn urgent_note(l: Locale, glass: &BreakGlass) -> SafeHtml {
    let seconds = (glass.until.div_euclid(1000) + 7 * 3600).rem_euclid(86_400);
    let until = format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    let words = l.t_args("coverage-urgent-open", &[("until", until.as_str().into()), ("reason", glass.reason.as_str().into())]);
    let end = Form {
        action: "/tim-nguoi/khan-cap/thoi".into(),
        reads: false,
        hidden: vec![("lan".into(), glass.id.clone())],
        body: SafeHtml::default(),
        buttons: vec![Button::submit(l.t("coverage-urgent-end"), ButtonKind::Default)],
    };
    note(NoteKind::Caution, &l.t("coverage-urgent-title"), SafeHtml::text(&words).then(end.html()))
}

fn title(person: &person_data::Person) -> String {
    match person.born {
        Some(born) => format!("{}, {}", person.name, born.year()),
        None => person.name.clone(),
    }
}

/// The link most worth a look: linked, not decided, least probable.
fn weakest(links: &[Linked]) -> Option<usize> {
    let candidates = links.iter().enumerate().filter(|(_, link)| link.spine.is_some());
    candidates.min_by_key(|(at, link)| (link.decided, link.weight.unwrap_or(i64::MAX), *at)).map(|(at, _)| at)
}

/// The linked row and the row it is linked to, as they were handed over.
pub(super) async fn both(
    pages: &Pages,
    snapshot: &Snapshot,
    link: &Linked,
) -> Result<(Option<Record>, Option<Record>), PageError> {
    let app = &pages.app;
    let Some((_, spine)) = &link.spine else { return Ok((None, None)) };
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let own = person_data::record(snapshot, &app.book, &app.law, &app.places, &link.at).await.map_err(inner)?;
    let spine = person_data::record(snapshot, &app.book, &app.law, &app.places, spine).await.map_err(inner)?;
    Ok((own, spine))
}

/// The cases of a person; nobody sees any who does not work on cases.
async fn cases(pages: &Pages, viewer: &Viewer, id: i64) -> Result<Vec<desk::Case>, PageError> {
    if !desk::may(&viewer.scope, Permission::WorkCases) {
        return Ok(Vec::new());
    }
    pages.app.desk.cases_of(&viewer.scope, base::SubjectKind::Person, id).await.map_err(PageError::desk)
}

fn why(pages: &Pages, l: Locale, viewer: &Viewer, id: i64, reasons: &[Line], cases: &[desk::Case]) -> SafeHtml {
    let mut body = SafeHtml::default();
    for work in reasons {
        let evidence = work.evidence();
        let facts = evidence.iter().filter_map(|e| words::fact(l, e)).map(|(name, value)| (name, SafeHtml::text(&value)));
        let rule = pages.app.rules.get(work.reason());
        body.push(web::component::heading(3, &words::reason(&pages.app, l, work.reason()), SafeHtml::default()));
        body.push(definition_list(false, facts));
        if work.unit() != crate::lines::Unit::LookUp {
            let action = format!("/nguoi/{}/nhan-viec", work.person());
            body.push(super::work::beside(pages, l, viewer, cases, work.reason(), &action));
        }
        if let Some(rule) = rule {
            let more = Link::new(l.t("coverage-why-rule"), format!("/quy-tac/{}", rule.id));
            body.push(tag("p").class("small").text(&l.t("coverage-why-indication")).text(" ").child(more.html()).html());
            body.push(tag("p").class("small").text(&pages.app.automation_line(l)).html());
            body.push(letters::button(pages, l, viewer, &rule.id, Addressee::Person, &format!("/nguoi/{id}")));
        }
    }
    if reasons.is_empty() {
        body.push(tag("p").text(&l.t("coverage-why-none")).html());
    }
    // What came of a case keeps its reason off the list: the case is to be found all the same.
    let asked = |rule: &str| reasons.iter().any(|work| work.reason() == rule && work.unit() != crate::lines::Unit::LookUp);
    let answered: std::collections::BTreeSet<&str> =
        cases.iter().map(|case| case.rule.as_str()).filter(|rule| !asked(rule)).collect();
    for rule in answered {
        body.push(web::component::heading(3, &words::reason(&pages.app, l, rule), SafeHtml::default()));
        body.push(tag("p").class("small").text(&l.t("coverage-case-beside")).html());
        body.push(super::work::beside(pages, l, viewer, cases, rule, ""));
    }
    Panel::new(l.t("coverage-why-title"), body).html()
}

fn facts(pages: &Pages, l: Locale, person: &person_data::Person) -> SafeHtml {
    let born = person.born.map(|b| if person.year_only { b.year().to_string() } else { l.date(b) });
    let id = person.personal_id.as_deref().and_then(|id| base::PersonalId::parse(id).ok()).map(|id| id.masked());
    let items = [
        ("coverage-field-birth", born),
        ("coverage-field-sex", person.sex.as_ref().map(|s| l.t(&format!("coverage-sex-{s}")))),
        ("coverage-field-id", id),
        ("coverage-field-commune", person.commune.as_ref().map(|c| pages.place(c))),
        ("coverage-field-household", person.household.clone()),
        ("coverage-field-checked", person.checked.as_ref().map(|checked| checked_words(l, checked))),
    ];
    let unknown = l.t("coverage-unknown");
    let list = definition_list(
        false,
        items.into_iter().map(|(key, value)| (l.t(key), SafeHtml::text(value.as_deref().unwrap_or(&unknown)))),
    );
    let mut body = list;
    if !person.on_spine {
        body.push(note(NoteKind::Caution, &l.t("coverage-off-spine-title"), SafeHtml::text(&l.t("coverage-off-spine"))));
    }
    Panel::new(l.t("coverage-person-facts"), body).html()
}

/// What was answered about where the person lives, by whom and when.
fn checked_words(l: Locale, (said, by, day): &(String, String, Option<base::Date>)) -> String {
    let dashed = |word: &str| word.replace('_', "-");
    let said = l.t(&format!("coverage-checked-{}", dashed(said)));
    let day = day.map(|day| l.t_args("coverage-checked-day", &[("day", l.date(day).as_str().into())])).unwrap_or_default();
    let values = [("said", said.as_str().into()), ("day", day.as_str().into())];
    l.t_args(&format!("coverage-checked-by-{}", dashed(by)), &values)
}

fn rosters(l: Locale, id: i64, links: &[Linked]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-column-roster")),
        Column::text(l.t("coverage-column-file")),
        Column::number(l.t("coverage-column-row"), ""),
        Column::text(l.t("coverage-column-link")),
    ];
    let rows = links.iter().enumerate().map(|(at, link)| {
        let verdict = match (link.at.roster.as_str(), link.probability) {
            ("population", _) => Status::neutral(l.t("coverage-link-spine")).html(),
            (_, None) => Status::neutral(l.t("coverage-link-first")).html(),
            (_, Some(_)) if link.decided => Status::ok(l.t("coverage-link-decided")).html(),
            (_, Some(probability)) => {
                let percent = l.thousandths(probability * 100, 1);
                let text = l.t_args("coverage-link-probability", &[("percent", percent.trim_start_matches('+').into())]);
                Link::new(text, format!("/nguoi/{id}?dong={at}#so-sanh")).html()
            }
        };
        Row::new(vec![
            Cell::text(words::roster(l, &link.at.roster)),
            Cell::text(&link.at.file),
            Cell::text(l.number(link.at.row)),
            Cell::html(verdict),
        ])
    });
    let table = Table::new("danh-sach-goc", l.t("coverage-rosters-of-person"), head).rows(rows).html(l);
    Panel::flush(l.t("coverage-rosters-of-person"), table).html()
}

pub(super) async fn link_panels(
    snapshot: &Snapshot,
    l: Locale<'_>,
    link: &Linked,
    own: &Record,
    spine: &Record,
) -> Result<SafeHtml, engine::EngineError> {
    let (prior, parts) = person_data::pattern(&snapshot.session, link).await?;
    let margin = link.weight.zip(link.runner_up).map(|(w, r)| l.thousandths(w - r, 1));
    let lead = match &margin {
        Some(margin) => l.t_args("coverage-compare-margin", &[("bits", margin.as_str().into())]),
        None => l.t("coverage-compare-alone"),
    };
    Ok(SafeHtml::concat([
        Panel::flush(l.t("coverage-compare-title"), person_links::comparison(l, link, own, spine, &parts))
            .foot(SafeHtml::text(&lead))
            .html(),
        Panel::new(l.t("coverage-waterfall-title"), person_links::waterfall(l, link, prior, &parts)).html(),
    ]))
}

/// Blocks of one column, one under the other.
fn stack(blocks: SafeHtml) -> SafeHtml {
    tag("div").class("grid").child(blocks).html()
}
