//! The people behind a numerator, a denominator or a number beside them: fifty a page, in the order they lie in.

use axum::Extension;
use axum::extract::{Path as FromPath, Query, State};
use base::{Area, CommuneCode, Date};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use engine::{EngineError, rows};
use serde::Deserialize;
use web::component::{Cell, Column, Link, Pager, Panel, Row, Table, audit_note, empty_state, paragraph};
use web::{Locale, SafeHtml};

use crate::counted::Part;
use crate::figures::Line;
use crate::pages::Pages;
use crate::serving::Snapshot;

/// Rows of one page.
const PAGE: usize = 50;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Commune code.
    #[serde(rename = "xa", default)]
    commune: String,
    /// Keyset: after this commune (empty: people of no known commune, who come first) …
    #[serde(rename = "sau-xa", default)]
    after_commune: String,
    /// … and this person.
    #[serde(rename = "sau", default)]
    after: Option<i64>,
}

/// Where a page begins.
struct After {
    commune: Option<CommuneCode>,
    person: i64,
}

/// Whose rows are asked for.
enum Whose {
    /// Lines of `coverage_state` under a condition.
    States(&'static str),
    /// People who take part and are no known residents: `person` under a condition.
    Outside(String),
}

/// `GET /chi-tieu/{id}/{tu-so|mau-so|chua|chua-ro|chua-ghep}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromPath((id, part)): FromPath<(String, String)>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    let plan = pages.plan.clone();
    let indicator = plan.indicator(&id).ok_or(PageError::NotFound)?;
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let whose = whose(&viewer, &snapshot, &id, &part)?;
    let asked = CommuneCode::parse(&view.commune);
    if asked.as_ref().is_some_and(|code| !viewer.scope.sees(Some(code))) {
        return Err(PageError::NotFound);
    }
    let area = area(asked.as_ref(), &viewer);
    let after = view.after.map(|person| After { commune: CommuneCode::parse(&view.after_commune), person });
    let mut found = page_of(&snapshot, &whose, &area, after.as_ref()).await.map_err(|e| PageError::inner(&e))?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let count = count(&snapshot, &whose, &area).await.map_err(|e| PageError::inner(&e))?;
    let event = ReadEvent::new(AuditAction::ViewRows, "indicator").object(id.as_str()).word("part", part_word(&part));
    let event = event.count("rows", found.len() as i64).run(&snapshot.run);
    let audited = app.audit(&viewer, asked.iter().fold(event, |event, code| event.commune(code))).await?;
    let people = people(&snapshot, &found).await.map_err(|e| PageError::inner(&e))?;
    let word = part_word(&part);
    let title = l.t(&format!("indicator-rows-{word}"));
    let path = format!("/chi-tieu/{id}/{part}");
    let line = match &asked {
        Some(code) => figures.of(&id, Some(code)).cloned(),
        None => figures.seen(&id, &viewer.scope),
    };
    let empty = empty_state(&l.t("indicator-rows-empty"), &l.t("indicator-rows-empty-why"), None);
    let body = table(&pages, l, &people).empty(empty).html(l);
    let filter = asked.as_ref().map(|code| format!("xa={code}&")).unwrap_or_default();
    let next = found.last().filter(|_| more).map(|(commune, person)| {
        let commune = commune.as_ref().map(CommuneCode::as_str).unwrap_or_default();
        format!("{path}?{filter}sau-xa={commune}&sau={person}")
    });
    let pager = Pager {
        summary: l.t_args("coverage-pager-rows", &[("shown", found.len().into()), ("n", count.into())]),
        first: after.is_some().then(|| format!("{path}?{}", filter.trim_end_matches('&'))),
        previous: None,
        next,
    };
    let mut page = app.page(&viewer, &path, format!("{}: {}", indicator.short.of(l), title.to_lowercase()));
    page.crumbs =
        vec![Link::new(l.t("coverage-menu-overview"), "/"), Link::new(indicator.short.of(l), format!("/chi-tieu/{id}"))];
    page.here = title.clone();
    page.table_id = "dong".into();
    let sentence = sentence(&pages, l, &snapshot, (&part, asked.as_ref()), count, line.as_ref());
    page.body = SafeHtml::concat([
        web::tag("p").class("sentence").text(&sentence).html(),
        Panel::flush(title, body).foot(pager.html(l)).html(),
        paragraph(SafeHtml::text(&l.t("indicator-rows-order"))),
    ]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-rows-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// The fixed word of a part for the log and the texts.
fn part_word(part: &str) -> &'static str {
    match Part::parse(part) {
        Some(Part::Numerator) => "numerator",
        Some(Part::Denominator) => "denominator",
        Some(Part::Open) => "open",
        Some(Part::Unknown) => "unknown",
        None => "unmatched",
    }
}

fn whose(viewer: &Viewer, snapshot: &Snapshot, id: &str, part: &str) -> Result<Whose, PageError> {
    if part == "chua-ghep" {
        return outside(snapshot, id).map(Whose::Outside).ok_or(PageError::NotFound);
    }
    let part = Part::parse(part).ok_or(PageError::NotFound)?;
    let condition = part.condition(id).ok_or(PageError::NotFound)?;
    // Who is paid or employed and not insured comes from tax and labour rosters: insurance officers only (practice E6).
    if part == Part::Open && matches!(id, "I2" | "I4") {
        desk::require(&viewer.scope, Permission::ViewEmployeeFindings).map_err(|_| PageError::Forbidden)?;
    }
    if snapshot.session.has_table("coverage_state") { Ok(Whose::States(condition)) } else { Err(PageError::NotFound) }
}

/// Whether the people who take part and are no known residents can be opened for an indicator.
pub(super) fn has_outside(snapshot: &Snapshot, id: &str) -> bool {
    outside(snapshot, id).is_some()
}

/// The condition of people outside the spine who take part in a scheme, over `person p`.
fn outside(snapshot: &Snapshot, id: &str) -> Option<String> {
    let (first, end) = (snapshot.period.first_day(), snapshot.as_of);
    let of = |table: &str, when: String| {
        let there = snapshot.session.has_table(table);
        there.then(|| format!("p.person_id IN (SELECT person_id FROM {table} WHERE {when})"))
    };
    let covers =
        |from: &str, to: &str| format!("({from} IS NULL OR {from} <= DATE '{end}') AND ({to} IS NULL OR {to} >= DATE '{end}')");
    match id {
        "I1" => of("bhyt_card", covers("valid_from", "valid_to")),
        "I2" => of("bhxh_month", format!("month = DATE '{first}'")),
        _ => None,
    }
}

/// SQL condition of an area on a column `commune`. Codes are five digits each, checked when parsed: nothing typed reaches a query.
fn area(asked: Option<&CommuneCode>, viewer: &Viewer) -> String {
    match (asked, &viewer.scope.area) {
        (Some(code), _) => format!("commune = '{code}'"),
        (None, Area::City) => "true".to_owned(),
        (None, Area::Communes(own)) if own.is_empty() => "false".to_owned(),
        (None, Area::Communes(own)) => {
            let codes: Vec<String> = own.iter().map(|c| format!("'{c}'")).collect();
            format!("commune IN ({})", codes.join(", "))
        }
    }
}

fn from(whose: &Whose) -> String {
    match whose {
        Whose::States(condition) => format!("(SELECT commune, person_id FROM coverage_state WHERE {condition}) s"),
        Whose::Outside(condition) => {
            format!(
                "(SELECT p.commune, p.person_id FROM person p WHERE NOT p.on_spine AND p.alive_on_period_end AND {condition}) s"
            )
        }
    }
}

async fn count(snapshot: &Snapshot, whose: &Whose, area: &str) -> Result<i64, EngineError> {
    let counted = snapshot.session.collect(&format!("SELECT count(*) AS n FROM {} WHERE {area}", from(whose))).await?;
    counted.first().map_or(Ok(0), |batch| Ok(rows::int(batch, "n")?.value(0)))
}

type Place = (Option<CommuneCode>, i64);

/// One row more than a page, in the order of the table: by commune, people of no known commune first, then by person.
async fn page_of(snapshot: &Snapshot, whose: &Whose, area: &str, after: Option<&After>) -> Result<Vec<Place>, EngineError> {
    let after = match after {
        None => "true".to_owned(),
        Some(After { commune: None, person }) => format!("(commune IS NOT NULL OR person_id > {person})"),
        Some(After { commune: Some(code), person }) => {
            format!("(commune > '{code}' OR (commune = '{code}' AND person_id > {person}))")
        }
    };
    let sql = format!(
        "SELECT commune, person_id FROM {} WHERE {area} AND {after} ORDER BY commune NULLS FIRST, person_id LIMIT {}",
        from(whose),
        PAGE + 1
    );
    let mut found = Vec::new();
    for batch in snapshot.session.collect(&sql).await? {
        let (communes, people) = (rows::text(&batch, "commune")?, rows::int(&batch, "person_id")?);
        found.extend(
            (0..batch.num_rows()).map(|row| (rows::text_at(&communes, row).and_then(CommuneCode::parse), people.value(row))),
        );
    }
    Ok(found)
}

/// A person as the table shows one.
struct Person {
    id: i64,
    commune: Option<CommuneCode>,
    name: String,
    born: Option<Date>,
}

/// Names of the people of a page: asked for by number, so that only the parts of the file that hold them are read.
async fn people(snapshot: &Snapshot, found: &[Place]) -> Result<Vec<Person>, EngineError> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: Vec<String> = found.iter().map(|(_, person)| person.to_string()).collect();
    let sql = format!("SELECT person_id, full_name, birth_date FROM person WHERE person_id IN ({})", numbers.join(", "));
    let mut known = std::collections::BTreeMap::new();
    for batch in snapshot.session.collect(&sql).await? {
        let (ids, names) = (rows::int(&batch, "person_id")?, rows::text(&batch, "full_name")?);
        let born = rows::date(&batch, "birth_date")?;
        for row in 0..batch.num_rows() {
            let day = rows::date_at(&born, row).and_then(Date::from_days_since_epoch);
            known.insert(ids.value(row), (rows::text_at(&names, row).unwrap_or_default().to_owned(), day));
        }
    }
    let person = |(commune, id): &Place| {
        let (name, born) = known.remove(id).unwrap_or_default();
        Person { id: *id, commune: commune.clone(), name, born }
    };
    Ok(found.iter().map(person).collect())
}

fn table(pages: &Pages, l: Locale, people: &[Person]) -> Table {
    let head = vec![
        Column::text(l.t("coverage-column-person")),
        Column::text(l.t("coverage-rows-born")),
        Column::text(l.t("coverage-column-place")),
    ];
    let rows = people.iter().map(|person| {
        let place = person.commune.as_ref().map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-place-unknown"));
        Row::new(vec![
            Cell::link(&person.name, format!("/nguoi/{}", person.id)),
            Cell::text(person.born.map(|d| l.date(d)).unwrap_or_default()),
            Cell::text(place),
        ])
    });
    Table::new("dong", l.t("indicator-rows-table"), head).rows(rows)
}

/// How many there are, where, and how the number on the page before came about.
fn sentence(
    pages: &Pages,
    l: Locale,
    snapshot: &Snapshot,
    (part, asked): (&str, Option<&CommuneCode>),
    count: i64,
    line: Option<&Line>,
) -> String {
    let place = asked.map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-whole-scope"));
    let day = l.date(snapshot.as_of);
    let aggregate = line.map_or(0, |line| line.aggregate);
    if part == Part::Numerator.word() && aggregate > 0 {
        // The number of the card first: what has rows, and what is a number only.
        let source = line.and_then(|line| line.aggregate_source.clone()).unwrap_or_default();
        let values = [
            ("all", (count + aggregate).into()),
            ("n", count.into()),
            ("aggregate", aggregate.into()),
            ("place", place.as_str().into()),
            ("day", day.as_str().into()),
            ("source", source.as_str().into()),
        ];
        return l.t_args("indicator-rows-sentence-aggregate", &values);
    }
    let values = [("n", count.into()), ("place", place.as_str().into()), ("day", day.as_str().into())];
    l.t_args("coverage-rows-sentence", &values)
}
