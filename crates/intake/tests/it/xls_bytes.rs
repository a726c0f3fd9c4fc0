//! Writes workbooks of Excel 97-2003 byte by byte, so that the tests need no program that can.

/// One cell to write.
#[derive(Debug, Clone)]
pub enum Xls {
    /// Nothing.
    None,
    /// Text, by the table of strings.
    Text(&'static str),
    /// A number.
    Number(f64),
    /// A number shown as a day.
    Day(f64),
    /// A formula with its last value.
    Formula(f64),
}

/// What a workbook is like besides its cells.
#[derive(Debug, Clone, Copy, Default)]
pub struct Like {
    /// Days count from 1904.
    pub is_1904: bool,
    /// Opened by a password.
    pub has_password: bool,
    /// Rows and columns the sheet announces, when not its own.
    pub announced: Option<(u32, u16)>,
    /// Merged cells: first and last row, first and last column.
    pub merged: Option<[u16; 4]>,
}

fn record(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    out.extend(data);
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The workbook stream of one sheet.
fn stream(rows: &[Vec<Xls>], like: Like) -> Vec<u8> {
    let texts: Vec<&str> = rows.iter().flatten().filter_map(|c| if let Xls::Text(t) = c { Some(*t) } else { None }).collect();
    let mut book = Vec::new();
    record(&mut book, 0x0809, &words(&[0x0600, 0x0005, 0, 0, 0, 0, 0, 0]));
    if like.has_password {
        record(&mut book, 0x002f, &words(&[1, 1, 1]));
    }
    record(&mut book, 0x0042, &words(&[1_200]));
    record(&mut book, 0x0022, &words(&[u16::from(like.is_1904)]));
    // Formats of cells: number as it is, and the day of the built-in format 14.
    for format in [0u16, 14] {
        record(&mut book, 0x00e0, &words(&[0, format, 0, 0, 0, 0, 0, 0, 0, 0]));
    }
    let sheet_at = book.len() + 4;
    let name = [&[6u8, 1][..], &wide("Trang1")].concat();
    record(&mut book, 0x0085, &[&[0; 6][..], &name].concat());
    let count = u32::try_from(texts.len()).unwrap();
    let mut table = [count.to_le_bytes(), count.to_le_bytes()].concat();
    for text in &texts {
        table.extend(u16::try_from(text.encode_utf16().count()).unwrap().to_le_bytes());
        table.push(1);
        table.extend(wide(text));
    }
    record(&mut book, 0x00fc, &table);
    record(&mut book, 0x000a, &[]);
    let start = u32::try_from(book.len()).unwrap();
    book[sheet_at..sheet_at + 4].copy_from_slice(&start.to_le_bytes());
    book.extend(sheet(rows, like));
    book
}

fn sheet(rows: &[Vec<Xls>], like: Like) -> Vec<u8> {
    let mut out = Vec::new();
    record(&mut out, 0x0809, &words(&[0x0600, 0x0010, 0, 0, 0, 0, 0, 0]));
    let width = u16::try_from(rows.iter().map(Vec::len).max().unwrap_or(0)).unwrap();
    let (last_row, last_column) = like.announced.unwrap_or((u32::try_from(rows.len()).unwrap(), width));
    record(&mut out, 0x0200, &[&[0; 4][..], &last_row.to_le_bytes(), &words(&[0, last_column, 0])].concat());
    let mut text = 0u32;
    for (row, cells) in (0u16..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            let at = |format| words(&[row, column, format]);
            match cell {
                Xls::None => {}
                Xls::Text(_) => {
                    record(&mut out, 0x00fd, &[at(0), text.to_le_bytes().to_vec()].concat());
                    text += 1;
                }
                Xls::Number(number) => record(&mut out, 0x0203, &[at(0), number.to_le_bytes().to_vec()].concat()),
                Xls::Day(number) => record(&mut out, 0x0203, &[at(1), number.to_le_bytes().to_vec()].concat()),
                Xls::Formula(number) => {
                    // 1 + 1: two whole numbers and the sign between them.
                    let tokens = [0x1e, 1, 0, 0x1e, 1, 0, 0x03];
                    let data = [at(0), number.to_le_bytes().to_vec(), vec![0; 6], words(&[7]), tokens.to_vec()].concat();
                    record(&mut out, 0x0006, &data);
                }
            }
        }
    }
    if let Some([first_row, last_row, first_column, last_column]) = like.merged {
        record(&mut out, 0x00e5, &words(&[1, first_row, last_row, first_column, last_column]));
    }
    record(&mut out, 0x000a, &[]);
    out
}

/// A whole file.
pub fn xls(rows: &[Vec<Xls>], like: Like) -> Vec<u8> {
    container(stream(rows, like))
}

/// A container of 512-byte sectors: header, one sector of the allocation table, one of the directory, the stream.
pub fn container(mut stream: Vec<u8>) -> Vec<u8> {
    // Shorter streams lie in smaller sectors.
    stream.resize(stream.len().max(4_096).next_multiple_of(512), 0);
    let sectors = u32::try_from(stream.len() / 512).unwrap();
    assert!(sectors <= 126, "one sector of the table is enough for a test");
    const FREE: u32 = 0xffff_ffff;
    const END: u32 = 0xffff_fffe;
    let mut file = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    file.extend([0; 16]);
    file.extend(words(&[0x3e, 3, 0xfffe, 9, 6, 0, 0, 0]));
    for word in [0, 1, 1, 0, 4_096, END, 0, END, 0, 0] {
        file.extend(u32::to_le_bytes(word));
    }
    file.extend((1..109).flat_map(|_| FREE.to_le_bytes()));
    assert_eq!(file.len(), 512);
    let mut table = vec![0xffff_fffd, END];
    table.extend((0..sectors).map(|n| if n + 1 == sectors { END } else { n + 3 }));
    table.resize(128, FREE);
    file.extend(table.into_iter().flat_map(u32::to_le_bytes));
    for (name, kind, start, size) in [("Root Entry", 5u8, END, 0), ("Workbook", 2, 2, u32::try_from(stream.len()).unwrap())] {
        let mut entry = wide(name);
        entry.resize(64, 0);
        entry.extend(u16::try_from(name.len() * 2 + 2).unwrap().to_le_bytes());
        entry.extend([kind, 1]);
        for word in [FREE, FREE, if kind == 5 { 1 } else { FREE }] {
            entry.extend(word.to_le_bytes());
        }
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend(size.to_le_bytes());
        entry.resize(128, 0);
        file.extend(entry);
    }
    file.resize(512 * 3, 0);
    file.extend(stream);
    file
}
