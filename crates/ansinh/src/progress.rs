//! Progress of long jobs, on standard error.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Instant;

use chapter::Progress;

/// Writes a line a step; on a terminal the line of a running step is rewritten.
pub struct Terminal {
    started: Instant,
    quiet: bool,
    open: Mutex<Option<String>>,
}

impl Terminal {
    /// Starts counting time. `quiet` prints nothing.
    pub fn new(quiet: bool) -> Self {
        Self { started: Instant::now(), quiet, open: Mutex::new(None) }
    }

    /// A line of its own.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.end_line();
            eprintln!("[{:>5.1} s] {text}", self.started.elapsed().as_secs_f32());
        }
    }

    fn end_line(&self) {
        // A poisoned lock only means that another thread panicked while printing.
        let mut open = self.open.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if open.take().is_some() {
            eprintln!();
        }
    }
}

impl Progress for Terminal {
    fn at(&self, step: &str, done: u64, total: u64) {
        if self.quiet {
            return;
        }
        let text = format!("[{:>5.1} s] {step} {done}/{total}", self.started.elapsed().as_secs_f32());
        if !std::io::stderr().is_terminal() {
            eprintln!("{text}");
            return;
        }
        let mut open = self.open.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if open.as_deref().is_some_and(|s| s != step) {
            eprintln!();
        }
        eprint!("\r{text}");
        // Progress that cannot be shown must not stop the work.
        let _ = std::io::stderr().flush();
        *open = Some(step.to_owned());
    }

    fn skipped(&self, step: &str) {
        self.say(&format!("{step}: đã làm với cùng đầu vào, lấy lại kết quả"));
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.end_line();
    }
}
