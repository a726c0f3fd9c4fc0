//! The refused rows of a file, read back from the file that a clerk downloads.

use intake::RejectReason;

/// The refused rows of a file, with what stood above them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct RejectsFile {
    /// Label and value of each fact of the title rows.
    pub(crate) title: Vec<(String, String)>,
    /// Headers of the file, without the added ones.
    pub(crate) header: Vec<String>,
    /// The rows.
    pub(crate) rows: Vec<Refused>,
}

/// One refused row, as shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Row in the file that was handed over.
    pub(crate) source_row: String,
    /// The same as a number.
    pub(crate) row: Option<u64>,
    /// The section row above it; empty when there is none.
    pub(crate) section: String,
    /// The row as it stood.
    pub(crate) cells: Vec<String>,
    /// Code of the (first) reason.
    pub(crate) code: Option<&'static str>,
    /// Header of the column at fault; several are joined by `;`.
    pub(crate) column: String,
    /// What stood there.
    pub(crate) value: String,
    /// Why it was refused.
    pub(crate) reason: String,
}

/// The three columns that intake adds, in their order.
pub(crate) const ADDED: [&str; 3] = ["Dòng gốc", "Cột lỗi", "Lý do"];

/// Reads the rows below the header that ends in the added columns.
pub(crate) fn read(text: &str) -> RejectsFile {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut file = RejectsFile::default();
    let mut below = false;
    let mut section = String::new();
    for record in reader.records().flatten() {
        let n = record.len();
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        if below {
            if n >= 3 {
                let added = [cell(n - 3), cell(n - 2), cell(n - 1)];
                file.rows.push(Refused { section: section.clone(), ..row(&file.header, (0..n - 3).map(cell).collect(), added) });
            } else {
                section = cell(0);
            }
        } else if n >= 3 && ADDED.iter().enumerate().all(|(at, name)| record.get(n - 3 + at) == Some(*name)) {
            file.header = (0..n - 3).map(cell).collect();
            below = true;
        } else if n >= 2 {
            file.title.push((cell(0), cell(1)));
        }
    }
    file
}

fn row(header: &[String], cells: Vec<String>, [source_row, column, reason]: [String; 3]) -> Refused {
    let first = column.split("; ").next().unwrap_or_default();
    let at = header.iter().position(|name| name == first);
    let value = at.and_then(|at| cells.get(at)).map(|v| unguarded(v)).unwrap_or_default();
    let words = reason.split("; ").next().unwrap_or_default();
    let code = RejectReason::from_words(words).map(RejectReason::code);
    Refused { row: source_row.parse().ok(), section: String::new(), code, value, source_row, column, reason, cells }
}

/// A value without the apostrophe that keeps a spreadsheet from working it out.
fn unguarded(value: &str) -> String {
    let rest = value.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    rest.unwrap_or(value).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_with_the_value_of_their_column() {
        let text = "\u{feff}Trường:,Tiểu học Mẫu\nHọ tên,Ngày sinh,Dòng gốc,Cột lỗi,Lý do\n\"Lê, Mẫu\",31/02/2015,9,Ngày sinh,Ngày không có thật hoặc không đúng dạng ngày/tháng/năm (năm đủ 4 chữ số)\n";
        let file = read(text);
        assert_eq!(file.title, [("Trường:".to_owned(), "Tiểu học Mẫu".to_owned())]);
        assert_eq!(file.header, ["Họ tên", "Ngày sinh"]);
        assert_eq!(file.rows.len(), 1);
        let row = &file.rows[0];
        assert_eq!((row.row, row.column.as_str(), row.value.as_str()), (Some(9), "Ngày sinh", "31/02/2015"));
        assert_eq!(
            (row.cells.as_slice(), row.code),
            (["Lê, Mẫu".to_owned(), "31/02/2015".to_owned()].as_slice(), Some("bad_date"))
        );
    }
}
