//! Words of offices that no list of codes knows: what is to be added to `formats/codes`.

use chapter::PageError;
use engine::{EngineError, rows};
use web::component::{Cell, Column, Panel, Row, Table, paragraph};
use web::{Locale, SafeHtml};

use crate::serving::Snapshot;

/// Ways of writing that fewer rows have may be remarks about somebody: they are counted and not shown.
const SHOWN_FROM: i64 = 5;

/// Most ways of writing on the page.
const SHOWN: usize = 50;

/// Names of the lists.
const LISTS: [(&str, &str); 10] = [
    ("benefit", "coverage-codes-benefit"),
    ("business_state", "coverage-codes-business-state"),
    ("card_state", "coverage-codes-card-state"),
    ("employer_kind", "coverage-codes-employer-kind"),
    ("insured_as_said", "coverage-codes-insured-as-said"),
    ("social_ground", "coverage-codes-social-ground"),
    ("support_group", "coverage-codes-support-group"),
    ("tax_method", "coverage-codes-tax-method"),
    ("tax_state", "coverage-codes-tax-state"),
    ("work", "coverage-codes-work"),
];

/// The panel; nothing where every text has its code, or the run knows no codes.
pub(crate) async fn panel(snapshot: &Snapshot, l: Locale<'_>) -> Result<SafeHtml, PageError> {
    let inner = |e: EngineError| PageError::inner(&e);
    if !snapshot.session.has_table("code_gap") {
        return Ok(SafeHtml::default());
    }
    let (mut total, mut lines) = (0, Vec::new());
    let sql = r#"SELECT "list", "text", "rows" FROM code_gap ORDER BY "rows" DESC, "list", "text""#;
    for batch in snapshot.session.collect(sql).await.map_err(inner)? {
        let (lists, texts) = (rows::text(&batch, "list").map_err(inner)?, rows::text(&batch, "text").map_err(inner)?);
        let counts = rows::int(&batch, "rows").map_err(inner)?;
        for row in 0..batch.num_rows() {
            total += counts.value(row);
            if counts.value(row) >= SHOWN_FROM && lines.len() < SHOWN {
                let name = LISTS.iter().find(|(list, _)| *list == lists.value(row)).map(|(_, key)| l.t(key));
                let name = name.unwrap_or_else(|| lists.value(row).to_owned());
                lines.push(Row::new(vec![Cell::text(name), Cell::text(texts.value(row)), Cell::number(l, counts.value(row))]));
            }
        }
    }
    if total == 0 {
        return Ok(SafeHtml::default());
    }
    let head = vec![
        Column::text(l.t("coverage-codes-list")),
        Column::text(l.t("coverage-codes-text")),
        Column::number(l.t("coverage-codes-rows"), ""),
    ];
    let title = l.t("coverage-codes-title");
    let table = Table::new("cach-viet", title.clone(), head).rows(lines).html(l);
    let words = l.t_args("coverage-codes-note", &[("n", l.number(total).as_str().into()), ("least", SHOWN_FROM.into())]);
    Ok(Panel::flush(title, table).foot(paragraph(SafeHtml::text(&words))).html())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_a_name() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/codes");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let yaml = path.extension().is_some_and(|e| e == "yaml");
            assert!(!yaml || LISTS.iter().any(|(list, _)| *list == name), "{name}");
        }
    }
}
