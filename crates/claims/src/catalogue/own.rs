//! Rosters that facilities hand over about themselves: drugs, services, supplies, people, departments, beds, machines.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use engine::EngineError;
use engine::arrow::record_batch::RecordBatch;

use super::columns::{Numbers, Terms, Texts};
use super::{ByFacility, Item, Term, words};

/// Texts that stand in many rows, each held once.
#[derive(Default)]
pub(super) struct Shared(HashSet<Arc<str>>);

impl Shared {
    pub(super) fn of(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let new: Arc<str> = Arc::from(text);
        self.0.insert(new.clone());
        new
    }
}

/// Rows of one key with the number of the file each came from.
type Held<T> = HashMap<Arc<str>, HashMap<Arc<str>, Vec<(usize, T)>>>;

/// Adds a row: those of earlier files that say the same thing go, as does a repetition.
fn put<T: PartialEq>(rows: &mut Vec<(usize, T)>, file: usize, new: T, same: impl Fn(&T, &T) -> bool) {
    rows.retain(|(from, old)| *from == file || !same(old, &new));
    if !rows.iter().any(|(_, old)| *old == new) {
        rows.push((file, new));
    }
}

fn settled<T>(held: Held<T>) -> ByFacility<Vec<T>> {
    let rows = |all: Vec<(usize, T)>| -> Vec<T> { all.into_iter().map(|(_, row)| row).collect() };
    let mut settled = ByFacility::with_capacity(held.len());
    for (facility, codes) in held {
        settled.insert(facility, codes.into_iter().map(|(code, all)| (code, rows(all))).collect());
    }
    settled
}

/// What the columns of a list of items are called; an empty name is a column that the list does not have.
pub(super) struct ItemColumns {
    pub strength: &'static str,
    pub registration: &'static str,
    /// The first of these that has a value.
    pub prices: [&'static str; 2],
    pub sex: &'static str,
    pub ages: [&'static str; 2],
}

/// Form 03/DM. Drug lines have one price, that of the purchase.
pub(super) const DRUGS: ItemColumns =
    ItemColumns { strength: "strength", registration: "registration", prices: ["price", "fund_price"], sex: "", ages: ["", ""] };
/// Form 04/DM. Lines of supplies have a price of their own for the fund.
pub(super) const SUPPLIES: ItemColumns =
    ItemColumns { strength: "", registration: "", prices: ["fund_price", "price"], sex: "", ages: ["", ""] };
/// Form 05/DM.
pub(super) const SERVICES: ItemColumns =
    ItemColumns { strength: "", registration: "", prices: ["price", "paid_price"], sex: "for_sex", ages: ["age_from", "age_to"] };

/// Drugs, services or supplies of all files.
pub(super) fn items(
    files: &[Vec<RecordBatch>],
    names: &ItemColumns,
    shared: &mut Shared,
) -> Result<ByFacility<Vec<Item>>, EngineError> {
    let mut held: Held<Item> = HashMap::new();
    for (file, batch) in numbered(files) {
        let text = |name: &str| Texts::of(batch, name);
        let (facilities, codes, titles) = (text("facility")?, text("code")?, text("name")?);
        let (strengths, registrations, sexes) = (text(names.strength)?, text(names.registration)?, text(names.sex)?);
        let number = |name: &str| Numbers::of(batch, name);
        let (first, second) = (number(names.prices[0])?, number(names.prices[1])?);
        let (from, to) = (number(names.ages[0])?, number(names.ages[1])?);
        let terms = Terms::of(batch)?;
        for row in 0..batch.num_rows() {
            let (Some(facility), Some(code)) = (facilities.at(row), codes.at(row)) else { continue };
            let item = Item {
                name: shared.of(titles.at(row).unwrap_or_default()),
                strength: shared.of(strengths.at(row).unwrap_or_default()),
                registration: shared.of(registrations.at(row).unwrap_or_default()),
                price: first.amount(row).or_else(|| second.amount(row)),
                sex: words::sex(sexes.at(row)),
                age_from: from.at(row),
                age_to: to.at(row),
                term: terms.at(row),
            };
            let own = held.entry(shared.of(&words::facility(facility))).or_default();
            let rows = own.entry(shared.of(code)).or_default();
            put(rows, file, item, |old, new| {
                old.term.from == new.term.from && old.strength == new.strength && old.registration == new.registration
            });
        }
    }
    Ok(settled(held))
}

/// Rows of a list of which only code and term count: departments, machines; people under each of the numbers they may be named by.
pub(super) fn terms(
    files: &[Vec<RecordBatch>],
    codes: &[&str],
    shared: &mut Shared,
) -> Result<ByFacility<Vec<Term>>, EngineError> {
    let mut held: Held<Term> = HashMap::new();
    for (file, batch) in numbered(files) {
        let facilities = Texts::of(batch, "facility")?;
        let columns = codes.iter().map(|name| Texts::of(batch, name)).collect::<Result<Vec<_>, _>>()?;
        let terms = Terms::of(batch)?;
        for row in 0..batch.num_rows() {
            let Some(facility) = facilities.at(row) else { continue };
            let own = held.entry(shared.of(&words::facility(facility))).or_default();
            for code in columns.iter().filter_map(|column| column.at(row)) {
                put(own.entry(shared.of(code)).or_default(), file, terms.at(row), |old, new| old.from == new.from);
            }
        }
    }
    Ok(settled(held))
}

/// Terms of codes by department.
type OfDepartment = HashMap<Arc<str>, Vec<Term>>;

/// Beds by department.
pub(super) fn beds(files: &[Vec<RecordBatch>], shared: &mut Shared) -> Result<ByFacility<OfDepartment>, EngineError> {
    let mut held: HashMap<Arc<str>, Held<Term>> = HashMap::new();
    for (file, batch) in numbered(files) {
        let text = |name: &str| Texts::of(batch, name);
        let (facilities, departments, beds) = (text("facility")?, text("department")?, text("bed")?);
        let terms = Terms::of(batch)?;
        for row in 0..batch.num_rows() {
            let found = (facilities.at(row), departments.at(row), beds.at(row));
            let (Some(facility), Some(department), Some(bed)) = found else { continue };
            let own = held.entry(shared.of(&words::facility(facility))).or_default();
            let rows = own.entry(shared.of(department)).or_default().entry(shared.of(bed)).or_default();
            put(rows, file, terms.at(row), |old, new| old.from == new.from);
        }
    }
    Ok(held.into_iter().map(|(facility, own)| (facility, settled(own))).collect())
}

/// The batches of all files with the number of their file.
pub(super) fn numbered(files: &[Vec<RecordBatch>]) -> impl Iterator<Item = (usize, &RecordBatch)> {
    files.iter().enumerate().flat_map(|(file, batches)| batches.iter().map(move |batch| (file, batch)))
}
