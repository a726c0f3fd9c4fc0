//! Words of offices as codes (`formats/codes`), and the monthly step that counts the words no list knows.

use std::collections::HashMap;

use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use engine::rows;
use intake::{CodeList, Codes};

/// Counts what is written in rosters and has no code.
pub struct CodesStep;

const NAME: &str = "coverage.codes";

/// Where words without a code stand.
struct Gap {
    list: &'static str,
    table: &'static str,
    /// SQL of the text.
    text: &'static str,
    /// The column of the code.
    code: &'static str,
}

const fn gap(list: &'static str, table: &'static str, text: &'static str, code: &'static str) -> Gap {
    Gap { list, table, text, code }
}

/// All columns with a code, by list.
const GAPS: [Gap; 10] = [
    gap("benefit", "pension", "benefit", "benefit_code"),
    gap("business_state", "employer", "business_state", "business_code"),
    gap("card_state", "household_member", "card_state", "card_code"),
    gap("employer_kind", "employer", "kind", "kind_code"),
    gap("insured_as_said", "labour", "insured_as_said", "insured_code"),
    gap("social_ground", "social_pension", "ground", "ground_code"),
    gap("support_group", "supported_group", "\"group\"", "group_code"),
    gap("tax_method", "employer", "tax_method_written", "tax_method"),
    gap("tax_state", "employer", "tax_state", "tax_code_state"),
    // That somebody works does not say how: status and position are read together.
    gap("work", "labour", "coalesce(employment_status, '') || coalesce(' / ' || work_position, '')", "work_code"),
];

impl Step for CodesStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &["employer", "household_member", "labour", "pension", "social_pension", "supported_group"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["code_gap"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let session = context.session(self.reads())?;
        let mut out = TableBuilder::new(context.schema("code_gap")?)?;
        for gap in GAPS.iter().filter(|gap| session.has_table(gap.table)) {
            let sql = format!(
                "SELECT said, count(*) AS found FROM (SELECT {} AS said FROM {} WHERE {} IS NULL) \
                 WHERE said IS NOT NULL AND said <> '' GROUP BY said ORDER BY said",
                gap.text, gap.table, gap.code
            );
            for batch in context.wait(session.collect(&sql))? {
                let (texts, counts) = (rows::text(&batch, "said")?, rows::int(&batch, "found")?);
                for row in 0..batch.num_rows() {
                    out.text(Some(gap.list)).text(Some(texts.value(row))).int(Some(counts.value(row)));
                }
            }
        }
        Ok(vec![StepTable::new("code_gap", context.schema("code_gap")?, out.finish()?)])
    }
}

/// Gives texts their codes; each way of writing is worked out once.
pub(crate) struct Coder<'c> {
    list: Option<&'c CodeList>,
    known: HashMap<String, Option<&'c str>>,
}

impl<'c> Coder<'c> {
    /// A coder of one list. Content of before there were codes has no list: then nothing has a code.
    pub(crate) fn new(codes: &'c Codes, list: &str) -> Self {
        Self { list: codes.get(list), known: HashMap::new() }
    }

    /// The code of a text.
    pub(crate) fn code(&mut self, text: &str) -> Option<&'c str> {
        if let Some(code) = self.known.get(text) {
            return *code;
        }
        let code = self.list.and_then(|list| list.code_of(text));
        self.known.insert(text.to_owned(), code);
        code
    }

    /// The code that the beginning of a name tells.
    pub(crate) fn at_start(&self, name: &str) -> Option<&'c str> {
        self.list.and_then(|list| list.code_at_start(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_codes_has_its_gaps_counted() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/codes");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut lists: Vec<String> = files
            .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        lists.sort();
        assert_eq!(lists, GAPS.iter().map(|gap| gap.list).collect::<Vec<_>>(), "the gaps stand in the order of their lists");
        assert!(GAPS.iter().all(|gap| CodesStep.reads().contains(&gap.table)));
    }

    #[test]
    fn every_group_whose_premium_the_law_shares_has_a_code() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/codes/support_group.yaml");
        let codes = Codes::load([("support_group.yaml", std::fs::read_to_string(path).unwrap())]).unwrap();
        let list = codes.get("support_group").unwrap();
        let law = crate::testing::law();
        for key in ["bhyt.support.full", "bhyt.support.state", "hanoi.bhyt.support"] {
            let groups = law.known(key).unwrap().selector.as_ref().unwrap();
            // No office writes "other groups of the clause".
            for group in groups.values.iter().filter(|group| *group != "state_other") {
                assert!(list.title_of(group).is_some(), "{key}: {group} has no code");
            }
        }
    }
}
