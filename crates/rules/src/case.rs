//! The cases of a rule, as a clerk can read them.

use std::collections::BTreeMap;

use base::Date;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::error::{Place, Problem, RuleError};
use crate::front::Validity;
use crate::given::parse;
use crate::markdown::Part;
use crate::schema::{ColumnType, TableSchemas};
use crate::yaml;

/// A cell as written; `None` is NULL.
pub type Cell = Option<String>;

/// One row that a case gives, by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRow {
    /// Cells by column name; columns that are left out are not here.
    pub cells: BTreeMap<String, Cell>,
}

/// One case: on a day, with these rows, exactly these findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What the case shows, in a sentence.
    pub name: String,
    /// Last day of the period the rule is run for.
    pub on: Date,
    /// Rows by table.
    pub given: BTreeMap<String, Vec<GivenRow>>,
    /// The findings: the subject and any columns that must be as written.
    pub expect: Vec<GivenRow>,
    /// Line of the case in its file.
    pub line: u64,
}

type Row = BTreeMap<String, Option<Spanned<String>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Spanned<String>,
    on: Spanned<Date>,
    #[serde(default)]
    given: BTreeMap<String, Spanned<Vec<Spanned<Row>>>>,
    expect: Vec<Spanned<Row>>,
}

/// What the cases are read against.
pub(crate) struct Frame<'a> {
    pub schemas: &'a TableSchemas,
    pub reads: &'a [String],
    /// Columns of the result; the first names the subject.
    pub columns: &'a [String],
    pub valid: Validity,
}

/// Reads the cases of a rule; an unknown table or column is a fault.
pub(crate) fn read(part: &Part, file: &str, frame: &Frame<'_>) -> Result<Vec<Case>, Vec<RuleError>> {
    let place = Place { file, lines_before: part.lines_before };
    let written: Vec<Written> = yaml::read(&part.text, place).map_err(|fault| vec![fault])?;
    let mut reader = Reader { place, frame, faults: Vec::new() };
    let cases: Vec<Case> = written.into_iter().map(|case| reader.case(case)).collect();
    for (index, case) in cases.iter().enumerate() {
        if cases[..index].iter().any(|other| other.name == case.name) {
            reader.fault((case.line - part.lines_before, 1), format!("there are two cases named `{}`", case.name));
        }
    }
    if reader.faults.is_empty() { Ok(cases) } else { Err(reader.faults) }
}

struct Reader<'a> {
    place: Place<'a>,
    frame: &'a Frame<'a>,
    faults: Vec<RuleError>,
}

impl Reader<'_> {
    fn fault(&mut self, (line, column): (u64, u64), message: String) {
        self.faults.push(self.place.error(line, column, Problem::Case(message)));
    }

    fn case(&mut self, written: Written) -> Case {
        let on = written.on.value;
        if on != on.month().last_day() {
            self.fault(yaml::at(&written.on), format!("{on} is not the last day of a month: a case runs for a whole period"));
        }
        if !self.frame.valid.holds_on(on) {
            self.fault(yaml::at(&written.on), format!("{on} lies outside the rule's own validity"));
        }
        let given = written.given.into_iter().map(|(table, rows)| (table.clone(), self.given(&table, rows))).collect();
        let expect = written.expect.into_iter().map(|row| self.expected(row)).collect();
        let line = self.place.lines_before + written.name.referenced.line();
        Case { name: written.name.value, on, given, expect, line }
    }

    fn given(&mut self, table: &str, rows: Spanned<Vec<Spanned<Row>>>) -> Vec<GivenRow> {
        let schemas = self.frame.schemas;
        let schema = match schemas.get(table) {
            Some(schema) if self.frame.reads.iter().any(|read| read == table) => schema,
            _ => {
                self.fault(yaml::at(&rows), format!("the rule does not read a table `{table}`"));
                return Vec::new();
            }
        };
        let mut given = Vec::new();
        for row in rows.value {
            let at = yaml::at(&row);
            for (name, cell) in &row.value {
                let place = cell.as_ref().map_or(at, yaml::at);
                match (schema.column(name), cell) {
                    (None, _) => self.fault(place, format!("the table `{table}` has no column `{name}`")),
                    (Some(column), None) if column.required => {
                        self.fault(place, format!("`{table}.{name}` is never NULL"));
                    }
                    (Some(column), Some(cell)) if parse(column.kind, &cell.value).is_none() => {
                        let kind = column.kind.as_str();
                        self.fault(place, format!("`{}` is no {kind} for `{table}.{name}`", cell.value));
                    }
                    _ => {}
                }
            }
            for column in &schema.columns {
                let symbol = match column.kind {
                    ColumnType::Person => "P1",
                    ColumnType::Visit => "V1",
                    _ => continue,
                };
                if column.required && !row.value.contains_key(&column.name) {
                    self.fault(at, format!("`{table}.{}` must be given, e.g. {symbol}", column.name));
                }
            }
            given.push(plain(row));
        }
        given
    }

    fn expected(&mut self, row: Spanned<Row>) -> GivenRow {
        let at = yaml::at(&row);
        for (name, cell) in &row.value {
            if !self.frame.columns.contains(name) {
                let place = cell.as_ref().map_or(at, yaml::at);
                self.fault(place, format!("the rule's result has no column `{name}`"));
            }
        }
        if let Some(subject) = self.frame.columns.first()
            && row.value.get(subject).is_none_or(Option::is_none)
        {
            self.fault(at, format!("an expected finding must name its `{subject}`"));
        }
        plain(row)
    }
}

fn plain(row: Spanned<Row>) -> GivenRow {
    GivenRow { cells: row.value.into_iter().map(|(name, cell)| (name, cell.map(|cell| cell.value))).collect() }
}
