//! The tables of the register.

use std::collections::BTreeSet;

use base::{Date, Month, PersonId, Sex};
use chapter::{ChapterError, StepContext, StepTable, TableBuilder};
use engine::arrow::array::{Array, StringArray};
use engine::rows;
use linkage::{FieldName, Pattern};

use super::NAME;
use super::linking::{Found, LinkedRoster, Spine};
use super::people::Register;
use super::roster::{Roster, cell};
use crate::tables::failed;

/// Makes all tables of the step, each in the order of its contract.
pub(crate) fn tables(
    context: &StepContext,
    spine: &Spine,
    linked: &[LinkedRoster],
    register: &Register,
    numbers: &[PersonId],
) -> Result<Vec<StepTable>, ChapterError> {
    let mut out = vec![person(context, spine, linked, register, numbers)?, link_rows(context, spine, linked, register, numbers)?];
    out.push(patterns(context, linked)?);
    for (at, one) in linked.iter().enumerate() {
        let people = &register.person_of_group[at];
        let of_row: Vec<i64> = one.group_of_row.iter().map(|g| numbers[people[*g as usize]].0).collect();
        out.push(match one.roster.name {
            "bhyt_card" => cards(context, &one.roster, &of_row)?,
            "bhxh_participation" => months(context, &one.roster, &of_row)?,
            "pupils" => pupils(context, &one.roster, &of_row)?,
            _ => wages(context, &one.roster, &of_row)?,
        });
    }
    Ok(out)
}

fn table(context: &StepContext, name: &'static str, rows: TableBuilder) -> Result<StepTable, ChapterError> {
    Ok(StepTable { name, schema: context.schema(name)?, batches: rows.finish()? })
}

/// Rows of a roster in the order of their people, then as they stand in the files.
fn by_person(of_row: &[i64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..of_row.len()).collect();
    order.sort_by_key(|row| of_row[*row]);
    order
}

fn person(
    context: &StepContext,
    spine: &Spine,
    linked: &[LinkedRoster],
    register: &Register,
    numbers: &[PersonId],
) -> Result<StepTable, ChapterError> {
    let mut insurance: Vec<Option<&str>> = vec![None; register.people.len()];
    for (at, one) in linked.iter().enumerate() {
        for (group, row) in one.row_of_group.iter().enumerate() {
            let known = &mut insurance[register.person_of_group[at][group]];
            *known = known.or_else(|| cell(one.roster.insurance_number.as_ref(), *row as usize));
        }
    }
    let household = spine.roster.as_ref().map(|r| r.text("household_number")).transpose()?;
    let relation = spine.roster.as_ref().map(|r| r.text("relation")).transpose()?;
    let residence = spine.roster.as_ref().map(|r| r.text("residence")).transpose()?;
    let mut order: Vec<usize> = (0..register.people.len()).collect();
    order.sort_by_key(|at| numbers[*at]);
    let mut out = TableBuilder::new(context.schema("person")?)?;
    for at in order {
        let one = &register.people[at];
        let on_spine = one.roster.is_none();
        let Some(roster) = one.roster.map_or(spine.roster.as_ref(), |l| linked.get(l).map(|r| &r.roster)) else { continue };
        let row = one.row;
        let born = roster.birth_date.as_ref().filter(|b| b.is_valid(row)).map(|b| b.value(row));
        let own = |column: &Option<StringArray>| on_spine.then(|| cell(column.as_ref(), row).map(str::to_owned)).flatten();
        out.int(Some(numbers[at].0)).text(Some(roster.full_name.value(row))).date(born);
        out.text(roster.precision(row).filter(|_| born.is_some()));
        out.text(roster.sex(row).map(|s| if s == Sex::Male { "male" } else { "female" }));
        out.text(cell(roster.commune.as_ref(), row)).text(own(&household).as_deref());
        out.flag(Some(own(&relation).is_some_and(|r| base::names::fold(&r) == "chu ho")));
        out.text(own(&residence).as_deref().map(residence_word)).text(cell(roster.personal_id.as_ref(), row));
        // The population roster holds people alive at the end of its period; of others nothing is known
        // to the contrary until a roster of deaths arrives.
        out.text(insurance[at]).text(Some(&one.key)).flag(Some(true)).flag(Some(on_spine));
    }
    table(context, "person", out)
}

fn residence_word(written: &str) -> &'static str {
    if base::names::fold(written).contains("tam") { "temporary" } else { "permanent" }
}

fn cards(context: &StepContext, roster: &Roster, of_row: &[i64]) -> Result<StepTable, ChapterError> {
    let (number, code) = (roster.text("card_number")?, roster.text("object_code")?);
    let (from, to) = (rows::date(&roster.table, "valid_from")?, rows::date(&roster.table, "valid_to")?);
    let mut out = TableBuilder::new(context.schema("bhyt_card")?)?;
    for row in by_person(of_row) {
        out.int(Some(of_row[row])).text(cell(Some(&number), row)).text(cell(Some(&code), row));
        out.date(from.is_valid(row).then(|| from.value(row))).date(to.is_valid(row).then(|| to.value(row)));
        out.text(Some(roster.file_of(row))).int(Some(roster.source_row.value(row)));
    }
    table(context, "bhyt_card", out)
}

/// Spells of participation, one row a month from January of the year before to the period.
fn months(context: &StepContext, roster: &Roster, of_row: &[i64]) -> Result<StepTable, ChapterError> {
    let period = context.inputs.period;
    let first = Month::new(period.year() - 1, 1).unwrap_or(period);
    let (code, name) = (roster.text("employer_tax_code")?, roster.text("employer_name")?);
    let (from, to) = (rows::date(&roster.table, "from_month")?, rows::date(&roster.table, "to_month")?);
    let month = |days: i32| Date::from_days_since_epoch(days).map(Date::month);
    let mut out = TableBuilder::new(context.schema("bhxh_month")?)?;
    let mut seen: BTreeSet<(Option<&str>, Month)> = BTreeSet::new();
    let mut person = None;
    for row in by_person(of_row) {
        if person != Some(of_row[row]) {
            person = Some(of_row[row]);
            seen.clear();
        }
        let begin = from.is_valid(row).then(|| from.value(row)).and_then(month).unwrap_or(first).max(first);
        let end = to.is_valid(row).then(|| to.value(row)).and_then(month).unwrap_or(period).min(period);
        let employer = cell(Some(&code), row);
        let mut at = begin;
        while at <= end {
            if seen.insert((employer, at)) {
                out.int(Some(of_row[row])).text(employer).text(cell(Some(&name), row));
                out.date(Some(at.first_day().days_since_epoch()));
                out.text(Some(roster.file_of(row))).int(Some(roster.source_row.value(row)));
            }
            at = at.next();
        }
    }
    table(context, "bhxh_month", out)
}

fn pupils(context: &StepContext, roster: &Roster, of_row: &[i64]) -> Result<StepTable, ChapterError> {
    let (code, name) = (roster.text("school_code")?, roster.text("school_name")?);
    let (class, year) = (roster.text("class")?, roster.text("school_year")?);
    let mut out = TableBuilder::new(context.schema("pupil")?)?;
    for row in by_person(of_row) {
        out.int(Some(of_row[row])).text(cell(Some(&code), row)).text(cell(Some(&name), row));
        out.text(cell(Some(&class), row)).text(Some(cell(Some(&year), row).unwrap_or_default())).text(None);
        out.text(Some(roster.file_of(row))).int(Some(roster.source_row.value(row)));
    }
    table(context, "pupil", out)
}

fn wages(context: &StepContext, roster: &Roster, of_row: &[i64]) -> Result<StepTable, ChapterError> {
    let (code, name) = (roster.text("payer_tax_code")?, roster.text("payer_name")?);
    let int = |column: &str| rows::int(&roster.table, column);
    let (year, income, deducted) = (int("settlement_year")?, int("total_income")?, int("insurance_deducted")?);
    let mut out = TableBuilder::new(context.schema("tax_wage")?)?;
    for row in by_person(of_row) {
        out.int(Some(of_row[row])).text(cell(Some(&code), row)).text(cell(Some(&name), row));
        out.int(Some(rows::int_at(&year, row).unwrap_or(0))).int(rows::int_at(&income, row)).int(rows::int_at(&deducted, row));
        out.text(Some(roster.file_of(row))).int(Some(roster.source_row.value(row)));
    }
    table(context, "tax_wage", out)
}

fn link_rows(
    context: &StepContext,
    spine: &Spine,
    linked: &[LinkedRoster],
    register: &Register,
    numbers: &[PersonId],
) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("link")?)?;
    let mut parts: Vec<(&str, Option<usize>)> = linked.iter().enumerate().map(|(at, l)| (l.roster.name, Some(at))).collect();
    if spine.roster.is_some() {
        parts.push(("population", None));
    }
    parts.sort_unstable();
    for (name, at) in parts {
        let one = at.and_then(|at| linked.get(at));
        let Some(roster) = one.map_or(spine.roster.as_ref(), |l| Some(&l.roster)) else { continue };
        for row in 0..roster.len() {
            let (person, found) = match (one, at) {
                (Some(one), Some(at)) => {
                    let group = one.group_of_row[row] as usize;
                    (register.person_of_group[at][group], one.link_of_group[group])
                }
                _ => (spine.person_of_row[row] as usize, None),
            };
            out.text(Some(name)).text(Some(roster.file_of(row))).int(Some(roster.source_row.value(row)));
            out.int(Some(numbers[person].0));
            found_cells(&mut out, spine, found);
        }
    }
    table(context, "link", out)
}

fn found_cells(out: &mut TableBuilder, spine: &Spine, found: Option<Found>) {
    let Some(Found { link, frequency_millibits }) = found else {
        out.int(None).int(None).int(None).int(None).int(None).int(None).int(None).int(None).flag(Some(false));
        return;
    };
    let spine_row = |person: u32| {
        let row = *spine.row_of_person.get(person as usize)? as usize;
        spine.roster.as_ref().map(|r| r.source_row.value(row))
    };
    out.int(spine_row(link.left)).int(Some(i64::from(link.pass))).int(Some(i64::from(link.pattern.0)));
    out.int(Some(i64::from(frequency_millibits))).int(Some(i64::from(link.weight_millibits)));
    out.int(Some(i64::from(link.probability_thousandths)));
    out.int(link.runner_up.and_then(|(left, _)| spine_row(left))).int(link.runner_up.map(|(_, w)| i64::from(w)));
    out.flag(Some(link.decided));
}

fn patterns(context: &StepContext, linked: &[LinkedRoster]) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("link_pattern")?)?;
    let mut rosters: Vec<&LinkedRoster> = linked.iter().collect();
    rosters.sort_by_key(|l| l.roster.name);
    for one in rosters {
        let weights = one.model.level_weights();
        let used: BTreeSet<Pattern> = one.link_of_group.iter().flatten().map(|f| f.link.pattern).collect();
        for pattern in used {
            let mut parts = Vec::new();
            for field in FieldName::COMPARED {
                let level = pattern.level(field);
                parts.extend(
                    weights
                        .iter()
                        .filter(|w| w.field == field && Some(w.level) == level)
                        .map(|w| serde_json::json!({ "field": w.field, "level": w.level, "millibits": w.millibits })),
                );
            }
            let parts = serde_json::to_string(&parts).map_err(|e| failed(NAME, "link_pattern", &e))?;
            out.text(Some(one.roster.name)).int(Some(i64::from(pattern.0)));
            out.int(Some(i64::from(one.model.prior_millibits()))).text(Some(&parts));
        }
    }
    table(context, "link_pattern", out)
}
