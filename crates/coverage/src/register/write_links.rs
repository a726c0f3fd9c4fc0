//! The tables of links: whose each row is and why, what a person should look at, and how each roster fared.

use std::collections::{BTreeMap, BTreeSet};

use chapter::{ChapterError, StepContext, StepTable, TableBuilder};
use linkage::{FieldName, Pattern, ReviewReason};

use super::NAME;
use super::decisions::row_key;
use super::evidence::Numbered;
use super::grow::{Found, NONE, Register, TakenRoster, Weights};
use super::identity::Identity;
use super::sources::{Proves, SOURCES};
use super::values::Values;
use super::write_rosters::by_person;
use crate::tables::failed;

/// One row a row of a roster, a roster's rows in the order of their people: the page of a person passes over all other parts of the file.
pub(crate) fn links(context: &StepContext, register: &Register, numbered: &Numbered) -> Result<StepTable, ChapterError> {
    let mut table = context.writer("link")?;
    for taken in by_name(register) {
        for row in by_person(taken, numbered).values() {
            let row = *row as usize;
            let out = table.row()?;
            out.text(Some(taken.files.name)).text(Some(taken.files.file_of(row))).int(Some(i64::from(taken.source_row[row])));
            out.int(Some(numbered.numbers[taken.place(row)].0));
            found_cells(out, register, taken.found(row));
        }
    }
    table.finish()
}

fn by_name(register: &Register) -> Vec<&TakenRoster> {
    let mut rosters: Vec<&TakenRoster> = register.rosters.iter().collect();
    rosters.sort_unstable_by_key(|taken| taken.files.name);
    rosters
}

/// With whom a row was compared, and what that weighs.
fn found_cells(out: &mut TableBuilder, register: &Register, found: Option<&Found>) {
    let Some(Found { link, frequency, among, .. }) = found else {
        out.text(None).text(None).text(None).int(None).int(None).int(None).int(None).int(None).int(None);
        out.text(None).text(None).int(None).int(None).flag(Some(false));
        return;
    };
    out.text(Some(among.word()));
    row_cells(out, register, Some(link.left));
    out.int(Some(i64::from(link.pass))).int(Some(i64::from(link.pattern.0))).int(Some(i64::from(*frequency)));
    out.int(Some(i64::from(link.weight_millibits))).int(Some(i64::from(link.probability_thousandths)));
    row_cells(out, register, link.runner_up.map(|(place, _)| place));
    out.int(link.runner_up.map(|(_, weight)| i64::from(weight))).flag(Some(link.decided));
}

/// Roster, file and row that brought a person.
fn row_cells(out: &mut TableBuilder, register: &Register, place: Option<u32>) {
    let first = place.and_then(|place| register.first.get(place as usize));
    let Some((roster, row)) = first else {
        out.text(None).text(None).int(None);
        return;
    };
    let taken = &register.rosters[usize::from(*roster)];
    let row = *row as usize;
    out.text(Some(taken.files.name)).text(Some(taken.files.file_of(row))).int(Some(i64::from(taken.source_row[row])));
}

/// The weights of every pattern that a link or a pair for review has.
pub(crate) fn patterns(context: &StepContext, register: &Register) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("link_pattern")?)?;
    for taken in by_name(register) {
        let mut models: Vec<_> = taken.weights.iter().collect();
        models.sort_by_key(|weights| weights.among.word());
        for Weights { among, model, .. } in models {
            let weights = model.level_weights();
            let used = taken.found.iter().chain(&taken.review).filter(|found| found.among == *among);
            let used: BTreeSet<Pattern> = used.map(|found| found.link.pattern).collect();
            for pattern in used {
                let mut parts = Vec::new();
                for field in FieldName::COMPARED {
                    let level = pattern.level(field);
                    let of_level = weights.iter().filter(|w| w.field == field && Some(w.level) == level);
                    parts.extend(
                        of_level.map(|w| serde_json::json!({ "field": w.field, "level": w.level, "millibits": w.millibits })),
                    );
                }
                let parts = serde_json::to_string(&parts).map_err(|e| failed(NAME, "link_pattern", &e))?;
                out.text(Some(taken.files.name)).text(Some(among.word())).int(Some(i64::from(pattern.0)));
                out.int(Some(i64::from(model.prior_millibits()))).text(Some(&parts));
            }
        }
    }
    Ok(StepTable::new("link_pattern", context.schema("link_pattern")?, out.finish()?))
}

/// Why a link is looked at again of which a case said that it is not of one person.
const SAID_OF_CASE: &str = "said_of_case";

/// Pairs that a person should look at. `not_one` are people of whom a case says that rows of others were taken for theirs: all links of
/// theirs are laid before somebody, since the case does not know which one is wrong.
pub(crate) fn review(
    context: &StepContext,
    register: &Register,
    values: &Values,
    numbered: &Numbered,
    not_one: &BTreeSet<i64>,
) -> Result<StepTable, ChapterError> {
    let mut pairs: Vec<(usize, usize, &Found)> = Vec::new();
    let mut said: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut wanted: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); register.rosters.len()];
    for (at, taken) in register.rosters.iter().enumerate() {
        let mut first_row = vec![NONE; taken.groups()];
        for (row, group) in taken.group_of_row.iter().enumerate().rev() {
            first_row[*group as usize] = row as u32;
        }
        for found in &taken.review {
            let row = first_row[found.link.right as usize] as usize;
            let (spine, spine_row) = register.first[found.link.left as usize];
            wanted[at].insert(row);
            wanted[usize::from(spine)].insert(spine_row as usize);
            pairs.push((at, row, found));
        }
        if not_one.is_empty() {
            continue;
        }
        for row in first_row.iter().map(|row| *row as usize) {
            let of_case = not_one.contains(&numbered.numbers[taken.place(row)].0);
            let Some(found) = taken.found(row).filter(|found| of_case && !found.link.decided) else { continue };
            let (spine, spine_row) = register.first[found.link.left as usize];
            wanted[at].insert(row);
            wanted[usize::from(spine)].insert(spine_row as usize);
            said.insert((at, row));
            pairs.push((at, row, found));
        }
    }
    // A pair that is asked about anyway is asked once, for what the case says.
    let mut asked = BTreeSet::new();
    pairs.reverse();
    pairs.retain(|(at, row, found)| !said.contains(&(*at, *row)) || asked.insert((*at, *row, found.link.left)));
    pairs.reverse();
    let keys = keys_of_rows(context, register, &wanted)?;
    // Pairs not linked come first, since a lost link makes somebody look uncovered; linkage has ranked each roster's by
    // closeness and consequence, and the sort keeps that.
    let of_case = |at: usize, row: usize| said.contains(&(at, row));
    let linked = |found: &Found| found.why.is_none_or(ReviewReason::is_linked);
    pairs.sort_by_key(|(at, row, found)| {
        (!of_case(*at, *row), linked(found), std::cmp::Reverse(found.link.probability_thousandths))
    });
    let mut out = TableBuilder::new(context.schema("link_review")?)?;
    for (rank, (at, row, found)) in pairs.into_iter().enumerate() {
        let taken = &register.rosters[at];
        let (spine, spine_row) = register.first[found.link.left as usize];
        let key = |at: usize, row: usize| keys[at].get(&row).map(String::as_str).or(Some(""));
        out.int(Some(rank as i64 + 1)).text(Some(taken.files.name)).text(Some(taken.files.file_of(row)));
        out.int(Some(i64::from(taken.source_row[row]))).int(Some(numbered.numbers[taken.place(row)].0));
        out.text(key(at, row)).text(key(usize::from(spine), spine_row as usize));
        out.int(Some(numbered.numbers[found.link.left as usize].0));
        for place in [taken.place(row), found.link.left as usize] {
            let one = values.of(place);
            out.text(Some(one.name.0)).date(one.birth.map(|(days, ..)| days));
            out.text(one.commune.map(|(code, _)| format!("{code:05}")).as_deref());
        }
        let why = serde_json::to_value(found.why).map_err(|e| failed(NAME, "link_review", &e))?;
        let why = if of_case(at, row) { SAID_OF_CASE } else { why.as_str().unwrap_or_default() };
        out.text(Some(why)).flag(Some(linked(found)));
        found_cells(&mut out, register, Some(found));
    }
    Ok(StepTable::new("link_review", context.schema("link_review")?, out.finish()?))
}

/// The keys by which decisions name rows, of the wanted rows of each roster.
fn keys_of_rows(
    context: &StepContext,
    register: &Register,
    wanted: &[BTreeSet<usize>],
) -> Result<Vec<BTreeMap<usize, String>>, ChapterError> {
    let mut keys = vec![BTreeMap::new(); wanted.len()];
    for ((taken, wanted), keys) in register.rosters.iter().zip(wanted).zip(&mut keys) {
        if wanted.is_empty() {
            continue;
        }
        taken.files.each(context.book, &Identity::COLUMNS, &mut |first, batch| {
            let identity = Identity::of(batch)?;
            for row in wanted.range(first..first + identity.len()) {
                keys.insert(*row, row_key(taken.files.name, identity.written(row - first)));
            }
            Ok(())
        })?;
    }
    Ok(keys)
}

/// One row a roster: how many rows and people it has, and how many were known before.
pub(crate) fn rosters(context: &StepContext, register: &Register, numbered: &Numbered) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("register_roster")?)?;
    for taken in by_name(register) {
        let known = taken.found_of_group.iter().filter(|found| **found != NONE).count();
        let proves = match SOURCES[taken.source].proves {
            Proves::Population => "population",
            Proves::Residence => "residence",
            Proves::Work => "work",
            Proves::Death => "death",
        };
        out.text(Some(taken.files.name)).int(Some(taken.source as i64 + 1)).text(Some(proves));
        out.int(Some(taken.files.rows() as i64)).int(Some(taken.groups() as i64)).int(Some(known as i64));
        out.int(Some((taken.groups() - known) as i64)).int(Some(taken.review.len() as i64));
        out.int(Some(i64::try_from(taken.lost).unwrap_or(i64::MAX)));
        let anew = taken.anew.iter().filter(|anew| **anew).count();
        out.int(Some((taken.groups() - anew) as i64)).int(Some(anew as i64));
        out.int(Some(taken.otherwise(numbered).count() as i64));
    }
    Ok(StepTable::new("register_roster", context.schema("register_roster")?, out.finish()?))
}
