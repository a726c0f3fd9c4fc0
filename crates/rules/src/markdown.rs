//! Cutting a rule's Markdown file into front matter, sections and code blocks, with their lines.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::error::{Place, Problem, RuleError};

/// The third-level heading under which a section says the same in English.
const ENGLISH: &str = "English";

/// A piece of the file and the number of lines before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub text: String,
    pub lines_before: u64,
}

/// A section under a second-level heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawSection {
    pub heading: String,
    /// Line of the heading in the file, from 1.
    pub line: u64,
    pub vi: String,
    pub en: String,
}

/// The parts of one file.
#[derive(Debug)]
pub(crate) struct Document {
    pub front: Part,
    pub sections: Vec<RawSection>,
    pub sql: Vec<Part>,
    pub cases: Vec<Part>,
}

/// Cuts a file. Code blocks must stand at the left margin, so that columns in errors are true.
pub(crate) fn cut(file: &str, text: &str) -> Result<Document, RuleError> {
    let whole = Place { file, lines_before: 0 };
    let (front, body, body_line) = front_matter(text).ok_or_else(|| whole.error(1, 1, Problem::NoFrontMatter))?;
    let mut document = Document {
        front: Part { text: front.to_owned(), lines_before: 1 },
        sections: Vec::new(),
        sql: Vec::new(),
        cases: Vec::new(),
    };
    let line_of = |offset: usize| body_line + body[..offset].matches('\n').count() as u64;
    // What is open: the text of a heading, a code block, or the place from which a section's text runs.
    let mut heading: Option<(HeadingLevel, usize, String)> = None;
    let mut block: Option<(String, String, u64)> = None;
    let mut running: Option<usize> = None;
    for (event, range) in Parser::new_ext(body, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level: level @ (HeadingLevel::H2 | HeadingLevel::H3), .. }) => {
                heading = Some((level, range.start, String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, start, title)) = heading.take() {
                    if level == HeadingLevel::H2 {
                        close(&mut document, &mut running, body, start);
                        document.sections.push(RawSection {
                            heading: title,
                            line: line_of(start) + 1,
                            vi: String::new(),
                            en: String::new(),
                        });
                        running = Some(range.end);
                    } else if title == ENGLISH {
                        close(&mut document, &mut running, body, start);
                        running = Some(range.end);
                    }
                }
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if matches!(&*info, "sql" | "yaml") => {
                close(&mut document, &mut running, body, range.start);
                block = Some((info.to_string(), String::new(), line_of(range.start) + 1));
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((kind, text, lines_before)) = block.take() {
                    let list = if kind == "sql" { &mut document.sql } else { &mut document.cases };
                    list.push(Part { text, lines_before });
                }
            }
            Event::Text(piece) | Event::Code(piece) => {
                if let Some((_, text, _)) = &mut block {
                    text.push_str(&piece);
                } else if let Some((_, _, title)) = &mut heading {
                    title.push_str(&piece);
                }
            }
            _ => {}
        }
    }
    close(&mut document, &mut running, body, body.len());
    Ok(document)
}

/// Markdown as it is written here: tables are allowed, raw HTML is shown as text ([`html`]).
fn options() -> Options {
    Options::ENABLE_TABLES
}

/// Renders Markdown with raw HTML off: tags in the text are shown, never obeyed.
pub fn html(markdown: &str) -> String {
    let events = Parser::new_ext(markdown, options()).map(|event| match event {
        Event::Html(tag) | Event::InlineHtml(tag) => Event::Text(tag),
        // A link may lead inside the portal or to a web page, never run a script.
        Event::Start(Tag::Link { link_type, dest_url, title, id }) if !harmless(&dest_url) => {
            drop(dest_url);
            Event::Start(Tag::Link { link_type, dest_url: "#".into(), title, id })
        }
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => Event::Text("".into()),
        other => other,
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

fn harmless(url: &str) -> bool {
    url.starts_with('#') || (url.starts_with('/') && !url.starts_with("//")) || url.starts_with("https://")
}

/// Front matter, the rest, and how many lines stand before the rest.
fn front_matter(text: &str) -> Option<(&str, &str, u64)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let after = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n"))?;
    let mut offset = 0;
    for (index, line) in after.split_inclusive('\n').enumerate() {
        if line.trim_end() == "---" {
            return Some((&after[..offset], &after[offset + line.len()..], index as u64 + 2));
        }
        offset += line.len();
    }
    None
}

/// Ends the running text: the first piece of a section is Vietnamese, the second English.
fn close(document: &mut Document, running: &mut Option<usize>, body: &str, end: usize) {
    let (Some(start), Some(section)) = (running.take(), document.sections.last_mut()) else { return };
    let text = body[start..end].trim();
    let list = if section.vi.is_empty() { &mut section.vi } else { &mut section.en };
    list.push_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "---\nid: a\n---\n\n## What it finds\n\nTiếng Việt.\n\n### English\n\nIn English.\n\n```sql\nSELECT 1\n```\n\n```yaml\n- name: x\n```\n";

    #[test]
    fn every_part_knows_its_line() {
        let document = cut("a.md", PAGE).unwrap();
        assert_eq!(document.front, Part { text: "id: a\n".into(), lines_before: 1 });
        let section = &document.sections[0];
        assert_eq!((section.heading.as_str(), section.line), ("What it finds", 5));
        assert_eq!((section.vi.as_str(), section.en.as_str()), ("Tiếng Việt.", "In English."));
        // `SELECT 1` is line 14 of the file: 13 lines stand before it.
        assert_eq!(document.sql, [Part { text: "SELECT 1\n".into(), lines_before: 13 }]);
        assert_eq!(PAGE.lines().nth(13), Some("SELECT 1"));
        assert_eq!(document.cases[0].lines_before, 17);
        assert_eq!(PAGE.lines().nth(17), Some("- name: x"));
    }

    #[test]
    fn a_page_without_front_matter_is_refused() {
        assert_eq!(
            cut("a.md", "# Title\n").unwrap_err().to_string(),
            "a.md:1:1: the file must begin with front matter between two lines of ---"
        );
    }

    #[test]
    fn html_and_scripts_in_the_text_are_only_shown() {
        let html = html("Chữ <b>đậm</b> <script>alert(1)</script> [x](javascript:alert(1)) ![y](http://a/b.png)");
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script") && !html.contains("<b>"));
        assert!(!html.contains("javascript:") && !html.contains("<img"), "{html}");
    }
}
