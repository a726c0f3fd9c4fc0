//! Rows that may be of one employer and were not put together, or were and look odd: to be read.

use axum::Extension;
use axum::extract::{Query, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use engine::{EngineError, rows};
use serde::Deserialize;
use web::SafeHtml;
use web::component::{Cell, Column, Link, Pager, Panel, Row, Table, audit_note, empty_state, paragraph};

use super::super::{Pages, words};
use super::data::text_of;
use super::{EMPLOYERS, require};
use crate::serving::Snapshot;

/// Path of the page.
pub(super) const PATH: &str = "/don-vi/can-xem";
/// Rows of one page.
const PAGE: i64 = 50;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// Keyset: pairs after this place.
    #[serde(rename = "sau", default)]
    after: i64,
}

/// A question about two employers.
struct Pair {
    rank: i64,
    roster: String,
    name: String,
    code: Option<String>,
    own: i64,
    candidate: i64,
    candidate_name: String,
    candidate_code: Option<String>,
    question: String,
    alike: i64,
}

/// `GET /don-vi/can-xem`.
pub(super) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    // The pairs are of the whole city: a base office sees its own employers by the list.
    if viewer.scope.area != base::Area::City {
        return Err(PageError::Forbidden);
    }
    let snapshot = pages.serving.current(app).await?;
    let (count, pairs) = pairs(&snapshot, view.after).await.map_err(|e| PageError::inner(&e))?;
    let event = ReadEvent::new(AuditAction::ViewRows, "employer_review").count("rows", pairs.len() as i64);
    let audited = app.audit(&viewer, event.run(&snapshot.run)).await?;
    let head = vec![
        Column::text(l.t("employer-review-own")),
        Column::text(l.t("employer-review-candidate")),
        Column::text(l.t("employer-review-question")),
        Column::number(l.t("employer-alike"), "%"),
    ];
    let rows = pairs.iter().map(|pair| {
        let told = |code: &Option<String>| code.clone().unwrap_or_default();
        let source = l.t_args("employer-source", &[("roster", words::roster(l, &pair.roster).as_str().into())]);
        let percent = l.thousandths(pair.alike * 100, 1);
        Row::new(vec![
            Cell::link(&pair.name, format!("{EMPLOYERS}/{}", pair.own)).note(format!("{} {source}", told(&pair.code))),
            Cell::link(&pair.candidate_name, format!("{EMPLOYERS}/{}", pair.candidate)).note(told(&pair.candidate_code)),
            Cell::text(l.t(&format!("employer-question-{}", pair.question.replace('_', "-")))),
            Cell::text(percent.trim_start_matches('+')),
        ])
    });
    let title = l.t("employer-review-title");
    let empty = empty_state(&l.t("employer-review-none"), "", None);
    let table = Table::new("danh-sach", title.clone(), head).rows(rows).empty(empty).worklist().html(l);
    let pager = Pager {
        summary: l.t_args("coverage-review-count", &[("n", count.into())]),
        first: (view.after > 0).then(|| PATH.to_owned()),
        previous: None,
        next: pairs.last().filter(|pair| pair.rank < count).map(|pair| format!("{PATH}?sau={}", pair.rank)),
    };
    let mut page = app.page(&viewer, PATH, title.clone());
    page.crumbs = vec![Link::new(l.t("employer-list-title"), EMPLOYERS)];
    page.here = title.clone();
    page.table_id = "danh-sach".into();
    let words = paragraph(SafeHtml::text(&l.t("employer-review-intro")));
    page.body = SafeHtml::concat([words, Panel::flush(title, table).foot(pager.html(l)).html()]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("employer-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// How many questions there are, and those of one page.
async fn pairs(snapshot: &Snapshot, after: i64) -> Result<(i64, Vec<Pair>), EngineError> {
    if !snapshot.session.has_table("employer_review") {
        return Ok((0, Vec::new()));
    }
    let counted = snapshot.session.collect("SELECT count(*) AS n FROM employer_review").await?;
    let count = counted.first().map(|batch| Ok::<_, EngineError>(rows::int(batch, "n")?.value(0))).transpose()?.unwrap_or(0);
    let sql = format!(
        "SELECT r.rank, r.roster, r.name, r.code, r.own_id, r.candidate_id, r.question, r.name_thousandths, \
         e.name AS candidate_name, coalesce(e.tax_code, e.unit_code) AS candidate_code \
         FROM (SELECT * FROM employer_review WHERE rank > {after} ORDER BY rank LIMIT {PAGE}) r \
         JOIN employer e ON e.employer_id = r.candidate_id ORDER BY r.rank"
    );
    let mut found = Vec::new();
    for batch in snapshot.session.collect(&sql).await? {
        let int = |name: &str| rows::int(&batch, name);
        let (ranks, owns, candidates, alike) = (int("rank")?, int("own_id")?, int("candidate_id")?, int("name_thousandths")?);
        for row in 0..batch.num_rows() {
            let text = |name: &str| text_of(&batch, name, row);
            found.push(Pair {
                rank: ranks.value(row),
                roster: text("roster")?.unwrap_or_default(),
                name: text("name")?.unwrap_or_default(),
                code: text("code")?,
                own: owns.value(row),
                candidate: candidates.value(row),
                candidate_name: text("candidate_name")?.unwrap_or_default(),
                candidate_code: text("candidate_code")?,
                question: text("question")?.unwrap_or_default(),
                alike: alike.value(row),
            });
        }
    }
    Ok((count, found))
}
