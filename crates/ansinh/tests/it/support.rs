//! What the tests share: running the program, cities made once, looking into a data folder.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use base::Month;
use book::{BatchRecord, Book, RunManifest, TableRef};
use serde_json::Value;

/// The month every city here is made for.
pub const PERIOD: &str = "2026-10";

/// How the program ended and what it said.
#[derive(Debug)]
pub struct Outcome {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// Standard output as the one JSON object that `--json` promises.
    pub fn json(&self) -> Value {
        let value: Value = serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("not one JSON object ({e}): {self:?}"));
        assert_eq!(value["schema"], 1, "{value}");
        value
    }

    /// The error object of a failed command: every part said, nothing left as a key.
    pub fn error(&self) -> Value {
        let error = self.json()["error"].clone();
        for part in ["code", "message", "remedy"] {
            assert!(error[part].as_str().is_some_and(|t| !t.is_empty()), "`{part}` is empty: {error}");
        }
        assert!(error["place"].is_string(), "no place: {error}");
        error
    }
}

/// The program with arguments; settings of the machine running the tests do not reach it.
pub fn program(arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ansinh"));
    for setting in [
        "CLAIMS_IMPORT_MINUTES",
        "CLAIMS_MB",
        "CONTENT",
        "DATA",
        "DESK",
        "KEYS",
        "MEMORY_MB",
        "OIDC_CLIENT_ID",
        "OIDC_ISSUER",
        "OIDC_SECRET",
        "OIDC_SECRET_FILE",
        "PARTITIONS",
        "PORT",
        "PROTECTION_CONTACT",
        "PROTECTION_NAME",
        "THREADS",
        "UPLOAD_MB",
    ] {
        command.env_remove(format!("ANSINH_{setting}"));
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs the program to its end.
pub fn ansinh(arguments: &[impl AsRef<OsStr>]) -> Outcome {
    let output = program(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let code = output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}"));
    Outcome { code, stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// Runs the program, which must end with exit code 0, and gives what it said with `--json`.
pub fn good(arguments: &[impl AsRef<OsStr>]) -> Value {
    let mut all: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
    all.push(OsStr::new("--json"));
    let outcome = ansinh(&all);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    outcome.json()
}

/// Starts the program and leaves it running, silent.
pub fn start(arguments: &[impl AsRef<OsStr>]) -> Child {
    program(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Starts the program and ends it with SIGKILL after a while. True when it was still running then.
pub fn start_and_kill(arguments: &[impl AsRef<OsStr>], after: Duration) -> bool {
    let mut child = start(arguments);
    std::thread::sleep(after);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The arguments of a monthly run.
pub fn run_arguments<'a>(rosters: &'a Path, data: &'a Path) -> Vec<&'a str> {
    vec!["run", "--period", PERIOD, "--rosters", text(rosters), "--data", text(data)]
}

/// A city of some 18,000 people, made once.
pub fn city() -> &'static Path {
    static CITY: OnceLock<PathBuf> = OnceLock::new();
    CITY.get_or_init(|| make_city("city", "0.002"))
}

/// A city of some 4,000 people, made once, for tests that run the month again and again.
pub fn small_city() -> &'static Path {
    static CITY: OnceLock<PathBuf> = OnceLock::new();
    CITY.get_or_init(|| make_city("small-city", "0.0005"))
}

/// The rosters of a city.
pub fn rosters(city: &Path) -> PathBuf {
    city.join("rosters").join(PERIOD)
}

fn make_city(name: &str, scale: &str) -> PathBuf {
    let out = shared_folder().join(name);
    good(&["city", "--scale", scale, "--seed", "11", "--from", PERIOD, "--months", "1", "--out", text(&out)]);
    out
}

/// A folder of this test run. Statics are never dropped, so the next run clears what older ones left.
pub fn shared_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let old = SystemTime::now() - Duration::from_secs(3600);
        for entry in fs::read_dir(root).into_iter().flatten().flatten() {
            let is_old = entry.metadata().and_then(|m| m.modified()).is_ok_and(|at| at < old);
            if is_old && entry.file_name().to_string_lossy().starts_with("whole-") {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let folder = root.join(format!("whole-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    })
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// All files below a folder, in the order of their paths.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The book of a data folder.
pub fn book(data: &Path) -> Book {
    Book::open(&data.join("book")).unwrap()
}

/// The batches of [`PERIOD`] that count.
pub fn batches(book: &Book) -> Vec<BatchRecord> {
    book.batches(PERIOD.parse::<Month>().unwrap()).unwrap()
}

/// The newest run of a data folder.
pub fn latest_run(data: &Path) -> RunManifest {
    book(data).latest_run().unwrap().unwrap_or_else(|| panic!("{} shows no run", data.display()))
}

/// Checks everything that must hold in a data folder at any moment, whatever was interrupted.
pub fn assert_whole(data: &Path) {
    assert_whole_over(data, &[]);
}

/// The same where the desk lies elsewhere: `desk` holds the options that name it.
pub fn assert_whole_over(data: &Path, desk: &[&str]) {
    let book = book(data);
    for batch in book.all_batches(PERIOD.parse::<Month>().unwrap()).unwrap() {
        assert_eq!(batch.read, batch.stored + batch.quarantined, "{}", batch.id);
        assert_eq!(batch.stored, batch.table.rows, "{}", batch.id);
        assert_eq!(batch.refused.values().sum::<u64>(), batch.quarantined, "{}", batch.id);
        book.check_table(&batch.table).unwrap();
        // The refused rows are named one by one, below the header of their file.
        if batch.quarantined > 0 {
            let rejects = fs::read_to_string(book.rejects_path(&batch)).unwrap();
            assert!(rejects.lines().count() as u64 > batch.quarantined, "{}", batch.id);
        }
    }
    for state in book.periods().unwrap() {
        let run = book.run(&state.run).unwrap();
        assert!(!run.tables().is_empty());
        for (name, table) in run.tables().iter().chain(&run.desk) {
            book.check_table(table).unwrap_or_else(|e| panic!("{name} of {}: {e}", run.id));
        }
        book.content(&run.content).unwrap();
        let known = book.all_batches(run.period).unwrap();
        assert!(run.batches.iter().all(|id| known.iter().any(|b| b.id == *id)), "{} read a batch that is gone", run.id);
    }
    for path in files_below(&book.root().join("objects")) {
        let hash = path.file_stem().unwrap().to_string_lossy().into_owned();
        book.check_table(&TableRef { hash, rows_hash: String::new(), rows: 0, bytes: 0 }).unwrap();
    }
    let audit = ansinh(&[&["audit", "verify", "--data", text(data), "--json"][..], desk].concat());
    assert_eq!(audit.code, 0, "{audit:?}");
}
