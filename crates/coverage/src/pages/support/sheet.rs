//! The quarter's sheet of each payer: on the page, and as XLSX and CSV for the Department of Finance (Sở Tài chính).

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use base::Month;
use chapter::{Audited, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use documents::sheet::{Cell as Filled, Column as Head, Language, Provenance, Sheet, write_csv, write_xlsx};
use web::component::{Button, ButtonKind, Cell, Column, Link, NoteKind, Panel, Row, Table, audit_note, empty_state, note};
use web::{Lang, Locale, SafeHtml};

use super::data;
use super::overview::filter;
use super::view::{self, Query};
use super::{HOME, PEOPLE, SHEET};
use crate::pages::letters::citations;
use crate::pages::{Pages, export};
use crate::support::{HEALTH, VOLUNTARY, quarter_of};
use crate::support_figures::{Area, Owed};

/// Parameters whose citations head the sheet.
const LAW: [&str; 5] =
    ["bhyt.support.full", "bhyt.support.state", "hanoi.bhyt.support", "voluntary.support.state", "hanoi.voluntary.support"];

/// `GET /ho-tro/kinh-phi`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let asked = query.place(&viewer.scope);
    let known = data::there(&snapshot.session);
    let figures = pages.figures.of(app, &snapshot).await?;
    let owed = sorted(figures.support.sheet(Area { scope: &viewer.scope, asked: asked.as_ref() }, false));
    let mut event = ReadEvent::new(AuditAction::ViewRows, "support_bill").object("quarter").count("rows", owed.len() as i64);
    if let Some(code) = &asked {
        event = event.commune(code);
    }
    let audited = app.audit(&viewer, event.run(&snapshot.run)).await?;
    let query = Query { commune: asked.as_ref().map(ToString::to_string).unwrap_or_default(), ..Query::default() };
    let mut page = app.page(&viewer, &query.href(SHEET, |_| ()), title(l, snapshot.period));
    page.crumbs = vec![Link::new(l.t("support-title"), HOME)];
    page.here = l.t("support-sheet-here");
    page.facts = SafeHtml::text(&l.t_args("support-sheet-until", &[("day", l.date(snapshot.as_of).as_str().into())]));
    if desk::may(&viewer.scope, Permission::Export) && !owed.is_empty() {
        page.actions = vec![
            Button::link(l.t("coverage-export-csv"), query.href("/ho-tro/kinh-phi.csv", |_| ()), ButtonKind::Default),
            Button::link(l.t("support-sheet-xlsx"), query.href("/ho-tro/kinh-phi.xlsx", |_| ()), ButtonKind::Primary),
        ];
    }
    let place = asked.as_ref().map(|code| pages.place(code));
    let mut body = filter(&pages, l, &viewer, &query, place.as_deref(), SHEET);
    if owed.is_empty() {
        let reason = l.t(if known { "support-sheet-none" } else { "support-not-run" });
        body.push(empty_state(&l.t("support-none-title"), &reason, None));
    }
    for (number, lines) in owed.chunk_by(|a, b| (&a.scheme, &a.payer) == (&b.scheme, &b.payer)).enumerate() {
        body.push(panel(l, &query, number, lines, snapshot.period == quarter_of(snapshot.period)));
    }
    body.push(note(NoteKind::Info, &l.t("support-sheet-note-title"), SafeHtml::text(&l.t("support-sheet-note"))));
    page.table_id = "kinh-phi-0".into();
    page.body = web::component::columns(web::component::Columns::One, [body]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("support-audit")));
    page.foot = vec![
        l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]),
        l.t_args("support-sheet-law", &[("law", citations(&app.law, LAW, snapshot.as_of).as_str().into())]),
    ];
    Ok(Shown::page(page.render(l), audited))
}

/// `GET /ho-tro/kinh-phi.xlsx`.
pub(crate) async fn xlsx(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Shown, PageError> {
    let (sheet, name, audited) = file(&pages, &viewer, &query).await?;
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(Shown::file(bytes, kind, format!("{name}.xlsx"), audited))
}

/// `GET /ho-tro/kinh-phi.csv`.
pub(crate) async fn csv(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Shown, PageError> {
    let (sheet, name, audited) = file(&pages, &viewer, &query).await?;
    Ok(Shown::file(write_csv(&sheet), "text/csv; charset=utf-8", format!("{name}.csv"), audited))
}

async fn file(pages: &Pages, viewer: &Viewer, query: &Query) -> Result<(Sheet, String, Audited), PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    if !data::there(&snapshot.session) {
        return Err(PageError::NotFound);
    }
    let asked = query.place(&viewer.scope);
    let figures = pages.figures.of(app, &snapshot).await?;
    let owed = sorted(figures.support.sheet(Area { scope: &viewer.scope, asked: asked.as_ref() }, true));
    let mut event = ReadEvent::new(AuditAction::Export, "support_bill").object("quarter").count("rows", owed.len() as i64);
    if let Some(code) = &asked {
        event = event.commune(code);
    }
    let audited = app.audit(viewer, event.run(&snapshot.run)).await?;
    let place = asked.as_ref().map(|code| pages.place(code)).unwrap_or_else(|| l.t("coverage-whole-scope"));
    let head = Heading {
        period: snapshot.period,
        run: snapshot.run.as_str(),
        law: citations(&app.law, LAW, snapshot.as_of),
        provenance: Provenance {
            language: if viewer.lang == Lang::En { Language::En } else { Language::Vi },
            filter: l.t_args("support-sentence-place", &[("place", place.as_str().into())]),
            as_of: snapshot.as_of,
            exported_by: format!("{}, {}", viewer.label, viewer.unit_name),
            purpose: l.t("support-sheet-purpose"),
            exported_at: export::moment((app.clock)(), snapshot.as_of),
        },
    };
    let sheet = workbook(l, head, &owed, &|line| line.commune.as_ref().map(|code| pages.place(code)));
    let quarter = quarter_of(snapshot.period);
    let name = format!("kinh-phi-ho-tro-{}-quy-{}", quarter.year(), (quarter.number() + 2) / 3);
    Ok((sheet, name, audited))
}

/// What stands above and below the sheet of a file.
struct Heading<'a> {
    period: Month,
    run: &'a str,
    law: String,
    provenance: Provenance,
}

/// The file: a line a scheme, payer, group and commune; sums of each payer, what waits and why stand below.
fn workbook(l: Locale, head: Heading, owed: &[Owed], place: &dyn Fn(&Owed) -> Option<String>) -> Sheet {
    let columns = [
        ("support-column-scheme", 16),
        ("support-column-payer", 24),
        ("support-column-group", 44),
        ("coverage-filter-commune", 24),
        ("support-column-people", 10),
        ("support-column-months", 10),
        ("support-column-amount-dong", 18),
        ("support-column-people-before", 12),
        ("support-column-amount-before", 18),
        ("support-column-change", 18),
        ("support-column-doubled", 14),
        ("support-column-doubled-dong", 18),
        ("support-column-pending-dong", 18),
    ];
    let row = |line: &Owed| {
        vec![
            Filled::from(view::scheme(l, &line.scheme)),
            Filled::from(view::payer(l, &line.payer)),
            Filled::from(view::group(l, &line.scheme, &line.group)),
            Filled::from(place(line).unwrap_or_else(|| l.t("coverage-place-unknown"))),
            Filled::from(line.people),
            Filled::from(line.months),
            Filled::from(line.amount),
            Filled::from(line.people_before),
            Filled::from(line.amount_before),
            Filled::from(line.amount_before.map(|before| line.amount - before)),
            Filled::from(line.doubled),
            Filled::from(line.doubled_amount),
            Filled::from(line.pending),
        ]
    };
    let mut footer = Vec::new();
    for lines in owed.chunk_by(|a, b| (&a.scheme, &a.payer) == (&b.scheme, &b.payer)) {
        let sum = |of: fn(&Owed) -> i64| lines.iter().map(of).sum::<i64>();
        footer.push(l.t_args(
            "support-sheet-sum",
            &[
                ("scheme", view::scheme(l, &lines[0].scheme).as_str().into()),
                ("payer", view::payer(l, &lines[0].payer).as_str().into()),
                ("amount", l.number(sum(|o| o.amount)).as_str().into()),
                ("waiting", l.number(sum(|o| o.doubled_amount)).as_str().into()),
            ],
        ));
    }
    footer.push(l.t("support-sheet-note"));
    Sheet {
        name: l.t("support-sheet-tab"),
        title: vec![
            title(l, head.period),
            l.t_args("support-sheet-until", &[("day", l.date(head.provenance.as_of).as_str().into())]),
            l.t_args("support-sheet-law", &[("law", head.law.as_str().into())]),
            l.t_args("coverage-run-line", &[("run", head.run.into())]),
        ],
        columns: columns.into_iter().map(|(key, width)| Head::new(l.t(key), width)).collect(),
        rows: owed.iter().map(row).collect(),
        footer,
        provenance: head.provenance,
    }
}

/// "Kinh phí hỗ trợ mức đóng quý IV năm 2026".
pub(super) fn title(l: Locale, period: Month) -> String {
    let quarter = quarter_of(period);
    let number = ["I", "II", "III", "IV"][usize::try_from((quarter.number() - 1) / 3).unwrap_or(0).min(3)];
    l.t_args("support-sheet-title", &[("quarter", number.into()), ("year", quarter.year().to_string().as_str().into())])
}

/// Health first, the state before the city, groups in the order of the law, communes by their code.
fn sorted(mut owed: Vec<Owed>) -> Vec<Owed> {
    let place = |line: &Owed| {
        let groups = view::groups(&line.scheme);
        let payer = ["state", "city", "commune", "donor"].iter().position(|p| *p == line.payer);
        let group = groups.iter().position(|code| *code == line.group);
        let commune = line.commune.as_ref().map(ToString::to_string);
        (line.scheme != HEALTH, line.scheme != VOLUNTARY, payer, group, line.group.clone(), commune.is_none(), commune)
    };
    owed.sort_by_cached_key(place);
    owed
}

/// One payer's lines with their sum. In the first month of a quarter who is supported twice is who is so at the end of the period: then, and only
/// then, the number opens the list.
fn panel(l: Locale, query: &Query, number: usize, lines: &[Owed], opens: bool) -> SafeHtml {
    let (scheme, payer) = (lines[0].scheme.as_str(), lines[0].payer.as_str());
    let waits = lines.iter().any(|line| line.pending.is_some());
    let mut head = vec![
        Column::text(l.t("support-column-group")),
        Column::number(l.t("support-column-people"), ""),
        Column::number(l.t("support-column-months"), ""),
        Column::number(l.t("support-column-amount"), l.t("support-unit-dong")),
        Column::number(l.t("support-column-before"), l.t("support-unit-dong")),
        Column::number(l.t("support-column-change"), l.t("support-unit-dong")),
        Column::number(l.t("support-column-twice"), ""),
        Column::number(l.t("support-doubled-amount"), l.t("support-unit-dong")),
    ];
    if waits {
        head.push(Column::number(l.t("support-column-pending"), l.t("support-unit-dong")));
    }
    let unknown = l.t("support-before-unknown");
    let change = |now: i64, before: Option<i64>| match before.map(|before| now - before) {
        None => unknown.clone(),
        Some(more) if more > 0 => format!("+{}", l.number(more)),
        Some(more) => l.number(more),
    };
    let people = |count: i64, group: &str, standing: &str| {
        let href = query.href(PEOPLE, |q| {
            q.scheme = if scheme == VOLUNTARY { "tu-nguyen".into() } else { String::new() };
            q.group = group.to_owned();
            q.standing = standing.to_owned();
        });
        if count > 0 && opens { Cell::figure(l.number(count), href) } else { Cell::text(l.number(count)) }
    };
    let cells = |name: String, group: &str, line: &Owed| {
        let mut cells = vec![
            Cell::text(name),
            // The list shows who is supported at the end of the period, the sheet who was in any month: no link that would not agree.
            Cell::text(l.number(line.people)),
            Cell::text(l.number(line.months)),
            Cell::text(l.number(line.amount)),
            Cell::text(line.amount_before.map_or_else(|| unknown.clone(), |n| l.number(n))),
            Cell::text(change(line.amount, line.amount_before)),
            people(line.doubled, group, "hai-lan"),
            Cell::text(l.number(line.doubled_amount)),
        ];
        if waits {
            cells.push(Cell::text(line.pending.map_or_else(|| l.number(0), |n| l.number(n))));
        }
        cells
    };
    let mut total = Owed::default();
    for line in lines {
        total.people += line.people;
        total.months += line.months;
        total.amount += line.amount;
        total.doubled += line.doubled;
        total.doubled_amount += line.doubled_amount;
        total.pending = total.pending.or(line.pending).map(|_| total.pending.unwrap_or(0) + line.pending.unwrap_or(0));
        total.amount_before = total
            .amount_before
            .or(line.amount_before)
            .map(|_| total.amount_before.unwrap_or(0) + line.amount_before.unwrap_or(0));
    }
    let rows = lines.iter().map(|line| Row::new(cells(view::group(l, scheme, &line.group), &line.group, line)));
    let title = format!("{}: {}", view::scheme(l, scheme), view::payer(l, payer));
    let table = Table::new(format!("kinh-phi-{number}"), title.clone(), head)
        .rows(rows)
        .total(cells(l.t("support-total"), "", &total))
        .dense()
        .html(l);
    Panel::flush(title, table).html()
}

#[cfg(test)]
mod tests {
    use base::{CommuneCode, Date};
    use documents::sheet::Moment;

    use super::*;

    fn texts() -> web::Texts {
        let read = |lang: &str, file: &str| {
            let path = format!("{}/../../locales/{lang}/{file}", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(path).unwrap()
        };
        let (own, chapter) = (read("vi", "coverage-support.ftl"), read("vi", "coverage.ftl"));
        web::Texts::load(&[(Lang::Vi, "coverage-support.ftl", &own), (Lang::Vi, "coverage.ftl", &chapter)]).unwrap()
    }

    fn line(payer: &str, group: &str, commune: Option<&str>, amount: i64, before: Option<i64>) -> Owed {
        Owed {
            scheme: HEALTH.into(),
            payer: payer.into(),
            group: group.into(),
            commune: commune.and_then(CommuneCode::parse),
            people: 3,
            months: 3,
            amount,
            people_before: before.map(|_| 2),
            amount_before: before,
            pending: None,
            doubled: 1,
            doubled_amount: 79_695,
        }
    }

    #[test]
    fn the_file_says_payer_group_commune_quarter_before_and_what_waits() {
        let texts = texts();
        let l = texts.lang(Lang::Vi);
        let day: Date = "2026-10-31".parse().unwrap();
        let head = Heading {
            period: "2026-10".parse().unwrap(),
            run: "2026-10-a1b2",
            law: "Luật Bảo hiểm y tế".into(),
            provenance: Provenance {
                language: Language::Vi,
                filter: "Toàn thành phố".into(),
                as_of: day,
                exported_by: "Cán bộ mẫu, BHXH thành phố".into(),
                purpose: l.t("support-sheet-purpose"),
                exported_at: Moment { date: day, hour: 8, minute: 5, second: 0 },
            },
        };
        let owed = sorted(vec![
            line("city", "elderly", Some("00004"), 341_550, None),
            Owed { pending: Some(113_850), ..line("city", "farm_average", Some("00004"), 0, Some(100)) },
            line("state", "near_poor", None, 239_085, Some(159_390)),
            line("state", "poor", Some("00004"), 341_550, Some(341_550)),
        ]);
        let sheet = workbook(l, head, &owed, &|line| line.commune.as_ref().map(|code| format!("Phường {code}")));
        assert!(write_xlsx(&sheet).is_ok());
        insta::assert_snapshot!(String::from_utf8(write_csv(&sheet)).unwrap().replace('\r', "").trim_start_matches('\u{feff}'));
    }

    #[test]
    fn quarters_are_written_in_roman_figures() {
        let texts = texts();
        let l = texts.lang(Lang::Vi);
        assert!(title(l, "2026-12".parse().unwrap()).contains("quý IV năm 2026"));
        assert!(title(l, "2027-01".parse().unwrap()).contains("quý I năm 2027"));
    }
}
