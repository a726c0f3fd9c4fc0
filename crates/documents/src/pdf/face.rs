//! The four faces of Tinos (SIL Open Font License 1.1, `fonts/OFL-tinos.txt`), reduced to Latin and Vietnamese letters: small enough to
//! be embedded whole.

use ttf_parser::{Face, GlyphId};

use super::PdfError;

/// Which face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Look {
    Regular,
    Bold,
    Italic,
    BoldItalic,
}

impl Look {
    /// All four, in the order of their files.
    pub(crate) const ALL: [Look; 4] = [Self::Regular, Self::Bold, Self::Italic, Self::BoldItalic];

    /// The bytes of its file.
    pub(crate) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../fonts/Tinos-Regular.ttf"),
            Self::Bold => include_bytes!("../../fonts/Tinos-Bold.ttf"),
            Self::Italic => include_bytes!("../../fonts/Tinos-Italic.ttf"),
            Self::BoldItalic => include_bytes!("../../fonts/Tinos-BoldItalic.ttf"),
        }
    }

    /// Its name in the file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Regular => "ANSINH+Tinos",
            Self::Bold => "ANSINH+Tinos-Bold",
            Self::Italic => "ANSINH+Tinos-Italic",
            Self::BoldItalic => "ANSINH+Tinos-BoldItalic",
        }
    }
}

/// The faces, ready to be measured.
pub(crate) struct Faces([Face<'static>; 4]);

impl Faces {
    /// Reads the faces the program brings along.
    pub(crate) fn load() -> Result<Self, PdfError> {
        let face = |look: Look| Face::parse(look.bytes(), 0).map_err(|e| PdfError(format!("{}: {e}", look.name())));
        let [a, b, c, d] = Look::ALL;
        Ok(Self([face(a)?, face(b)?, face(c)?, face(d)?]))
    }

    /// A face.
    pub(crate) fn face(&self, look: Look) -> &Face<'static> {
        match look {
            Look::Regular => &self.0[0],
            Look::Bold => &self.0[1],
            Look::Italic => &self.0[2],
            Look::BoldItalic => &self.0[3],
        }
    }

    /// The glyph of a letter; that of `?` for one the face does not have.
    pub(crate) fn glyph(&self, look: Look, letter: char) -> GlyphId {
        let face = self.face(look);
        let letter = if letter == '\u{a0}' { ' ' } else { letter };
        face.glyph_index(letter).or_else(|| face.glyph_index('?')).unwrap_or(GlyphId(0))
    }

    /// How wide a text is, in points.
    pub(crate) fn width(&self, text: &str, look: Look, size: f32) -> f32 {
        let face = self.face(look);
        let units: u32 = text.chars().map(|c| u32::from(face.glyph_hor_advance(self.glyph(look, c)).unwrap_or(0))).sum();
        units as f32 * size / f32::from(face.units_per_em())
    }
}
