//! `ansinh bench pages`: the portal of a data folder, asked over loopback as a browser asks it.
//!
//! The portal runs in a process of its own, so that its memory and its CPU seconds are its own. Without a run of city size one is
//! made up (`--made-up LINES`): invented people on a worklist of that length, in a folder of its own.

mod client;
mod made_up;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Instant;

use serde::Serialize;
use serde_json::json;

use super::super::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::{Workshop, open_book_at};
use client::Client;

/// Requests of each kind, after one that is not counted.
const REQUESTS: usize = 100;
/// What the portal says when it is open.
const OPEN: &str = "http://127.0.0.1:";

/// What became of one kind of request.
#[derive(Debug, Serialize)]
struct Measured {
    page: &'static str,
    path: String,
    status: u16,
    bytes: usize,
    requests: usize,
    p50_ms: f64,
    p99_ms: f64,
    /// CPU of the portal a request, in milliseconds.
    cpu_ms: f64,
}

/// Runs the bench over the data folder, or over made-up lines.
pub(super) fn run(environment: &Environment, made_up: Option<u64>) -> Result<ExitCode, Failure> {
    let data = match made_up {
        Some(_) => std::env::temp_dir().join(format!("ansinh-bench-pages-{}", std::process::id())),
        None => environment.config.data(),
    };
    let done = made_up.map_or(Ok(()), |lines| made_up::write(&Workshop::open(&environment.config.overlays())?, &data, lines));
    let measured = done.and_then(|()| measure(environment, &data));
    if made_up.is_some() {
        // A folder of this process alone.
        let _ = std::fs::remove_dir_all(&data);
    }
    measured
}

fn measure(environment: &Environment, data: &Path) -> Result<ExitCode, Failure> {
    let book = open_book_at(&environment.config, data)?;
    let run = book.latest_run()?.ok_or_else(|| Failure::usage("sổ chưa có lần chạy nào; thêm --made-up 2500000"))?;
    let lines = run.tables().get("worklist").map_or(0, |table| table.rows);
    let mut portal = Portal::start(data)?;
    let asked = ask_all(&portal, lines);
    let memory = portal.memory();
    portal.stop();
    let (load_seconds, pages) = asked?;
    let record = json!({
        "bench": "pages", "run": run.id.as_str(), "lines": lines, "requests": REQUESTS,
        "load_seconds": load_seconds, "memory_mb": memory, "pages": pages,
    });
    output::print(environment.json, &record, || {
        let mut text = format!("{lines} dòng; đọc lần đầu {load_seconds:.1} s; bộ nhớ {memory} MB\n");
        for page in &pages {
            text.push_str(&format!(
                "{:<22} p50 {:>7.2} ms  p99 {:>7.2} ms  CPU {:>6.2} ms  {:>8} byte  {}\n",
                page.page, page.p50_ms, page.p99_ms, page.cpu_ms, page.bytes, page.status
            ));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Asks for each kind of page; the first request of all reads the run.
fn ask_all(portal: &Portal, lines: u64) -> Result<(f64, Vec<Measured>), Failure> {
    const LIST: &str = "/nguoi-chua-tham-gia";
    let mut client = Client::connect(portal.port)?;
    let begun = Instant::now();
    client.get(LIST, "")?;
    let load_seconds = begun.elapsed().as_secs_f64();
    let first = client.get(LIST, "")?;
    let commune =
        between(&first.body, "<option value=\"0", "\"").map(|rest| format!("0{rest}")).unwrap_or_else(|| "00004".into());
    let person = between(&first.body, "href=\"/nguoi/", "\"").unwrap_or_else(|| "1".into());
    let staff = format!("vai-tro=u-xa-{commune}");
    let deep = lines.saturating_sub(1).min(50 * 999);
    let by_name = client.search(LIST, "q=huong")?;
    let with_marks = client.search(LIST, &format!("q=h%C6%B0%C6%A1ng&xa={commune}"))?;
    let kinds: [(&'static str, String, &str); 11] = [
        ("overview", "/".into(), ""),
        ("list", LIST.into(), ""),
        ("list filtered", format!("{LIST}?ly-do=household-card-lapsed&xa={commune}&the=khong"), ""),
        ("list page 1000", format!("{LIST}?sau={deep}"), ""),
        ("list last page", format!("{LIST}?truoc={lines}"), ""),
        ("list by name", by_name, ""),
        ("list by name, marks", with_marks, ""),
        ("list by household", format!("{LIST}?nhom=ho&xa={commune}"), ""),
        ("list of a commune", LIST.into(), &staff),
        ("overview of a commune", "/".into(), &staff),
        ("person", format!("/nguoi/{person}"), ""),
    ];
    let mut measured = Vec::new();
    for (page, path, cookie) in kinds {
        let answer = client.get(&path, cookie)?;
        let before = portal.cpu_ms();
        let mut times = Vec::with_capacity(REQUESTS);
        for _ in 0..REQUESTS {
            let begun = Instant::now();
            client.get(&path, cookie)?;
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        times.sort_by(f64::total_cmp);
        let cpu_ms = (portal.cpu_ms() - before) / REQUESTS as f64;
        let (p50_ms, p99_ms) = (times[REQUESTS / 2], times[REQUESTS * 99 / 100]);
        let (status, bytes) = (answer.status, answer.body.len());
        measured.push(Measured { page, path, status, bytes, requests: REQUESTS, p50_ms, p99_ms, cpu_ms });
    }
    Ok((load_seconds, measured))
}

/// The text of a page between two marks.
fn between(body: &[u8], from: &str, to: &str) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let rest = text.split_once(from)?.1;
    Some(rest.split_once(to)?.0.to_owned())
}

/// A portal in a process of its own.
struct Portal {
    child: Child,
    port: u16,
}

impl Portal {
    fn start(data: &Path) -> Result<Self, Failure> {
        let failed = |e: std::io::Error| Failure::internal(e.to_string());
        let program: PathBuf = std::env::current_exe().map_err(failed)?;
        let mut child = Command::new(program)
            .args(["serve", "--port", "0", "--sample", "--role-picker", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let output = child.stdout.take().ok_or_else(|| Failure::internal("the portal has no output".to_owned()))?;
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let digits: String = line.split_once(OPEN)?.1.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        match port {
            Some(port) => Ok(Self { child, port }),
            None => {
                let _ = child.kill();
                Err(Failure::internal("the portal did not open".to_owned()))
            }
        }
    }

    /// Peak and present memory in megabytes; nothing where the system does not say.
    fn memory(&self) -> serde_json::Value {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().split(' ').next()?.parse::<u64>().ok().map(|kb| kb / 1024)
        };
        json!({ "peak": of("VmHWM:"), "now": of("VmRSS:") })
    }

    /// CPU spent so far, in milliseconds.
    fn cpu_ms(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // Fields 14 and 15 of stat(5), counted behind the name in brackets; Linux counts in hundredths of a second here.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) * 10.0
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.stop();
    }
}
