//! How the files of the book lie (mã hóa khi lưu), for commands that tell it, and words where a path is told that nobody can read.

use std::path::Path;

use book::SealReport;
use engine::DataFile;

use crate::config::Config;
use crate::failure::Failure;
use crate::workshop::open_book;

/// How the files of the book lie; `None` when the data folder has no book, which is not made for this.
pub fn report(config: &Config) -> Result<Option<SealReport>, Failure> {
    if !config.data().join("book").is_dir() {
        return Ok(None);
    }
    Ok(Some(open_book(config)?.seal_report()?))
}

/// The report in words.
pub fn words(report: &SealReport) -> String {
    let key = match &report.key {
        Some(key) => format!("tệp mới được mã hóa bằng khóa {key}"),
        None => "tệp mới không được mã hóa vì chưa có tệp khóa (--keys)".to_owned(),
    };
    let SealReport { sealed, plain, older, lost, missing, .. } = report;
    let mut text = format!("Sổ: {key}; {sealed} tệp đã mã hóa, {plain} tệp chưa mã hóa");
    if *older > 0 && report.key.is_some() {
        text.push_str(&format!("; {older} tệp mã hóa bằng khóa khác khóa đang dùng"));
    }
    if *lost > 0 {
        text.push_str(&format!("; {lost} tệp KHÔNG mở được vì thiếu khóa {}", missing.join(", ")));
    }
    text + "."
}

/// What to say behind the path of a file that lies sealed; nothing when anybody can open it.
pub fn hint(path: &str) -> &'static str {
    match DataFile::plain(Path::new(path)).sealed_with() {
        Some(_) => " (đã mã hóa; mở bằng: ansinh desk keys open TỆP --out TỆP_MỚI)",
        None => "",
    }
}
