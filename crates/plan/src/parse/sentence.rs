//! What a line is by its letters: the end of a sentence, a title, the signature; where the head of a document ends.

use super::head::is_title_word;
use super::label::{Label, key, label};
use super::marker::{Marker, marker};
use crate::read::Line;

/// Where the head of the document ends: the first section, numbered item after the title, or label.
pub(crate) fn head_length(lines: &[&Line]) -> usize {
    let mut titled = false;
    for (at, line) in lines.iter().enumerate() {
        titled |= is_title_word(&line.text);
        let starts = match marker(&line.text) {
            Some((Marker::Roman(_) | Marker::Capital(_), rest)) => !rest.is_empty(),
            Some((Marker::Decimal(1, _), _)) => titled,
            _ => false,
        };
        let labelled = label(marker(&line.text).map_or(line.text.as_str(), |(_, rest)| rest))
            .is_some_and(|found| found.label != Label::Note);
        if starts {
            return at;
        }
        if labelled {
            // The numbered lines right before the first label are what it stands under.
            let numbered = |line: &&&Line| marker(&line.text).is_some_and(|(marker, _)| marker.level().is_some());
            return at - lines[..at].iter().rev().take_while(numbered).count();
        }
    }
    lines.len()
}

/// What a label stands before, in Vietnamese.
pub(crate) fn name(label: Label) -> &'static str {
    match label {
        Label::Content => "nội dung",
        Label::Lead => "chủ trì",
        Label::Partner => "phối hợp",
        Label::Doers => "đơn vị thực hiện",
        Label::Product => "kết quả, sản phẩm",
        Label::Time => "thời gian",
        Label::Money => "kinh phí",
        Label::Note => "ghi chú",
        Label::Number => "số thứ tự",
    }
}

/// More of the same sentence.
pub(crate) fn glue(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

/// Whether a sentence is over.
pub(crate) fn ends(text: &str) -> bool {
    text.trim_end_matches(['”', '"', ')', '*', ' ']).ends_with(['.', ';', ':', '!', '?', '…'])
}

/// Capitals only.
pub(crate) fn shouts(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !text.chars().any(char::is_lowercase)
}

/// Receivers and signature.
pub(crate) fn is_tail(text: &str) -> bool {
    let words = key(text);
    let signs = ["TM.", "T/M", "KT.", "TL.", "TUQ."].iter().any(|sign| text.starts_with(sign));
    words.starts_with("noi nhan") || (signs && shouts(text))
}
