//! Lists the content folders, so that the binary carries law, rules, formats and texts with it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const FOLDERS: [&str; 8] = ["law", "rules", "formats", "locales", "cases", "plan", "letters", "words"];
const KINDS: [&str; 5] = ["yaml", "md", "csv", "ftl", "json"];

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../..");
    let mut files = Vec::new();
    for folder in FOLDERS {
        let path = root.join(folder);
        println!("cargo::rerun-if-changed={}", path.display());
        collect(&path, folder, &mut files);
    }
    files.sort();
    let mut code = String::from("[\n");
    for (name, path) in files {
        writeln!(code, "    ({name:?}, include_str!({:?})),", path.display().to_string()).expect("writing to a string");
    }
    code.push(']');
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("content.rs"), code).expect("the build folder can be written");
}

fn collect(folder: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let file = format!("{name}/{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            collect(&path, &file, files);
        } else if path.extension().is_some_and(|e| KINDS.iter().any(|k| e == *k)) && !file.ends_with("README.md") {
            files.push((file, path.canonicalize().unwrap_or(path)));
        }
    }
}
