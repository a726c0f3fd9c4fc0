//! Columns of the register's tables that hold the code of what a roster writes.

use std::sync::Arc;

use engine::EngineError;
use engine::arrow::array::{ArrayRef, StringBuilder, UInt32Array};
use engine::arrow::record_batch::RecordBatch;
use engine::rows;
use intake::Codes;

use crate::codes::Coder;

/// A column with codes.
pub(crate) struct Coded {
    table: &'static str,
    column: &'static str,
    list: &'static str,
    /// The columns as written; the first that has a code counts.
    written: &'static [&'static str],
}

const fn coded(table: &'static str, column: &'static str, list: &'static str, written: &'static [&'static str]) -> Coded {
    Coded { table, column, list, written }
}

/// All such columns.
pub(crate) const CODED: [Coded; 6] = [
    coded("supported_group", "group_code", "support_group", &["group"]),
    coded("pension", "benefit_code", "benefit", &["benefit"]),
    coded("social_pension", "ground_code", "social_ground", &["ground"]),
    // Who says to be without work had the position before.
    coded("labour", "work_code", "work", &["employment_status", "work_position", "contract_kind"]),
    coded("labour", "insured_code", "insured_as_said", &["insured_as_said"]),
    coded("household_member", "card_code", "card_state", &["card_state"]),
];

/// The coders of one table.
pub(crate) struct Coders<'c>(Vec<(&'static Coded, Coder<'c>)>);

impl<'c> Coders<'c> {
    /// Those of a table.
    pub(crate) fn of(codes: &'c Codes, table: &str) -> Self {
        Self(CODED.iter().filter(|one| one.table == table).map(|one| (one, Coder::new(codes, one.list))).collect())
    }

    /// The codes of some rows, where the column is one of codes.
    pub(crate) fn column(
        &mut self,
        column: &str,
        whole: &RecordBatch,
        rows: &UInt32Array,
    ) -> Result<Option<ArrayRef>, EngineError> {
        let Some((coded, coder)) = self.0.iter_mut().find(|(coded, _)| coded.column == column) else { return Ok(None) };
        let there = coded.written.iter().filter(|name| whole.column_by_name(name).is_some());
        let written = there.map(|name| rows::text(whole, name)).collect::<Result<Vec<_>, _>>()?;
        let mut out = StringBuilder::new();
        for row in rows.values() {
            let texts = written.iter().filter_map(|column| rows::text_at(column, *row as usize));
            out.append_option(texts.filter_map(|text| coder.code(text)).next());
        }
        Ok(Some(Arc::new(out.finish())))
    }
}

#[cfg(test)]
mod tests {
    use engine::arrow::array::{Array, AsArray, StringArray};
    use engine::arrow::datatypes::{DataType, Field, Schema};

    use super::*;

    #[test]
    fn the_first_column_that_has_a_code_counts() {
        let text = "title: {vi: V, en: V}\ncodes:\n  - {code: employee, title: {vi: C, en: E}, words: [làm công]}\n\
                    \x20 - {code: unemployed, title: {vi: T, en: U}, words: [thất nghiệp]}\n";
        let codes = Codes::load([("work.yaml", text)]).unwrap();
        let field = |name: &str| Field::new(name, DataType::Utf8, true);
        let schema = Arc::new(Schema::new(vec![field("employment_status"), field("work_position")]));
        let columns: [Vec<Option<&str>>; 2] = [
            vec![Some("Có việc làm"), Some("Thất nghiệp"), Some("Có việc làm"), None],
            vec![Some("Làm công"), Some("Làm công"), Some("Thợ"), None],
        ];
        let columns = columns.map(|column| Arc::new(StringArray::from(column)) as ArrayRef).to_vec();
        let whole = RecordBatch::try_new(schema, columns).unwrap();
        let mut coders = Coders::of(&codes, "labour");
        let found = coders.column("work_code", &whole, &UInt32Array::from(vec![1, 0, 2, 3])).unwrap().unwrap();
        let found: Vec<Option<&str>> = found.as_string::<i32>().iter().collect();
        assert_eq!(found, [Some("unemployed"), Some("employee"), None, None]);
        assert!(coders.column("job", &whole, &UInt32Array::from(vec![0])).unwrap().is_none());
        let none = Codes::default();
        let nothing = Coders::of(&none, "labour").column("work_code", &whole, &UInt32Array::from(vec![0])).unwrap().unwrap();
        assert_eq!(nothing.null_count(), 1, "content without lists gives no codes");
    }
}
