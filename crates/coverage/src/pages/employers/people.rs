//! People of one employer: insured there in the period, or paid there in the settled year and seen insured nowhere.

use axum::Extension;
use axum::extract::{Path, Query, State};
use base::{CommuneCode, Date};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use engine::{EngineError, rows};
use serde::Deserialize;
use web::component::{Cell, Column, Link, Pager, Panel, Row, Table, audit_note, empty_state, paragraph};
use web::{Locale, SafeHtml};

use super::super::Pages;
use super::company::{name_of, open};
use super::{EMPLOYERS, require};
use crate::serving::Snapshot;

/// Word of the address: insured there in the month of the period.
pub(super) const NOW: &str = "dang-tham-gia";
/// Word of the address: paid there in the settled year and insured nowhere in it.
pub(super) const UNINSURED: &str = "chua-tham-gia";
/// As the contract `employer_count` counts: the order of the review begins above so many minimum wages, no figure of the law.
const MINIMUM_WAGES: i64 = 3;
/// Rows of one page.
const PAGE: usize = 50;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    #[serde(rename = "loai", default)]
    kind: String,
    /// Keyset: people after this number.
    #[serde(rename = "sau", default)]
    after: i64,
}

/// A person of the list.
struct Listed {
    id: i64,
    name: String,
    born: Option<Date>,
    commune: Option<CommuneCode>,
}

/// `GET /don-vi/{employer}/nguoi`.
pub(super) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let snapshot = pages.serving.current(app).await?;
    let employer = open(&snapshot, &viewer, id).await?;
    let (title, sql) = match view.kind.as_str() {
        NOW => (l.t("employer-people-now"), insured_now(&snapshot, id)),
        UNINSURED => (l.t("employer-people-uninsured"), paid_uninsured(&snapshot, id)),
        _ => return Err(PageError::NotFound),
    };
    let found = match sql {
        Some(sql) => people(&snapshot, &sql).await.map_err(|e| PageError::inner(&e))?,
        None => Vec::new(),
    };
    let from = found.partition_point(|p| p.id <= view.after);
    let shown = &found[from..(from + PAGE).min(found.len())];
    let event = ReadEvent::new(AuditAction::ViewRows, "employer").object(format!("E{id}")).word("list", &view.kind);
    let audited = app.audit(&viewer, event.count("rows", shown.len() as i64).run(&snapshot.run)).await?;
    let path = format!("{EMPLOYERS}/{id}/nguoi");
    let pager = Pager {
        summary: l.t_args("coverage-pager-rows", &[("shown", (shown.len() as i64).into()), ("n", (found.len() as i64).into())]),
        first: (from > 0).then(|| format!("{path}?loai={}", view.kind)),
        previous: None,
        next: shown.last().filter(|_| from + PAGE < found.len()).map(|p| format!("{path}?loai={}&sau={}", view.kind, p.id)),
    };
    let mut page = app.page(&viewer, &format!("{path}?loai={}", view.kind), title.clone());
    page.crumbs =
        vec![Link::new(l.t("employer-list-title"), EMPLOYERS), Link::new(name_of(l, &employer), format!("{EMPLOYERS}/{id}"))];
    page.here = title.clone();
    let words = l.t_args(
        "employer-people-sentence",
        &[("n", (found.len() as i64).into()), ("employer", name_of(l, &employer).into()), ("day", l.date(snapshot.as_of).into())],
    );
    page.table_id = "danh-sach".into();
    let foot = pager.html(l);
    let body = Panel::flush(title.clone(), table(&pages, l, &viewer, &title, shown)).foot(foot).html();
    page.body = SafeHtml::concat([paragraph(SafeHtml::text(&words)), body]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("employer-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]), l.t("employer-list-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn table(pages: &Pages, l: Locale, viewer: &Viewer, title: &str, shown: &[Listed]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-column-person")),
        Column::text(l.t("coverage-rows-born")),
        Column::text(l.t("coverage-column-place")),
    ];
    let rows = shown.iter().map(|person| {
        // A worker may live where this office has no business: the name is told, the page is not opened.
        let name = match viewer.scope.sees(person.commune.as_ref()) {
            true => Cell::link(&person.name, format!("/nguoi/{}", person.id)),
            false => Cell::text(&person.name),
        };
        let place = person.commune.as_ref().map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-place-unknown"));
        Row::new(vec![name, Cell::text(person.born.map(|d| l.date(d)).unwrap_or_default()), Cell::text(place)])
    });
    let empty = empty_state(&l.t("employer-people-none"), "", None);
    Table::new("danh-sach", title, head).rows(rows).empty(empty).worklist().html(l)
}

/// People insured at the employer in the month of the period, by how the rows of participation name their employer.
fn insured_now(snapshot: &Snapshot, employer: i64) -> Option<String> {
    let has = |table: &str| snapshot.session.has_table(table);
    (has("bhxh_month") && has("employer_mention")).then(|| {
        let month = snapshot.period.first_day();
        format!(
            "SELECT DISTINCT b.person_id FROM bhxh_month b JOIN employer_mention m ON m.roster = 'bhxh_participation' \
             AND coalesce(m.tax_code, '') = coalesce(b.employer_tax_code, '') \
             AND coalesce(m.unit_code, '') = coalesce(b.employer_code, '') AND m.name = coalesce(b.employer_name, '') \
             WHERE m.employer_id = {employer} AND b.month = DATE '{month}'"
        )
    })
}

/// People paid by the employer in the settled year whom `employer_count.paid_uninsured` counts: paid three minimum wages or more there,
/// no month of insurance anywhere in that year, nothing deducted for insurance by any payer, no pension and no pensioner's card.
fn paid_uninsured(snapshot: &Snapshot, employer: i64) -> Option<String> {
    let has = |table: &str| snapshot.session.has_table(table);
    if !(has("tax_wage") && has("employer_mention") && has("bhxh_month")) {
        return None;
    }
    let (year, day) = (snapshot.period.year() - 1, snapshot.as_of);
    let pension = "AND NOT EXISTS (SELECT 1 FROM pension q WHERE q.person_id = w.person_id \
                   AND coalesce(q.benefit_code, 'pension') IN ('pension', 'allowance'))";
    let card = format!(
        "AND NOT EXISTS (SELECT 1 FROM bhyt_card c WHERE c.person_id = w.person_id \
         AND (c.valid_from IS NULL OR c.valid_from <= DATE '{day}') \
         AND array_has(law('bhyt.object.pensioner', DATE '{day}'), c.object_code))"
    );
    Some(format!(
        "SELECT w.person_id FROM (SELECT t.person_id, sum(coalesce(t.total_income, 0)) AS income \
         FROM tax_wage t JOIN employer_mention m ON m.roster = 'tax_settlement' \
         AND coalesce(m.tax_code, '') = coalesce(t.payer_tax_code, '') AND m.name = coalesce(t.payer_name, '') \
         WHERE m.employer_id = {employer} AND t.year = {year} GROUP BY t.person_id) w \
         WHERE w.income > 0 AND w.income >= {MINIMUM_WAGES} * law('wage.regional_minimum', DATE '{year}-12-31', 'I') \
         AND NOT EXISTS (SELECT 1 FROM bhxh_month b WHERE b.person_id = w.person_id \
         AND b.month >= DATE '{year}-01-01' AND b.month <= DATE '{year}-12-31') \
         AND NOT EXISTS (SELECT 1 FROM tax_wage d WHERE d.person_id = w.person_id AND d.year = {year} \
         AND d.insurance_deducted > 0) {} {}",
        if has("pension") { pension } else { "" },
        if has("bhyt_card") { card.as_str() } else { "" },
    ))
}

async fn people(snapshot: &Snapshot, numbers: &str) -> Result<Vec<Listed>, EngineError> {
    let sql = format!(
        "SELECT p.person_id, p.full_name, p.birth_date, p.commune FROM person p JOIN ({numbers}) n ON n.person_id = p.person_id \
         ORDER BY p.person_id"
    );
    let mut found = Vec::new();
    for batch in snapshot.session.collect(&sql).await? {
        let (ids, born) = (rows::int(&batch, "person_id")?, rows::date(&batch, "birth_date")?);
        let (names, communes) = (rows::text(&batch, "full_name")?, rows::text(&batch, "commune")?);
        found.extend((0..batch.num_rows()).map(|row| Listed {
            id: ids.value(row),
            name: rows::text_at(&names, row).unwrap_or_default().to_owned(),
            born: rows::date_at(&born, row).and_then(Date::from_days_since_epoch),
            commune: rows::text_at(&communes, row).and_then(CommuneCode::parse),
        }));
    }
    Ok(found)
}
