//! `GET /viec/danh-sach.xlsx`: a queue as a sheet for work without a network, with three columns to fill in. Each row brings its case and
//! version back in hidden columns, so that what was changed in between is refused row by row.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use base::Date;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Case, CasePage, CaseQuery, PageAt, Permission, ReadEvent};
use documents::sheet::{Cell, Column, Language, Moment, Provenance, Sheet, write_xlsx};
use web::Lang;

use super::queue::sentence;
use super::require;
use crate::query::QueueQuery;
use crate::{Office, words};

/// Type of an Excel file.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Rows of one sheet: more is nobody's work of a week.
const MOST: usize = 5_000;

/// `GET /viec/danh-sach.xlsx`.
pub(super) async fn xlsx(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<QueueQuery>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let (cases, restricted) = all(&office, &viewer, &query).await?;
    let event = ReadEvent::new(AuditAction::Export, "queue").object(query.queue().as_str());
    let audited = app.audit(&viewer, event.count("rows", cases.len() as i64)).await?;
    let names = office.names.of(app, &cases).await?;
    let office = office.knowing(&viewer, query.owner()).await?;
    let rows = (1_i64..).zip(&cases).map(|(at, case)| {
        let born = names.person(case).and_then(|person| person.born);
        let name = names.person(case).map_or_else(|| names.title(case), |person| person.name.clone());
        vec![
            Cell::from(case.id.as_str()),
            Cell::from(format!("v{}", case.version)),
            Cell::from(at),
            Cell::from(name),
            Cell::from(born),
            Cell::from(words::rule(app, l, &case.rule)),
            Cell::from(words::place_of(app, l, case)),
            Cell::from(case.due),
            Cell::from(words::state(l, case, today).words),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
        ]
    });
    let columns = vec![
        Column::hidden("Mã hồ sơ"),
        Column::hidden("Phiên bản hồ sơ"),
        Column::new(l.t("office-column-number"), 6),
        Column::new(l.t("office-column-subject"), 30),
        Column::new(l.t("office-column-born"), 12),
        Column::new(l.t("office-column-rule"), 40),
        Column::new(l.t("office-column-place"), 30),
        Column::new(l.t("office-column-due"), 12),
        Column::new(l.t("office-column-state"), 22),
        Column::new(l.t("office-column-outcome"), 26),
        Column::new(l.t("office-column-day"), 14),
        Column::new(l.t("office-column-words"), 40),
    ];
    let offered = desk::Outcome::ALL.into_iter().filter(|outcome| outcome.is_of_findings());
    let offered: Vec<String> = offered.map(|outcome| words::outcome(l, outcome)).collect();
    let mut footer = vec![l.t("office-foot")];
    if restricted > 0 {
        footer.push(l.t_args("office-restricted", &[("n", restricted.into())]));
    }
    let sheet = Sheet {
        name: l.t("office-sheet-name"),
        title: vec![
            words::queue(l, query.queue()),
            l.t_args("office-sheet-how", &[("outcomes", offered.join("; ").as_str().into())]),
        ],
        columns,
        rows: rows.collect(),
        footer,
        provenance: provenance(&office, &viewer, sentence(&office, l, &query, cases.len() as i64), today),
    };
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    let name = if viewer.lang == Lang::En { "cases" } else { "ho-so" };
    Ok(Shown::file(bytes, XLSX, format!("{name}-{}-{today}.xlsx", query.queue().as_str().replace('_', "-")), audited))
}

/// All cases of a queue, for who may take files out, and how many people are kept off it because they are restricted; too many are refused.
pub(super) async fn all(office: &Office, viewer: &Viewer, query: &QueueQuery) -> Result<(Vec<Case>, i64), PageError> {
    require(viewer)?;
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let wanted: CaseQuery = query.cases(office.app.today());
    let (mut cases, mut at) = (Vec::new(), PageAt::First);
    loop {
        let page = office.app.desk.cases(&viewer.scope, &wanted, &at, 200).await.map_err(PageError::desk)?;
        if page.count > MOST as i64 {
            let values = [("n", page.count.into()), ("most", (MOST as i64).into())];
            return Err(PageError::BadRequest(office.app.locale(viewer).t_args("office-sheet-narrow", &values)));
        }
        cases.extend(page.rows);
        match cases.last().filter(|_| page.has_next) {
            Some(last) => at = PageAt::After(CasePage::place(wanted.queue, last)),
            None => return Ok((cases, page.restricted)),
        }
    }
}

/// Whose file it is.
pub(super) fn provenance(office: &Office, viewer: &Viewer, filter: String, today: Date) -> Provenance {
    Provenance {
        language: if viewer.lang == Lang::En { Language::En } else { Language::Vi },
        filter,
        as_of: today,
        exported_by: format!("{}, {}", viewer.label, viewer.unit_name),
        purpose: office.app.locale(viewer).t("office-purpose"),
        exported_at: moment((office.app.clock)(), today),
    }
}

/// The moment of a file, local time.
pub(super) fn moment(unix_ms: i64, today: Date) -> Moment {
    let seconds = (unix_ms.div_euclid(1000) + 7 * 3600).rem_euclid(86_400);
    let part = |n: i64| u8::try_from(n).unwrap_or(0);
    Moment { date: today, hour: part(seconds / 3600), minute: part(seconds / 60 % 60), second: part(seconds % 60) }
}
