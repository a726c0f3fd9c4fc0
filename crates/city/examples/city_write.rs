//! Writes a city and says what it took: `cargo run --release -p city --example city_write -- SCALE OUT [MONTH [MONTHS]]`.
//!
//! For measuring the crate alone, without the binary around it.

use std::path::PathBuf;
use std::time::Instant;

use city::Config;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, usual: &str| words.get(at).cloned().unwrap_or_else(|| usual.to_owned());
    let config = Config {
        scale: word(0, "0.001").parse()?,
        seed: 1,
        from: word(2, "2026-10").parse()?,
        months: word(3, "1").parse()?,
        out: PathBuf::from(word(1, "city")),
    };
    let start = Instant::now();
    let mut plan = 0.0;
    let summary = city::generate(&config, &mut |step, done, total| {
        if step == "plan" && done == total {
            plan = start.elapsed().as_secs_f64();
        }
    })?;
    let mut rows = std::collections::BTreeMap::<&str, (u64, u64)>::new();
    for file in &summary.files {
        let count = rows.entry(&file.roster).or_default();
        *count = (count.0 + 1, count.1 + file.rows);
    }
    for (roster, (files, rows)) in rows {
        println!("{roster}: {files} files, {rows} rows");
    }
    for period in &summary.periods {
        println!("{}: {} people, {} covered", period.period, period.people, period.covered);
    }
    println!("plan {plan:.1} s, whole {:.1} s", start.elapsed().as_secs_f64());
    // Where the system tells: memory at its highest.
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    }
    Ok(())
}
