//! Links two CSV files, or finds the clusters of one, by a specification:
//! `link_tables LEFT.csv [RIGHT.csv] --spec SPEC.toml [--out FILE.csv] [--truth FILE.csv] [--threshold 0.5]
//! [--explain LEFT_ID RIGHT_ID] [--weights]`.
//!
//! Run with `cargo run --release -p linkage --example link_tables -- …`.

use std::collections::HashMap;
use std::error::Error;
use std::io::Write;
use std::time::Instant;

use base::Explain;
use linkage::tables::{Mode, Spec, Table, TableOptions, TablesLinked, TextTable, TruthScore, link_tables};

type Failure = Box<dyn Error>;

/// What was asked for.
#[derive(Default)]
struct Asked {
    files: Vec<String>,
    spec: String,
    out: Option<String>,
    truth: Option<String>,
    explain: Option<(String, String)>,
    weights: bool,
    options: TableOptions,
}

fn asked() -> Result<Asked, Failure> {
    let mut asked = Asked::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut next = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--spec" => asked.spec = next()?,
            "--out" => asked.out = Some(next()?),
            "--truth" => asked.truth = Some(next()?),
            "--threshold" => asked.options.threshold_thousandths = Some((next()?.parse::<f64>()? * 1_000.0) as u16),
            "--explain" => asked.explain = Some((next()?, next()?)),
            "--weights" => asked.weights = true,
            _ => asked.files.push(word),
        }
    }
    Ok(asked)
}

fn table(path: &str) -> Result<TextTable, Failure> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_path(path)?;
    let mut out = TextTable { columns: reader.headers()?.iter().map(|h| (h.to_owned(), Vec::new())).collect() };
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        for (at, (_, cells)) in out.columns.iter_mut().enumerate() {
            cells.push(record.get(at).filter(|c| !c.is_empty()).map(str::to_owned));
        }
    }
    Ok(out)
}

/// The cells of a column by name.
fn cells<'a>(table: &'a TextTable, name: &str) -> Result<&'a [Option<String>], Failure> {
    let found = table.columns.iter().find(|(n, _)| n == name);
    Ok(found.map(|(_, cells)| cells.as_slice()).ok_or_else(|| format!("no column {name}"))?)
}

fn rows_by_id(ids: &[Option<String>]) -> HashMap<&str, u32> {
    ids.iter().enumerate().filter_map(|(row, id)| Some((id.as_deref()?, row as u32))).collect()
}

fn text(id: &Option<String>) -> &str {
    id.as_deref().unwrap_or_default()
}

fn main() -> Result<(), Failure> {
    let asked = asked()?;
    let spec: Spec = toml::from_str(&std::fs::read_to_string(&asked.spec)?)?;
    let start = Instant::now();
    let left = table(asked.files.first().ok_or("a CSV file is needed")?)?;
    let right = asked.files.get(1).map(|path| table(path)).transpose()?;
    println!("files read: {:.2} s", start.elapsed().as_secs_f64());
    let mut times = Vec::new();
    let other = right.as_ref().map(|t| t as &dyn Table);
    let linked = link_tables(&spec, &left, other, &[], &asked.options, &mut |phase| times.push((phase, Instant::now())))
        .map_err(|e| format!("{e} [{}] {}", e.place(), e.remedy()))?;
    let ends = times.iter().skip(1).map(|t| t.1).chain([Instant::now()]);
    let seconds: Vec<String> =
        times.iter().zip(ends).map(|((phase, from), to)| format!("{phase:?} {:.2} s", (to - *from).as_secs_f64())).collect();
    println!("{}", seconds.join(", "));
    let left_ids = cells(&left, &spec.left.id)?;
    let right_ids = match (&right, &spec.right) {
        (Some(table), Some(side)) => cells(table, &side.id)?,
        _ => left_ids,
    };
    report(&linked, asked.weights);
    if let Some(path) = &asked.truth {
        println!("{:?}", score(&linked, &table(path)?, spec.mode, left_ids, right_ids)?);
    }
    if let Some((l, r)) = &asked.explain {
        let row = |ids, id: &String| rows_by_id(ids).get(id.as_str()).copied().ok_or_else(|| format!("no row {id}"));
        println!("{:#?}", linked.explain(row(left_ids, l)?, row(right_ids, r)?));
    }
    match &asked.out {
        Some(path) => write(&linked, path, left_ids, right_ids),
        None => Ok(()),
    }
}

fn report(linked: &TablesLinked, weights: bool) {
    let stats = &linked.stats;
    println!(
        "rows {} and {}, pairs scored {} of {}, links {}, clusters {} ({} contradictions), threshold {}, prior {} millibits",
        stats.left_rows,
        stats.right_rows,
        stats.pairs_scored,
        linked.possible_pairs(),
        stats.links,
        stats.clusters,
        stats.contradictions,
        stats.threshold_thousandths,
        stats.prior_millibits
    );
    for pass in &stats.passes {
        let loss = f64::from(pass.estimated_loss_thousandths) / 1_000.0;
        println!(
            "  pass {}: {} pairs, loss {loss:.3}, refined {}, given up {}",
            pass.on, pass.pairs, pass.refined, pass.lost_pairs
        );
    }
    println!("  estimated loss of all passes {:.5}", f64::from(stats.estimated_loss_millionths) / 1e6);
    for w in if weights { linked.weights() } else { Vec::new() } {
        println!(
            "  {:>16} {:<34} m {:>8} u {:>10} weight {:>7}",
            w.field, w.level, w.matched_millionths, w.chance_billionths, w.millibits
        );
    }
}

fn score(
    linked: &TablesLinked,
    truth: &TextTable,
    mode: Mode,
    left_ids: &[Option<String>],
    right_ids: &[Option<String>],
) -> Result<TruthScore, Failure> {
    let (first, second) = (&truth.columns[0].1, &truth.columns[1].1);
    if mode == Mode::Clusters {
        let of: HashMap<&str, &str> = first.iter().zip(second).map(|(id, cluster)| (text(id), text(cluster))).collect();
        let mut numbers = HashMap::new();
        let clusters: Vec<u64> = left_ids
            .iter()
            .map(|id| {
                let next = numbers.len() as u64;
                *numbers.entry(of.get(text(id)).copied().unwrap_or(text(id))).or_insert(next)
            })
            .collect();
        return Ok(linked.score_clusters(&clusters));
    }
    let (lefts, rights) = (rows_by_id(left_ids), rows_by_id(right_ids));
    let pairs: Vec<(u32, u32)> =
        first.iter().zip(second).filter_map(|(l, r)| Some((*lefts.get(text(l))?, *rights.get(text(r))?))).collect();
    Ok(linked.score_pairs(&pairs))
}

fn write(linked: &TablesLinked, path: &str, left_ids: &[Option<String>], right_ids: &[Option<String>]) -> Result<(), Failure> {
    let pairs_path = if linked.clusters.is_empty() { path.to_owned() } else { format!("{path}.pairs") };
    let mut out = std::io::BufWriter::new(std::fs::File::create(pairs_path)?);
    writeln!(out, "left_id,right_id,weight,probability,pass,margin")?;
    for link in &linked.links {
        let margin = link.margin_millibits.map(|m| format!("{:.3}", f64::from(m) / 1e3)).unwrap_or_default();
        writeln!(
            out,
            "{},{},{:.3},{:.3},{},{margin}",
            text(&left_ids[link.left as usize]),
            text(&right_ids[link.right as usize]),
            f64::from(link.weight_millibits) / 1e3,
            f64::from(link.probability_thousandths) / 1e3,
            linked.stats.passes[usize::from(link.pass)].on,
        )?;
    }
    if !linked.clusters.is_empty() {
        let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
        writeln!(out, "id,cluster")?;
        for (id, cluster) in left_ids.iter().zip(&linked.clusters) {
            writeln!(out, "{},{}", text(id), text(&left_ids[*cluster as usize]))?;
        }
    }
    Ok(())
}
