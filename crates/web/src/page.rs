//! The page shell: head, menu, search, language and theme, breadcrumbs, heading, body, foot.

use askama::Template;

use crate::assets;
use crate::component::{Button, Icon, Link, icon, link_list};
use crate::html::{SafeHtml, tag};
use crate::i18n::{Lang, Locale};

/// Colours of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The word for cookies and addresses; `auto`, `light` or `dark`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a word; `None` for any other text.
    pub fn parse(tag: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark].into_iter().find(|t| t.tag() == tag)
    }
}

/// An entry of the menu.
#[derive(Debug, Clone)]
pub struct MenuItem {
    /// Words and address.
    pub link: Link,
    /// Drawing before the words.
    pub icon: Icon,
    /// How many wait for this user; only on queues.
    pub waiting: Option<i64>,
}

impl MenuItem {
    /// An entry without count.
    pub fn new(text: impl Into<String>, href: impl Into<String>, icon: Icon) -> Self {
        Self { link: Link::new(text, href), icon, waiting: None }
    }
}

/// Entries of the menu under one heading (empty for the first entry alone). Only what the role may open.
#[derive(Debug, Clone, Default)]
pub struct MenuGroup {
    /// Heading.
    pub label: String,
    /// Entries.
    pub items: Vec<MenuItem>,
}

/// Name of the product and where it runs.
#[derive(Debug, Clone)]
pub struct Brand {
    /// "An Sinh"
    pub name: String,
    /// "Thành phố Hà Nội"; empty for none.
    pub place: String,
    /// Where the name leads.
    pub href: String,
}

impl Default for Brand {
    fn default() -> Self {
        Self { name: "An Sinh".to_owned(), place: String::new(), href: "/".to_owned() }
    }
}

/// The search box, sent by POST: what is typed stands in no address.
#[derive(Debug, Clone)]
pub struct Search {
    /// Where it is sent, e.g. `/tim`.
    pub action: String,
    /// Name of the field.
    pub name: String,
    /// What was typed.
    pub value: String,
    /// What can be found: "Tìm xã, phường, người, đơn vị…"
    pub label: String,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct User {
    /// Name or role.
    pub label: String,
    /// Unit: "UBND phường Hà Đông".
    pub unit: String,
    /// Page of the own account or the choice of role; empty for none.
    pub href: String,
}

/// Addresses that set language and theme and lead back; the caller serves them.
///
/// Language: `{language}?lang=en&back=/path`; theme: `{theme}?theme=dark&back=/path`.
#[derive(Debug, Clone)]
pub struct Switches {
    /// Address that sets the language.
    pub language: String,
    /// Address that sets the theme.
    pub theme: String,
}

impl Default for Switches {
    fn default() -> Self {
        Self { language: "/ngon-ngu".to_owned(), theme: "/giao-dien".to_owned() }
    }
}

/// A whole page. Fill in what differs from [`Page::default`].
#[derive(Debug, Clone)]
pub struct Page {
    /// Title: the h1, and with the product name the title of the window.
    pub title: String,
    /// Colours.
    pub theme: Theme,
    /// Product and place.
    pub brand: Brand,
    /// Pages above this one, the highest first.
    pub crumbs: Vec<Link>,
    /// Where this page stands under the last crumb; shown as the last crumb when not empty.
    pub here: String,
    /// Menu.
    pub menu: Vec<MenuGroup>,
    /// Path and query of this page; marks the menu entry and leads back after a switch.
    pub path: String,
    /// Page of all menu entries for narrow screens.
    pub menu_href: String,
    /// Search box.
    pub search: Option<Search>,
    /// Who is signed in.
    pub user: Option<User>,
    /// Addresses that set language and theme.
    pub switches: Switches,
    /// A notice on every page: "Dữ liệu mẫu, không phải người thật".
    pub notice: String,
    /// One line of facts under the title, with the as-of date.
    pub facts: SafeHtml,
    /// At most three actions beside the title, the primary one last.
    pub actions: Vec<Button>,
    /// Id of the main table, for the second skip link; empty for none.
    pub table_id: String,
    /// The content.
    pub body: SafeHtml,
    /// Why personal data may be seen here (see [`crate::component::audit_note`]); empty when there is none.
    pub audit: SafeHtml,
    /// Lines of the foot: sources, as-of date, run.
    pub foot: Vec<String>,
    /// Whom to ask about personal data, under the lines of the foot; empty for none.
    pub contact: String,
    /// Larger type and nothing but the content, for a hall.
    pub presentation: bool,
    /// Loads the page again after so many seconds (progress of a job).
    pub refresh_seconds: Option<u32>,
    /// Folder the assets are served in, with the slash at its end.
    pub asset_base: String,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            title: String::new(),
            theme: Theme::Auto,
            brand: Brand::default(),
            crumbs: Vec::new(),
            here: String::new(),
            menu: Vec::new(),
            path: "/".to_owned(),
            menu_href: "/muc".to_owned(),
            search: None,
            user: None,
            switches: Switches::default(),
            notice: String::new(),
            facts: SafeHtml::empty(),
            actions: Vec::new(),
            table_id: String::new(),
            body: SafeHtml::empty(),
            audit: SafeHtml::empty(),
            foot: Vec::new(),
            contact: String::new(),
            presentation: false,
            refresh_seconds: None,
            asset_base: "/assets/".to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct Shell<'a> {
    page: &'a Page,
    l: Locale<'a>,
    style: String,
    script: String,
    icon: String,
    menu: SafeHtml,
    switches: SafeHtml,
    initials: String,
}

impl Page {
    /// The whole document, in the language of `l`.
    pub fn render(&self, l: Locale<'_>) -> String {
        let url = |name: &str| format!("{}{name}", self.asset_base);
        let initials = self.user.as_ref().map(|u| initials(&u.label)).unwrap_or_default();
        let shell = Shell {
            page: self,
            l,
            style: url(assets::style()),
            script: url(assets::script()),
            icon: url(assets::icon()),
            menu: self.menu_html(l),
            switches: self.switches_html(l),
            initials,
        };
        // Writing to a String cannot fail, and the template has no filter that can.
        shell.render().unwrap_or_else(|e| unreachable!("the shell template renders: {e}"))
    }

    fn menu_html(&self, l: Locale<'_>) -> SafeHtml {
        let current = self.current_entry();
        SafeHtml::concat(self.menu.iter().map(|group| {
            let items = group.items.iter().map(|item| {
                let here = current == Some(item.link.href.as_str());
                let waiting = item.waiting.map(|n| {
                    let words = tag("span").class("vh").text(&l.t_args("menu-waiting", &[("n", n.into())]));
                    tag("span").class("waiting").child(tag("span").attr("aria-hidden", "true").text(&l.number(n))).child(words)
                });
                let link = tag("a").href(&item.link.href).attr_opt("aria-current", here.then_some("page"));
                tag("li").child(link.child(icon(item.icon)).child(tag("span").text(&item.link.text)).child_opt(waiting))
            });
            let label = (!group.label.is_empty()).then(|| tag("p").class("menu-label").text(&group.label));
            SafeHtml::empty().then(label.map(SafeHtml::from).unwrap_or_default()).then(tag("ul").children(items))
        }))
    }

    /// The entry whose address is the longest beginning of this page's path.
    fn current_entry(&self) -> Option<&str> {
        let path = self.path.split(['?', '#']).next().unwrap_or("");
        let is_under = |href: &str| {
            let href = href.split(['?', '#']).next().unwrap_or("");
            path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
        };
        self.menu.iter().flat_map(|g| &g.items).map(|i| i.link.href.as_str()).filter(|h| is_under(h)).max_by_key(|h| h.len())
    }

    fn switches_html(&self, l: Locale<'_>) -> SafeHtml {
        let back = url_encode(&self.path);
        let languages = Lang::ALL.into_iter().map(|lang| {
            let href = format!("{}?lang={}&back={back}", self.switches.language, lang.tag());
            let name = if lang == Lang::Vi { "Tiếng Việt" } else { "English" };
            let link = tag("a").href(&href).attr("lang", lang.tag()).attr("hreflang", lang.tag()).attr("title", name);
            let link = link.attr_opt("aria-current", (lang == l.lang()).then_some("true"));
            // The visible letters are part of the name, so that speech control finds the link.
            tag("li").child(link.text(&lang.tag().to_uppercase()).child(tag("span").class("vh").text(&format!(" {name}"))))
        });
        let themes = [Theme::Auto, Theme::Light, Theme::Dark].into_iter().map(|theme| {
            let href = format!("{}?theme={}&back={back}", self.switches.theme, theme.tag());
            let link = tag("a").href(&href).attr_opt("aria-current", (theme == self.theme).then_some("true"));
            tag("li").child(link.text(&l.t(&format!("theme-{}", theme.tag()))))
        });
        tag("nav")
            .class("switch")
            .attr("aria-label", l.t("language-label"))
            .child(tag("ul").class("segments").children(languages))
            .html()
            .then(
                tag("details")
                    .class("theme")
                    .child(tag("summary").attr("aria-label", l.t("theme-label")).child(theme_icon()))
                    .child(tag("ul").children(themes)),
            )
    }
}

/// All entries of the menu as the body of the page that narrow screens open ("Mục").
pub fn menu_links(menu: &[MenuGroup]) -> SafeHtml {
    SafeHtml::concat(menu.iter().map(|group| {
        let label = (!group.label.is_empty()).then(|| tag("h2").text(&group.label));
        let links = link_list(group.items.iter().map(|i| i.link.clone()));
        tag("section").class("panel menu-page").child_opt(label).child(links).html()
    }))
}

/// The first letters of the last two words, as a small sign of who is signed in.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let from = words.len().saturating_sub(2);
    words.get(from..).unwrap_or_default().iter().filter_map(|w| w.chars().next()).flat_map(char::to_uppercase).collect()
}

fn theme_icon() -> SafeHtml {
    let svg =
        tag("svg").class("i").attr("viewBox", "0 0 20 20").attr("width", "16").attr("height", "16").attr("aria-hidden", "true");
    svg.child(tag("circle").attr("cx", "10").attr("cy", "10").attr("r", "6.5"))
        .child(tag("path").class("solid").attr("d", "M10 3.5a6.5 6.5 0 0 1 0 13z"))
        .html()
}

fn url_encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
