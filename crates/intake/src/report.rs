//! What became of a file.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::reject::Reject;

/// What became of a file that was taken in. `read = stored + quarantined`, always.
///
/// Everything but `rejects` (never serialised) is free of personal data.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Roster the file is, e.g. `pupils`.
    pub roster: String,
    /// Id of the layout it was read by.
    pub layout: String,
    /// Version of that layout.
    pub layout_version: String,
    /// File name.
    pub file_name: String,
    /// Sheet read; `None` for text files.
    pub sheet: Option<String>,
    /// Other sheets of the workbook, which were not read.
    pub other_sheets: Vec<String>,
    /// BLAKE3 of the bytes, hexadecimal.
    pub content_hash: String,
    /// BLAKE3 over the stored rows in their order, without row numbers, then the refused rows as they stood:
    /// the same content saved again in another format has the same hash.
    pub rows_hash: String,
    /// Number of rows the file says it has.
    pub declared: Option<u64>,
    /// Data rows.
    pub read: u64,
    /// Rows handed on.
    pub stored: u64,
    /// Rows refused.
    pub quarantined: u64,
    /// Filled rows that are no data: totals, signatures, notes below the header.
    pub passed_over: u64,
    /// Stored rows that repeat an earlier one in everything but the row number.
    pub duplicates_in_file: u64,
    /// Cells of spoiled old encodings (TCVN3, VNI read as Latin letters) that were read again, titles included.
    pub repaired_cells: u64,
    /// Headers that no field knows; their columns were dropped.
    pub unknown_columns: Vec<String>,
    /// Headers of columns that the agreement leaves out, each with the number of filled cells that were dropped.
    pub outside_columns: BTreeMap<String, u64>,
    /// Fields for which the file has no column.
    pub missing_optional: Vec<String>,
    /// Facts found in the title rows.
    pub title_facts: BTreeMap<String, String>,
    /// The header of the file, one text a column.
    pub header: Vec<String>,
    /// Label and value of each title fact, as the rejects file repeats them.
    #[serde(skip)]
    pub title_lines: Vec<(String, String)>,
    /// Where stored rows stood in the file that they were refused from, as a mended rejects file says.
    #[serde(skip)]
    pub origins: Vec<u64>,
    /// The refused rows.
    #[serde(skip)]
    pub rejects: Vec<Reject>,
}
