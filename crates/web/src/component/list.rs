//! Lists: names with values, the list at the left of an open record, tasks with their due date.

use crate::component::{Link, Status};
use crate::html::{SafeHtml, tag};

/// Names with their values, as `<dl>`. With `right`, values stand at the right edge (figures).
pub fn definition_list(right: bool, items: impl IntoIterator<Item = (String, SafeHtml)>) -> SafeHtml {
    let rows = items.into_iter().map(|(name, value)| tag("div").child(tag("dt").text(&name)).child(tag("dd").child(value)));
    tag("dl").class(if right { "facts right" } else { "facts" }).children(rows).html()
}

/// One record of a worklist.
#[derive(Debug, Clone)]
pub struct MasterItem {
    /// Name and address of the record.
    pub link: Link,
    /// Why it is in the list.
    pub reason: String,
    /// Where it stands.
    pub state: String,
    /// Whether this is the record shown.
    pub current: bool,
}

/// The worklist beside an open record. `title` says the place in the list, e.g. "Việc 1 trong 412".
///
/// `j` and `k` go to the next and previous record (with script; the links work without).
pub fn master_list(title: &str, items: &[MasterItem], foot: impl Into<SafeHtml>) -> SafeHtml {
    let foot = foot.into();
    let rows = items.iter().map(|item| {
        let link = tag("a").href(&item.link.href).attr_opt("aria-current", item.current.then_some("true"));
        let link = link
            .child(tag("span").class("name").text(&item.link.text))
            .child(tag("span").class("why").text(&item.reason))
            .child(tag("span").class("state").text(&item.state));
        tag("li").child(link)
    });
    let foot = (!foot.is_empty()).then(|| tag("div").class("panel-foot").child(foot));
    tag("nav")
        .class("panel flush master")
        .attr("aria-label", title)
        .child(tag("div").class("panel-head").child(tag("h2").class("h3").text(title)))
        .child(tag("ol").attr("data-list", "").children(rows))
        .child_opt(foot)
        .html()
}

/// One thing to do: how many, what, by when.
#[derive(Debug, Clone)]
pub struct TaskItem {
    /// A count before the words, already written; absent when it is a single thing.
    pub count: Option<String>,
    /// Words and address.
    pub link: Link,
    /// A second line; empty for none.
    pub detail: String,
    /// By when.
    pub status: Status,
}

/// Things to do, the most urgent first, in the order given.
pub fn task_list(items: &[TaskItem]) -> SafeHtml {
    let rows = items.iter().map(|item| {
        let count =
            item.count.as_ref().map(|count| tag("span").class(&format!("count {}", item.status.kind.class())).text(count));
        let detail = (!item.detail.is_empty()).then(|| tag("p").class("small").text(&item.detail));
        let words = tag("div")
            .child(tag("a").class("what").href(&item.link.href).text(&item.link.text))
            .child_opt(detail)
            .child(&item.status);
        tag("li").child_opt(count).child(words)
    });
    tag("ol").class("tasks").attr("data-list", "").children(rows).html()
}
