//! How fast files are read: `cargo run --release -p intake --example intake_speed -- [csv ROWS] [xlsx ROWS] [header]`.
//!
//! The files are made up in memory; writing them is not counted. Without words all three run: a CSV of
//! 1,000,000 rows and 10 columns, a workbook of 200,000 rows, and the finding of the header in a workbook of
//! 1,000 rows among all layouts. Prints seconds of wall clock and, on Linux, of the processor.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use base::places::Places;
use intake::{Layouts, Limits, Source};
use rust_xlsxwriter::Workbook;

const HEADER: [&str; 10] = [
    "Mã thẻ",
    "Mã số BHXH",
    "Số CCCD",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Địa chỉ",
    "Phường, xã",
    "Giá trị từ",
    "Giá trị đến",
];

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |word: &str| words.is_empty() || words.iter().any(|w| w == word);
    let rows = |word: &str, usual: u32| {
        let at = words.iter().position(|w| w == word);
        at.and_then(|at| words.get(at + 1)?.parse().ok()).unwrap_or(usual)
    };
    let layouts = layouts()?;
    let places = places()?;
    if wanted("csv") {
        let rows = rows("csv", 1_000_000);
        measure("CSV", &Source::new("the.csv", csv(rows)?), &layouts, &places, 1)?;
    }
    if wanted("xlsx") {
        let rows = rows("xlsx", 200_000);
        measure("XLSX", &Source::new("the.xlsx", xlsx(rows)?), &layouts, &places, 1)?;
    }
    if wanted("header") {
        let source = Source::new("the.xlsx", xlsx(1_000)?);
        measure(&format!("XLSX against {} layouts, 20 times", layouts.all().len()), &source, &layouts, &places, 20)?;
        let one = Layouts::load(texts()?.into_iter().filter(|(name, _)| name == "bhyt_card.yaml"))?;
        measure("XLSX against its own layout, 20 times", &source, &one, &places, 20)?;
    }
    Ok(())
}

fn measure(what: &str, source: &Source, layouts: &Layouts, places: &Places, times: u32) -> Result<(), Box<dyn Error>> {
    let (clock, processor) = (Instant::now(), processor_seconds());
    let mut stored = 0;
    for _ in 0..times {
        let report = intake::read(source, None, layouts, places, &Limits::default(), &mut |_| Ok(()))?;
        stored += report.stored;
    }
    let spent = processor.zip(processor_seconds()).map(|(before, after)| after - before);
    println!(
        "{what}: {stored} rows, {:.1} MB, {:.2} s, processor {}",
        source.bytes.len() as f64 / 1e6,
        clock.elapsed().as_secs_f64(),
        spent.map_or_else(|| "unknown".to_owned(), |s| format!("{s:.2} s"))
    );
    Ok(())
}

/// Seconds this thread has been on a processor.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
}

/// A made-up card of a made-up person.
fn row(n: u32) -> [String; 10] {
    const FAMILY: [&str; 5] = ["Nguyễn", "Trần", "Lê", "Đỗ", "Vũ"];
    const MIDDLE: [&str; 4] = ["Văn", "Thị", "Đức", "Ngọc"];
    const GIVEN: [&str; 7] = ["An", "Bình", "Hường", "Thúy", "Mỹ", "Đạt", "Quỳnh"];
    let pick = |words: &[&str], n: u32| words[n as usize % words.len()].to_owned();
    let name = [pick(&FAMILY, n), pick(&MIDDLE, n / 5), pick(&GIVEN, n / 20)].join(" ");
    let born = format!("{:02}/{:02}/{}", n % 28 + 1, n % 12 + 1, 1950 + n % 60);
    let sex = if n.is_multiple_of(2) { "Nam" } else { "Nữ" };
    [
        format!("GD401{:010}", 100_000_000 + n),
        format!("{:010}", 100_000_000 + n),
        format!("001{}{:02}{n:06}", 2 + n % 2, n % 26, n = n % 1_000_000),
        name,
        born,
        sex.to_owned(),
        format!("Số {} ngõ {}, Phường Ba Đình, Hà Nội", n % 300, n % 40),
        "Phường Ba Đình".to_owned(),
        "01/01/2026".to_owned(),
        "31/12/2026".to_owned(),
    ]
}

fn csv(rows: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut text = format!("{}\n", HEADER.map(|h| format!("\"{h}\"")).join(","));
    for n in 0..rows {
        let cells = row(n);
        writeln!(text, "{},\"{}\",{}", cells[..6].join(","), cells[6], cells[7..].join(","))?;
    }
    Ok(text.into_bytes())
}

fn xlsx(rows: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in (0u16..).zip(HEADER) {
        sheet.write_string(3, column, text)?;
    }
    for n in 0..rows {
        for (column, text) in (0u16..).zip(row(n)) {
            sheet.write_string(4 + n, column, text)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

fn formats(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats").join(name)
}

fn texts() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(formats("rosters"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "yaml") {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, std::fs::read_to_string(path)?));
        }
    }
    files.sort();
    Ok(files)
}

fn layouts() -> Result<Layouts, Box<dyn Error>> {
    Ok(Layouts::load(texts()?)?)
}

fn places() -> Result<Places, Box<dyn Error>> {
    let read = |name| std::fs::read_to_string(formats(name));
    Ok(Places::from_csv(&read("places/communes.csv")?, &read("places/old_units.csv")?)?)
}
