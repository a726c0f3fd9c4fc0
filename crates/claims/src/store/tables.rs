//! Claims handed over as Parquet tables instead of files: `visits` (XML1), `lines` (XML2 and XML3), `results` (XML4), every cell a text as sent.
//!
//! This is how a database of the agency, or a synthetic city too large for XML, hands a month over. Rows of `lines` and `results` stand in the order of the
//! visits they belong to, each with `ma_cskcb` and `ma_lk`.

use std::collections::HashMap;
use std::path::Path;

use book::PacketFile;
use claimfile::{Dossier, Form, TableId};
use engine::arrow::array::StringArray;
use engine::arrow::record_batch::RecordBatch;
use engine::rows;
use engine::{DataFile, ParquetReader};

use super::import::{Importer, content_hash_of};
use crate::error::ClaimsError;

/// What became of such tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FromTables {
    /// Visits read.
    pub read: u64,
    /// Visits stored.
    pub stored: u64,
}

impl<'a> Importer<'a> {
    /// Takes the tables of a folder in; nothing is read of tables whose bytes are known, and the answer is then `None`.
    ///
    /// Visits that [`claimfile::check`] refuses are counted as refused and written down. A row of lines or results that does not stand behind its visit is an
    /// error before anything is recorded: nothing may be lost.
    pub fn tables(&mut self, folder: &Path) -> Result<Option<FromTables>, ClaimsError> {
        let paths = ["visits", "lines", "results"].map(|name| folder.join(format!("{name}.parquet")));
        let unreadable = |e: std::io::Error| ClaimsError::Refused(format!("{}: {e}", folder.display()));
        let hash = content_hash_of(&paths.each_ref().map(DataFile::from)).map_err(unreadable)?;
        if self.is_known(&hash) {
            return Ok(None);
        }
        let [mut visits, mut lines, mut results] = [Rows::open(&paths[0])?, Rows::open(&paths[1])?, Rows::open(&paths[2])?];
        let place = self.next_place();
        let mut done = FromTables::default();
        let mut dossier = Dossier::new();
        while let Some(row) = visits.next()? {
            let facility = visits.cell(row, "ma_cskcb").unwrap_or_default().to_owned();
            let link = visits.cell(row, "ma_lk").unwrap_or_default().to_owned();
            dossier.empty();
            dossier.number = u32::try_from(done.read + 1).unwrap_or(u32::MAX);
            dossier.sender.clone_from(&facility);
            visits.put(row, self.form(TableId::XML1)?, &mut dossier);
            lines.of(&facility, &link, |lines, row| {
                let table = if lines.cell(row, "line_table") == Some("xml2") { TableId::XML2 } else { TableId::XML3 };
                lines.put(row, self.form(table)?, &mut dossier);
                Ok(())
            })?;
            results.of(&facility, &link, |results, row| {
                results.put(row, self.form(TableId::XML4)?, &mut dossier);
                Ok(())
            })?;
            done.read += 1;
            done.stored += u64::from(self.checked(&dossier, place)?);
        }
        if lines.next()?.is_some() || results.next()?.is_some() {
            return Err(ClaimsError::Refused(format!(
                "{}: có dòng chi phí hoặc kết quả không đứng sau hồ sơ của nó",
                folder.display()
            )));
        }
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        self.end_tables(PacketFile {
            name,
            content_hash: hash,
            kind: Some("claims".to_owned()),
            sender: String::new(),
            declared: None,
            read: done.read,
            stored: done.stored,
            refused: done.read - done.stored,
            failure: None,
            signature: None,
        });
        Ok(Some(done))
    }

    fn form(&self, table: TableId) -> Result<&'a Form, ClaimsError> {
        let missing = || ClaimsError::Form { table: table.to_string(), column: String::new() };
        self.forms().get(table).ok_or_else(missing)
    }
}

/// Rows of one table, one after the other.
struct Rows {
    reader: ParquetReader,
    batch: Option<RecordBatch>,
    columns: HashMap<String, StringArray>,
    at: usize,
    /// A row that was looked at and belongs to a later visit.
    waiting: bool,
}

impl Rows {
    fn open(path: &Path) -> Result<Self, ClaimsError> {
        Ok(Self { reader: ParquetReader::open(path, None)?, batch: None, columns: HashMap::new(), at: 0, waiting: false })
    }

    /// The place of the next row in the batch that is held; `None` after the last.
    fn next(&mut self) -> Result<Option<usize>, ClaimsError> {
        if std::mem::take(&mut self.waiting) {
            return Ok(Some(self.at));
        }
        if self.batch.is_some() {
            self.at += 1;
        }
        while self.batch.as_ref().is_none_or(|batch| self.at >= batch.num_rows()) {
            let Some(batch) = self.reader.next() else { return Ok(None) };
            let batch = batch?;
            let names: Vec<String> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
            self.columns = names
                .into_iter()
                .map(|name| Ok((name.clone(), rows::text(&batch, &name)?)))
                .collect::<Result<_, ClaimsError>>()?;
            (self.batch, self.at) = (Some(batch), 0);
        }
        Ok(Some(self.at))
    }

    /// Tells the rows of a visit; the first row of another one waits.
    fn of(
        &mut self,
        facility: &str,
        link: &str,
        mut tell: impl FnMut(&Self, usize) -> Result<(), ClaimsError>,
    ) -> Result<(), ClaimsError> {
        while let Some(row) = self.next()? {
            if self.cell(row, "ma_lk") != Some(link) || self.cell(row, "ma_cskcb") != Some(facility) {
                self.waiting = true;
                return Ok(());
            }
            tell(self, row)?;
        }
        Ok(())
    }

    fn cell(&self, row: usize, column: &str) -> Option<&str> {
        rows::text_at(self.columns.get(column)?, row)
    }

    fn put(&self, row: usize, form: &Form, dossier: &mut Dossier) {
        let at = dossier.add_row(form.id, form.columns.len());
        for (place, column) in form.columns.iter().enumerate() {
            if let Some(value) = self.cell(row, &column.field()) {
                dossier.set(form.id, at, place, value);
            }
        }
    }
}
