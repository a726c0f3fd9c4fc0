//! Small pictures of words and bars (ảnh PNG) for phones, drawn without a browser: glyphs of the faces that the PDF writer embeds, filled by the
//! share of each pixel they cover. A library for SVG would bring a text shaper and some twenty crates for the same.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use ttf_parser::OutlineBuilder;

use crate::pdf::{Faces, Look, plain};
use crate::qr::png_file;

/// A colour: red, green, blue.
pub type Colour = [u8; 3];

/// How words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Upright.
    Regular,
    /// Bold.
    Bold,
    /// Slanted.
    Italic,
}

impl Weight {
    fn look(self) -> Look {
        match self {
            Self::Regular => Look::Regular,
            Self::Bold => Look::Bold,
            Self::Italic => Look::Italic,
        }
    }
}

/// A picture in the making. The same drawing gives the same bytes.
pub struct Picture {
    wide: usize,
    high: usize,
    pixels: Vec<Colour>,
    faces: Faces,
}

/// A picture could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("không vẽ được ảnh: {0}")]
pub struct PictureError(String);

impl base::Explain for PictureError {
    fn code(&self) -> &'static str {
        "picture_write"
    }

    fn place(&self) -> String {
        String::new()
    }

    fn remedy(&self) -> String {
        "Thử lại; nếu vẫn lỗi, báo người quản trị.".to_owned()
    }
}

impl Picture {
    /// An empty sheet of one colour.
    pub fn new(wide: usize, high: usize, ground: Colour) -> Result<Self, PictureError> {
        let faces = Faces::load().map_err(|e| PictureError(e.to_string()))?;
        Ok(Self { wide, high, pixels: vec![ground; wide * high], faces })
    }

    /// A filled rectangle.
    pub fn area(&mut self, (x, y): (usize, usize), (wide, tall): (usize, usize), colour: Colour) {
        for row in y.min(self.high)..(y + tall).min(self.high) {
            let line = row * self.wide;
            self.pixels[line + x.min(self.wide)..line + (x + wide).min(self.wide)].fill(colour);
        }
    }

    /// How wide words are.
    pub fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        self.faces.width(&plain(text), weight.look(), size)
    }

    /// A text in lines no wider than this; a word that is wider stands alone.
    pub fn lines(&self, text: &str, weight: Weight, size: f32, wide: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let tried = lines.last().map(|line| format!("{line} {word}"));
            match (lines.last_mut(), tried) {
                (Some(line), Some(tried)) if self.faces.width(&plain(&tried), weight.look(), size) <= wide => *line = tried,
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    /// Words from a point of their base line on.
    pub fn words(&mut self, (x, y): (f32, f32), text: &str, weight: Weight, size: f32, colour: Colour) {
        let text = plain(text);
        let look = weight.look();
        let face = self.faces.face(look);
        let scale = size / f32::from(face.units_per_em());
        let wide = (self.faces.width(&text, look, size) + size).ceil().max(1.0) as usize;
        let (above, tall) = ((size * 1.3).ceil(), (size * 1.8).ceil() as usize);
        let mut ink =
            Ink { wide, tall, cover: vec![0.0; wide * tall + 4], pen: (0.0, above), scale, at: (0.0, 0.0), start: (0.0, 0.0) };
        for letter in text.chars() {
            let glyph = self.faces.glyph(look, letter);
            face.outline_glyph(glyph, &mut ink);
            ink.pen.0 += f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * scale;
        }
        let (left, top) = (x.round() as isize, (y - above).round() as isize);
        for row in 0..tall {
            let mut sum = 0.0;
            for column in 0..wide {
                sum += ink.cover[row * wide + column];
                self.blend(left + column as isize, top + row as isize, sum.abs().min(1.0), colour);
            }
        }
    }

    fn blend(&mut self, x: isize, y: isize, cover: f32, colour: Colour) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x >= self.wide || y >= self.high || cover <= 0.0 {
            return;
        }
        let pixel = &mut self.pixels[y * self.wide + x];
        for (now, then) in pixel.iter_mut().zip(colour) {
            *now = (f32::from(*now) * (1.0 - cover) + f32::from(then) * cover).round() as u8;
        }
    }

    /// The picture as a PNG file.
    pub fn png(&self) -> Result<Vec<u8>, PictureError> {
        let failed = |e: &dyn std::fmt::Display| PictureError(e.to_string());
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        for row in self.pixels.chunks(self.wide.max(1)) {
            // No filter.
            packed.write_all(&[0]).map_err(|e| failed(&e))?;
            packed.write_all(row.as_flattened()).map_err(|e| failed(&e))?;
        }
        let size = |n: usize| u32::try_from(n).map_err(|e| failed(&e));
        // Eight bits a colour, three colours.
        Ok(png_file((size(self.wide)?, size(self.high)?), (8, 2), &packed.finish().map_err(|e| failed(&e))?))
    }
}

/// Where glyphs cover the pixels: each line adds to its row how much the cover changes from pixel to pixel, so that the sum along a row is the cover.
struct Ink {
    wide: usize,
    tall: usize,
    cover: Vec<f32>,
    /// Where the glyph stands.
    pen: (f32, f32),
    scale: f32,
    at: (f32, f32),
    start: (f32, f32),
}

/// Straight pieces of a curve.
const PIECES: u8 = 8;

impl Ink {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.pen.0 + x * self.scale, self.pen.1 - y * self.scale)
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        if from.1 == to.1 {
            return;
        }
        let (side, from, to) = if from.1 < to.1 { (1.0, from, to) } else { (-1.0, to, from) };
        let slope = (to.0 - from.0) / (to.1 - from.1);
        let mut x = from.0 - if from.1 < 0.0 { from.1 * slope } else { 0.0 };
        let last = (to.1.ceil().max(0.0) as usize).min(self.tall);
        for row in (from.1.max(0.0) as usize)..last {
            let tall = (row as f32 + 1.0).min(to.1) - (row as f32).max(from.1);
            let next = x + slope * tall;
            self.row(row, x.min(next), x.max(next), side * tall);
            x = next;
        }
    }

    /// A piece of a line within one row of pixels: `change` is how much of the row's height it spans.
    fn row(&mut self, row: usize, from: f32, to: f32, change: f32) {
        let limit = self.wide as f32 - 1.0;
        let (from, to) = (from.clamp(0.0, limit), to.clamp(0.0, limit));
        let (first, last) = (from.floor(), to.ceil());
        let start = row * self.wide + first as usize;
        if last - first <= 1.0 {
            let share = 0.5 * (from + to) - first;
            self.cover[start] += change * (1.0 - share);
            self.cover[start + 1] += change * share;
            return;
        }
        // Over several pixels: the cover to the right of the line up to each pixel's edge.
        let wide = to - from;
        let right = |edge: f32| {
            let inside = (edge - from).clamp(0.0, wide);
            (0.5 * inside * inside / wide) + (edge - to).max(0.0)
        };
        let mut before = 0.0;
        let mut told = 0.0;
        for step in 0..=(last - first) as usize {
            let edge = first + step as f32 + 1.0;
            let now = right(edge);
            let cover = now - before;
            self.cover[start + step] += change * (cover - told);
            (before, told) = (now, cover);
        }
    }
}

impl OutlineBuilder for Ink {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.place(x, y);
        self.start = self.at;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.line(self.at, to);
        self.at = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (from, by, to) = (self.at, self.place(x1, y1), self.place(x, y));
        for piece in 1..=PIECES {
            let t = f32::from(piece) / f32::from(PIECES);
            let along = |a: f32, b: f32, c: f32| (1.0 - t) * (1.0 - t) * a + 2.0 * t * (1.0 - t) * b + t * t * c;
            let next = (along(from.0, by.0, to.0), along(from.1, by.1, to.1));
            self.line(self.at, next);
            self.at = next;
        }
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (from, one, two, to) = (self.at, self.place(x1, y1), self.place(x2, y2), self.place(x, y));
        for piece in 1..=PIECES {
            let t = f32::from(piece) / f32::from(PIECES);
            let u = 1.0 - t;
            let along =
                |a: f32, b: f32, c: f32, d: f32| u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d;
            let next = (along(from.0, one.0, two.0, to.0), along(from.1, one.1, two.1, to.1));
            self.line(self.at, next);
            self.at = next;
        }
    }

    fn close(&mut self) {
        self.line(self.at, self.start);
        self.at = self.start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_box_covers_what_it_covers() {
        let mut ink = Ink {
            wide: 12,
            tall: 8,
            cover: vec![0.0; 12 * 8 + 4],
            pen: (0.0, 8.0),
            scale: 1.0,
            at: (0.0, 0.0),
            start: (0.0, 0.0),
        };
        // From 2.5 to 6 and from the first row to the fourth and a half; then a slope over many pixels of one row.
        ink.move_to(2.5, 8.0);
        ink.line_to(6.0, 8.0);
        ink.line_to(6.0, 3.5);
        ink.line_to(2.5, 3.5);
        ink.close();
        let row = |ink: &Ink, row: usize| {
            let mut sum = 0.0_f32;
            (0..12)
                .map(|x| {
                    sum += ink.cover[row * 12 + x];
                    (sum.abs() * 100.0).round() as i32
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(row(&ink, 0), [0, 0, 50, 100, 100, 100, 0, 0, 0, 0, 0, 0]);
        assert_eq!(row(&ink, 4), [0, 0, 25, 50, 50, 50, 0, 0, 0, 0, 0, 0]);
        let mut slope = Ink { cover: vec![0.0; 12 * 8 + 4], ..ink };
        slope.move_to(0.0, 1.0);
        slope.line_to(10.0, 0.0);
        slope.line_to(0.0, 0.0);
        slope.close();
        let last = row(&slope, 7);
        let whole: i32 = last.iter().sum();
        assert!((498..=502).contains(&whole), "half of ten pixels: {last:?}");
        assert!(last.windows(2).all(|pair| pair[0] >= pair[1]), "{last:?}");
    }

    #[test]
    fn words_leave_ink_where_they_stand_and_the_same_bytes_each_time() {
        let draw = || {
            let mut picture = Picture::new(400, 100, [255, 255, 255]).unwrap();
            picture.words((20.0, 60.0), "Phường Ễ ổ 96,41%", Weight::Bold, 40.0, [0, 0, 0]);
            picture
        };
        let picture = draw();
        let dark = |x: std::ops::Range<usize>, y: std::ops::Range<usize>| {
            y.flat_map(|y| x.clone().map(move |x| (x, y))).filter(|(x, y)| picture.pixels[y * 400 + x][0] < 128).count()
        };
        let end = 20 + picture.width("Phường Ễ ổ 96,41%", Weight::Bold, 40.0) as usize;
        assert!(dark(20..end, 10..75) > 1_500, "{}", dark(20..end, 10..75));
        assert_eq!(dark(0..18, 0..100) + dark(end + 3..400, 0..100), 0, "nothing beside them");
        let bytes = picture.png().unwrap();
        assert!(bytes.starts_with(b"\x89PNG") && bytes.len() < 20_000);
        assert_eq!(bytes, draw().png().unwrap());
        // Drawing over the edge is cut.
        let mut small = Picture::new(10, 10, [0; 3]).unwrap();
        small.words((-30.0, 5.0), "rất dài và rộng", Weight::Italic, 30.0, [9; 3]);
        small.area((5, 5), (100, 100), [1; 3]);
        assert_eq!(small.lines("một hai ba", Weight::Regular, 20.0, 70.0), ["một hai", "ba"]);
    }
}
