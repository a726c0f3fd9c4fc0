//! `ansinh claims check DIR --watch`: checks files as the hospital's program puts them into a folder.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use claims::claim_files;

use super::Check;
use super::check::{Bench, words};
use crate::commands::Environment;
use crate::failure::Failure;
use crate::output;

/// How often the folder is looked at.
const PAUSE: Duration = Duration::from_secs(2);

/// Size and time of a file: when neither changed between two looks, its writer has finished.
type Mark = (u64, Option<SystemTime>);

/// Checks what is there, then every file that comes or changes, until Ctrl-C.
pub fn run(environment: &Environment, arguments: &Check) -> Result<ExitCode, Failure> {
    let bench = Bench::open(environment, arguments.catalogues.as_deref())?;
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
                output::print(environment.json, &report, || words(&report))?;
                done.insert(file, mark);
            }
        }
        let stopped = runtime.block_on(async { tokio::time::timeout(PAUSE, tokio::signal::ctrl_c()).await.is_ok() });
        if stopped {
            return Ok(ExitCode::SUCCESS);
        }
    }
}
