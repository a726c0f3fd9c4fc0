//! Vietnamese order of names: a ă â … d đ …, marks after letters, people by given name.

use std::sync::LazyLock;

use base::names::{clean, given_name};
use icu_collator::{Collator, CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;

/// Bytes that sort full names by given name (the last syllable), then by family name and the rest.
///
/// Compare keys of one program version only; store them with what they sort, and rebuild both.
pub fn sort_key(full_name: &str) -> Vec<u8> {
    let name = clean(full_name);
    let given = given_name(&name);
    let rest = name.strip_suffix(given).unwrap_or("").trim_end();
    let mut key = text_sort_key(given);
    // Zero is below every byte of a key, so that a shorter given name comes first.
    key.push(0);
    key.extend(text_sort_key(rest));
    key
}

/// Bytes that sort any text, e.g. names of places, in Vietnamese order.
pub fn text_sort_key(text: &str) -> Vec<u8> {
    let mut key = Vec::new();
    match COLLATOR.as_ref() {
        Some(collator) => {
            let Ok(()) = collator.write_sort_key_to(&clean(text), &mut key);
        }
        // The data is compiled in; without it the order of code points of the bare letters remains.
        None => key.extend(base::names::fold(text).bytes()),
    }
    key
}

static COLLATOR: LazyLock<Option<CollatorBorrowed<'static>>> =
    LazyLock::new(|| Collator::try_new(locale!("vi").into(), CollatorOptions::default()).ok());

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(mut names: Vec<&str>) -> Vec<&str> {
        names.sort_by_key(|name| sort_key(name));
        names
    }

    #[test]
    fn people_are_sorted_by_given_name_first() {
        let names = vec!["Trần Văn Bình", "Lê Thị Đào", "Nguyễn Văn An", "Lê Dung", "Bùi Ân", "Đỗ Văn An", "Vũ Anh", "Ngô Ảnh"];
        let expected =
            vec!["Đỗ Văn An", "Nguyễn Văn An", "Vũ Anh", "Ngô Ảnh", "Bùi Ân", "Trần Văn Bình", "Lê Dung", "Lê Thị Đào"];
        assert_eq!(sorted(names), expected);
    }

    #[test]
    fn letters_follow_the_vietnamese_alphabet() {
        let letters = vec!["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "o", "ô", "ơ", "u", "ư", "v"];
        let mut mixed = letters.clone();
        mixed.reverse();
        mixed.sort_by_key(|letter| text_sort_key(letter));
        assert_eq!(mixed, letters);
        assert!(text_sort_key("Hà Đông") < text_sort_key("Hai Bà Trưng"));
    }

    #[test]
    fn composed_and_decomposed_spelling_sort_alike() {
        assert_eq!(sort_key("Nguyễn Thị Hường"), sort_key("Nguye\u{302}\u{303}n Thi\u{323}  Hu\u{31b}o\u{31b}\u{300}ng "));
    }
}
