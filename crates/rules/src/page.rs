//! The parts of a rule's manual page, ready for a template.

use base::Date;

use crate::case::{Case, GivenRow};
use crate::front::{Bilingual, Parameter};
use crate::markdown::html;
use crate::rule::{Rule, SectionKey};
use crate::schema::TableSchemas;

/// A rule as a page shows it. All HTML comes from Markdown with raw HTML off; other texts are to be escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePage {
    /// Id of the rule.
    pub id: String,
    /// Title.
    pub title: Bilingual,
    /// The four sections in order.
    pub sections: Vec<SectionView>,
    /// The SQL as written.
    pub sql: String,
    /// Tables it reads.
    pub reads: Vec<String>,
    /// Keys of the law it uses.
    pub law: Vec<String>,
    /// Its own parameters with their reasons.
    pub parameters: Vec<(String, Parameter)>,
    /// Its cases.
    pub cases: Vec<CaseView>,
}

/// A section in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionView {
    /// Which one.
    pub key: SectionKey,
    /// Heading.
    pub heading: Bilingual,
    /// Text as HTML.
    pub html: Bilingual,
}

/// A case as tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseView {
    /// What it shows.
    pub name: String,
    /// The last day of its period.
    pub on: Date,
    /// The tables given, with the columns the case writes, in the order of their contracts.
    pub given: Vec<TableView>,
    /// The findings expected; no rows means that nothing is found.
    pub expect: TableView,
}

/// A small table of texts; NULL is the empty text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableView {
    /// Name of the table.
    pub name: String,
    /// Column names.
    pub columns: Vec<String>,
    /// Cells by row.
    pub rows: Vec<Vec<String>>,
}

impl Rule {
    /// The manual page of the rule.
    pub fn page(&self, schemas: &TableSchemas) -> RulePage {
        let sections = self.sections.iter().map(|section| SectionView {
            key: section.key,
            heading: Bilingual { vi: section.key.heading_vi().to_owned(), en: section.key.heading().to_owned() },
            html: Bilingual { vi: html(&section.vi), en: html(&section.en) },
        });
        RulePage {
            id: self.id.clone(),
            title: self.title.clone(),
            sections: sections.collect(),
            sql: self.sql.clone(),
            reads: self.reads.clone(),
            law: self.law.clone(),
            parameters: self.parameters.iter().map(|(name, parameter)| (name.clone(), parameter.clone())).collect(),
            cases: self.cases.iter().map(|case| self.case_view(case, schemas)).collect(),
        }
    }

    fn case_view(&self, case: &Case, schemas: &TableSchemas) -> CaseView {
        let given =
            self.reads.iter().filter_map(|name| Some((schemas.get(name)?, case.given.get(name)?))).map(|(schema, rows)| {
                let columns: Vec<&str> = schema.columns.iter().map(|column| column.name.as_str()).collect();
                table(&schema.name, &columns, rows)
            });
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        CaseView { name: case.name.clone(), on: case.on, given: given.collect(), expect: table("", &columns, &case.expect) }
    }
}

/// A table of the columns that some row writes.
fn table(name: &str, columns: &[&str], rows: &[GivenRow]) -> TableView {
    let written: Vec<&str> = columns.iter().copied().filter(|c| rows.iter().any(|row| row.cells.contains_key(*c))).collect();
    let cell = |row: &GivenRow, column: &str| row.cells.get(column).cloned().flatten().unwrap_or_default();
    TableView {
        name: name.to_owned(),
        rows: rows.iter().map(|row| written.iter().map(|column| cell(row, column)).collect()).collect(),
        columns: written.into_iter().map(str::to_owned).collect(),
    }
}
