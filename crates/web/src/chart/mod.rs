//! Charts as server-side SVG: data in, drawing out, no layout in the browser.
//!
//! Colours come from classes only, so that theme, print and a strict content security policy work.
//! Numbers in the drawing have at most one decimal. Every chart has a title, a sentence that says
//! what it shows, and its numbers as a table beside or under it.

mod bar;
mod course;
mod figure;
mod scale;
mod sparkline;
mod steps;
mod tilemap;
mod tiles;
mod waterfall;

pub use bar::{Fill, ReasonBar, ReasonPart, deviation_bar, share_bar};
pub use course::Course;
pub use figure::ChartFigure;
pub use sparkline::Sparkline;
pub use steps::{StepChart, StepSeries};
pub use tilemap::{Legend, LegendLine, MapTile, Readout, TileMap};
pub use tiles::TileClass;
pub use waterfall::{Waterfall, WaterfallPart};
