//! Typed ids: mixing two kinds of number does not compile.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The book's own number for a person, given in key order when the register is built.
///
/// It says nothing about the person and may stand in URLs and logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub i64);

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P{}", self.0)
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text when it has the right form; `None` otherwise.
            pub fn parse(text: &str) -> Option<Self> {
                let accepts: fn(&str) -> bool = $accepts;
                accepts(text).then(|| Self(text.to_owned()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a {}", stringify!($name))))
            }
        }
    };
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

text_id!(
    /// Code of a commune or ward (mã xã, phường), five digits, Decision 19/2025/QĐ-TTg.
    CommuneCode,
    |t| digits(t, 5)
);
text_id!(
    /// Social insurance number (mã số BHXH), ten digits, one a person for life.
    InsuranceNumber,
    |t| digits(t, 10)
);
text_id!(
    /// Tax code (mã số thuế): 10 digits, or 10 and three for a dependent unit, stored without the dash.
    TaxCode,
    |t| digits(t, 10) || digits(t, 13)
);
text_id!(
    /// The name of one run: its period and a short content hash, e.g. `2026-10-7f3a9c21`.
    RunId,
    |t| t.len() >= 9 && t.len() <= 40 && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_check_their_form() {
        assert!(CommuneCode::parse("00004").is_some());
        assert!(CommuneCode::parse("4").is_none());
        assert!(InsuranceNumber::parse("0123456789").is_some());
        assert!(TaxCode::parse("0100109106").is_some());
        assert!(TaxCode::parse("0100109106-001").is_none());
        assert!(RunId::parse("2026-10-7f3a9c21").is_some());
        assert!(RunId::parse("../../etc").is_none());
    }
}
