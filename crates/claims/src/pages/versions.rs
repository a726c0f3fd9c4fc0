//! What a facility changed when it sent a dossier again, sending by sending; as protected as the dossier itself.

use base::Month;
use chapter::PageError;
use claimfile::Protection;
use web::component::{Cell, Column, Panel, Row, Status, Table, heading, paragraph};
use web::{Locale, SafeHtml};

use super::{Audit, protected, words};
use crate::store::{Change, SentVersion, changes};

/// Sendings that are compared, the last ones.
const VERSIONS: usize = 5;
/// Changes of one sending that are shown.
const CHANGES: usize = 60;
/// Letters of a cell that are shown.
const LETTERS: usize = 80;

/// The sendings of a visit, each with what it changed of the one before. `hides`: how much changed and nothing of what; so it is too where any of the
/// sendings has a protected disease that was not opened (`open`).
pub(super) async fn panel(
    audit: &Audit,
    l: Locale<'_>,
    (period, facility, visit): (Month, &str, i64),
    (hides, open): (bool, bool),
) -> Result<SafeHtml, PageError> {
    let sent = audit.versions(period, (facility, visit), VERSIONS).await?;
    let protected = sent.iter().any(|one| protected::is_protected(&audit.formats, Some(&one.visit), None));
    let hides = hides || (protected && !open);
    let mut body = paragraph(SafeHtml::text(&l.t("claims-versions-what")));
    for pair in sent.windows(2).rev() {
        let [before, after] = pair else { continue };
        body.push(version(audit, l, before, after, hides));
    }
    if let Some(first) = sent.first() {
        body.push(paragraph(SafeHtml::text(&said(l, first))));
    }
    Ok(Panel::new(l.t("claims-versions"), body).id("ban-da-gui").html())
}

/// "Lần gửi 2: nhận ngày 05/11/2026, lượt nhận 7".
fn said(l: Locale, version: &SentVersion) -> String {
    let values = [
        ("n", version.number.into()),
        ("day", l.date(version.received).into()),
        ("packet", i64::try_from(version.packet).unwrap_or(i64::MAX).into()),
    ];
    l.t_args("claims-version", &values)
}

fn version(audit: &Audit, l: Locale, before: &SentVersion, after: &SentVersion, hides: bool) -> SafeHtml {
    let all = changes(&audit.formats.forms, &before.visit, &after.visit);
    let count = l.t_args("claims-version-changes", &[("n", all.len().into())]);
    let title = heading(3, &said(l, after), Status::neutral(count).html());
    if hides {
        return title.then(paragraph(SafeHtml::text(&l.t("claims-version-hidden"))));
    }
    let head = vec![
        Column::text(l.t("claims-line")),
        Column::text(l.t("claims-version-cell")),
        Column::text(l.t("claims-version-before")),
        Column::text(l.t("claims-version-after")),
    ];
    let rows = all.iter().take(CHANGES).map(|change| row(audit, l, change));
    let name = l.t_args("claims-version-table", &[("n", after.number.into())]);
    let mut html = title.then(Table::new(format!("lan-gui-{}", after.number), name, head).rows(rows).dense().html(l));
    if all.len() > CHANGES {
        let left = l.t_args("claims-version-more", &[("n", (all.len() - CHANGES).into())]);
        html.push(paragraph(SafeHtml::text(&left)));
    }
    html
}

fn row(audit: &Audit, l: Locale, change: &Change) -> Row {
    let place = |table: claimfile::TableId, row: &str| Cell::text(words::line(l, Some(&table.word()), row.parse().ok()));
    let whole = |table, row: &str, key: String| {
        Row::new(vec![place(table, row), Cell::status(&Status::warn(key)), Cell::text(""), Cell::text("")])
    };
    match change {
        Change::Added { table, row } => whole(*table, row, l.t("claims-version-added")),
        Change::Removed { table, row } => whole(*table, row, l.t("claims-version-removed")),
        Change::Cell { table, row, column, before, after } => {
            let known = audit.formats.forms.get(*table).and_then(|form| form.columns.get(*column));
            let name = known.map_or_else(String::new, |known| known.name.clone());
            let about = known.map_or("", |known| words::pick(l, &known.about.vi, &known.about.en)).to_owned();
            let told = known.is_some_and(|known| is_told(known.class));
            let cell = |text: &Option<String>| match text {
                None => Cell::text(l.t("claims-version-empty")),
                Some(_) if !told => Cell::status(&Status::neutral(l.t("claims-version-person"))),
                Some(text) => Cell::text(short(text)),
            };
            Row::new(vec![place(*table, row), Cell::text(name).note(about), cell(before), cell(after)])
        }
    }
}

/// Whether what a column holds is shown: names, numbers, addresses of people are not, whoever looks; that they changed is.
fn is_told(class: Protection) -> bool {
    matches!(class, Protection::Open | Protection::Pseudonymous | Protection::Sensitive)
}

/// The beginning of a text.
fn short(text: &str) -> String {
    let begin: String = text.trim().chars().take(LETTERS).collect();
    if begin.len() < text.trim().len() { format!("{begin}…") } else { begin }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_somebody_is_is_never_shown_of_an_older_sending() {
        let told =
            [Protection::Open, Protection::Pseudonymous, Protection::Personal, Protection::Identifier, Protection::Sensitive];
        assert_eq!(told.map(is_told), [true, true, false, false, true]);
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(short(" Viêm phổi "), "Viêm phổi");
        assert_eq!(short(&"ổ".repeat(100)), format!("{}…", "ổ".repeat(80)));
    }
}
