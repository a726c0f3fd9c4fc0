//! Occupations (MA_NGHE_NGHIEP), one list for all facilities.

use std::collections::HashMap;

use base::Date;
use engine::EngineError;
use engine::arrow::record_batch::RecordBatch;

use super::columns::{Terms, Texts};
use super::own::numbered;
use super::{Term, any_holds};

/// Digits of MA_NGHE_NGHIEP (decision 130/QĐ-BYT, table 1).
const DIGITS: usize = 5;
/// Of who has no occupation (decision 130/QĐ-BYT, table 1): a code whether a list has it or not.
const NONE: &str = "00000";

/// The list of occupations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Occupations {
    codes: HashMap<String, Vec<Term>>,
    /// When any of its rows holds.
    terms: Vec<Term>,
    /// Whether any of its codes has all five digits: a list of a higher level alone says nothing of these.
    whole: bool,
}

impl Occupations {
    /// Whether a code is in the list on a day, on any day when it is unknown; `None` when no row of the list holds on that day, and for a code of five
    /// digits when the list has none of that length.
    pub fn has(&self, code: &str, day: Option<Date>) -> Option<bool> {
        let code = code.trim();
        if code == NONE || self.codes.get(code).is_some_and(|terms| any_holds(terms, day)) {
            return Some(true);
        }
        let tells = any_holds(&self.terms, day) && (self.whole || code.len() != DIGITS);
        tells.then_some(false)
    }

    /// Whether there is any code.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }
}

/// Makes the list: several files add up, and of one code and first day the newer file counts.
pub(super) fn load(files: &[Vec<RecordBatch>]) -> Result<Occupations, EngineError> {
    let mut held: HashMap<String, Vec<(usize, Term)>> = HashMap::new();
    let mut list = Occupations::default();
    for (file, batch) in numbered(files) {
        let (codes, terms) = (Texts::of(batch, "code")?, Terms::of(batch)?);
        for row in 0..batch.num_rows() {
            let Some(code) = codes.at(row) else { continue };
            let term = terms.at(row);
            list.whole |= code.len() == DIGITS && code != NONE;
            // Excel takes zeros in front away: the code is known with them and without.
            let padded =
                if code.bytes().all(|byte| byte.is_ascii_digit()) { format!("{code:0>DIGITS$}") } else { code.to_owned() };
            let mut spellings = vec![code.to_owned(), padded];
            spellings.dedup();
            for code in spellings {
                let rows = held.entry(code).or_default();
                rows.retain(|(from, old)| *from == file || old.from != term.from);
                if !rows.contains(&(file, term)) {
                    rows.push((file, term));
                }
            }
        }
    }
    list.codes = held.into_iter().map(|(code, rows)| (code, rows.into_iter().map(|(_, term)| term).collect())).collect();
    list.terms = list.codes.values().flatten().copied().collect();
    list.terms.sort_unstable();
    list.terms.dedup();
    Ok(list)
}
