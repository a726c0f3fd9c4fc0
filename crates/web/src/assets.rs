//! Styles, script and fonts, embedded in the program and served under names that hold their hash.
//!
//! A changed file gets a new name, so that the others may be kept by browsers for a year.

use std::sync::LazyLock;

/// A file to be served.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Name with the hash, e.g. `app-1f3a5c7e9b.css`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
    /// Media type.
    pub content_type: &'static str,
    /// Entity tag, with quotes.
    pub etag: String,
}

/// Header for every asset: names change with content.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// Header for every page: nothing inline, nothing from elsewhere, no frames, forms only to ourselves.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The file of a name such as `app-1f3a5c7e9b.css` (without the folder it is served in).
pub fn get(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// All files, for tests and for a static copy.
pub fn all() -> &'static [Asset] {
    &ASSETS
}

/// The name with hash of the style sheet.
pub fn style() -> &'static str {
    named("app-", ".css")
}

/// The name with hash of the script.
pub fn script() -> &'static str {
    named("app-", ".js")
}

fn named(start: &str, end: &str) -> &'static str {
    ASSETS.iter().map(|a| a.path.as_str()).find(|p| p.starts_with(start) && p.ends_with(end)).unwrap_or("")
}

const FONTS: [(&str, &[u8]); 6] = [
    ("be-vietnam-pro-latin-600", include_bytes!("../assets/fonts/be-vietnam-pro-latin-600-normal.woff2")),
    ("be-vietnam-pro-vietnamese-600", include_bytes!("../assets/fonts/be-vietnam-pro-vietnamese-600-normal.woff2")),
    ("inter-latin-400", include_bytes!("../assets/fonts/inter-latin-400-normal.woff2")),
    ("inter-latin-600", include_bytes!("../assets/fonts/inter-latin-600-normal.woff2")),
    ("inter-vietnamese-400", include_bytes!("../assets/fonts/inter-vietnamese-400-normal.woff2")),
    ("inter-vietnamese-600", include_bytes!("../assets/fonts/inter-vietnamese-600-normal.woff2")),
];

/// The style sheets in the order they apply.
const STYLES: [&str; 5] = [
    include_str!("../assets/tokens.css"),
    include_str!("../assets/base.css"),
    include_str!("../assets/components.css"),
    include_str!("../assets/charts.css"),
    include_str!("../assets/print.css"),
];

const SCRIPT: &str = include_str!("../assets/app.js");
const ICON: &str = include_str!("../assets/icon.svg");

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets: Vec<Asset> = FONTS.iter().map(|(name, bytes)| asset(name, "woff2", bytes.to_vec(), "font/woff2")).collect();
    let mut css = STYLES.concat();
    for (font, (name, _)) in assets.iter().zip(FONTS) {
        // Style sheets name fonts without hash; the served one names the hashed file beside it.
        css = css.replace(&format!("fonts/{name}-normal.woff2"), &font.path);
    }
    assets.push(asset("app", "css", css.into_bytes(), "text/css; charset=utf-8"));
    assets.push(asset("app", "js", SCRIPT.as_bytes().to_vec(), "text/javascript; charset=utf-8"));
    assets.push(asset("icon", "svg", ICON.as_bytes().to_vec(), "image/svg+xml"));
    assets
});

/// The name with hash of the icon of the browser tab.
pub fn icon() -> &'static str {
    named("icon-", ".svg")
}

fn asset(name: &str, ending: &str, bytes: Vec<u8>, content_type: &'static str) -> Asset {
    let hash: String = blake3::hash(&bytes).to_hex().chars().take(12).collect();
    Asset { path: format!("{name}-{hash}.{ending}"), etag: format!("\"{hash}\""), bytes, content_type }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_under_its_hashed_name() {
        for asset in all() {
            assert_eq!(get(&asset.path).map(|a| &a.etag), Some(&asset.etag));
        }
        assert!(get("app.css").is_none() && get("../Cargo.toml").is_none());
        assert!(get(style()).is_some() && get(script()).is_some() && get(icon()).is_some());
    }

    #[test]
    fn the_style_sheet_names_only_files_that_are_served() {
        let css = String::from_utf8(get(style()).unwrap().bytes.clone()).unwrap();
        let named: Vec<&str> = css.split("url(").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert!(named.len() >= FONTS.len());
        for name in named {
            assert!(get(name).is_some(), "{name} is not served");
        }
    }

    #[test]
    fn the_script_stays_small_and_the_style_sheet_sane() {
        assert!(SCRIPT.len() <= 20_000, "{} bytes of script", SCRIPT.len());
        let css = STYLES.concat();
        assert_eq!(css.matches('{').count(), css.matches('}').count());
        assert!(!css.contains("outline: none") && !css.contains("outline:none"), "the focus ring is never removed");
    }
}
