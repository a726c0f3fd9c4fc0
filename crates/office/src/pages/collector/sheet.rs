//! Files: `…/nhan-vien.xlsx`, the page of an organisation; `…/toi-thieu.xlsx`, the minimum list a collector is given: name, residential
//! group, commune and what is due, nothing else (Law 91/2025/QH15; no numbers of people, no ground of support).

use axum::Extension;
use axum::extract::{Path, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use documents::sheet::{Cell, Column, Sheet, write_xlsx};

use super::data::Known;
use super::words;
use crate::Office;
use crate::pages::sheet::{XLSX, provenance};

/// `GET /to-chuc-thu/{organisation}/nhan-vien.xlsx`.
pub(super) async fn collectors(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let known = Known::read(&office, &viewer, Some(&id)).await?;
    let event = ReadEvent::new(AuditAction::Export, "organisation").object(id.as_str());
    let audited = app.audit(&viewer, event.count("rows", known.collectors.len() as i64)).await?;
    let mut columns = vec![
        Column::new(l.t("office-column-number"), 6),
        Column::new(l.t("collector-holder"), 28),
        Column::new(l.t("collector-point"), 14),
        Column::new(l.t("collector-code"), 14),
        Column::new(l.t("collector-card-number"), 18),
        Column::new(l.t("collector-card-last"), 14),
        Column::new(l.t("collector-training-until"), 14),
    ];
    for key in [
        "collector-cases",
        "collector-decided",
        "collector-conversions",
        "collector-brought-new",
        "collector-brought-renewed",
        "collector-complaints-upheld",
    ] {
        columns.push(Column::new(l.t(key), 14));
    }
    let parts = crate::rating::Rating::of(&known.scale, &[]);
    columns.extend(parts.0.iter().map(|part| Column::new(l.t(&format!("collector-part-{}", part.key)), 16)));
    columns.push(Column::new(l.t("collector-part-sum"), 14));
    let none = l.t("collector-no-data");
    let rows = (1_i64..).zip(known.of(&id)).map(|(at, collector)| {
        let (of, facts) = (known.outcomes(&collector.id), known.facts(collector));
        let brought = known.brought(collector);
        let count = |n: Option<i64>| n.map_or_else(|| Cell::from(none.as_str()), Cell::from);
        let card = collector.valid_card(known.today);
        let mut cells = vec![
            Cell::from(at),
            Cell::from(collector.holder.as_str()),
            Cell::from(collector.point.as_str()),
            Cell::from(collector.code.as_str()),
            Cell::from(card.map(|card| card.number.as_str())),
            Cell::from(card.map(|card| card.last_day)),
            Cell::from(collector.certificate_until),
            Cell::from(of.handed()),
            Cell::from(of.decided()),
            Cell::from(of.conversions()),
            count(brought.as_ref().and_then(|one| one.counts[1])),
            count(brought.as_ref().and_then(|one| Some(one.counts[2]? + one.counts[3]?))),
            Cell::from(facts.upheld),
        ];
        let rating = crate::rating::Rating::of_one(&known.scale, facts);
        cells.extend(rating.0.iter().map(|part| count(part.points)));
        cells.push(Cell::from(words::points(l, &rating)));
        cells
    });
    let name = known.organisations.first().map(|unit| unit.name.clone()).unwrap_or_default();
    let sheet = Sheet {
        name: l.t("collector-people"),
        title: vec![name.clone(), words::scale(l, &known.scale), l.t("collector-brought-what")],
        columns,
        rows: rows.collect(),
        footer: vec![l.t("collector-foot")],
        provenance: provenance(&office, &viewer, name, known.today),
    };
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("nhan-vien-thu-{}.xlsx", known.today), audited))
}

/// `GET /nhan-vien-thu/{collector}/{list}/toi-thieu.xlsx`.
pub(super) async fn least(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path((collector, list)): Path<(String, String)>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let (list, cases) = app.desk.handed_cases(&viewer.scope, &list, today).await.map_err(PageError::desk)?;
    if list.collector != collector {
        return Err(PageError::NotFound);
    }
    let event = ReadEvent::new(AuditAction::Export, "collector_list").object(list.id.as_str()).word("form", "minimum");
    let audited = app.audit(&viewer, event.count("rows", cases.len() as i64)).await?;
    let names = office.names.of(app, &cases).await?;
    let rows = (1_i64..).zip(&cases).map(|(at, case)| {
        let commune = case.commune.as_ref().map(|code| crate::words::place(app, code));
        vec![
            Cell::from(at),
            Cell::from(names.person(case).map(|person| person.name.as_str())),
            Cell::from(case.village.as_deref()),
            Cell::from(commune),
            Cell::from(l.t("collector-due-health")),
        ]
    });
    let mut footer = vec![l.t("collector-least-foot")];
    if list.restricted > 0 {
        footer.push(l.t_args("collector-file-restricted", &[("n", list.restricted.into())]));
    }
    let until = l.t_args("collector-list-until", &[("day", l.date(list.last_day).as_str().into())]);
    let sheet = Sheet {
        name: l.t("collector-list-least"),
        title: vec![list.campaign.clone(), until.clone()],
        columns: vec![
            Column::new(l.t("office-column-number"), 6),
            Column::new(l.t("collector-person"), 30),
            Column::new(l.t("office-village"), 24),
            Column::new(l.t("office-commune"), 24),
            Column::new(l.t("collector-due"), 40),
        ],
        rows: rows.collect(),
        footer,
        provenance: provenance(&office, &viewer, until, today),
    };
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("danh-sach-toi-thieu-{today}.xlsx"), audited))
}
