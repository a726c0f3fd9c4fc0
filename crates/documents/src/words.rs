//! The list of words: what is written to people and what is not (practice F). A city's own letters and texts are held against it.

use serde::Deserialize;

/// One term.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// What is written.
    #[serde(rename = "use")]
    pub say: String,
    /// What is not written.
    pub never: Vec<String>,
    /// Longer words in which one of those is right.
    #[serde(default)]
    pub unless: Vec<String>,
    /// What people type when they mean it.
    #[serde(default)]
    pub search: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    terms: Vec<Term>,
}

/// All terms.
#[derive(Debug, Clone, Default)]
pub struct Words(Vec<Term>);

/// A word that is not written, found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misused<'w> {
    /// The word as the list has it.
    pub word: &'w str,
    /// What is written in its place.
    pub say: &'w str,
}

impl Words {
    /// Reads `words/vi.yaml`; the error says line and column.
    pub fn load(yaml: &str) -> Result<Self, String> {
        let file: File = serde_saphyr::from_str(yaml).map_err(|e| e.to_string())?;
        Ok(Self(file.terms))
    }

    /// The terms in their order.
    pub fn terms(&self) -> &[Term] {
        &self.0
    }

    /// The refused words of a text, each once. Upper and lower case are the same, except where the list writes a word with
    /// capitals inside; a word counts only whole.
    pub fn misused(&self, text: &str) -> Vec<Misused<'_>> {
        let lower = text.to_lowercase();
        let mut found = Vec::new();
        for term in &self.0 {
            let mut own = lower.clone();
            for allowed in &term.unless {
                own = own.replace(&allowed.to_lowercase(), "");
            }
            for word in &term.never {
                let there = if is_spelling(word) { whole(text, word) } else { whole(&own, &word.to_lowercase()) };
                if there {
                    found.push(Misused { word, say: &term.say });
                }
            }
        }
        found
    }
}

/// Whether a word is refused for its capitals alone, like a name that is spelled otherwise.
fn is_spelling(word: &str) -> bool {
    !word.contains(' ') && word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase)
}

/// Whether a word stands in a text with no letter beside it.
fn whole(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "terms:\n  - use: chậm đóng\n    never: [con nợ, số tiền nợ]\n    search: [nợ]\n  - use: iHanoi\n    never: [iHaNoi]\n  \
                        - use: mức tham chiếu\n    never: [lương cơ sở]\n    unless: [lương cơ sở (trước 7/2025)]\n";

    #[test]
    fn refused_words_are_found_whole_and_in_any_case() {
        let words = Words::load(LIST).unwrap();
        let found = |text: &str| words.misused(text).into_iter().map(|m| m.word).collect::<Vec<_>>();
        assert_eq!(found("Danh sách CON NỢ của tháng"), ["con nợ"]);
        assert_eq!(found("con nợi và bacon nợ"), Vec::<&str>::new());
        assert_eq!(found("Ứng dụng iHaNoi, không phải iHanoi"), ["iHaNoi"]);
        assert_eq!(found("Ứng dụng iHanoi"), Vec::<&str>::new());
        assert_eq!(found("lương cơ sở (trước 7/2025)"), Vec::<&str>::new());
        assert_eq!(words.misused("lương cơ sở mới")[0].say, "mức tham chiếu");
    }

    #[test]
    fn a_faulty_list_says_where() {
        assert!(Words::load("terms:\n  - never: [a]\n").unwrap_err().contains('2'));
    }
}
