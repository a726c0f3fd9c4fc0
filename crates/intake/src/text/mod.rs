//! Bytes of a text file to text: UTF-8, UTF-16, Windows-1258, TCVN3, VNI.

mod evidence;
mod repair;
mod syllables;
mod tables;

use std::borrow::Cow;

use crate::error::IntakeError;
use evidence::Evidence;
pub(crate) use repair::{Repair, Survey};
pub(crate) use syllables::is_syllable;
use tables::OldEncoding;

/// Decodes a text file, or names the first byte that cannot be read.
///
/// Without a byte-order mark a text is UTF-8 or by its zero bytes UTF-16, or else the one old encoding in
/// which its words are Vietnamese. A file that holds proper UTF-8 letters before its first bad byte is
/// damaged UTF-8, nothing older.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, IntakeError> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|e| bad_byte(e.valid_up_to() + 3)),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes, 2),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes, 2),
        _ => match unmarked_utf16(bytes) {
            Some(unit) => utf16(bytes, unit, 0),
            None => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Cow::Borrowed(text)),
                Err(error) if !bytes[..error.valid_up_to()].is_ascii() => Err(bad_byte(error.valid_up_to())),
                Err(error) => old_text(bytes, error.valid_up_to()).map(Cow::Owned),
            },
        },
    }
}

/// Whether this is UTF-16 without a mark: one half of all units is the page of Latin or Vietnamese letters,
/// which text of one byte a letter never has.
pub(crate) fn unmarked_utf16(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    let (pairs, rest) = bytes[..bytes.len().min(8_192)].as_chunks::<2>();
    if !rest.is_empty() || pairs.len() < 2 {
        return None;
    }
    let fits = |high: usize| {
        let is_page = |pair: &[u8; 2]| matches!(pair[high], 0x00 | 0x01 | 0x03 | 0x1e | 0x20) && pair != &[0, 0];
        let latin = pairs.iter().filter(|pair| pair[high] == 0).count();
        pairs.iter().all(is_page) && latin * 4 >= pairs.len()
    };
    if fits(1) {
        Some(u16::from_le_bytes)
    } else if fits(0) {
        Some(u16::from_be_bytes)
    } else {
        None
    }
}

/// Text of one byte a letter, in the encoding in which its words are Vietnamese.
fn old_text(bytes: &[u8], first_bad: usize) -> Result<String, IntakeError> {
    let mut evidence = Evidence::default();
    evidence.add_bytes(bytes);
    let sound_1258 = windows_1258(bytes);
    let count_1258 = if sound_1258.is_some() { evidence.as_is } else { 0 };
    let old = |encoding: OldEncoding| evidence.is_sound(evidence.of(encoding)).then(|| encoding.decode(bytes)).flatten();
    // Every byte means something in Windows-1258: one that reads no worse than the others is enough.
    let others = evidence.tcvn3.max(evidence.vni);
    if let Some(text) = sound_1258.filter(|_| others * 2 <= count_1258 || evidence.words == 0 || others == 0) {
        return Ok(text);
    }
    let clear = Evidence { as_is: count_1258, ..evidence }.clear();
    if let Some(text) = clear.and_then(old) {
        return Ok(text);
    }
    let mut candidates: Vec<String> = Vec::new();
    if evidence.is_sound(count_1258) {
        candidates.push("Windows-1258".to_owned());
    }
    let both = [OldEncoding::Tcvn3, OldEncoding::Vni];
    candidates.extend(both.into_iter().filter(|e| old(*e).is_some()).map(|e| e.name().to_owned()));
    if candidates.len() > 1 { Err(IntakeError::AmbiguousEncoding { candidates }) } else { Err(bad_byte(first_bad)) }
}

fn bad_byte(offset: usize) -> IntakeError {
    IntakeError::Encoding { offset: offset as u64 }
}

/// `from` is how many bytes stand before: places are counted from the start of the file.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, from: usize) -> Result<Cow<'_, str>, IntakeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(bad_byte(bytes.len() - 1 + from));
    }
    let mut text = String::with_capacity(bytes.len());
    let mut at = from;
    for c in char::decode_utf16(pairs.iter().map(|p| unit(*p))) {
        let c = c.map_err(|_| bad_byte(at))?;
        at += 2 * c.len_utf16();
        text.push(c);
    }
    Ok(Cow::Owned(text))
}

/// Every byte means something in Windows-1258, so soundness is judged by the text: no control
/// characters of the upper half, and a tone only on a vowel.
fn windows_1258(bytes: &[u8]) -> Option<String> {
    let (text, had_errors) = encoding_rs::WINDOWS_1258.decode_without_bom_handling(bytes);
    let mut before = ' ';
    for c in text.chars() {
        let is_tone = matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
        if matches!(c, '\u{80}'..='\u{9f}') || (is_tone && !is_vowel(before)) {
            return None;
        }
        before = c;
    }
    (!had_errors).then(|| text.into_owned())
}

fn is_vowel(c: char) -> bool {
    "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Họ tên;Đỗ Thị Mỹ Hạnh";

    fn utf16_bytes(text: &str, bytes_of: fn(u16) -> [u8; 2], mark: [u8; 2]) -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(bytes_of)).collect()
    }

    #[test]
    fn reads_utf8_and_utf16_with_marks() {
        assert_eq!(decode(TEXT.as_bytes()).unwrap(), TEXT);
        assert_eq!(decode(format!("\u{feff}{TEXT}").as_bytes()).unwrap(), TEXT);
        assert_eq!(decode(&utf16_bytes(TEXT, u16::to_le_bytes, [0xff, 0xfe])).unwrap(), TEXT);
        assert_eq!(decode(&utf16_bytes(TEXT, u16::to_be_bytes, [0xfe, 0xff])).unwrap(), TEXT);
    }

    #[test]
    fn reads_windows_1258_written_by_hand() {
        // "Họ tên Đỗ Mỹ": the letter, then the tone as a byte of its own (f2 dot, de tilde).
        let bytes = b"Ho\xf2 t\xean \xd0\xf4\xde My\xde";
        assert_eq!(base::names::clean(&decode(bytes).unwrap()), "Họ tên Đỗ Mỹ");
    }

    #[test]
    fn reads_utf16_without_a_mark() {
        let text = format!("{TEXT}\r\n1;Trần Thị Thu Hường\r\n");
        assert_eq!(decode(&utf16_bytes(&text, u16::to_le_bytes, [0, 0])[2..]).unwrap(), text);
        assert_eq!(decode(&utf16_bytes(&text, u16::to_be_bytes, [0, 0])[2..]).unwrap(), text);
        assert!(unmarked_utf16(text.as_bytes()).is_none() && unmarked_utf16(&[0; 64]).is_none());
    }

    #[test]
    fn old_encodings_are_told_apart_by_their_words() {
        let tcvn3 = b"H\xe4 t\xaan;\xa7\xde a ch\xd8\n\xa7\xe7 Th\xde M\xfc H\xb9nh;Ph\xad\xeang Ba \xa7\xd7nh\n";
        assert_eq!(decode(tcvn3).unwrap(), "Họ tên;Đị a chỉ\nĐỗ Thị Mỹ Hạnh;Phường Ba Đình\n");
        let vni = b"Ho\xef te\xe2n;\xd1\xf2a ch\xe6\n\xd1o\xe3 Th\xf2 My\xf5 Ha\xefnh;Ph\xf6\xf4\xf8ng Ba \xd1\xecnh\n";
        assert_eq!(decode(vni).unwrap(), "Họ tên;Địa chỉ\nĐỗ Thị Mỹ Hạnh;Phường Ba Đình\n");
    }

    #[test]
    fn what_reads_in_two_ways_names_them() {
        // "mé" in Windows-1258, "mộ" in TCVN3.
        let error = decode(b"m\xe9;m\xe9;m\xe9").unwrap_err();
        assert!(matches!(&error, IntakeError::AmbiguousEncoding { candidates } if candidates.len() == 2), "{error}");
    }

    #[test]
    fn names_the_first_bad_byte() {
        // Damaged UTF-8: a letter with marks before the bad byte.
        let mut bytes = "Họ tên".as_bytes().to_vec();
        let offset = bytes.len() as u64;
        bytes.extend([0xff, b'x']);
        assert_eq!(decode(&bytes), Err(IntakeError::Encoding { offset }));
        // No Vietnamese in any encoding.
        assert_eq!(decode(b"abc bg\xf2"), Err(IntakeError::Encoding { offset: 6 }));
        // UTF-16 cut in the middle of a letter, and half a pair.
        assert_eq!(decode(&[0xff, 0xfe, 0x41]), Err(IntakeError::Encoding { offset: 2 }));
        assert_eq!(decode(&[0xff, 0xfe, 0x41, 0, 0, 0xd8]), Err(IntakeError::Encoding { offset: 4 }));
    }
}
