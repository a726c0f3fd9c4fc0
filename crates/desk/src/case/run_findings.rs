//! The findings of a run, as cases are held against them: a few bytes each, two or three million at city size.

use std::collections::{BTreeMap, BTreeSet};

use base::{CommuneCode, Date, FindingKey, Month, RunId};

use super::Case;
use super::settle::may_be_renumbered;

/// What a run found, filled row by row by who reads its tables.
#[derive(Debug)]
pub struct RunFindings {
    run: String,
    period: Month,
    evaluated: BTreeSet<String>,
    due: BTreeMap<String, Date>,
    /// Numbers joined to others.
    aliases: BTreeMap<i64, i64>,
    rules: Vec<String>,
    communes: Vec<CommuneCode>,
    open: Vec<Open>,
}

/// One open finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    key: FindingKey,
    subject: i64,
    rule: u16,
    commune: Option<u16>,
}

impl RunFindings {
    /// Nothing found yet by a run.
    pub fn new(run: &RunId, period: Month) -> Self {
        Self {
            run: run.to_string(),
            period,
            evaluated: BTreeSet::new(),
            due: BTreeMap::new(),
            aliases: BTreeMap::new(),
            rules: Vec::new(),
            communes: Vec::new(),
            open: Vec::new(),
        }
    }

    /// A rule was evaluated: what it no longer finds is gone. `due` is the term of cases that are opened again.
    pub fn evaluated(&mut self, rule: &str, due: Option<Date>) {
        self.evaluated.insert(rule.to_owned());
        self.due.extend(due.map(|due| (rule.to_owned(), due)));
    }

    /// A person's number was joined to another.
    pub fn alias(&mut self, old: i64, new: i64) {
        self.aliases.insert(old, new);
    }

    /// An open finding. Rules come one after the other, as in the table; communes that are no codes count as not known.
    pub fn add(&mut self, key: FindingKey, rule: &str, subject: i64, commune: Option<&str>) {
        let rule = position(&mut self.rules, |known| known == rule, || Some(rule.to_owned())).unwrap_or(u16::MAX);
        let commune =
            commune.and_then(|code| position(&mut self.communes, |known| known.as_str() == code, || CommuneCode::parse(code)));
        self.open.push(Open { key, subject, rule, commune });
    }

    /// Puts the findings in order; to be called once, after the last one.
    pub fn sorted(mut self) -> Self {
        self.open.sort_unstable();
        self
    }

    pub(super) fn run(&self) -> &str {
        &self.run
    }

    pub(super) fn period(&self) -> Month {
        self.period
    }

    pub(super) fn due(&self, rule: &str) -> Option<Date> {
        self.due.get(rule).copied()
    }

    pub(super) fn was_evaluated(&self, rule: &str) -> bool {
        self.evaluated.contains(rule)
    }

    /// The commune of an open finding.
    pub(super) fn find(&self, key: FindingKey) -> Option<Option<CommuneCode>> {
        let at = self.open.binary_search_by(|open| open.key.cmp(&key)).ok()?;
        Some(self.commune(&self.open[at]))
    }

    /// Where a case's finding stands after its person's number was joined to another: the finding of the same rule, where the other number
    /// has exactly one.
    pub(super) fn under_another_number(&self, case: &Case) -> Option<(FindingKey, i64, Option<CommuneCode>)> {
        let now = *self.aliases.get(&case.subject).filter(|_| may_be_renumbered(case))?;
        let rule = self.rules.iter().position(|rule| *rule == case.rule)?;
        let mut same = self.open.iter().filter(|open| open.subject == now && usize::from(open.rule) == rule);
        let (first, second) = (same.next()?, same.next());
        second.is_none().then(|| (first.key, now, self.commune(first)))
    }

    fn commune(&self, open: &Open) -> Option<CommuneCode> {
        open.commune.and_then(|at| self.communes.get(usize::from(at)).cloned())
    }
}

/// The place of a value in a short list; added at its end when it is new.
fn position<T>(list: &mut Vec<T>, is: impl Fn(&T) -> bool, make: impl FnOnce() -> Option<T>) -> Option<u16> {
    // Mostly the one of the row before.
    let at = list.iter().rposition(is);
    let at = match at {
        Some(at) => at,
        None => {
            list.push(make()?);
            list.len() - 1
        }
    };
    u16::try_from(at).ok()
}
