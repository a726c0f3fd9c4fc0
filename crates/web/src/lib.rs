//! Page shell, components, SVG charts, forms, languages; nothing of the field.
//!
//! A chapter puts a body together from [`component`]s and [`chart`]s and hands it to [`Page`], which
//! gives the whole document. Everything works without script; styles and script come from [`assets`].
//! Words come from the caller or from Fluent files ([`i18n`]); numbers and dates are written by
//! [`mod@format`] in one way.

pub mod assets;
pub mod chart;
pub mod component;
pub mod format;
pub mod gallery;
pub mod i18n;

mod html;
mod page;
mod sort;

pub use format::{Percent, Points};
pub use html::{SafeHtml, Tag, TemplateError, tag};
pub use i18n::{Lang, Locale, Texts};
pub use page::{Brand, MenuGroup, MenuItem, Page, Search, Switches, Theme, User, menu_links};
pub use sort::{sort_key, text_sort_key};

#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod style_tests;
