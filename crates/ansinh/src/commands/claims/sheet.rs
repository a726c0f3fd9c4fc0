//! The error sheet of a check, for the departments of a hospital.

use std::collections::BTreeMap;
use std::path::Path;

use base::{Amount, Rate, Strength};
use documents::sheet::{Cell, Column, Language, Moment, Provenance, Sheet, write_workbook};

use super::check::Report;
use crate::failure::Failure;

/// Writes the workbook: refusals, findings, and counts by department.
pub fn write(path: &Path, report: &Report, now: Moment) -> Result<(), Failure> {
    let sheets = [findings(report, now), refusals(report, now), departments(report, now)];
    let bytes = write_workbook(&sheets).map_err(|e| Failure::internal(e.to_string()))?;
    std::fs::write(path, bytes).map_err(|e| {
        let mut failure = Failure::input("sheet_not_written", format!("{}: {e}", path.display()));
        failure.remedy = "Đóng tệp đang mở trong Excel hoặc chọn tên khác, rồi chạy lại.".into();
        failure
    })
}

fn sheet(name: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>, now: Moment) -> Sheet {
    let provenance = Provenance {
        language: Language::Vi,
        filter: "mọi hồ sơ trong các tệp đã kiểm tra".into(),
        as_of: now.date,
        exported_by: "ansinh claims check".into(),
        purpose: "kiểm tra trước khi gửi hồ sơ đề nghị thanh toán".into(),
        exported_at: now,
    };
    let footer = vec!["Cổng của BHXH Việt Nam vẫn là nơi gửi hồ sơ theo quy định.".to_owned()];
    Sheet { name: name.into(), title: vec![title.into()], columns, rows, footer, provenance }
}

/// The words for how strong a finding is.
fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Absolute => "Sai",
        Strength::Explain => "Cần giải trình",
        Strength::Warn => "Cảnh báo",
    }
}

fn money(text: Option<&str>) -> Cell {
    let amount = text.and_then(|text| Amount::parse(text).ok());
    amount.map(|amount| Rate::from_parts(amount.millionths(), 6)).into()
}

fn findings(report: &Report, now: Moment) -> Sheet {
    let columns = vec![
        Column::new("Tệp", 24),
        Column::new("Mã liên kết", 18),
        Column::new("Khoa", 10),
        Column::new("Mức", 14),
        Column::new("Bảng", 8),
        Column::new("Dòng", 6),
        Column::new("Nội dung", 80),
        Column::new("Số tiền liên quan (đồng)", 18),
        Column::new("Mã quy tắc", 32),
    ];
    let rows = report.findings.iter().map(|f| {
        vec![
            f.file.as_str().into(),
            f.visit.as_str().into(),
            f.department.as_str().into(),
            strength(f.strength).into(),
            f.table.as_deref().into(),
            f.line.into(),
            f.message.as_str().into(),
            money(f.amount.as_deref()),
            f.rule.as_str().into(),
        ]
    });
    sheet("Phát hiện", "PHÁT HIỆN TRƯỚC KHI GỬI", columns, rows.collect(), now)
}

fn refusals(report: &Report, now: Moment) -> Sheet {
    let columns = vec![
        Column::new("Tệp", 24),
        Column::new("Hồ sơ thứ", 10),
        Column::new("Mã liên kết", 18),
        Column::new("Bảng", 8),
        Column::new("Dòng", 6),
        Column::new("Cột", 20),
        Column::new("Giá trị", 30),
        Column::new("Lý do", 60),
    ];
    let rows = report.refused.iter().map(|r| {
        vec![
            r.file.as_str().into(),
            i64::from(r.number).into(),
            r.visit.as_deref().into(),
            r.table.as_deref().into(),
            r.line.map(i64::from).into(),
            r.column.as_deref().into(),
            r.value.as_deref().into(),
            r.reason.as_str().into(),
        ]
    });
    sheet("Không đọc được", "HỒ SƠ KHÔNG ĐỌC ĐƯỢC", columns, rows.collect(), now)
}

/// Findings by the first department of the visit, the most first.
fn departments(report: &Report, now: Moment) -> Sheet {
    let mut counts: BTreeMap<(&str, &str), [i64; 3]> = BTreeMap::new();
    for finding in &report.findings {
        let department = finding.department.split(';').next().unwrap_or_default();
        let count = counts.entry((department, &finding.rule)).or_default();
        count[finding.strength as usize] += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(key, count)| (std::cmp::Reverse(count.iter().sum::<i64>()), *key));
    let columns = vec![
        Column::new("Khoa", 10),
        Column::new("Mã quy tắc", 40),
        Column::new("Sai", 8),
        Column::new("Cần giải trình", 14),
        Column::new("Cảnh báo", 10),
    ];
    let rows = counts.into_iter().map(|((department, rule), [absolute, explain, warn])| {
        vec![department.into(), rule.into(), absolute.into(), explain.into(), warn.into()]
    });
    sheet("Theo khoa", "SỐ PHÁT HIỆN THEO KHOA VÀ QUY TẮC", columns, rows.collect(), now)
}
