//! Lists of codes: `formats/claims/lists/*.yaml`.

use std::collections::{BTreeMap, HashMap};

use base::Date;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::form::Both;
use crate::yaml::{self, ContentFault};

/// What a code means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// The code as it stands in files.
    pub code: String,
    /// The word that rules use for it.
    pub word: String,
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
    /// Percent of the card's rate, where the list gives one fixed figure.
    #[serde(default)]
    pub share: Option<String>,
    /// The law's word for the facility, where the share is that of self-referral (`bhyt.share.self_outpatient`, `…_inpatient`).
    #[serde(default)]
    pub place: Option<String>,
    /// First day, absent when it was always there.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day.
    #[serde(default)]
    pub to: Option<Date>,
    /// Where it comes from, when not from the list's own reference.
    #[serde(default)]
    pub reference: Option<String>,
    /// What must be known to use it.
    #[serde(default)]
    pub note: Option<String>,
    /// What is not known about it.
    #[serde(default)]
    pub doubt: Option<String>,
}

/// Which piece of a code a list tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The first character.
    Prefix,
    /// What stands before the first point.
    Group,
}

/// One list.
#[derive(Debug, Clone)]
pub struct List {
    /// Its name, that of the file.
    pub name: String,
    /// What it is.
    pub title: Both,
    /// The columns that hold its codes.
    pub columns: Vec<String>,
    /// The decision.
    pub reference: String,
    /// How sure it is.
    pub confidence: String,
    /// Which piece of a code the list tells; absent for the whole code.
    pub part: Option<Part>,
    /// Codes in their order.
    pub values: Vec<Meaning>,
    by_code: HashMap<String, Vec<usize>>,
}

impl List {
    /// What a code means on a day; `None` for a code that is not in the list then.
    pub fn at(&self, code: &str, day: Date) -> Option<&Meaning> {
        let mut found = self.by_code.get(code)?.iter().map(|at| &self.values[*at]);
        found.find(|meaning| meaning.from.is_none_or(|from| from <= day) && meaning.to.is_none_or(|to| day <= to))
    }

    /// What a code means or once meant, whatever the day.
    pub fn ever(&self, code: &str) -> Option<&Meaning> {
        self.by_code.get(code)?.last().map(|at| &self.values[*at])
    }
}

/// All lists, by name.
#[derive(Debug, Clone, Default)]
pub struct Lists(BTreeMap<String, List>);

impl Lists {
    /// Reads files given as name (`ma_nhom.yaml`) and text; tells all faults at once.
    pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Self, Vec<ContentFault>> {
        let mut lists = BTreeMap::new();
        let mut faults = Vec::new();
        for (file, text) in files.into_iter().filter(|(file, _)| file.ends_with(".yaml")) {
            match read(file, text) {
                Ok(list) => {
                    lists.insert(list.name.clone(), list);
                }
                Err(of_file) => faults.extend(of_file),
            }
        }
        faults.sort();
        if faults.is_empty() { Ok(Self(lists)) } else { Err(faults) }
    }

    /// A list by name.
    pub fn get(&self, name: &str) -> Option<&List> {
        self.0.get(name)
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = &List> {
        self.0.values()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    list: Spanned<String>,
    columns: Vec<String>,
    title: Both,
    reference: String,
    confidence: String,
    /// Which piece of a code the list tells; absent for the whole code.
    #[serde(default)]
    part: Option<Part>,
    values: Vec<Spanned<Meaning>>,
}

fn read(file: &str, text: &str) -> Result<List, Vec<ContentFault>> {
    let written: Written = yaml::read(&format!("lists/{file}"), text).map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let mut fault = |at: (u64, u64), message: String| faults.push(yaml::fault(&format!("lists/{file}"), at, message));
    if file.strip_suffix(".yaml") != Some(&written.list.value) {
        fault((1, 1), format!("the list `{}` does not fit the file's name", written.list.value));
    }
    let mut by_code: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, value) in written.values.iter().enumerate() {
        let here = (value.referenced.line(), value.referenced.column());
        let Meaning { code, word, from, to, .. } = &value.value;
        let same = by_code.entry(code.clone()).or_default();
        let overlaps = same.iter().map(|other| &written.values[*other].value).any(|other| {
            let begins = |a: Option<Date>, b: Option<Date>| a.is_none_or(|a| b.is_none_or(|b| a <= b));
            begins(other.from, *to) && begins(*from, other.to)
        });
        if overlaps {
            fault(here, format!("the code `{code}` is there twice on the same days"));
        }
        if !word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') || word.is_empty() {
            fault(here, format!("`{word}` is no word of small letters, digits and _"));
        }
        same.push(at);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(List {
        name: written.list.value,
        title: written.title,
        columns: written.columns,
        reference: written.reference,
        confidence: written.confidence,
        part: written.part,
        values: written.values.into_iter().map(|value| value.value).collect(),
        by_code,
    })
}
