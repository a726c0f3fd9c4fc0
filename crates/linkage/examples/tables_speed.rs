//! Speed and quality of linking two made-up rosters by a specification: `tables_speed [rows] [seed] [FOLDER] [right rows]`.
//!
//! Run with `cargo run --release -p linkage --example tables_speed -- 1000000`. With a folder the rosters are
//! written there instead (left.csv, right.csv, truth.csv, spec.toml), for `bench/linkage`; `-` is no folder.
//! The right roster has as many rows as the left one unless told, 85 in 100 of them people of the left one.

// Test code shared with this bench: there a wrong made-up person should stop everything.
#[path = "../tests/it/generator.rs"]
#[allow(clippy::unwrap_used, dead_code)]
mod generator;
#[path = "../tests/it/names.rs"]
mod names;
#[path = "../tests/it/slips.rs"]
#[allow(clippy::unwrap_used)]
mod slips;

use std::time::Instant;

use base::Sex;
use generator::{City, Kind, Roster};
use linkage::tables::{PackedTable, Spec, Table, TableOptions, link_tables};

const SPEC: &str = r#"
mode = "one-to-one"
left = { id = "id" }
right = { id = "id" }
field = [
  { name = "name", kind = "vietnamese_name", left = "name" },
  { name = "born", kind = "date", left = "born" },
  { name = "sex", kind = "code", left = "sex" },
  { name = "card", kind = "id", left = "card" },
  { name = "commune", kind = "code", left = "commune" },
]
"#;

fn table(roster: &Roster) -> PackedTable {
    let mut table = PackedTable::new(["id", "name", "born", "sex", "card", "commune"].map(str::to_owned));
    for (at, row) in roster.rows().into_iter().enumerate() {
        let cells = [
            Some(at.to_string()),
            Some(row.name.to_owned()),
            row.birth.map(|b| if b.year_only { b.date.year().to_string() } else { b.date.to_string() }),
            row.sex.map(|s| if s == Sex::Male { "nam" } else { "nữ" }.to_owned()),
            row.personal_id.map(|id| format!("{:012}", id.number())),
            row.communes.first().map(u16::to_string),
        ];
        for (column, cell) in cells.iter().enumerate() {
            assert!(table.push(column, cell.as_deref().unwrap_or_default()));
        }
    }
    table.shrink();
    table
}

/// CPU seconds of this process so far, user and system; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Most memory held at once, as the system tells it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default().trim().to_owned()
}

/// Writes the rosters with their truth for other programs.
fn write(folder: &str, sides: [&PackedTable; 2], truth: &[(u32, u32)]) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    for (name, table) in ["left", "right"].iter().zip(sides) {
        let mut out = csv::Writer::from_path(format!("{folder}/{name}.csv"))?;
        let columns = table.columns();
        out.write_record(&columns)?;
        for row in 0..table.rows() {
            out.write_record((0..columns.len()).map(|column| table.cell(column, row).unwrap_or_default()))?;
        }
        out.flush()?;
    }
    let mut out = csv::Writer::from_path(format!("{folder}/truth.csv"))?;
    out.write_record(["left_id", "right_id"])?;
    for (left, right) in truth {
        out.write_record([left.to_string(), right.to_string()])?;
    }
    out.flush()?;
    Ok(std::fs::write(format!("{folder}/spec.toml"), SPEC)?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let number = |at: usize| std::env::args().nth(at).and_then(|a| a.parse::<u64>().ok());
    let folder = std::env::args().nth(3).filter(|folder| folder != "-");
    let rows = number(1).unwrap_or(100_000);
    let right_rows = number(4).unwrap_or(rows);
    let city = City::new(number(2).unwrap_or(1));
    let (spine, other) = (city.roster(Kind::Spine, 0..rows), city.roster(Kind::Card, city.others(rows, right_rows, 85)));
    let truth: Vec<(u32, u32)> =
        other.people.iter().enumerate().filter(|(_, p)| **p < rows).map(|(at, p)| (*p as u32, at as u32)).collect();
    let (left, right) = (table(&spine), table(&other));
    drop((spine, other));
    if let Some(folder) = folder {
        return write(&folder, [&left, &right], &truth);
    }
    let spec: Spec = toml::from_str(SPEC)?;
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let mut told = |phase| println!("{phase:?} from {:.2} s, {:.2} CPU s", start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let linked = link_tables(&spec, &left, Some(&right as &dyn Table), &[], &TableOptions::default(), &mut told)?;
    println!("all {:.2} s, {:.2} CPU s, peak {}", start.elapsed().as_secs_f64(), cpu_seconds() - cpu, peak());
    println!("{:#?}", linked.stats);
    println!("{:?}", linked.score_pairs(&truth));
    Ok(())
}
