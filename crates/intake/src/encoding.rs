//! Bytes of a text file to text: UTF-8, UTF-16 with a mark, Windows-1258.

use std::borrow::Cow;

use crate::error::IntakeError;

/// Decodes a text file, or names the first byte that cannot be read.
///
/// Without a byte-order mark a text is UTF-8, or else Windows-1258 when that gives sound Vietnamese.
/// A file that holds proper UTF-8 letters before its first bad byte is damaged UTF-8, not Windows-1258.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, IntakeError> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|e| bad_byte(e.valid_up_to() + 3)),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => {
                let good = &bytes[..error.valid_up_to()];
                let was_utf8 = !good.is_ascii();
                windows_1258(bytes).filter(|_| !was_utf8).map(Cow::Owned).ok_or_else(|| bad_byte(error.valid_up_to()))
            }
        },
    }
}

fn bad_byte(offset: usize) -> IntakeError {
    IntakeError::Encoding { offset: offset as u64 }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, IntakeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(bad_byte(bytes.len() + 1));
    }
    let mut text = String::with_capacity(bytes.len());
    let mut at = 2;
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
    fn names_the_first_bad_byte() {
        // Damaged UTF-8: a letter with marks before the bad byte.
        let mut bytes = "Họ tên".as_bytes().to_vec();
        let offset = bytes.len() as u64;
        bytes.extend([0xff, b'x']);
        assert_eq!(decode(&bytes), Err(IntakeError::Encoding { offset }));
        // A tone after a consonant is no Vietnamese.
        assert_eq!(decode(b"abc b\xf2"), Err(IntakeError::Encoding { offset: 5 }));
        // UTF-16 cut in the middle of a letter, and half a pair.
        assert_eq!(decode(&[0xff, 0xfe, 0x41]), Err(IntakeError::Encoding { offset: 2 }));
        assert_eq!(decode(&[0xff, 0xfe, 0x41, 0, 0, 0xd8]), Err(IntakeError::Encoding { offset: 4 }));
    }
}
