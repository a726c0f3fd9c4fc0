//! Prepared rosters as bytes, so that a standing register need not be normalised again.
//!
//! The bytes depend on the rows alone. They hold no text, but names can be read back from their syllables
//! and numbers stand as they are: they are personal data like the roster itself.

use crate::name::MAX_SYLLABLES;
use crate::prepared::Prepared;
use crate::record::{MAX_COMMUNES, NO_SYLLABLE, PackedBirth, Record};
use crate::syllable::Syllable;

/// First bytes: what it is, and the version of the form.
const MAGIC: &[u8; 8] = b"ANSINHP1";

impl Prepared {
    /// The roster as bytes, 61 a row and 12 a distinct syllable.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(24 + self.syllables.len() * 12 + self.records.len() * 61);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&(self.syllables.len() as u64).to_le_bytes());
        out.extend_from_slice(&(self.records.len() as u64).to_le_bytes());
        for syllable in &self.syllables {
            out.extend_from_slice(&syllable.letters.to_le_bytes());
            out.extend_from_slice(&syllable.marks.to_le_bytes());
        }
        for r in &self.records {
            r.name.iter().for_each(|code| out.extend_from_slice(&code.to_le_bytes()));
            out.extend_from_slice(&r.id.to_le_bytes());
            out.extend_from_slice(&r.insurance.to_le_bytes());
            out.extend_from_slice(&r.old_id.to_le_bytes());
            out.extend_from_slice(&r.birth.bits().to_le_bytes());
            r.communes.iter().for_each(|commune| out.extend_from_slice(&commune.to_le_bytes()));
            out.extend_from_slice(&[r.sex, r.syllables, u8::from(r.birth_from_id) | u8::from(r.sex_from_id) << 1]);
        }
        out
    }

    /// The roster of such bytes; `None` when they are cut, of another version, or contradict themselves.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let syllable_count = usize::try_from(u64::from_le_bytes(take(&mut rest)?)).ok()?;
        let record_count = usize::try_from(u64::from_le_bytes(take(&mut rest)?)).ok()?;
        let expected = syllable_count.checked_mul(12)?.checked_add(record_count.checked_mul(61)?)?;
        if rest.len() != expected {
            return None;
        }
        let mut syllables = Vec::with_capacity(syllable_count);
        for _ in 0..syllable_count {
            let (letters, marks) = (u64::from_le_bytes(take(&mut rest)?), u32::from_le_bytes(take(&mut rest)?));
            syllables.push(Syllable { letters, marks });
        }
        if !syllables.is_sorted_by(|a, b| a < b) {
            return None;
        }
        let mut records = Vec::with_capacity(record_count);
        for _ in 0..record_count {
            let record = record(&mut rest)?;
            let named = record.name.get(..usize::from(record.syllables))?;
            if !named.iter().all(|code| (*code as usize) < syllable_count) || record.sex > 2 {
                return None;
            }
            records.push(record);
        }
        Some(Self { records, syllables })
    }
}

fn record(rest: &mut &[u8]) -> Option<Record> {
    let mut name = [NO_SYLLABLE; MAX_SYLLABLES];
    for code in &mut name {
        *code = u32::from_le_bytes(take(rest)?);
    }
    let (id, insurance) = (u64::from_le_bytes(take(rest)?), u64::from_le_bytes(take(rest)?));
    let (old_id, birth) = (u32::from_le_bytes(take(rest)?), PackedBirth::of_bits(u32::from_le_bytes(take(rest)?)));
    let mut communes = [0; MAX_COMMUNES];
    for commune in &mut communes {
        *commune = u16::from_le_bytes(take(rest)?);
    }
    let [sex, syllables, flags] = take(rest)?;
    let (birth_from_id, sex_from_id) = (flags & 1 != 0, flags & 2 != 0);
    Some(Record { name, id, insurance, old_id, birth, communes, sex, syllables, birth_from_id, sex_from_id })
}

/// The next bytes.
fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (own, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepared::tests::prepared;

    #[test]
    fn a_roster_comes_back_as_it_was_and_broken_bytes_do_not() {
        let roster = prepared(&[
            "Trần Văn An|1970-02-03|m|001070123456|1",
            "Đỗ Thị Bê|1990|f|012345678|3,4",
            "||||",
            "Lê Hoa|||0155000001|",
        ]);
        let bytes = roster.to_bytes();
        let back = Prepared::from_bytes(&bytes).unwrap();
        assert_eq!((&back.records, &back.syllables), (&roster.records, &roster.syllables));
        assert_eq!(back.to_bytes(), bytes);
        assert!(Prepared::from_bytes(&bytes[..bytes.len() - 1]).is_none());
        assert!(Prepared::from_bytes(&[&bytes[..], &[0]].concat()).is_none());
        let mut other = bytes.clone();
        other[7] = b'9';
        assert!(Prepared::from_bytes(&other).is_none());
        // A syllable that is not there.
        let mut wrong = bytes.clone();
        wrong[24 + 12 * roster.syllables.len()] = 200;
        assert!(Prepared::from_bytes(&wrong).is_none());
        assert_eq!(Prepared::from_bytes(&Prepared::default().to_bytes()).unwrap().len(), 0);
    }
}
