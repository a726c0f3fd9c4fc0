//! Pass 0: pairs that need no weighing. The same number and an agreeing name or birth date.

use crate::compare::compare;
use crate::compare::{birth_code, id_code, insurance_code, name_code};
use crate::level::{Pattern, code};
use crate::lexicon::Lexicon;
use crate::record::{NO_NUMBER, Record};

/// Sure pairs, found from either side.
#[derive(Debug, Default)]
pub(crate) struct Certain {
    /// Ascending by right row: left row, right row, pattern.
    pub pairs: Vec<(u32, u32, Pattern)>,
    left_of_right: Vec<u32>,
    right_of_left: Vec<u32>,
}

/// No partner.
const NONE: u32 = u32::MAX;

impl Certain {
    /// The sure partner of a right row.
    pub(crate) fn partner_of_right(&self, right: u32) -> Option<u32> {
        self.left_of_right.get(right as usize).copied().filter(|l| *l != NONE)
    }

    /// The sure partner of a left row.
    pub(crate) fn partner_of_left(&self, left: u32) -> Option<u32> {
        self.right_of_left.get(left as usize).copied().filter(|r| *r != NONE)
    }

    /// Finds them among the pairs allowed. A row that two others claim is left to weighing.
    pub(crate) fn find(lexicon: &Lexicon, left: &[Record], right: &[Record], allowed: impl Fn(u32, u32) -> bool) -> Self {
        let mut claims = Vec::new();
        for number in [|r: &Record| r.id, |r: &Record| r.insurance] {
            same_number(left, right, number, |l, r| {
                let pattern = compare(lexicon, &left[l as usize], &right[r as usize]);
                if is_certain(pattern) && allowed(l, r) {
                    claims.push((l, r, pattern));
                }
            });
        }
        claims.sort_unstable();
        claims.dedup();
        let mut claimed_left = vec![0u8; left.len()];
        let mut claimed_right = vec![0u8; right.len()];
        for (l, r, _) in &claims {
            claimed_left[*l as usize] = claimed_left[*l as usize].saturating_add(1);
            claimed_right[*r as usize] = claimed_right[*r as usize].saturating_add(1);
        }
        claims.retain(|(l, r, _)| claimed_left[*l as usize] == 1 && claimed_right[*r as usize] == 1);
        claims.sort_unstable_by_key(|(_, r, _)| *r);
        let mut found = Self { pairs: claims, left_of_right: vec![NONE; right.len()], right_of_left: vec![NONE; left.len()] };
        for (l, r, _) in &found.pairs {
            found.left_of_right[*r as usize] = *l;
            found.right_of_left[*l as usize] = *r;
        }
        found
    }
}

/// Calls for every pair of rows with the same number; numbers borne by very many rows are
/// placeholders (000000000000) and prove nothing.
fn same_number(left: &[Record], right: &[Record], of: impl Fn(&Record) -> u64, mut each: impl FnMut(u32, u32)) {
    const PLACEHOLDER: usize = 32;
    let sorted = |records: &[Record]| {
        let rows = records.iter().enumerate().filter(|(_, r)| of(r) != NO_NUMBER);
        let mut rows: Vec<(u64, u32)> = rows.map(|(at, r)| (of(r), at as u32)).collect();
        rayon::slice::ParallelSliceMut::par_sort_unstable(rows.as_mut_slice());
        rows
    };
    let (a, b) = (sorted(left), sorted(right));
    let mut from = 0;
    for rights in b.chunk_by(|x, y| x.0 == y.0) {
        let number = rights[0].0;
        from += a[from..].iter().take_while(|(n, _)| *n < number).count();
        let lefts = a[from..].iter().take_while(|(n, _)| *n == number).count();
        if lefts * rights.len() <= PLACEHOLDER {
            for (_, l) in &a[from..from + lefts] {
                rights.iter().for_each(|(_, r)| each(*l, *r));
            }
        }
        from += lefts;
    }
}

/// The same number, and name or birth date agree while the other does not speak against it.
pub(crate) fn is_certain(pattern: Pattern) -> bool {
    has_same_number(pattern) && agrees_otherwise(pattern)
}

/// Whether a pair shares the personal or the insurance number.
pub(crate) fn has_same_number(pattern: Pattern) -> bool {
    pattern.code(code::ID) == usize::from(id_code::SAME) || pattern.code(code::INSURANCE) == usize::from(insurance_code::SAME)
}

/// Name and birth date taken together: one agrees and the other is not plainly another person's.
///
/// A father's number on his son's row has the surname and often the middle name right and a birth
/// date decades off, so an agreeing name is not enough against a different date.
pub(crate) fn agrees_otherwise(pattern: Pattern) -> bool {
    let (name, birth) = (pattern.code(code::NAME) as u8, pattern.code(code::BIRTH) as u8);
    let name_agrees = name <= name_code::TYPO;
    let birth_agrees = birth <= birth_code::SWAPPED;
    let birth_differs = birth == birth_code::DIFFERENT;
    let name_differs = [name_code::SURNAME_ONLY, name_code::DIFFERENT].contains(&name);
    (name_agrees && !birth_differs) || (birth_agrees && !name_differs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepared::tests::prepared;

    fn certain(left: &[&str], right: &[&str]) -> Vec<(u32, u32)> {
        let left = prepared(left);
        let (lexicon, r) = Lexicon::join(&left, &prepared(right));
        Certain::find(&lexicon, &left.records, &r, |_, _| true).pairs.iter().map(|(l, r, _)| (*l, *r)).collect()
    }

    #[test]
    fn same_number_needs_name_or_birth_date() {
        let spine = ["Nguyễn Văn An|1955-03-02|m|001055000001|1", "Trần Thị Bình|1990-05-06|f|001190000002|1"];
        assert_eq!(certain(&spine, &["NGUYEN VAN AN|1955|m|001055000001|"]), [(0, 0)]);
        assert_eq!(certain(&spine, &["Trần Thị Thanh Bình|1990-06-05|f|001190000002|"]), [(1, 0)]);
        // Another person's number: the son under his father's.
        assert_eq!(certain(&spine, &["Nguyễn Văn An|1985-03-09|m|001055000001|1"]), []);
        assert_eq!(certain(&spine, &["Lê Văn Cường|1970-01-05|m|001055000001|1"]), []);
    }

    #[test]
    fn a_number_claimed_twice_is_left_to_weighing() {
        let spine = ["Nguyễn Văn An|1955-03-02|m|001055000001|1"];
        let twice = ["Nguyễn Văn An|1955-03-02|m|001055000001|1", "Nguyễn Văn An|1955|m|001055000001|"];
        assert_eq!(certain(&spine, &twice), []);
    }
}
