//! Reading a check file.

use std::path::Path;

use base::{Date, PersonalId};
use unicode_normalization::UnicodeNormalization;

use crate::error::CityError;
use crate::spelling;

/// A row that somebody asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The asker's own mark of the row.
    pub token: String,
    /// A twelve-digit number, if the row has one.
    pub id: Option<PersonalId>,
    /// The name as a clerk types it: small letters without marks.
    pub name: String,
    /// Birth date, or its year alone.
    pub birth: Option<Born>,
    /// The commune, written like the name.
    pub commune: String,
}

/// What is known of a birth date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Born {
    /// The day.
    On(Date),
    /// The year alone.
    In(i32),
}

impl Born {
    /// The year.
    pub fn year(self) -> i32 {
        match self {
            Self::On(date) => date.year(),
            Self::In(year) => year,
        }
    }

    /// Whether a birth date agrees.
    pub fn agrees(self, birth: Date) -> bool {
        match self {
            Self::On(date) => date == birth,
            Self::In(year) => year == birth.year(),
        }
    }
}

const COLUMNS: [&str; 5] = ["token", "so_dinh_danh", "ho_ten", "ngay_sinh", "xa_phuong"];

/// Reads the rows of a check file, in its order.
pub fn read(path: &Path) -> Result<Vec<Asking>, CityError> {
    let text = std::fs::read_to_string(path).map_err(CityError::io(path))?;
    let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let wrong = |line: usize, reason: &str| CityError::Truth { file: file.clone(), line, reason: reason.to_owned() };
    let mut lines = text.strip_prefix('\u{feff}').unwrap_or(&text).lines().enumerate();
    let header = lines.next().map(|(_, line)| cells(line)).unwrap_or_default();
    let place = |name: &str| header.iter().position(|h| h == name).ok_or_else(|| wrong(1, &format!("thiếu cột {name}")));
    let [token, id, name, birth, commune] = COLUMNS.map(place);
    let (token, id, name, birth, commune) = (token?, id?, name?, birth?, commune?);
    let mut rows = Vec::new();
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let cells = cells(line);
        if cells.len() != header.len() {
            return Err(wrong(at + 1, "số cột không khớp tiêu đề"));
        }
        rows.push(Asking {
            token: cells[token].clone(),
            id: PersonalId::parse(cells[id].trim().trim_start_matches('\'')).ok(),
            name: key(&cells[name]),
            birth: born(cells[birth].trim()),
            commune: key(&cells[commune]),
        });
    }
    Ok(rows)
}

/// A name or place as clerks type it into a search: small letters, no marks, single spaces.
pub fn key(text: &str) -> String {
    let text: String = text.nfc().collect::<String>().to_lowercase();
    spelling::without_marks(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `31/10/1957`, `1957-10-31` or `1957`.
fn born(text: &str) -> Option<Born> {
    if let Ok(date) = text.parse() {
        return Some(Born::On(date));
    }
    let parts: Vec<i32> = text.split('/').map(|p| p.trim().parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [day, month, year] => Date::new(year, month, day).ok().map(Born::On),
        [year] => Some(Born::In(year)),
        _ => None,
    }
}

/// The cells of a line, commas between them, quotes where needed.
fn cells(line: &str) -> Vec<String> {
    let (mut all, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.trim_end_matches('\r').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => all.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    all.push(cell);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_they_are_sent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.csv");
        let text = "\u{feff}token,so_dinh_danh,ho_ten,ngay_sinh,xa_phuong\r\n\
            t1,001185000001,\"Nguyễn  Thị Hà\",31/10/1985,\"Phường Ba Đình, Hà Nội\"\r\nt2,,Lê An,1957,\r\n";
        std::fs::write(&path, text).unwrap();
        let rows = read(&path).unwrap();
        assert_eq!((rows[0].name.as_str(), rows[0].commune.as_str()), ("nguyen thi ha", "phuong ba dinh, ha noi"));
        assert_eq!(rows[0].birth, Some(Born::On("1985-10-31".parse().unwrap())));
        assert_eq!((rows[1].id, rows[1].birth), (None, Some(Born::In(1957))));
        std::fs::write(&path, "token,ho_ten\r\n").unwrap();
        assert!(matches!(read(&path), Err(CityError::Truth { line: 1, .. })));
    }
}
