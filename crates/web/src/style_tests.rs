//! The style sheet keeps the contrast it promises, and every text of the shell is used.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::i18n::{SHELL_TEXTS, Texts};

const TOKENS: &str = include_str!("../assets/tokens.css");

/// The tokens of the block that starts with a selector.
fn tokens(selector: &str) -> BTreeMap<&'static str, &'static str> {
    let block = TOKENS.split(selector).nth(1).unwrap().split('}').next().unwrap();
    block.split(['{', ';']).filter_map(|line| line.trim().strip_prefix("--")).filter_map(|line| line.split_once(": ")).collect()
}

/// Relative luminance by the formula of WCAG 2.
fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_has_4_5_to_1_and_controls_have_3_to_1_in_both_themes() {
    const TEXT: [(&str, &str); 26] = [
        ("ink", "surface"),
        ("ink", "bg"),
        ("ink2", "surface"),
        ("ink2", "bg"),
        ("ink2", "sunk"),
        ("ink2", "neu-w"),
        ("ink3", "surface"),
        ("ink3", "bg"),
        ("ink3", "sunk"),
        ("ink3", "pri-w"),
        ("pri", "surface"),
        ("pri", "bg"),
        ("pri", "sunk"),
        ("pri", "pri-w"),
        ("pri", "hover"),
        ("on-pri", "pri"),
        ("ok", "ok-w"),
        ("warn", "warn-w"),
        ("bad", "bad-w"),
        ("warn", "surface"),
        ("bad", "surface"),
        ("m1t", "m1"),
        ("m2t", "m2"),
        ("m3t", "m3"),
        ("m4t", "m4"),
        ("m5t", "m5"),
    ];
    const GRAPHICS: [(&str, &str); 7] = [
        ("ctl", "surface"),
        ("ctl", "bg"),
        ("focus", "surface"),
        ("focus", "bg"),
        ("c2", "surface"),
        ("c3", "surface"),
        ("c4", "surface"),
    ];
    for selector in [":root {", ":root:not([data-theme=\"light\"]) {", ":root[data-theme=\"dark\"] {"] {
        let tokens = tokens(selector);
        let check = |pairs: &[(&str, &str)], least: f64| {
            for (front, back) in pairs {
                let ratio = contrast(tokens[front], tokens[back]);
                assert!(ratio >= least, "{front} on {back} has only {ratio:.2} in {selector}");
            }
        };
        check(&TEXT, 4.5);
        check(&GRAPHICS, 3.0);
    }
}

#[test]
fn both_dark_blocks_are_the_same() {
    assert_eq!(tokens(":root:not([data-theme=\"light\"]) {"), tokens(":root[data-theme=\"dark\"] {"));
}

#[test]
fn every_text_of_the_shell_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = fs::read_to_string(root.join("templates/page.html")).unwrap();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                sources.push_str(&fs::read_to_string(entry).unwrap());
            }
        }
    }
    let texts = Texts::load(&SHELL_TEXTS).unwrap();
    // Themes are looked up by their word: theme-auto, theme-light, theme-dark.
    let unused: Vec<&str> = texts.keys().filter(|k| !k.starts_with("theme-") && !sources.contains(&format!("\"{k}\""))).collect();
    assert_eq!(unused, Vec::<&str>::new());
}
