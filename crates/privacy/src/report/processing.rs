//! What is processed: rosters that come in, tables that are made of them.

use std::collections::BTreeMap;

use desk::{DataAgreement, Term};
use documents::paper::{Grid, Part, Section};
use intake::PersonalData;
use rules::DataClass;

use super::{Inputs, said};
use crate::words;

pub(super) fn sections(inputs: &Inputs) -> [Section; 2] {
    [rosters(inputs), tables(inputs)]
}

/// One line an agreement, or a roster without one.
fn rosters(inputs: &Inputs) -> Section {
    let l = inputs.l;
    let columns = [
        "privacy-column-roster",
        "privacy-purpose",
        "privacy-article",
        "privacy-report-column-parties",
        "privacy-report-column-data",
        "privacy-retention",
        "privacy-transfer",
        "privacy-column-agreement",
    ];
    let mut rows = Vec::new();
    for roster in inputs.layouts.rosters() {
        let of: Vec<&DataAgreement> = inputs.agreements.iter().filter(|a| a.roster == roster).collect();
        let title = inputs.layouts.newest(roster).map_or(roster, |layout| said(l, &layout.title.vi, &layout.title.en));
        if of.iter().all(|a| a.term(inputs.today) == Term::Over) && inputs.received.contains(roster) {
            let data = data(inputs, roster, None);
            let none = l.t(if of.is_empty() { "privacy-standing-none" } else { "privacy-standing-over" });
            let unknown = l.t("privacy-report-not-agreed");
            rows.push(vec![
                title.to_owned(),
                l.t("privacy-report-purpose-default"),
                l.t("privacy-report-basis-words"),
                unknown.clone(),
                data,
                unknown,
                l.t("privacy-transfer-none"),
                none,
            ]);
        }
        rows.extend(of.iter().map(|a| agreed(inputs, title, a)));
    }
    let grid = Grid { name: l.t("privacy-report-tab-register"), columns: columns.map(|key| l.t(key)).to_vec(), rows };
    let parts = vec![Part::Paragraph(l.t("privacy-report-register-intro")), Part::Table(grid)];
    Section { heading: l.t("privacy-report-register"), parts }
}

fn agreed(inputs: &Inputs, title: &str, agreement: &DataAgreement) -> Vec<String> {
    let l = inputs.l;
    let term = match agreement.term(inputs.today) {
        Term::Coming => l.t("privacy-term-coming"),
        Term::InForce => l.t("privacy-term-in-force"),
        Term::Over => l.t("privacy-term-over"),
    };
    vec![
        title.to_owned(),
        agreement.purpose.clone(),
        agreement.article.clone(),
        format!("{} → {} ({})", agreement.provider, agreement.receiver, words::role(l, agreement.receiver_role)),
        data(inputs, &agreement.roster, Some(agreement)),
        l.t_args("privacy-months", &[("n", i64::from(agreement.retention_months).into())]),
        agreement.transfer.clone().unwrap_or_else(|| l.t("privacy-transfer-none")),
        format!("{}; {}; {term}", agreement.number, words::days(l, agreement)),
    ]
}

/// How many fields of which kind, those of no person left out.
fn data(inputs: &Inputs, roster: &str, agreement: Option<&DataAgreement>) -> String {
    let l = inputs.l;
    use PersonalData::{Contact, Ground, Health, Identity, Income};
    const KINDS: [PersonalData; 5] = [Identity, Contact, Income, Ground, Health];
    let fields = inputs.layouts.newest(roster).into_iter().flat_map(|layout| &layout.fields);
    let taken: Vec<PersonalData> =
        fields.filter(|field| agreement.is_none_or(|a| a.fields.contains(&field.name))).map(|field| field.personal).collect();
    let lines = KINDS.into_iter().filter_map(|kind| {
        let n = taken.iter().filter(|personal| **personal == kind).count() as i64;
        let args = [("kind", words::class(l, kind)), ("n", l.number(n))];
        let args: Vec<_> = args.iter().map(|(name, text)| (*name, text.as_str().into())).collect();
        (n > 0).then(|| l.t_args("privacy-report-fields", &args))
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    if text.is_empty() { l.t("privacy-class-none") } else { text }
}

/// The tables of the book, with what each holds by class.
fn tables(inputs: &Inputs) -> Section {
    let l = inputs.l;
    let rows = inputs.schemas.iter().map(|table| {
        let mut by_class: BTreeMap<DataClass, Vec<&str>> = BTreeMap::new();
        for column in table.columns.iter().filter(|column| column.class > DataClass::Pseudonymous) {
            by_class.entry(column.class).or_default().push(&column.name);
        }
        let highest = table.columns.iter().map(|column| column.class).max().unwrap_or(DataClass::Open);
        let held =
            by_class.iter().rev().map(|(class, columns)| format!("{}: {}", class_words(inputs, *class), columns.join(", ")));
        let held = held.collect::<Vec<_>>().join("\n");
        vec![
            said(l, &table.title.vi, &table.title.en).to_owned(),
            table.name.clone(),
            class_words(inputs, highest),
            if held.is_empty() { l.t("privacy-report-no-personal") } else { held },
        ]
    });
    let columns = [
        "privacy-report-column-table",
        "privacy-report-column-name",
        "privacy-report-column-highest",
        "privacy-report-column-columns",
    ];
    let rows = rows.collect();
    let grid = Grid { name: l.t("privacy-report-tab-tables"), columns: columns.map(|key| l.t(key)).to_vec(), rows };
    let parts = vec![Part::Paragraph(l.t("privacy-report-tables-intro")), Part::Table(grid)];
    Section { heading: l.t("privacy-report-tables"), parts }
}

/// A class of the contracts, in words.
pub(super) fn class_words(inputs: &Inputs, class: DataClass) -> String {
    inputs.l.t(match class {
        DataClass::Open => "privacy-data-open",
        DataClass::Pseudonymous => "privacy-data-pseudonymous",
        DataClass::Personal => "privacy-data-personal",
        DataClass::Identifier => "privacy-data-identifier",
        DataClass::Sensitive => "privacy-data-sensitive",
        DataClass::TaxSecret => "privacy-data-tax-secret",
    })
}
