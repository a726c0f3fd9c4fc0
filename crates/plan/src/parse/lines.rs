//! Lines to sections, headings and tasks: labels, broken lines, bullets of all kinds.

use super::collect::{Collector, opens_task};
use super::furniture::furniture;
use super::head::{head, signing_agency};
use super::label::{Found, Label, key, label, next_label};
use super::marker::{Marker, marker};
use super::sentence::{ends, glue, head_length, is_tail, name, shouts};
use crate::model::{Section, SectionKind, Target};
use crate::read::Line;

/// Reads all lines that stand in no table of tasks.
pub(crate) struct Lines<'c> {
    collector: &'c mut Collector,
    state: State,
    /// A bullet that nothing is known of yet: content of the task that the next label begins, or lost.
    pending: Option<(u64, String)>,
    /// Whether a line before ended its paragraph.
    before: String,
}

/// Where in the document a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Sections.
    Body,
    /// "Trên đây là Kế hoạch …": the last words.
    Closing,
    /// Receivers and signature.
    Tail,
}

/// Reads lines into a collector. With `with_head` the first of them are the head of the document.
pub(crate) fn read(collector: &mut Collector, lines: &[Line], with_head: bool) {
    collector.counts.lines += lines.len();
    let gone = furniture(lines);
    collector.counts.furniture += gone.iter().filter(|gone| **gone).count();
    let kept: Vec<&Line> = lines.iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(line, _)| line).collect();
    let from = if with_head { head_length(&kept) } else { 0 };
    if with_head {
        collector.head = head(&kept[..from]);
        collector.counts.head += from;
    }
    let mut reader = Lines { collector, state: State::Body, pending: None, before: String::new() };
    // After a page the text goes on: an empty line there ends nothing by itself.
    for line in &kept[from..] {
        reader.line(line);
        reader.before.clone_from(&line.text);
    }
    reader.flush();
}

impl Lines<'_> {
    fn line(&mut self, line: &Line) {
        if self.is_annex(&line.text) {
            self.flush();
            self.state = State::Body;
            self.collector.counts.headings += 1;
            self.collector.section("Phụ lục", &line.text, line.at);
            return;
        }
        if self.state == State::Tail || is_tail(&line.text) {
            self.tail(line);
            return;
        }
        if key(&line.text).starts_with("tren day la") {
            self.flush();
            self.collector.close_all();
            self.state = State::Closing;
        }
        let (marker, rest) = match marker(&line.text) {
            Some((marker, rest)) => (Some(marker), rest),
            None => (None, line.text.as_str()),
        };
        if self.state == State::Body {
            let is_section = matches!(marker, Some(Marker::Roman(_) | Marker::Capital(_)));
            let found = label(rest).filter(|found| !is_section && self.takes(found));
            if let Some(found) = found {
                return self.labelled(line, marker, &found);
            }
        }
        match marker {
            Some(Marker::Roman(number) | Marker::Capital(number)) if !rest.is_empty() => {
                self.flush();
                self.state = State::Body;
                self.collector.counts.headings += 1;
                self.collector.section(&number, rest, line.at);
            }
            _ if self.state == State::Closing => self.collector.counts.text += 1,
            Some(Marker::Bullet(bullet)) => self.bullet(line, bullet, rest),
            Some(marker) if !self.goes_on(line, rest) => self.item(line, marker, rest),
            _ => self.plain(line),
        }
    }

    /// Whether a label may stand here. Outside of sections of tasks most of them are prose ("Kết quả: lấy số liệu làm thước đo").
    fn takes(&self, found: &Found<'_>) -> bool {
        if found.label == Label::Number {
            return false;
        }
        if self.collector.open.is_some() {
            return true;
        }
        let words = key(found.written).split(' ').count();
        match self.collector.kind() {
            SectionKind::Purpose => false,
            SectionKind::Targets | SectionKind::Organisation | SectionKind::Money => {
                !found.mended && words >= 3 && matches!(found.label, Label::Content | Label::Lead)
            }
            SectionKind::Tasks | SectionKind::Other => !matches!(found.label, Label::Note | Label::Money),
        }
    }

    fn is_annex(&self, text: &str) -> bool {
        text.starts_with("PHỤ LỤC") || (text.starts_with("Phụ lục") && text.chars().count() < 20 && self.state == State::Tail)
    }

    fn tail(&mut self, line: &Line) {
        self.flush();
        self.collector.close_all();
        self.state = State::Tail;
        self.collector.counts.tail += 1;
        if self.collector.head.agency.is_none() {
            self.collector.head.agency = signing_agency(&line.text);
        }
    }

    /// A line with a label: a part of the open task, or the beginning of one.
    fn labelled(&mut self, line: &Line, marker: Option<Marker>, found: &Found<'_>) {
        if found.mended {
            let reason = format!("nhãn “{}” được hiểu là {}", found.written, name(found.label));
            self.collector.doubt(line.at, &line.text, reason);
        }
        let own = marker.as_ref().filter(|marker| marker.level().is_some());
        // "2. Phối hợp: …" numbers the parts of a task; "b) Nội dung: …" is the next task.
        let numbered = own.is_some() && found.label == Label::Content;
        let repeats = self.collector.open.as_ref().is_some_and(|open| {
            let again = open.has(found.label) && open.last != Some(found.label);
            found.label == Label::Content || (again && !matches!(found.label, Label::Note | Label::Money))
        });
        if self.collector.open.is_none() || numbered || repeats {
            if !opens_task(found.label) {
                self.collector.lost(line.at, &line.text, "nhãn không thuộc nhiệm vụ nào");
                return;
            }
            self.begin(line, own.filter(|_| numbered), found.label);
        } else {
            self.flush();
        }
        self.collector.counts.task += 1;
        let bullet = match marker {
            Some(Marker::Bullet(bullet)) => Some(bullet),
            _ => None,
        };
        if let Some(open) = &mut self.collector.open
            && found.label != Label::Content
        {
            open.bullet = open.bullet.or(bullet);
        }
        self.put(found.label, found.written, found.value);
    }

    /// Puts a value into its part; labels within the value begin their own.
    fn put(&mut self, label_of: Label, written: &str, value: &str) {
        let Some(open) = &mut self.collector.open else { return };
        let (mut label_of, mut written, mut value) = (label_of, written, value);
        loop {
            let split = if label_of == Label::Content { None } else { next_label(value) };
            let own = split.map_or(value, |at| value[..at].trim_end_matches([' ', ';', ',', '-', '–', '|', '+', '•']));
            if label_of == Label::Note {
                open.notes.push(format!("{written}: {own}"));
            } else {
                open.begin(label_of, own);
            }
            let Some(found) = split.and_then(|at| label(&value[at..])) else { return };
            (label_of, written, value) = (found.label, found.written, found.value);
        }
    }

    /// Begins a task: with content of its own, or that of the heading or bullet before it.
    fn begin(&mut self, line: &Line, own: Option<&Marker>, first: Label) {
        if let Some(marker) = own {
            self.flush();
            self.collector.begin_numbered(marker.clone(), line.at);
            return;
        }
        let bullet = self.pending.take();
        let heading = self.collector.stack.last().filter(|top| !top.used && !top.over_tasks).cloned();
        let draft = self.collector.begin(None, line.at);
        if first == Label::Content {
            if let Some((at, text)) = bullet {
                self.collector.lost(at, &text, "không rõ thuộc phần nào của nhiệm vụ");
            }
            return;
        }
        match (bullet, heading) {
            (Some((at, text)), _) => {
                draft.line = at;
                draft.begin(Label::Content, &text);
                self.collector.counts.task += 1;
            }
            (None, Some(heading)) => {
                draft.line = heading.line;
                draft.begin(Label::Content, &heading.title);
                let body = heading.body.len();
                heading.body.iter().for_each(|(_, text)| draft.begin(Label::Content, text));
                // The heading is the task: what stands above it is its group.
                let stack = &self.collector.stack;
                let above = stack.len().checked_sub(2).and_then(|at| stack.get(at));
                let group = above.map(|heading| (heading.marker.clone(), heading.title.clone()));
                let section = self.collector.sections.last().cloned();
                if let Some(draft) = &mut self.collector.open {
                    draft.group = group_of(group, section);
                }
                self.collector.counts.text -= body;
                self.collector.counts.task += body;
            }
            (None, None) => {
                self.collector.doubt(line.at, &line.text, "nhiệm vụ không có nội dung phía trước".to_owned());
            }
        }
    }

    /// A numbered item without a label.
    fn item(&mut self, line: &Line, marker: Marker, rest: &str) {
        self.flush();
        self.collector.counts.headings += 1;
        self.collector.heading(Some(marker), rest, line.at);
    }

    /// A bullet without a label.
    fn bullet(&mut self, line: &Line, bullet: char, rest: &str) {
        if let Some(open) = &mut self.collector.open {
            let only_content = !open.is_labelled();
            let waits = open.last_text().is_empty();
            if only_content || waits || open.bullet != Some(bullet) {
                let label = open.last.unwrap_or(Label::Content);
                open.begin(label, rest);
                self.collector.counts.task += 1;
                return;
            }
            self.flush();
            self.pending = Some((line.at, line.text.clone()));
            // Without its bullet, if it turns out to be the content of the next task.
            if let Some((_, text)) = &mut self.pending {
                *text = rest.to_owned();
            }
            return;
        }
        self.collector.counts.text += 1;
        let kind = self.collector.kind();
        match self.collector.stack.last_mut() {
            Some(heading) => heading.body.push((line.at, rest.to_owned())),
            None if kind == SectionKind::Targets => {
                self.collector.targets.push(Target { line: line.at, text: rest.to_owned() });
            }
            None => {}
        }
    }

    /// Whether a line that looks like an item only goes on with the sentence before: "… năm 2025 -" / "5. và …".
    fn goes_on(&self, line: &Line, rest: &str) -> bool {
        !line.gap && !ends(&self.before) && rest.starts_with(char::is_lowercase)
    }

    /// A line without marker and label: mostly the rest of a broken sentence.
    fn plain(&mut self, line: &Line) {
        let text = line.text.as_str();
        let small = text.trim_start_matches(['“', '"', '(', '*']).starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
        if let Some((_, pending)) = self.pending.as_mut().filter(|(_, pending)| small || !ends(pending)) {
            pending.push(' ');
            pending.push_str(text);
            self.collector.counts.task += 1;
            return;
        }
        if let Some(open) = &mut self.collector.open {
            let before = open.last_text();
            let broken = small || !ends(before) || before.is_empty();
            let joins = match open.last {
                // A time is short: a sentence behind it is something else.
                Some(Label::Time) => broken && (small || before.is_empty() || !line.gap || text.chars().count() <= 40),
                Some(Label::Lead | Label::Partner | Label::Doers) => broken,
                _ => broken || !line.gap,
            };
            if joins {
                self.collector.counts.task += 1;
                self.split_joined(text);
            } else if !open.is_labelled() {
                open.begin(Label::Content, text);
                self.collector.counts.task += 1;
            } else {
                self.flush();
                self.collector.lost(line.at, text, "không rõ thuộc phần nào của nhiệm vụ");
            }
            return;
        }
        self.collector.counts.text += 1;
        let goes_on = small || (!line.gap && !ends(&self.before));
        let Collector { stack, sections, targets, .. } = &mut *self.collector;
        match (stack.last_mut(), sections.last_mut()) {
            (Some(heading), _) => match heading.body.last_mut() {
                None if heading.title.is_empty() || goes_on => glue(&mut heading.title, text),
                Some((_, body)) if goes_on => glue(body, text),
                _ => heading.body.push((line.at, text.to_owned())),
            },
            (None, Some(section)) if section.line + 3 > line.at && shouts(text) && shouts(&section.title) => {
                glue(&mut section.title, text);
            }
            (None, Some(section)) if section.kind == SectionKind::Targets => match targets.last_mut() {
                Some(target) if goes_on && target.line >= section.line => glue(&mut target.text, text),
                _ => {}
            },
            _ => {}
        }
    }

    /// Goes on with the open part; a label in the middle of the line begins its own.
    fn split_joined(&mut self, text: &str) {
        let split = next_label(text);
        if let Some(open) = &mut self.collector.open {
            open.join(split.map_or(text, |at| text[..at].trim_end_matches([' ', ';', ',', '-', '–', '+', '•'])));
        }
        if let Some(found) = split.and_then(|at| label(&text[at..])) {
            self.put(found.label, found.written, found.value);
        }
    }

    /// Whatever was waiting is lost now.
    fn flush(&mut self) {
        if let Some((line, text)) = self.pending.take() {
            self.collector.lost(line, &text, "gạch đầu dòng không có nhãn đọc được (chủ trì, phối hợp, kết quả, thời gian)");
        }
    }
}

fn group_of(above: Option<(Option<Marker>, String)>, section: Option<Section>) -> Option<crate::model::Group> {
    match above {
        Some((marker, title)) => {
            Some(crate::model::Group { number: marker.as_ref().map_or("", Marker::number).to_owned(), title })
        }
        None => section.map(|section| crate::model::Group { number: section.number, title: section.title }),
    }
}
