//! From what was gathered to a document: sections in the order that reports to a People's Committee have, each with the text the program makes
//! or the one somebody wrote in its place.

use std::collections::BTreeMap;

use documents::report::{Annex, Block, Report, Text};

use super::facts::{Facts, Notes};
use super::layout::{Layout, Whose};
use super::material::Material;
use super::period::Told as _;
use super::{annexes, name_facts, sections, words};

/// A section whose text can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Stable word by which its text is kept.
    pub key: String,
    /// Its heading in the document; of opening and end what they are.
    pub heading: String,
    /// The text the program makes, with figures by name.
    pub made: String,
    /// What somebody wrote in its place.
    pub written: Option<String>,
}

impl Section {
    /// The text that counts.
    pub fn text(&self) -> &str {
        self.written.as_deref().unwrap_or(&self.made)
    }
}

/// A report with what it was made of.
#[derive(Debug, Clone)]
pub struct Composed {
    /// The document.
    pub report: Report,
    /// Its sections.
    pub sections: Vec<Section>,
    /// Its figures by name.
    pub facts: Facts,
}

/// A section on its way: its text, and what stands under it whatever the text says.
pub(super) struct Part {
    pub(super) key: String,
    /// What the editor calls it.
    pub(super) name: String,
    /// How it stands in the document; none for opening and end.
    pub(super) heading: Option<Block>,
    pub(super) made: String,
    /// Tables, charts, figures and evidence: made anew each time, never typed.
    pub(super) fixed: Vec<Block>,
}

/// Puts a report together; `written` are texts by section.
pub(super) fn compose(material: &Material<'_>, layout: &Layout, written: &BTreeMap<String, String>) -> Composed {
    let facts = name_facts::facts(material);
    let mut notes = Notes::default();
    let parts = sections::all(material, layout, &facts, &mut notes);
    let mut body = Vec::new();
    let mut told = Vec::new();
    for part in parts {
        let own = written.get(&part.key).filter(|text| !text.is_empty()).cloned();
        body.extend(part.heading);
        let text = own.as_deref().unwrap_or(&part.made);
        body.extend(paragraphs(text, &facts, &mut notes));
        body.extend(part.fixed);
        told.push(Section { key: part.key, heading: part.name, made: part.made, written: own });
    }
    let annexes: Vec<Annex> = annexes::all(material, &mut notes);
    let issuer = layout.issuer(&material.whose);
    let run =
        material.run.as_ref().map_or_else(|| "chưa có lần chạy nào của kỳ".to_owned(), |run| format!("lần chạy {}", run.id));
    let about = match &material.whose {
        Whose::City | Whose::Commune { .. } => String::new(),
        Whose::Unit { name, .. } => format!(" thuộc trách nhiệm chủ trì của {name}"),
    };
    let report = Report {
        organ_above: issuer.organ_above,
        organ: issuer.organ,
        number: None,
        symbol: issuer.symbol,
        place: issuer.place,
        month: material.issued,
        subject: vec![format!("{}{about}", layout.title), material.period.words()],
        to: issuer.to,
        body,
        signer: issuer.signer,
        copies: issuer.copies,
        kept_by: issuer.kept_by,
        annexes,
        notes: notes.0,
        below: format!(
            "Kỳ báo cáo {}; số liệu: {run}; tình trạng nhiệm vụ đến ngày {}.",
            material.period,
            words::date(material.on)
        ),
    };
    Composed { report, sections: told, facts }
}

/// A written text as blocks: a line is a paragraph, `- ` begins one of a list.
fn paragraphs(text: &str, facts: &Facts, notes: &mut Notes) -> Vec<Block> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let block = |line: &str| match line.strip_prefix("- ") {
        Some(item) => Block::Item(facts.render(item, notes)),
        None => Block::Paragraph(facts.render(line, notes)),
    };
    lines.map(block).collect()
}

/// Words without figures.
pub(super) fn said(text: impl Into<String>) -> Text {
    Text::from(text.into())
}
