//! CSV for Excel: UTF-8 with BOM, commas, CRLF, formulas guarded.

use std::borrow::Cow;

use super::{Cell, Sheet, day};

/// Writes the sheet as CSV: title lines, header, rows, lines below.
///
/// A text cell that a spreadsheet would run as a formula gets a leading apostrophe, which import takes away
/// again; so does one that starts with an apostrophe itself. Rows may be ragged here: CSV has no width.
pub fn write_csv(sheet: &Sheet) -> Vec<u8> {
    let mut out = String::from('\u{feff}');
    let lines = |out: &mut String, lines: &[String]| lines.iter().for_each(|text| line(out, [guard(text)]));
    lines(&mut out, &sheet.title);
    line(&mut out, sheet.columns.iter().map(|column| guard(&column.header)));
    for row in &sheet.rows {
        line(&mut out, row.iter().map(text));
    }
    lines(&mut out, &sheet.lines_below());
    out.into_bytes()
}

/// One line, each field in quotes where it needs them.
fn line<'a>(out: &mut String, fields: impl IntoIterator<Item = Cow<'a, str>>) {
    for (i, field) in fields.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        // Semicolons and tabs too: Excel may read with the separator of the user's country.
        let quoted = field.contains(['"', ',', ';', '\n', '\r', '\t']) || field.starts_with(' ') || field.ends_with(' ');
        if quoted {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push_str("\r\n");
}

fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => guard(text),
        // A number is not a text: its minus sign starts no formula.
        Cell::Int(number) => number.to_string().into(),
        Cell::Decimal(number) => number.to_string().into(),
        Cell::Date(date) => day(*date).into(),
        Cell::Empty => "".into(),
    }
}

fn guard(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{ATTACKS, sheet};
    use super::*;

    fn read(bytes: &[u8]) -> Vec<Vec<String>> {
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a BOM");
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn the_file_reads_back_in_order() {
        let rows = read(&write_csv(&sheet(vec![])));
        assert_eq!(rows[0], ["DANH SÁCH CẦN RÀ SOÁT"]);
        assert_eq!(rows[2], ["STT", "Họ và tên", "Số định danh cá nhân/CCCD", "Ngày sinh", "Số tiền (đồng)"]);
        assert_eq!(rows[3], ["1", "Nguyễn Thị Ánh", "001190000017", "05/02/1990", "-12345678"]);
        assert!(rows.last().unwrap()[0].starts_with("Người xuất: "));
    }

    #[test]
    fn no_field_starts_like_a_formula_and_nothing_is_lost() {
        let attacks: Vec<Vec<Cell>> = ATTACKS.iter().map(|text| vec![(*text).into(); 5]).collect();
        let rows = read(&write_csv(&sheet(attacks)));
        assert_eq!(rows.len(), 4 + ATTACKS.len() + 4);
        for (row, attack) in rows[4..].iter().zip(ATTACKS) {
            for field in row {
                assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{field:?}");
                let guarded = field.strip_prefix('\'').filter(|_| attack.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']));
                assert_eq!(guarded.unwrap_or(field), *attack);
            }
        }
    }

    #[test]
    fn titles_and_footers_are_guarded_too() {
        let mut attacked = sheet(vec![]);
        attacked.title = vec!["=1+1".into()];
        attacked.footer = vec!["@x".into()];
        attacked.columns[0].header = "+x".into();
        let text = String::from_utf8(write_csv(&attacked)).unwrap();
        for guarded in ["'=1+1\r\n", "\r\n'+x,", "\r\n'@x\r\n"] {
            assert!(text.contains(guarded), "{guarded:?}");
        }
    }
}
