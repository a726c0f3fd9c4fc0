//! Monthly step: the classes of the current school year and how many pupils have no valid card (thẻ BHYT của học sinh theo lớp).
//!
//! A school sees who has no valid card, never why; so nothing but counts is here.

use std::collections::{BTreeMap, BTreeSet};

use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use engine::rows;

use crate::per_person::{Cursor, valid_cards};
use crate::tables::failed;
use crate::worklist::UNEXPLAINED;

/// Writes the classes.
pub struct SchoolClassStep;

const NAME: &str = "coverage.school_classes";

impl Step for SchoolClassStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &["person", "pupil", "bhyt_card", "insured_elsewhere", "worklist"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["school_class"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        // Without a roster of cards everybody would stand there without one.
        if ["pupil", "bhyt_card", "person"].iter().any(|table| context.table(table).is_none()) {
            return Ok(Vec::new());
        }
        let year = school_year(context)?;
        let mut classes = Classes::default();
        count(context, &year, &mut classes)?;
        let mut out = TableBuilder::new(context.schema("school_class")?)?;
        for ((code, name, class), one) in &classes.0 {
            out.text(Some(code)).text(Some(name)).text(one.commune.as_deref()).text(Some(class)).text(Some(&year));
            out.int(Some(one.pupils)).int(Some(one.without_card)).int(Some(one.to_verify));
        }
        Ok(vec![StepTable::new("school_class", context.schema("school_class")?, out.finish()?)])
    }
}

/// The school year of the period.
fn school_year(context: &StepContext) -> Result<String, ChapterError> {
    let key = "school_year.name";
    let value = context.inputs.law.at(key, context.inputs.period.last_day(), None).map_err(|e| failed(NAME, key, &e))?;
    Ok(value.and_then(|value| value.code()).unwrap_or_default().to_owned())
}

/// Code of the school, its name, the class.
type Class = (String, String, String);

#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    commune: Option<String>,
    pupils: i64,
    without_card: i64,
    to_verify: i64,
}

#[derive(Debug, Default)]
struct Classes(BTreeMap<Class, Count>);

/// What is known of a pupil.
#[derive(Debug, Clone, Copy)]
struct Pupil {
    without_card: bool,
    /// No known resident, or waits for the national look-up.
    to_verify: bool,
}

impl Classes {
    /// Counts a pupil in a class.
    fn add(&mut self, class: Class, commune: Option<&str>, pupil: Pupil) {
        let one = self.0.entry(class).or_default();
        if one.commune.is_none() {
            one.commune = commune.map(str::to_owned);
        }
        one.pupils += 1;
        one.without_card += i64::from(pupil.without_card);
        one.to_verify += i64::from(pupil.without_card && pupil.to_verify);
    }
}

fn count(context: &StepContext, year: &str, classes: &mut Classes) -> Result<(), ChapterError> {
    let Some(table) = context.table("pupil") else { return Ok(()) };
    let waiting = waiting(context)?;
    let elsewhere = insured_elsewhere(context)?;
    let mut cards = valid_cards(context, NAME)?;
    let mut people = Cursor::open(context, NAME, "person", &["on_spine"], |batch| {
        let on_spine = rows::flag(batch, "on_spine")?;
        Ok((0..batch.num_rows()).map(|row| on_spine.value(row)).collect())
    })?;
    let columns = ["person_id", "school_code", "school_name", "class", "school_year", "school_commune"];
    // The classes the person of the last row was counted in: two lines of one list are one pupil.
    let (mut person, mut pupil, mut counted) = (None, None, BTreeSet::new());
    for batch in context.book.stream_table(table, &columns, 65_536)? {
        let batch = batch?;
        context.cancelled.check()?;
        let text = |name: &str| rows::text(&batch, name);
        let (ids, years, communes) = (rows::int(&batch, "person_id")?, text("school_year")?, text("school_commune")?);
        let (codes, names, of_class) = (text("school_code")?, text("school_name")?, text("class")?);
        for row in (0..batch.num_rows()).filter(|row| rows::text_at(&years, *row) == Some(year)) {
            let id = ids.value(row);
            if person != Some(id) {
                let without_card = !cards.any(id)? && !elsewhere.contains(&id);
                let to_verify = !people.any(id)? || waiting.contains(&id);
                (person, pupil) = (Some(id), Some(Pupil { without_card, to_verify }));
                counted.clear();
            }
            let own = |column| rows::text_at(column, row).unwrap_or_default().to_owned();
            let class: Class = (own(&codes), own(&names), own(&of_class));
            if let Some(pupil) = pupil.filter(|_| counted.insert(class.clone())) {
                classes.add(class, rows::text_at(&communes, row), pupil);
            }
        }
    }
    Ok(())
}

/// People who wait for the national look-up.
fn waiting(context: &StepContext) -> Result<BTreeSet<i64>, ChapterError> {
    let mut waiting = BTreeSet::new();
    let Some(table) = context.table("worklist") else { return Ok(waiting) };
    for batch in context.book.stream_table(table, &["reason", "person_id", "unit"], 65_536)? {
        let batch = batch?;
        let (reasons, units) = (rows::text(&batch, "reason")?, rows::text(&batch, "unit")?);
        let people = rows::int(&batch, "person_id")?;
        let waits = |row: &usize| reasons.value(*row) == UNEXPLAINED && units.value(*row) == "look_up";
        waiting.extend((0..batch.num_rows()).filter(waits).map(|row| people.value(row)));
    }
    Ok(waiting)
}

/// People whom the national look-up found with a card in force elsewhere.
fn insured_elsewhere(context: &StepContext) -> Result<BTreeSet<i64>, ChapterError> {
    let mut found = BTreeSet::new();
    let end = context.inputs.period.last_day().days_since_epoch();
    let Some(table) = context.table("insured_elsewhere") else { return Ok(found) };
    for batch in context.book.read_table(table, None)? {
        let (people, schemes) = (rows::int(&batch, "person_id")?, rows::text(&batch, "scheme")?);
        let (from, to) = (rows::date(&batch, "valid_from")?, rows::date(&batch, "valid_to")?);
        let in_force = |row: &usize| {
            rows::date_at(&from, *row).is_none_or(|day| day <= end)
                && rows::date_at(&to, *row).is_none_or(|day| day >= end)
                && rows::text_at(&schemes, *row) != Some("bhxh")
        };
        found.extend((0..batch.num_rows()).filter(in_force).map(|row| people.value(row)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pupils_without_a_card_are_to_be_verified() {
        let mut classes = Classes::default();
        let class = || ("01".to_owned(), "THCS Văn Yên".to_owned(), "6A2".to_owned());
        let mut add = |without_card, to_verify| classes.add(class(), Some("00004"), Pupil { without_card, to_verify });
        add(false, true);
        add(true, true);
        add(true, false);
        let expected = Count { commune: Some("00004".into()), pupils: 3, without_card: 2, to_verify: 1 };
        assert_eq!(classes.0[&class()], expected);
    }

    #[test]
    fn a_pupil_counts_once_in_a_class_and_the_look_up_may_know_better() {
        let mut desk = crate::testing::Desk::new();
        let pupils = "person_id, school_code, school_name, class, school_year, school_commune
            1, 01, THCS A, 6A, 2026-2027, 00004
            1, 01, THCS A, 6A, 2026-2027, 00004
            2, 01, THCS A, 6A, 2026-2027, 00004
            3, 01, THCS A, 6A, 2026-2027, 00004
            4, 01, THCS A, 6A, 2026-2027, 00004
            5, 01, THCS A, 7A, 2025-2026, 00004";
        let given = [
            ("person", "person_id, full_name, on_spine\n 1, A, true\n 2, B, false\n 3, C, true\n 4, D, true\n 5, E, true"),
            ("pupil", pupils),
            (
                "bhyt_card",
                "person_id, object_code, valid_from, valid_to\n 1, HS, 2025-10-01, 2026-09-30\n 3, HS, 2026-10-01, 2026-12-31",
            ),
            ("insured_elsewhere", "person_id, scheme, valid_from, valid_to\n 4, bhyt, 2026-01-01,"),
        ];
        desk.run("2026-10", &given, vec![Box::new(SchoolClassStep)]);
        let sql = "SELECT school_code, class, school_year, pupils, without_card, to_verify FROM school_class ORDER BY 1, 2";
        assert_eq!(desk.lines(sql), ["01 | 6A | 2026-2027 | 4 | 2 | 1"]);
    }
}
