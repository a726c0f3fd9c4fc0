//! Checks of given texts.

use crate::DeskError;

/// A text that people write: trimmed, not empty, not too long.
pub(crate) fn written(field: &'static str, text: &str) -> Result<String, DeskError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DeskError::Invalid { field, why: "must not be empty" });
    }
    if text.chars().count() > 1000 {
        return Err(DeskError::Invalid { field, why: "is longer than 1000 characters" });
    }
    Ok(text.to_owned())
}

/// A stable word: ASCII letters, digits and `-_.:`, at most 128.
pub(crate) fn word(field: &'static str, text: &str) -> Result<String, DeskError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    if text.is_empty() || text.len() > 128 || !text.bytes().all(fits) {
        return Err(DeskError::Invalid { field, why: "must be 1 to 128 of A-Z a-z 0-9 - _ . :" });
    }
    if crate::audit::looks_personal(text) {
        return Err(DeskError::Invalid { field, why: "looks like a personal number" });
    }
    Ok(text.to_owned())
}

/// A form's own number, which makes sending it twice harmless: a word of 8 to 64 characters.
pub(crate) fn client_tx(text: &str) -> Result<String, DeskError> {
    if !(8..=64).contains(&text.len()) {
        return Err(DeskError::Invalid { field: "client_tx", why: "must have 8 to 64 characters" });
    }
    word("client_tx", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_trimmed_and_must_say_something() {
        assert_eq!(written("reason", "  cùng số thẻ  ").unwrap(), "cùng số thẻ");
        assert!(written("reason", " \n").is_err());
        assert!(written("reason", &"á".repeat(1001)).is_err());
    }

    #[test]
    fn words_hold_no_personal_number() {
        assert!(word("id", "bhyt_card:9f3a").is_ok());
        assert!(word("id", "001190012345").is_err());
        assert!(word("id", "a b").is_err());
        assert!(client_tx("short").is_err());
    }
}
