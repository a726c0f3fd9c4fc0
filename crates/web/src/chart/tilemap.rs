//! The tile map: one hexagon a place, near its true position, a link each.

use std::collections::BTreeSet;

use crate::chart::tiles::{Grid, TileClass, round};
use crate::component::Link;
use crate::html::{SafeHtml, tag};
use crate::i18n::Locale;

const RADIUS: f64 = 28.0;
const PAD: f64 = 4.0;

/// One place of the map.
#[derive(Debug, Clone)]
pub struct MapTile {
    /// Stable code of the place.
    pub code: String,
    /// Full name: "Phường Hà Đông".
    pub name: String,
    /// Column of the grid.
    pub col: i32,
    /// Row of the grid; odd rows stand half a tile to the right.
    pub row: i32,
    /// Name in two lines.
    pub lines: [String; 2],
    /// Short name for small maps.
    pub abbr: String,
    /// Whether the tile lies inside the outline (e.g. the wards).
    pub inside: bool,
    /// Class.
    pub class: TileClass,
    /// What is spoken after the name: "96,36%, thiếu 0,7 điểm".
    pub spoken: String,
    /// Lines of the readout: "96,36%, chỉ tiêu 97,08%", "Cần thêm 1.333 người".
    pub facts: Vec<String>,
    /// Page of the place.
    pub href: String,
}

/// One class of the legend.
#[derive(Debug, Clone)]
pub struct LegendLine {
    /// Class.
    pub class: TileClass,
    /// Words: "thiếu từ 2".
    pub words: String,
    /// How many places, and the list of them.
    pub count: Link,
}

/// The legend in the upper left corner.
#[derive(Debug, Clone, Default)]
pub struct Legend {
    /// What the classes are of: "Chênh so với chỉ tiêu 2026, điểm %".
    pub title: String,
    /// Classes.
    pub lines: Vec<LegendLine>,
}

/// Words of the box that tells about the chosen tile.
#[derive(Debug, Clone, Default)]
pub struct Readout {
    /// "Ô đang chọn"
    pub title: String,
    /// "Mở trang phường (Enter)"
    pub open: String,
}

/// A map of tiles. Each tile is a link; with script, arrow keys walk to neighbours.
#[derive(Debug, Clone, Default)]
pub struct TileMap {
    /// Id, unique on the page.
    pub id: String,
    /// What the map shows.
    pub title: String,
    /// One sentence with what stands out.
    pub description: String,
    /// Places.
    pub tiles: Vec<MapTile>,
    /// Legend.
    pub legend: Legend,
    /// Readout.
    pub readout: Readout,
    /// Code of the chosen tile.
    pub selected: Option<String>,
    /// Id of the table with the same numbers; a link before the map leads to it.
    pub table_id: String,
    /// How to read the map; stands under it.
    pub caption: String,
}

impl TileMap {
    /// The map with legend, readout and caption.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        let skip = tag("a").class("skip-map").href(&format!("#{}", self.table_id)).text(&l.t("map-skip"));
        let scroll = tag("div").class("map-scroll").child(self.svg());
        tag("figure")
            .class("map")
            .attr("id", &self.id)
            .attr("data-map", "")
            .child(skip)
            .child(tag("div").class("map-area").child(self.legend()).child(scroll).child(self.readout()))
            .child(tag("figcaption").text(&self.caption))
            .html()
    }

    /// The drawing alone.
    pub fn svg(&self) -> SafeHtml {
        let first_row = self.tiles.iter().map(|t| t.row).min().unwrap_or(1);
        let last_row = self.tiles.iter().map(|t| t.row).max().unwrap_or(1);
        let grid = Grid { radius: RADIUS, pad: PAD, first_row };
        let width = self.tiles.iter().map(|t| grid.centre(t.col, t.row).0).fold(0.0, f64::max) + grid.tile_width() / 2.0 + PAD;
        let height = grid.centre(0, last_row).1 + RADIUS + PAD;
        let (title_id, desc_id) = (format!("{}-t", self.id), format!("{}-d", self.id));
        let ring = self.selected_tile().map(|t| Grid::points(grid.centre(t.col, t.row), RADIUS - 1.0)).unwrap_or_default();
        tag("svg")
            .attr("viewBox", format!("0 0 {} {}", round(width), round(height)))
            .attr("width", "100%")
            .attr("role", "group")
            .attr("aria-labelledby", &title_id)
            .attr("aria-describedby", &desc_id)
            .child(tag("title").attr("id", title_id).text(&self.title))
            .child(tag("desc").attr("id", desc_id).text(&self.description))
            .children(self.tiles.iter().map(|tile| self.tile(&grid, tile)))
            .child(tag("path").class("outline").attr("d", self.outline(&grid)))
            .child(tag("polygon").class("ring").attr("points", ring))
            .html()
    }

    fn tile(&self, grid: &Grid, tile: &MapTile) -> SafeHtml {
        let centre @ (x, y) = grid.centre(tile.col, tile.row);
        let spoken = format!("{}, {}", tile.name, tile.spoken);
        let two = !tile.lines[1].is_empty();
        let first = if two { y - 9.0 } else { y - 3.5 };
        let words = |class: &str, y: f64, words: &str| tag("text").class(class).num("x", x).num("y", y).text(words).html();
        let selected = self.selected.as_deref() == Some(tile.code.as_str());
        tag("a")
            .class(&format!("t {}", tile.class.class()))
            .href(&tile.href)
            .attr("aria-label", &spoken)
            .attr_opt("aria-current", selected.then_some("true"))
            .attr("data-c", tile.col.to_string())
            .attr("data-r", tile.row.to_string())
            .attr("data-name", &tile.name)
            .attr("data-facts", tile.facts.join("|"))
            .child(tag("title").text(&spoken))
            .child(tag("polygon").attr("points", Grid::points(centre, RADIUS - 1.0)))
            .child(words("ln", first, &tile.lines[0]))
            .child_opt(two.then(|| SafeHtml::text(" ").then(words("ln", y + 2.5, &tile.lines[1]))))
            .child(words("ab", y + 2.0, &tile.abbr))
            .child(tile.class.cue(x, if two { y + 13.0 } else { y + 9.5 }))
            .html()
    }

    /// The edges between a tile inside and one that is not.
    fn outline(&self, grid: &Grid) -> String {
        let inside: BTreeSet<(i32, i32)> = self.tiles.iter().filter(|t| t.inside).map(|t| (t.col, t.row)).collect();
        let mut d = String::new();
        for (col, row) in &inside {
            let centre = grid.centre(*col, *row);
            for edge in (0..6).filter(|edge| !inside.contains(&Grid::neighbour(*col, *row, *edge))) {
                let ((ax, ay), (bx, by)) = (Grid::corner(centre, RADIUS, edge), Grid::corner(centre, RADIUS, (edge + 1) % 6));
                d.push_str(&format!("M{} {}L{} {}", round(ax), round(ay), round(bx), round(by)));
            }
        }
        d
    }

    fn legend(&self) -> SafeHtml {
        let lines = self.legend.lines.iter().map(|line| {
            let swatch = tag("svg")
                .class(&format!("swatch t {}", line.class.class()))
                .attr("viewBox", "0 0 22 24")
                .attr("width", "16")
                .attr("height", "17")
                .attr("aria-hidden", "true");
            let swatch =
                swatch.child(tag("polygon").attr("points", Grid::points((11.0, 12.0), 11.5))).child(line.class.cue(11.0, 12.0));
            tag("li").child(swatch).child(tag("span").text(&line.words)).child(line.count.figure())
        });
        tag("div")
            .class("legend")
            .child(tag("p").class("legend-title").text(&self.legend.title))
            .child(tag("ul").children(lines))
            .html()
    }

    fn readout(&self) -> SafeHtml {
        let tile = self.selected_tile();
        let facts = tile.map(|t| t.facts.as_slice()).unwrap_or_default().iter().map(|fact| tag("p").text(fact));
        let link = tile.map(|t| tag("a").href(&t.href).text(&self.readout.open));
        tag("div")
            .class("readout")
            .attr("aria-live", "polite")
            .flag("hidden", tile.is_none())
            .child(tag("p").class("small").text(&self.readout.title))
            .child(tag("p").class("readout-name").text(tile.map_or("", |t| &t.name)))
            .child(tag("div").class("readout-facts").children(facts))
            .child(link.unwrap_or_else(|| tag("a").href("#").text(&self.readout.open)))
            .html()
    }

    fn selected_tile(&self) -> Option<&MapTile> {
        let code = self.selected.as_deref()?;
        self.tiles.iter().find(|tile| tile.code == code)
    }
}
