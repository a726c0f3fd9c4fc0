//! Every layout has an awkward file: title rows, something below the table, a row that must come back. It is found by its header alone.

use std::collections::BTreeSet;

use crate::support::{layouts, read};
use crate::{
    layouts as forms, layouts_answers, layouts_catalogues as lists, layouts_claims as claims, layouts_exports, layouts_first,
    layouts_lists, layouts_people, layouts_social, layouts_units,
};

/// Layout and the file that shows it.
type Example = (&'static str, fn() -> Vec<u8>);

const EXAMPLES: [Example; 58] = [
    ("arrears-list-2025", layouts_units::arrears),
    ("bed-catalogue-2026", lists::beds),
    ("bhxh-participation-2025", layouts_first::spells),
    ("bhxh-participation-export-2025", layouts_exports::spells),
    ("bhxh-participation-month-2025", layouts_exports::month),
    ("bhyt-card-2025", layouts_first::cards),
    ("bhyt-card-export-2025", layouts_exports::cards),
    ("bhyt-collection-d03-2017", forms::collected),
    ("bhyt-collection-vnpt-2025", forms::collected_vnpt),
    ("business-2025", layouts_lists::businesses),
    ("card-aggregate-2026", layouts_answers::aggregates),
    ("claim-indicator-b02-2024", claims::b02),
    ("claim-indicator-b04-2024", claims::b04),
    ("claim-indicator-b26-2024", claims::b26),
    ("claim-refusal-2026", claims::refusals),
    ("claim-visit-130-2024", claims::visits_130),
    ("claim-visit-4210-2018", claims::visits_4210),
    ("commune-figure-2025", layouts_answers::figures),
    ("death-2025", layouts_lists::dead),
    ("department-catalogue-01dm-2026", lists::departments),
    ("drug-catalogue-03dm-2026", lists::drugs),
    ("employer-worker-d02-2017", forms::workers),
    ("employer-worker-d02-366-2026", layouts_units::workers_366),
    ("facility-catalogue-2025", lists::facilities),
    ("facility-catalogue-portal-2018", lists::facilities_portal),
    ("household-list-2025", layouts_people::households),
    ("household-list-sections-2025", layouts_people::households_in_sections),
    ("household-member-188-2025", layouts_people::household_188),
    ("household-member-tk1-2017", layouts_people::household),
    ("icd-catalogue-06-2026", lists::icd),
    ("icd-catalogue-annex7-2025", lists::annex_7),
    ("identity-answer-2026", layouts_answers::identity_answers),
    ("labour-2026", layouts_people::workers),
    ("lookup-answer-2026", layouts_answers::lookup_answers),
    ("machine-catalogue-06dm-2026", lists::machines),
    ("occupation-catalogue-2026", lists::occupations),
    ("pension-payment-allowance-2025", layouts_social::allowances),
    ("pension-payment-c72a-2025", layouts_lists::pensions),
    ("police-uninsured-2026", layouts_social::uninsured),
    ("police-uninsured-one-scheme-2026", layouts_social::uninsured_one_scheme),
    ("police-uninsured-ticks-2026", layouts_social::uninsured_ticks),
    ("population-2025", layouts_first::population),
    ("pupils-2025", layouts_first::pupils),
    ("service-catalogue-05dm-2026", lists::services),
    ("service-component-2026", lists::components),
    ("social-allowance-20-2021", layouts_social::social_allowances),
    ("social-pension-176-2025", layouts_social::social_pensions),
    ("staff-catalogue-02dm-2026", lists::staff),
    ("supply-catalogue-04dm-2026", lists::supplies),
    ("supported-group-2025", layouts_lists::supported),
    ("tax-settlement-2021", layouts_first::settlement),
    ("taxpayer-household-2025", layouts_lists::household_businesses),
    ("taxpayer-status-2025", layouts_lists::taxpayers),
    ("tour-guide-2025", layouts_lists::guides),
    ("unit-code-map-2025", layouts_units::unit_codes),
    ("unit-ledger-2025", layouts_units::ledger),
    ("unit-month-c12-2017", forms::notice),
    ("voluntary-payment-d05-2017", forms::voluntary),
];

#[test]
fn every_layout_has_an_example() {
    let with: BTreeSet<&str> = EXAMPLES.iter().map(|(id, _)| *id).collect();
    let all: BTreeSet<&str> = layouts().all().iter().map(|l| l.id.as_str()).collect();
    let without: Vec<&&str> = all.difference(&with).collect();
    assert!(without.is_empty(), "write an awkward file for {without:?} and name it in EXAMPLES");
    let gone: Vec<&&str> = with.difference(&all).collect();
    assert!(gone.is_empty(), "no layout {gone:?}");
}

#[test]
fn every_example_is_awkward_and_finds_its_layout() {
    for (id, file) in EXAMPLES {
        let read = read("vi du", &file()).unwrap_or_else(|e| panic!("{id}: {e}"));
        assert_eq!(read.report.layout, id);
        assert!(read.report.stored > 0, "{id}: nothing was taken in");
        assert!(read.report.quarantined > 0, "{id}: no row came back");
        assert!(read.report.passed_over > 0, "{id}: nothing around the table");
        let first = read.column("source_row")[0].parse::<u64>().unwrap();
        assert!(first > 2, "{id}: no title above the header");
    }
}

#[test]
fn every_refused_row_of_the_examples_tells_the_clerk_where_and_why() {
    for (id, file) in EXAMPLES {
        let report = read("vi du", &file()).unwrap().report;
        let sheet = String::from_utf8(intake::rejects_csv(&report)).unwrap();
        for reject in &report.rejects {
            assert!(sheet.contains(reject.reason.vi()), "{id}: {reject:?}");
            assert!(reject.source_row > 2, "{id}: {reject:?}");
        }
    }
}
