//! What was sealed opens in its place with its key; whatever is done to the bytes is noticed.

use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use proptest::prelude::*;

use crate::cipher::TAG;
use crate::format::offset;
use crate::{CHUNK, KEY, Keys, NONCE, SealError, Sealed, SealedReader, SealedWriter, is_sealed, key_id, open, seal};

const PLACE: &str = "objects";

fn keys(number: u8) -> Keys {
    Keys::new(vec![(format!("k{number}"), [number; KEY])]).unwrap()
}

/// Bytes that do not repeat from chunk to chunk.
fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8 ^ (at >> 16) as u8).collect()
}

fn sealed(plain: &[u8], keys: &Keys, place: &str) -> (Vec<u8>, String) {
    let mut writer = SealedWriter::new(Vec::new(), keys, place).unwrap();
    writer.write_all(plain).unwrap();
    writer.finish().unwrap()
}

fn opened(bytes: &[u8], keys: &Keys, place: &str) -> Result<Vec<u8>, SealError> {
    let file = Sealed::open(Cursor::new(bytes.to_vec()), Some(keys), place)?;
    file.read_at(0, usize::try_from(file.length()).unwrap())
}

#[test]
fn bytes_that_were_sealed_open_in_their_place_alone() {
    let sealed = seal(&[7; KEY], [9; NONCE], b"account.totp u-1", b"secret").unwrap();
    assert!(!sealed.windows(6).any(|window| window == b"secret"));
    assert_eq!(open(&[7; KEY], b"account.totp u-1", &sealed).as_deref(), Some(&b"secret"[..]));
    assert_eq!(open(&[8; KEY], b"account.totp u-1", &sealed), None, "another key");
    assert_eq!(open(&[7; KEY], b"account.totp u-2", &sealed), None, "another row");
    let mut changed = sealed.clone();
    changed[NONCE] ^= 1;
    assert_eq!(open(&[7; KEY], b"account.totp u-1", &changed), None, "a changed byte");
    assert_eq!(open(&[7; KEY], b"account.totp u-1", &sealed[..10]), None, "cut off");
}

#[test]
fn a_file_of_any_length_comes_back_and_shows_nothing() {
    let keys = keys(1);
    for length in [0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7] {
        let plain = content(length);
        let (bytes, _) = sealed(&plain, &keys, PLACE);
        assert!(is_sealed(&bytes) && key_id(&bytes) == Some("k1"));
        assert_eq!(opened(&bytes, &keys, PLACE).unwrap(), plain, "{length}");
    }
    let name = "Trần Thị Bích Hường".as_bytes();
    let (bytes, _) = sealed(&name.repeat(5_000), &keys, PLACE);
    assert!(!bytes.windows(name.len()).any(|window| window == name));
    assert!(!is_sealed(b"PAR1") && key_id(b"An Sinh sealed 1").is_none());
}

#[test]
fn the_same_content_and_key_give_the_same_bytes_however_they_are_written() {
    let (keys, plain) = (keys(1), content(2 * CHUNK + 100));
    let (whole, seal) = sealed(&plain, &keys, PLACE);
    let mut writer = SealedWriter::new(Vec::new(), &keys, PLACE).unwrap();
    for piece in plain.chunks(777) {
        writer.write_all(piece).unwrap();
        writer.flush().unwrap();
    }
    assert_eq!(writer.finish().unwrap(), (whole.clone(), seal.clone()));
    // What is different in key, place or content is different everywhere.
    assert_ne!(sealed(&plain, &self::keys(2), PLACE).1, seal);
    assert_ne!(sealed(&plain, &keys, "rejects/a.csv").0[offset(0) as usize..][..CHUNK], whole[offset(0) as usize..][..CHUNK]);
    let mut other = plain.clone();
    other[0] ^= 1;
    let (other, other_seal) = sealed(&other, &keys, PLACE);
    assert_ne!(other_seal, seal);
    // After a difference nothing shows that the rest is the same.
    let second = offset(1) as usize..offset(2) as usize;
    assert_ne!(other[second.clone()], whole[second]);
}

#[test]
fn one_changed_byte_anywhere_is_noticed() {
    let (keys, plain) = (keys(1), content(CHUNK + 50));
    let (bytes, _) = sealed(&plain, &keys, PLACE);
    let inside = [0, 15, 16, 31, 32, 40, offset(1) as usize - 1, offset(1) as usize + 3];
    let behind = [1, 16, 32, 33, 40, 41, 64, 88].map(|back| bytes.len() - back);
    for at in inside.into_iter().chain(behind) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(opened(&changed, &keys, PLACE).is_err(), "byte {at}");
    }
}

#[test]
fn a_file_that_was_cut_or_made_longer_is_refused() {
    let (keys, plain) = (keys(1), content(2 * CHUNK));
    let (bytes, _) = sealed(&plain, &keys, PLACE);
    for length in [0, 10, 31, 32, 60, offset(1) as usize, bytes.len() - 40, bytes.len() - 1] {
        assert!(opened(&bytes[..length], &keys, PLACE).is_err(), "{length} bytes");
    }
    assert!(opened(&[&bytes[..], b"x"].concat(), &keys, PLACE).is_err());
    // The last chunk taken out with its nonce, and the length set right: the seal does not agree.
    let (end, second) = (bytes.len() - 40, offset(1) as usize);
    let mut shorter = bytes[..second].to_vec();
    shorter.extend_from_slice(&bytes[end - 2 * NONCE..end - NONCE]);
    shorter.extend_from_slice(&(CHUNK as u64).to_le_bytes());
    shorter.extend_from_slice(&bytes[end + 8..]);
    assert!(matches!(opened(&shorter, &keys, PLACE), Err(SealError::Changed(_))));
    // A length that was made up takes no memory.
    let mut long = bytes.clone();
    long[end..end + 8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(matches!(opened(&long, &keys, PLACE), Err(SealError::Changed(_))));
}

#[test]
fn chunks_that_changed_places_or_come_from_another_file_do_not_open() {
    let (keys, plain) = (keys(1), content(3 * CHUNK));
    let (bytes, _) = sealed(&plain, &keys, PLACE);
    let part = |number: u64| offset(number) as usize..offset(number) as usize + CHUNK + TAG;
    let mut swapped = bytes.clone();
    swapped[part(0)].copy_from_slice(&bytes[part(1)]);
    swapped[part(1)].copy_from_slice(&bytes[part(0)]);
    assert!(opened(&swapped, &keys, PLACE).is_err());
    // Another version of the same file: a chunk of it does not open here, with its nonce or without.
    let mut newer = plain.clone();
    newer[CHUNK + 9] ^= 1;
    let (newer, _) = sealed(&newer, &keys, PLACE);
    let mut mixed = bytes.clone();
    mixed[part(1)].copy_from_slice(&newer[part(1)]);
    assert!(opened(&mixed, &keys, PLACE).is_err());
    let nonces = bytes.len() - 40 - 3 * NONCE;
    mixed[nonces + NONCE..nonces + 2 * NONCE].copy_from_slice(&newer[nonces + NONCE..nonces + 2 * NONCE]);
    assert!(opened(&mixed, &keys, PLACE).is_err());
    // Chunks that nothing was done to still open alone.
    let file = Sealed::open(Cursor::new(swapped), Some(&keys), PLACE).unwrap();
    assert_eq!(file.read_at(2 * CHUNK as u64 + 5, 10).unwrap(), plain[2 * CHUNK + 5..2 * CHUNK + 15]);
    assert!(file.read_at(CHUNK as u64 - 1, 2).is_err() && file.check().is_err());
}

#[test]
fn a_file_opens_with_its_key_and_in_its_place_alone() {
    let (bytes, _) = sealed(b"Le An", &keys(1), PLACE);
    assert!(matches!(opened(&bytes, &keys(1), "arrivals/1/file"), Err(SealError::Changed(_))));
    let missing = opened(&bytes, &keys(2), PLACE).unwrap_err();
    assert!(matches!(&missing, SealError::KeyMissing { key } if key == "k1"), "{missing}");
    assert!(matches!(Sealed::open(Cursor::new(bytes.clone()), None, PLACE), Err(SealError::KeyMissing { .. })));
    // Another key under the same id is noticed.
    let impostor = Keys::new(vec![("k1".to_owned(), [9; KEY])]).unwrap();
    assert!(matches!(opened(&bytes, &impostor, PLACE), Err(SealError::Changed(_))));
    // After a new key was put first, the old one still opens.
    let both = Keys::new(vec![("k2".to_owned(), [2; KEY]), ("k1".to_owned(), [1; KEY])]).unwrap();
    assert_eq!(opened(&bytes, &both, PLACE).unwrap(), b"Le An");
    assert_eq!((both.id(), both.has("k1"), both.has("k3")), ("k2", true, false));
    assert_eq!(key_id(&sealed(b"", &both, PLACE).0), Some("k2"));
}

#[test]
fn keys_show_nothing_and_marks_need_a_key() {
    assert_eq!(format!("{:?}", keys(1)), "[\"k1\"]");
    assert!(Keys::new(Vec::new()).is_none());
    for id in ["", "k 1", "12345678901234567"] {
        assert!(Keys::new(vec![(id.to_owned(), [1; KEY])]).is_none(), "{id}");
    }
    let mark = keys(1).mark("abc");
    assert_eq!((mark.len(), &mark), (64, &keys(1).mark("abc")));
    assert!(mark != keys(2).mark("abc") && mark != keys(1).mark("abd") && mark != "abc");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_range_is_that_of_the_content(length in 0_usize..3 * CHUNK, from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let (keys, plain) = (keys(1), content(length));
        let (bytes, _) = sealed(&plain, &keys, PLACE);
        let file = Arc::new(Sealed::open(Cursor::new(bytes), Some(&keys), PLACE).unwrap());
        let (a, b) = (from.index(length + 1), to.index(length + 1));
        let (start, end) = (a.min(b), a.max(b));
        prop_assert_eq!(file.read_at(start as u64, end - start).unwrap(), &plain[start..end]);
        prop_assert!(file.read_at(start as u64, length - start + 1).is_err());
        let mut reader = SealedReader::new(file, 0);
        prop_assert_eq!(reader.seek(SeekFrom::End(-((length - start) as i64))).unwrap(), start as u64);
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        prop_assert_eq!(rest, &plain[start..]);
    }

    #[test]
    fn any_changed_byte_is_noticed(length in 0_usize..CHUNK + 5_000, at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let keys = keys(1);
        let (mut bytes, _) = sealed(&content(length), &keys, PLACE);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(opened(&bytes, &keys, PLACE).is_err());
    }
}
