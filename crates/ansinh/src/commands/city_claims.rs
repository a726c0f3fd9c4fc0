//! How right findings about claims are: the run's findings under the names that the city gave its visits.

use std::path::Path;

use book::{Book, Packet, RunManifest};
use city::{ClaimsScore, PredictedClaim};
use engine::rows;

use crate::failure::Failure;

/// The score of a run's findings about claims; none when the run has none or the city planted nothing in that month.
pub fn score(book: &Book, run: &RunManifest, truth: &Path) -> Result<Option<ClaimsScore>, Failure> {
    let tables = run.tables();
    let Some(findings) = tables.get("claim_finding") else { return Ok(None) };
    if !truth.join(format!("claims_{}.csv", run.period)).exists() {
        return Ok(None);
    }
    let packets: Vec<Packet> = book.packets()?.into_iter().filter(|packet| run.packets.contains(&packet.name())).collect();
    let links = claims::visit_links(book, &packets, run.period)?;
    let mut found = Vec::new();
    for batch in book.read_table(findings, Some(&["visit_id", "rule", "line_table", "line_no"]))? {
        let (visits, rules) = (rows::int(&batch, "visit_id")?, rows::text(&batch, "rule")?);
        let (tables, lines) = (rows::text(&batch, "line_table")?, rows::int(&batch, "line_no")?);
        for row in 0..batch.num_rows() {
            let unknown = || Failure::internal("a finding about a visit that no packet of the run holds");
            let (facility, ma_lk) = links.get(&visits.value(row)).cloned().ok_or_else(unknown)?;
            found.push(PredictedClaim {
                facility,
                ma_lk,
                table: rows::text_at(&tables, row).map(str::to_owned),
                line: rows::int_at(&lines, row).and_then(|line| u64::try_from(line).ok()),
                rule: rules.value(row).to_owned(),
            });
        }
    }
    Ok(Some(city::claims_score(&city::claims_truth(truth, run.period)?, &found)))
}
