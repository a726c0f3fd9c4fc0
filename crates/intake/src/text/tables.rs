//! The letters of two encodings from before Unicode: TCVN3 (ABC) and VNI for Windows.
//!
//! TCVN3 has one byte a letter (TCVN 5712:1993); many files have only its small letters, because its
//! capitals were a matter of the font. VNI writes a Latin letter and behind it a byte for all marks.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// An encoding of one byte a mark or letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OldEncoding {
    /// TCVN 5712:1993, fonts named `.Vn…`.
    Tcvn3,
    /// VNI for Windows, fonts named `VNI-…`.
    Vni,
}

impl OldEncoding {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3 (ABC)",
            Self::Vni => "VNI",
        }
    }

    /// The text of these bytes; `None` when a byte has no meaning where it stands.
    pub fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Tcvn3 => tcvn3(bytes),
            Self::Vni => vni(bytes),
        }
    }
}

/// Bytes 0x80 to 0xff. Five are tones that stand behind their letter; 0xa0 is the no-break space.
const TCVN3_UPPER_HALF: &str = "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\
    \u{a0}ĂÂÊÔƠƯĐăâêôơưđẰ\u{300}\u{309}\u{303}\u{301}\u{323}àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ";
/// Capitals in the places of control characters.
const TCVN3_CONTROLS: [(u8, char); 12] = [
    (0x01, 'Ú'),
    (0x02, 'Ụ'),
    (0x04, 'Ừ'),
    (0x05, 'Ử'),
    (0x06, 'Ữ'),
    (0x11, 'Ứ'),
    (0x12, 'Ự'),
    (0x13, 'Ỳ'),
    (0x14, 'Ỷ'),
    (0x15, 'Ỹ'),
    (0x16, 'Ý'),
    (0x17, 'Ỵ'),
];

fn tcvn3(bytes: &[u8]) -> Option<String> {
    static LETTERS: OnceLock<Vec<char>> = OnceLock::new();
    let letters = LETTERS.get_or_init(|| TCVN3_UPPER_HALF.chars().collect());
    let decoded: String = bytes
        .iter()
        .map(|byte| match byte {
            b'\t' | b'\n' | b'\r' | 0x20..=0x7e => Some(char::from(*byte)),
            0x80.. => letters.get(usize::from(*byte) - 0x80).copied(),
            low => TCVN3_CONTROLS.iter().find(|(code, _)| code == low).map(|(_, letter)| *letter),
        })
        .collect::<Option<String>>()?;
    Some(decoded.split_inclusive(|c: char| !c.is_alphabetic()).map(capitals_of_the_font).collect())
}

/// `NGUYễN` was written in a font that shows small letters as capitals.
fn capitals_of_the_font(word: &str) -> String {
    let has_small = word.chars().any(|c| c.is_ascii_lowercase());
    let mut capitals = word.char_indices().filter(|(_, c)| c.is_ascii_uppercase());
    let shouts = capitals.next().is_some_and(|(at, _)| at > 0) || capitals.next().is_some();
    if shouts && !has_small { word.to_uppercase() } else { word.to_owned() }
}

/// For small letters: Latin letters, byte of the marks, letters with them.
const VNI_MARKS: [(u8, &str, &str); 15] = [
    (0xf9, "aeouyôö", "áéóúýớứ"),
    (0xf8, "aeouyôö", "àèòùỳờừ"),
    (0xfb, "aeouyôö", "ảẻỏủỷởử"),
    (0xf5, "aeouyôö", "ãẽõũỹỡữ"),
    (0xef, "aeouyôö", "ạẹọụỵợự"),
    (0xe2, "aeo", "âêô"),
    (0xe1, "aeo", "ấếố"),
    (0xe0, "aeo", "ầềồ"),
    (0xe5, "aeo", "ẩểổ"),
    (0xe3, "aeo", "ẫễỗ"),
    (0xe4, "aeo", "ậệộ"),
    (0xea, "a", "ă"),
    (0xe9, "a", "ắ"),
    (0xe8, "a", "ằ"),
    (0xfa, "a", "ẳ"),
];
const VNI_MORE_MARKS: [(u8, &str, &str); 2] = [(0xfc, "a", "ẵ"), (0xeb, "a", "ặ")];
/// Small letters of one byte.
const VNI_SINGLE: [(u8, char); 9] =
    [(0xed, 'í'), (0xec, 'ì'), (0xe6, 'ỉ'), (0xf3, 'ĩ'), (0xf2, 'ị'), (0xf4, 'ơ'), (0xf6, 'ư'), (0xee, 'ỵ'), (0xf1, 'đ')];

/// Letters by the byte alone, and by the Latin byte and the byte of its marks. Capitals lie 0x20 lower.
type Vni = (BTreeMap<u8, char>, BTreeMap<(u8, u8), char>);

fn vni_letters() -> &'static Vni {
    static LETTERS: OnceLock<Vni> = OnceLock::new();
    LETTERS.get_or_init(|| {
        let (mut single, mut marked) = (BTreeMap::new(), BTreeMap::new());
        let capital = |letter: char| letter.to_uppercase().next().unwrap_or(letter);
        for (byte, letter) in VNI_SINGLE {
            single.insert(byte, letter);
            single.insert(byte - 0x20, capital(letter));
        }
        for (mark, bases, letters) in VNI_MARKS.iter().chain(&VNI_MORE_MARKS) {
            for (base, letter) in bases.chars().zip(letters.chars()) {
                // ô and ö stand for the bytes of ơ and ư.
                let base = u8::try_from(u32::from(base)).unwrap_or_default();
                marked.insert((base, *mark), letter);
                // The capital's mark may be small where only the first letter of a word is a capital.
                marked.insert((base - 0x20, *mark), capital(letter));
                marked.insert((base - 0x20, mark - 0x20), capital(letter));
            }
        }
        (single, marked)
    })
}

fn vni(bytes: &[u8]) -> Option<String> {
    let (single, marked) = vni_letters();
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = bytes.get(at + 1).and_then(|mark| marked.get(&(*byte, *mark)));
        at += if pair.is_some() { 2 } else { 1 };
        text.push(match (pair, byte) {
            (Some(letter), _) => *letter,
            (None, b'\t' | b'\n' | b'\r' | 0x20..=0x7e) => char::from(*byte),
            (None, 0xa0) => '\u{a0}',
            (None, byte) => *single.get(byte)?,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small letters and the bytes of TCVN3 as the code chart has them, vowel by vowel.
    const TCVN3_SMALL: [(&str, &[u8]); 13] = [
        ("àảãáạ", &[0xb5, 0xb6, 0xb7, 0xb8, 0xb9]),
        ("ăằẳẵắặ", &[0xa8, 0xbb, 0xbc, 0xbd, 0xbe, 0xc6]),
        ("âầẩẫấậ", &[0xa9, 0xc7, 0xc8, 0xc9, 0xca, 0xcb]),
        ("èẻẽéẹ", &[0xcc, 0xce, 0xcf, 0xd0, 0xd1]),
        ("êềểễếệ", &[0xaa, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6]),
        ("ìỉĩíị", &[0xd7, 0xd8, 0xdc, 0xdd, 0xde]),
        ("òỏõóọ", &[0xdf, 0xe1, 0xe2, 0xe3, 0xe4]),
        ("ôồổỗốộ", &[0xab, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9]),
        ("ơờởỡớợ", &[0xac, 0xea, 0xeb, 0xec, 0xed, 0xee]),
        ("ùủũúụ", &[0xef, 0xf1, 0xf2, 0xf3, 0xf4]),
        ("ưừửữứự", &[0xad, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9]),
        ("ỳỷỹýỵ", &[0xfa, 0xfb, 0xfc, 0xfd, 0xfe]),
        ("đ", &[0xae]),
    ];
    const TCVN3_CAPITALS: [(&str, &[u8]); 13] = [
        ("ÀẢÃÁẠ", &[0x80, 0x81, 0x82, 0x83, 0x84]),
        ("ĂẰẲẴẮẶ", &[0xa1, 0xaf, 0xba, 0xbf, 0xc0, 0x85]),
        ("ÂẦẨẪẤẬ", &[0xa2, 0xc1, 0xc2, 0xc3, 0xc4, 0x86]),
        ("ÈẺẼÉẸ", &[0x87, 0x88, 0x89, 0x8a, 0x8b]),
        ("ÊỀỂỄẾỆ", &[0xa3, 0xc5, 0xcd, 0xd9, 0xda, 0x8c]),
        ("ÌỈĨÍỊ", &[0x8d, 0x8e, 0x8f, 0x90, 0x91]),
        ("ÒỎÕÓỌ", &[0x92, 0x93, 0x94, 0x95, 0x96]),
        ("ÔỒỔỖỐỘ", &[0xa4, 0xdb, 0xe0, 0xf0, 0xff, 0x97]),
        ("ƠỜỞỠỚỢ", &[0xa5, 0x98, 0x99, 0x9a, 0x9b, 0x9c]),
        ("ÙỦŨÚỤ", &[0x9d, 0x9e, 0x9f, 0x01, 0x02]),
        ("ƯỪỬỮỨỰ", &[0xa6, 0x04, 0x05, 0x06, 0x11, 0x12]),
        ("ỲỶỸÝỴ", &[0x13, 0x14, 0x15, 0x16, 0x17]),
        ("Đ", &[0xa7]),
    ];
    /// The same letters in VNI, each two bytes but for the single ones.
    const VNI_SMALL: [(&str, &[u8]); 13] = [
        ("àảãáạ", b"a\xf8a\xfba\xf5a\xf9a\xef"),
        ("ăằẳẵắặ", b"a\xeaa\xe8a\xfaa\xfca\xe9a\xeb"),
        ("âầẩẫấậ", b"a\xe2a\xe0a\xe5a\xe3a\xe1a\xe4"),
        ("èẻẽéẹ", b"e\xf8e\xfbe\xf5e\xf9e\xef"),
        ("êềểễếệ", b"e\xe2e\xe0e\xe5e\xe3e\xe1e\xe4"),
        ("ìỉĩíị", b"\xec\xe6\xf3\xed\xf2"),
        ("òỏõóọ", b"o\xf8o\xfbo\xf5o\xf9o\xef"),
        ("ôồổỗốộ", b"o\xe2o\xe0o\xe5o\xe3o\xe1o\xe4"),
        ("ơờởỡớợ", b"\xf4\xf4\xf8\xf4\xfb\xf4\xf5\xf4\xf9\xf4\xef"),
        ("ùủũúụ", b"u\xf8u\xfbu\xf5u\xf9u\xef"),
        ("ưừửữứự", b"\xf6\xf6\xf8\xf6\xfb\xf6\xf5\xf6\xf9\xf6\xef"),
        ("ỳỷỹýỵ", b"y\xf8y\xfby\xf5y\xf9\xee"),
        ("đ", b"\xf1"),
    ];
    const VNI_CAPITALS: [(&str, &[u8]); 13] = [
        ("ÀẢÃÁẠ", b"A\xd8A\xdbA\xd5A\xd9A\xcf"),
        ("ĂẰẲẴẮẶ", b"A\xcaA\xc8A\xdaA\xdcA\xc9A\xcb"),
        ("ÂẦẨẪẤẬ", b"A\xc2A\xc0A\xc5A\xc3A\xc1A\xc4"),
        ("ÈẺẼÉẸ", b"E\xd8E\xdbE\xd5E\xd9E\xcf"),
        ("ÊỀỂỄẾỆ", b"E\xc2E\xc0E\xc5E\xc3E\xc1E\xc4"),
        ("ÌỈĨÍỊ", b"\xcc\xc6\xd3\xcd\xd2"),
        ("ÒỎÕÓỌ", b"O\xd8O\xdbO\xd5O\xd9O\xcf"),
        ("ÔỒỔỖỐỘ", b"O\xc2O\xc0O\xc5O\xc3O\xc1O\xc4"),
        ("ƠỜỞỠỚỢ", b"\xd4\xd4\xd8\xd4\xdb\xd4\xd5\xd4\xd9\xd4\xcf"),
        ("ÙỦŨÚỤ", b"U\xd8U\xdbU\xd5U\xd9U\xcf"),
        ("ƯỪỬỮỨỰ", b"\xd6\xd6\xd8\xd6\xdb\xd6\xd5\xd6\xd9\xd6\xcf"),
        ("ỲỶỸÝỴ", b"Y\xd8Y\xdbY\xd5Y\xd9\xce"),
        ("Đ", b"\xd1"),
    ];

    #[test]
    fn all_134_letters_of_both_encodings() {
        for (encoding, small, capitals) in
            [(OldEncoding::Tcvn3, TCVN3_SMALL, TCVN3_CAPITALS), (OldEncoding::Vni, VNI_SMALL, VNI_CAPITALS)]
        {
            let mut letters = 0;
            for (text, bytes) in small.iter().chain(&capitals) {
                assert_eq!(encoding.decode(bytes).as_deref(), Some(*text), "{encoding:?}");
                letters += text.chars().count();
            }
            assert_eq!(letters, 134);
        }
    }

    #[test]
    fn words_of_both_encodings() {
        let tcvn3 = |bytes: &[u8]| OldEncoding::Tcvn3.decode(bytes).unwrap();
        assert_eq!(tcvn3(b"Nguy\xd4n V\xa8n \xa7\xf8c;1968"), "Nguyễn Văn Đức;1968");
        // Capitals by the font alone, but not in a word whose first letter only is one.
        assert_eq!(tcvn3(b"NGUY\xd4N V\xa8N \xa7\xf8C, V\xf2 Anh"), "NGUYỄN VĂN ĐỨC, Vũ Anh");
        // A tone of its own behind the letter.
        assert_eq!(base::names::clean(&tcvn3(b"A\xb3n")), "Án");
        let vni = |bytes: &[u8]| OldEncoding::Vni.decode(bytes).unwrap();
        assert_eq!(vni(b"Nguye\xe3n Va\xean \xd1\xf6\xf9c"), "Nguyễn Văn Đức");
        assert_eq!(vni(b"NGUYE\xc3N TH\xd2 \xc1i".strip_suffix(b" \xc1i").unwrap()), "NGUYỄN THỊ");
    }

    #[test]
    fn bytes_without_meaning_are_refused() {
        assert_eq!(OldEncoding::Vni.decode(b"b\xf9"), None);
        assert_eq!(OldEncoding::Vni.decode(b"a\x01"), None);
        assert_eq!(OldEncoding::Tcvn3.decode(b"a\x03"), None);
    }
}
