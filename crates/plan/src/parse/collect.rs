//! Sections, headings and tasks as they come, from lines or from rows of a table.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::label::{Label, key};
use super::marker::Marker;
use crate::model::{Assigned, Assignment, Counts, Group, Head, Imported, Section, SectionKind, Target, Unread};
use crate::party::party;
use crate::rhythm::mentioned;

/// A heading that is open: what follows stands under it.
#[derive(Debug, Clone)]
pub(crate) struct Heading {
    /// Its marker; `None` for a heading without.
    pub marker: Option<Marker>,
    /// Its text.
    pub title: String,
    /// Line.
    pub line: u64,
    /// Lines under it that belong to no task.
    pub body: Vec<(u64, String)>,
    /// Whether it is a task itself.
    pub used: bool,
    /// Whether tasks stand under it.
    pub over_tasks: bool,
    /// Tasks under it that have no number of their own.
    pub unnumbered: usize,
}

/// Everything that was read so far.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    pub head: Head,
    pub sections: Vec<Section>,
    pub stack: Vec<Heading>,
    pub open: Option<Draft>,
    pub tasks: Vec<Draft>,
    pub targets: Vec<Target>,
    pub assignments: Vec<Assignment>,
    pub unread: Vec<Unread>,
    pub doubts: Vec<Unread>,
    pub counts: Counts,
    /// Headings with neither tasks nor labels: section, how many lines, and what it is. Unread where tasks stand beside it.
    stray: Vec<(usize, usize, Unread)>,
}

impl Collector {
    /// Kind of the section that is open.
    pub(crate) fn kind(&self) -> SectionKind {
        self.sections.last().map_or(SectionKind::Other, |section| section.kind)
    }

    /// Begins a section.
    pub(crate) fn section(&mut self, number: &str, title: &str, line: u64) {
        self.close_all();
        let kind = section_kind(title);
        self.sections.push(Section { number: number.to_owned(), title: title.to_owned(), kind, line });
    }

    /// Begins a heading and ends all that stand as deep or deeper.
    pub(crate) fn heading(&mut self, marker: Option<Marker>, title: &str, line: u64) {
        self.close_task();
        let level = marker.as_ref().and_then(Marker::level);
        while self.stack.last().is_some_and(|top| is_below(top, level)) {
            self.pop();
        }
        self.stack.push(Heading {
            marker,
            title: title.to_owned(),
            line,
            body: Vec::new(),
            used: false,
            over_tasks: false,
            unnumbered: 0,
        });
    }

    /// Ends the task that is open.
    pub(crate) fn close_task(&mut self) {
        if let Some(draft) = self.open.take() {
            self.tasks.push(draft);
        }
    }

    /// Ends everything that is open.
    pub(crate) fn close_all(&mut self) {
        self.close_task();
        while !self.stack.is_empty() {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(heading) = self.stack.pop() else { return };
        let number = heading.marker.as_ref().map_or("", Marker::number).to_owned();
        if heading.used || heading.over_tasks {
            return;
        }
        let texts = || std::iter::once(heading.title.as_str()).chain(heading.body.iter().map(|(_, text)| text.as_str()));
        match self.kind() {
            SectionKind::Targets => {
                self.targets.push(Target { line: heading.line, text: texts().collect::<Vec<_>>().join(" ") });
            }
            SectionKind::Organisation if self.stack.is_empty() => {
                let name = asked(&heading.title);
                let place = place(&self.head);
                let duties =
                    heading.body.into_iter().map(|(line, text)| Assigned { line, rhythms: mentioned(&text), text }).collect();
                self.assignments.push(Assignment { number, unit: party(name, place.as_deref()), line: heading.line, duties });
            }
            _ => {
                // A heading below another one: its lines belong to that one.
                if let Some(outer) =
                    self.stack.last_mut().filter(|_| self.sections.last().is_some_and(|s| s.kind != SectionKind::Tasks))
                {
                    // It is one of its lines now.
                    self.counts.headings -= 1;
                    self.counts.text += 1;
                    outer.body.push((heading.line, heading.title));
                    outer.body.extend(heading.body);
                    return;
                }
                let lines = 1 + heading.body.len();
                let text = texts().collect::<Vec<_>>().join(" ");
                let reason = "mục không có chủ trì, kết quả, thời gian".to_owned();
                self.stray.push((self.sections.len(), lines, Unread { line: heading.line, text, reason }));
            }
        }
    }

    /// Begins a task. With `own` it has a number of its own, otherwise that of the heading it stands under.
    pub(crate) fn begin(&mut self, own: Option<&Marker>, line: u64) -> &mut Draft {
        self.close_task();
        let section = self.sections.last().map(|section| section.number.clone()).unwrap_or_default();
        let mut draft = Draft { section, line, ..Draft::default() };
        let group = |heading: &Heading| Group {
            number: heading.marker.as_ref().map_or("", Marker::number).to_owned(),
            title: heading.title.clone(),
        };
        draft.number = match own {
            Some(marker) => number(&self.stack, marker),
            None => match self.stack.last_mut() {
                Some(top) if !top.used && !top.over_tasks => {
                    top.used = true;
                    let marker = top.marker.clone();
                    let above = &self.stack[..self.stack.len() - 1];
                    marker.map_or_else(String::new, |marker| number(above, &marker))
                }
                Some(top) => {
                    top.unnumbered += 1;
                    let count = top.unnumbered + usize::from(top.used);
                    let marker = top.marker.clone();
                    let above = &self.stack[..self.stack.len() - 1];
                    let front = marker.map_or_else(String::new, |marker| number(above, &marker));
                    if front.is_empty() { count.to_string() } else { format!("{front}-{count}") }
                }
                None => String::new(),
            },
        };
        for heading in &mut self.stack {
            heading.over_tasks = true;
        }
        draft.group = self.stack.last().map(group);
        self.open.insert(draft)
    }

    /// Begins a task with a number of its own: what stands above it is its group.
    pub(crate) fn begin_numbered(&mut self, marker: Marker, line: u64) -> &mut Draft {
        self.heading(Some(marker), "", line);
        let own = self.stack.pop().and_then(|heading| heading.marker);
        self.begin(own.as_ref(), line)
    }

    /// Says where the numbers of tasks under one heading pass over one: a task may be lost between them.
    fn gaps(&mut self) {
        for pair in self.tasks.windows(2) {
            let [before, after] = pair else { continue };
            if before.group == after.group && before.section == after.section && passes_over(&before.number, &after.number) {
                let reason = format!("sau mục {} là mục {}: có thể thiếu một mục", before.number, after.number);
                let content = after.parts.get(&Label::Content).cloned().unwrap_or_default();
                self.doubts.push(Unread { line: after.line, text: content, reason });
            }
        }
    }

    /// A line that nothing is known of.
    pub(crate) fn lost(&mut self, line: u64, text: &str, reason: &str) {
        self.counts.unread += 1;
        self.unread.push(Unread { line, text: text.to_owned(), reason: reason.to_owned() });
    }

    /// Something that was read, but not without a doubt.
    pub(crate) fn doubt(&mut self, line: u64, text: &str, reason: String) {
        self.doubts.push(Unread { line, text: text.to_owned(), reason });
    }

    /// All that was read. Every task has an id of its own.
    pub(crate) fn finish(mut self) -> Imported {
        self.close_all();
        let with_tasks: BTreeSet<String> = self.tasks.iter().map(|task| task.section.clone()).collect();
        for (section, lines, unread) in std::mem::take(&mut self.stray) {
            // A section without tasks is prose; one with tasks has none that are not tasks.
            let number =
                section.checked_sub(1).and_then(|at| self.sections.get(at)).map_or("", |section| section.number.as_str());
            if with_tasks.contains(number) {
                self.counts.headings -= 1;
                self.counts.text -= lines - 1;
                self.counts.unread += lines;
                self.unread.push(unread);
            }
        }
        self.gaps();
        distinct(&mut self.tasks);
        let place = place(&self.head);
        let doubts = &mut self.doubts;
        let tasks = self.tasks.into_iter().map(|draft| draft.finish(place.as_deref(), doubts)).collect();
        self.unread.sort();
        self.doubts.sort();
        self.doubts.dedup();
        Imported {
            head: self.head,
            sections: self.sections,
            targets: self.targets,
            tasks,
            assignments: self.assignments,
            unread: self.unread,
            doubts: self.doubts,
            counts: self.counts,
        }
    }
}

/// Whether a heading ends when one of a level begins. One without a marker ends with the next without, and with any above it.
fn is_below(top: &Heading, level: Option<usize>) -> bool {
    match (top.marker.as_ref().and_then(Marker::level), level) {
        (Some(own), Some(new)) => own >= new,
        (None, None) => true,
        // A numbered heading stands under one without a number, and the other way round.
        (None, Some(_)) => false,
        (Some(_), None) => true,
    }
}

/// `2` and `a` make `2a`; numbers with points stand for themselves.
fn number(above: &[Heading], marker: &Marker) -> String {
    match marker {
        Marker::Letter(letter) => {
            let front = above.iter().rev().find_map(|heading| match &heading.marker {
                Some(Marker::Decimal(_, number)) => Some(number.clone()),
                _ => None,
            });
            format!("{}{letter}", front.unwrap_or_default())
        }
        other => other.number().to_owned(),
    }
}

/// Whether one number follows the other, but not directly. Letters follow each other in the alphabet of laws (a, b, c, d, đ, e, g)
/// or in that of Word.
fn passes_over(before: &str, after: &str) -> bool {
    const ALPHABETS: [&str; 2] = ["abcdđeghiklmnopqrstuvxy", "abcdefghijklmnopqrstuvwxyz"];
    let split = |number: &str| {
        let last = number
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |at| at + number[at..].chars().next().map_or(1, char::len_utf8));
        (number[..last].to_owned(), number[last..].parse::<u32>().ok())
    };
    match (split(before), split(after)) {
        ((front, Some(one)), (other, Some(next))) => front == other && next > one + 1,
        ((front, None), (other, None)) => {
            let (mut front, mut other) = (front.chars(), other.chars());
            let (Some(one), Some(next)) = (front.next_back(), other.next_back()) else { return false };
            let place = |alphabet: &str, letter: char| alphabet.chars().position(|c| c == letter);
            let follows = |alphabet: &&str| place(alphabet, one).zip(place(alphabet, next)).is_some_and(|(a, b)| b == a + 1);
            let later = |alphabet: &&str| place(alphabet, one).zip(place(alphabet, next)).is_some_and(|(a, b)| b > a);
            front.as_str() == other.as_str() && ALPHABETS.iter().any(later) && !ALPHABETS.iter().any(follows)
        }
        _ => false,
    }
}

/// Ids that two tasks share get their section in front; what is still alike is counted.
fn distinct(tasks: &mut [Draft]) {
    let mut count = 0;
    for task in tasks.iter_mut().filter(|task| task.number.is_empty()) {
        count += 1;
        task.number = format!("n{count}");
    }
    let mut times = BTreeMap::<String, usize>::new();
    tasks.iter().for_each(|task| *times.entry(task.number.clone()).or_default() += 1);
    for task in tasks.iter_mut().filter(|task| times.get(&task.number).is_some_and(|n| *n > 1) && !task.section.is_empty()) {
        task.number = format!("{}.{}", task.section, task.number);
    }
    // The first of an id keeps it; the others take the next that nobody has.
    let mut taken: BTreeSet<String> = tasks.iter().map(|task| task.number.clone()).collect();
    let mut seen = BTreeMap::<String, usize>::new();
    for task in tasks {
        let count = seen.entry(task.number.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            let id = loop {
                let id = format!("{}-{count}", task.number);
                if taken.insert(id.clone()) {
                    break id;
                }
                *count += 1;
            };
            seen.insert(id.clone(), 1);
            task.number = id;
        }
    }
}

/// The province or city, for telling its name from that of an agency: before the date, else at the end of the agency's name.
fn place(head: &Head) -> Option<String> {
    let of_agency = || {
        let agency = head.agency.as_deref()?;
        ["TỈNH ", "THÀNH PHỐ "].iter().find_map(|level| agency.split_once(level)).map(|(_, place)| place.to_owned())
    };
    head.place.clone().or_else(of_agency)
}

/// The agency of a heading that asks: "Đề nghị Hội đồng nhân dân tỉnh".
fn asked(title: &str) -> &str {
    let title = title.trim_end_matches([':', '.', ' ']);
    ["Đề nghị ", "ĐỀ NGHỊ ", "Giao ", "Yêu cầu "].iter().find_map(|word| title.strip_prefix(word)).unwrap_or(title)
}

fn section_kind(title: &str) -> SectionKind {
    let words = key(title);
    let has = |part: &str| format!(" {words} ").contains(&format!(" {part} "));
    if ["to chuc", "phan cong", "trach nhiem"].iter().any(|start| words.starts_with(start)) {
        SectionKind::Organisation
    } else if has("nhiem vu") || has("giai phap") || has("noi dung") {
        SectionKind::Tasks
    } else if has("chi tieu") || has("muc tieu") {
        SectionKind::Targets
    } else if has("muc dich") || has("yeu cau") || has("quan diem") {
        SectionKind::Purpose
    } else if has("kinh phi") {
        SectionKind::Money
    } else if has("to chuc thuc hien") {
        SectionKind::Organisation
    } else {
        SectionKind::Other
    }
}

/// Labels of a task that a heading itself can bring: none is needed before the others.
pub(crate) fn opens_task(label: Label) -> bool {
    matches!(label, Label::Content | Label::Lead | Label::Partner | Label::Doers | Label::Product | Label::Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_passed_over_are_seen() {
        for (before, after, want) in [
            ("2a", "2b", false),
            ("2d", "2đ", false),
            ("2d", "2e", false),
            ("5e", "5g", false),
            ("2e", "2f", false),
            ("2b", "2e", true),
            ("2a", "3b", false),
            ("1", "2", false),
            ("1", "3", true),
            ("1.1", "1.3", true),
            ("1.9", "2.1", false),
            ("2b", "2a", false),
            ("n1", "n2", false),
        ] {
            assert_eq!(passes_over(before, after), want, "{before} {after}");
        }
    }
}
