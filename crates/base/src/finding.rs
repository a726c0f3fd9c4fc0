//! What a rule finds: a subject, its evidence and the key that stays the same over the months.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A person of the register.
    Person,
    /// An employer (đơn vị sử dụng lao động).
    Employer,
    /// A claimed visit (hồ sơ đề nghị thanh toán).
    Visit,
}

impl SubjectKind {
    /// The stable word of this kind in keys and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Employer => "employer",
            Self::Visit => "visit",
        }
    }
}

/// How strong a finding is. A rule finds and explains; a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// The facts alone decide, e.g. a date has passed.
    Absolute,
    /// Needs an explanation by the one concerned (cần làm rõ).
    Explain,
    /// A hint only (cần rà soát, xác minh).
    Warn,
}

/// What became of a finding since the run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// Not there in the run before.
    New,
    /// There before and now.
    Still,
    /// There before, gone now.
    Resolved,
    /// A table the rule needs did not arrive: nothing is known, nothing is resolved.
    NotEvaluated,
}

impl FindingState {
    /// The stable word of this state in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Still => "still",
            Self::Resolved => "resolved",
            Self::NotEvaluated => "not_evaluated",
        }
    }
}

/// The name of a finding over all runs: 16 bytes of BLAKE3 over rule, subject and declared key columns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingKey([u8; 16]);

impl FindingKey {
    /// Works out the key. `key_columns` are canonical texts in the order the rule declares them.
    ///
    /// Each part is preceded by its length, so that no two lists of parts share a key by gluing.
    pub fn new(rule: &str, kind: SubjectKind, subject: &str, key_columns: &[&str]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in [rule, kind.as_str(), subject].into_iter().chain(key_columns.iter().copied()) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let mut key = [0; 16];
        key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self(key)
    }

    /// The bytes.
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// Reads the 32 hexadecimal digits of [`fmt::Display`].
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 32 || !text.is_ascii() {
            return None;
        }
        let mut key = [0; 16];
        for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(key))
    }
}

impl fmt::Display for FindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for FindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FindingKey({self})")
    }
}

/// One fact behind a finding: what the roster says, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Column of the rule's result, e.g. `valid_to`.
    pub name: String,
    /// Canonical text of its value; absent when NULL.
    pub value: Option<String>,
}

/// What a rule found about one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable key.
    pub key: FindingKey,
    /// Id of the rule.
    pub rule: String,
    /// What it is about.
    pub kind: SubjectKind,
    /// The subject's book id as text.
    pub subject: String,
    /// The facts, in the order of the rule's columns.
    pub evidence: Vec<Evidence>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_depend_on_every_part_and_on_nothing_else() {
        let key = |rule, subject, columns: &[&str]| FindingKey::new(rule, SubjectKind::Person, subject, columns);
        let one = key("wage-without-compulsory", "P1", &["0100109106"]);
        assert_eq!(one, key("wage-without-compulsory", "P1", &["0100109106"]));
        assert_ne!(one, key("wage-without-compulsory", "P1", &["0100109107"]));
        assert_ne!(one, key("wage-without-compulsory", "P2", &["0100109106"]));
        assert_ne!(key("a", "b", &["cd"]), key("a", "bc", &["d"]));
        assert_eq!(FindingKey::parse(&one.to_string()), Some(one));
        assert_eq!(FindingKey::parse("zz"), None);
    }
}
