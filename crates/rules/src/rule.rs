//! One rule with everything it declares, and the loading of all.

use std::collections::{BTreeMap, BTreeSet};

use base::{Strength, SubjectKind};
use engine::datafusion::sql::sqlparser::ast::Query;
use law::Law;
use serde_saphyr::Spanned;

use crate::case::{Case, Frame};
use crate::error::{Place, Problem, RuleError};
use crate::front::{Bilingual, FrontMatter, Parameter, Shape, Validity, Work};
use crate::markdown::{self, Document, Part};
use crate::query::{self, Checked};
use crate::schema::TableSchemas;
use crate::{case, yaml};

/// Names of the run's own values, which no rule may give to a parameter.
pub(crate) const RUN_VALUES: [&str; 3] = ["as_of", "period_end", "period_start"];

/// The four sections every rule has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionKey {
    /// What the rule finds.
    Finds,
    /// Why it matters, with the law.
    Matters,
    /// Honest reasons why a finding may be no fault.
    Reasons,
    /// What to ask for before anything is decided.
    Ask,
}

impl SectionKey {
    /// All, in the order of the page.
    pub const ALL: [SectionKey; 4] = [Self::Finds, Self::Matters, Self::Reasons, Self::Ask];

    /// The heading in the file.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Finds => "What it finds",
            Self::Matters => "Why it matters",
            Self::Reasons => "Honest reasons",
            Self::Ask => "What to ask for",
        }
    }

    /// The heading on Vietnamese pages.
    pub fn heading_vi(self) -> &'static str {
        match self {
            Self::Finds => "Quy tắc phát hiện gì",
            Self::Matters => "Vì sao cần rà soát",
            Self::Reasons => "Những lý do chính đáng có thể có",
            Self::Ask => "Cần hỏi gì, cần giấy tờ nào",
        }
    }
}

/// A section of the manual page, as Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Which one.
    pub key: SectionKey,
    /// Vietnamese Markdown.
    pub vi: String,
    /// English Markdown.
    pub en: String,
}

/// A rule that passed every check that needs no data.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The id, equal to the file's name; never reused.
    pub id: String,
    /// Title.
    pub title: Bilingual,
    /// The chapter whose rule it is.
    pub chapter: String,
    /// What a finding is about.
    pub subject: SubjectKind,
    /// Columns that, with the subject, name a finding over all runs.
    pub key: Vec<String>,
    /// How strong a finding is.
    pub strength: Strength,
    /// Tables it reads.
    pub reads: Vec<String>,
    /// Keys of the law it uses.
    pub law: Vec<String>,
    /// The rule's own choices.
    pub parameters: BTreeMap<String, Parameter>,
    /// What becomes of a finding.
    pub work: Work,
    /// When the rule may be run.
    pub valid: Validity,
    /// Ids it had before.
    pub formerly: Vec<String>,
    /// The manual page, in the order of [`SectionKey::ALL`].
    pub sections: Vec<Section>,
    /// The SQL as written.
    pub sql: String,
    /// Columns of the result: the subject, the key columns, the evidence.
    pub columns: Vec<String>,
    /// Its cases.
    pub cases: Vec<Case>,
    /// The file, relative to the rules folder.
    pub file: String,
    pub(crate) query: Query,
    text_hash: [u8; 32],
}

impl Rule {
    /// The column that names the subject: `person_id` or `employer_tax_code`.
    pub fn subject_column(&self) -> &'static str {
        subject_column(self.subject)
    }
}

/// All rules, by id.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: BTreeMap<String, Rule>,
}

impl Rules {
    /// Reads rule files: pairs of path (relative to the rules folder) and text.
    ///
    /// Reports the faults of all files, by file and line; with one fault nothing is loaded.
    pub fn load<P: AsRef<str>, T: AsRef<str>>(
        files: impl IntoIterator<Item = (P, T)>,
        law: &Law,
        schemas: &TableSchemas,
    ) -> Result<Self, Vec<RuleError>> {
        let mut rules = BTreeMap::new();
        let mut faults = Vec::new();
        for (path, text) in files {
            match read(path.as_ref(), text.as_ref(), law, schemas) {
                Ok(rule) => {
                    if let Some(other) = rules.insert(rule.id.clone(), rule) {
                        let what = format!("the id `{}` is also used by {}", other.id, path.as_ref());
                        faults.push(Place { file: &other.file, lines_before: 0 }.error(1, 1, Problem::Declared(what)));
                    }
                }
                Err(of_file) => faults.extend(of_file),
            }
        }
        for rule in rules.values() {
            for id in rule.formerly.iter().filter(|id| rules.contains_key(*id)) {
                let what = format!("formerly: `{id}` is the id of a rule that is still there");
                faults.push(Place { file: &rule.file, lines_before: 0 }.error(1, 1, Problem::Declared(what)));
            }
        }
        faults.sort();
        if faults.is_empty() { Ok(Self { rules }) } else { Err(faults) }
    }

    /// All rules, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// The rule of an id, or the one that had this id before.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id).or_else(|| self.iter().find(|rule| rule.formerly.iter().any(|old| old == id)))
    }

    /// BLAKE3 over the ids and texts of all rules: what a run records.
    pub fn hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for rule in self.iter() {
            hasher.update(&(rule.id.len() as u64).to_le_bytes());
            hasher.update(rule.id.as_bytes());
            hasher.update(&rule.text_hash);
        }
        *hasher.finalize().as_bytes()
    }
}

fn subject_column(subject: SubjectKind) -> &'static str {
    match subject {
        SubjectKind::Person => "person_id",
        SubjectKind::Employer => "employer_tax_code",
    }
}

fn read(file: &str, text: &str, law: &Law, schemas: &TableSchemas) -> Result<Rule, Vec<RuleError>> {
    let mut document = markdown::cut(file, text).map_err(|fault| vec![fault])?;
    let place = Place { file, lines_before: document.front.lines_before };
    let front: FrontMatter = yaml::read(&document.front.text, place).map_err(|fault| vec![fault])?;
    if front.shape.value != Shape::Query {
        let (line, column) = yaml::at(&front.shape);
        return Err(vec![place.error(line, column, Problem::Shape(front.shape.value.as_str()))]);
    }
    let mut check = Check { place, faults: Vec::new() };
    check.names(file, &front);
    check.declared_tables(&front, schemas);
    check.declared_law(&front, law);
    let sections = check.sections(&document);
    let sql = check.one(&mut document.sql, "sql");
    let cases = check.one(&mut document.cases, "yaml");
    let (Some(sql), Some(cases)) = (sql, cases) else { return Err(check.faults) };
    let checked = match query::check(&sql.text, Place { file, lines_before: sql.lines_before }) {
        Ok(checked) => checked,
        Err(of_sql) => {
            check.faults.extend(of_sql);
            return Err(check.faults);
        }
    };
    check.agrees(&front, &checked, &sql);
    let names = |list: &[Spanned<String>]| list.iter().map(|name| name.value.clone()).collect::<Vec<_>>();
    let reads = names(&front.reads);
    let frame = Frame { schemas, reads: &reads, columns: &checked.columns, valid: front.valid };
    let cases = case::read(&cases, file, &frame).unwrap_or_else(|of_cases| {
        check.faults.extend(of_cases);
        Vec::new()
    });
    if !check.faults.is_empty() {
        return Err(check.faults);
    }
    Ok(Rule {
        key: names(&front.key),
        law: names(&front.law),
        id: front.id.value,
        title: front.title,
        chapter: front.chapter.value,
        subject: front.subject,
        strength: front.strength,
        reads,
        parameters: front.parameters.into_iter().map(|(name, parameter)| (name, parameter.value)).collect(),
        work: front.work,
        valid: front.valid,
        formerly: front.formerly,
        sections,
        sql: sql.text,
        columns: checked.columns,
        cases,
        file: file.to_owned(),
        query: checked.query,
        text_hash: *blake3::hash(text.as_bytes()).as_bytes(),
    })
}

/// Holds the front matter against the rest of the file, the tables and the law.
struct Check<'a> {
    place: Place<'a>,
    faults: Vec<RuleError>,
}

impl Check<'_> {
    fn fault<T>(&mut self, value: &Spanned<T>, message: String) {
        let (line, column) = yaml::at(value);
        self.faults.push(self.place.error(line, column, Problem::Declared(message)));
    }

    fn page(&mut self, line: u64, message: String) {
        self.faults.push(Place { lines_before: 0, ..self.place }.error(line, 1, Problem::Page(message)));
    }

    fn names(&mut self, file: &str, front: &FrontMatter) {
        let mut parts = file.rsplit('/');
        let stem = parts.next().and_then(|name| name.strip_suffix(".md")).unwrap_or_default();
        if stem != front.id.value {
            self.fault(&front.id, format!("the rule `{}` must lie in {}.md", front.id.value, front.id.value));
        }
        if parts.next() != Some(&front.chapter.value) {
            self.fault(&front.chapter, format!("a rule of this chapter must lie in the folder {}/", front.chapter.value));
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

    fn declared_tables(&mut self, front: &FrontMatter, schemas: &TableSchemas) {
        for table in front.reads.iter().filter(|table| schemas.get(&table.value).is_none()) {
            self.fault(table, format!("reads: there is no contract formats/tables/{}.yaml", table.value));
        }
    }

    fn declared_law(&mut self, front: &FrontMatter, law: &Law) {
        for key in &front.law {
            if let Err(error) = law.known(&key.value) {
                self.fault(key, format!("law: {error}"));
            }
        }
    }

    fn sections(&mut self, document: &Document) -> Vec<Section> {
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

    fn one(&mut self, parts: &mut Vec<Part>, kind: &str) -> Option<Part> {
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

    fn agrees(&mut self, front: &FrontMatter, sql: &Checked, part: &Part) {
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
