//! From rows of the embedded lists to what they say.

use std::collections::BTreeMap;

use base::Sex;

use super::{Disease, Drug, Index, Service, Supply};
use crate::claims::money::Milli;
use crate::error::CityError;
use crate::tables::Row;

fn fault(row: &Row, reason: &str) -> CityError {
    CityError::Data { file: "claims", line: row.line(), reason: reason.to_owned() }
}

fn milli(row: &Row, field: usize) -> Result<Milli, CityError> {
    Milli::parse(row.fields[field]).ok_or_else(|| fault(row, "a price or dose cannot be read"))
}

fn sex(text: &str) -> Option<Sex> {
    match text {
        "male" => Some(Sex::Male),
        "female" => Some(Sex::Female),
        _ => None,
    }
}

/// A row of `services.csv`.
pub(super) fn service(row: &Row) -> Result<Service, CityError> {
    let index = |text: &'static str| {
        let parts: Vec<&'static str> = text.split(':').collect();
        let [code, name, unit, low, high] = parts.as_slice() else { return Err(fault(row, "an index has five parts")) };
        let number = |text: &str| text.parse().map_err(|_| fault(row, "the bounds of an index are numbers"));
        Ok(Index { code, name, unit, low: number(low)?, high: number(high)? })
    };
    Ok(Service {
        key: row.fields[0],
        code: row.fields[1],
        name: row.fields[2],
        group: row.fields[3],
        price: milli(row, 4)?,
        class: row.number(5)?,
        machine: row.fields[6],
        minutes: row.number(7)?,
        sex: sex(row.fields[8]),
        from: row.number(9)?,
        to: row.number(10)?,
        results: row.fields[11].split('+').filter(|text| !text.is_empty()).map(index).collect::<Result<_, CityError>>()?,
    })
}

/// A row of `drugs.csv`.
pub(super) fn drug(row: &Row) -> Result<Drug, CityError> {
    Ok(Drug {
        key: row.fields[0],
        code: row.fields[1],
        name: row.fields[2],
        strength: row.fields[3],
        unit: row.fields[4],
        route: row.fields[5],
        form: row.fields[6],
        price: milli(row, 7)?,
        rate: row.number(8)?,
        class: row.number(9)?,
        dose: milli(row, 10)?,
        times: row.number(11)?,
        from: row.number(12)?,
        to: row.number(13)?,
    })
}

/// A row of `supplies.csv`.
pub(super) fn supply(row: &Row) -> Result<Supply, CityError> {
    Ok(Supply {
        key: row.fields[0],
        code: row.fields[1],
        name: row.fields[2],
        unit: row.fields[3],
        price: milli(row, 4)?,
        class: row.number(5)?,
    })
}

/// What stands in a list, by the city's own words.
type Keys = BTreeMap<&'static str, usize>;

/// The tests of each panel.
pub(super) fn panels(rows: &[Row], services: &Keys) -> Result<BTreeMap<&'static str, Vec<usize>>, CityError> {
    let tests = |row: &Row| row.fields[1].split(' ').map(|key| services.get(key).copied()).collect::<Option<Vec<usize>>>();
    let found = |row: &Row| tests(row).ok_or_else(|| fault(row, "a test of a panel is in no list"));
    rows.iter().map(|row| found(row).map(|tests| (row.fields[0], tests))).collect()
}

/// Things that are used with how often, each key found by a function.
fn often<T>(row: &Row, field: usize, find: impl Fn(&str) -> Option<T>) -> Result<Vec<(T, u64)>, CityError> {
    let one = |text: &str| {
        let (key, often) = text.split_once(':')?;
        Some((find(key)?, often.parse().ok()?))
    };
    let parts = row.fields[field].split(';').filter(|text| !text.is_empty());
    parts.map(|text| one(text).ok_or_else(|| fault(row, "something used is in no list"))).collect()
}

/// A row of `diseases.csv`; the word of a panel stands for all its tests.
pub(super) fn disease(row: &Row, panels: &BTreeMap<&'static str, Vec<usize>>, keys: [&Keys; 3]) -> Result<Disease, CityError> {
    let mut weights = [0; 6];
    for (weight, text) in weights.iter_mut().zip(row.fields[5].split(' ')) {
        *weight = text.parse().map_err(|_| fault(row, "a weight is no number"))?;
    }
    let stay = row.fields[11].split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    Ok(Disease {
        code: row.fields[0],
        name: row.fields[1],
        sex: sex(row.fields[2]),
        from: row.number(3)?,
        to: row.number(4)?,
        weights,
        department: row.fields[6],
        kinds: row.fields[7],
        services: often(row, 8, |key| panels.get(key).cloned().or_else(|| keys[0].get(key).map(|at| vec![*at])))?,
        drugs: often(row, 9, |key| keys[1].get(key).copied())?,
        supplies: often(row, 10, |key| keys[2].get(key).copied())?,
        stay: stay.ok_or_else(|| fault(row, "a stay has two numbers"))?,
        others: row.fields[12],
        accident: row.fields[13] == "1",
        long: row.fields[14] == "1",
    })
}
