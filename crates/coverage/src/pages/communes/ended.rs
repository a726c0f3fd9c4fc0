//! Whose finding is no longer there, and whose could not be evaluated again: the rows behind what the month brought.

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use base::CommuneCode;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use engine::{EngineError, rows};
use serde::Deserialize;
use web::component::{Cell, Column, Link, Pager, Panel, Row, Table, audit_note, empty_state, tabs};
use web::{Locale, SafeHtml};

use super::{COMMUNE, commune_of};
use crate::pages::Pages;
use crate::pages::words;
use crate::serving::Snapshot;
use chapter::{Named, named};

/// Rows of one page.
const PAGE: usize = 50;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// `cho` for findings that could not be evaluated again; else those that are gone.
    #[serde(rename = "tinh-trang", default)]
    state: String,
    /// Keyset: people after this number.
    #[serde(rename = "sau", default)]
    after: i64,
}

/// Findings of a kind that ended for somebody.
struct Ended {
    person: i64,
    rules: Vec<String>,
}

/// Path of the page below a commune's.
pub(super) const ENDED: &str = "het-dau-hieu";

/// The states and their words of addresses.
const STATES: [(&str, &str, &str); 2] =
    [("resolved", "", "commune-month-resolved"), ("not_evaluated", "cho", "commune-month-waiting")];

/// `GET /xa-phuong/{code}/het-dau-hieu`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(code): Path<String>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    let code = commune_of(&pages, &viewer, &code)?;
    let snapshot = pages.serving.current(app).await?;
    let inner = |e: EngineError| PageError::inner(&e);
    if !snapshot.session.has_table("finding") {
        return Err(PageError::NotFound);
    }
    let (state, word, title) = *STATES.iter().find(|(_, word, _)| *word == view.state).unwrap_or(&STATES[0]);
    let condition = condition(&pages, &viewer, &code);
    let count = count(&snapshot, &condition, state).await.map_err(inner)?;
    let mut found = page_of(&snapshot, &condition, state, view.after).await.map_err(inner)?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let event = ReadEvent::new(AuditAction::ListPeople, "finding").object(state).commune(&code);
    let audited = app.audit(&viewer, event.count("rows", found.len() as i64).run(&snapshot.run)).await?;
    let known = named(&snapshot.session, found.iter().map(|ended| ended.person)).await.map_err(inner)?;
    let path = format!("{COMMUNE}/{code}/{ENDED}");
    let href = |word: &str, after: i64| match (word, after) {
        ("", 0) => path.clone(),
        ("", after) => format!("{path}?sau={after}"),
        (word, 0) => format!("{path}?tinh-trang={word}"),
        (word, after) => format!("{path}?tinh-trang={word}&sau={after}"),
    };
    let kinds: Vec<web::component::Tab> = STATES
        .iter()
        .map(|(of, word, key)| web::component::Tab {
            link: Link::new(l.t(key), href(word, 0)),
            count: None,
            current: *of == state,
        })
        .collect();
    let pager = Pager {
        summary: l.t_args("coverage-pager-rows", &[("shown", found.len().into()), ("n", count.into())]),
        first: (view.after > 0).then(|| href(word, 0)),
        previous: None,
        next: found.last().filter(|_| more).map(|ended| href(word, ended.person)),
    };
    let place = pages.place(&code);
    let mut page = app.page(&viewer, &href(word, view.after), format!("{place}: {}", l.t(title)));
    page.crumbs = vec![Link::new(l.t("commune-list-title"), COMMUNE), Link::new(place.clone(), format!("{COMMUNE}/{code}"))];
    page.here = l.t(title);
    page.table_id = "dong".into();
    let empty = empty_state(&l.t("commune-ended-empty"), &l.t("commune-ended-empty-why"), None);
    let table = table(&pages, l, &found, &known).empty(empty).html(l);
    let panel = Panel::flush(l.t(title), table).aside(l.t("commune-ended-once")).foot(pager.html(l)).html();
    let day = l.date(snapshot.as_of);
    let values = [("n", count.into()), ("place", place.as_str().into()), ("day", day.as_str().into())];
    let sentence = web::tag("p").class("sentence").text(&l.t_args("coverage-rows-sentence", &values)).html();
    page.body = SafeHtml::concat([tabs(&l.t("coverage-column-state"), &kinds), sentence, panel]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-rows-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]), l.t("coverage-reasons-note")];
    Ok(Shown::page(page.render(l), audited))
}

/// Findings about people of a commune, without those of employees for who may not see them: the condition that counts and lists.
pub(super) fn condition(pages: &Pages, viewer: &Viewer, code: &CommuneCode) -> String {
    let offices = desk::may(&viewer.scope, Permission::ViewEmployeeFindings);
    let hidden = pages.app.rules.iter().filter(|rule| !offices && rule.work.unit == "insurance_office");
    // Ids of rules are words of the program's own content.
    let left_out: String = hidden.map(|rule| format!(" AND rule <> '{}'", rule.id)).collect();
    // Codes are five digits each, checked when parsed.
    format!("commune = '{code}' AND subject_kind = 'person'{left_out}")
}

/// How many people have findings in a state.
pub(super) async fn count(snapshot: &Snapshot, condition: &str, state: &str) -> Result<i64, EngineError> {
    let sql = format!("SELECT count(DISTINCT person_id) AS people FROM finding WHERE {condition} AND state = '{state}'");
    let counted = snapshot.session.collect(&sql).await?;
    counted.first().map_or(Ok(0), |batch| Ok(rows::int(batch, "people")?.value(0)))
}

/// One person more than a page, by number, with the rules of what ended.
async fn page_of(snapshot: &Snapshot, condition: &str, state: &str, after: i64) -> Result<Vec<Ended>, EngineError> {
    let sql = format!(
        "SELECT person_id, rule FROM finding WHERE {condition} AND state = '{state}' AND person_id IN \
         (SELECT person_id FROM finding WHERE {condition} AND state = '{state}' AND person_id > {after} \
          GROUP BY person_id ORDER BY person_id LIMIT {}) GROUP BY person_id, rule ORDER BY person_id, rule",
        PAGE + 1
    );
    let mut found: Vec<Ended> = Vec::new();
    for batch in snapshot.session.collect(&sql).await? {
        let (people, rules) = (rows::int(&batch, "person_id")?, rows::text(&batch, "rule")?);
        for row in 0..batch.num_rows() {
            let person = people.value(row);
            match found.last_mut().filter(|last| last.person == person) {
                Some(last) => last.rules.push(rules.value(row).to_owned()),
                None => found.push(Ended { person, rules: vec![rules.value(row).to_owned()] }),
            }
        }
    }
    Ok(found)
}

fn table(pages: &Pages, l: Locale, found: &[Ended], known: &std::collections::BTreeMap<i64, Named>) -> Table {
    let head = vec![
        Column::text(l.t("coverage-column-person")),
        Column::text(l.t("coverage-rows-born")),
        Column::text(l.t("coverage-column-reason")),
        Column::text(l.t("commune-village")),
    ];
    let rows = found.iter().map(|ended| {
        let person = known.get(&ended.person).cloned().unwrap_or_default();
        let reasons: Vec<String> = ended.rules.iter().map(|rule| words::reason(&pages.app, l, rule)).collect();
        Row::new(vec![
            Cell::link(&person.name, format!("/nguoi/{}", ended.person)),
            Cell::text(person.born.map(|day| l.date(day)).unwrap_or_default()),
            Cell::text(reasons.join("; ")),
            Cell::text(person.village.unwrap_or_default()),
        ])
    });
    Table::new("dong", l.t("indicator-rows-table"), head).rows(rows)
}
