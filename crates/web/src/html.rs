//! HTML that is safe to put into a page: everything that is not markup has been escaped.

use std::fmt;

/// A piece of HTML whose texts have been escaped.
///
/// It comes from components, from [`Tag`], from [`SafeHtml::text`] or from an askama template, so
/// user data can never become markup. In askama templates `{{ piece }}` puts it in as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// Nothing.
    pub const fn empty() -> Self {
        Self(String::new())
    }

    /// A text, escaped.
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() + 8);
        escape_into(&mut out, text);
        Self(out)
    }

    /// The output of an askama template (its values are escaped by askama).
    pub fn template<T: askama::Template>(template: &T) -> Result<Self, TemplateError> {
        template.render().map(Self).map_err(|e| TemplateError(e.to_string()))
    }

    /// Several pieces, one after the other.
    pub fn concat<I: IntoIterator<Item = SafeHtml>>(pieces: I) -> Self {
        let mut out = String::new();
        for piece in pieces {
            out.push_str(&piece.0);
        }
        Self(out)
    }

    /// Several pieces with one text between them.
    pub fn join<I: IntoIterator<Item = SafeHtml>>(pieces: I, between: &str) -> Self {
        let between = Self::text(between);
        let mut out = String::new();
        for (at, piece) in pieces.into_iter().enumerate() {
            if at > 0 {
                out.push_str(&between.0);
            }
            out.push_str(&piece.0);
        }
        Self(out)
    }

    /// This piece followed by another.
    #[must_use]
    pub fn then(mut self, next: impl Into<SafeHtml>) -> Self {
        self.0.push_str(&next.into().0);
        self
    }

    /// Adds a piece at the end.
    pub fn push(&mut self, next: impl Into<SafeHtml>) {
        self.0.push_str(&next.into().0);
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no markup at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Markup whose texts are known to be escaped: made by this crate, or by a Markdown renderer with
    /// raw HTML off. Never for anything that came from outside.
    pub fn trusted(markup: String) -> Self {
        Self(markup)
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for SafeHtml {}

impl From<&str> for SafeHtml {
    /// A text, escaped.
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for SafeHtml {
    /// A text, escaped.
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

/// A template could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the page template could not be rendered: {0}")]
pub struct TemplateError(String);

impl base::Explain for TemplateError {
    fn code(&self) -> &'static str {
        "page_template"
    }
    fn remedy(&self) -> String {
        "Tải lại trang. Nếu vẫn lỗi, báo người quản trị kèm đường dẫn và giờ xem.".to_owned()
    }
}

/// Builder of one element. Text and attribute values are escaped; `style` and `on…` attributes are
/// refused, because the content security policy would block them.
#[derive(Debug, Clone)]
pub struct Tag {
    name: &'static str,
    attributes: String,
    inner: String,
}

/// Starts an element: `tag("a").href("/x").text("Mở")`.
pub fn tag(name: &'static str) -> Tag {
    Tag { name, attributes: String::new(), inner: String::new() }
}

impl Tag {
    /// Adds an attribute with an escaped value. `style` and event handlers are left out.
    #[must_use]
    pub fn attr(mut self, name: &str, value: impl AsRef<str>) -> Self {
        let blocked = name == "style" || name.starts_with("on");
        debug_assert!(!blocked, "inline styles and handlers are blocked by the content security policy");
        if !blocked {
            self.attributes.push(' ');
            self.attributes.push_str(name);
            self.attributes.push_str("=\"");
            escape_into(&mut self.attributes, value.as_ref());
            self.attributes.push('"');
        }
        self
    }

    /// Adds an attribute when there is a value.
    #[must_use]
    pub fn attr_opt(self, name: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Adds an attribute without value when a condition holds, e.g. `checked`.
    #[must_use]
    pub fn flag(mut self, name: &str, on: bool) -> Self {
        if on {
            self.attributes.push(' ');
            self.attributes.push_str(name);
        }
        self
    }

    /// Sets the class; an empty text sets none.
    #[must_use]
    pub fn class(self, class: &str) -> Self {
        if class.is_empty() { self } else { self.attr("class", class) }
    }

    /// Sets where a link leads. Anything but a path, a query, a fragment or http(s), mailto, tel leads nowhere.
    #[must_use]
    pub fn href(self, href: &str) -> Self {
        self.attr("href", safe_href(href))
    }

    /// Adds a number attribute with at most one decimal, as SVG uses it.
    #[must_use]
    pub fn num(self, name: &str, value: f64) -> Self {
        self.attr(name, one_decimal(value))
    }

    /// Adds escaped text inside.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        escape_into(&mut self.inner, text);
        self
    }

    /// Adds a piece inside.
    #[must_use]
    pub fn child(mut self, piece: impl Into<SafeHtml>) -> Self {
        self.inner.push_str(piece.into().as_str());
        self
    }

    /// Adds a piece inside when there is one.
    #[must_use]
    pub fn child_opt(self, piece: Option<impl Into<SafeHtml>>) -> Self {
        match piece {
            Some(piece) => self.child(piece),
            None => self,
        }
    }

    /// Adds several pieces inside.
    #[must_use]
    pub fn children<P: Into<SafeHtml>>(mut self, pieces: impl IntoIterator<Item = P>) -> Self {
        for piece in pieces {
            self.inner.push_str(piece.into().as_str());
        }
        self
    }

    /// The finished element.
    pub fn html(self) -> SafeHtml {
        let Self { name, attributes, inner } = self;
        const VOID: [&str; 6] = ["input", "br", "hr", "col", "meta", "link"];
        SafeHtml::trusted(if VOID.contains(&name) {
            format!("<{name}{attributes}>")
        } else {
            format!("<{name}{attributes}>{inner}</{name}>")
        })
    }
}

impl From<Tag> for SafeHtml {
    fn from(tag: Tag) -> Self {
        tag.html()
    }
}

/// A number with at most one decimal, without a trailing `.0` and without `-0`.
pub(crate) fn one_decimal(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn safe_href(href: &str) -> &str {
    let before_path = href.split(['/', '?', '#']).next().unwrap_or("");
    let scheme_allowed = !before_path.contains(':')
        || ["http:", "https:", "mailto:", "tel:"].iter().any(|s| before_path.to_ascii_lowercase().starts_with(s));
    if scheme_allowed { href } else { "#" }
}

fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Control characters other than tab and line feed are not allowed in HTML.
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_never_become_markup() {
        let html = tag("a").attr("title", "\" x='1").href("/a?b=1&c=2").text("<script>").html();
        assert_eq!(html.as_str(), "<a title=\"&quot; x=&#39;1\" href=\"/a?b=1&amp;c=2\">&lt;script&gt;</a>");
    }

    #[test]
    fn links_to_scripts_lead_nowhere() {
        for bad in ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "vbscript:x", "\u{1}javascript:x"] {
            assert!(tag("a").href(bad).html().as_str().contains("href=\"#\""), "{bad}");
        }
        for good in ["/tim?q=a:b", "?trang=2", "#bang", "https://example.org/", "assets/app.css", ""] {
            assert!(!tag("a").href(good).html().as_str().contains("href=\"#\""), "{good}");
        }
    }

    #[test]
    fn numbers_have_at_most_one_decimal() {
        assert_eq!([3.0, 2.25, -0.01, 10.06].map(one_decimal), ["3", "2.2", "0", "10.1"]);
    }

    #[test]
    fn pieces_join_and_void_elements_have_no_end() {
        let parts = ["a", "<"].map(SafeHtml::text);
        assert_eq!(SafeHtml::join(parts, " & ").as_str(), "a &amp; &lt;");
        assert_eq!(tag("input").flag("checked", true).html().as_str(), "<input checked>");
    }
}
