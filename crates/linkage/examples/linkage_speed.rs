//! Speed and quality of linking two made-up rosters: `linkage_speed [rows] [seed] [card|tax|nonumbers|households]`.
//!
//! Run with `cargo run --release -p linkage --example linkage_speed -- 1000000`.

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
use linkage::{Config, Decisions, Prepared, explain, link};

/// CPU seconds of this process so far, user and system; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    // Fields 14 and 15 of the line, in hundredths of a second.
    after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Peak resident memory of this process in megabytes; 0 where the system does not tell.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// One number for all links: equal when two versions of the crate link the same.
fn print_of(links: &[linkage::Link]) -> u64 {
    links.iter().fold(0, |print, l| {
        let parts = [u64::from(l.left), u64::from(l.right), u64::from(l.pass), u64::from(l.pattern.0), l.weight_millibits as u64];
        parts.iter().fold(print, |p, part| generator::draw(p, 1, *part))
    })
}

/// Prints, for each tenth of probability (the last one finer), how many pairs were said to be right
/// and how many are: links, second rows, and the pairs of the review list by their reason.
fn reliability(linked: &linkage::Linked, correct: &dyn Fn(u32, u32) -> bool) {
    const ENDS: [u16; 14] = [100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 980, 990, 999, 1001];
    type Told = (u32, u32, u16);
    let print = |what: &str, pairs: &[Told]| {
        let mut bins = [(0u64, 0u64, 0u64); ENDS.len()];
        for (left, right, probability) in pairs {
            let bin = &mut bins[ENDS.partition_point(|end| end <= probability)];
            *bin = (bin.0 + 1, bin.1 + u64::from(*probability), bin.2 + u64::from(correct(*left, *right)));
        }
        println!("reliability of {what}: probability below, pairs, said, right, difference");
        for (end, (pairs, said, right)) in ENDS.iter().zip(bins).filter(|(_, bin)| bin.0 > 0) {
            let (said, right) = (said as f64 / 1_000.0 / pairs as f64, right as f64 / pairs as f64);
            println!("  {:.3} {pairs:>9} {said:.4} {right:.4} {:+.4}", f64::from(*end.min(&1_000)) / 1_000.0, said - right);
        }
    };
    let told =
        |links: &[linkage::Link]| links.iter().map(|l| (l.left, l.right, l.probability_thousandths)).collect::<Vec<Told>>();
    print("links", &told(&linked.links));
    print("second rows", &told(&linked.also));
    let mut reasons: Vec<linkage::ReviewReason> = linked.review.iter().map(|p| p.why).filter(|w| !w.is_linked()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for why in reasons {
        let asked = linked.review.iter().filter(|p| p.why == why);
        print(why.vietnamese(), &asked.map(|p| (p.left, p.right, p.probability_thousandths)).collect::<Vec<Told>>());
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: u64| arguments.get(at).and_then(|a| a.parse().ok()).unwrap_or(default);
    let (rows, seed) = (number(0, 100_000), number(1, 1));
    let kind = match arguments.get(2).map(String::as_str) {
        Some("tax") => Kind::Tax,
        Some("nonumbers") => Kind::NoNumbers,
        Some("households") => Kind::Households,
        _ => Kind::Card,
    };
    let show = number(3, 0) as usize;
    let city = City::new(seed);
    let spine = city.roster(Kind::Spine, 0..rows);
    let other = city.roster(kind, city.others(rows, rows, 85));
    let (left_rows, right_rows) = (spine.rows(), other.rows());
    println!("made-up rows alone: {} MB", peak_megabytes());
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let (left, right) = (Prepared::new(&left_rows), Prepared::new(&right_rows));
    let (prepared, cpu_prepared) = (start.elapsed(), cpu_seconds());
    let linked = link(&left, &right, &Decisions::default(), &Config { review_pairs: u32::MAX, ..Config::default() });
    let (all, cpu_all) = (start.elapsed(), cpu_seconds());
    let correct = |l: u32, r: u32| spine.people[l as usize] == other.people[r as usize];
    let good = linked.links.iter().filter(|l| correct(l.left, l.right)).count() as f64;
    let partners = other.people.iter().filter(|p| **p < rows).count() as f64;
    let (precision, recall) = (good / linked.links.len() as f64, good / partners);
    println!("{} x {} rows: normalise {prepared:.2?}, link {:.2?}", left.len(), right.len(), all - prepared);
    println!("peak with the made-up rows: {} MB; print of the links {:016x}", peak_megabytes(), print_of(&linked.links));
    println!("CPU seconds: normalise {:.2}, link {:.2}", cpu_prepared - cpu, cpu_all - cpu_prepared);
    println!("precision {precision:.5} recall {recall:.5} f1 {:.5}", 2.0 * precision * recall / (precision + recall));
    println!("{:#?}", linked.stats);
    let wrong = linked.links.iter().filter(|l| !correct(l.left, l.right));
    for link in wrong.take(show) {
        println!(
            "WRONG {} {} p{}\n  {}\n  {}",
            link.weight_millibits,
            link.pass,
            link.probability_thousandths,
            spine.show(link.left),
            other.show(link.right)
        );
        for part in explain(&linked.model, link, &left).parts {
            println!("     {:?} {}", part.level, part.millibits);
        }
    }
    reliability(&linked, &correct);
    let linked_rights: std::collections::HashSet<u32> = linked.links.iter().map(|l| l.right).collect();
    let reviewed: std::collections::HashMap<u32, u32> = linked.review.iter().map(|l| (l.right, l.left)).collect();
    let lost = (0..other.people.len() as u32).filter(|r| other.people[*r as usize] < rows && !linked_rights.contains(r));
    let (mut in_review, mut with_no_candidate, mut shown) = (0, 0, 0);
    for right in lost {
        let truth = other.people[right as usize] as u32;
        match reviewed.get(&right) {
            Some(left) if *left == truth => in_review += 1,
            _ => with_no_candidate += 1,
        }
        if shown < show {
            shown += 1;
            println!(
                "LOST (review {:?})\n  {}\n  {}",
                reviewed.get(&right).map(|l| *l == truth),
                spine.show(truth),
                other.show(right)
            );
        }
    }
    println!("lost rows: {in_review} have their person in review, {with_no_candidate} do not");
    if show > 0 {
        for weight in linked.model.level_weights() {
            println!("{:?} m {} u {} w {}", weight.level, weight.matched_millionths, weight.chance_millionths, weight.millibits);
        }
    }
}
