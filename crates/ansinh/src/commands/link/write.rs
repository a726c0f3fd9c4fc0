//! Links, clusters and pairs as CSV or Parquet.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::ParquetFile;
use engine::arrow::array::{ArrayRef, Float64Array, StringArray};
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use engine::arrow::record_batch::RecordBatch;
use linkage::tables::{ScoredPair, Table, TablesLinked};

use super::load::LoadedTable;
use crate::failure::Failure;

/// Rows handed to the Parquet file at once.
const SLICE: usize = 65_536;

/// A table with the column of its ids.
type WithId<'t> = (&'t LoadedTable, usize);

/// Refuses a file that is one of the inputs, or of no known kind, before any work is done.
pub fn check_out(out: &Path, inputs: &[&Path]) -> Result<(), Failure> {
    kind(out)?;
    let same = |input: &&&Path| match (std::fs::canonicalize(out), std::fs::canonicalize(input)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    match inputs.iter().find(same) {
        Some(input) => Err(Failure::usage(format!("--out trùng với tệp đầu vào {}", input.display()))),
        None => Ok(()),
    }
}

/// Writes the outcome beside its name first and renames it when it is whole; gives the files written.
pub fn write(
    out: &Path,
    linked: &TablesLinked,
    left: WithId<'_>,
    right: Option<WithId<'_>>,
    all_pairs: bool,
) -> Result<Vec<String>, Failure> {
    let kind = kind(out)?;
    let pairs = if all_pairs { &linked.pairs } else { &linked.links };
    let mut written = Vec::new();
    let mut pairs_out = out.to_owned();
    if right.is_none() {
        whole(out, &mut |part| clusters(part, kind, linked, left))?;
        written.push(out.display().to_string());
        pairs_out = PathBuf::from(format!("{}.pairs", out.display()));
    }
    whole(&pairs_out, &mut |part| write_pairs(part, kind, linked, pairs, left, right.unwrap_or(left)))?;
    written.push(pairs_out.display().to_string());
    Ok(written)
}

#[derive(Clone, Copy)]
enum Kind {
    Csv,
    Parquet,
}

fn kind(out: &Path) -> Result<Kind, Failure> {
    match out.extension().map(|e| e.to_string_lossy().to_lowercase()).as_deref() {
        Some("csv") => Ok(Kind::Csv),
        Some("parquet") => Ok(Kind::Parquet),
        _ => Err(Failure::usage("--out phải có đuôi .csv hoặc .parquet")),
    }
}

fn whole(out: &Path, write: &mut dyn FnMut(&Path) -> Result<(), Failure>) -> Result<(), Failure> {
    let mut part = out.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    // Left over from a run that was broken off.
    let _ = std::fs::remove_file(&part);
    write(&part).inspect_err(|_| {
        let _ = std::fs::remove_file(&part);
    })?;
    std::fs::rename(&part, out).map_err(|e| not_written(out, &e))
}

fn not_written(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    let remedy = "Kiểm tra thư mục, quyền ghi và dung lượng đĩa rồi chạy lại.";
    Failure { remedy: remedy.into(), ..Failure::input("not_written", format!("{}: {error}", path.display())) }
}

fn id<'t>((table, column): WithId<'t>, row: u32) -> &'t str {
    table.table.cell(column, row as usize).unwrap_or_default()
}

fn clusters(path: &Path, kind: Kind, linked: &TablesLinked, left: WithId<'_>) -> Result<(), Failure> {
    let rows = linked.clusters.len();
    match kind {
        Kind::Csv => csv(path, &["id", "cluster"], &mut |out| {
            (0..rows).try_for_each(|row| out(&[id(left, row as u32), id(left, linked.clusters[row])]))
        }),
        Kind::Parquet => parquet(path, vec![text_field("id"), text_field("cluster")], rows, &|from, to| {
            let texts = |of: &dyn Fn(usize) -> u32| -> ArrayRef {
                Arc::new(StringArray::from_iter_values((from..to).map(|row| id(left, of(row)))))
            };
            vec![texts(&|row| row as u32), texts(&|row| linked.clusters[row])]
        }),
    }
}

fn write_pairs(
    path: &Path,
    kind: Kind,
    linked: &TablesLinked,
    pairs: &[ScoredPair],
    left: WithId<'_>,
    right: WithId<'_>,
) -> Result<(), Failure> {
    let pass = |pair: &ScoredPair| linked.stats.passes.get(usize::from(pair.pass)).map_or("", |pass| pass.on.as_str());
    let bits = |millibits: i32| f64::from(millibits) / 1_000.0;
    match kind {
        Kind::Csv => csv(path, &["left_id", "right_id", "weight", "probability", "pass", "margin"], &mut |out| {
            pairs.iter().try_for_each(|pair| {
                let weight = format!("{:.3}", bits(pair.weight_millibits));
                let probability = format!("{:.3}", f64::from(pair.probability_thousandths) / 1_000.0);
                let margin = pair.margin_millibits.map(|m| format!("{:.3}", bits(m))).unwrap_or_default();
                out(&[id(left, pair.left), id(right, pair.right), &weight, &probability, pass(pair), &margin])
            })
        }),
        Kind::Parquet => {
            let number_field = |name: &str, nullable| Field::new(name, DataType::Float64, nullable);
            let fields = vec![
                text_field("left_id"),
                text_field("right_id"),
                number_field("weight", false),
                number_field("probability", false),
                text_field("pass"),
                number_field("margin", true),
            ];
            parquet(path, fields, pairs.len(), &|from, to| {
                let pairs = &pairs[from..to];
                let text = |of: &dyn Fn(&ScoredPair) -> String| -> ArrayRef {
                    Arc::new(StringArray::from_iter_values(pairs.iter().map(of)))
                };
                let number = |of: &dyn Fn(&ScoredPair) -> Option<f64>| -> ArrayRef {
                    Arc::new(pairs.iter().map(of).collect::<Float64Array>())
                };
                vec![
                    text(&|p| id(left, p.left).to_owned()),
                    text(&|p| id(right, p.right).to_owned()),
                    number(&|p| Some(bits(p.weight_millibits))),
                    number(&|p| Some(f64::from(p.probability_thousandths) / 1_000.0)),
                    text(&|p| pass(p).to_owned()),
                    number(&|p| p.margin_millibits.map(bits)),
                ]
            })
        }
    }
}

fn text_field(name: &str) -> Field {
    Field::new(name, DataType::Utf8, false)
}

/// Takes the cells of a line.
type Line<'l> = dyn FnMut(&[&str]) -> std::io::Result<()> + 'l;

fn csv(path: &Path, head: &[&str], rows: &mut dyn FnMut(&mut Line<'_>) -> std::io::Result<()>) -> Result<(), Failure> {
    let failed = |e: std::io::Error| not_written(path, &e);
    let mut out = BufWriter::with_capacity(1 << 18, File::options().write(true).create_new(true).open(path).map_err(failed)?);
    let mut line = |cells: &[&str]| -> std::io::Result<()> {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                out.write_all(b",")?;
            }
            if cell.contains([',', '"', '\n', '\r']) || cell.starts_with(' ') {
                write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
            } else {
                out.write_all(cell.as_bytes())?;
            }
        }
        out.write_all(b"\n")
    };
    line(head).and_then(|()| rows(&mut line)).map_err(failed)?;
    out.flush().and_then(|()| out.get_ref().sync_all()).map_err(failed)
}

/// A Parquet file whose columns are made slice by slice.
fn parquet(path: &Path, fields: Vec<Field>, rows: usize, columns: &dyn Fn(usize, usize) -> Vec<ArrayRef>) -> Result<(), Failure> {
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let mut file = ParquetFile::create(path, schema.clone()).map_err(|e| not_written(path, &e))?;
    let mut from = 0;
    while from < rows {
        let to = (from + SLICE).min(rows);
        let batch = RecordBatch::try_new(schema.clone(), columns(from, to)).map_err(|e| Failure::internal(e.to_string()))?;
        file.write(&batch).map_err(|e| not_written(path, &e))?;
        from = to;
    }
    file.close().map_err(|e| not_written(path, &e))?;
    Ok(())
}
