//! Lines from top to bottom, page after page, with notes at the foot of each. Places are points from the upper left corner.

use super::face::{Faces, Look};
use super::text::{Line, Piece, lines};
use super::{MM, QR};

/// Height of a line over the size of its letters.
pub(super) const LEADING: f32 = 1.25;
/// Size of notes.
const NOTE: f32 = 10.0;
/// Room of the line above the notes.
const NOTE_RULE: f32 = 10.0;

/// How a line stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
    /// Both edges even, but for the last line.
    Both,
}

/// Something drawn on a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Drawn {
    /// Words from a point of their base line on.
    Words { x: f32, y: f32, look: Look, size: f32, text: String },
    /// A straight line; grey from 0 (black) to 1.
    Line { from: (f32, f32), to: (f32, f32), wide: f32, dashes: bool, grey: f32 },
    /// A filled rectangle by its upper left corner; grey from 0 (black) to 1.
    Area { x: f32, y: f32, wide: f32, tall: f32, grey: f32 },
    /// A QR code with its upper left corner.
    Code { x: f32, y: f32, side: f32, text: String },
}

/// A size of paper with its margins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) wide: f32,
    pub(crate) high: f32,
    pub(crate) top: f32,
    pub(crate) bottom: f32,
    pub(crate) left: f32,
    pub(crate) right: f32,
}

impl Sheet {
    /// A4 as documents of decree 30/2020 have it.
    pub(crate) const UPRIGHT: Self =
        Self { wide: 210.0 * MM, high: 297.0 * MM, top: 20.0 * MM, bottom: 20.0 * MM, left: 30.0 * MM, right: 15.0 * MM };
    /// A4 across, for wide annexes.
    pub(crate) const ACROSS: Self =
        Self { wide: 297.0 * MM, high: 210.0 * MM, top: 20.0 * MM, bottom: 15.0 * MM, left: 20.0 * MM, right: 20.0 * MM };

    /// Width of the text.
    pub(crate) fn text(&self) -> f32 {
        self.wide - self.left - self.right
    }
}

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page {
    pub(crate) sheet: Sheet,
    pub(crate) drawn: Vec<Drawn>,
    /// Notes at its foot.
    notes: Vec<usize>,
}

/// Pages in the making.
pub(crate) struct Flow {
    pub(crate) faces: Faces,
    pub(crate) pages: Vec<Page>,
    y: f32,
    /// The paper of pages to come.
    sheet: Sheet,
    /// Room at the foot that the text leaves: a code, notes.
    foot: f32,
    code: f32,
    /// The notes by number, and which stand on a page already.
    notes: Vec<String>,
    placed: Vec<bool>,
}

impl Flow {
    /// The first page; with room for a code at the foot of each.
    pub(crate) fn new(faces: Faces, code: bool) -> Self {
        let (sheet, code) = (Sheet::UPRIGHT, if code { QR + 4.0 } else { 0.0 });
        let page = Page { sheet, drawn: Vec::new(), notes: Vec::new() };
        Self { faces, pages: vec![page], y: sheet.top, sheet, foot: code, code, notes: Vec::new(), placed: Vec::new() }
    }

    /// The notes that pieces refer to by their place here.
    pub(crate) fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.placed = vec![false; notes.len()];
        self.notes = notes;
        self
    }

    /// The paper of the page.
    pub(crate) fn sheet(&self) -> Sheet {
        self.sheet
    }

    /// Where the next line begins.
    pub(crate) fn y(&self) -> f32 {
        self.y
    }

    /// Goes back up on the page, for a second column.
    pub(crate) fn back_to(&mut self, y: f32) {
        self.y = y;
    }

    /// Goes down at least as far as the other column.
    pub(crate) fn down_to(&mut self, y: f32) {
        self.y = self.y.max(y);
    }

    /// Leaves room.
    pub(crate) fn space(&mut self, points: f32) {
        self.y += points;
    }

    /// Where the text of this page ends.
    pub(super) fn end(&self) -> f32 {
        self.sheet.high - self.sheet.bottom - self.foot
    }

    /// Begins a new page on this paper.
    pub(crate) fn new_page(&mut self, sheet: Sheet) {
        self.sheet = sheet;
        self.pages.push(Page { sheet, drawn: Vec::new(), notes: Vec::new() });
        self.y = sheet.top;
        self.foot = self.code;
    }

    /// Begins a new page when what follows would not fit on this one. Whether it did.
    pub(crate) fn keep(&mut self, points: f32) -> bool {
        let over = self.y + points > self.end();
        // At the top of a page it fits nowhere better.
        if over && self.y > self.sheet.top {
            self.new_page(self.sheet);
            return true;
        }
        false
    }

    /// How wide a text is.
    pub(crate) fn width(&self, text: &str, look: Look, size: f32) -> f32 {
        self.faces.width(text, look, size)
    }

    /// Draws on the page.
    pub(crate) fn draw(&mut self, drawn: Drawn) {
        if let Some(page) = self.pages.last_mut() {
            page.drawn.push(drawn);
        }
    }

    /// Draws words whose base line is given.
    pub(super) fn words(&mut self, x: f32, y: f32, look: Look, size: f32, text: impl Into<String>) {
        self.draw(Drawn::Words { x, y, look, size, text: text.into() });
    }

    /// Lines of a column given by its left edge and width.
    pub(crate) fn lines(&mut self, (x, wide): (f32, f32), text: &str, look: Look, size: f32, align: Align) {
        self.text((x, wide), &[Piece::new(text, look)], size, 0.0, align);
    }

    /// A line over the whole width, in the middle.
    pub(crate) fn centred(&mut self, text: &str, look: Look, size: f32) {
        self.lines((self.sheet.left, self.sheet.text()), text, look, size, Align::Centre);
    }

    /// A text of several looks in a column, the first line set in.
    pub(crate) fn text(&mut self, (x, wide): (f32, f32), pieces: &[Piece], size: f32, indent: f32, align: Align) {
        let mut indent = indent;
        for line in lines(&self.faces, pieces, size, wide, indent) {
            let notes: Vec<usize> = line.notes().collect();
            self.keep(size * LEADING + self.room_of(&notes));
            self.place(&notes);
            self.line((x + indent, wide - indent), &line, size, align);
            self.y += size * LEADING;
            indent = 0.0;
        }
    }

    /// Draws a line at the present height.
    pub(super) fn line(&mut self, column: (f32, f32), line: &Line, size: f32, align: Align) {
        let drawn = drawn(&self.faces, column, self.y, line, size, align);
        drawn.into_iter().for_each(|one| self.draw(one));
    }

    /// Room that notes need at the foot which are not there yet.
    pub(super) fn room_of(&self, notes: &[usize]) -> f32 {
        let fresh: Vec<usize> = notes.iter().copied().filter(|note| self.placed.get(*note) == Some(&false)).collect();
        if fresh.is_empty() {
            return 0.0;
        }
        let first = self.pages.last().is_none_or(|page| page.notes.is_empty());
        let mut seen = Vec::new();
        let mut room = if first { NOTE_RULE } else { 0.0 };
        for note in fresh {
            if !seen.contains(&note) {
                seen.push(note);
                room += self.note_lines(note).len() as f32 * NOTE * LEADING;
            }
        }
        room
    }

    /// Puts notes at the foot of this page.
    pub(super) fn place(&mut self, notes: &[usize]) {
        for note in notes {
            if self.placed.get(*note) != Some(&false) {
                continue;
            }
            self.foot += self.room_of(&[*note]);
            self.placed[*note] = true;
            if let Some(page) = self.pages.last_mut() {
                page.notes.push(*note);
            }
        }
    }

    fn note_lines(&self, note: usize) -> Vec<Line> {
        let number = Piece { note: Some(note), ..Piece::new((note + 1).to_string(), Look::Regular) };
        let text = self.notes.get(note).map_or("", String::as_str);
        lines(&self.faces, &[number, Piece::new(format!(" {text}"), Look::Regular)], NOTE, self.sheet.text(), 0.0)
    }

    /// Draws the notes of all pages, and a line of words below everything.
    pub(crate) fn finish(&mut self, below: &str) {
        for at in 0..self.pages.len() {
            let sheet = self.pages[at].sheet;
            self.sheet = sheet;
            let all: Vec<Line> = self.pages[at].notes.iter().flat_map(|note| self.note_lines(*note)).collect();
            let top = sheet.high - sheet.bottom - self.code - all.len() as f32 * NOTE * LEADING;
            let mut more = Vec::new();
            if !all.is_empty() {
                let y = top - NOTE_RULE * 0.4;
                more.push(Drawn::Line {
                    from: (sheet.left, y),
                    to: (sheet.left + sheet.text() / 3.0, y),
                    wide: 0.5,
                    dashes: false,
                    grey: 0.0,
                });
            }
            for (row, line) in all.iter().enumerate() {
                let y = top + row as f32 * NOTE * LEADING;
                more.extend(drawn(&self.faces, (sheet.left, sheet.text()), y, line, NOTE, Align::Left));
            }
            if !below.is_empty() {
                let y = sheet.high - sheet.bottom + 16.0;
                more.push(Drawn::Words { x: sheet.left, y, look: Look::Italic, size: 8.5, text: below.to_owned() });
            }
            self.pages[at].drawn.extend(more);
        }
    }

    /// A level line in the middle of a column.
    pub(crate) fn rule(&mut self, x: f32, wide: f32, long: f32) {
        self.y += 3.0;
        let from = x + (wide - long) / 2.0;
        self.draw(Drawn::Line { from: (from, self.y), to: (from + long, self.y), wide: 0.75, dashes: false, grey: 0.0 });
        self.y += 5.0;
    }

    /// Draws what stands at the foot of each page: a code and lines beside it.
    pub(crate) fn everywhere(&mut self, (code, lines): (String, Vec<String>)) {
        for page in &mut self.pages {
            let (top, left) = (page.sheet.high - page.sheet.bottom - QR, page.sheet.left);
            page.drawn.push(Drawn::Code { x: left, y: top, side: QR, text: code.clone() });
            for (at, line) in lines.iter().enumerate() {
                let y = top + QR / 2.0 + 12.0 * at as f32;
                page.drawn.push(Drawn::Words { x: left + QR + 8.0, y, look: Look::Regular, size: 9.0, text: line.clone() });
            }
        }
    }

    /// The numbers of pages, in the middle of the upper margin from the second page on.
    pub(crate) fn numbers(&self) -> Vec<(usize, Drawn)> {
        let number = |at: usize| {
            let (text, sheet) = ((at + 1).to_string(), self.pages[at].sheet);
            let x = (sheet.wide - self.width(&text, Look::Regular, 13.0)) / 2.0;
            (at, Drawn::Words { x, y: sheet.top - 14.0, look: Look::Regular, size: 13.0, text })
        };
        (1..self.pages.len()).map(number).collect()
    }
}

/// A line of a column whose top is given.
fn drawn(faces: &Faces, (x, wide): (f32, f32), top: f32, line: &Line, size: f32, align: Align) -> Vec<Drawn> {
    let space = faces.width(" ", Look::Regular, size);
    let (free, gaps) = (wide - line.wide, line.words.len().saturating_sub(1));
    // A line of one word, or one that would gape, stays as it is.
    let even = align == Align::Both && !line.last && gaps > 0 && free <= wide * 0.3;
    let more = if even { free / gaps as f32 } else { 0.0 };
    let mut at = match align {
        Align::Left | Align::Both => x,
        Align::Centre => x + free / 2.0,
        Align::Right => x + free,
    };
    // The base line of a line lies four fifths of its height below its top.
    let y = top + size * LEADING * 0.8;
    let mut all = Vec::new();
    for (place, word) in line.words.iter().enumerate() {
        for (within, piece) in word.iter().enumerate() {
            // The space belongs to the word, so that text taken out of the file has it.
            let spaced = within + 1 == word.len() && place < gaps;
            let text = if spaced { format!("{} ", piece.text) } else { piece.text.clone() };
            let raised = if piece.note.is_some() { size * 0.33 } else { 0.0 };
            all.push(Drawn::Words { x: at, y: y - raised, look: piece.look, size: size * piece.scale(), text });
            at += piece.width(faces, size);
        }
        at += space + more;
    }
    all
}
