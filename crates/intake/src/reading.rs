//! One pass over a table: every data row is stored or quarantined, nothing else can become of it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use base::places::Places;

use crate::cell::Cell;
use crate::choose::{Choice, choose};
use crate::chunk::{Builder, Chunk, Value};
use crate::convert::{Converter, is_armed_forces_card};
use crate::error::IntakeError;
use crate::head_rows::fold_header;
use crate::header::Header;
use crate::layout::{Kind, Layout};
use crate::load::{Layouts, REJECT_HEADERS};
use crate::marks::{declared_count, title_fact};
use crate::merged::Carrier;
use crate::outside::{Outside, can_be_read, outside_names};
use crate::reject::{Fault, Reject, RejectReason};
use crate::report::Report;
use crate::rowkind::{RowKind, RowKinds};
use crate::source::{Limits, Source};
use crate::table::{Opened, Place};

/// Takes chunks as they are filled; a refusal ends the reading.
pub type Sink<'s> = dyn FnMut(Chunk) -> Result<(), String> + 's;

/// Reads a file: finds its roster (or takes the given one), checks every row, hands sound rows on in
/// chunks and gives back what became of it.
///
/// Whether the declared number of rows is right is known only at the end: what was handed on may be
/// published only after this returns `Ok`. On an error nothing of the file may be kept.
pub fn read(
    source: &Source,
    roster: Option<&str>,
    layouts: &Layouts,
    places: &Places,
    limits: &Limits,
    sink: &mut Sink<'_>,
) -> Result<Report, IntakeError> {
    let mut opened = Opened::open(source, limits)?;
    let choice = choose(&mut opened, roster, layouts)?;
    can_be_read(choice.layout)?;
    let place = choice.place.clone();
    let groups = if Carrier::is_wanted(choice.layout) { opened.merged(&place)? } else { Vec::new() };
    let mut carrier = Carrier::new(choice.layout, &choice.header, &groups);
    let mut reading = Reading::new(&choice, places, limits, sink);
    opened.visit_rows(&place, &mut |row, cells| {
        reading.row(row, cells, carrier.row(row, cells))?;
        Ok(ControlFlow::Continue(()))
    })?;
    let done = reading.finish()?;
    let content_hash = source.content_hash();
    Ok(report(&source.name, content_hash, choice, done, opened.repaired()))
}

/// What became of a table that was read to its end.
pub(crate) fn report(name: &str, content_hash: String, choice: Choice<'_>, done: Done, repaired_cells: u64) -> Report {
    let stored = done.digests.len() as u64;
    assert_eq!(done.read, stored + done.rejects.len() as u64, "every data row is stored or quarantined");
    Report {
        roster: choice.layout.roster.clone(),
        layout: choice.layout.id.clone(),
        layout_version: choice.layout.version.clone(),
        file_name: name.to_owned(),
        sheet: if let Place::Sheet(name) = choice.place { Some(name) } else { None },
        other_sheets: choice.other_sheets,
        content_hash,
        rows_hash: done.rows_hash,
        declared: done.declared,
        read: done.read,
        stored,
        quarantined: done.rejects.len() as u64,
        passed_over: done.passed_over,
        repaired_cells,
        duplicates_in_file: repeated(done.digests),
        missing_optional: choice.header.missing(choice.layout, false).into_iter().map(str::to_owned).collect(),
        unknown_columns: choice.header.unknown,
        outside_columns: done.outside,
        title_facts: done.facts,
        header: choice.header.names,
        title_lines: done.title_lines,
        origins: done.origins,
        rejects: done.rejects,
    }
}

/// What a pass has gathered.
pub(crate) struct Done {
    rows_hash: String,
    declared: Option<u64>,
    read: u64,
    passed_over: u64,
    digests: Vec<u64>,
    facts: BTreeMap<String, String>,
    title_lines: Vec<(String, String)>,
    origins: Vec<u64>,
    outside: BTreeMap<String, u64>,
    rejects: Vec<Reject>,
}

/// One pass over the rows of a table.
pub(crate) struct Reading<'a, 's> {
    layout: &'a Layout,
    header: &'a Header,
    limits: &'a Limits,
    sink: &'a mut Sink<'s>,
    converter: Converter<'a>,
    kinds: RowKinds,
    builder: Builder,
    values: Vec<Value>,
    /// For each value whether it is part of what the row says.
    says: Vec<bool>,
    bytes: Vec<u8>,
    hasher: blake3::Hasher,
    /// Whether every row must have as many cells as the header: a lost separator shifts all values after it.
    is_text: bool,
    declared: Vec<u64>,
    /// The column of a mended file that says where each row stood before.
    origin: Option<usize>,
    /// Columns of fields that the agreement leaves out.
    outside: Outside,
    /// Text of the section row that holds; empty before the first.
    section: String,
    done: Done,
}

impl<'a, 's> Reading<'a, 's> {
    /// A pass over the table that was chosen.
    pub fn new(choice: &'a Choice<'_>, places: &'a Places, limits: &'a Limits, sink: &'a mut Sink<'s>) -> Self {
        let (layout, header) = (choice.layout, &choice.header);
        let titles: Vec<Vec<&str>> = choice
            .head
            .iter()
            .take_while(|row| row.row < header.first_row)
            .map(|row| row.cells.iter().map(String::as_str).filter(|c| !c.is_empty()).collect())
            .collect();
        let mut facts = BTreeMap::new();
        let mut title_lines = Vec::new();
        for fact in &layout.title_facts {
            let outside = layout.field(&fact.fact).is_some_and(|field| field.outside);
            if let Some(value) = title_fact(fact, &titles).filter(|_| !outside) {
                title_lines.push((fact.after.first().cloned().unwrap_or_default(), value.clone()));
                facts.insert(fact.fact.clone(), value);
            }
        }
        let schema = layout.columns();
        let ordinals: Vec<&str> = layout.fields.iter().filter(|f| f.kind == Kind::Ordinal).map(|f| f.name.as_str()).collect();
        let mut reading = Self {
            layout,
            header,
            limits,
            sink,
            converter: Converter::new(layout, header, &facts, places),
            kinds: RowKinds::new(layout, header),
            values: vec![Value::Null; schema.len()],
            says: schema.iter().enumerate().map(|(at, (name, _))| at > 0 && !ordinals.contains(&name.as_str())).collect(),
            builder: Builder::new(schema, limits.chunk_rows),
            bytes: Vec::new(),
            hasher: blake3::Hasher::new(),
            is_text: !matches!(choice.place, Place::Sheet(_)),
            declared: Vec::new(),
            outside: Outside::new(layout, header),
            origin: header.names.iter().position(|name| fold_header(name) == fold_header(REJECT_HEADERS[0])),
            section: String::new(),
            done: Done {
                rows_hash: String::new(),
                declared: None,
                read: 0,
                passed_over: 0,
                digests: Vec::new(),
                facts,
                title_lines,
                origins: Vec::new(),
                outside: outside_names(layout, header),
                rejects: Vec::new(),
            },
        };
        for title in &titles {
            reading.note_declared(title);
        }
        reading
    }

    /// Takes one row; `carried` is the same with the values of merged cells that lie over it. What kind of
    /// row it is its own cells tell.
    pub fn row(&mut self, row: u64, cells: &[Cell<'_>], carried: Option<Vec<Cell<'_>>>) -> Result<(), IntakeError> {
        if row <= self.header.last_row {
            return Ok(());
        }
        match self.kinds.of(cells) {
            RowKind::Blank => return Ok(()),
            RowKind::Aside => {
                let texts: Vec<String> = cells.iter().filter(|c| !c.is_blank()).map(|c| c.text().into_owned()).collect();
                self.note_declared(&texts.iter().map(String::as_str).collect::<Vec<_>>());
                self.done.passed_over += 1;
                return Ok(());
            }
            RowKind::Section(section) => {
                self.done.passed_over += 1;
                self.converter.set_section(&section.value);
                let kept = self.layout.section.as_ref().and_then(|s| self.layout.field(&s.field)).is_none_or(|f| !f.outside);
                self.section = if kept { section.text } else { String::new() };
                return Ok(());
            }
            RowKind::Data => {}
        }
        self.done.read += 1;
        let cells = carried.as_deref().unwrap_or(cells);
        let mut faults = self.converter.convert(row, cells, &mut self.values);
        if self.pass_over_outside(cells) {
            let fault =
                Fault { column: String::new(), field: String::new(), value: String::new(), reason: RejectReason::ArmedForces };
            faults.insert(0, fault);
        }
        if self.is_text && self.is_shifted(cells) {
            let column = self.header.names.last().cloned().unwrap_or_default();
            faults.insert(0, Fault { column, field: String::new(), value: String::new(), reason: RejectReason::CellCount });
        }
        if !faults.is_empty() {
            return self.quarantine(row, cells, faults);
        }
        let origin: Option<u64> = self.origin.and_then(|at| cells.get(at)).and_then(|cell| cell.text().trim().parse().ok());
        self.done.origins.extend(origin);
        self.store()
    }

    /// Counts what is dropped of a row under an agreement; tells whether it would have been a card of the armed forces, of
    /// which nothing may stay even where nobody reads the column.
    fn pass_over_outside(&mut self, cells: &[Cell<'_>]) -> bool {
        let mut armed = false;
        for (at, kind) in &self.outside.columns {
            let Some(cell) = cells.get(*at).filter(|cell| !cell.is_blank()) else { continue };
            armed |= matches!(kind, Kind::CardNumber | Kind::CardList) && is_armed_forces_card(&cell.text());
            if let Some(count) = self.done.outside.get_mut(&self.header.names[*at]) {
                *count += 1;
            }
        }
        armed
    }

    /// A line with filled cells beyond the header, or too short to hold every field's column.
    fn is_shifted(&self, cells: &[Cell<'_>]) -> bool {
        let beyond = cells.iter().skip(self.header.names.len()).any(|c| !c.is_blank());
        beyond || self.header.columns.iter().skip(cells.len()).any(Option::is_some)
    }

    fn store(&mut self) -> Result<(), IntakeError> {
        self.bytes.clear();
        for (value, _) in self.values.iter().zip(&self.says).filter(|(_, says)| **says) {
            value.hash_into(&mut self.bytes);
        }
        let digest = blake3::hash(&self.bytes);
        self.hasher.update(digest.as_bytes());
        let mut short = [0; 8];
        short.copy_from_slice(&digest.as_bytes()[..8]);
        self.done.digests.push(u64::from_le_bytes(short));
        match self.builder.push(&mut self.values) {
            Some(chunk) => (self.sink)(chunk).map_err(|message| IntakeError::Sink { message }),
            None => Ok(()),
        }
    }

    fn quarantine(&mut self, row: u64, cells: &[Cell<'_>], mut faults: Vec<Fault>) -> Result<(), IntakeError> {
        if self.done.rejects.len() >= self.limits.max_rejects {
            return Err(IntakeError::TooManyRejects { limit: self.limits.max_rejects });
        }
        let mut texts: Vec<String> = cells.iter().map(|c| c.text().into_owned()).collect();
        // A shifted line may hold a card of the armed forces in any cell.
        let has_cards = self.layout.fields.iter().any(|f| matches!(f.kind, Kind::CardNumber | Kind::CardList));
        let armed = faults.iter().any(|f| f.reason == RejectReason::ArmedForces)
            || (has_cards && texts.iter().any(|t| is_armed_forces_card(t)));
        if armed {
            texts.clear();
            faults.truncate(1);
            faults.iter_mut().for_each(|fault| {
                fault.reason = RejectReason::ArmedForces;
                fault.value.clear();
            });
        }
        let shifted = faults.first().is_some_and(|f| f.reason == RejectReason::CellCount);
        self.outside.blank(&mut texts, shifted);
        let mut faults = faults.into_iter();
        if let Some(Fault { column, field, value, reason }) = faults.next() {
            let also = faults.collect();
            self.done.rejects.push(Reject {
                source_row: row,
                section: self.section.clone(),
                column,
                field,
                value,
                reason,
                also,
                cells: texts,
            });
        }
        Ok(())
    }

    fn note_declared(&mut self, filled: &[&str]) {
        let counts =
            (0..filled.len()).filter_map(|at| declared_count(filled[at], filled.get(at + 1).copied(), &self.layout.declared));
        self.declared.extend(counts);
    }

    /// Ends the pass: hands on the last rows and checks what the file declares.
    pub fn finish(mut self) -> Result<Done, IntakeError> {
        if let Some(chunk) = self.builder.finish() {
            (self.sink)(chunk).map_err(|message| IntakeError::Sink { message })?;
        }
        // Title and footer may both declare; each of them must be right.
        if let Some(declared) = self.declared.iter().find(|count| **count != self.done.read) {
            return Err(IntakeError::DeclaredMismatch { declared: *declared, read: self.done.read });
        }
        self.done.declared = self.declared.first().copied();
        // Refused rows count too: a file that brings the same good rows and other bad ones is not the same.
        for reject in &self.done.rejects {
            for cell in &reject.cells {
                self.hasher.update(cell.as_bytes()).update(b"\x1f");
            }
            self.hasher.update(b"\x1e");
        }
        self.done.rows_hash = self.hasher.finalize().to_hex().to_string();
        Ok(self.done)
    }
}

/// How many of the digests stand there again.
fn repeated(mut digests: Vec<u64>) -> u64 {
    let all = digests.len();
    digests.sort_unstable();
    digests.dedup();
    (all - digests.len()) as u64
}
