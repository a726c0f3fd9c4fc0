//! Blocks of a page: panels, columns, headings, tabs.

use crate::component::Link;
use crate::html::{SafeHtml, tag};

/// A white block with a heading: card, table, chart or form.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// Heading (h2); empty for none.
    pub title: String,
    /// Fragment id, so that links and skip links can lead here.
    pub id: Option<String>,
    /// Small text or controls at the right of the heading.
    pub aside: SafeHtml,
    /// The content.
    pub body: SafeHtml,
    /// Whether the content reaches the edges (tables, lists) instead of standing in padding.
    pub flush: bool,
    /// A line at the foot; empty for none.
    pub foot: SafeHtml,
}

impl Panel {
    /// A padded panel.
    pub fn new(title: impl Into<String>, body: impl Into<SafeHtml>) -> Self {
        Self { title: title.into(), body: body.into(), ..Self::default() }
    }

    /// A panel whose content reaches its edges, for tables and lists.
    pub fn flush(title: impl Into<String>, body: impl Into<SafeHtml>) -> Self {
        Self { flush: true, ..Self::new(title, body) }
    }

    /// Sets the fragment id.
    #[must_use]
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// Sets what stands at the right of the heading.
    #[must_use]
    pub fn aside(self, aside: impl Into<SafeHtml>) -> Self {
        Self { aside: aside.into(), ..self }
    }

    /// Sets the line at the foot.
    #[must_use]
    pub fn foot(self, foot: impl Into<SafeHtml>) -> Self {
        Self { foot: foot.into(), ..self }
    }

    /// The panel as a `<section>`.
    pub fn html(&self) -> SafeHtml {
        let mut section = tag("section").class(if self.flush { "panel flush" } else { "panel" }).attr_opt("id", self.id.as_ref());
        if !self.title.is_empty() || !self.aside.is_empty() {
            let aside = (!self.aside.is_empty()).then(|| tag("div").class("aside").child(self.aside.clone()));
            let title = (!self.title.is_empty()).then(|| tag("h2").text(&self.title));
            section = section.child(tag("div").class("panel-head").child_opt(title).child_opt(aside));
        }
        section = section.child(tag("div").class("panel-body").child(self.body.clone()));
        if !self.foot.is_empty() {
            section = section.child(tag("div").class("panel-foot").child(self.foot.clone()));
        }
        section.html()
    }
}

impl From<Panel> for SafeHtml {
    fn from(panel: Panel) -> Self {
        panel.html()
    }
}

/// How blocks stand side by side on a wide screen; on a narrow one they stand below each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// Two of the same width.
    Two,
    /// Three of the same width, e.g. number cards.
    Three,
    /// Four of the same width.
    Four,
    /// A wide one and a narrow one at the right.
    MainSide,
    /// A map and a ranking: 62 to 38.
    MapSide,
    /// A narrow list, the open record, a narrow column of actions.
    ListMainSide,
    /// Below each other with the gap of the grid.
    One,
}

/// Blocks side by side.
pub fn columns(how: Columns, blocks: impl IntoIterator<Item = SafeHtml>) -> SafeHtml {
    let class = match how {
        Columns::One => "grid",
        Columns::Two => "grid g2",
        Columns::Three => "grid g3",
        Columns::Four => "grid g4",
        Columns::MainSide => "grid gms",
        Columns::MapSide => "grid gmap",
        Columns::ListMainSide => "grid glms",
    };
    tag("div").class(class).children(blocks).html()
}

/// A heading of level 2 or 3 outside a panel, with small text beside it (empty for none).
pub fn heading(level: u8, text: &str, beside: impl Into<SafeHtml>) -> SafeHtml {
    let beside = beside.into();
    let title = tag(if level <= 2 { "h2" } else { "h3" }).text(text);
    let beside = (!beside.is_empty()).then(|| tag("div").class("aside").child(beside));
    tag("div").class("block-head").child(title).child_opt(beside).html()
}

/// A paragraph of text or of pieces put together.
pub fn paragraph(content: impl Into<SafeHtml>) -> SafeHtml {
    tag("p").child(content).html()
}

/// One page of several about the same thing.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Words and address.
    pub link: Link,
    /// A count after the words, already written.
    pub count: Option<String>,
    /// Whether this is the page shown.
    pub current: bool,
}

/// Links to the pages about the same thing, as a navigation landmark named `label`.
pub fn tabs(label: &str, tabs: &[Tab]) -> SafeHtml {
    let items = tabs.iter().map(|tab| {
        let count = tab.count.as_ref().map(|count| tag("span").class("count").text(count));
        let space = tab.count.as_ref().map(|_| SafeHtml::text(" "));
        let link = tag("a").href(&tab.link.href).attr_opt("aria-current", tab.current.then_some("page"));
        tag("li").child(link.text(&tab.link.text).child_opt(space).child_opt(count))
    });
    tag("nav").class("tabs").attr("aria-label", label).child(tag("ul").children(items)).html()
}

/// One of several views of the same thing, as a row of joined links named `label`; hidden on paper, so the title must say
/// which view it is.
pub fn segments(label: &str, views: &[Tab]) -> SafeHtml {
    let items = views.iter().map(|view| {
        let link = tag("a").href(&view.link.href).attr_opt("aria-current", view.current.then_some("true"));
        tag("li").child(link.text(&view.link.text))
    });
    tag("nav").class("views").attr("aria-label", label).child(tag("ul").class("segments").children(items)).html()
}
