//! The people behind a numerator, a denominator or a number beside them: fifty a page, in the order they lie in.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path as FromPath, Query, State};
use base::CommuneCode;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use engine::{EngineError, rows};
use serde::Deserialize;
use web::component::{Cell, Column, Link, Pager, Panel, Row, Table, audit_note, empty_state, paragraph};
use web::{Locale, SafeHtml};

use crate::counted::{self, Part};
use crate::figures::Line;
use crate::pages::Pages;
use crate::part_counts::{self, ByCommune, PartCounts};
use crate::plan::Said;
use crate::serving::Snapshot;
use chapter::{Named, named};

/// Rows of one page.
const PAGE: usize = 50;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Commune code.
    #[serde(rename = "xa", default)]
    commune: String,
    /// Village of that commune; `-` is who stands in none.
    #[serde(rename = "thon", default)]
    village: String,
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
    /// People who take part in this and are no known residents.
    Outside(&'static str),
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
    let village = match &asked {
        Some(code) if !view.village.is_empty() => Some(village(&snapshot, code, &view.village).await?),
        _ => None,
    };
    let inner = |e: EngineError| PageError::inner(&e);
    let seen = part_counts::seen(whose.counts(&figures.parts).ok_or(PageError::NotFound)?, &viewer.scope, asked.as_ref());
    let count = match &village {
        None => seen.iter().map(|(_, people)| people).sum(),
        Some(village) => count(&snapshot, &whose, asked.as_ref(), village).await.map_err(inner)?,
    };
    let after = view.after.map(|person| After { commune: CommuneCode::parse(&view.after_commune), person });
    let mut found = page_of(&snapshot, &whose, &seen, village.as_deref(), after.as_ref()).await.map_err(inner)?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let event = ReadEvent::new(AuditAction::ViewRows, "indicator").object(id.as_str()).word("part", part_word(&part));
    let event = event.count("rows", found.len() as i64).run(&snapshot.run);
    let audited = app.audit(&viewer, asked.iter().fold(event, |event, code| event.commune(code))).await?;
    let known = named(&snapshot.session, found.iter().map(|(_, person)| *person)).await.map_err(inner)?;
    let word = part_word(&part);
    let title = l.t(&format!("indicator-rows-{word}"));
    let path = format!("/chi-tieu/{id}/{part}");
    let line = match &asked {
        Some(code) => figures.of(&id, Some(code)).cloned(),
        None => figures.seen(&id, &viewer.scope),
    };
    let empty = empty_state(&l.t("indicator-rows-empty"), &l.t("indicator-rows-empty-why"), None);
    let body = table(&pages, l, &found, &known).empty(empty).html(l);
    let mut filter = asked.as_ref().map(|code| format!("xa={code}&")).unwrap_or_default();
    if village.is_some() {
        filter.push_str(&format!("thon={}&", crate::filter::encode(&view.village)));
    }
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
    let sentence = sentence(
        &pages,
        l,
        &snapshot,
        (&part, asked.as_ref(), village.as_ref().map(|_| view.village.as_str())),
        count,
        line.as_ref(),
    );
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
    let (whose, table) = if part == "chua-ghep" {
        (Whose::Outside(counted::outside(id).ok_or(PageError::NotFound)?), OUTSIDE)
    } else {
        let part = Part::parse(part).ok_or(PageError::NotFound)?;
        // Who is paid or employed and not insured comes from tax and labour rosters: insurance officers only (practice E6).
        if part == Part::Open && matches!(id, "I2" | "I4") {
            desk::require(&viewer.scope, Permission::ViewEmployeeFindings).map_err(|_| PageError::Forbidden)?;
        }
        (Whose::States(part.condition(id).ok_or(PageError::NotFound)?), "coverage_state")
    };
    if snapshot.session.has_table(table) { Ok(whose) } else { Err(PageError::NotFound) }
}

/// Table of the people who take part and are no known residents.
const OUTSIDE: &str = "coverage_outside_person";

/// Whether the people who take part and are no known residents can be opened for an indicator: runs of earlier programs have none.
pub(super) fn has_outside(snapshot: &Snapshot, id: &str) -> bool {
    counted::outside(id).is_some() && snapshot.session.has_table(OUTSIDE)
}

/// A condition on the village an address names, when the commune has one of that name; `-` is who stands in none.
async fn village(snapshot: &Snapshot, commune: &CommuneCode, asked: &str) -> Result<String, PageError> {
    let inner = |e: EngineError| PageError::inner(&e);
    if asked == "-" {
        return Ok("village IS NULL".to_owned());
    }
    // Codes are five digits each, checked when parsed.
    let sql = format!("SELECT DISTINCT village FROM coverage_count WHERE commune = '{commune}' AND village IS NOT NULL");
    for batch in snapshot.session.collect(&sql).await.map_err(inner)? {
        let names = rows::text(&batch, "village").map_err(inner)?;
        if (0..batch.num_rows()).any(|row| names.value(row) == asked) {
            // The name is one the run wrote; a quotation mark in it stays a letter.
            return Ok(format!("village = '{}'", asked.replace('\'', "''")));
        }
    }
    Err(PageError::NotFound)
}

impl Whose {
    fn counts<'a>(&self, parts: &'a PartCounts) -> Option<&'a ByCommune> {
        match self {
            Self::States(condition) => parts.states(condition),
            Self::Outside(what) => Some(parts.outside(what).unwrap_or(&NOBODY)),
        }
    }

    /// Table and condition of the people.
    fn from(&self) -> String {
        match self {
            Self::States(condition) => format!("coverage_state WHERE {condition}"),
            Self::Outside(what) => format!("{OUTSIDE} WHERE what = '{what}'"),
        }
    }
}

static NOBODY: ByCommune = ByCommune::new();

async fn count(snapshot: &Snapshot, whose: &Whose, commune: Option<&CommuneCode>, village: &str) -> Result<i64, EngineError> {
    let place = commune.map(|code| format!("commune = '{code}' AND ")).unwrap_or_default();
    let counted = snapshot.session.collect(&format!("SELECT count(*) AS n FROM {} AND {place}{village}", whose.from())).await?;
    counted.first().map_or(Ok(0), |batch| Ok(rows::int(batch, "n")?.value(0)))
}

type Place = (Option<CommuneCode>, i64);

/// One row more than a page, in the order of the table: by commune, people of no known commune first, then by person.
async fn page_of(
    snapshot: &Snapshot,
    whose: &Whose,
    seen: &[(&Option<CommuneCode>, i64)],
    village: Option<&str>,
    after: Option<&After>,
) -> Result<Vec<Place>, EngineError> {
    let Some(mut reach) = part_counts::reach(seen, after.map(|after| &after.commune), PAGE as i64 + 1) else {
        return Ok(Vec::new());
    };
    let after = match after {
        None => "true".to_owned(),
        Some(After { commune: None, person }) => format!("(commune IS NOT NULL OR person_id > {person})"),
        Some(After { commune: Some(code), person }) => {
            format!("(commune > '{code}' OR (commune = '{code}' AND person_id > {person}))")
        }
    };
    if let Some(village) = village {
        reach.push_str(&format!(" AND {village}"));
    }
    let sql = format!(
        "SELECT commune, person_id FROM {} AND {reach} AND {after} ORDER BY commune NULLS FIRST, person_id LIMIT {}",
        whose.from(),
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

fn table(pages: &Pages, l: Locale, found: &[Place], known: &BTreeMap<i64, Named>) -> Table {
    let head = vec![
        Column::text(l.t("coverage-column-person")),
        Column::text(l.t("coverage-rows-born")),
        Column::text(l.t("coverage-column-place")),
    ];
    let rows = found.iter().map(|(commune, id)| {
        let person = known.get(id).cloned().unwrap_or_default();
        let place = commune.as_ref().map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-place-unknown"));
        Row::new(vec![
            Cell::link(&person.name, format!("/nguoi/{id}")),
            Cell::text(person.born.map(|d| l.date(d)).unwrap_or_default()),
            Cell::text(person.village.iter().cloned().chain([place]).collect::<Vec<_>>().join(", ")),
        ])
    });
    Table::new("dong", l.t("indicator-rows-table"), head).rows(rows)
}

/// How many there are, where, and how the number on the page before came about.
fn sentence(
    pages: &Pages,
    l: Locale,
    snapshot: &Snapshot,
    (part, asked, village): (&str, Option<&CommuneCode>, Option<&str>),
    count: i64,
    line: Option<&Line>,
) -> String {
    let place = asked.map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-whole-scope"));
    let village = village.map(|name| if name == "-" { l.t("commune-no-village") } else { name.to_owned() });
    let place = village.iter().cloned().chain([place]).collect::<Vec<_>>().join(", ");
    let day = l.date(snapshot.as_of);
    // Numbers without rows are known by commune only.
    let aggregate = line.filter(|_| village.is_none()).map_or(0, |line| line.aggregate);
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
