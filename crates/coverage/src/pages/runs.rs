//! The runs of the data folder: what went in, what each step wrote, what the rules found, what differs from the run before.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, State};
use base::RunId;
use book::{BatchRecord, RunManifest};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use engine::rows;
use web::component::{Cell, Column, Columns, Link, Panel, Row, Status, Table, columns, definition_list};
use web::{Locale, SafeHtml};

use super::{Pages, rosters, words};
use crate::plan::Said;

/// Path of the runs.
pub(crate) const RUNS: &str = "/lan-chay";

/// Who may see runs: they are about the whole city.
fn require(viewer: &Viewer) -> Result<(), PageError> {
    if viewer.scope.area == base::Area::City { Ok(()) } else { Err(PageError::Forbidden) }
}

/// `GET /lan-chay`.
pub(crate) async fn list(State(pages): State<Pages>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    require(&viewer)?;
    let app = &pages.app;
    let l = app.locale(&viewer);
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "run").object("all")).await?;
    let inner = |e: book::BookError| PageError::inner(&e);
    let times = times(&pages, &viewer).await?;
    let mut lines = Vec::new();
    let mut periods = app.book.periods().map_err(inner)?;
    periods.reverse();
    for state in &periods {
        let mut runs = app.book.runs_of(state.period).map_err(inner)?;
        // The shown run first, then the newest published; runs without a known time by name.
        runs.sort_by_key(|run| (run.id != state.run, std::cmp::Reverse(times.get(run.id.as_str()).map(|t| t.1)), run.id.clone()));
        for run in runs {
            let shown = run.id == state.run;
            let batches = batches(&pages, &run)?;
            let stored: u64 = batches.iter().map(|b| b.stored).sum();
            let state = if shown { Status::ok(l.t("runs-shown")) } else { Status::neutral(l.t("runs-replaced")) };
            lines.push(Row::new(vec![
                Cell::link(run.id.as_str(), format!("{RUNS}/{}", run.id)),
                Cell::text(l.month(run.period)),
                Cell::status(&state),
                Cell::text(times.get(run.id.as_str()).map(|t| time(l, run.period.last_day(), t.1)).unwrap_or_else(|| "–".into())),
                Cell::number(l, batches.len() as i64),
                Cell::number(l, stored as i64),
                Cell::text(run.previous.as_ref().map(RunId::as_str).unwrap_or("–")),
            ]));
        }
    }
    let head = vec![
        Column::text(l.t("runs-run")),
        Column::text(l.t("runs-period")),
        Column::text(l.t("coverage-column-state")),
        Column::text(l.t("runs-published")),
        Column::number(l.t("runs-files"), ""),
        Column::number(l.t("runs-rows"), ""),
        Column::text(l.t("runs-before")),
    ];
    let title = l.t("runs-title");
    let table = Table::new("lan-chay", title.clone(), head).rows(lines).dense().html(l);
    let mut page = app.page(&viewer, RUNS, title.clone());
    page.facts = SafeHtml::text(&l.t("runs-intro"));
    page.table_id = "lan-chay".into();
    page.body = Panel::flush(title, table).foot(l.t("runs-foot")).html();
    Ok(Shown::page(page.render(l), audited))
}

/// `GET /lan-chay/{run}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    let app = &pages.app;
    let l = app.locale(&viewer);
    let run = find(&pages, &id)?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "run").object(run.id.as_str()).run(&run.id)).await?;
    let before = match &run.previous {
        Some(previous) => app.book.run(previous).ok(),
        None => None,
    };
    let times = times(&pages, &viewer).await?;
    let left = vec![
        outcomes(&pages, l, &run)?,
        indicators(&pages, l, &run, before.as_ref())?,
        inputs(&pages, l, &run)?,
        steps(l, &run, before.as_ref()),
    ];
    let right = vec![facts(l, &run, times.get(run.id.as_str()))];
    let mut page = app.page(&viewer, &format!("{RUNS}/{id}"), l.t_args("runs-one", &[("run", run.id.as_str().into())]));
    page.crumbs = vec![Link::new(l.t("runs-title"), RUNS)];
    page.here = run.id.to_string();
    page.facts = SafeHtml::text(&l.month(run.period));
    page.body = columns(Columns::MainSide, [columns(Columns::One, left), columns(Columns::One, right)]);
    Ok(Shown::page(page.render(l), audited))
}

/// The run of an address; only names that a run can have reach the disk.
fn find(pages: &Pages, id: &str) -> Result<RunManifest, PageError> {
    let id = RunId::parse(id).ok_or(PageError::NotFound)?;
    match pages.app.book.run(&id) {
        Ok(run) => Ok(run),
        Err(book::BookError::Missing { .. }) => Err(PageError::NotFound),
        Err(error) => Err(PageError::inner(&error)),
    }
}

fn batches(pages: &Pages, run: &RunManifest) -> Result<Vec<BatchRecord>, PageError> {
    let all = pages.app.book.all_batches(run.period).map_err(|e| PageError::inner(&e))?;
    Ok(all.into_iter().filter(|batch| run.batches.contains(&batch.id)).collect())
}

/// When runs started and were published, from the log; nothing for who may not read it.
async fn times(pages: &Pages, viewer: &Viewer) -> Result<BTreeMap<String, (Option<i64>, i64)>, PageError> {
    let mut times = BTreeMap::new();
    if !desk::may(&viewer.scope, Permission::ReadAudit) {
        return Ok(times);
    }
    let ask = |action| desk::AuditQuery { action: Some(action), limit: Some(500), ..desk::AuditQuery::default() };
    let desk = &pages.app.desk;
    let published = desk.audit_search(&viewer.scope, &ask(AuditAction::PublishRun)).await.map_err(PageError::desk)?;
    let started = desk.audit_search(&viewer.scope, &ask(AuditAction::StartRun)).await.map_err(PageError::desk)?;
    for event in published {
        let Some(run) = event.object_id else { continue };
        // The last start of the same month before it. Published again with nothing changed, the last time counts.
        let of_month =
            |start: &&desk::AuditEvent| start.at <= event.at && start.object_id.as_deref().is_some_and(|m| run.starts_with(m));
        let start = started.iter().filter(of_month).map(|start| start.at).max();
        times.entry(run).or_insert((start, event.at));
    }
    Ok(times)
}

fn time(l: Locale, otherwise: base::Date, unix_ms: i64) -> String {
    let at = super::export::moment(unix_ms, otherwise);
    format!("{} {:02}:{:02}", l.date(at.date), at.hour, at.minute)
}

fn facts(l: Locale, run: &RunManifest, times: Option<&(Option<i64>, i64)>) -> SafeHtml {
    let none = || SafeHtml::text("–");
    let link =
        |id: &Option<RunId>| id.as_ref().map(|id| Link::new(id.as_str(), format!("{RUNS}/{id}")).html()).unwrap_or_else(none);
    let standing = match &run.standing {
        Some(_) if !run.full => link(&run.standing),
        _ => SafeHtml::text(&l.t("runs-standing-none")),
    };
    let mut items = vec![
        (l.t("runs-before"), link(&run.previous)),
        (l.t("runs-numbering"), link(&run.numbering)),
        (l.t("runs-standing"), standing),
        (l.t("runs-content"), SafeHtml::text(run.content.get(..12).unwrap_or(&run.content))),
        (l.t("runs-program"), SafeHtml::text(run.program.get(..12).unwrap_or(&run.program))),
    ];
    if let Some((start, end)) = times {
        items.insert(0, (l.t("runs-published"), SafeHtml::text(&time(l, run.period.last_day(), *end))));
        if let Some(start) = start {
            let seconds = (end - start) / 1000;
            items.insert(1, (l.t("runs-took"), SafeHtml::text(&l.t_args("runs-seconds", &[("n", seconds.into())]))));
        }
    }
    Panel::new(l.t("runs-facts"), definition_list(true, items)).foot(l.t("runs-facts-foot")).html()
}

/// Steps with their tables; a step whose table is that of the run before says so.
fn steps(l: Locale, run: &RunManifest, before: Option<&RunManifest>) -> SafeHtml {
    let head =
        vec![Column::text(l.t("runs-table")), Column::number(l.t("runs-rows"), ""), Column::number(l.t("runs-rows-before"), "")];
    let earlier = before.map(RunManifest::tables).unwrap_or_default();
    let mut lines = Vec::new();
    for step in &run.steps {
        for (name, table) in &step.tables {
            let then = earlier.get(name);
            let words = then.map(|t| l.number(t.rows as i64)).unwrap_or_else(|| "–".into());
            lines.push(Row::new(vec![
                Cell::text(name).note(step.step.clone()),
                Cell::number(l, table.rows as i64),
                Cell::text(words),
            ]));
        }
    }
    let title = l.t_args("runs-steps", &[("n", (run.steps.len() as i64).into())]);
    Panel::flush(title.clone(), Table::new("buoc", title, head).rows(lines).dense().html(l)).html()
}

/// What became of every rule: new, still there, resolved since the run before.
fn outcomes(pages: &Pages, l: Locale, run: &RunManifest) -> Result<SafeHtml, PageError> {
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let head = vec![
        Column::text(l.t("coverage-rule-column-rule")),
        Column::text(l.t("coverage-rule-column-outcome")),
        Column::number(l.t("coverage-rule-column-new"), ""),
        Column::number(l.t("coverage-rule-column-still"), ""),
        Column::number(l.t("coverage-rule-column-resolved"), ""),
    ];
    let mut lines = Vec::new();
    let mut sums = [0_i64; 3];
    if let Some(table) = run.tables().get("rule_run") {
        for batch in pages.app.book.read_table(table, None).map_err(|e| PageError::inner(&e))? {
            let text = |name: &str| rows::text(&batch, name).map_err(inner);
            let (rules, outcomes, missing) = (text("rule")?, text("outcome")?, text("missing")?);
            let int = |name: &str| rows::int(&batch, name).map_err(inner);
            let counts = [int("new")?, int("still")?, int("resolved")?];
            for row in 0..batch.num_rows() {
                let rule = rules.value(row);
                let evaluated = outcomes.value(row) == "evaluated";
                let state = if evaluated {
                    Status::ok(l.t("coverage-outcome-evaluated"))
                } else {
                    let tables = rows::text_at(&missing, row).unwrap_or("–");
                    Status::neutral(l.t_args("coverage-not-evaluated", &[("tables", tables.into())]))
                };
                let mut cells =
                    vec![Cell::link(words::reason(&pages.app, l, rule), format!("/quy-tac/{rule}")), Cell::status(&state)];
                for (sum, count) in sums.iter_mut().zip(&counts) {
                    *sum += count.value(row);
                    cells.push(Cell::number(l, count.value(row)));
                }
                lines.push(Row::new(cells));
            }
        }
    }
    let mut total = vec![Cell::text(l.t("coverage-total")), Cell::text("")];
    total.extend(sums.map(|n| Cell::number(l, n)));
    let title = l.t("runs-outcomes");
    let table = Table::new("quy-tac", title.clone(), head).rows(lines).total(total).dense().html(l);
    Ok(Panel::flush(title, table).foot(l.t("runs-outcomes-foot")).html())
}

/// The indicators of the city beside those of the run before.
fn indicators(pages: &Pages, l: Locale, run: &RunManifest, before: Option<&RunManifest>) -> Result<SafeHtml, PageError> {
    let now = crate::figures::city_of(&pages.app.book, run).map_err(|e| PageError::inner(&e))?;
    let then = match before {
        Some(before) => crate::figures::city_of(&pages.app.book, before).map_err(|e| PageError::inner(&e))?,
        None => BTreeMap::new(),
    };
    let head = vec![
        Column::text(l.t("targets-indicator")),
        Column::number(l.t("indicator-numerator"), ""),
        Column::number(l.t("indicator-denominator"), ""),
        Column::number(l.t("indicator-share"), "%"),
        Column::number(l.t("runs-difference"), l.t("coverage-unit-points")),
    ];
    let lines = pages.plan.counted().filter_map(|indicator| {
        let line = now.get(&indicator.id)?;
        let number = |n: Option<i64>| Cell::text(n.map(|n| l.number(n)).unwrap_or_else(|| "–".into()));
        let difference = then.get(&indicator.id).and_then(|t| Some(line.share()?.above(t.share()?)));
        Some(Row::new(vec![
            Cell::link(indicator.short.of(l), format!("/chi-tieu/{}", indicator.id)),
            number(line.numerator),
            number(line.denominator),
            Cell::text(line.share().map(|s| l.percent_figure(s)).unwrap_or_else(|| "–".into())),
            Cell::text(difference.map(|p| l.points_figure(p, 2)).unwrap_or_else(|| "–".into())),
        ]))
    });
    let title = l.t("runs-indicators");
    let lines: Vec<Row> = lines.collect();
    Ok(Panel::flush(title.clone(), Table::new("chi-tieu", title, head).rows(lines).dense().html(l)).html())
}

/// What went in, by roster.
fn inputs(pages: &Pages, l: Locale, run: &RunManifest) -> Result<SafeHtml, PageError> {
    let head = vec![
        Column::text(l.t("coverage-column-roster")),
        Column::number(l.t("runs-files"), ""),
        Column::number(l.t("coverage-column-read"), ""),
        Column::number(l.t("coverage-column-stored"), ""),
        Column::number(l.t("coverage-column-refused"), ""),
    ];
    let mut by_roster: BTreeMap<String, [u64; 4]> = BTreeMap::new();
    for batch in batches(pages, run)? {
        let sums = by_roster.entry(batch.roster).or_default();
        for (sum, value) in sums.iter_mut().zip([1, batch.read, batch.stored, batch.quarantined]) {
            *sum += value;
        }
    }
    let data = format!("{}?ky={}", rosters::DATA, run.period);
    let lines: Vec<Row> = by_roster
        .iter()
        .map(|(roster, sums)| {
            let mut cells = vec![Cell::link(rosters::roster_title(&pages.app, l, roster), data.clone())];
            cells.extend(sums.map(|n| Cell::number(l, n as i64)));
            Row::new(cells)
        })
        .collect();
    let title = l.t_args("runs-inputs", &[("n", (run.batches.len() as i64).into())]);
    Ok(Panel::flush(title.clone(), Table::new("dau-vao", title, head).rows(lines).dense().html(l)).html())
}
