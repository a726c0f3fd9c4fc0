//! The impact assessment: for each class of data where it lies, who sees it, what protects it, what risk stays.

use documents::paper::{Grid, Part, Section};
use rules::DataClass;

use super::Inputs;
use super::processing::class_words;

/// Classes with the words of what protects them and what risk stays.
const CLASSES: [(DataClass, &str, &str); 5] = [
    (DataClass::TaxSecret, "privacy-guard-tax-secret", "privacy-risk-tax-secret"),
    (DataClass::Sensitive, "privacy-guard-sensitive", "privacy-risk-sensitive"),
    (DataClass::Identifier, "privacy-guard-identifier", "privacy-risk-identifier"),
    (DataClass::Personal, "privacy-guard-personal", "privacy-risk-personal"),
    (DataClass::Pseudonymous, "privacy-guard-pseudonymous", "privacy-risk-pseudonymous"),
];

pub(super) fn section(inputs: &Inputs) -> Section {
    let l = inputs.l;
    let rows = CLASSES.into_iter().map(|(class, guard, risk)| {
        let (mut columns, mut tables) = (0i64, Vec::new());
        for table in inputs.schemas.iter() {
            let here = table.columns.iter().filter(|column| column.class == class).count() as i64;
            columns += here;
            tables.extend((here > 0).then_some(table.name.as_str()));
        }
        let args = [("columns", l.number(columns)), ("tables", tables.join(", "))];
        let args: Vec<_> = args.iter().map(|(name, text)| (*name, text.as_str().into())).collect();
        vec![class_words(inputs, class), l.t_args("privacy-report-where", &args), l.t(guard), l.t(risk)]
    });
    let columns =
        ["privacy-column-class", "privacy-report-column-where", "privacy-report-column-guard", "privacy-report-column-risk"];
    let rows = rows.collect();
    let grid = Grid { name: l.t("privacy-report-tab-impact"), columns: columns.map(|key| l.t(key)).to_vec(), rows };
    let parts = vec![
        Part::Paragraph(l.t("privacy-report-impact-intro")),
        Part::Table(grid),
        Part::Paragraph(l.t("privacy-report-automation")),
    ];
    Section { heading: l.t("privacy-report-impact"), parts }
}
