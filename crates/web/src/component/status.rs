//! Status words: word, shape and colour, in that order, so that grey print still reads.

use crate::html::{SafeHtml, tag};

/// The five kinds of the one status vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusKind {
    /// ✓ on time, on the path, ahead.
    Ok,
    /// ○ under way, appointment set, waiting for an answer.
    Doing,
    /// ▼ behind, due soon.
    Warn,
    /// ⬣ overdue, refused, missing.
    Bad,
    /// – not contacted, no figures.
    Neutral,
}

/// A status: its kind and its words, e.g. "Chậm 0,2 điểm".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Kind, gives shape and colour.
    pub kind: StatusKind,
    /// The words; always there.
    pub words: String,
}

impl Status {
    /// A status of a kind with its words.
    pub fn new(kind: StatusKind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into() }
    }
    /// ✓
    pub fn ok(words: impl Into<String>) -> Self {
        Self::new(StatusKind::Ok, words)
    }
    /// ○
    pub fn doing(words: impl Into<String>) -> Self {
        Self::new(StatusKind::Doing, words)
    }
    /// ▼
    pub fn warn(words: impl Into<String>) -> Self {
        Self::new(StatusKind::Warn, words)
    }
    /// ⬣
    pub fn bad(words: impl Into<String>) -> Self {
        Self::new(StatusKind::Bad, words)
    }
    /// –
    pub fn neutral(words: impl Into<String>) -> Self {
        Self::new(StatusKind::Neutral, words)
    }

    /// The status as a tinted word with its shape.
    pub fn html(&self) -> SafeHtml {
        tag("span")
            .class(&format!("status {}", self.kind.class()))
            .child(self.kind.shape())
            .child(tag("span").text(&self.words))
            .html()
    }
}

impl From<&Status> for SafeHtml {
    fn from(status: &Status) -> Self {
        status.html()
    }
}

impl From<Status> for SafeHtml {
    fn from(status: Status) -> Self {
        status.html()
    }
}

impl StatusKind {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Doing => "doing",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Neutral => "neutral",
        }
    }

    /// The shape alone, drawn (fonts differ in these signs) and hidden from screen readers.
    pub(crate) fn shape(self) -> SafeHtml {
        let path = match self {
            Self::Ok => tag("path").class("line").attr("d", "M1.8 5.4 4.2 7.8 8.4 2.8"),
            Self::Doing => tag("path").class("line").attr("d", "M5 1.7a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6z"),
            Self::Warn => tag("path").class("solid").attr("d", "M.9 2h8.2L5 8.8z"),
            Self::Bad => tag("path").class("solid").attr(
                "d",
                // An octagon with the exclamation mark cut out of it.
                "M3 .2h4L9.8 3v4L7 9.8H3L.2 7V3zM4.3 2l.25 3.6h.9L5.7 2zM5 6.4a.75.75 0 1 0 0 1.5.75.75 0 0 0 0-1.5z",
            ),
            Self::Neutral => tag("path").class("line").attr("d", "M1.8 5h6.4"),
        };
        tag("svg")
            .class("shape")
            .attr("viewBox", "0 0 10 10")
            .attr("width", "10")
            .attr("height", "10")
            .attr("aria-hidden", "true")
            .child(path)
            .html()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_real_text_and_the_shapes_differ() {
        let kinds = [StatusKind::Ok, StatusKind::Doing, StatusKind::Warn, StatusKind::Bad, StatusKind::Neutral];
        let shapes: std::collections::BTreeSet<String> = kinds.iter().map(|k| k.shape().to_string()).collect();
        assert_eq!(shapes.len(), kinds.len());
        assert!(Status::warn("Chậm <1").html().as_str().contains("<span>Chậm &lt;1</span>"));
    }
}
