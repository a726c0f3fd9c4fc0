//! The rules and contracts of the repository.

use rules::{DataClass, prove};

use super::{law, rules, schemas};

#[test]
fn every_rule_of_the_repository_passes_its_proof() {
    let report = prove(&rules(), &law(), &schemas());
    let failures: String = report.failed.iter().map(|f| format!("{}:{} {:?}: {}\n", f.rule, f.line, f.case, f.what)).collect();
    assert!(report.failed.is_empty(), "{failures}");
    assert_eq!(report.rules, 221);
    assert!(report.cases >= 1600);
}

#[test]
fn every_column_that_identifies_or_is_secret_is_classed_so() {
    let schemas = schemas();
    for (table, column, class) in [
        ("person", "personal_id", DataClass::Identifier),
        ("bhyt_card", "card_number", DataClass::Identifier),
        ("tax_wage", "total_income", DataClass::TaxSecret),
        ("tax_wage", "insurance_deducted", DataClass::TaxSecret),
        ("person", "full_name", DataClass::Personal),
    ] {
        assert_eq!(schemas.get(table).unwrap().column(column).unwrap().class, class, "{table}.{column}");
    }
    assert!(schemas.iter().count() >= 8);
}

#[test]
fn no_rule_shows_a_tax_secret() {
    let schemas = schemas();
    for rule in rules().iter() {
        for table in &rule.reads {
            for column in schemas.get(table).unwrap().columns.iter().filter(|c| c.class == DataClass::TaxSecret) {
                assert!(!rule.columns.contains(&column.name), "{} shows {}", rule.id, column.name);
            }
        }
    }
}

#[test]
fn the_manual_page_has_four_sections_in_both_languages_and_its_cases() {
    let rules = rules();
    let page = rules.get("household-card-lapsed").unwrap().page(&schemas());
    assert_eq!(page.sections.len(), 4);
    for section in &page.sections {
        assert!(section.html.vi.starts_with("<") && section.html.en.starts_with("<p>"), "{}", section.html.en);
        assert!(!section.html.vi.contains("English"));
    }
    assert!(page.sections[0].html.vi.contains("<strong>đã từng có thẻ BHYT hộ gia đình</strong>"));
    let first = &page.cases[0];
    assert_eq!(first.given[1].name, "bhyt_card");
    assert_eq!(first.given[1].columns, ["person_id", "object_code", "valid_from", "valid_to"]);
    assert_eq!(first.given[1].rows, [["P1", "GD", "2025-10-01", "2026-09-30"]]);
    assert_eq!(first.expect.columns[..3], ["person_id", "household_card_ended", "last_card_ended"]);
}
