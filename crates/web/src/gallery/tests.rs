//! What must hold for every page, checked on the gallery: it shows each component once.

use std::collections::BTreeSet;

use super::*;

/// Each start tag with its attributes, without the brackets.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).filter(|t| !t.starts_with('/')).filter_map(|t| t.split('>').next()).collect()
}

/// Values of one attribute over the whole page.
fn values<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    tags(html).into_iter().filter_map(|t| t.split(start.as_str()).nth(1)).filter_map(|rest| rest.split('"').next()).collect()
}

fn pages() -> Vec<String> {
    Lang::ALL.into_iter().map(|lang| page(lang).unwrap()).collect()
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    for html in pages() {
        for tag in tags(&html) {
            assert!(!tag.contains(" style="), "{tag}");
            assert!(!tag.split(' ').any(|a| a.starts_with("on") && a.contains('=')), "{tag}");
            assert!(tag != "script" && tag != "style", "{tag}");
        }
        for link in [values(&html, "src"), values(&html, "href")].concat() {
            assert!(!link.contains("//"), "{link}");
        }
    }
}

#[test]
fn ids_are_unique_and_all_that_is_referred_to_is_there() {
    for html in pages() {
        let ids = values(&html, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len());
        let named = ["aria-labelledby", "aria-describedby", "for"].map(|a| values(&html, a)).concat();
        assert!(named.len() > 20);
        for id in named.iter().flat_map(|list| list.split(' ')) {
            assert!(unique.contains(id), "nothing has the id {id}");
        }
        for id in values(&html, "href").into_iter().filter_map(|h| h.strip_prefix('#')).filter(|id| !id.is_empty()) {
            assert!(unique.contains(id), "a link leads to #{id}");
        }
    }
}

#[test]
fn one_h1_and_no_gap_in_the_levels() {
    for html in pages() {
        let levels: Vec<u32> =
            tags(&html).iter().filter_map(|t| t.strip_prefix('h')).filter_map(|t| t.chars().next()?.to_digit(10)).collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    }
}

#[test]
fn every_start_has_its_end() {
    const VOID: [&str; 7] = ["input", "br", "hr", "col", "meta", "link", "!DOCTYPE"];
    for html in pages() {
        let mut open = Vec::new();
        for piece in html.split('<').skip(1) {
            let inside = piece.split('>').next().unwrap();
            let name = inside.trim_start_matches('/').split([' ', '\n']).next().unwrap();
            if inside.starts_with('/') {
                assert_eq!(open.pop(), Some(name));
            } else if !VOID.contains(&name) && !inside.ends_with('/') {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }
}

#[test]
fn no_text_is_missing_and_each_language_marks_itself() {
    for (lang, html) in Lang::ALL.into_iter().zip(pages()) {
        assert!(!html.contains('⟦'), "{}", html.split('⟦').nth(1).unwrap_or_default().get(..40).unwrap_or_default());
        assert!(html.contains(&format!("<html lang=\"{}\"", lang.tag())));
    }
}

#[test]
fn the_menu_marks_this_page_and_the_switches_lead_back() {
    let html = page(Lang::Vi).unwrap();
    let current: Vec<&str> =
        tags(&html).into_iter().filter(|t| t.contains("aria-current=\"page\"") && t.contains("/thanh-phan")).collect();
    assert_eq!(current.len(), 2, "the entry of the menu and the tab: {current:?}");
    assert!(html.contains("href=\"/ngon-ngu?lang=en&amp;back=/thanh-phan%3Floc%3D1\""));
}

#[test]
fn the_shell_stays_as_it_is() {
    let texts = Texts::load(&SHELL_TEXTS).unwrap();
    let empty = Page {
        title: "Trang <trống>".to_owned(),
        menu: menu(texts.lang(Lang::Vi)),
        user: Some(User { label: "Lê Thị Mẫu".to_owned(), unit: "Phường Mẫu".to_owned(), href: String::new() }),
        notice: "Dữ liệu mẫu".to_owned(),
        theme: Theme::Dark,
        refresh_seconds: Some(5),
        ..Page::default()
    };
    let mut html = empty.render(texts.lang(Lang::Vi));
    // The hash in asset names changes with every change of a style; the snapshot is about the markup.
    for asset in crate::assets::all() {
        html = html.replace(&asset.path, &asset.path.replace(asset.etag.trim_matches('"'), "HASH"));
    }
    insta::assert_snapshot!(html);
}
