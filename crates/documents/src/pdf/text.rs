//! Words of several looks, broken into lines of a width.

use super::face::{Faces, Look};

/// Words of one look in a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    /// The words; spaces part them.
    pub(crate) text: String,
    /// Their face.
    pub(crate) look: Look,
    /// The note whose number they are: printed small and raised.
    pub(crate) note: Option<usize>,
}

impl Piece {
    /// Words without a note.
    pub(crate) fn new(text: impl Into<String>, look: Look) -> Self {
        Self { text: text.into(), look, note: None }
    }

    /// Share of the size at which it is printed.
    pub(super) fn scale(&self) -> f32 {
        if self.note.is_some() { 0.62 } else { 1.0 }
    }

    pub(super) fn width(&self, faces: &Faces, size: f32) -> f32 {
        faces.width(&self.text, self.look, size * self.scale())
    }
}

/// What no space parts: pieces that stand side by side.
pub(super) type Word = Vec<Piece>;

/// A line.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Line {
    pub(super) words: Vec<Word>,
    /// Width with single spaces.
    pub(super) wide: f32,
    /// Whether the text ends here.
    pub(super) last: bool,
}

impl Line {
    /// The notes it refers to.
    pub(super) fn notes(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().flatten().filter_map(|piece| piece.note)
    }
}

/// A text in lines no wider than a column, the first set in; a word that is wider by itself is cut.
pub(super) fn lines(faces: &Faces, pieces: &[Piece], size: f32, wide: f32, indent: f32) -> Vec<Line> {
    let space = faces.width(" ", Look::Regular, size);
    let mut lines: Vec<Line> = Vec::new();
    let mut line = Line::default();
    for word in words(pieces) {
        for part in cut(faces, word, size, wide - indent) {
            let own: f32 = part.iter().map(|piece| piece.width(faces, size)).sum();
            let room = wide - if lines.is_empty() { indent } else { 0.0 };
            let gap = if line.words.is_empty() { 0.0 } else { space };
            if !line.words.is_empty() && line.wide + gap + own > room {
                lines.push(std::mem::take(&mut line));
            }
            line.wide += own + if line.words.is_empty() { 0.0 } else { space };
            line.words.push(part);
        }
    }
    line.last = true;
    if !line.words.is_empty() || lines.is_empty() {
        lines.push(line);
    } else if let Some(last) = lines.last_mut() {
        last.last = true;
    }
    lines
}

/// The words of a text; a piece that begins without a space goes on with the word before.
fn words(pieces: &[Piece]) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    let mut open = false;
    for piece in pieces.iter().filter(|piece| !piece.text.is_empty()) {
        if piece.text.starts_with(' ') {
            open = false;
        }
        for text in piece.text.split(' ').filter(|text| !text.is_empty()) {
            let part = Piece { text: text.to_owned(), ..piece.clone() };
            match all.last_mut().filter(|_| open) {
                Some(word) => word.push(part),
                None => all.push(vec![part]),
            }
            open = false;
        }
        open = !piece.text.ends_with(' ');
    }
    all
}

/// A word in parts that fit.
fn cut(faces: &Faces, word: Word, size: f32, room: f32) -> Vec<Word> {
    let own: f32 = word.iter().map(|piece| piece.width(faces, size)).sum();
    if own <= room {
        return vec![word];
    }
    let mut parts: Vec<Word> = vec![Vec::new()];
    let mut used = 0.0;
    for piece in word {
        let scale = piece.scale();
        let mut text = String::new();
        for letter in piece.text.chars() {
            let wide = faces.width(letter.encode_utf8(&mut [0; 4]), piece.look, size * scale);
            if used + wide > room && used > 0.0 {
                if let Some(part) = parts.last_mut().filter(|_| !text.is_empty()) {
                    part.push(Piece { text: std::mem::take(&mut text), ..piece.clone() });
                }
                parts.push(Vec::new());
                used = 0.0;
            }
            text.push(letter);
            used += wide;
        }
        if let Some(part) = parts.last_mut().filter(|_| !text.is_empty()) {
            part.push(Piece { text, ..piece });
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lines: &[Line]) -> Vec<String> {
        let word = |word: &Word| word.iter().map(|piece| piece.text.as_str()).collect::<String>();
        lines.iter().map(|line| line.words.iter().map(word).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_note_stays_with_its_figure_and_a_long_word_is_cut() {
        let faces = Faces::load().unwrap();
        let note = Piece { note: Some(0), ..Piece::new("1", Look::Regular) };
        let pieces = [Piece::new("đạt 96,41%", Look::Regular), note, Piece::new(", tăng", Look::Regular)];
        let all = lines(&faces, &pieces, 14.0, 400.0, 0.0);
        assert_eq!(said(&all), ["đạt 96,41%1, tăng"]);
        assert_eq!(all[0].notes().collect::<Vec<_>>(), [0]);
        let narrow = lines(&faces, &pieces, 14.0, 70.0, 0.0);
        assert_eq!(said(&narrow), ["đạt", "96,41%1,", "tăng"]);
        let empty = [Piece::new("145", Look::Regular), Piece::new("", Look::Regular), Piece::new("; và", Look::Regular)];
        assert_eq!(said(&lines(&faces, &empty, 14.0, 400.0, 0.0)), ["145; và"]);
        let long = lines(&faces, &[Piece::new("chữ".repeat(40), Look::Regular)], 14.0, 100.0, 10.0);
        assert!(long.len() > 3 && long.iter().all(|line| line.wide <= 100.5), "{long:?}");
        assert_eq!(said(&long).concat(), "chữ".repeat(40));
        assert_eq!(said(&lines(&faces, &[], 14.0, 100.0, 0.0)), [""]);
    }
}
