//! Section 1: the indicators, their table and charts.

use documents::report::{Block, Chart, ChartKind, Series, Side, Table, TableColumn, TableRow, Text};
use plan::indicators::Direction;
use web::Percent;

use crate::report::compose::{Part, said};
use crate::report::facts::{Facts, Notes};
use crate::report::material::{IndicatorRow, Material};
use crate::report::name_facts::{indicator_source, target_source};
use crate::report::road::{Against, against};
use crate::report::words;

/// Months of a course that are drawn at most.
const MONTHS: usize = 13;

pub(super) fn part(material: &Material<'_>, facts: &Facts, notes: &mut Notes) -> Part {
    let heading = "1. Các chỉ tiêu".to_owned();
    let mut fixed = vec![Block::Table(table(material, notes))];
    fixed.extend(bars(material).map(Block::Chart));
    fixed.extend(material.indicators.iter().find_map(|row| course(material, row)).map(Block::Chart));
    let made = made(material, facts);
    Part { key: "indicators".into(), name: heading.clone(), heading: Some(Block::Heading(heading)), made, fixed }
}

fn made(material: &Material<'_>, facts: &Facts) -> String {
    let mut lines = Vec::new();
    let known = material.indicators.iter().filter(|row| row.share().is_some()).count();
    lines.push(if known == 0 {
        "Trong kỳ chưa có số liệu của chỉ tiêu nào.".to_owned()
    } else {
        "Trong {chi-tieu} chỉ tiêu của Kế hoạch, {chi-tieu-co-so} chỉ tiêu đã có số liệu, {chi-tieu-cham} chỉ tiêu chậm so với lộ trình.".to_owned()
    });
    lines.extend(material.indicators.iter().map(|row| sentence(material, row, facts)));
    lines.join("\n")
}

/// What is said of one indicator, its figures by name.
fn sentence(material: &Material<'_>, row: &IndicatorRow, facts: &Facts) -> String {
    let (id, name) = (&row.id, &row.name);
    let Some(share) = row.share() else {
        let why = row.value.as_ref().err().map_or("thiếu tử số hoặc mẫu số", String::as_str);
        return format!("- {name}: chưa có số liệu ({}).", words::inner(why));
    };
    let known = |key: &str| facts.of(&format!("{id}.{key}")).is_some_and(|fact| fact.shown.is_ok());
    let verb = if row.direction == Direction::Up { "đạt" } else { "là" };
    let mut text = format!("- {name} {verb} {{{id}}} ({{{id}.tu}} trên {{{id}.mau}} {})", row.counted);
    if let Some(run) = &material.run
        && let Some(before) = row.road.before(run.month)
        && known("thay-doi")
    {
        let change = share.above(before).0;
        text.push_str(&match change {
            0 => ", không thay đổi so với tháng trước".to_owned(),
            n => format!(", {} {{{id}.thay-doi}} điểm phần trăm so với tháng trước", if n > 0 { "tăng" } else { "giảm" }),
        });
    }
    let year = material.on.year();
    if known("nam")
        && let Some(target) = material.run.as_ref().and_then(|run| row.road.year(run.month)).or(row.road.assigned)
    {
        let what = if row.road.assigned.is_some() { "chỉ tiêu giao" } else { "mức theo lộ trình" };
        let off = share.above(target).0;
        let reached = if row.direction == Direction::Down { off <= 0 } else { off >= 0 };
        text.push_str(&format!("; {what} năm {year} là {{{id}.nam}}, "));
        text.push_str(&match (reached, off) {
            (true, 0) => "đã đạt".to_owned(),
            (true, _) => format!("đã vượt {{{id}.lech-nam}} điểm phần trăm"),
            (false, _) if row.direction == Direction::Down => format!("còn cao hơn {{{id}.lech-nam}} điểm phần trăm"),
            (false, _) => format!("còn thiếu {{{id}.lech-nam}} điểm phần trăm"),
        });
    }
    text.push('.');
    text
}

fn table(material: &Material<'_>, notes: &mut Notes) -> Table {
    let year = material.on.year();
    let column = |head: String, share, side| TableColumn { head, share, side };
    let rows = material.indicators.iter().map(|row| {
        let month = material.run.as_ref().map(|run| run.month);
        let value = match row.share() {
            Some(share) => Text::default().figure(figure(share), notes.of(&indicator_source(material, row))),
            None => said("chưa có số liệu"),
        };
        let target = match month.and_then(|month| row.road.year(month)).or(row.road.assigned) {
            Some(share) => {
                let text = if row.road.assigned.is_some() { figure(share) } else { format!("{} (lộ trình)", figure(share)) };
                Text::default().figure(text, notes.of(&target_source(material, row)))
            }
            None => said(if row.assigned { "chưa giao" } else { "–" }),
        };
        TableRow::Cells(vec![
            said(row.order.to_string()),
            said(if is_share(row) { format!("{}, %", row.name) } else { row.name.clone() }),
            value,
            target,
            said(last_words(row)),
            said(against_words(material, row)),
        ])
    });
    Table {
        caption: String::new(),
        rows: rows.collect(),
        columns: vec![
            column("TT".into(), 6, Side::Centre),
            column("Chỉ tiêu".into(), 37, Side::Left),
            column("Thực hiện".into(), 14, Side::Right),
            column(format!("Chỉ tiêu {year}"), 14, Side::Right),
            column(format!("Năm {}", material.last_year), 13, Side::Right),
            column("So với lộ trình, điểm".into(), 16, Side::Centre),
        ],
    }
}

/// Whether an indicator is a share; of those that are only watched nothing is known of what they will be.
fn is_share(row: &IndicatorRow) -> bool {
    row.share().is_some() || row.last.is_some() || row.direction != Direction::Watch
}

/// What the plan asks at its end.
pub(in crate::report) fn last_words(row: &IndicatorRow) -> String {
    match (row.last, row.direction) {
        (Some(share), _) if row.over => format!("trên {}", short(share)),
        (Some(share), _) => short(share),
        (None, Direction::Down) => "giảm hằng năm".into(),
        (None, Direction::Up | Direction::Watch) => "theo dõi".into(),
    }
}

/// How it stands against where it should be.
pub(in crate::report) fn against_words(material: &Material<'_>, row: &IndicatorRow) -> String {
    let Some(share) = row.share() else { return "–".into() };
    match should(material, row).map(|should| against(row.direction, share, should)) {
        None => "chưa đủ kỳ".into(),
        Some(Against::OnTime) => "Đúng lộ trình".into(),
        Some(Against::Ahead(points)) => format!("Vượt {}", words::points(points)),
        Some(Against::Behind(points)) => format!("Chậm {}", words::points(points)),
    }
}

/// Whether it can be said where it should be.
pub(in crate::report) fn is_judged(material: &Material<'_>, row: &IndicatorRow) -> bool {
    row.share().is_some() && should(material, row).is_some()
}

/// Whether it is behind where it should be.
pub(in crate::report) fn is_behind(material: &Material<'_>, row: &IndicatorRow) -> bool {
    let both = row.share().zip(should(material, row));
    both.is_some_and(|(share, should)| matches!(against(row.direction, share, should), Against::Behind(_)))
}

fn should(material: &Material<'_>, row: &IndicatorRow) -> Option<Percent> {
    row.road.at(material.run.as_ref()?.month)
}

/// `96,41`.
fn figure(share: Percent) -> String {
    words::percent(share).trim_end_matches('%').to_owned()
}

/// A share of the plan, mostly whole: `60`.
fn short(share: Percent) -> String {
    let text = figure(share);
    text.strip_suffix(",00").map_or(text.clone(), str::to_owned)
}

/// What is reached beside what is to be reached.
fn bars(material: &Material<'_>) -> Option<Chart> {
    let rows: Vec<(&IndicatorRow, Percent)> = material.indicators.iter().filter_map(|row| Some((row, row.share()?))).collect();
    if rows.is_empty() {
        return None;
    }
    let year = material.on.year();
    let of_year = |row: &IndicatorRow| material.run.as_ref().and_then(|run| row.road.year(run.month)).or(row.road.assigned);
    let by_year = rows.iter().any(|(row, _)| of_year(row).is_some());
    let planned = |row: &IndicatorRow| if by_year { of_year(row) } else { row.last };
    let what = if by_year { format!("Chỉ tiêu năm {year}") } else { format!("Chỉ tiêu năm {}", material.last_year) };
    Some(Chart {
        title: format!("Thực hiện các chỉ tiêu so với {}{} (%)", what[..1].to_lowercase(), &what[1..]),
        kind: ChartKind::Bars,
        unit: "%".into(),
        categories: rows.iter().map(|(row, _)| row.short.clone()).collect(),
        series: vec![
            Series {
                name: "Thực hiện".into(),
                planned: false,
                values: rows.iter().map(|(_, share)| Some(words::chart(*share))).collect(),
            },
            Series { name: what, planned: true, values: rows.iter().map(|(row, _)| planned(row).map(words::chart)).collect() },
        ],
    })
}

/// The months of an indicator, where there are two and more.
fn course(material: &Material<'_>, row: &IndicatorRow) -> Option<Chart> {
    let run = material.run.as_ref()?;
    let from = row.road.course.len().saturating_sub(MONTHS);
    let course = &row.road.course[from..];
    if course.len() < 2 {
        return None;
    }
    let way = |month: base::Month| (month.year() == run.month.year()).then(|| row.road.at(month)).flatten();
    let mut series = vec![Series {
        name: "Thực hiện".into(),
        planned: false,
        values: course.iter().map(|(_, share)| Some(words::chart(*share))).collect(),
    }];
    let values: Vec<_> = course.iter().map(|(month, _)| way(*month).map(words::chart)).collect();
    if values.iter().flatten().count() > 1 {
        series.push(Series { name: "Lộ trình".into(), planned: true, values });
    }
    Some(Chart {
        title: format!("{} theo tháng (%)", row.short),
        kind: ChartKind::Course,
        unit: "%".into(),
        categories: course.iter().map(|(month, _)| format!("{:02}/{}", month.number(), month.year())).collect(),
        series,
    })
}
