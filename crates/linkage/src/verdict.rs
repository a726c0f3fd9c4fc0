//! What a pattern alone allows and forbids, whatever it weighs.

use crate::certain::{agrees_otherwise, has_same_number};
use crate::compare::{birth_code, id_code, insurance_code, name_code};
use crate::level::{Pattern, code};

/// Whether only a person may say that a pair is one person, whatever it weighs.
///
/// The same number with nothing else agreeing is usually a relative's number; another vowel or
/// another given name without any agreeing number is usually a twin or a sibling; a name without a
/// number and with no birth date beside it, or with quite another one, is a namesake as easily as the
/// person, however rare: in the same commune too, where every large commune has several.
pub(crate) fn needs_person(pattern: Pattern) -> bool {
    if has_same_number(pattern) {
        return !agrees_otherwise(pattern);
    }
    let name = pattern.code(code::NAME) as u8;
    let birth = pattern.code(code::BIRTH) as u8;
    let number_near = pattern.code(code::ID) <= usize::from(id_code::OLD_NEAR)
        || pattern.code(code::INSURANCE) <= usize::from(insurance_code::NEAR);
    !number_near
        && (name == name_code::OTHER_VOWEL
            || name >= name_code::OTHER_GIVEN
            || [birth_code::MISSING, birth_code::DIFFERENT].contains(&birth))
}

/// Whether two rows of one roster agree as rows of one person do, with the insurance number left out:
/// a second insurance number is what a person with two rows is known by.
pub(crate) fn agree_as_one(pattern: Pattern) -> bool {
    let (name, birth) = (pattern.code(code::NAME) as u8, pattern.code(code::BIRTH) as u8);
    name <= name_code::TYPO
        && name != name_code::OTHER_VOWEL
        && ![birth_code::NEAR, birth_code::DIFFERENT].contains(&birth)
        && pattern.code(code::SEX) != 1
        && pattern.code(code::ID) != usize::from(id_code::DIFFERENT)
}

/// Whether two rows of one roster agree as rows of one person do, the insurance number too.
pub(crate) fn same_person(pattern: Pattern) -> bool {
    let other_insurance = pattern.code(code::INSURANCE) == usize::from(insurance_code::DIFFERENT);
    agree_as_one(pattern) && (!other_insurance || pattern.code(code::ID) <= usize::from(id_code::OLD_NEAR))
}
