//! How text files store Vietnamese letters.
//!
//! The city's own tables: nothing is shared with the code that reads such files.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::rosters::Encoding;
use crate::write::vni;

/// TCVN 5712:1993 (VN3): small letters with their bytes.
const TCVN3: [(char, u8); 67] = [
    ('à', 0xb5),
    ('ả', 0xb6),
    ('ã', 0xb7),
    ('á', 0xb8),
    ('ạ', 0xb9),
    ('ă', 0xa8),
    ('ằ', 0xbb),
    ('ẳ', 0xbc),
    ('ẵ', 0xbd),
    ('ắ', 0xbe),
    ('ặ', 0xc6),
    ('â', 0xa9),
    ('ầ', 0xc7),
    ('ẩ', 0xc8),
    ('ẫ', 0xc9),
    ('ấ', 0xca),
    ('ậ', 0xcb),
    ('đ', 0xae),
    ('è', 0xcc),
    ('ẻ', 0xce),
    ('ẽ', 0xcf),
    ('é', 0xd0),
    ('ẹ', 0xd1),
    ('ê', 0xaa),
    ('ề', 0xd2),
    ('ể', 0xd3),
    ('ễ', 0xd4),
    ('ế', 0xd5),
    ('ệ', 0xd6),
    ('ì', 0xd7),
    ('ỉ', 0xd8),
    ('ĩ', 0xdc),
    ('í', 0xdd),
    ('ị', 0xde),
    ('ò', 0xdf),
    ('ỏ', 0xe1),
    ('õ', 0xe2),
    ('ó', 0xe3),
    ('ọ', 0xe4),
    ('ô', 0xab),
    ('ồ', 0xe5),
    ('ổ', 0xe6),
    ('ỗ', 0xe7),
    ('ố', 0xe8),
    ('ộ', 0xe9),
    ('ơ', 0xac),
    ('ờ', 0xea),
    ('ở', 0xeb),
    ('ỡ', 0xec),
    ('ớ', 0xed),
    ('ợ', 0xee),
    ('ù', 0xef),
    ('ủ', 0xf1),
    ('ũ', 0xf2),
    ('ú', 0xf3),
    ('ụ', 0xf4),
    ('ư', 0xad),
    ('ừ', 0xf5),
    ('ử', 0xf6),
    ('ữ', 0xf7),
    ('ứ', 0xf8),
    ('ự', 0xf9),
    ('ỳ', 0xfa),
    ('ỷ', 0xfb),
    ('ỹ', 0xfc),
    ('ý', 0xfd),
    ('ỵ', 0xfe),
];
/// The only capitals that TCVN3 has; others are the small letter, shown large by another font.
const TCVN3_CAPITALS: [(char, u8); 7] =
    [('Ă', 0xa1), ('Â', 0xa2), ('Ê', 0xa3), ('Ô', 0xa4), ('Ơ', 0xa5), ('Ư', 0xa6), ('Đ', 0xa7)];

/// Windows-1258: letters whole.
const WINDOWS_1258: [(char, u8); 34] = [
    ('À', 0xc0),
    ('Á', 0xc1),
    ('Â', 0xc2),
    ('Ă', 0xc3),
    ('È', 0xc8),
    ('É', 0xc9),
    ('Ê', 0xca),
    ('Í', 0xcd),
    ('Đ', 0xd0),
    ('Ó', 0xd3),
    ('Ô', 0xd4),
    ('Ơ', 0xd5),
    ('Ù', 0xd9),
    ('Ú', 0xda),
    ('Ư', 0xdd),
    ('\u{a0}', 0xa0),
    ('à', 0xe0),
    ('á', 0xe1),
    ('â', 0xe2),
    ('ă', 0xe3),
    ('è', 0xe8),
    ('é', 0xe9),
    ('ê', 0xea),
    ('í', 0xed),
    ('đ', 0xf0),
    ('ó', 0xf3),
    ('ô', 0xf4),
    ('ơ', 0xf5),
    ('ù', 0xf9),
    ('ú', 0xfa),
    ('ư', 0xfd),
    ('–', 0x96),
    ('“', 0x93),
    ('”', 0x94),
];
/// Windows-1258: tones that stand after their letter.
const TONES_1258: [(char, u8); 5] =
    [('\u{300}', 0xcc), ('\u{309}', 0xd2), ('\u{303}', 0xde), ('\u{301}', 0xec), ('\u{323}', 0xf2)];

/// A text as the bytes of an encoding; what it cannot hold becomes a question mark.
pub fn encode(text: &str, encoding: Encoding) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Mark => Cow::Borrowed(text.as_bytes()),
        Encoding::Utf16 => Cow::Owned(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Encoding::Tcvn3 => Cow::Owned(text.nfc().map(tcvn3).collect()),
        Encoding::Windows1258 => Cow::Owned(text.nfc().flat_map(windows_1258).collect()),
        Encoding::Vni => Cow::Owned(text.nfc().flat_map(vni::letter).collect()),
    }
}

fn find(table: &[(char, u8)], c: char) -> Option<u8> {
    table.iter().find(|(letter, _)| *letter == c).map(|(_, byte)| *byte)
}

fn tcvn3(c: char) -> u8 {
    if c == '\u{a0}' {
        return b' ';
    }
    let small = c.to_lowercase().next().unwrap_or(c);
    let plain = u8::try_from(c).ok().filter(u8::is_ascii);
    plain.or_else(|| find(&TCVN3_CAPITALS, c)).or_else(|| find(&TCVN3, small)).unwrap_or(b'?')
}

fn windows_1258(c: char) -> Vec<u8> {
    if let Some(byte) = u8::try_from(c).ok().filter(u8::is_ascii).or_else(|| find(&WINDOWS_1258, c)) {
        return vec![byte];
    }
    // The tone is taken off; circumflex, breve and horn stay with the letter.
    let parts: Vec<char> = c.to_string().nfd().collect();
    let tone = parts.iter().find_map(|p| find(&TONES_1258, *p));
    let letter: String = parts.into_iter().filter(|p| find(&TONES_1258, *p).is_none()).nfc().collect();
    let letter = letter.chars().next().unwrap_or('?');
    let byte = u8::try_from(letter).ok().filter(u8::is_ascii).or_else(|| find(&WINDOWS_1258, letter)).unwrap_or(b'?');
    std::iter::once(byte).chain(tone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_stand_where_the_old_code_pages_have_them() {
        // As a reader without the font sees it: NguyÔn V¨n §øc.
        let seen: String = encode("Nguyễn Văn Đức", Encoding::Tcvn3).iter().map(|b| char::from(*b)).collect();
        assert_eq!(seen, "NguyÔn V¨n §øc");
        assert_eq!(*encode("Ễ", Encoding::Tcvn3), *encode("ễ", Encoding::Tcvn3), "capitals with tones are not in the code page");
        assert_eq!(*encode("Hà", Encoding::Utf16), [b'H', 0, 0xe0, 0]);
        assert_eq!(*encode("ễ", Encoding::Windows1258), [0xea, 0xde]);
        // As a reader without the font sees it: Nguyeãn Vaên Ñöùc.
        let seen: String = encode("Nguyễn Văn Đức", Encoding::Vni).iter().map(|b| char::from(*b)).collect();
        assert_eq!(seen, "Nguyeãn Vaên Ñöùc");
        let seen: String = encode("PHƯỜNG BA ĐÌNH Ỵ", Encoding::Vni).iter().map(|b| char::from(*b)).collect();
        assert_eq!(seen, "PHÖÔØNG BA ÑÌNH Î");
        assert_eq!(*encode("Hùng", Encoding::Windows1258), [b'H', 0xf9, b'n', b'g']);
    }

    #[test]
    fn every_vietnamese_letter_can_be_stored() {
        for c in "ắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựíìỉĩịýỳỷỹỵáàảãạéèẻẽẹóòỏõọúùủũụăâđêôơư".chars()
        {
            for encoding in [Encoding::Tcvn3, Encoding::Windows1258, Encoding::Vni] {
                let text = c.to_string();
                assert!(!encode(&text, encoding).contains(&b'?'), "{c}");
                assert!(!encode(&text.to_uppercase(), encoding).contains(&b'?'), "{c} as a capital");
            }
        }
    }
}
