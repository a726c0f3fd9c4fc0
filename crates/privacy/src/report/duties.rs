//! Terms of the law with how sure they are, and what is open.

use desk::Term;
use documents::paper::{Grid, Part, Section};

use super::{Inputs, said};
use crate::words;

/// Keys of the law about personal data begin so.
const KEYS: &str = "privacy.";
/// Days before its last one on which an agreement is told.
const SOON: i32 = 60;

pub(super) fn sections(inputs: &Inputs) -> [Section; 2] {
    [terms(inputs), open(inputs)]
}

fn terms(inputs: &Inputs) -> Section {
    let l = inputs.l;
    let mut rows = Vec::new();
    for parameter in inputs.law.parameters().filter(|parameter| parameter.key.starts_with(KEYS)) {
        let Ok(dated) = parameter.dated(inputs.today) else { continue };
        let value = |word: Option<&str>| match parameter.at(inputs.today, word) {
            Ok(Some(value)) => value.to_string(),
            // Abolished, or no such word: nothing to say.
            Ok(None) | Err(_) => "–".to_owned(),
        };
        let values = match &parameter.selector {
            None => value(None),
            Some(selector) => {
                let line = |word: &String| format!("{}: {}", words::request_kind(l, word), value(Some(word.as_str())));
                selector.values.iter().map(line).collect::<Vec<_>>().join("\n")
            }
        };
        let reference = [Some(dated.reference.law.clone()), dated.reference.article.clone(), dated.reference.clause.clone()];
        rows.push(vec![
            said(l, &parameter.description.vi, &parameter.description.en).to_owned(),
            values,
            reference.into_iter().flatten().collect::<Vec<_>>().join(", "),
            words::sure(l, dated.confidence),
            dated.note.clone().unwrap_or_default(),
        ]);
    }
    let columns = [
        "privacy-report-column-duty",
        "privacy-report-column-value",
        "privacy-article",
        "privacy-report-column-sure",
        "privacy-report-column-doubt",
    ];
    let grid = Grid { name: l.t("privacy-report-tab-duties"), columns: columns.map(|key| l.t(key)).to_vec(), rows };
    Section { heading: l.t("privacy-report-duties"), parts: vec![Part::Table(grid)] }
}

/// What somebody has to look after, from the data itself.
fn open(inputs: &Inputs) -> Section {
    let l = inputs.l;
    let mut parts = vec![Part::Item(l.t("privacy-report-open-exemption"))];
    if inputs.officer.is_none() {
        parts.push(Part::Item(l.t("privacy-report-open-officer")));
    }
    let without: Vec<&str> = inputs
        .received
        .iter()
        .filter(|roster| inputs.agreements.iter().all(|a| a.roster != **roster || a.term(inputs.today) == Term::Over))
        .map(|roster| inputs.layouts.newest(roster).map_or(roster.as_str(), |layout| said(l, &layout.title.vi, &layout.title.en)))
        .collect();
    if !without.is_empty() {
        parts.push(Part::Item(l.t_args("privacy-report-open-rosters", &[("rosters", without.join("; ").as_str().into())])));
    }
    for agreement in inputs.agreements.iter().filter(|a| a.term(inputs.today) == Term::InForce) {
        if let Some(last) = agreement.last_day.filter(|last| inputs.today.days_until(*last) <= SOON) {
            let args = [("number", agreement.number.as_str().into()), ("day", l.date(last).as_str().into())];
            parts.push(Part::Item(l.t_args("privacy-report-open-soon", &args)));
        }
    }
    parts.push(Part::Item(l.t("privacy-report-open-encryption")));
    Section { heading: l.t("privacy-report-open"), parts }
}
