//! How some cells must be written.

/// `decision;G1;N2;2026` and perhaps more: four parts in form.
pub(super) fn is_tender(text: &str) -> bool {
    let all: Vec<&str> = text.split(';').map(str::trim).collect();
    let lettered = |part: &str, letter: char| {
        part.strip_prefix(letter)
            .is_some_and(|digits| matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    match all.as_slice() {
        [decision, package, group, year, ..] => {
            !decision.is_empty()
                && lettered(package, 'G')
                && lettered(group, 'N')
                && year.len() == 4
                && year.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

/// `H001`, several with `;` between them.
pub(super) fn is_bed_code(text: &str) -> bool {
    text.split(';').map(str::trim).all(|code| {
        let bytes = code.as_bytes();
        bytes.len() == 4 && b"HTCK".contains(&bytes[0]) && bytes[1..].iter().all(u8::is_ascii_digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenders_and_beds_have_their_form() {
        assert!(is_tender("123/QD-BV;G1;N2;2026") && is_tender("QD 5; G01; N4; 2025;Gi.25"));
        for text in ["", "123;G1;N2", "123;1;N2;2026", ";G1;N2;2026", "123;G1;N2;26", "123;G123;N2;2026"] {
            assert!(!is_tender(text), "{text}");
        }
        assert!(is_bed_code("H001") && is_bed_code("H001;T012"));
        for text in ["", "G001", "H01", "H001;", "H0011"] {
            assert!(!is_bed_code(text), "{text}");
        }
    }
}
