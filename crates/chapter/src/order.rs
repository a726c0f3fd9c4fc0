//! The order of the monthly steps, from what each reads and writes.

use std::collections::{BTreeMap, BTreeSet};

use crate::{ChapterError, Step};

/// Sorts steps so that each comes after those whose tables it reads.
///
/// Two writers of a table, or a circle, are errors: they would make a run depend on chance. Steps that
/// do not depend on one another keep the order of their names.
pub fn sort_steps(steps: &[Box<dyn Step>]) -> Result<Vec<usize>, ChapterError> {
    let mut writer: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        for table in step.writes() {
            if let Some(other) = writer.insert(table, at) {
                return Err(ChapterError::TwoWriters {
                    table: (*table).to_owned(),
                    steps: [steps[other].name().to_owned(), step.name().to_owned()],
                });
            }
        }
    }
    let mut open: BTreeMap<(&str, usize), BTreeSet<usize>> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        let needs = step.reads().iter().filter_map(|table| writer.get(*table).copied()).collect();
        open.insert((step.name(), at), needs);
    }
    let mut order = Vec::with_capacity(steps.len());
    while !open.is_empty() {
        let Some(next) = open.iter().find(|(_, needs)| needs.is_empty()).map(|(key, _)| *key) else {
            return Err(ChapterError::Circle { steps: open.keys().map(|(name, _)| (*name).to_owned()).collect() });
        };
        open.remove(&next);
        for needs in open.values_mut() {
            needs.remove(&next.1);
        }
        order.push(next.1);
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{StepContext, StepTable};

    struct Named(&'static str, &'static [&'static str], &'static [&'static str]);

    impl Step for Named {
        fn name(&self) -> &'static str {
            self.0
        }
        fn reads(&self) -> &'static [&'static str] {
            self.1
        }
        fn writes(&self) -> &'static [&'static str] {
            self.2
        }
        fn run(&self, _: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
            Ok(Vec::new())
        }
    }

    fn order(steps: Vec<Named>) -> Result<Vec<&'static str>, ChapterError> {
        let steps: Vec<Box<dyn Step>> = steps.into_iter().map(|s| Box::new(s) as Box<dyn Step>).collect();
        Ok(sort_steps(&steps)?.into_iter().map(|at| steps[at].name()).collect())
    }

    #[test]
    fn readers_come_after_writers() {
        let sorted = order(vec![
            Named("a.indicators", &["finding", "person"], &["indicator"]),
            Named("b.findings", &["person"], &["finding"]),
            Named("c.register", &["roster.population"], &["person", "link"]),
        ]);
        assert_eq!(sorted.unwrap(), ["c.register", "b.findings", "a.indicators"]);
    }

    #[test]
    fn two_writers_and_circles_are_refused() {
        let two = order(vec![Named("a", &[], &["t"]), Named("b", &[], &["t"])]);
        assert!(matches!(two, Err(ChapterError::TwoWriters { table, .. }) if table == "t"));
        let circle = order(vec![Named("a", &["y"], &["x"]), Named("b", &["x"], &["y"])]);
        assert!(matches!(circle, Err(ChapterError::Circle { steps }) if steps == ["a", "b"]));
    }
}
