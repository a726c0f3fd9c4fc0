//! Lines from top to bottom, page after page. Places are points from the upper left corner.

use super::face::{Faces, Look};
use super::{BOTTOM, HIGH, LEFT, QR, TEXT, TOP, WIDE};

/// Height of a line over the size of its letters.
const LEADING: f32 = 1.25;

/// How a line stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
}

/// Something drawn on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Drawn {
    /// Words from a point of their base line on.
    Words { x: f32, y: f32, look: Look, size: f32, text: String },
    /// A level line.
    Rule { x: f32, y: f32, wide: f32 },
    /// A QR code with its upper left corner.
    Code { x: f32, y: f32, side: f32, text: String },
}

/// Pages in the making.
pub(super) struct Flow {
    pub(super) faces: Faces,
    pub(super) pages: Vec<Vec<Drawn>>,
    y: f32,
    /// Where the text of a page ends.
    end: f32,
}

impl Flow {
    /// The first page; with room for a code at the foot of each.
    pub(super) fn new(faces: Faces, code: bool) -> Self {
        let end = HIGH - BOTTOM - if code { QR + 4.0 } else { 0.0 };
        Self { faces, pages: vec![Vec::new()], y: TOP, end }
    }

    /// Where the next line begins.
    pub(super) fn y(&self) -> f32 {
        self.y
    }

    /// Goes back up on the page, for a second column.
    pub(super) fn back_to(&mut self, y: f32) {
        self.y = y;
    }

    /// Goes down at least as far as the other column.
    pub(super) fn down_to(&mut self, y: f32) {
        self.y = self.y.max(y);
    }

    /// Leaves room.
    pub(super) fn space(&mut self, points: f32) {
        self.y += points;
    }

    /// Begins a new page when what follows would not fit on this one.
    pub(super) fn keep(&mut self, points: f32) {
        if self.y + points > self.end {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
    }

    /// How wide a text is.
    pub(super) fn width(&self, text: &str, look: Look, size: f32) -> f32 {
        self.faces.width(text, look, size)
    }

    fn draw(&mut self, drawn: Drawn) {
        if let Some(page) = self.pages.last_mut() {
            page.push(drawn);
        }
    }

    fn words(&mut self, x: f32, look: Look, size: f32, text: String) {
        // The base line of a line lies four fifths of its height below its top.
        let y = self.y + size * LEADING * 0.8;
        self.draw(Drawn::Words { x, y, look, size, text });
    }

    /// A line over the whole width, in the middle.
    pub(super) fn centred(&mut self, text: &str, look: Look, size: f32) {
        self.lines((LEFT, TEXT), text, look, size, Align::Centre);
    }

    /// Lines of a column given by its left edge and width.
    pub(super) fn lines(&mut self, (x, wide): (f32, f32), text: &str, look: Look, size: f32, align: Align) {
        for line in self.broken(text, look, size, wide, 0.0) {
            self.keep(size * LEADING);
            let at = match align {
                Align::Left => x,
                Align::Centre => x + (wide - self.width(&line, look, size)) / 2.0,
            };
            self.words(at, look, size, line);
            self.y += size * LEADING;
        }
    }

    /// A paragraph of the body: first line set in, both edges even but for the last line.
    pub(super) fn paragraph(&mut self, text: &str, size: f32, indent: f32) {
        let lines = self.broken(text, Look::Regular, size, TEXT, indent);
        let last = lines.len().saturating_sub(1);
        for (at, line) in lines.into_iter().enumerate() {
            self.keep(size * LEADING);
            let indent = if at == 0 { indent } else { 0.0 };
            let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
            let gaps = words.len().saturating_sub(1);
            let free = TEXT - indent - self.width(&line, Look::Regular, size);
            // A line of one word, or one that would gape, stays as it is.
            let more = if at == last || gaps == 0 || free > TEXT * 0.3 { 0.0 } else { free / gaps as f32 };
            let mut x = LEFT + indent;
            for (place, word) in words.iter().enumerate() {
                let text = if place < gaps { format!("{word} ") } else { (*word).to_owned() };
                let wide = self.width(&text, Look::Regular, size);
                self.words(x, Look::Regular, size, text);
                x += wide + more;
            }
            self.y += size * LEADING;
        }
    }

    /// A level line in the middle of a column.
    pub(super) fn rule(&mut self, x: f32, wide: f32, long: f32) {
        self.y += 3.0;
        self.draw(Drawn::Rule { x: x + (wide - long) / 2.0, y: self.y, wide: long });
        self.y += 5.0;
    }

    /// Draws what stands at the foot of each page, and the number of each page from the second on.
    pub(super) fn everywhere(&mut self, (code, lines): (String, Vec<String>)) {
        let top = HIGH - BOTTOM - QR;
        for page in &mut self.pages {
            page.push(Drawn::Code { x: LEFT, y: top, side: QR, text: code.clone() });
            for (at, line) in lines.iter().enumerate() {
                let y = top + QR / 2.0 + 12.0 * at as f32;
                page.push(Drawn::Words { x: LEFT + QR + 8.0, y, look: Look::Regular, size: 9.0, text: line.clone() });
            }
        }
    }

    /// The numbers of pages, in the middle of the upper margin from the second page on.
    pub(super) fn numbers(&self) -> Vec<(usize, Drawn)> {
        let number = |at: usize| {
            let text = (at + 1).to_string();
            let x = (WIDE - self.width(&text, Look::Regular, 13.0)) / 2.0;
            (at, Drawn::Words { x, y: TOP - 14.0, look: Look::Regular, size: 13.0, text })
        };
        (1..self.pages.len()).map(number).collect()
    }

    /// Text in lines no wider than a column; a word that is wider by itself is cut.
    fn broken(&self, text: &str, look: Look, size: f32, wide: f32, indent: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split(' ') {
            let mut word = word.to_owned();
            loop {
                let room = wide - if lines.is_empty() { indent } else { 0.0 };
                let tried = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
                if self.width(&tried, look, size) <= room {
                    line = tried;
                    break;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    continue;
                }
                let mut fits = 1;
                while fits < word.chars().count() && self.width(&head(&word, fits + 1), look, size) <= room {
                    fits += 1;
                }
                lines.push(head(&word, fits));
                word = word.chars().skip(fits).collect();
                if word.is_empty() {
                    break;
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
}

fn head(word: &str, letters: usize) -> String {
    word.chars().take(letters).collect()
}
