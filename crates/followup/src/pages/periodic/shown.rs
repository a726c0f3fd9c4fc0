//! A report on a page: the same blocks as the document, each figure a link to its rows with its source as its title.

use documents::report::{Block, Chart, Side, Span, Table, TableRow, Text};
use web::component::{Panel, heading};
use web::{Locale, SafeHtml, tag};

use crate::report::PeriodicReport;

/// The document.
pub(super) fn document(l: Locale, report: &PeriodicReport) -> SafeHtml {
    let document = &report.report;
    let mut body = vec![heading(3, &document.subject.join(" "), SafeHtml::empty())];
    body.extend(
        document
            .to
            .iter()
            .enumerate()
            .map(|(at, to)| tag("p").text(&if at == 0 { format!("Kính gửi: {to}") } else { to.clone() }).html()),
    );
    body.extend(document.body.iter().map(|block| shown(report, block)));
    let mut panels = vec![Panel::new(l.t("planreport-preview"), tag("div").attr("lang", "vi").children(body).html()).html()];
    for annex in &document.annexes {
        let body = annex.body.iter().map(|block| shown(report, block));
        panels.push(Panel::new(format!("{}. {}", annex.number, annex.title), SafeHtml::concat(body)).html());
    }
    SafeHtml::concat(panels)
}

fn shown(report: &PeriodicReport, block: &Block) -> SafeHtml {
    match block {
        Block::Heading(text) => heading(3, text, SafeHtml::empty()),
        Block::Subheading(text) => heading(4, text, SafeHtml::empty()),
        Block::Paragraph(of) => tag("p").child(text(report, of)).html(),
        Block::Item(of) => tag("p").text("- ").child(text(report, of)).html(),
        Block::Table(of) => table(report, of),
        Block::Chart(of) => chart(of),
    }
}

/// Words, and figures with their source.
pub(super) fn text(report: &PeriodicReport, text: &Text) -> SafeHtml {
    SafeHtml::concat(text.0.iter().map(|span| match span {
        Span::Words(words) => SafeHtml::text(words),
        Span::Strong(words) => tag("strong").text(words).html(),
        Span::Figure { text, note } => figure(text, report.report.notes.get(*note).map_or("", String::as_str)),
    }))
}

/// A figure as it stands; it opens the page its source names.
fn figure(shown: &str, source: &str) -> SafeHtml {
    // A source ends "Mở các dòng: /path."
    let opens =
        source.rsplit_once("Mở các dòng: ").map(|(_, path)| path.trim_end_matches('.')).filter(|path| path.starts_with('/'));
    match opens {
        Some(path) => tag("a").href(path).attr("title", source).text(shown).html(),
        None => tag("span").attr("title", source).text(shown).html(),
    }
}

fn table(report: &PeriodicReport, of: &Table) -> SafeHtml {
    let side = |side: Side| if side == Side::Right { "num" } else { "" };
    let head = of.columns.iter().map(|column| tag("th").attr("scope", "col").class(side(column.side)).text(&column.head));
    let rows = of.rows.iter().map(|row| match row {
        TableRow::Group(words) => tag("tr")
            .class("group")
            .child(tag("th").attr("colspan", of.columns.len().to_string()).attr("scope", "colgroup").text(words))
            .html(),
        TableRow::Cells(cells) => {
            let cells =
                cells.iter().zip(&of.columns).map(|(cell, column)| tag("td").class(side(column.side)).child(text(report, cell)));
            tag("tr").children(cells).html()
        }
    });
    let table = tag("table").child(tag("thead").child(tag("tr").children(head))).child(tag("tbody").children(rows));
    tag("div")
        .class("table-scroll")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", of.columns.iter().map(|column| column.head.as_str()).collect::<Vec<_>>().join(", "))
        .child(table)
        .html()
}

/// A chart as its numbers: the drawing stands in the files.
fn chart(of: &Chart) -> SafeHtml {
    let head = std::iter::once(tag("th").attr("scope", "col").text(""))
        .chain(of.series.iter().map(|series| tag("th").attr("scope", "col").class("num").text(&series.name)));
    let rows = of.categories.iter().enumerate().map(|(at, name)| {
        let cells = of.series.iter().map(|series| {
            let value = series
                .values
                .get(at)
                .copied()
                .flatten()
                .map_or_else(|| "–".to_owned(), |value| value.to_string().replace('.', ","));
            tag("td").class("num").text(&value)
        });
        tag("tr").child(tag("th").attr("scope", "row").text(name)).children(cells)
    });
    let table = tag("table")
        .child(tag("caption").text(&of.title))
        .child(tag("thead").child(tag("tr").children(head)))
        .child(tag("tbody").children(rows));
    tag("div").class("table-scroll").child(table).html()
}
