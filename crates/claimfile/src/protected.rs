//! Diseases whose records are protected more than others: `formats/claims/protected.yaml`.

use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::TableId;
use crate::yaml::{self, ContentFault};

/// A range of ICD-10 codes, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectedBlock {
    /// First code, in capitals without a point.
    from: String,
    /// Last code, likewise, as long as the first.
    to: String,
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
    /// On which law it rests.
    pub reference: String,
    /// What is not known about it.
    pub doubt: Option<String>,
}

/// Which visits are protected (HIV, rối loạn tâm thần, ung thư): by codes of diseases in some columns, and by rows of some tables.
///
/// Without the file nothing says which diseases are harmless, so each visit counts as protected.
#[derive(Debug, Clone, Default)]
pub struct Protected {
    known: bool,
    columns: Vec<(TableId, String)>,
    tables: Vec<TableId>,
    blocks: Vec<ProtectedBlock>,
}

impl Protected {
    /// Whether a code lies in one of the blocks. Points, blanks and small letters make no difference; of a longer code its beginning counts, so `C50.9`
    /// lies in `C00`-`C97`. A cell with several codes asks for each of them.
    pub fn is_protected(&self, code: &str) -> bool {
        let code = plain(code);
        !code.is_empty() && (!self.known || self.blocks.iter().any(|block| block.has(&code)))
    }

    /// Columns that hold codes of diseases.
    pub fn columns(&self) -> impl Iterator<Item = (TableId, &str)> {
        self.columns.iter().map(|(table, column)| (*table, column.as_str()))
    }

    /// Tables that are protected by being there.
    pub fn tables(&self) -> &[TableId] {
        &self.tables
    }

    /// The blocks, as the file has them.
    pub fn blocks(&self) -> &[ProtectedBlock] {
        &self.blocks
    }

    /// Whether there is a list at all; without one everything is protected.
    pub fn is_known(&self) -> bool {
        self.known
    }

    pub(crate) fn load(file: &str, text: &str) -> Result<Self, Vec<ContentFault>> {
        let written: Written = yaml::read(file, text).map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        let mut protected = Self { known: true, ..Self::default() };
        for column in &written.columns {
            let place = column.value.split_once('.').and_then(|(table, name)| Some((TableId::parse(table)?, name.to_owned())));
            match place {
                Some(place) => protected.columns.push(place),
                None => faults.push(fault(file, column, format!("`{}` is no column of a claim table", column.value))),
            }
        }
        for table in &written.tables {
            match TableId::parse(&table.value) {
                Some(id) => protected.tables.push(id),
                None => faults.push(fault(file, table, format!("`{}` is no claim table", table.value))),
            }
        }
        for row in written.blocks {
            let (from, to) = (plain(&row.value.from), plain(&row.value.to));
            let is_code = |code: &str| code.len() >= 3 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !is_code(&from) || from.len() != to.len() || from > to {
                faults.push(fault(file, &row, format!("`{}`-`{}` is no range of codes", row.value.from, row.value.to)));
            }
            if row.value.reference.trim().is_empty() {
                faults.push(fault(file, &row, "a block needs its reference".to_owned()));
            }
            let WrittenBlock { vi, en, reference, doubt, .. } = row.value;
            protected.blocks.push(ProtectedBlock { from, to, vi, en, reference, doubt });
        }
        if protected.blocks.is_empty() || protected.columns.is_empty() {
            faults.push(yaml::fault(file, (1, 1), "there is no block or no column: nothing would be protected".to_owned()));
        }
        if faults.is_empty() { Ok(protected) } else { Err(faults) }
    }
}

impl ProtectedBlock {
    /// Whether a plain code begins within the range.
    fn has(&self, code: &str) -> bool {
        code.get(..self.from.len()).is_some_and(|begin| self.from.as_str() <= begin && begin <= self.to.as_str())
    }
}

/// A code in capitals, letters and digits alone.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

fn fault<T>(file: &str, at: &Spanned<T>, message: String) -> ContentFault {
    yaml::fault(file, (at.referenced.line(), at.referenced.column()), message)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    columns: Vec<Spanned<String>>,
    #[serde(default)]
    tables: Vec<Spanned<String>>,
    blocks: Vec<Spanned<WrittenBlock>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenBlock {
    from: String,
    to: String,
    vi: String,
    en: String,
    reference: String,
    #[expect(dead_code, reason = "how sure it is, for who reads the file; nothing is computed from it")]
    confidence: String,
    #[serde(default)]
    doubt: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../../formats/claims/protected.yaml");

    #[test]
    fn codes_of_protected_diseases_are_known_however_they_are_written() {
        let protected = Protected::load("protected.yaml", FILE).unwrap();
        for code in ["B20", "b23.1", " Z21 ", "F32", "F00", "F99", "C50.9", "C509", "C97", "D05", "O98.7", "R75", "Z20.6"] {
            assert!(protected.is_protected(code), "{code}");
        }
        for code in ["J18.9", "B19", "B25", "I63", "D10", "O98.6", "O98", "Z20", "Z20.5", "", "."] {
            assert!(!protected.is_protected(code), "{code}");
        }
        assert_eq!(protected.tables(), [TableId::parse("xml6").unwrap()]);
        assert!(protected.blocks().iter().all(|block| !block.reference.is_empty()));
    }

    #[test]
    fn without_a_list_every_code_is_protected() {
        let protected = Protected::default();
        assert!(protected.is_protected("J18.9") && !protected.is_known());
    }

    #[test]
    fn a_list_that_protects_nothing_is_refused() {
        for (wrong, with) in [
            ("columns: [xml1.MA_BENH_CHINH, xml1.MA_BENH_KT, xml3.MA_BENH]", "columns: [xml99.MA_BENH]"),
            ("from: F00", "from: F999"),
            ("from: C00", "from: C98"),
            ("tables: [xml6]", "tables: [hiv]"),
        ] {
            assert!(FILE.contains(wrong), "{wrong}");
            assert!(Protected::load("protected.yaml", &FILE.replacen(wrong, with, 1)).is_err(), "{with}");
        }
        assert!(Protected::load("protected.yaml", "columns: [xml1.MA_BENH_CHINH]\nblocks: []\n").is_err());
    }
}
