//! Embedded content, with a folder laid over it file by file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use book::Content;

use crate::failure::Failure;

static EMBEDDED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/content.rs"));

/// Kinds of content files, as `build.rs` embeds them.
const KINDS: [&str; 5] = ["yaml", "md", "csv", "ftl", "json"];

/// The content the program carries, with the files of the overlays in place of those of the same path; later
/// overlays lie over earlier ones.
pub fn load(overlays: &[PathBuf]) -> Result<Content, Failure> {
    let mut files: BTreeMap<String, String> = EMBEDDED.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect();
    for root in overlays {
        for folder in ["law", "rules", "formats", "locales", "cases", "plan", "letters", "words"] {
            lay_over(&root.join(folder), folder, &mut files)?;
        }
    }
    Ok(Content(files))
}

/// The content with a reform laid over the law: a folder in the form of `law/`, e.g. a draft to be tried.
pub fn with_reform(overlays: &[PathBuf], reform: Option<&Path>) -> Result<Content, Failure> {
    let mut content = load(overlays)?;
    if let Some(reform) = reform {
        if !reform.is_dir() {
            return Err(Failure::input("reform_unreadable", format!("{}: không phải thư mục", reform.display())));
        }
        let before = content.0.len();
        let known = content.0.clone();
        lay_over(reform, "law", &mut content.0)?;
        if content.0.len() == before && content.0 == known {
            return Err(Failure::input("reform_empty", format!("{}: không thay đổi tham số nào", reform.display())));
        }
    }
    Ok(content)
}

fn lay_over(folder: &Path, name: &str, files: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let path = entry.path();
        let file = format!("{name}/{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            lay_over(&path, &file, files)?;
        } else if file.ends_with("README.md") || !KINDS.iter().any(|kind| path.extension().is_some_and(|e| e == *kind)) {
            // What is embedded is laid over; notes and other files beside it are left alone.
            continue;
        } else {
            let text = std::fs::read_to_string(&path)
                .map_err(|e| Failure::input("content_unreadable", format!("{}: {e}", path.display())))?;
            files.insert(file, text);
        }
    }
    Ok(())
}
