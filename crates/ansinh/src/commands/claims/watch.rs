//! `ansinh claims check DIR --watch`: checks files as the hospital's program puts them into a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use claims::claim_files;

use super::check::{Bench, Report, now, words};
use super::{Check, sheet};
use crate::commands::Environment;
use crate::failure::Failure;
use crate::output;

/// How often the folder is looked at.
const PAUSE: Duration = Duration::from_secs(2);

/// Size and time of a file: when neither changed between two looks, its writer has finished.
type Mark = (u64, Option<SystemTime>);

/// Checks what is there, then every file that comes or changes, until Ctrl-C; with `--xlsx` each claim file has a sheet of its own.
pub fn run(environment: &Environment, arguments: &Check) -> Result<ExitCode, Failure> {
    let bench = Bench::open(environment, arguments.catalogues.as_deref())?;
    let mut sheets = arguments.xlsx.as_deref().map(Sheets::beside).transpose()?;
    let runtime = crate::commands::run::runtime()?;
    let mut seen: BTreeMap<PathBuf, Mark> = BTreeMap::new();
    let mut done: BTreeMap<PathBuf, Mark> = BTreeMap::new();
    loop {
        let files = claim_files(&arguments.paths).map_err(|e| Failure::input("claim_file_unreadable", e.to_string()))?;
        for file in files {
            // A file taken away between the two calls is simply not there any more.
            let Ok(about) = std::fs::metadata(&file) else { continue };
            let mark = (about.len(), about.modified().ok());
            let settled = seen.insert(file.clone(), mark) == Some(mark);
            if settled && done.get(&file) != Some(&mark) {
                let report = bench.check(std::slice::from_ref(&file))?;
                let path = sheets.as_mut().map(|sheets| sheets.of(&file));
                output::print(environment.json, &report, || match &path {
                    Some(path) => format!("{}\nBảng lỗi: {}", words(&report), path.display()),
                    None => words(&report),
                })?;
                if let (Some(sheets), Some(path)) = (&mut sheets, path) {
                    sheets.waiting.insert(path, (report, false));
                }
                done.insert(file, mark);
            }
        }
        if let Some(sheets) = &mut sheets {
            sheets.write();
        }
        let stopped = runtime.block_on(async { tokio::time::timeout(PAUSE, tokio::signal::ctrl_c()).await.is_ok() });
        if stopped {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

/// The sheets of claim files: beside the file of `--xlsx` and under its name, with that of the claim file.
struct Sheets {
    /// The file of `--xlsx`.
    beside: PathBuf,
    /// By claim file.
    paths: BTreeMap<PathBuf, PathBuf>,
    /// Those not yet written, each with whether it was said why.
    waiting: BTreeMap<PathBuf, (Report, bool)>,
}

impl Sheets {
    /// None written yet. The folder must be there: nobody would see a complaint about it later.
    fn beside(path: &Path) -> Result<Self, Failure> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let mut failure = Failure::input("sheet_not_written", format!("không có thư mục {}", folder.display()));
            failure.remedy = "Tạo thư mục ấy hoặc chọn thư mục khác cho --xlsx, rồi chạy lại.".into();
            return Err(failure);
        }
        Ok(Self { beside: path.to_owned(), paths: BTreeMap::new(), waiting: BTreeMap::new() })
    }

    /// Where the sheet of a claim file lies: `loi.xlsx` and `ngay 5.xml` make `loi-ngay 5.xlsx`; another file of that name gets a number.
    fn of(&mut self, file: &Path) -> PathBuf {
        if let Some(path) = self.paths.get(file) {
            return path.clone();
        }
        let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let name = format!("{}-{}", stem(&self.beside), stem(file));
        // Windows takes names that differ in capitals for one.
        let used: BTreeSet<String> = self.paths.values().map(|path| stem(path).to_lowercase()).collect();
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !used.contains(&name.to_lowercase()));
        let path = self.beside.with_file_name(format!("{}.xlsx", free.unwrap_or(name)));
        self.paths.insert(file.to_owned(), path.clone());
        path
    }

    /// Writes those that wait. One that is open in Excel is tried again at the next look, and said once.
    fn write(&mut self) {
        self.waiting.retain(|path, (report, said)| match sheet::write(path, report, now()) {
            Ok(()) => false,
            Err(failure) => {
                if !*said {
                    eprintln!("{}. Sẽ ghi lại khi tệp được đóng.", failure.message);
                    *said = true;
                }
                true
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_claim_file_has_a_sheet_of_its_own_that_keeps_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let mut sheets = Sheets::beside(&folder.path().join("loi.xlsx")).unwrap();
        let mut of = |file: &str| sheets.of(Path::new(file)).file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(of("/bv/ngay 5.xml"), "loi-ngay 5.xlsx");
        assert_eq!(of("/bv/khoa noi/Ngay 5.xml"), "loi-Ngay 5-2.xlsx");
        assert_eq!(of("/bv/ngay 5.zip"), "loi-ngay 5-3.xlsx");
        assert_eq!(of("/bv/ngay 5.xml"), "loi-ngay 5.xlsx", "changed and checked again, it is the same sheet");
    }

    #[test]
    fn a_sheet_that_cannot_be_written_now_is_written_later() {
        let folder = tempfile::tempdir().unwrap();
        let mut sheets = Sheets::beside(&folder.path().join("loi.xlsx")).unwrap();
        let path = sheets.of(Path::new("a.xml"));
        sheets.waiting.insert(path.clone(), (Report::default(), false));
        // A folder in its place stands for a file that Excel holds.
        std::fs::create_dir(&path).unwrap();
        sheets.write();
        assert_eq!(sheets.waiting.len(), 1);
        std::fs::remove_dir(&path).unwrap();
        sheets.write();
        assert!(sheets.waiting.is_empty() && path.is_file());
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Sheets::beside(&folder.path().join("khong-co/loi.xlsx")).is_err());
        assert!(Sheets::beside(Path::new("loi.xlsx")).is_ok());
    }
}
