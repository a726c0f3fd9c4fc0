//! Pages as PDF for letters and reports: lines, justified paragraphs, tables, notes at the foot of a page, plain drawings.
//!
//! A serif face of the measures of Times New Roman is embedded. Vietnamese letters with their marks are single glyphs of it, so nothing has to be
//! shaped, and the layouter knows no more than documents of offices need.

mod chart;
mod decree;
mod face;
mod flow;
mod table;
mod text;
mod write;

use unicode_normalization::UnicodeNormalization;

pub(crate) use chart::chart;
pub(crate) use decree::{foot, head};
pub(crate) use face::{Faces, Look};
pub(crate) use flow::{Align, Flow, Sheet};
#[cfg(test)]
pub(crate) use flow::{Drawn, Page};
pub(crate) use table::{Column, Row, table};
pub(crate) use text::Piece;
pub(crate) use write::file;

/// Points of a millimetre.
pub(crate) const MM: f32 = 72.0 / 25.4;
/// Side of the QR code.
pub(crate) const QR: f32 = 18.0 * MM;

/// A PDF could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct PdfError(pub(crate) String);

/// Text as it is drawn: whole letters, no line breaks and no control characters. A space that does not break stays one.
pub(crate) fn plain(text: &str) -> String {
    let space = |c: char| if c.is_whitespace() && c != '\u{a0}' { ' ' } else { c };
    text.nfc().map(space).filter(|c| !c.is_control()).collect()
}
