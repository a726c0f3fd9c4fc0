//! The figures of a report under the names by which its texts use them.

use plan::figures::FigureUnit;

use super::facts::{Fact, Facts};
use super::material::{FigureRow, IndicatorRow, Material, TaskRow};
use super::period::Told as _;
use super::words;
use crate::standing::TaskState;

/// All figures of a report.
pub(super) fn facts(material: &Material<'_>) -> Facts {
    let mut facts = Facts::default();
    for row in &material.indicators {
        indicator(material, row, &mut facts);
    }
    for row in material.tasks.iter().flat_map(|task| &task.figures) {
        // One figure may stand under several tasks.
        if facts.of(&row.id).is_none() {
            figure(material, row, &mut facts);
        }
    }
    indicator_tallies(material, &mut facts);
    tallies(material, &mut facts);
    facts
}

/// How many indicators there are, have figures and are behind.
fn indicator_tallies(material: &Material<'_>, facts: &mut Facts) {
    let known = material.indicators.iter().filter(|row| row.share().is_some()).count();
    let behind = material.indicators.iter().filter(|row| super::sections::is_behind(material, row)).count();
    for (key, label, value) in [
        ("chi-tieu", "Số chỉ tiêu của Kế hoạch", material.indicators.len()),
        ("chi-tieu-co-so", "Chỉ tiêu đã có số liệu", known),
        ("chi-tieu-cham", "Chỉ tiêu chậm so với lộ trình", behind),
    ] {
        facts.add(Fact {
            key: key.into(),
            label: label.into(),
            shown: Ok(words::number(value as i64)),
            source: format!("{}; đếm trên các chỉ tiêu của Kế hoạch.", run_words(material)),
            opens: Some("/".into()),
            names: Vec::new(),
        });
    }
}

/// Where the figures of an indicator come from.
pub(super) fn indicator_source(material: &Material<'_>, row: &IndicatorRow) -> String {
    let run = run_words(material);
    let over = row.value.as_ref().ok().and_then(|value| Some((value.value?, value.over?, value.source.as_deref())));
    let counts = over.map(|(over, under, source)| {
        let source = source.map(|source| format!(" (mẫu số: {source})")).unwrap_or_default();
        format!(": {} trên {} {}{source}", words::number(over), words::number(under), row.counted)
    });
    format!("{run}; chỉ tiêu {}{}. Mở các dòng: {}.", row.id, counts.unwrap_or_default(), row.opens)
}

/// Where the target of a year comes from.
pub(super) fn target_source(material: &Material<'_>, row: &IndicatorRow) -> String {
    let year = material.on.year();
    match (row.road.assigned, &row.document) {
        (Some(_), Some(document)) => format!("Chỉ tiêu {} năm {year} được giao theo {document}.", row.id),
        (Some(_), None) => format!("Chỉ tiêu {} năm {year} đã nhập trên hệ thống, chưa ghi số văn bản giao.", row.id),
        (None, _) => format!(
            "Chỉ tiêu {} năm {year} chưa được giao; lấy theo lộ trình đều từ tháng 12 năm trước đến chỉ tiêu năm {} của Kế hoạch.",
            row.id, material.last_year
        ),
    }
}

/// Where a figure of a task comes from.
pub(super) fn figure_source(material: &Material<'_>, row: &FigureRow) -> String {
    let opens = row.opens.as_ref().map(|opens| format!(" Mở các dòng: {opens}.")).unwrap_or_default();
    if row.on_desk {
        return format!("Đếm trên kho nghiệp vụ ngày {}; số liệu {}.{opens}", words::date(material.on), row.id);
    }
    let counts = match (&row.value, row.unit) {
        (Ok(value), FigureUnit::Share) => match (value.value, value.over) {
            (Some(over), Some(under)) => format!(": {} trên {}", words::number(over), words::number(under)),
            _ => String::new(),
        },
        _ => String::new(),
    };
    format!("{}; số liệu {}{counts}.{opens}", run_words(material), row.id)
}

/// Where counts of tasks and terms come from.
pub(super) fn tally_source(material: &Material<'_>) -> String {
    format!(
        "Đếm theo kỳ hạn của Kế hoạch và báo cáo đã xác nhận của các đơn vị đến ngày {}. Mở các dòng: /ke-hoach.",
        words::date(material.on)
    )
}

fn run_words(material: &Material<'_>) -> String {
    material.run.as_ref().map_or_else(|| "Chưa có lần chạy nào của kỳ".to_owned(), super::material::RunName::words)
}

fn indicator(material: &Material<'_>, row: &IndicatorRow, facts: &mut Facts) {
    let why = || row.value.as_ref().err().cloned().unwrap_or_else(|| "thiếu tử số hoặc mẫu số".to_owned());
    let month = material.run.as_ref().map(|run| run.month);
    let share = row.share();
    let own = indicator_source(material, row);
    let names = vec![row.name.clone(), row.short.clone()];
    let value = row.value.as_ref().ok();
    let count = |count: Option<i64>| count.map(words::number).ok_or_else(why);
    let mut add = |key: String, label: String, shown, source: &str, names| {
        facts.add(Fact { key, label, shown, source: source.to_owned(), opens: Some(row.opens.clone()), names });
    };
    let id = &row.id;
    add(id.clone(), row.name.clone(), share.map(words::percent).ok_or_else(why), &own, names);
    add(format!("{id}.tu"), format!("{}: tử số", row.short), count(value.and_then(|value| value.value)), &own, Vec::new());
    add(format!("{id}.mau"), format!("{}: mẫu số", row.short), count(value.and_then(|value| value.over)), &own, Vec::new());
    let target = target_source(material, row);
    let year = month.and_then(|month| row.road.year(month)).or(row.road.assigned);
    let none = |why: &str| why.to_owned();
    let shown = year.map(words::percent).ok_or_else(|| none("chưa giao chỉ tiêu năm và chưa đủ kỳ để tính lộ trình"));
    add(format!("{id}.nam"), format!("{}: chỉ tiêu năm", row.short), shown, &target, Vec::new());
    let to_year = share.zip(year).map(|(share, year)| words::points(share.above(year)));
    add(
        format!("{id}.lech-nam"),
        format!("{}: chênh so với chỉ tiêu năm, điểm", row.short),
        to_year.ok_or_else(why),
        &own,
        Vec::new(),
    );
    let should = month.and_then(|month| row.road.at(month));
    let off = share.zip(should).map(|(share, should)| words::points(share.above(should)));
    let shown = off.ok_or_else(|| none("chưa đủ kỳ để so với lộ trình"));
    add(format!("{id}.lech"), format!("{}: chênh so với lộ trình, điểm", row.short), shown, &own, Vec::new());
    let change =
        month.and_then(|month| row.road.before(month)).zip(share).map(|(before, share)| words::points(share.above(before)));
    let shown = change.ok_or_else(|| none("chưa có số liệu tháng trước"));
    add(format!("{id}.thay-doi"), format!("{}: thay đổi so với tháng trước, điểm", row.short), shown, &own, Vec::new());
}

fn figure(material: &Material<'_>, row: &FigureRow, facts: &mut Facts) {
    facts.add(Fact {
        key: row.id.clone(),
        label: row.name.clone(),
        shown: row.shown(),
        source: figure_source(material, row),
        opens: row.opens.clone(),
        names: vec![row.name.clone()],
    });
}

fn tallies(material: &Material<'_>, facts: &mut Facts) {
    let source = tally_source(material);
    let count = |is: &dyn Fn(TaskState) -> bool| material.tasks.iter().filter(|task| is(task.state)).count();
    let days = material.period.days();
    let due = material.tasks.iter().flat_map(|task| task.due(days)).count();
    let done = material
        .tasks
        .iter()
        .flat_map(|task| task.due(days))
        .filter(|term| term.state == crate::standing::TermState::Done)
        .count();
    let no_data = |task: &&TaskRow<'_>| task.late().is_some_and(|term| term.before_first_run && term.reported == 0);
    let unknown = material.tasks.iter().filter(no_data).count();
    for (key, label, value) in [
        ("nhiem-vu", "Số nhiệm vụ", material.tasks.len()),
        ("dung-han", "Nhiệm vụ đúng hạn", count(&|state| state == TaskState::OnTime)),
        ("dang-lam", "Nhiệm vụ đang thực hiện", count(&|state| state == TaskState::Doing)),
        ("qua-han", "Nhiệm vụ quá hạn", count(&|state| matches!(state, TaskState::Late(_)))),
        ("khong-ky-han", "Nhiệm vụ không có kỳ hạn trong năm", count(&|state| state == TaskState::NoTerm)),
        ("qua-han-chua-co-du-lieu", "Nhiệm vụ quá hạn chưa có dữ liệu", unknown),
        ("y-kien-xa-phuong", "Ý kiến của xã, phường đã xác nhận", super::sections::of_communes(material)),
        ("ky-han", "Kỳ hạn trong kỳ báo cáo", due),
        ("ky-han-xong", "Kỳ hạn trong kỳ đã xác nhận xong", done),
    ] {
        facts.add(Fact {
            key: key.into(),
            label: label.into(),
            shown: Ok(words::number(value as i64)),
            source: source.clone(),
            opens: Some("/ke-hoach".into()),
            names: Vec::new(),
        });
    }
}
