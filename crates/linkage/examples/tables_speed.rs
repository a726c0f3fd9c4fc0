//! Speed and quality of linking two made-up rosters by a specification: `tables_speed [rows] [seed]`.
//!
//! Run with `cargo run --release -p linkage --example tables_speed -- 1000000`.

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
use linkage::tables::{Spec, Table, TableOptions, TextTable, link_tables};

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

fn table(roster: &Roster) -> TextTable {
    let mut columns: Vec<(String, Vec<Option<String>>)> =
        ["id", "name", "born", "sex", "card", "commune"].iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
    for (at, row) in roster.rows().into_iter().enumerate() {
        let cells = [
            Some(at.to_string()),
            Some(row.name.to_owned()).filter(|name| !name.is_empty()),
            row.birth.map(|b| if b.year_only { b.date.year().to_string() } else { b.date.to_string() }),
            row.sex.map(|s| if s == Sex::Male { "nam" } else { "nữ" }.to_owned()),
            row.personal_id.map(|id| format!("{:012}", id.number())),
            row.communes.first().map(u16::to_string),
        ];
        columns.iter_mut().zip(cells).for_each(|((_, column), cell)| column.push(cell));
    }
    TextTable { columns }
}

/// CPU seconds of this process so far, user and system; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let rows = arguments.first().copied().unwrap_or(100_000);
    let city = City::new(arguments.get(1).copied().unwrap_or(1));
    let (spine, other) = (city.roster(Kind::Spine, 0..rows), city.roster(Kind::Card, city.others(rows, rows, 85)));
    let truth: Vec<(u32, u32)> =
        other.people.iter().enumerate().filter(|(_, p)| **p < rows).map(|(at, p)| (*p as u32, at as u32)).collect();
    let (left, right) = (table(&spine), table(&other));
    let spec: Spec = toml::from_str(SPEC)?;
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let mut told = |phase| println!("{phase:?} from {:.2} s, {:.2} CPU s", start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let linked = link_tables(&spec, &left, Some(&right as &dyn Table), &[], &TableOptions::default(), &mut told)?;
    println!("all {:.2} s, {:.2} CPU s", start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    println!("{:#?}", linked.stats);
    println!("{:?}", linked.score_pairs(&truth));
    Ok(())
}
