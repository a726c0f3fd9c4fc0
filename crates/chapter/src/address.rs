//! Values in addresses.

/// A value of an address, percent-encoded.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A day as people type it, dd/mm/yyyy; also yyyy-mm-dd.
pub fn typed_day(text: &str) -> Option<base::Date> {
    let text = text.trim();
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let parts: Vec<i32> = text.split(['/', '-', '.']).map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    match parts.as_slice() {
        [day, month, year] => base::Date::new(*year, *month, *day).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_typed() {
        for text in ["05/08/2026", "5/8/2026", " 5.8.2026 ", "2026-08-05"] {
            assert_eq!(typed_day(text).map(|day| day.to_string()).as_deref(), Some("2026-08-05"), "{text}");
        }
        for text in ["", "31/02/2026", "5/8", "mai"] {
            assert_eq!(typed_day(text), None, "{text}");
        }
    }
}
