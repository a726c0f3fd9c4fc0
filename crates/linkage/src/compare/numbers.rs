//! Numbers given by offices: personal number, old identity card, insurance number.

use crate::record::{NO_NUMBER, NO_OLD_ID, Record};

/// Level codes of the id.
pub(crate) mod id {
    pub(crate) const SAME: u8 = 0;
    pub(crate) const NEAR: u8 = 1;
    pub(crate) const OLD_SAME: u8 = 2;
    pub(crate) const OLD_NEAR: u8 = 3;
    pub(crate) const DIFFERENT: u8 = 4;
    pub(crate) const MISSING: u8 = 5;
}

/// Level codes of the insurance number.
pub(crate) mod insurance {
    pub(crate) const SAME: u8 = 0;
    pub(crate) const NEAR: u8 = 1;
    pub(crate) const DIFFERENT: u8 = 2;
    pub(crate) const MISSING: u8 = 3;
}

/// The level of the personal number, or of the old card where that says more.
pub(crate) fn id_level(a: &Record, b: &Record) -> u8 {
    let both_new = a.id != NO_NUMBER && b.id != NO_NUMBER;
    let both_old = a.old_id != NO_OLD_ID && b.old_id != NO_OLD_ID;
    if both_new && a.id == b.id {
        id::SAME
    } else if both_old && a.old_id == b.old_id {
        id::OLD_SAME
    } else if both_new && near(a.id, b.id) {
        id::NEAR
    } else if both_old && near(u64::from(a.old_id), u64::from(b.old_id)) {
        id::OLD_NEAR
    } else if both_new || both_old {
        id::DIFFERENT
    } else {
        id::MISSING
    }
}

/// The level of the insurance number.
pub(crate) fn insurance_level(a: &Record, b: &Record) -> u8 {
    if a.insurance == NO_NUMBER || b.insurance == NO_NUMBER {
        insurance::MISSING
    } else if a.insurance == b.insurance {
        insurance::SAME
    } else if near(a.insurance, b.insurance) {
        insurance::NEAR
    } else {
        insurance::DIFFERENT
    }
}

/// Whether two different numbers are one wrong digit or one swap of neighbours apart.
pub(crate) fn near(a: u64, b: u64) -> bool {
    let mut difference = a.abs_diff(b);
    if difference == 0 {
        return false;
    }
    // A digit changed at place k makes k zeros after one digit; a swap of neighbours a multiple of nine.
    while difference.is_multiple_of(10) {
        difference /= 10;
    }
    if difference > 81 {
        return false;
    }
    let (mut x, mut y) = (a, b);
    while x % 10 == y % 10 {
        x /= 10;
        y /= 10;
    }
    if x / 10 == y / 10 {
        return true;
    }
    let (p, q) = (x % 100, y % 100);
    x / 100 == y / 100 && p / 10 == q % 10 && p % 10 == q / 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::tests::level;
    use crate::level::{FieldName, LevelName};
    use proptest::prelude::*;

    #[test]
    fn ids_are_compared_by_kind() {
        let cases = [
            ("001085123456", "001085123456", LevelName::IdSame),
            ("001085123456", "001085123465", LevelName::IdNear),
            ("001085123456", "001083123456", LevelName::IdNear),
            ("001085123456", "001085121111", LevelName::IdDifferent),
            ("012345678", "012345678", LevelName::IdOldSame),
            ("012345678", "012345687", LevelName::IdOldNear),
            ("012345678", "001085123456", LevelName::IdMissing),
        ];
        for (a, b, expected) in cases {
            assert_eq!(level(FieldName::Id, &format!("|||{a}|"), &format!("|||{b}|")), expected, "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn near_is_one_digit_or_one_swap(a in 0u64..1_000_000, b in 0u64..1_000_000, at in 0usize..12, digit in 0u64..10) {
            let text = |n: u64| format!("{n:012}").into_bytes();
            let slow = |a: u64, b: u64| {
                let (p, q) = (text(a), text(b));
                let wrong: Vec<usize> = (0..12).filter(|i| p[*i] != q[*i]).collect();
                wrong.len() == 1
                    || (wrong.len() == 2 && wrong[1] == wrong[0] + 1 && p[wrong[0]] == q[wrong[1]] && p[wrong[1]] == q[wrong[0]])
            };
            prop_assert_eq!(near(a, b), slow(a, b));
            let mut changed = text(a);
            changed[at] = b'0' + digit as u8;
            let changed: u64 = String::from_utf8(changed).unwrap().parse().unwrap();
            prop_assert_eq!(near(a, changed), slow(a, changed));
            let mut swapped = text(a);
            swapped.swap(at, (at + 1).min(11));
            let swapped: u64 = String::from_utf8(swapped).unwrap().parse().unwrap();
            prop_assert_eq!(near(a, swapped), slow(a, swapped));
        }
    }
}
