//! Figures by name. A text of a report never holds a figure itself: it names it, `{I1}`, and gets it when it is printed, with a note that says
//! where it comes from.

use std::collections::BTreeMap;

use base::names::fold;
use documents::report::{Span, Text};

/// A figure that a text may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The name, without braces: `I1`, `I1.nam`, `pupils-without-card`.
    pub key: String,
    /// What it is.
    pub label: String,
    /// As it is printed, or why there is none.
    pub shown: Result<String, String>,
    /// Where it comes from: run, day, source, place of its rows.
    pub source: String,
    /// The page that opens its rows.
    pub opens: Option<String>,
    /// Words by which a text speaks of it, longest first; for telling typed digits beside them.
    pub names: Vec<String>,
}

/// The figures of a report, in their order.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    all: Vec<Fact>,
    by_key: BTreeMap<String, usize>,
}

/// Sources of figures, each once.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes(pub(super) Vec<String>);

/// What is doubtful in a text that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// It names a figure that there is not.
    Unknown {
        /// The name.
        key: String,
    },
    /// It has digits that are a known figure: the figure would change, they would not.
    Typed {
        /// The digits.
        digits: String,
        /// Name of the figure.
        key: String,
    },
    /// It has digits beside the name of a known figure.
    Beside {
        /// The digits.
        digits: String,
        /// Name of the figure.
        key: String,
    },
}

impl Notes {
    /// The place of a source.
    pub(super) fn of(&mut self, source: &str) -> usize {
        let known = self.0.iter().position(|known| known == source);
        known.unwrap_or_else(|| {
            self.0.push(source.to_owned());
            self.0.len() - 1
        })
    }
}

/// A part of a written text.
enum Part<'t> {
    Words(&'t str),
    Name(&'t str),
}

/// A text in words and names of figures; braces that hold no name are words.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let inside = &rest[open + 1..];
        let close = inside.find(['}', '{', '\n']).filter(|at| inside[*at..].starts_with('}'));
        match close.map(|at| &inside[..at]).filter(|name| is_name(name)) {
            Some(name) => {
                all.push(Part::Words(&rest[..open]));
                all.push(Part::Name(name));
                rest = &inside[name.len() + 1..];
            }
            None => {
                all.push(Part::Words(&rest[..=open]));
                rest = inside;
            }
        }
    }
    all.push(Part::Words(rest));
    all
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 80 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

impl Facts {
    /// Adds a figure.
    pub(super) fn add(&mut self, fact: Fact) {
        self.by_key.insert(fact.key.clone(), self.all.len());
        self.all.push(fact);
    }

    /// All figures in their order.
    pub fn all(&self) -> &[Fact] {
        &self.all
    }

    /// A figure by its name.
    pub fn of(&self, key: &str) -> Option<&Fact> {
        self.by_key.get(key).and_then(|at| self.all.get(*at))
    }

    /// A written text with its figures, each with its note. What is not known is said in words.
    pub(super) fn render(&self, text: &str, notes: &mut Notes) -> Text {
        let mut rendered = Text::default();
        for part in parts(text) {
            match part {
                Part::Words("") => {}
                Part::Words(words) => rendered.0.push(Span::Words(words.to_owned())),
                Part::Name(key) => match self.of(key).map(|fact| (&fact.shown, &fact.source)) {
                    Some((Ok(shown), source)) => rendered = rendered.figure(shown.as_str(), notes.of(source)),
                    Some((Err(_), _)) => rendered = rendered.words("(chưa có số liệu)"),
                    None => rendered = rendered.words(format!("[không có số liệu tên “{key}”]")),
                },
            }
        }
        rendered
    }

    /// What is doubtful in a written text.
    pub fn doubts(&self, text: &str) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let mut add = |doubt: Doubt| {
            if !doubts.contains(&doubt) {
                doubts.push(doubt);
            }
        };
        for part in parts(text) {
            match part {
                Part::Name(key) if self.of(key).is_none() => add(Doubt::Unknown { key: key.to_owned() }),
                Part::Name(_) => {}
                Part::Words(words) => {
                    for sentence in words.split([';', '\n']).flat_map(|part| part.split(". ")) {
                        self.typed(sentence, &mut add);
                    }
                    self.typed_whole(words, &mut add);
                }
            }
        }
        doubts
    }

    /// Digits of a stretch of text that are a known figure's.
    fn typed_whole(&self, words: &str, add: &mut impl FnMut(Doubt)) {
        for digits in numbers(words) {
            let same =
                |fact: &&Fact| fact.shown.as_ref().is_ok_and(|shown| bare(shown) == bare(digits)) && bare(digits).len() > 1;
            if let Some(fact) = self.all.iter().find(same) {
                add(Doubt::Typed { digits: digits.to_owned(), key: fact.key.clone() });
            }
        }
    }

    /// Digits beside the name of a known figure.
    fn typed(&self, sentence: &str, add: &mut impl FnMut(Doubt)) {
        let Some(digits) = numbers(sentence).find(|digits| is_figure(sentence, digits)) else { return };
        let folded = fold(sentence);
        let named = |fact: &&Fact| fact.names.iter().any(|name| folded.contains(&fold(name)));
        if let Some(fact) = self.all.iter().find(named) {
            add(Doubt::Beside { digits: digits.to_owned(), key: fact.key.clone() });
        }
    }
}

/// The runs of digits of a text, with the marks inside and a per cent sign behind.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_digit() || ".,%".contains(c);
    let pieces = text.split(move |c: char| !is_part(c)).map(|piece| piece.trim_matches(['.', ',']).trim_start_matches('%'));
    pieces.filter(|piece| piece.bytes().any(|byte| byte.is_ascii_digit()))
}

/// The number alone.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || *c == ',').collect()
}

/// Whether digits look like a figure: a percentage, a decimal, a number of three digits and more that is no year, day, article or document.
fn is_figure(sentence: &str, digits: &str) -> bool {
    let at = sentence.find(digits).unwrap_or(0);
    let (before, after) = (sentence[..at].trim_end().to_lowercase(), &sentence[at + digits.len()..]);
    let counted = ["năm", "ngày", "tháng", "quý", "tuần", "số", "điều", "khoản", "điểm", "mục", "nhiệm vụ", "giai đoạn"];
    if after.starts_with(['/', '-']) || before.ends_with(['/', '-']) || counted.iter().any(|word| before.ends_with(word)) {
        return false;
    }
    digits.contains(['%', ',']) || bare(digits).len() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(key: &str, shown: Result<&str, &str>, names: &[&str]) -> Fact {
        Fact {
            key: key.into(),
            label: key.into(),
            shown: shown.map(str::to_owned).map_err(str::to_owned),
            source: format!("nguồn của {key}"),
            opens: None,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.add(fact("I1", Ok("96,41%"), &["bao phủ BHYT"]));
        facts.add(fact("not-covered", Ok("316.661"), &["người chưa có BHYT"]));
        facts.add(fact("I6", Err("chưa có phiếu"), &["mức độ hài lòng"]));
        facts
    }

    #[test]
    fn a_named_figure_is_put_in_with_its_source_and_nothing_else_is_touched() {
        let mut notes = Notes::default();
        let text = facts().render("Đạt {I1}, còn {not-covered}; {I1} lần nữa; {I6}; {gì}; { x } {I1", &mut notes);
        assert_eq!(text.plain(), "Đạt 96,41%, còn 316.661; 96,41% lần nữa; (chưa có số liệu); {gì}; { x } {I1");
        assert_eq!(notes.0, ["nguồn của I1", "nguồn của not-covered"]);
        assert_eq!(facts().render("{I99}", &mut notes).plain(), "[không có số liệu tên “I99”]");
    }

    #[test]
    fn a_figure_that_is_typed_is_told() {
        let doubts = |text: &str| facts().doubts(text);
        let typed = |digits: &str, key: &str| Doubt::Typed { digits: digits.into(), key: key.into() };
        let beside = |digits: &str, key: &str| Doubt::Beside { digits: digits.into(), key: key.into() };
        assert_eq!(doubts("Tỷ lệ đạt 96,41%."), [typed("96,41%", "I1")]);
        assert_eq!(doubts("Còn 316.661 người."), [typed("316.661", "not-covered")]);
        assert_eq!(doubts("Tỷ lệ bao phủ BHYT đạt 97%; tốt."), [beside("97%", "I1")]);
        assert_eq!(doubts("Số NGƯỜI CHƯA CÓ BHYT giảm 1.200 so với kỳ trước"), [beside("1.200", "not-covered")]);
        assert_eq!(doubts("{I99} và {I1}"), [Doubt::Unknown { key: "I99".into() }]);
        for fine in [
            "Tỷ lệ bao phủ BHYT đạt {I1}, tăng so với năm 2025.",
            "Thực hiện Nghị quyết số 19/2025/NQ-HĐND về hỗ trợ người chưa có BHYT.",
            "Trước ngày 15 tháng 12 năm 2026, rà soát bao phủ BHYT theo Điều 12.",
            "Tổ chức 12 hội nghị.",
            "",
        ] {
            assert_eq!(doubts(fine), [], "{fine}");
        }
    }
}
