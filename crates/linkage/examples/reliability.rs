//! Whether probabilities hold, on made-up tables of several kinds: `reliability [rows]`.
//!
//! Run with `cargo run --release -p linkage --example reliability`. Of each kind several cities or towns are made, and
//! their pairs are counted together: of those said to be p about p should be right.

// Test code shared with this bench: there a wrong made-up person should stop everything.
#[path = "../tests/it/generator.rs"]
#[allow(clippy::unwrap_used, dead_code)]
mod generator;
#[path = "../tests/it/names.rs"]
mod names;
#[path = "../tests/it/slips.rs"]
#[allow(clippy::unwrap_used)]
mod slips;
#[path = "../tests/it/western.rs"]
#[allow(clippy::unwrap_used, dead_code)]
mod western;

use std::collections::BTreeMap;
use std::error::Error;

use base::Sex;
use generator::{City, Kind, Roster, draw};
use linkage::tables::{Reliability, Spec, Table, TableOptions, TablesLinked, TextTable, link_tables};

/// Tables of each kind.
const TABLES: u64 = 4;

fn vietnamese(with_number: bool) -> String {
    let card = if with_number { "{ name = \"card\", kind = \"id\", left = \"card\" }," } else { "" };
    format!(
        r#"
mode = "one-to-one"
left = {{ id = "id" }}
right = {{ id = "id" }}
field = [
  {{ name = "name", kind = "vietnamese_name", left = "name" }},
  {{ name = "born", kind = "date", left = "born" }},
  {{ name = "sex", kind = "code", left = "sex" }}, {card}
  {{ name = "commune", kind = "code", left = "commune" }},
]
"#
    )
}

fn table(roster: &Roster) -> TextTable {
    let cells = |(at, row): (usize, linkage::Row<'_>)| {
        let born = row.birth.map(|b| if b.year_only { b.date.year().to_string() } else { b.date.to_string() });
        vec![
            at.to_string(),
            row.name.to_owned(),
            born.unwrap_or_default(),
            row.sex.map(|s| if s == Sex::Male { "nam" } else { "nữ" }).unwrap_or_default().to_owned(),
            row.personal_id.map(|id| format!("{:012}", id.number())).unwrap_or_default(),
            row.communes.first().map(u16::to_string).unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = roster.rows().into_iter().enumerate().map(cells).collect();
    TextTable::from_rows(&["id", "name", "born", "sex", "card", "commune"], rows.iter().map(|row| row.iter().map(String::as_str)))
}

type Found = Result<(TablesLinked, Vec<Reliability>), Box<dyn Error>>;

fn link(spec: &str, left: &TextTable, right: Option<&TextTable>) -> Result<TablesLinked, Box<dyn Error>> {
    let spec: Spec = toml::from_str(spec)?;
    Ok(link_tables(&spec, left, right.map(|t| t as &dyn Table), &[], &TableOptions::default(), &mut |_| ())?)
}

fn city(seed: u64, rows: u64, with_number: bool) -> Found {
    let city = City::new(seed + 50);
    let (spine, other) = (city.roster(Kind::Spine, 0..rows), city.roster(Kind::Card, city.others(rows, rows, 85)));
    let people = other.people.iter().enumerate().filter(|(_, p)| **p < rows);
    let truth: Vec<(u32, u32)> = people.map(|(at, p)| (*p as u32, at as u32)).collect();
    let linked = link(&vietnamese(with_number), &table(&spine), Some(&table(&other)))?;
    let found = linked.reliability_of_pairs(&truth);
    println!("  {:?}", linked.score_pairs(&truth));
    Ok((linked, found))
}

fn town(seed: u64, rows: u64, slips: u64, with_number: bool) -> Found {
    let left = western::table((0..rows).map(|n| western::typed(seed, n, 1, 1)).collect());
    let others: Vec<u64> = (0..rows).map(|n| (n * 7_919) % rows + rows / 5).collect();
    let right = western::table(others.iter().map(|n| western::typed(seed, *n, 2, slips)).collect());
    let people = others.iter().enumerate().filter(|(_, n)| **n < rows);
    let truth: Vec<(u32, u32)> = people.map(|(at, n)| (*n as u32, at as u32)).collect();
    let linked = link(&western::spec("one-to-one", with_number), &left, Some(&right))?;
    let found = linked.reliability_of_pairs(&truth);
    println!("  {:?}", linked.score_pairs(&truth));
    Ok((linked, found))
}

fn copies(seed: u64, rows: u64, slips: u64, with_number: bool) -> Found {
    let people: Vec<u64> = (0..rows / 2).flat_map(|n| (0..1 + draw(seed, 1, n) % 4).map(move |_| n)).collect();
    let rows = people.iter().enumerate().map(|(at, n)| western::typed(seed, *n, at as u64 + 1, slips)).collect();
    let linked = link(&western::spec("clusters", with_number), &western::table(rows), None)?;
    let found = linked.reliability_of_clusters(&people);
    println!("  {:?}", linked.score_clusters(&people));
    Ok((linked, found))
}

/// A kind of tables: of a seed and a number of rows what came out.
type Made = Box<dyn Fn(u64, u64) -> Found>;

fn main() -> Result<(), Box<dyn Error>> {
    let rows = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(5_000);
    let kinds: Vec<(&str, Made)> = vec![
        ("Vietnamese rosters", Box::new(|seed, rows| city(seed, 4 * rows, true))),
        ("Vietnamese rosters without a number", Box::new(|seed, rows| city(seed, 4 * rows, false))),
        ("town, two slips a row", Box::new(|seed, rows| town(seed, rows, 2, true))),
        ("town, three slips a row, no number", Box::new(|seed, rows| town(seed, rows, 3, false))),
        ("copies in one table, one slip", Box::new(|seed, rows| copies(seed, rows, 1, true))),
        ("copies in one table, two slips, no number", Box::new(|seed, rows| copies(seed, rows, 2, false))),
    ];
    for (name, made) in kinds {
        println!("{name}");
        let mut classes: BTreeMap<(u16, u16), (u64, f64, f64)> = BTreeMap::new();
        for seed in 0..TABLES {
            for class in made(seed, rows)?.1 {
                let sum = classes.entry((class.from_thousandths, class.to_thousandths)).or_default();
                let n = class.pairs as f64 / 1e6;
                *sum = (
                    sum.0 + class.pairs,
                    sum.1 + n * f64::from(class.said_millionths),
                    sum.2 + n * f64::from(class.right_millionths),
                );
            }
        }
        for ((from, to), (pairs, said, right)) in classes {
            let share = |sum: f64| sum / pairs as f64;
            println!(
                "  {:.3}-{:.3} {pairs:>8} pairs, said {:.4}, right {:.4}",
                f64::from(from) / 1e3,
                f64::from(to) / 1e3,
                share(said),
                share(right)
            );
        }
    }
    Ok(())
}
