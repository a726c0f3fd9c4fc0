//! Fields, the levels on which two values of a field agree, and a pair's pattern of levels.

use serde::Serialize;

/// What a part of a weight is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    /// Full name (họ và tên).
    Name,
    /// Birth date (ngày sinh).
    Birth,
    /// Personal identification number or old identity card (số định danh, CMND).
    Id,
    /// Social insurance number (mã số BHXH).
    Insurance,
    /// Sex (giới tính).
    Sex,
    /// Commune or ward (xã, phường).
    Commune,
    /// How many people of the spine bear the name: a rare one says more.
    NameFrequency,
}

impl FieldName {
    /// The compared fields, in the order of [`Pattern`].
    pub const COMPARED: [FieldName; FIELDS] = [Self::Name, Self::Birth, Self::Id, Self::Insurance, Self::Sex, Self::Commune];

    /// The words of the field for an officer.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::Name => "Họ và tên",
            Self::Birth => "Ngày sinh",
            Self::Id => "Số định danh / CMND",
            Self::Insurance => "Mã số BHXH",
            Self::Sex => "Giới tính",
            Self::Commune => "Xã, phường",
            Self::NameFrequency => "Độ phổ biến của họ tên",
        }
    }
}

/// Number of compared fields.
pub(crate) const FIELDS: usize = 6;
/// First bit of each field in a pattern; the last entry is the total number of bits.
const SHIFT: [u32; FIELDS + 1] = [0, 4, 7, 10, 12, 14, 16];
/// Number of different patterns.
pub(crate) const PATTERNS: usize = 1 << SHIFT[FIELDS];

/// On which level two values agree. Each field uses its own group of levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelName {
    /// The same with all marks.
    NameExact,
    /// One side is written without any marks.
    NameAllMarksDropped,
    /// A syllable lacks a tone or vowel mark.
    NameMarkLost,
    /// Another tone on a syllable.
    NameOtherTone,
    /// Another vowel mark: a different name in Vietnamese (Văn, Vân).
    NameOtherVowel,
    /// The same syllables in another order.
    NameReordered,
    /// Sounds alike (Lý, Lí; Nam, Lam).
    NameSound,
    /// A syllable left out or abbreviated.
    NameShorter,
    /// One letter off.
    NameTypo,
    /// Surname and given name agree, the middle differs.
    NameOtherMiddle,
    /// All but the surname agree.
    NameOtherSurname,
    /// All but the given name agree.
    NameOtherGiven,
    /// Only the given name agrees.
    NameGivenOnly,
    /// Only the surname agrees.
    NameSurnameOnly,
    /// Nothing agrees.
    NameDifferent,
    /// Not given on one side.
    NameMissing,
    /// The same day.
    BirthExact,
    /// Day and month swapped.
    BirthSwapped,
    /// Same day and month, another year.
    BirthOtherYear,
    /// Only the year is known on a side, and it agrees.
    BirthYearOnly,
    /// Same year, and day or month agrees.
    BirthPart,
    /// At most two years apart.
    BirthNear,
    /// Further apart.
    BirthDifferent,
    /// Not given on one side.
    BirthMissing,
    /// The same twelve digits.
    IdSame,
    /// Twelve digits, one wrong or two neighbours swapped.
    IdNear,
    /// The same nine-digit number (CMND).
    IdOldSame,
    /// Nine digits, one wrong or two neighbours swapped.
    IdOldNear,
    /// Other numbers of the same kind.
    IdDifferent,
    /// Not comparable: missing, or twelve digits against nine.
    IdMissing,
    /// The same insurance number.
    InsuranceSame,
    /// One digit off.
    InsuranceNear,
    /// Other numbers.
    InsuranceDifferent,
    /// Not given on one side.
    InsuranceMissing,
    /// The same sex.
    SexSame,
    /// Another sex.
    SexDifferent,
    /// Not given on one side.
    SexMissing,
    /// The same commune.
    CommuneSame,
    /// An old ward that was split: one of its successors fits.
    CommuneOverlap,
    /// Another commune.
    CommuneDifferent,
    /// Not given on one side.
    CommuneMissing,
    /// Number of people of the spine with this name, marks apart.
    BorneBy(u32),
}

use LevelName as L;

/// The levels of each field in the order of their codes; the last one is always "missing".
pub(crate) const LEVELS: [&[LevelName]; FIELDS] = [
    &[
        L::NameExact,
        L::NameAllMarksDropped,
        L::NameMarkLost,
        L::NameOtherTone,
        L::NameOtherVowel,
        L::NameReordered,
        L::NameSound,
        L::NameShorter,
        L::NameTypo,
        L::NameOtherMiddle,
        L::NameOtherSurname,
        L::NameOtherGiven,
        L::NameGivenOnly,
        L::NameSurnameOnly,
        L::NameDifferent,
        L::NameMissing,
    ],
    &[
        L::BirthExact,
        L::BirthSwapped,
        L::BirthOtherYear,
        L::BirthYearOnly,
        L::BirthPart,
        L::BirthNear,
        L::BirthDifferent,
        L::BirthMissing,
    ],
    &[L::IdSame, L::IdNear, L::IdOldSame, L::IdOldNear, L::IdDifferent, L::IdMissing],
    &[L::InsuranceSame, L::InsuranceNear, L::InsuranceDifferent, L::InsuranceMissing],
    &[L::SexSame, L::SexDifferent, L::SexMissing],
    &[L::CommuneSame, L::CommuneOverlap, L::CommuneDifferent, L::CommuneMissing],
];

impl LevelName {
    /// The words of the level for an officer.
    pub fn vietnamese(self) -> String {
        let text = match self {
            L::NameExact => "trùng khớp cả dấu",
            L::NameAllMarksDropped => "một bên viết không dấu",
            L::NameMarkLost => "thiếu dấu ở một tiếng",
            L::NameOtherTone => "khác dấu thanh",
            L::NameOtherVowel => "khác nguyên âm (Văn, Vân)",
            L::NameReordered => "đủ các tiếng, khác thứ tự",
            L::NameSound => "đọc gần giống nhau",
            L::NameShorter => "thiếu hoặc viết tắt một tiếng",
            L::NameTypo => "lệch một chữ cái",
            L::NameOtherMiddle => "khác tên đệm",
            L::NameOtherSurname => "khác họ",
            L::NameOtherGiven => "khác tên, trùng họ và đệm",
            L::NameGivenOnly => "chỉ trùng tên",
            L::NameSurnameOnly => "chỉ trùng họ",
            L::NameDifferent => "khác hẳn",
            L::BirthExact => "trùng khớp",
            L::BirthSwapped => "đảo ngày và tháng",
            L::BirthOtherYear => "trùng ngày tháng, lệch năm",
            L::BirthYearOnly => "chỉ biết năm, năm trùng",
            L::BirthPart => "trùng năm và ngày hoặc tháng",
            L::BirthNear => "lệch không quá hai năm",
            L::BirthDifferent => "khác",
            L::IdSame => "trùng 12 số",
            L::IdNear => "12 số, sai một số hoặc đảo hai số",
            L::IdOldSame => "trùng số CMND 9 số",
            L::IdOldNear => "CMND 9 số, sai một số hoặc đảo hai số",
            L::IdDifferent | L::InsuranceDifferent | L::SexDifferent | L::CommuneDifferent => "khác",
            L::InsuranceSame | L::SexSame | L::CommuneSame => "trùng",
            L::InsuranceNear => "sai một số hoặc đảo hai số",
            L::CommuneOverlap => "đơn vị cũ đã chia, có thể trùng",
            L::IdMissing => "không so sánh được",
            L::NameMissing | L::BirthMissing | L::InsuranceMissing | L::SexMissing | L::CommuneMissing => "thiếu thông tin",
            L::BorneBy(count) => return format!("{count} người cùng họ tên (không kể dấu)"),
        };
        text.to_owned()
    }
}

/// The levels of all fields of one pair, packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Pattern(pub u32);

impl Pattern {
    /// Packs the level code of each field.
    pub(crate) fn new(codes: [u8; FIELDS]) -> Self {
        Self(codes.iter().zip(SHIFT).fold(0, |bits, (code, shift)| bits | u32::from(*code) << shift))
    }

    /// The level code of a field by its place in [`FieldName::COMPARED`].
    pub(crate) fn code(self, field: usize) -> usize {
        ((self.0 >> SHIFT[field]) & ((1 << (SHIFT[field + 1] - SHIFT[field])) - 1)) as usize
    }

    /// The same pattern where a field could not be compared.
    pub(crate) fn without(self, field: usize) -> Self {
        let mask = ((1u32 << (SHIFT[field + 1] - SHIFT[field])) - 1) << SHIFT[field];
        Self((self.0 & !mask) | (LEVELS[field].len() as u32 - 1) << SHIFT[field])
    }

    /// The level of a compared field; `None` for [`FieldName::NameFrequency`].
    pub fn level(self, field: FieldName) -> Option<LevelName> {
        let at = FieldName::COMPARED.iter().position(|f| *f == field)?;
        LEVELS[at].get(self.code(at)).copied()
    }
}

/// The code of the level in its field's list; used with constants of [`LEVELS`] only.
pub(crate) mod code {
    pub(crate) const NAME: usize = 0;
    pub(crate) const BIRTH: usize = 1;
    pub(crate) const ID: usize = 2;
    pub(crate) const INSURANCE: usize = 3;
    pub(crate) const SEX: usize = 4;
    pub(crate) const COMMUNE: usize = 5;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_gives_back_its_levels() {
        let pattern = Pattern::new([7, 6, 5, 3, 2, 1]);
        let levels: Vec<_> = FieldName::COMPARED.iter().map(|f| pattern.level(*f).unwrap()).collect();
        assert_eq!(
            levels,
            [L::NameShorter, L::BirthDifferent, L::IdMissing, L::InsuranceMissing, L::SexMissing, L::CommuneOverlap]
        );
        assert!((pattern.0 as usize) < PATTERNS);
        assert_eq!(pattern.without(code::BIRTH).level(FieldName::COMPARED[code::BIRTH]), Some(L::BirthMissing));
        assert_eq!(pattern.without(code::BIRTH).without(code::ID), Pattern::new([7, 7, 5, 3, 2, 1]));
        assert_eq!(pattern.level(FieldName::NameFrequency), None);
    }

    #[test]
    fn every_field_fits_its_bits_and_ends_with_missing() {
        for (at, levels) in LEVELS.iter().enumerate() {
            assert!(levels.len() <= 1 << (SHIFT[at + 1] - SHIFT[at]));
            assert!(format!("{:?}", levels[levels.len() - 1]).ends_with("Missing"));
        }
    }
}
