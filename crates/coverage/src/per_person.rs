//! Tables sorted by person, read side by side: one person's rows of all tables at a time, with constant memory.
//!
//! A roster's table stands in the order of its people, as does `person`. So who reads several of them goes once through
//! all, like the fingers of two hands through two card boxes: no map of everybody, no join that could outgrow memory.

use book::TableRef;
use chapter::{ChapterError, StepContext};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, ParquetReader, rows};

/// Rows read at once of each table.
const SLICE: usize = 8_192;

/// Reads the rows of a slice; gives one value a row, in their order.
type Reads<T> = Box<dyn FnMut(&RecordBatch) -> Result<Vec<T>, EngineError>>;

/// A place in one table sorted by `person_id`.
pub(crate) struct Cursor<T> {
    step: &'static str,
    table: String,
    rows: Rows<T>,
    slice: std::vec::IntoIter<(i64, T)>,
    next: Option<(i64, T)>,
    /// The last person of the slices read so far.
    last: i64,
}

/// Where rows come from.
enum Rows<T> {
    Table(ParquetReader, Reads<T>),
    /// The table did not arrive, or all rows lie in the slice already.
    None,
}

impl<T> Cursor<T> {
    /// Opens a table of the run for some of its columns beside `person_id`; one that was not made has no rows.
    pub(crate) fn open(
        context: &StepContext,
        step: &'static str,
        table: &str,
        columns: &[&str],
        reads: impl FnMut(&RecordBatch) -> Result<Vec<T>, EngineError> + 'static,
    ) -> Result<Self, ChapterError> {
        Self::of_table(context, step, table, context.table(table), columns, Box::new(reads))
    }

    fn of_table(
        context: &StepContext,
        step: &'static str,
        name: &str,
        table: Option<&TableRef>,
        columns: &[&str],
        reads: Reads<T>,
    ) -> Result<Self, ChapterError> {
        let rows = match table {
            Some(table) => {
                let wanted: Vec<&str> = std::iter::once("person_id").chain(columns.iter().copied()).collect();
                Rows::Table(context.book.stream_table(table, &wanted, SLICE)?, reads)
            }
            None => Rows::None,
        };
        Self { step, table: name.to_owned(), rows, slice: Vec::new().into_iter(), next: None, last: i64::MIN }.started()
    }

    /// Rows that are in memory, for what is no table or stands in another order. They are sorted here.
    pub(crate) fn held(step: &'static str, name: &str, mut rows: Vec<(i64, T)>) -> Result<Self, ChapterError> {
        rows.sort_by_key(|(person, _)| *person);
        Self { step, table: name.to_owned(), rows: Rows::None, slice: rows.into_iter(), next: None, last: i64::MIN }.started()
    }

    fn started(mut self) -> Result<Self, ChapterError> {
        self.forward()?;
        Ok(self)
    }

    /// The next row with its person, whoever that is.
    pub(crate) fn take(&mut self) -> Result<Option<(i64, T)>, ChapterError> {
        let taken = self.next.take();
        if taken.is_some() {
            self.forward()?;
        }
        Ok(taken)
    }

    /// The person of the next row; `None` at the end.
    pub(crate) fn next_person(&self) -> Option<i64> {
        self.next.as_ref().map(|(person, _)| *person)
    }

    /// Puts the rows of a person into `into`, which is emptied first. People are asked for in ascending order; rows of
    /// people nobody asks for are passed over.
    pub(crate) fn of(&mut self, person: i64, into: &mut Vec<T>) -> Result<(), ChapterError> {
        into.clear();
        while let Some((at, _)) = &self.next {
            if *at > person {
                break;
            }
            let asked = *at == person;
            if let Some((_, row)) = self.take()?.filter(|_| asked) {
                into.push(row);
            }
        }
        Ok(())
    }

    fn forward(&mut self) -> Result<(), ChapterError> {
        self.next = loop {
            if let Some(row) = self.slice.next() {
                break Some(row);
            }
            let Rows::Table(reader, reads) = &mut self.rows else { break None };
            let Some(batch) = reader.next() else { break None };
            let batch = batch?;
            let people = rows::int(&batch, "person_id")?;
            let values = reads(&batch)?;
            // A table in another order would lose rows without a word.
            for person in people.values() {
                if *person < self.last {
                    let detail = format!("{}: its rows are not in the order of people", self.table);
                    return Err(ChapterError::Step { step: self.step, detail });
                }
                self.last = *person;
            }
            self.slice = people.values().iter().copied().zip(values).collect::<Vec<_>>().into_iter();
        };
        Ok(())
    }
}

impl Cursor<bool> {
    /// Whether one of a person's rows says yes; asked for in ascending order, as [`Self::of`].
    pub(crate) fn any(&mut self, person: i64) -> Result<bool, ChapterError> {
        let mut found = false;
        while self.next_person().is_some_and(|next| next <= person) {
            found |= self.take()?.is_some_and(|(whose, yes)| whose == person && yes);
        }
        Ok(found)
    }
}

/// Health insurance cards: whether each is valid on the last day of the period.
pub(crate) fn valid_cards(context: &StepContext, step: &'static str) -> Result<Cursor<bool>, ChapterError> {
    let end = context.inputs.period.last_day().days_since_epoch();
    Cursor::open(context, step, "bhyt_card", &["valid_from", "valid_to"], move |batch| {
        let (from, to) = (rows::date(batch, "valid_from")?, rows::date(batch, "valid_to")?);
        let valid = |row: usize| {
            rows::date_at(&from, row).is_none_or(|day| day <= end) && rows::date_at(&to, row).is_none_or(|day| day >= end)
        };
        Ok((0..batch.num_rows()).map(valid).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_person_gets_the_own_rows_and_strangers_are_passed_over() {
        let rows = vec![(7, 'c'), (2, 'a'), (5, 'x'), (2, 'b'), (9, 'd')];
        let mut cursor = Cursor::held("test", "cards", rows).unwrap();
        let mut own = Vec::new();
        let mut found = Vec::new();
        for person in [1, 2, 4, 7, 8] {
            cursor.of(person, &mut own).unwrap();
            found.push(own.iter().collect::<String>());
        }
        assert_eq!(found, ["", "ab", "", "c", ""]);
        assert_eq!(cursor.take().unwrap(), Some((9, 'd')));
        assert_eq!(cursor.take().unwrap(), None);
    }

    #[test]
    fn one_row_that_says_yes_is_enough() {
        let mut cards = Cursor::held("test", "cards", vec![(2, true), (2, false), (5, false), (7, true)]).unwrap();
        assert_eq!(cards.next_person(), Some(2));
        let found: Vec<bool> = [1, 2, 5, 6, 7, 8].map(|person| cards.any(person).unwrap()).to_vec();
        assert_eq!(found, [false, true, false, false, true, false]);
    }
}
