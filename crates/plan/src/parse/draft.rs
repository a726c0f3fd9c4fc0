//! A task while it is being read, and what becomes of it.

use std::collections::BTreeMap;

use super::label::Label;
use crate::model::{Group, Task, Unread};
use crate::party::{parties, party};
use crate::rhythm;

/// A task that is being read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// Number as the plan gives it.
    pub number: String,
    /// Number of the section.
    pub section: String,
    /// The heading above.
    pub group: Option<Group>,
    /// Line of its beginning.
    pub line: u64,
    /// Its parts so far.
    pub parts: BTreeMap<Label, String>,
    /// The part that was read last.
    pub last: Option<Label>,
    /// The bullet of its labels, where they have one.
    pub bullet: Option<char>,
    /// Remarks with their labels.
    pub notes: Vec<String>,
}

impl Draft {
    /// Whether it has anything but content.
    pub(crate) fn is_labelled(&self) -> bool {
        self.parts.keys().any(|label| *label != Label::Content)
    }

    /// Whether a part has words already.
    pub(crate) fn has(&self, label: Label) -> bool {
        self.parts.get(&label).is_some_and(|text| !text.is_empty())
    }

    /// Begins a part, or goes on with it on a new line.
    pub(crate) fn begin(&mut self, label: Label, text: &str) {
        let part = self.parts.entry(label).or_default();
        if !part.is_empty() && !text.is_empty() {
            part.push('\n');
        }
        part.push_str(text);
        self.last = Some(label);
    }

    /// Goes on with the last part in the same sentence.
    pub(crate) fn join(&mut self, text: &str) {
        let part = self.parts.entry(self.last.unwrap_or(Label::Content)).or_default();
        if !part.is_empty() {
            part.push(' ');
        }
        part.push_str(text);
    }

    /// The words of the last part.
    pub(crate) fn last_text(&self) -> &str {
        self.last.and_then(|label| self.parts.get(&label)).map_or("", String::as_str)
    }

    /// The task, with what was doubtful about it.
    pub(crate) fn finish(mut self, place: Option<&str>, doubts: &mut Vec<Unread>) -> Task {
        let mut doubt = |text: &str, reason: String| doubts.push(Unread { line: self.line, text: text.to_owned(), reason });
        if let Some(doers) = self.parts.remove(&Label::Doers) {
            share_out(&doers, &mut self.parts);
        }
        let text = |label: Label| self.parts.get(&label).map(|text| tidy(text)).filter(|text| !text.is_empty());
        let lead = text(Label::Lead);
        let leads = lead.as_deref().map(|lead| parties(lead, place)).unwrap_or_default();
        let partners = self.parts.get(&Label::Partner).map(|text| parties(text, place)).unwrap_or_default();
        let time = text(Label::Time);
        let said = time.as_deref().map(rhythm::parse);
        for (said, time) in said.iter().zip(&time) {
            said.doubts.iter().for_each(|reason| doubt(time, format!("thời gian {reason}")));
            for one in said.rhythms.iter().filter(|one| matches!(one, rhythm::Rhythm::Unclear(_))) {
                doubt(time, format!("thời gian chưa hiểu: “{one}”"));
            }
        }
        // Trailing full stops are of the sentence, not of a name or a time; within content and product they stay.
        let bare = |text: String| text.trim_end_matches(['.', ';', ',', ' ']).to_owned();
        Task {
            id: self.number.clone(),
            section: self.section.clone(),
            group: self.group.clone(),
            content: text(Label::Content).unwrap_or_default(),
            lead: lead.map(bare),
            leads,
            partners,
            product: text(Label::Product),
            time: time.map(bare),
            rhythms: said.map(|said| said.rhythms).unwrap_or_default(),
            money: text(Label::Money),
            notes: self.notes,
            line: self.line,
        }
    }
}

/// "Sở Y tế chủ trì, phối hợp với Sở Nội vụ" and "Chủ trì: A; phối hợp: B": who leads and who helps. Without roles all lead.
fn share_out(doers: &str, parts: &mut BTreeMap<Label, String>) {
    let lower = doers.to_lowercase();
    let mut add = |label: Label, text: &str| {
        let text = text.trim_matches(|c: char| c.is_whitespace() || ":;,.()-–".contains(c));
        if text.is_empty() {
            return;
        }
        let part = parts.entry(label).or_default();
        if !part.is_empty() {
            part.push_str("; ");
        }
        part.push_str(text);
    };
    // Lower case may have other lengths than the text in rare letters; then nothing is cut.
    let cut = |at: usize| (doers.is_char_boundary(at) && lower.len() == doers.len()).then(|| doers.split_at(at));
    match (lower.find("chủ trì"), lower.find("phối hợp")) {
        (Some(lead), Some(help)) if lead < help => {
            let Some((before, after)) = cut(help) else { return add(Label::Lead, doers) };
            add(Label::Lead, &without(before, "chủ trì"));
            let helpers = without(after, "phối hợp");
            add(Label::Partner, helpers.trim().strip_prefix("với ").unwrap_or(&helpers));
        }
        _ => {
            // "Sở A (chủ trì), Sở B, Sở C": the one that is marked leads.
            let all = parties(doers, None);
            let marked = |name: &str| name.to_lowercase().contains("chủ trì");
            if all.len() > 1 && all.iter().filter(|one| marked(&one.name)).count() == 1 {
                for one in all {
                    let label = if marked(&one.name) { Label::Lead } else { Label::Partner };
                    add(label, &party(&without(&one.name, "chủ trì"), None).name);
                }
            } else {
                add(Label::Lead, &without(doers, "chủ trì"));
            }
        }
    }
}

/// A text without a word of a role, whatever its case, and without the brackets that held it.
fn without(text: &str, role: &str) -> String {
    let mut out = text.to_owned();
    for form in [role.to_owned(), role.replacen("chủ", "Chủ", 1).replacen("phối", "Phối", 1)] {
        out = out.replace(&format!("({form})"), "").replace(&form, "");
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ").trim_start_matches([':', ';', ',', ' ']).to_owned()
}

/// Signs of conversion (`*…*`) gone, the lines of a part kept.
fn tidy(text: &str) -> String {
    text.replace('*', "").split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doers_are_shared_out_by_the_roles_in_the_text() {
        for (doers, lead, partner) in [
            ("Sở Y tế chủ trì, phối hợp với Sở Nội vụ, UBND các xã", "Sở Y tế", "Sở Nội vụ, UBND các xã"),
            ("Chủ trì: Sở Y tế\nPhối hợp: Sở Nội vụ", "Sở Y tế", "Sở Nội vụ"),
            ("Sở Y tế (chủ trì), Sở Nội vụ, Công an tỉnh", "Sở Y tế", "Sở Nội vụ; Công an tỉnh"),
            ("Sở Y tế, Sở Nội vụ", "Sở Y tế, Sở Nội vụ", ""),
        ] {
            let mut parts = BTreeMap::new();
            share_out(doers, &mut parts);
            let of = |label| parts.get(&label).cloned().unwrap_or_default();
            assert_eq!((of(Label::Lead).as_str(), of(Label::Partner).as_str()), (lead, partner), "{doers}");
        }
    }
}
