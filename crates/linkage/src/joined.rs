//! One roster out of parts that were normalised one after the other.

use crate::prepared::{Prepared, code_of, recode};
use crate::syllable::Syllable;

impl Prepared {
    /// The rows of all parts, one part after the other, as if they had been normalised together.
    ///
    /// A roster of a city is read in parts, so that its text never lies in memory as a whole.
    pub fn joined(parts: Vec<Prepared>) -> Prepared {
        let mut syllables: Vec<Syllable> = parts.iter().flat_map(|part| part.syllables.iter().copied()).collect();
        syllables.sort_unstable();
        syllables.dedup();
        let mut records = Vec::with_capacity(parts.iter().map(Prepared::len).sum());
        for mut part in parts {
            let codes: Vec<u32> = part.syllables.iter().map(|syllable| code_of(&syllables, syllable)).collect();
            part.records.iter_mut().for_each(|record| recode(record, &codes));
            records.append(&mut part.records);
        }
        Prepared { records, syllables }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepared::tests::prepared;

    #[test]
    fn parts_are_as_good_as_the_whole() {
        let rows = ["Trần Văn An|1970-02-03|m||1", "Đỗ Bê|1990-05-06|f|001190000002|3", "Âu Văn Bê|1950|m||"];
        let whole = prepared(&rows);
        let joined = Prepared::joined(vec![prepared(&rows[..1]), Prepared::default(), prepared(&rows[1..])]);
        assert_eq!((joined.records, joined.syllables), (whole.records, whole.syllables));
    }
}
