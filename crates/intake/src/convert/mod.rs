//! One row of cells to the values of a roster's columns, or to its faults.

mod dates;
mod decimals;
mod ids;
mod numbers;
mod places;

use std::borrow::Cow;
use std::collections::BTreeMap;

use base::Date;
use base::names::clean;
use base::places::Places;

use crate::cell::Cell;
use crate::chunk::Value;
use crate::header::Header;
use crate::layout::{Field, Kind, Layout, PersonalData};
use crate::reject::{Fault, RejectReason};

/// Longer than any name, address or remark.
const MAX_TEXT: usize = 2_000;

/// Reads rows of one file by its layout and header.
pub(crate) struct Converter<'a> {
    fields: Vec<Plan<'a>>,
    /// Indices into `fields` in the order of reading: what others lean on comes first.
    order: Vec<usize>,
    /// Index in `fields` of what section rows say.
    section: Option<usize>,
    /// Pairs of value indices that must be in order, and the field that is at fault otherwise.
    in_order: Vec<(usize, usize, usize)>,
    finder: places::Finder<'a>,
    names: Vec<String>,
    /// Values that say who or where somebody is: emptied in the row of a claim that bears a card of the armed forces.
    persons: Vec<usize>,
    /// Value of a [`Kind::CardList`].
    cards: Option<usize>,
}

struct Plan<'a> {
    field: &'a Field,
    /// Index of its first column among the values.
    at: usize,
    /// Column of the file.
    column: Option<usize>,
    /// Value of the title rows for empty cells.
    fact: Option<String>,
    /// Index in `fields` of the text a commune may be read from.
    from: Option<usize>,
}

impl<'a> Converter<'a> {
    /// A converter for a file with this header and these title facts.
    pub fn new(layout: &'a Layout, header: &Header, facts: &BTreeMap<String, String>, places: &'a Places) -> Self {
        let mut at = 1;
        let mut fields = Vec::with_capacity(layout.fields.len());
        let position = |name: &str| layout.fields.iter().position(|f| f.name == name);
        for (index, field) in layout.fields.iter().enumerate() {
            // What is outside the agreement is not looked at: neither its column nor what the title says of it.
            let column = header.columns.iter().position(|c| *c == Some(index)).filter(|_| !field.outside);
            let from = field.from.as_deref().and_then(position);
            let fact = facts.get(&field.name).filter(|_| !field.outside).cloned();
            fields.push(Plan { field, at, column, fact, from });
            at += field.columns().len();
        }
        if let Some(person) = fields.iter().find(|p| p.field.kind == Kind::PersonalId).map(|p| p.at) {
            fields.iter_mut().filter(|p| p.field.kind == Kind::OldId).for_each(|p| p.at = person);
        }
        let mut order: Vec<usize> = (0..fields.len()).collect();
        order.sort_by_key(|index| match layout.fields[*index].kind {
            Kind::PersonalId | Kind::Commune => 1,
            // It completes what the personal number gave.
            Kind::OldId => 2,
            _ => 0,
        });
        let value_of = |name: &str| position(name).map(|index| fields[index].at);
        let in_order = layout.in_order.iter().filter_map(|(a, b)| Some((value_of(a)?, value_of(b)?, position(b)?))).collect();
        let section = layout.section.as_ref().and_then(|s| position(&s.field)).filter(|at| !layout.fields[*at].outside);
        let cards = fields.iter().find(|p| p.field.kind == Kind::CardList).map(|p| p.at);
        let of_person = |p: &&Plan<'_>| matches!(p.field.personal, PersonalData::Identity | PersonalData::Contact);
        let others = fields.iter().filter(of_person).filter(|p| p.field.kind != Kind::CardList);
        let persons = others.flat_map(|p| p.at..p.at + p.field.columns().len()).collect();
        let finder = places::Finder::new(places);
        Self { fields, order, section, in_order, finder, names: header.names.clone(), persons, cards }
    }

    /// Sets the value of the section's field for the rows that follow.
    pub fn set_section(&mut self, value: &str) {
        if let Some(index) = self.section {
            self.fields[index].fact = Some(value.to_owned());
        }
    }

    /// Reads a row into `values` (those of [`Layout::columns`]); gives back its faults, none when sound.
    pub fn convert(&mut self, row: u64, cells: &[Cell<'_>], values: &mut [Value]) -> Vec<Fault> {
        values.fill(Value::Null);
        values[0] = Value::Int(i64::try_from(row).unwrap_or(i64::MAX));
        let mut faults = Vec::new();
        for index in 0..self.order.len() {
            let index = self.order[index];
            if let Err(reason) = self.read_field(index, cells, values) {
                if reason == RejectReason::ArmedForces {
                    let fault = self.fault(index, String::new(), reason);
                    return vec![fault];
                }
                let plan = &self.fields[index];
                let value = plan.column.and_then(|c| cells.get(c)).map(|c| c.text().into_owned()).unwrap_or_default();
                faults.push((index, self.fault(index, value, reason)));
            }
        }
        // Only the letters were kept of a card of the armed forces: nothing in the row may name its holder.
        if let Some(at) = self.cards
            && matches!((&values[at], &values[at + 1]), (Value::Null, Value::Text(_)))
        {
            self.persons.iter().for_each(|person| values[*person] = Value::Null);
        }
        for (first, second, index) in &self.in_order {
            if let (Value::Date(start), Value::Date(end)) = (&values[*first], &values[*second])
                && start > end
            {
                let value =
                    self.fields[*index].column.and_then(|c| cells.get(c)).map(|c| c.text().into_owned()).unwrap_or_default();
                faults.push((*index, self.fault(*index, value, RejectReason::EndsBeforeStart)));
            }
        }
        faults.sort_by_key(|(index, _)| *index);
        faults.into_iter().map(|(_, fault)| fault).collect()
    }

    fn fault(&self, index: usize, value: String, reason: RejectReason) -> Fault {
        let plan = &self.fields[index];
        let column = plan.column.map_or_else(|| plan.field.name.clone(), |c| self.names[c].clone());
        Fault { column, field: plan.field.name.clone(), value, reason }
    }

    fn read_field(&mut self, index: usize, cells: &[Cell<'_>], values: &mut [Value]) -> Result<(), RejectReason> {
        let plan = &self.fields[index];
        let fact = || plan.fact.as_ref().map_or(Cell::Empty, |fact| Cell::Text(Cow::Borrowed(fact)));
        let filled = plan.column.and_then(|c| cells.get(c)).filter(|c| !c.is_blank());
        let from_title;
        let cell = match filled {
            Some(cell) => cell,
            None => {
                from_title = fact();
                &from_title
            }
        };
        if matches!(cell, Cell::Error) {
            return Err(RejectReason::FormulaError);
        }
        let shown = cell.text();
        if shown.len() > MAX_TEXT {
            return Err(RejectReason::TooLong);
        }
        if !shown.is_ascii() && shown.contains('\u{fffd}') {
            return Err(RejectReason::BrokenText);
        }
        let (at, needed, is_empty) = (plan.at, plan.field.needed, shown.is_empty());
        if plan.field.kind == Kind::Commune {
            let (written, from) = (tidy(&shown).into_owned(), plan.from.map(|f| self.fields[f].at));
            self.read_commune(&written, at, from, values);
        } else {
            read_value(plan.field, cell, &shown, at, self.birth_year(values), values)?;
        }
        // An id that cannot be read stays beside its raw text; a needed one must be readable.
        if needed && matches!(values[at], Value::Null) {
            return Err(if is_empty { RejectReason::Missing } else { RejectReason::BadIdNumber });
        }
        Ok(())
    }

    fn birth_year(&self, values: &[Value]) -> Option<i32> {
        let plan = self.fields.iter().find(|p| p.field.kind == Kind::BirthDate)?;
        match values[plan.at] {
            Value::Date(days) => Date::from_days_since_epoch(days).map(Date::year),
            _ => None,
        }
    }

    fn read_commune(&mut self, written: &str, at: usize, from: Option<usize>, values: &mut [Value]) {
        let found = match (written, from.map(|f| &values[f])) {
            ("", Some(Value::Text(address))) => self.finder.find(address),
            ("", _) => return,
            (written, _) => self.finder.find(written),
        };
        values[at] = Value::text(found.code);
        values[at + 1] = Value::text(found.candidates);
        values[at + 2] = Value::text(Some(written).filter(|w| !w.is_empty()));
    }
}

/// Whether a text is, in any cell, the number of a card of the armed forces.
pub(crate) fn is_armed_forces_card(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // Names such as Cao begin with the same letters; a card number has up to thirteen digits.
    digits >= 10 && text.split(';').any(|one| ids::card_number(one) == ids::CardNumber::ArmedForces)
}

/// The number of a health card; `Err` for one of the armed forces, `None` for any other text.
pub(crate) fn card_of(text: &str) -> Option<Result<String, ()>> {
    match ids::card_number(text) {
        ids::CardNumber::Card(card) => Some(Ok(card)),
        ids::CardNumber::ArmedForces => Some(Err(())),
        ids::CardNumber::Unreadable => None,
    }
}

/// Whether a text is the number of a health card, of whatever body.
pub(crate) fn looks_like_card(text: &str) -> bool {
    matches!(ids::card_number(text), ids::CardNumber::Card(_)) || is_armed_forces_card(text)
}

/// Whether a text is a personal number of twelve digits or one that lost its zeros.
pub(crate) fn looks_like_id(text: &str) -> bool {
    let number = ids::personal_number(text, None);
    // Ten digits are as well an insurance number, a tax code or a telephone.
    number.id.is_some() && text.bytes().filter(u8::is_ascii_digit).count() >= 11
}

/// Whether a text is Nam or Nữ.
pub(crate) fn looks_like_sex(text: &str) -> bool {
    numbers::sex(text).is_some()
}

/// Whether a cell is the birth of somebody alive today: a day between 1910 and 2035.
pub(crate) fn looks_like_birth(cell: &Cell<'_>) -> bool {
    matches!(dates::day(cell), Some(dates::Written::Day(day)) if (1910..=2035).contains(&day.year()))
}

/// Reads one cell of any kind but a commune into the values from `at` on.
fn read_value(
    field: &Field,
    cell: &Cell<'_>,
    shown: &str,
    at: usize,
    born: Option<i32>,
    values: &mut [Value],
) -> Result<(), RejectReason> {
    if shown.is_empty() {
        return Ok(());
    }
    let raw = |value: &Option<String>| Value::text(Some(shown).filter(|s| value.as_deref() != Some(*s)));
    match field.kind {
        Kind::Text | Kind::Ordinal => {
            let text = tidy(shown);
            values[at] = Value::text(Some(text.as_ref()).filter(|t| !matches!(*t, "" | "-" | "–")));
        }
        Kind::Name => {
            let name = tidy(shown);
            if !name.chars().any(char::is_alphabetic) {
                return Err(RejectReason::BrokenText);
            }
            values[at + 1] = match cell {
                Cell::Text(text) if text.as_ref() != name.as_ref() => Value::Text(text.clone().into_owned()),
                _ => Value::Null,
            };
            values[at] = Value::Text(name.into_owned());
        }
        Kind::PersonalId => {
            let number = ids::personal_number(shown, born);
            values[at] = Value::text(number.id);
            values[at + 1] = Value::text(Some(shown));
            values[at + 2] = Value::text(number.old);
            values[at + 3] = Value::text(number.flag);
        }
        Kind::OldId => read_old_id(shown, at, born, values),
        Kind::InsuranceNumber => {
            let number = ids::insurance_number(shown);
            values[at + 1] = raw(&number);
            values[at] = Value::text(number);
        }
        Kind::TaxCode => {
            let code = ids::tax_code(shown);
            values[at + 1] = raw(&code);
            values[at] = Value::text(code);
        }
        Kind::CardNumber => match ids::card_number(shown) {
            ids::CardNumber::Card(card) => {
                values[at + 1] = Value::text(card.get(..2));
                values[at] = Value::Text(card);
            }
            ids::CardNumber::ArmedForces => return Err(RejectReason::ArmedForces),
            ids::CardNumber::Unreadable => return Err(RejectReason::BadCardNumber),
        },
        Kind::CardList => {
            let (cards, letters) = ids::cards(shown).ok_or(RejectReason::BadCardNumber)?;
            values[at] = Value::text(cards);
            values[at + 1] = Value::Text(letters);
        }
        Kind::BirthDate => {
            let (day, precision) = match dates::day(cell).ok_or(RejectReason::BadDate)? {
                dates::Written::Day(day) => (day, "day"),
                dates::Written::Year(year) => (Date::new(year, 1, 1).map_err(|_| RejectReason::BadDate)?, "year"),
            };
            values[at] = Value::Date(day.days_since_epoch());
            values[at + 1] = Value::text(Some(precision));
            values[at + 2] = Value::text(Some(shown));
        }
        Kind::Date => match dates::day(cell) {
            Some(dates::Written::Day(day)) => values[at] = Value::Date(day.days_since_epoch()),
            _ => return Err(RejectReason::BadDate),
        },
        Kind::Moment => {
            let (day, time) = dates::moment(cell).ok_or(RejectReason::BadDate)?;
            values[at] = Value::Date(day.days_since_epoch());
            values[at + 1] = Value::text(time);
        }
        Kind::Month => {
            let month = dates::month(cell).ok_or(RejectReason::BadMonth)?;
            values[at] = Value::Date(month.first_day().days_since_epoch());
        }
        Kind::Dong => values[at] = numbers::dong(cell, field.signed)?.map_or(Value::Null, Value::Int),
        Kind::Amount => values[at] = numbers::amount(cell, field.signed)?.map_or(Value::Null, Value::Int),
        Kind::Decimal => values[at] = numbers::decimal(cell, field.signed)?.map_or(Value::Null, Value::Int),
        Kind::Coefficient => values[at] = Value::Int(decimals::coefficient(cell)?),
        Kind::Share => values[at] = Value::Int(decimals::share(cell, field.plain)?),
        Kind::Int => values[at] = numbers::int(cell)?.map_or(Value::Null, Value::Int),
        Kind::Sex => {
            let code = field.codes.get(shown).map(|code| code.as_str());
            values[at] = Value::text(Some(code.or_else(|| numbers::sex(shown)).ok_or(RejectReason::BadSex)?));
        }
        Kind::SchoolYear => values[at] = Value::text(Some(dates::school_year(shown).ok_or(RejectReason::BadSchoolYear)?)),
        Kind::Year => values[at] = Value::Int(dates::year(shown).ok_or(RejectReason::BadYear)?),
        Kind::Commune => {}
    }
    Ok(())
}

/// The number of an old identity card in its own column; `at` is that of the personal number.
///
/// Where the other column was empty people write here whatever number they have. What cannot be read
/// stays as raw text when there is room for it, and is flagged.
fn read_old_id(shown: &str, at: usize, born: Option<i32>, values: &mut [Value]) {
    let number = ids::personal_number(shown, born);
    if values[at + 1] == Value::Null {
        values[at] = Value::text(number.id);
        values[at + 1] = Value::text(Some(shown));
        values[at + 2] = Value::text(number.old);
        // Nine digits are what belongs here: nothing to notice.
        values[at + 3] = Value::text(number.flag.filter(|flag| *flag != "old_9"));
        return;
    }
    let same = number.id.is_some_and(|id| values[at] == Value::Text(id));
    match (number.old, &values[at + 2]) {
        (Some(old), Value::Null) => values[at + 2] = Value::Text(old),
        (Some(old), Value::Text(there)) if *there == old => {}
        _ if same => {}
        _ if values[at + 3] == Value::Null => values[at + 3] = Value::text(Some("old_unclear")),
        _ => {}
    }
}

/// [`clean`], without work for texts that are clean already: composed Latin letters and single spaces.
fn tidy(text: &str) -> Cow<'_, str> {
    let mut before = ' ';
    let is_clean = text.chars().all(|c| {
        let usual = matches!(c, '!'..='~' | 'À'..='ɏ' | 'Ạ'..='ỹ') || (c == ' ' && before != ' ');
        before = c;
        usual
    });
    if is_clean && (before != ' ' || text.is_empty()) { Cow::Borrowed(text) } else { Cow::Owned(clean(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_way_of_cleaning_gives_the_same(text in "[ a-zA-ZạảãầữđĐ\u{300}\u{323}\u{a0}\u{200b}\u{feff}\t]{0,20}") {
            let cleaned = clean(&text);
            prop_assert_eq!(tidy(&text).into_owned(), cleaned);
        }
    }
}
