//! Links and buttons.

use crate::component::{Icon, icon};
use crate::html::{SafeHtml, tag};

/// A link: its words and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The words.
    pub text: String,
    /// Where it leads.
    pub href: String,
}

impl Link {
    /// A link with words and a target.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }

    /// The link in running text.
    pub fn html(&self) -> SafeHtml {
        tag("a").href(&self.href).text(&self.text).html()
    }

    /// A figure that opens the rows it counts (dotted underline).
    pub fn figure(&self) -> SafeHtml {
        tag("a").class("num").href(&self.href).text(&self.text).html()
    }
}

impl From<&Link> for SafeHtml {
    fn from(link: &Link) -> Self {
        link.html()
    }
}

impl From<Link> for SafeHtml {
    fn from(link: Link) -> Self {
        link.html()
    }
}

/// How much weight a button has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one main action of a page.
    Primary,
    /// Any other action.
    Default,
    /// A small action such as undo.
    Quiet,
    /// An action with consequences; leads to a page that names them.
    Danger,
}

/// A button of a form, or a link that looks like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    text: String,
    kind: ButtonKind,
    icon: Option<Icon>,
    href: Option<String>,
    rel: Option<&'static str>,
    busy: Option<String>,
    name_value: Option<(String, String)>,
    unavailable: Option<String>,
    action: Option<String>,
}

impl Button {
    /// A button that sends the form it stands in.
    pub fn submit(text: impl Into<String>, kind: ButtonKind) -> Self {
        Self {
            text: text.into(),
            kind,
            icon: None,
            href: None,
            rel: None,
            busy: None,
            name_value: None,
            unavailable: None,
            action: None,
        }
    }

    /// A link that looks like a button.
    pub fn link(text: impl Into<String>, href: impl Into<String>, kind: ButtonKind) -> Self {
        Self { href: Some(href.into()), ..Self::submit(text, kind) }
    }

    /// Puts a drawing before the words.
    #[must_use]
    pub fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    /// How the page it leads to stands to this one: `next` or `prev`. Arrow keys follow these in presentation mode.
    #[must_use]
    pub fn rel(self, rel: &'static str) -> Self {
        Self { rel: Some(rel), ..self }
    }

    /// What the label becomes while sending, e.g. "Đang lưu…".
    #[must_use]
    pub fn busy(self, text: impl Into<String>) -> Self {
        Self { busy: Some(text.into()), ..self }
    }

    /// Name and value sent when this button is used.
    #[must_use]
    pub fn name_value(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name_value: Some((name.into(), value.into())), ..self }
    }

    /// Sends its form to another address than the form's own.
    #[must_use]
    pub fn action(self, to: impl Into<String>) -> Self {
        Self { action: Some(to.into()), ..self }
    }

    /// Not available now, for this reason: dashed, with the reason as text beside it, still reachable by keyboard.
    #[must_use]
    pub fn unavailable(self, reason: impl Into<String>) -> Self {
        Self { unavailable: Some(reason.into()), ..self }
    }

    /// The button.
    pub fn html(&self) -> SafeHtml {
        let class = match (self.kind, &self.unavailable) {
            (_, Some(_)) => "btn off",
            (ButtonKind::Primary, None) => "btn primary",
            (ButtonKind::Default, None) => "btn",
            (ButtonKind::Quiet, None) => "btn quiet",
            (ButtonKind::Danger, None) => "btn danger",
        };
        let label = SafeHtml::concat([self.icon.map(icon).unwrap_or_default(), tag("span").text(&self.text).html()]);
        if let Some(reason) = &self.unavailable {
            let button = tag("button").attr("type", "button").class(class).attr("aria-disabled", "true").child(label);
            return tag("span").class("btn-off").child(button).child(tag("span").class("reason").text(reason)).html();
        }
        match &self.href {
            Some(href) => tag("a").class(class).href(href).attr_opt("rel", self.rel).child(label).html(),
            None => {
                let button = tag("button").attr("type", "submit").class(class).attr_opt("data-busy", self.busy.as_ref());
                let button = button.attr_opt("formaction", self.action.as_ref());
                let button = match &self.name_value {
                    Some((name, value)) => button.attr("name", name).attr("value", value),
                    None => button,
                };
                button.child(label).html()
            }
        }
    }
}

impl From<&Button> for SafeHtml {
    fn from(button: &Button) -> Self {
        button.html()
    }
}

impl From<Button> for SafeHtml {
    fn from(button: Button) -> Self {
        button.html()
    }
}
