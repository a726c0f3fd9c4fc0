//! One rule with everything it declares, and the loading of all.

use std::collections::BTreeMap;

use base::{Strength, SubjectKind};
use engine::datafusion::sql::sqlparser::ast::Query;
use law::Law;
use serde_saphyr::Spanned;

use crate::case::{Case, Frame};
use crate::declared::Check;
use crate::error::{Place, Problem, RuleError};
use crate::front::{Bilingual, FrontMatter, Parameter, Shape, Validity, Work};
use crate::markdown;
use crate::query;
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
    /// How it is run.
    pub shape: Shape,
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
    /// Numbers of published checks that the rule does, e.g. `M01`.
    pub check: Option<String>,
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
    /// The column that names the subject: `person_id`, `employer_tax_code` or `visit_id`.
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

/// The column of the result that names a subject of this kind.
pub(crate) fn subject_column(subject: SubjectKind) -> &'static str {
    match subject {
        SubjectKind::Person => "person_id",
        SubjectKind::Employer => "employer_tax_code",
        SubjectKind::Visit => "visit_id",
    }
}

fn read(file: &str, text: &str, law: &Law, schemas: &TableSchemas) -> Result<Rule, Vec<RuleError>> {
    let mut document = markdown::cut(file, text).map_err(|fault| vec![fault])?;
    let place = Place { file, lines_before: document.front.lines_before };
    let front: FrontMatter = yaml::read(&document.front.text, place).map_err(|fault| vec![fault])?;
    if front.shape.value == Shape::Code {
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
    if front.shape.value == Shape::Row && !(checked.plain && checked.tables.len() == 1) {
        let (line, column) = yaml::at(&front.shape);
        let what =
            "a row rule is one SELECT over one context with a WHERE: no WITH, join, subquery, GROUP BY, DISTINCT or ORDER BY";
        check.faults.push(place.error(line, column, Problem::Declared(what.to_owned())));
    }
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
        shape: front.shape.value,
        subject: front.subject,
        check: front.check,
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
