//! A text file to lines.

use base::names::clean;
use intake::paper::decode_text;

use super::{Block, Line, MAX_LINES, too_many};
use crate::error::PlanError;

/// Reads text in any of the known encodings.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Block>, PlanError> {
    let text = decode_text(bytes)?.replace("\r\n", "\n");
    let mut blocks = Vec::new();
    let (mut gap, mut page) = (true, false);
    for (at, line) in (1u64..).zip(text.split(['\n', '\r', '\u{2028}'])) {
        for (part, piece) in line.split('\u{c}').enumerate() {
            page |= part > 0;
            let text = clean(piece);
            if text.is_empty() {
                gap |= part == 0;
                continue;
            }
            if blocks.len() >= MAX_LINES {
                return Err(too_many());
            }
            blocks.push(Block::Line(Line { at, text, gap, page }));
            (gap, page) = (false, false);
        }
    }
    if blocks.is_empty() { Err(intake::IntakeError::Empty.into()) } else { Ok(blocks) }
}
