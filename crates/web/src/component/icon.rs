//! Small drawings beside words. They never stand alone and are hidden from screen readers.

use crate::html::{SafeHtml, tag};

/// A drawing of 20 by 20 units, stroked in the colour of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    /// House: the overview.
    Home,
    /// Pin: places.
    Place,
    /// Two people.
    People,
    /// Mortar board: schools.
    School,
    /// Open hand: support.
    Hand,
    /// Building: organisations and employers.
    Building,
    /// Clock: late things.
    Clock,
    /// Magnifying glass.
    Search,
    /// Stamp: certificates.
    Stamp,
    /// Scales: audit.
    Scales,
    /// Inbox: dossiers.
    Inbox,
    /// Card: pensions and cards.
    Card,
    /// Bell: notices.
    Bell,
    /// Clipboard: tasks.
    Clipboard,
    /// Line chart.
    Chart,
    /// Loudspeaker.
    Speaker,
    /// Sheet of paper.
    Document,
    /// Calendar.
    Calendar,
    /// Printer.
    Print,
    /// Arrow into a tray.
    Download,
    /// Eye.
    Eye,
    /// Arrow turning back.
    Undo,
    /// Two links of a chain.
    Chain,
    /// Target.
    Target,
    /// Lines of a menu.
    Menu,
}

/// The drawing as inline SVG, hidden from screen readers.
pub fn icon(which: Icon) -> SafeHtml {
    tag("svg")
        .class("i")
        .attr("viewBox", "0 0 20 20")
        .attr("width", "16")
        .attr("height", "16")
        .attr("aria-hidden", "true")
        .attr("focusable", "false")
        .child(tag("path").attr("d", path(which)))
        .html()
}

fn path(which: Icon) -> &'static str {
    match which {
        Icon::Home => "M3 9.2 10 3l7 6.2V17h-4.6v-4.6H7.6V17H3z",
        Icon::Place => {
            "M10 17.5C6.6 13.8 4.6 11 4.6 8.2a5.4 5.4 0 0 1 10.8 0c0 2.8-2 5.6-5.4 9.3zM10 6.3a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"
        }
        Icon::People => {
            "M7.5 4a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM2.5 16.5c0-3 2.2-4.6 5-4.6s5 1.6 5 4.6M13 4.3a2.6 2.6 0 0 1 0 4.9M14.6 12.2c1.8.6 2.9 2 2.9 4.3"
        }
        Icon::School => "M1.8 8 10 4.2 18.2 8 10 11.8zM5.3 9.8v4c1.3 1.2 2.9 1.8 4.7 1.8s3.4-.6 4.7-1.8v-4M18.2 8v4.6",
        Icon::Hand => {
            "M2.5 12.5h3l2.6-1.8h3.1a1.3 1.3 0 0 1 0 2.7H9M11.8 12.6l4-2a1.4 1.4 0 0 1 1.3 2.4L12 16.5H6l-1-.7H2.5zM10 3.2v4.6M7.7 5.5h4.6"
        }
        Icon::Building => "M4 17V3.8h8V17M12 8h4v9M2.5 17h15M6.6 7h2.8M6.6 10h2.8M6.6 13h2.8",
        Icon::Clock => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.2l2.8 1.6",
        Icon::Search => "M8.8 3.4a5.4 5.4 0 1 0 0 10.8 5.4 5.4 0 0 0 0-10.8zM12.9 12.9 17 17",
        Icon::Stamp => "M7.6 3.6h4.8l-.7 5.2c0 1 3.8 1.1 3.8 3.1v1.6h-11v-1.6c0-2 3.8-2.1 3.8-3.1zM4.5 16.6h11",
        Icon::Scales => "M10 3v14M6 17h8M4 6h12M4 6l-2.2 5.4h4.4zM16 6l-2.2 5.4h4.4z",
        Icon::Inbox => "M3 11.5 5.2 4h9.6l2.2 7.5V16H3zM3 11.5h4l1 2h4l1-2h4",
        Icon::Card => "M2.8 4.8h14.4v10.4H2.8zM2.8 8.4h14.4M5.4 12h3.4",
        Icon::Bell => {
            "M10 3.2a4.6 4.6 0 0 1 4.6 4.6c0 3.8 1.6 4.8 1.6 6H3.8c0-1.2 1.6-2.2 1.6-6A4.6 4.6 0 0 1 10 3.2zM8.4 16a1.7 1.7 0 0 0 3.2 0"
        }
        Icon::Clipboard => "M5 4.4h10V17H5zM7.6 2.9h4.8v2.9H7.6zM7.6 11l1.6 1.6 3-3.2",
        Icon::Chart => "M3 3.4V17h14M5.6 13l3.4-4 2.6 2.2L16.4 5.6",
        Icon::Speaker => "M3 8.2v3.6h2.6l7 3.4V4.8l-7 3.4zM15 7.6a3.4 3.4 0 0 1 0 4.8M6.2 11.8l1 4h1.9l-.8-3.4",
        Icon::Document => "M5 2.9h6.4L15 6.5V17H5zM11.2 3v3.7h3.7M7.6 10h4.8M7.6 13h4.8",
        Icon::Calendar => "M3.4 5h13.2v11.6H3.4zM3.4 8.6h13.2M7 3v3.4M13 3v3.4",
        Icon::Print => "M5.8 7.4V3.2h8.4v4.2M5.8 14H3.2V7.4h13.6V14h-2.6M5.8 11.6h8.4v5.2H5.8z",
        Icon::Download => "M10 3v8.6M6.6 8.6 10 12l3.4-3.4M3.6 13.4v3h12.8v-3",
        Icon::Eye => {
            "M1.8 10S4.8 4.8 10 4.8 18.2 10 18.2 10 15.2 15.2 10 15.2 1.8 10 1.8 10zM10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z"
        }
        Icon::Undo => "M4 4v4.4h4.4M4.4 8.2A6.2 6.2 0 1 1 3.8 11.6",
        Icon::Chain => {
            "M8.4 11.6a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1.2 1.2M11.6 8.4a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1.2-1.2"
        }
        Icon::Target => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2zM10 9.5v1",
        Icon::Menu => "M3 5.4h14M3 10h14M3 14.6h14",
    }
}
