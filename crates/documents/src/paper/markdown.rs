//! Markdown: for reading as it stands and for comparing two papers line by line.

use super::{Grid, Paper, Part};

/// The paper as Markdown.
pub fn write_paper_markdown(paper: &Paper) -> String {
    let mut out = format!("# {}\n", line(&paper.title));
    for text in &paper.lines {
        out.push_str(&format!("\n{}\n", line(text)));
    }
    for section in &paper.sections {
        out.push_str(&format!("\n## {}\n", line(&section.heading)));
        let mut in_list = false;
        for part in &section.parts {
            let item = matches!(part, Part::Item(_));
            // Items of one list stand close together.
            if !(item && in_list) {
                out.push('\n');
            }
            in_list = item;
            match part {
                Part::Paragraph(text) => out.push_str(&format!("{}\n", line(text))),
                Part::Item(text) => out.push_str(&format!("- {}\n", line(text))),
                Part::Table(grid) => out.push_str(&table(grid)),
            }
        }
    }
    for text in &paper.foot {
        out.push_str(&format!("\n{}\n", line(text)));
    }
    out
}

fn table(grid: &Grid) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.iter().map(|cell| cell_text(cell)).collect::<Vec<_>>().join(" | "));
    let mut out = row(&grid.columns);
    out.push_str(&format!("|{}\n", "---|".repeat(grid.columns.len())));
    grid.rows.iter().for_each(|cells| out.push_str(&row(cells)));
    out
}

fn cell_text(text: &str) -> String {
    line(text).replace('|', "\\|")
}

/// On one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
