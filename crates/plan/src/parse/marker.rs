//! What stands before a line: `I.`, `1.`, `1.1`, `a)`, `-`, `+`, `•`.

/// A marker with its text as written, without the marks around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Marker {
    /// A Roman numeral: a section.
    Roman(String),
    /// A capital letter: a section too.
    Capital(String),
    /// `1`, `1.1`, `1.1.2`: how deep, and the text.
    Decimal(usize, String),
    /// A small letter, đ too.
    Letter(String),
    /// A bullet of any kind.
    Bullet(char),
}

/// How far up a marker stands; the smaller, the higher. Bullets have no level.
impl Marker {
    pub(crate) fn level(&self) -> Option<usize> {
        match self {
            Self::Roman(_) | Self::Capital(_) => Some(0),
            Self::Decimal(depth, _) => Some(*depth),
            Self::Letter(_) => Some(20),
            Self::Bullet(_) => None,
        }
    }

    /// The number without marks; empty for a bullet.
    pub(crate) fn number(&self) -> &str {
        match self {
            Self::Roman(text) | Self::Capital(text) | Self::Decimal(_, text) | Self::Letter(text) => text,
            Self::Bullet(_) => "",
        }
    }
}

const BULLETS: &str = "-–—−+•●○◦▪▫■□*·➢➤✓✔❖◆⁃\u{f0b7}\u{f02d}\u{f0a7}\u{f0fc}\u{f0d8}";

/// The marker of a line and what stands behind it. A line that is nothing but a marker has an empty rest.
pub(crate) fn marker(line: &str) -> Option<(Marker, &str)> {
    let line = line.trim_start();
    let first = line.chars().next()?;
    if BULLETS.contains(first) {
        let rest = line[first.len_utf8()..].trim_start_matches(|c: char| BULLETS.contains(c) || c.is_whitespace());
        // `-5 %` is a number, `--- ` a rule; a bullet stands before a word or alone.
        let is_number = first == '-' && line[1..].starts_with(|c: char| c.is_ascii_digit());
        return (!is_number).then_some((Marker::Bullet(if "–—−".contains(first) { '-' } else { first }), rest));
    }
    for word in ["Nhiệm vụ", "NHIỆM VỤ", "Mục", "MỤC", "Phần", "PHẦN", "Nhóm", "NHÓM"] {
        if let Some(rest) = line.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')) {
            // "Nhiệm vụ 1: …"; "Nhiệm vụ trọng tâm" is no marker.
            let number = rest.find(|c: char| !c.is_ascii_alphanumeric()).map_or(rest, |end| &rest[..end]);
            let behind = &rest[number.len()..];
            if (behind.is_empty() || behind.starts_with([':', '.', '-', '–']))
                && let Some(marker) = named(number)
            {
                return Some((marker, behind.trim_start_matches([':', '.', '-', '–', ' '])));
            }
        }
    }
    let open = line.strip_prefix('(');
    let body = open.unwrap_or(line);
    let end = body.find(|c: char| !(c.is_alphanumeric() || c == '.')).unwrap_or(body.len());
    let (head, behind) = body.split_at(end);
    let number = head.trim_end_matches('.');
    let dotted = head.len() > number.len();
    let (closed, rest) = match behind.chars().next() {
        Some(')') => (true, &behind[1..]),
        // "I - TITLE", "1/ Title"
        Some('/') if behind[1..].starts_with(' ') && open.is_none() => (true, &behind[1..]),
        None | Some(' ') => (dotted, behind),
        Some(_) => (false, behind),
    };
    let marker = named(number)?;
    let deep = matches!(&marker, Marker::Decimal(depth, _) if *depth > 1);
    // "1.1 Title" needs no mark behind it, nor does "I - TITLE"; anything else does.
    let hyphened = matches!(marker, Marker::Roman(_)) && rest.trim_start().starts_with(['-', '–']) && behind.starts_with(' ');
    if !(closed || (deep && (rest.is_empty() || rest.starts_with(' '))) || hyphened)
        || (open.is_some() && !behind.starts_with(')'))
    {
        return None;
    }
    let rest = rest.trim_start();
    let rest = if hyphened { rest.trim_start_matches(['-', '–', ' ']) } else { rest };
    Some((marker, rest))
}

/// A cell of the column of numbers: `1`, `1.1`, `a`, `II`, `-`.
pub(crate) fn cell_marker(text: &str) -> Option<Marker> {
    let text = text.trim();
    let bare = text.trim_matches(|c: char| "().,/:".contains(c) || c.is_whitespace());
    if !text.is_empty() && text.chars().all(|c| BULLETS.contains(c)) {
        return text.chars().next().map(Marker::Bullet);
    }
    named(bare)
}

fn named(text: &str) -> Option<Marker> {
    if text.is_empty() || text.chars().count() > 12 {
        return None;
    }
    if text.chars().all(|c| c.is_ascii_digit() || c == '.') {
        let parts: Vec<&str> = text.split('.').collect();
        let sound = parts.iter().all(|part| !part.is_empty() && part.len() <= 3) && parts.len() <= 4;
        return sound.then(|| Marker::Decimal(parts.len(), text.to_owned()));
    }
    if is_roman(text) {
        return Some(Marker::Roman(text.to_owned()));
    }
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_uppercase() => Some(Marker::Capital(text.to_owned())),
        (Some(letter), None) if letter.is_lowercase() => Some(Marker::Letter(text.to_owned())),
        _ => None,
    }
}

/// Roman numerals up to XXXIX. Alone C, D, L and M are letters of a list.
fn is_roman(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("XXX").or(text.strip_prefix("XX")).or(text.strip_prefix('X')).or(Some(text)) else {
        return false;
    };
    !text.is_empty() && ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"].contains(&rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> String {
        match marker(line) {
            Some((marker, rest)) => format!("{marker:?}|{rest}"),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn markers_of_plans() {
        for (line, want) in [
            ("II. MỤC TIÊU", "Roman(\"II\")|MỤC TIÊU"),
            ("IV- TỔ CHỨC", "none"),
            ("IV - TỔ CHỨC", "Roman(\"IV\")|TỔ CHỨC"),
            ("B. NHIỆM VỤ", "Capital(\"B\")|NHIỆM VỤ"),
            ("1. Rà soát", "Decimal(1, \"1\")|Rà soát"),
            ("2.1 Rà soát", "Decimal(2, \"2.1\")|Rà soát"),
            ("2.1.Rà soát", "none"),
            ("3/ Rà soát", "Decimal(1, \"3\")|Rà soát"),
            ("(4) Rà soát", "Decimal(1, \"4\")|Rà soát"),
            ("đ) Chi trả", "Letter(\"đ\")|Chi trả"),
            ("- Chủ trì", "Bullet('-')|Chủ trì"),
            ("–Chủ trì", "Bullet('-')|Chủ trì"),
            ("• Chủ trì", "Bullet('•')|Chủ trì"),
            ("Nhiệm vụ 3: Rà soát", "Decimal(1, \"3\")|Rà soát"),
            ("Nhiệm vụ trọng tâm", "none"),
            ("100% người", "none"),
            ("19/2025/NQ-HĐND", "none"),
            ("30/4 hằng năm", "none"),
            ("2026. Trên", "none"),
            ("Sở Y tế", "none"),
            ("-5 %", "none"),
            ("a", "none"),
            ("", "none"),
        ] {
            assert_eq!(of(line), want, "{line}");
        }
        assert_eq!(cell_marker(" 1.2. "), Some(Marker::Decimal(2, "1.2".to_owned())));
        assert_eq!(cell_marker("a)"), Some(Marker::Letter("a".to_owned())));
        assert_eq!(cell_marker("Sở"), None);
    }
}
