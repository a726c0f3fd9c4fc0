//! Speed of linking new rows to a linked city: `again_speed [rows] [new rows] [seed]`.
//!
//! Run with `cargo run --release -p linkage --example again_speed -- 1000000 10000`.

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

use generator::{City, Kind};
use linkage::{Config, Decisions, Prepared, Spine, Standing, link, link_changed};

/// CPU seconds of this process so far, user and system; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn main() {
    let arguments: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let (rows, new) = (arguments.first().copied().unwrap_or(100_000), arguments.get(1).copied().unwrap_or(10_000));
    let city = City::new(arguments.get(2).copied().unwrap_or(1));
    let spine = city.roster(Kind::Spine, 0..rows);
    // Every step-th row comes later, those of people without a partner too.
    let people: Vec<u64> = city.others(rows, rows, 85).collect();
    let step = (people.len() as u64 / new.max(1)).max(1);
    let later = |at: u64| at % step == step / 2;
    let of =
        |wanted: bool| people.iter().enumerate().filter(move |(at, _)| later(*at as u64) == wanted).map(|(_, person)| *person);
    let known = of(false).count();
    let other = city.roster(Kind::Card, of(false).chain(of(true)));
    let (left, others) = (Prepared::new(&spine.rows()), other.rows());
    let (config, nothing) = (Config::default(), Decisions::default());
    let standing = Standing::of(&link(&left, &Prepared::new(&others[..known]), &nothing, &config));
    let old = Prepared::new(&others[..known]);
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let right = Prepared::joined(vec![old, Prepared::new(&others[known..])]);
    let changed: Vec<u32> = (known as u32..others.len() as u32).collect();
    let after = link_changed(&left, &right, &standing, &changed, &nothing, &config);
    println!(
        "{} new rows to {rows} people and {known} linked rows: {:.2} s, {:.2} CPU s; {} touched, {} changes, {} pairs",
        changed.len(),
        start.elapsed().as_secs_f64(),
        cpu_seconds() - cpu,
        after.touched.len(),
        after.changes.len(),
        after.linked.stats.pairs_scored
    );
    // As a month does it: the keys of all people are made once, for the first roster, and kept for the others.
    let mut kept = Spine::new();
    kept.extend(&left, &(0..left.len() as u32).collect::<Vec<_>>());
    for roster in ["first", "next"] {
        let (start, cpu) = (Instant::now(), cpu_seconds());
        let again = kept.link_changed(&right, &standing, &changed, &nothing, &config);
        println!("the {roster} roster, keys kept: {:.2} s, {:.2} CPU s", start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
        assert_eq!(again, after);
    }
    let full = link(&left, &right, &nothing, &config);
    let correct = |l: u32, r: u32| spine.people[l as usize] == other.people[r as usize];
    let score = |links: &[linkage::Link]| {
        let own = links.iter().filter(|l| l.right as usize >= known);
        own.fold((0u64, 0u64), |(right, all), l| (right + u64::from(correct(l.left, l.right)), all + 1))
    };
    let partners = other.people[known..].iter().filter(|p| **p < rows).count();
    println!(
        "of the new rows {partners} have a partner: right, linked {:?}; by a full run {:?}",
        score(&after.linked.links),
        score(&full.links)
    );
}
