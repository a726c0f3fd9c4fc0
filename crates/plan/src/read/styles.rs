//! Which styles of a DOCX bring a list with them.

use std::collections::BTreeMap;

use super::docx::{Tag, scan};
use crate::error::PlanError;

/// Styles by id.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    list: Option<String>,
    level: Option<String>,
}

impl Styles {
    /// Reads `styles.xml`; a document without one has none.
    pub(super) fn read(xml: Option<&[u8]>) -> Result<Self, PlanError> {
        let mut styles: BTreeMap<String, Style> = BTreeMap::new();
        let Some(xml) = xml else { return Ok(Self(styles)) };
        let mut id = String::new();
        scan(xml, "styles.xml", |tag| {
            let Tag::Open { name, element } = tag else { return };
            if name == "style" {
                id = element.value("styleId").unwrap_or_default();
                return;
            }
            let Some(style) = (!id.is_empty()).then(|| styles.entry(id.clone()).or_default()) else { return };
            match name {
                "basedOn" => style.based_on = element.value("val"),
                "numId" => style.list = element.value("val"),
                "ilvl" => style.level = element.value("val"),
                _ => {}
            }
        })?;
        Ok(Self(styles))
    }

    /// List and level of a style, its own or that of the styles it stands on.
    pub(super) fn list(&self, style: &str) -> Option<(String, String)> {
        let mut at = style;
        // A chain of styles is short; a circle must end.
        for _ in 0..16 {
            let style = self.0.get(at)?;
            if let Some(list) = &style.list {
                return Some((list.clone(), style.level.clone().unwrap_or_default()));
            }
            at = style.based_on.as_deref()?;
        }
        None
    }
}
