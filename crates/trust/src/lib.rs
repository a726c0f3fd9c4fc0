//! Certificates (chứng thư số): whether a key made a signature ([`verify`]), and whether its certificate comes from one that the operator
//! trusts ([`Trust`], [`check`]).
//!
//! Signatures of PDF and of claim files stand on this; how each of them says what is signed is theirs. Nothing is opened and no clock is
//! read: certificates are bytes, moments are arguments (Unix seconds).

mod chain;
mod keys;

use der::Decode;
use serde::Serialize;

pub use chain::{Trust, TrustError, check, validity};
pub use keys::{Fault, Hash, verify, verify_rsa_sha256};
pub use x509_cert::Certificate;

/// What a part of a check says. The three are never mixed up; the worst of several parts is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Checked, and it agrees.
    Good,
    /// It could not be checked.
    NotChecked,
    /// Checked, and it does not agree.
    Wrong,
}

impl Answer {
    /// The stable word: `good`, `not_checked`, `wrong`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::NotChecked => "not_checked",
            Self::Wrong => "wrong",
        }
    }
}

/// A certificate from its bytes (DER).
pub fn read(der: &[u8]) -> Option<Certificate> {
    Certificate::from_der(der).ok()
}

/// Day and time in Hà Nội of a Unix second, as `10:15 ngày 29/11/2026`.
pub fn moment(unix: i64) -> String {
    let local = unix + 7 * 3600;
    let day = i32::try_from(local.div_euclid(86_400)).ok().and_then(base::Date::from_days_since_epoch);
    let rest = local.rem_euclid(86_400);
    let day = day.map(|day| format!("{:02}/{:02}/{}", day.day(), day.month().number(), day.year())).unwrap_or_default();
    format!("{:02}:{:02} ngày {day}", rest / 3600, rest / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_ha_noi() {
        assert_eq!(moment(1_795_922_100), "10:15 ngày 29/11/2026");
    }
}
