//! The filter of a list, read aloud, and the way from page to page.

use crate::component::Link;
use crate::html::{SafeHtml, tag};
use crate::i18n::Locale;

/// An active filter.
#[derive(Debug, Clone)]
pub struct Chip {
    /// What is filtered, e.g. "Phường Hà Đông".
    pub text: String,
    /// The same list without this filter.
    pub remove_href: String,
}

/// The filters in force, one sentence that reads them with the count, and a form for more.
#[derive(Debug, Clone, Default)]
pub struct FilterBar {
    /// Active filters.
    pub chips: Vec<Chip>,
    /// One sentence: "2.418 người ở Phường Hà Đông có thẻ hết hạn."
    pub sentence: String,
    /// A GET form with further filters, opened by "Thêm lọc"; empty for none.
    pub more: SafeHtml,
}

impl FilterBar {
    /// The bar; hidden on paper except for its sentence.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        let chips = self.chips.iter().map(|chip| {
            let label = l.t_args("filter-remove", &[("what", chip.text.as_str().into())]);
            let cross = tag("svg")
                .class("i")
                .attr("viewBox", "0 0 20 20")
                .attr("width", "12")
                .attr("height", "12")
                .attr("aria-hidden", "true");
            let cross = cross.child(tag("path").attr("d", "M4 4l12 12M16 4 4 16"));
            tag("li").child(
                tag("a")
                    .class("chip")
                    .href(&chip.remove_href)
                    .attr("aria-label", label)
                    .child(tag("span").text(&chip.text))
                    .child(cross),
            )
        });
        let list = (!self.chips.is_empty()).then(|| tag("ul").class("chips").children(chips));
        let more = (!self.more.is_empty()).then(|| {
            tag("details").class("more").child(tag("summary").class("btn").text(&l.t("filter-more"))).child(self.more.clone())
        });
        tag("div")
            .class("filter")
            .child(tag("div").class("filter-controls").child_opt(list).child_opt(more))
            .child(tag("p").class("sentence").attr("role", "status").text(&self.sentence))
            .html()
    }
}

/// The way from page to page of a list in key order (no page numbers: rows are found by key).
#[derive(Debug, Clone, Default)]
pub struct Pager {
    /// "1 đến 50 trong 412, mới cập nhật 06:00".
    pub summary: String,
    /// First page, when this is not it.
    pub first: Option<String>,
    /// Page before.
    pub previous: Option<String>,
    /// Page after.
    pub next: Option<String>,
}

impl Pager {
    /// The summary and the links.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        let link = |href: &Option<String>, key: &str, rel: Option<&str>| {
            href.as_ref().map(|href| tag("a").href(href).attr_opt("rel", rel).text(&l.t(key)))
        };
        tag("nav")
            .class("pager")
            .attr("aria-label", l.t("pager-label"))
            .child(tag("span").text(&self.summary))
            .child(
                tag("span")
                    .class("links")
                    .child_opt(link(&self.first, "pager-first", None))
                    .child_opt(link(&self.previous, "pager-previous", Some("prev")))
                    .child_opt(link(&self.next, "pager-next", Some("next"))),
            )
            .html()
    }
}

/// A list of links, e.g. for the page of all entries of the menu.
pub(crate) fn link_list(links: impl IntoIterator<Item = Link>) -> SafeHtml {
    tag("ul").class("links").children(links.into_iter().map(|link| tag("li").child(link))).html()
}
