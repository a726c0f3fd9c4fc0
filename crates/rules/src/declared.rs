//! Holding what a rule declares against its page, its SQL, the tables and the law.

use std::collections::BTreeSet;

use base::SubjectKind;
use law::Law;
use serde_saphyr::Spanned;

use crate::error::{Place, Problem, RuleError};
use crate::front::FrontMatter;
use crate::markdown::{Document, Part};
use crate::query::Checked;
use crate::rule::{RUN_VALUES, Section, SectionKey, subject_column};
use crate::schema::TableSchemas;
use crate::yaml;

/// Holds the front matter against the rest of the file, the tables and the law.
pub(crate) struct Check<'a> {
    pub place: Place<'a>,
    pub faults: Vec<RuleError>,
}

impl Check<'_> {
    fn fault<T>(&mut self, value: &Spanned<T>, message: String) {
        let (line, column) = yaml::at(value);
        self.faults.push(self.place.error(line, column, Problem::Declared(message)));
    }

    fn page(&mut self, line: u64, message: String) {
        self.faults.push(Place { lines_before: 0, ..self.place }.error(line, 1, Problem::Page(message)));
    }

    pub(crate) fn names(&mut self, file: &str, front: &FrontMatter) {
        let mut parts = file.rsplit('/');
        let stem = parts.next().and_then(|name| name.strip_suffix(".md")).unwrap_or_default();
        if stem != front.id.value {
            self.fault(&front.id, format!("the rule `{}` must lie in {}.md", front.id.value, front.id.value));
        }
        if parts.next() != Some(&front.chapter.value) {
            self.fault(&front.chapter, format!("a rule of this chapter must lie in the folder {}/", front.chapter.value));
        }
        if front.work.auto && front.subject == SubjectKind::Visit {
            let why = "work: `auto` opens cases about people and employers; cases of the claims audit are opened by an auditor";
            self.fault(&front.id, why.to_owned());
        }
        for (name, parameter) in &front.parameters {
            if RUN_VALUES.contains(&name.as_str()) {
                self.fault(parameter, format!("`{name}` is a value of the run; give the parameter another name"));
            }
            if parameter.value.reason.vi.trim().is_empty() || parameter.value.reason.en.trim().is_empty() {
                self.fault(parameter, format!("the parameter `{name}` needs its reason in both languages"));
            }
        }
    }

    pub(crate) fn declared_tables(&mut self, front: &FrontMatter, schemas: &TableSchemas) {
        for table in front.reads.iter().filter(|table| schemas.get(&table.value).is_none()) {
            self.fault(table, format!("reads: there is no contract formats/tables/{}.yaml", table.value));
        }
    }

    pub(crate) fn declared_law(&mut self, front: &FrontMatter, law: &Law) {
        for key in &front.law {
            if let Err(error) = law.known(&key.value) {
                self.fault(key, format!("law: {error}"));
            }
        }
    }

    pub(crate) fn sections(&mut self, document: &Document) -> Vec<Section> {
        let mut sections = Vec::new();
        for raw in &document.sections {
            if !SectionKey::ALL.iter().any(|key| key.heading() == raw.heading) {
                self.page(raw.line, format!("`## {}` is none of the four sections of a rule", raw.heading));
            }
        }
        for key in SectionKey::ALL {
            let found: Vec<_> = document.sections.iter().filter(|raw| raw.heading == key.heading()).collect();
            match found.as_slice() {
                [raw] if raw.vi.is_empty() || raw.en.is_empty() => self.page(
                    raw.line,
                    format!("`## {}` needs Vietnamese text and, under `### English`, the same in English", key.heading()),
                ),
                [raw] => sections.push(Section { key, vi: raw.vi.clone(), en: raw.en.clone() }),
                [] => self.page(1, format!("the section `## {}` is missing", key.heading())),
                [_, again, ..] => self.page(again.line, format!("the section `## {}` is there twice", key.heading())),
            }
        }
        sections
    }

    pub(crate) fn one(&mut self, parts: &mut Vec<Part>, kind: &str) -> Option<Part> {
        match parts.len() {
            1 => parts.pop(),
            0 => {
                self.page(1, format!("the ```{kind} block is missing"));
                None
            }
            _ => {
                let line = parts[1].lines_before;
                self.page(line, format!("there may be only one ```{kind} block"));
                None
            }
        }
    }

    pub(crate) fn agrees(&mut self, front: &FrontMatter, sql: &Checked, part: &Part) {
        let at_sql = Place { lines_before: part.lines_before, ..self.place };
        let mut missing: Vec<String> = Vec::new();
        let undeclared = |used: &BTreeSet<String>, declared: &[Spanned<String>]| {
            used.iter().filter(|name| !declared.iter().any(|d| d.value == **name)).cloned().collect::<Vec<_>>()
        };
        missing.extend(
            undeclared(&sql.tables, &front.reads).iter().map(|t| format!("the SQL reads `{t}`, which `reads` does not name")),
        );
        missing.extend(
            undeclared(&sql.law, &front.law).iter().map(|k| format!("the SQL asks for `{k}`, which `law` does not name")),
        );
        for value in &sql.values {
            if !RUN_VALUES.contains(&value.as_str()) && !front.parameters.contains_key(value) {
                missing.push(format!("the SQL uses ${value}, which is neither a run value nor a declared parameter"));
            }
        }
        let first: Vec<&str> =
            std::iter::once(subject_column(front.subject)).chain(front.key.iter().map(|k| k.value.as_str())).collect();
        if !sql.columns.iter().map(String::as_str).take(first.len()).eq(first.iter().copied()) {
            missing.push(format!("the result must begin with {}, then come the columns of evidence", first.join(", ")));
        }
        for (index, column) in sql.columns.iter().enumerate() {
            if sql.columns[..index].contains(column) {
                missing.push(format!("the result has two columns named `{column}`"));
            }
        }
        self.faults.extend(missing.into_iter().map(|what| at_sql.error(1, 1, Problem::Declared(what))));
        for table in front.reads.iter().filter(|table| !sql.tables.contains(&table.value)) {
            self.fault(table, format!("reads: the SQL does not read `{}`", table.value));
        }
        for key in front.law.iter().filter(|key| !sql.law.contains(&key.value)) {
            self.fault(key, format!("law: the SQL does not ask for `{}`", key.value));
        }
        for (name, parameter) in front.parameters.iter().filter(|(name, _)| !sql.values.contains(*name)) {
            self.fault(parameter, format!("parameters: the SQL does not use ${name}"));
        }
    }
}
