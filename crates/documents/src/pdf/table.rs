//! Tables with lines whose head comes again on every page.

use super::flow::{Align, Drawn, Flow, LEADING};
use super::text::{Line, Piece, lines};
use super::{Look, plain};

/// Room between a line of the table and its words.
const PAD: f32 = 3.0;

/// A column: its part of the width and how its cells stand.
pub(crate) struct Column {
    pub(crate) head: String,
    pub(crate) share: u32,
    pub(crate) align: Align,
}

/// A row: cells, or one over all columns.
pub(crate) enum Row {
    Cells(Vec<Vec<Piece>>),
    Group(Vec<Piece>),
}

/// Draws a table over the width of the text.
pub(crate) fn table(flow: &mut Flow, columns: &[Column], rows: &[Row], size: f32) {
    let grid = Grid::of(flow, columns, size);
    let head = Cells {
        columns: (0..columns.len()).map(|at| (at, 1)).collect(),
        lines: grid.broken(
            flow,
            columns.iter().enumerate().map(|(at, column)| (at, 1, vec![Piece::new(plain(&column.head), Look::Bold)])),
        ),
        aligns: vec![Align::Centre; columns.len()],
    };
    // The head does not stand alone at the end of a page.
    flow.keep(grid.tall(&head.lines) + 2.5 * size * LEADING);
    grid.draw(flow, &head);
    for row in rows {
        let cells = match row {
            Row::Cells(cells) => Cells {
                columns: (0..columns.len()).map(|at| (at, 1)).collect(),
                lines: grid.broken(flow, cells.iter().enumerate().map(|(at, cell)| (at, 1, cell.clone()))),
                aligns: columns.iter().map(|column| column.align).collect(),
            },
            Row::Group(text) => Cells {
                columns: vec![(0, columns.len())],
                lines: grid.broken(flow, std::iter::once((0, columns.len(), text.clone()))),
                aligns: vec![Align::Left],
            },
        };
        // A heading of rows stays with the row below.
        let below = if matches!(row, Row::Group(_)) { 2.0 * size * LEADING } else { 0.0 };
        grid.row(flow, &head, cells, below);
    }
    flow.space(8.0);
}

/// A row as lines.
struct Cells {
    /// First column and how many, of each cell.
    columns: Vec<(usize, usize)>,
    lines: Vec<Vec<Line>>,
    aligns: Vec<Align>,
}

impl Cells {
    fn notes(&self) -> Vec<usize> {
        self.lines.iter().flatten().flat_map(Line::notes).collect()
    }

    /// The first lines of each cell apart from the rest.
    fn split(self, count: usize) -> (Self, Self) {
        let parts = self.lines.into_iter().map(|mut lines| {
            let rest = lines.split_off(lines.len().min(count));
            (lines, rest)
        });
        let (first, rest): (Vec<_>, Vec<_>) = parts.unzip();
        let again = Self { columns: self.columns.clone(), lines: rest, aligns: self.aligns.clone() };
        (Self { columns: self.columns, lines: first, aligns: self.aligns }, again)
    }
}

/// Where the columns stand.
struct Grid {
    /// Left edges, and the right edge of the last.
    edges: Vec<f32>,
    size: f32,
}

impl Grid {
    fn of(flow: &Flow, columns: &[Column], size: f32) -> Self {
        let (left, text) = (flow.sheet().left, flow.sheet().text());
        let all = columns.iter().map(|column| column.share).sum::<u32>().max(1) as f32;
        let mut edges = vec![left];
        let mut sum = 0;
        for column in columns {
            sum += column.share;
            edges.push(left + text * sum as f32 / all);
        }
        Self { edges, size }
    }

    fn wide(&self, at: usize, count: usize) -> f32 {
        self.edges[at + count] - self.edges[at]
    }

    fn broken(&self, flow: &Flow, cells: impl Iterator<Item = (usize, usize, Vec<Piece>)>) -> Vec<Vec<Line>> {
        let cell = |(at, count, pieces): (usize, usize, Vec<Piece>)| {
            lines(&flow.faces, &pieces, self.size, self.wide(at, count) - 2.0 * PAD, 0.0)
        };
        cells.map(cell).collect()
    }

    fn tall(&self, lines: &[Vec<Line>]) -> f32 {
        lines.iter().map(Vec::len).max().unwrap_or(1).max(1) as f32 * self.size * LEADING + 2.0 * PAD
    }

    /// A row, on the next page where it does not fit; one that fits on no page goes over several.
    fn row(&self, flow: &mut Flow, head: &Cells, mut cells: Cells, below: f32) {
        loop {
            let line = self.size * LEADING;
            let notes = cells.notes();
            let tall = self.tall(&cells.lines);
            let room = flow.end() - flow.y() - flow.room_of(&notes);
            if tall + below <= room {
                flow.place(&notes);
                return self.draw(flow, &cells);
            }
            let sheet = flow.sheet();
            let page = sheet.high - sheet.bottom - sheet.top - self.tall(&head.lines);
            let fits = ((room - 2.0 * PAD) / line).floor();
            // Long rows fill what is left of this page first; short ones go over whole.
            if tall > page * 0.5 && fits >= 3.0 {
                let (first, rest) = cells.split(fits as usize);
                let notes = first.notes();
                flow.place(&notes);
                self.draw(flow, &first);
                if rest.lines.iter().all(Vec::is_empty) {
                    return;
                }
                cells = rest;
            } else if flow.y() <= sheet.top + self.tall(&head.lines) + 1.0 {
                // Nothing fits better on another page.
                flow.place(&notes);
                return self.draw(flow, &cells);
            }
            flow.new_page(sheet);
            self.draw(flow, head);
        }
    }

    /// Draws a row at the present height.
    fn draw(&self, flow: &mut Flow, cells: &Cells) {
        let (top, tall) = (flow.y(), self.tall(&cells.lines));
        let line = self.size * LEADING;
        for (((at, count), lines), align) in cells.columns.iter().zip(&cells.lines).zip(&cells.aligns) {
            let (left, wide) = (self.edges[*at], self.wide(*at, *count));
            // In the middle of the height, as tables of offices have it, where the cell is short.
            let free = tall - 2.0 * PAD - lines.len() as f32 * line;
            let mut y = top + PAD + if lines.len() <= 1 || *align != Align::Left { free / 2.0 } else { 0.0 };
            for one in lines {
                flow.back_to(y);
                flow.line((left + PAD, wide - 2.0 * PAD), one, self.size, *align);
                y += line;
            }
            let right = left + wide;
            for x in [left, right] {
                flow.draw(Drawn::Line { from: (x, top), to: (x, top + tall), wide: 0.5, dashes: false, grey: 0.0 });
            }
        }
        let (left, right) = (self.edges[0], self.edges[self.edges.len() - 1]);
        for y in [top, top + tall] {
            flow.draw(Drawn::Line { from: (left, y), to: (right, y), wide: 0.5, dashes: false, grey: 0.0 });
        }
        flow.back_to(top + tall);
    }
}
