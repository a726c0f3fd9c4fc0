//! The register: what it is made of, how each roster fared, and what became of numbers.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use engine::arrow::array::Int64Array;
use engine::rows;
use web::component::{
    Button, ButtonKind, Cell, Column, NoteKind, Panel, Row, Table, audit_note, definition_list, note, paragraph,
};
use web::{Locale, SafeHtml};

use super::{Pages, code_gaps, words};
use crate::serving::Snapshot;

/// `GET /so-nguoi`.
pub(crate) async fn show(State(pages): State<Pages>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    if viewer.scope.area != base::Area::City {
        return Err(PageError::Forbidden);
    }
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "register").object("all").run(&snapshot.run)).await?;
    let counts = counts(&snapshot).await?;
    let mut page = app.page(&viewer, "/so-nguoi", l.t("coverage-register-title"));
    page.facts = SafeHtml::text(&l.t_args("coverage-register-intro", &[("period", l.month(snapshot.period).as_str().into())]));
    if desk::may(&viewer.scope, Permission::DecideLinks) {
        let review = l.t("coverage-review-title");
        page.actions = vec![Button::link(review, super::review::LIST, ButtonKind::Primary)];
    }
    let (title, text) = if counts.contains_key("population") {
        ("coverage-register-mode-full-title", "coverage-register-mode-full")
    } else {
        ("coverage-register-mode-built-title", "coverage-register-mode-built")
    };
    let words = note(NoteKind::Info, &l.t(title), SafeHtml::text(&l.t(text)));
    page.table_id = "danh-sach".into();
    page.body = SafeHtml::concat([words, facts(l, &counts), rosters(&snapshot, l).await?, code_gaps::panel(&snapshot, l).await?]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-register-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// How many people the register has, by what is known of them.
type Counts = BTreeMap<String, i64>;

async fn counts(snapshot: &Snapshot) -> Result<Counts, PageError> {
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let mut counts = Counts::new();
    for batch in snapshot.session.collect("SELECT what, people FROM register_count ORDER BY what").await.map_err(inner)? {
        let (what, people) = (rows::text(&batch, "what").map_err(inner)?, rows::int(&batch, "people").map_err(inner)?);
        counts.extend((0..batch.num_rows()).map(|row| (what.value(row).to_owned(), people.value(row))));
    }
    Ok(counts)
}

fn facts(l: Locale, counts: &Counts) -> SafeHtml {
    let lines = [
        ("coverage-register-population", "population"),
        ("coverage-register-built", "rosters"),
        ("coverage-register-answer", "answer"),
        ("coverage-register-elsewhere", "unknown"),
        ("coverage-register-dead", "dead"),
        ("coverage-register-doubtful", "doubtful_death"),
        ("coverage-register-merged", "merged"),
        ("coverage-register-split", "split"),
    ];
    let known = lines.into_iter().filter_map(|(key, what)| Some((key, counts.get(what).copied().filter(|n| *n > 0)?)));
    let list = known.map(|(key, n)| (l.t(key), SafeHtml::text(&l.number(n))));
    Panel::new(l.t("coverage-register-people"), definition_list(true, list)).html()
}

async fn rosters(snapshot: &Snapshot, l: Locale<'_>) -> Result<SafeHtml, PageError> {
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let head = vec![
        Column::text(l.t("coverage-column-roster")),
        Column::text(l.t("coverage-register-proves")),
        Column::number(l.t("coverage-register-rows"), ""),
        Column::number(l.t("coverage-register-of-people"), ""),
        Column::number(l.t("coverage-register-known"), ""),
        Column::number(l.t("coverage-register-fresh"), ""),
        Column::number(l.t("coverage-register-review"), ""),
        Column::number(l.t("coverage-register-stood"), ""),
        Column::number(l.t("coverage-register-anew"), ""),
        Column::number(l.t("coverage-register-changed"), ""),
        Column::number(l.t("coverage-register-lost"), ""),
    ];
    let mut lines = Vec::new();
    for batch in snapshot.session.collect("SELECT * FROM register_roster ORDER BY taken").await.map_err(inner)? {
        let text = |name: &str| rows::text(&batch, name).map_err(inner);
        let int = |name: &str| rows::int(&batch, name).map_err(inner);
        let (rosters, proves) = (text("roster")?, text("proves")?);
        // Runs of older programs do not know what stood.
        let newer = ["stood", "anew", "changed"].map(|name| batch.column_by_name(name).is_some().then(|| int(name)));
        let [stood, anew, changed] = newer;
        let columns = ["rows", "people", "known", "fresh", "review"].map(|name| Some(int(name)));
        let mut numbers = Vec::new();
        for column in columns.into_iter().chain([stood, anew, changed, Some(int("lost"))]) {
            numbers.push(column.transpose()?);
        }
        for row in 0..batch.num_rows() {
            let mut cells = vec![
                Cell::text(words::roster(l, rosters.value(row))),
                Cell::text(l.t(&format!("coverage-proves-{}", proves.value(row)))),
            ];
            let number = |column: &Option<_>| {
                column.as_ref().map_or_else(|| Cell::text("–"), |c: &Int64Array| Cell::number(l, c.value(row)))
            };
            cells.extend(numbers.iter().map(number));
            lines.push(Row::new(cells));
        }
    }
    let title = l.t("coverage-register-rosters");
    let table = Table::new("danh-sach", title.clone(), head).rows(lines).html(l);
    let words = ["coverage-register-order", "coverage-register-kept"].map(|key| paragraph(SafeHtml::text(&l.t(key))));
    Ok(Panel::flush(title, table).foot(SafeHtml::concat(words)).html())
}
