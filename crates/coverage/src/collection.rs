//! Monthly step: what collection organisations (tổ chức hỗ trợ phát triển đối tượng) and collectors (nhân viên thu) brought in: new, renewed,
//! returned people, and how many of them the list had named the month before (plan III.2c).

use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use engine::rows;

/// Counts what was collected.
pub struct CollectionStep;

const NAME: &str = "coverage.collection";

/// The worklist of the period before, as the query calls it.
const BEFORE: &str = "worklist_before";

/// Each person a collector brought in. A household renews in time for the benefits that depend on unbroken years when no more than three
/// months lie between two cards; here that only tells a renewal from a return. `IS NOT DISTINCT FROM` stands in brackets, because the
/// parser takes a following AND into its right side.
const PEOPLE: &str = "
    WITH paid AS (
        SELECT unit_code, collector_code, person_id, min(valid_from) AS starts FROM bhyt_collection GROUP BY 1, 2, 3
    ), cards AS (
        SELECT p.unit_code, p.collector_code, p.person_id,
            bool_or(c.valid_from IS NULL OR c.valid_from < p.starts) AS had,
            bool_or((c.valid_from IS NULL OR c.valid_from < p.starts)
                    AND (c.valid_to IS NULL OR c.valid_to >= p.starts - INTERVAL '92 days')) AS lately,
            bool_or(c.valid_from >= p.starts AND c.valid_from <= p.starts + INTERVAL '31 days') AS issued
        FROM paid p JOIN bhyt_card c ON c.person_id = p.person_id GROUP BY 1, 2, 3
    )
    SELECT p.unit_code, p.collector_code, p.person_id, coalesce(c.had, false) AS had, coalesce(c.lately, false) AS lately,
        coalesce(c.issued, false) AS issued, b.person_id IS NOT NULL AS listed
    FROM paid p
    LEFT JOIN cards c ON c.person_id = p.person_id AND (c.unit_code IS NOT DISTINCT FROM p.unit_code)
        AND (c.collector_code IS NOT DISTINCT FROM p.collector_code)
    LEFT JOIN (SELECT DISTINCT person_id FROM worklist_before WHERE without_card) b ON b.person_id = p.person_id";

impl Step for CollectionStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &["bhyt_collection", "bhyt_card", "previous.worklist"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["collection_result"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let schema = context.schema("collection_result")?;
        let mut out = TableBuilder::new(schema.clone())?;
        if context.table("bhyt_collection").is_some() {
            count(context, &mut out)?;
        }
        Ok(vec![StepTable::new("collection_result", schema, out.finish()?)])
    }
}

fn count(context: &StepContext, out: &mut TableBuilder) -> Result<(), ChapterError> {
    let session = context.session(&["bhyt_collection", "bhyt_card"])?;
    let before = context.inputs.previous.and_then(|run| run.tables().get("worklist").cloned());
    if let Some(table) = &before {
        context.wait(session.register_parquet(BEFORE, context.book.table_file(table)?))?;
    }
    let cards = context.table("bhyt_card").is_some();
    let mut people = PEOPLE.to_owned();
    if before.is_none() {
        people = people.replace(
            "(SELECT DISTINCT person_id FROM worklist_before WHERE without_card)",
            "(SELECT person_id FROM paid WHERE false)",
        );
    }
    if !cards {
        people = people.replace(
            "JOIN bhyt_card c ON",
            "JOIN (SELECT person_id, valid_from, valid_from AS valid_to FROM bhyt_collection WHERE false) c ON",
        );
    }
    let sql = format!(
        "SELECT unit_code, collector_code, count(*) AS people, count(*) FILTER (WHERE NOT had) AS first_time, \
         count(*) FILTER (WHERE had AND lately) AS renewed, count(*) FILTER (WHERE had AND NOT lately) AS returned, \
         count(*) FILTER (WHERE listed) AS from_list, count(*) FILTER (WHERE issued) AS confirmed \
         FROM ({people}) GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2 NULLS FIRST"
    );
    for batch in context.wait(session.collect(&sql))? {
        let (units, collectors) = (rows::text(&batch, "unit_code")?, rows::text(&batch, "collector_code")?);
        let number = |name: &str| rows::int(&batch, name);
        let of_cards = [number("first_time")?, number("renewed")?, number("returned")?];
        let (all, listed, issued) = (number("people")?, number("from_list")?, number("confirmed")?);
        for row in 0..batch.num_rows() {
            out.text(rows::text_at(&units, row)).text(rows::text_at(&collectors, row)).int(Some(all.value(row)));
            for column in &of_cards {
                out.int(cards.then(|| column.value(row)));
            }
            out.int(before.is_some().then(|| listed.value(row))).int(cards.then(|| issued.value(row)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Desk, Tables};

    /// An: never had a card. Bình: renews. Chi: returns after two years. Dũng: paid twice through one collector, once through another.
    const GIVEN: Tables = &[
        (
            "bhyt_collection",
            "person_id, unit_code, collector_code, valid_from
            1, BD01, NV1, 2026-11-01
            2, BD01, NV1, 2026-11-01
            3, BD01, NV2, 2026-11-01
            4, BD01, NV2, 2026-11-01
            4, BD01, NV2, 2027-02-01
            4, , , 2026-11-01",
        ),
        (
            "bhyt_card",
            "person_id, object_code, valid_from, valid_to
            1, GD, 2026-11-01, 2027-10-31
            2, GD, 2025-11-01, 2026-10-31
            2, GD, 2026-11-05, 2027-10-31
            3, GD, 2023-01-01, 2024-12-31
            4, GD, 2025-09-01, 2026-08-31",
        ),
    ];

    fn lines(desk: &Desk) -> Vec<String> {
        desk.lines(
            "SELECT unit_code, collector_code, people, first_time, renewed, returned, from_list, confirmed FROM collection_result \
             ORDER BY unit_code NULLS FIRST, collector_code NULLS FIRST",
        )
    }

    #[test]
    fn new_renewed_and_returned_people_are_told_apart_and_add_up() {
        let mut desk = Desk::new();
        let list = "reason, rank, person_id, full_name, without_card\n a, 1, 1, Lê An, true\n a, 2, 3, Lê Chi, true\n b, 3, 2, Lê Bình, false";
        desk.run("2026-09", &[("worklist", list)], Vec::new());
        desk.run("2026-10", GIVEN, vec![Box::new(CollectionStep)]);
        assert_eq!(
            lines(&desk),
            ["- | - | 1 | 0 | 1 | 0 | 0 | 0", "BD01 | NV1 | 2 | 1 | 1 | 0 | 1 | 2", "BD01 | NV2 | 2 | 0 | 1 | 1 | 1 | 0"]
        );
    }

    #[test]
    fn what_did_not_arrive_is_not_counted_as_zero() {
        let mut desk = Desk::new();
        desk.run("2026-10", &GIVEN[..1], vec![Box::new(CollectionStep)]);
        assert_eq!(lines(&desk)[1], "BD01 | NV1 | 2 | - | - | - | - | -");
        let mut desk = Desk::new();
        desk.run("2026-10", &GIVEN[1..], vec![Box::new(CollectionStep)]);
        assert_eq!(lines(&desk), [""; 0]);
    }
}
