//! Hexagons in rows: where a tile stands, its corners and its neighbours.

use crate::html::{SafeHtml, tag};

/// Class of a tile by its difference to the target, with a cue drawn in the tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileClass {
    /// Short by 2 points or more: ▼▼.
    M1,
    /// Short by 0.5 to 2 points: ▼.
    M2,
    /// Short by less than 0.5: –.
    M3,
    /// On target, up to 1 point above: ●.
    M4,
    /// 1 point above or more: ●●.
    M5,
    /// No value: ×.
    Unknown,
}

impl TileClass {
    /// The class of a difference in hundredths of a point. The bounds leave no gap: -2.00 is the
    /// first class, -0.50 the second, 0 the fourth, +1.00 the fifth.
    pub fn of(difference: crate::Points) -> Self {
        match difference.0 {
            ..=-200 => Self::M1,
            -199..=-50 => Self::M2,
            -49..=-1 => Self::M3,
            0..=99 => Self::M4,
            100.. => Self::M5,
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::M1 => "m1",
            Self::M2 => "m2",
            Self::M3 => "m3",
            Self::M4 => "m4",
            Self::M5 => "m5",
            Self::Unknown => "m0",
        }
    }

    /// The cue, drawn around a point.
    pub(crate) fn cue(self, x: f64, y: f64) -> SafeHtml {
        let down = |x: f64| format!("M{} {}h6.4l-3.2 5z", round(x - 3.2), round(y - 2.5));
        let dot = |x: f64| format!("M{} {}a2.1 2.1 0 1 0 4.2 0 2.1 2.1 0 1 0-4.2 0z", round(x - 2.1), round(y));
        let d = match self {
            Self::M1 => down(x - 3.8) + &down(x + 3.8),
            Self::M2 => down(x),
            Self::M3 => format!("M{} {}h6v1.4h-6z", round(x - 3.0), round(y - 0.7)),
            Self::M4 => dot(x),
            Self::M5 => dot(x - 3.0) + &dot(x + 3.0),
            Self::Unknown => {
                let (x, y) = (round(x), round(y));
                format!("M{x} {y}m-2.6-2.6 5.2 5.2m0-5.2-5.2 5.2")
            }
        };
        tag("path").class("cue").attr("d", d).html()
    }
}

/// The grid of pointy-top hexagons; odd rows stand half a tile to the right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    /// Radius of a hexagon.
    pub radius: f64,
    /// Space around the grid.
    pub pad: f64,
    /// First row.
    pub first_row: i32,
}

impl Grid {
    /// Width of a tile.
    pub fn tile_width(&self) -> f64 {
        3f64.sqrt() * self.radius
    }

    /// Centre of a tile.
    pub fn centre(&self, col: i32, row: i32) -> (f64, f64) {
        let w = self.tile_width();
        let shift = if row.rem_euclid(2) == 1 { w / 2.0 } else { 0.0 };
        (
            self.pad + w / 2.0 + f64::from(col) * w + shift,
            self.pad + self.radius + f64::from(row - self.first_row) * 1.5 * self.radius,
        )
    }

    /// Corner number 0 (top) to 5, clockwise, of a hexagon of some radius around a point.
    pub fn corner((x, y): (f64, f64), radius: f64, number: usize) -> (f64, f64) {
        let angle = (60.0 * number as f64 - 90.0).to_radians();
        (x + radius * angle.cos(), y + radius * angle.sin())
    }

    /// The corners as the `points` of a polygon.
    pub fn points(centre: (f64, f64), radius: f64) -> String {
        let corner = |k| {
            let (x, y) = Self::corner(centre, radius, k);
            format!("{},{}", round(x), round(y))
        };
        (0..6).map(corner).collect::<Vec<_>>().join(" ")
    }

    /// The neighbour across the edge from corner `edge` to the next one: NE, E, SE, SW, W, NW.
    pub fn neighbour(col: i32, row: i32, edge: usize) -> (i32, i32) {
        let right = if row.rem_euclid(2) == 1 { 1 } else { 0 };
        match edge {
            0 => (col + right, row - 1),
            1 => (col + 1, row),
            2 => (col + right, row + 1),
            3 => (col + right - 1, row + 1),
            4 => (col - 1, row),
            _ => (col + right - 1, row - 1),
        }
    }
}

pub(crate) fn round(value: f64) -> String {
    crate::html::one_decimal(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Points;

    #[test]
    fn the_bounds_leave_no_gap() {
        let classes = [-300, -200, -199, -50, -49, -1, 0, 99, 100].map(|d| TileClass::of(Points(d)));
        use TileClass::*;
        assert_eq!(classes, [M1, M1, M2, M2, M3, M3, M4, M4, M5]);
    }

    #[test]
    fn neighbours_touch() {
        let grid = Grid { radius: 28.0, pad: 4.0, first_row: 1 };
        for (col, row) in [(3, 4), (3, 5)] {
            for edge in 0..6 {
                let other = Grid::neighbour(col, row, edge);
                let ((x, y), (ox, oy)) = (grid.centre(col, row), grid.centre(other.0, other.1));
                let distance = ((x - ox).powi(2) + (y - oy).powi(2)).sqrt();
                assert!((distance - grid.tile_width()).abs() < 1e-9, "edge {edge} of row {row}");
                // The neighbour lies on the side of that edge.
                let (ax, ay) = Grid::corner((x, y), 28.0, edge);
                let (bx, by) = Grid::corner((x, y), 28.0, (edge + 1) % 6);
                let middle = ((ax + bx) / 2.0, (ay + by) / 2.0);
                assert!(((x + ox) / 2.0 - middle.0).abs() < 1e-9 && ((y + oy) / 2.0 - middle.1).abs() < 1e-9);
            }
        }
    }
}
