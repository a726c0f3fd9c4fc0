//! A text of time in small pieces: words without marks, numbers, marks that separate.

use std::ops::Range;

use base::names::fold;

/// A piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A word, folded.
    Word(String),
    /// A whole number of at most four digits.
    Number(i32),
    /// `/`.
    Slash,
    /// A dash of any kind.
    Dash,
    /// Comma, semicolon, full stop, bracket, line end, "và": what stands before is said.
    Stop,
}

/// Roman numerals up to four: quarters. `iv` before `i`, so that the longest is taken.
fn roman(word: &str) -> Option<i32> {
    match word {
        "i" => Some(1),
        "ii" => Some(2),
        "iii" => Some(3),
        "iv" => Some(4),
        _ => None,
    }
}

/// Cuts a cleaned text into pieces, each with the bytes it stands on.
fn pieces(text: &str) -> Vec<(Piece, Range<usize>)> {
    let mut pieces = Vec::new();
    let mut word = String::new();
    let mut from = 0;
    for (at, c) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        let folded = fold(c.encode_utf8(&mut [0; 4]));
        let part = folded.chars().next().filter(|c| c.is_alphanumeric());
        if part.is_none_or(|c| splits(&word, c)) {
            push(&mut pieces, &mut word, from..at);
        }
        if part.is_some() {
            if word.is_empty() {
                from = at;
            }
            word.push_str(&folded);
            continue;
        }
        let mark = match c {
            '/' => Piece::Slash,
            '-' | '\u{2010}'..='\u{2015}' => Piece::Dash,
            ',' | ';' | '.' | ':' | '(' | ')' | '\n' => Piece::Stop,
            _ => continue,
        };
        pieces.push((mark, at..at + c.len_utf8()));
    }
    pieces
}

/// Digits and letters never share a word: `30thang` is two.
fn splits(word: &str, next: char) -> bool {
    word.chars().next_back().is_some_and(|last| last.is_ascii_digit() != next.is_ascii_digit())
}

fn push(pieces: &mut Vec<(Piece, Range<usize>)>, word: &mut String, place: Range<usize>) {
    if word.is_empty() {
        return;
    }
    let text = std::mem::take(word);
    // Behind "quý" a Roman numeral, or the letter that stands in its place.
    let after_quarter = matches!(pieces.last(), Some((Piece::Word(w), _)) if w == "quy");
    let piece = match text.parse::<i32>() {
        Ok(number) if text.len() <= 4 => Piece::Number(number),
        _ => match roman(&text).filter(|_| after_quarter) {
            Some(number) => Piece::Number(number),
            None if text == "va" || text == "hoac" => Piece::Stop,
            // "qúi", "quí": the same word.
            None if text == "qui" => Piece::Word("quy".to_owned()),
            None => Piece::Word(text),
        },
    };
    pieces.push((piece, place));
}

/// Pieces with a place from which they are read.
pub(super) struct Pieces {
    all: Vec<(Piece, Range<usize>)>,
    at: usize,
}

impl Pieces {
    pub(super) fn new(text: &str) -> Self {
        Self { all: pieces(text), at: 0 }
    }

    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn go_back(&mut self, place: usize) {
        self.at = place;
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.all.len()
    }

    /// Whether what comes next ends what was said.
    pub(super) fn at_stop(&self) -> bool {
        matches!(self.all.get(self.at), None | Some((Piece::Stop, _)))
    }

    /// Passes over one piece and gives the bytes it stands on.
    pub(super) fn skip(&mut self) -> Range<usize> {
        self.at += 1;
        self.all.get(self.at - 1).map_or(0..0, |(_, place)| place.clone())
    }

    /// The bytes of what was read since a place.
    pub(super) fn since(&self, place: usize) -> Range<usize> {
        let read = self.all.get(place..self.at).unwrap_or_default();
        let from = read.first().map_or(0, |(_, place)| place.start);
        from..read.last().map_or(from, |(_, place)| place.end)
    }

    /// Passes over what separates.
    pub(super) fn stops(&mut self) {
        while matches!(self.all.get(self.at), Some((Piece::Stop, _))) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: &Piece) -> bool {
        let is = self.all.get(self.at).is_some_and(|(piece, _)| piece == wanted);
        self.at += usize::from(is);
        is
    }

    pub(super) fn slash(&mut self) -> bool {
        self.take(&Piece::Slash)
    }

    pub(super) fn dash(&mut self) -> bool {
        self.take(&Piece::Dash)
    }

    /// Takes words one after the other, all or none.
    pub(super) fn words(&mut self, wanted: &str) -> bool {
        let start = self.at;
        for word in wanted.split(' ') {
            let is = match self.all.get(self.at) {
                Some((Piece::Word(text), _)) => text == word,
                Some((Piece::Number(number), _)) => word.parse() == Ok(*number),
                _ => false,
            };
            if !is {
                self.at = start;
                return false;
            }
            self.at += 1;
        }
        true
    }

    /// Takes the first of several that fits.
    pub(super) fn any(&mut self, wanted: &[&str]) -> bool {
        wanted.iter().any(|words| self.words(words))
    }

    /// Takes a number within bounds.
    pub(super) fn number(&mut self, from: i32, to: i32) -> Option<i32> {
        match self.all.get(self.at) {
            Some((Piece::Number(number), _)) if (from..=to).contains(number) => {
                self.at += 1;
                Some(*number)
            }
            _ => None,
        }
    }
}
