//! Speed of the reader on one core: `cargo run --release -p claimfile --example read_speed -- SHAPE FILES…`.
//!
//! SHAPE is `line` (files as they are), `wrapped` (base64 in lines of 76) or `inline` (tables written in the file itself). Told are megabytes of the outer
//! file per second of processor time of this thread, so that other work on the machine does not matter. Linux only (`/proc`).

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use claimfile::{Dossier, Forms, Limits, Read, Reader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let shape = arguments.next().ok_or("SHAPE FILES…")?;
    let forms = forms()?;
    let files: Vec<Vec<u8>> = arguments.map(|path| Ok(shaped(&std::fs::read(path)?, &shape))).collect::<std::io::Result<_>>()?;
    let bytes: usize = files.iter().map(Vec::len).sum();
    let mut dossier = Dossier::new();
    let (mut kept, mut refused, mut reading, mut checking) = (0, 0, 0, 0);
    for file in &files {
        let begun = processor();
        let mut reader = Reader::open(file.as_slice(), &forms, Limits::default()).map_err(|e| e.to_string())?;
        while let Some(read) = reader.next(&mut dossier) {
            match read {
                Read::Kept => kept += 1,
                Read::Refused(_) => refused += 1,
            }
        }
        reading += processor() - begun;
    }
    // `next` checks too: what it costs is taken alone, a hundred times on the first dossiers of each file.
    let mut checked = 0;
    for file in &files {
        let mut reader = Reader::open(file.as_slice(), &forms, Limits::default()).map_err(|e| e.to_string())?;
        if reader.next(&mut dossier).is_some() {
            let begun = processor();
            for _ in 0..100 {
                checked += usize::from(claimfile::check(&dossier, &forms).is_empty());
            }
            checking += processor() - begun;
        }
    }
    let seconds = reading as f64 / 1e9;
    let check = checking as f64 / 1e3 / (files.len() * 100) as f64;
    println!(
        "{shape}: {:.1} MB, {kept} kept, {refused} refused: {:.1} MB/s; check alone {check:.2} µs per dossier of {:.2} µs ({checked})",
        bytes as f64 / 1e6,
        bytes as f64 / 1e6 / seconds,
        seconds * 1e6 / f64::from(kept + refused),
    );
    Ok(())
}

/// Nanoseconds of processor time of this thread.
fn processor() -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split_ascii_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or_default()
}

fn forms() -> Result<Forms, Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/claims");
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            texts.push((entry.file_name().to_string_lossy().into_owned(), std::fs::read_to_string(entry.path())?));
        }
    }
    Forms::load(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))).map_err(|faults| format!("{faults:?}").into())
}

/// The file with its contents written in another shape.
fn shaped(file: &[u8], shape: &str) -> Vec<u8> {
    let (open, close) = (&b"<NOIDUNGFILE>"[..], &b"</NOIDUNGFILE>"[..]);
    let (mut rest, mut out) = (file, Vec::with_capacity(file.len()));
    while let Some(from) = memchr::memmem::find(rest, open).map(|at| at + open.len())
        && let Some(to) = memchr::memmem::find(&rest[from..], close).map(|at| at + from)
    {
        out.extend_from_slice(&rest[..from]);
        match shape {
            "wrapped" => rest[from..to].chunks(76).for_each(|line| {
                out.extend_from_slice(line);
                out.extend_from_slice(b"\r\n");
            }),
            "inline" => {
                let inner = STANDARD.decode(&rest[from..to]).unwrap_or_default();
                let head = memchr::memmem::find(&inner, b"?>").map_or(0, |at| at + 2);
                out.extend_from_slice(&inner[head..]);
            }
            _ => out.extend_from_slice(&rest[from..to]),
        }
        rest = &rest[to..];
    }
    out.extend_from_slice(rest);
    out
}
