//! One roster of one month while it is written: its files, and the truth of their rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::error::CityError;
use crate::rosters::{Book, Encoding, Files, Form, Registered, Roster, Row, Text, Until, View};
use crate::write::archive::Archive;
use crate::write::csv::{CsvFile, Line};
use crate::write::truth::TruthFiles;
use crate::write::xlsx::{self, Part, Parts};

/// Rows as a roster's files take them.
#[derive(Debug)]
pub enum Drawn {
    /// Lines of a text file.
    Lines(Vec<Line>),
    /// Rows of workbooks.
    Rows(Vec<Row>),
}

/// Rows of one sheet; what is expected to have more is handed over as text.
const SHEET_ROWS: u64 = 1_048_576;

/// The text file of a roster that no sheet would hold: one header line, the two lines joined.
fn as_text(stem: String, form: Form) -> Text {
    let join = |(parent, child): (&str, &str)| if child.is_empty() { parent.to_owned() } else { format!("{parent} - {child}") };
    let header: Vec<String> = form.header.into_iter().map(join).collect();
    Text {
        name: format!("{stem}.csv"),
        title: form.title,
        header,
        separator: ',',
        encoding: Encoding::Utf8Mark,
        footer: form.footer,
    }
}

/// A written file: its name and its data rows.
pub type Written = (String, u64);

impl Sink {
    fn books(until: Until, archive: Option<Archive>) -> Self {
        Self::Books { until, open: BTreeMap::new(), closed: Vec::new(), archive }
    }
}

/// A roster being written.
pub struct Outlet<'a> {
    registered: &'static Registered,
    roster: &'a dyn Roster,
    view: View<'a>,
    folder: PathBuf,
    sink: Sink,
    written: Vec<Written>,
}

enum Sink {
    Text(Box<CsvFile>),
    Parts(Box<Parts>),
    Books { until: Until, open: BTreeMap<u64, Vec<Row>>, closed: Vec<(Book, Vec<Row>)>, archive: Option<Archive> },
}

impl<'a> Outlet<'a> {
    /// Opens a roster's files in a folder; `None` when there are none this month.
    pub fn create(
        registered: &'static Registered,
        roster: &'a dyn Roster,
        view: View<'a>,
        folder: &Path,
    ) -> Result<Option<Self>, CityError> {
        let Some(files) = roster.files(&view) else { return Ok(None) };
        let sink = match files {
            Files::Text(text) => Sink::Text(Box::new(CsvFile::create(folder, text)?)),
            Files::Parts { stem, form } if roster.expected_rows(&view) > SHEET_ROWS => {
                Sink::Text(Box::new(CsvFile::create(folder, as_text(stem, form))?))
            }
            Files::Parts { stem, form } => Sink::Parts(Box::new(Parts::new(folder, stem, form))),
            Files::Books(until) => Sink::books(until, None),
            Files::Archive(name) => Sink::books(Until::CommuneEnds, Some(Archive::create(folder, &name)?)),
        };
        Ok(Some(Self { registered, roster, view, folder: folder.to_owned(), sink, written: Vec::new() }))
    }

    /// The roster.
    pub fn roster(&self) -> &'a dyn Roster {
        self.roster
    }

    /// The roster's name.
    pub fn name(&self) -> &'static str {
        self.registered.name
    }

    /// What stands between the cells of its text file, if it is one.
    pub fn separator(&self) -> Option<char> {
        if let Sink::Text(file) = &self.sink { Some(file.separator()) } else { None }
    }

    /// Adds rows in the order of the city.
    pub fn add(&mut self, drawn: Drawn, truth: &mut TruthFiles) -> Result<(), CityError> {
        match (&mut self.sink, drawn) {
            (Sink::Text(file), Drawn::Lines(lines)) => {
                for line in lines {
                    let number = file.row(&line)?;
                    truth.row(self.registered.name, file.name(), number, line.who, line.broken)?;
                }
            }
            (Sink::Parts(parts), Drawn::Rows(rows)) => {
                let done = parts.add(rows)?;
                let first = parts.first_row();
                self.note(done.into_iter().map(|part| (first, part)), truth)?;
            }
            (Sink::Books { open, .. }, Drawn::Rows(rows)) => {
                for row in rows {
                    open.entry(row.book).or_default().push(row);
                }
            }
            // A drawing asks the outlet what it takes.
            (_, Drawn::Lines(_)) | (Sink::Text(_), Drawn::Rows(_)) => unreachable!("rows of the other kind"),
        }
        Ok(())
    }

    /// Marks the books that are complete as soon as a commune, or the month, has ended.
    pub fn close(&mut self, now: Until) {
        let Sink::Books { until, open, closed, .. } = &mut self.sink else { return };
        if *until != now {
            return;
        }
        for (number, mut rows) in std::mem::take(open) {
            rows.sort_by_key(|row| row.order);
            if let Some(book) = self.roster.book(&self.view, number) {
                closed.push((book, rows));
            }
        }
    }

    /// Writes the closed books.
    pub fn write_closed(&mut self, truth: &mut TruthFiles) -> Result<(), CityError> {
        let Sink::Books { closed, archive, .. } = &mut self.sink else { return Ok(()) };
        let made: Vec<(Book, Vec<Row>, Vec<u8>)> = std::mem::take(closed)
            .into_par_iter()
            .map(|(book, rows)| xlsx::any_size(&book.form, &rows, &book.name).map(|bytes| (book, rows, bytes)))
            .collect::<Result<_, _>>()?;
        let mut parts: Vec<(u64, Part)> = Vec::new();
        for (book, rows, bytes) in made {
            match archive {
                Some(archive) => archive.add(&book.name, &bytes)?,
                None => {
                    let path = self.folder.join(&book.name);
                    std::fs::write(&path, bytes).map_err(CityError::io(&path))?;
                }
            }
            parts.push((xlsx::first_row(&book.form), (book.name, rows)));
        }
        self.note(parts.into_iter(), truth)
    }

    /// Closes all files; returns them with their rows.
    pub fn finish(mut self, truth: &mut TruthFiles) -> Result<Vec<Written>, CityError> {
        self.close(Until::CommuneEnds);
        self.close(Until::MonthEnds);
        self.write_closed(truth)?;
        if let Sink::Parts(parts) = &mut self.sink {
            let (done, first) = (parts.finish()?, parts.first_row());
            self.note(done.into_iter().map(|part| (first, part)), truth)?;
        }
        match self.sink {
            Sink::Text(file) => {
                let name = file.name().to_owned();
                self.written.push((name, file.finish()?));
            }
            Sink::Books { archive: Some(archive), .. } => archive.finish()?,
            _ => {}
        }
        Ok(self.written)
    }

    /// Notes the truth of written workbooks, each with the row its data begin in.
    fn note(&mut self, parts: impl Iterator<Item = (u64, Part)>, truth: &mut TruthFiles) -> Result<(), CityError> {
        for (first, (file, rows)) in parts {
            for (number, row) in xlsx::numbers(first, &rows).into_iter().zip(&rows) {
                truth.row(self.registered.name, &file, number, row.who, row.broken)?;
            }
            self.written.push((file, rows.len() as u64));
        }
        Ok(())
    }
}
