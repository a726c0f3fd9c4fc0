//! Numbers of visits, and which facilities lie together.

use std::fmt;

/// Buckets of facilities in a month: a city's month is worked on bucket by bucket, so that memory stays small and two cores have work.
pub const BUCKETS: u8 = 16;

/// The bucket of a facility.
pub fn bucket(facility: &str) -> u8 {
    blake3::hash(facility.as_bytes()).as_bytes()[0] % BUCKETS
}

/// The book's number of a visit (hồ sơ): worked out from facility and `MA_LK`, so that it stays the same however often the visit is sent.
///
/// 63 bits of BLAKE3. Among a hundred million visits the chance that any two share a number is about one in two thousand; the month in which it happened
/// would refuse to run and name the two ([`super::latest`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitId(pub i64);

impl VisitId {
    /// The number of a facility's visit.
    pub fn of(facility: &str, link: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in [facility, link] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        Self((u64::from_le_bytes(bytes) >> 1).cast_signed())
    }
}

impl fmt::Display for VisitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_has_one_number_and_gluing_makes_no_other() {
        assert_eq!(VisitId::of("01001", "HS1"), VisitId::of("01001", "HS1"));
        assert_ne!(VisitId::of("01001", "HS1"), VisitId::of("0100", "1HS1"));
        assert!(VisitId::of("01001", "HS1").0 > 0);
        assert!(bucket("01001") < BUCKETS);
    }
}
