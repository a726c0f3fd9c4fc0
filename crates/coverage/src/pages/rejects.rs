//! The refused rows of a file, read back from the file that a clerk downloads.

/// One refused row, as shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Row in the file that was handed over.
    pub(crate) source_row: String,
    /// Header of the column at fault; several are joined by `;`.
    pub(crate) column: String,
    /// What stood there.
    pub(crate) value: String,
    /// Why it was refused.
    pub(crate) reason: String,
}

/// The three columns that intake adds, in their order.
const ADDED: [&str; 3] = ["Dòng gốc", "Cột lỗi", "Lý do"];

/// Reads the rows below the header that ends in the added columns.
pub(crate) fn read(text: &str) -> Vec<Refused> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut header: Option<csv::StringRecord> = None;
    let mut found = Vec::new();
    for record in reader.records().flatten() {
        let n = record.len();
        match &header {
            None if n >= 3 && ADDED.iter().enumerate().all(|(at, name)| record.get(n - 3 + at) == Some(*name)) => {
                header = Some(record);
            }
            None => {}
            Some(_) if n < 3 => {}
            Some(header) => {
                let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
                let column = cell(n - 2);
                let first = column.split("; ").next().unwrap_or_default();
                let at = header.iter().position(|name| name == first);
                found.push(Refused {
                    source_row: cell(n - 3),
                    value: at.map(cell).unwrap_or_default(),
                    reason: cell(n - 1),
                    column,
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_with_the_value_of_their_column() {
        let text = "\u{feff}Trường:,Tiểu học Mẫu\nHọ tên,Ngày sinh,Dòng gốc,Cột lỗi,Lý do\n\"Lê, Mẫu\",31/02/2015,9,Ngày sinh,Không có ngày này\n";
        let rows = read(text);
        assert_eq!(rows.len(), 1);
        assert_eq!(
            rows[0],
            Refused {
                source_row: "9".into(),
                column: "Ngày sinh".into(),
                value: "31/02/2015".into(),
                reason: "Không có ngày này".into()
            }
        );
    }
}
