//! People of employers, written by hand.

use super::EmployerCountsStep;
use crate::testing::{Desk, Tables};

/// Employer 10 is Công ty A, employer 20 Cơ sở B, whom rosters know by name alone.
const GIVEN: Tables = &[
    ("employer", "employer_id, key\n 10, 0100000001\n 20, b"),
    (
        "employer_mention",
        "roster, tax_code, unit_code, name, employer_id
        bhxh_participation, 0100000001, TA0001A, Công ty A, 10
        labour, , , Cơ sở B, 20
        tax_settlement, , , Cơ sở B, 20
        tax_settlement, 0100000001, , Công ty A, 10",
    ),
    (
        "employer_link",
        "roster, source_file, source_row, employer_id\n unit_ledger, unit_ledger.xlsx, 7, 10\n unit_ledger, unit_ledger.xlsx, 8, 10",
    ),
    (
        "bhxh_month",
        "person_id, employer_tax_code, employer_code, employer_name, month
        1, 0100000001, TA0001A, Công ty A, 2025-05-01
        1, 0100000001, TA0001A, Công ty A, 2026-10-01
        3, 0100000001, TA0001A, Công ty A, 2025-01-01",
    ),
    (
        "tax_wage",
        "person_id, payer_tax_code, payer_name, year, total_income
        1, 0100000001, Công ty A, 2025, 100000000
        2, 0100000001, Công ty A, 2025, 50000000
        3, , Cơ sở B, 2025, 50000000
        4, 0100000001, Công ty A, 2025, 50000000
        6, 0100000001, Công ty A, 2025, 14879999
        7, 0100000001, Công ty A, 2024, 50000000",
    ),
    ("pension", "person_id, month, benefit_code\n 4, 2026-10-01, pension"),
    (
        "labour",
        "person_id, work_code, employer_name\n 5, employee, Cơ sở B\n 6, unemployed, Cơ sở B\n 7, employee, Cơ sở không rõ",
    ),
];

const COUNTS: &str = "SELECT employer_id, insured_now, insured_year, paid_year, paid_uninsured, paid_insured_elsewhere, registered_labour, \
                      ledger_workers, ledger_debt, months_late FROM employer_count ORDER BY employer_id";

#[test]
fn people_are_counted_where_they_are_insured_paid_and_registered() {
    let mut desk = Desk::new();
    desk.roster("unit_ledger", "source_row:int, month:date, workers:int, closing_debt:int, months_late:int\n 7, 2026-10-01, 3, 500, 24000\n 8, 2026-10-01, 2, , 35000\n 9, 2026-10-01, 99, 99, 0");
    desk.run("2026-10", GIVEN, vec![Box::new(EmployerCountsStep)]);
    // Three minimum wages of 2025 are 14,880,000 đồng: the sixth person was paid one đồng less.
    assert_eq!(desk.lines(COUNTS), ["10 | 1 | 2 | 4 | 1 | 0 | 0 | 5 | 500 | 3", "20 | 0 | 0 | 1 | 0 | 1 | 1 | - | - | -"]);
}

#[test]
fn without_months_or_wages_nothing_is_counted() {
    for missing in ["bhxh_month", "tax_wage"] {
        let given: Vec<_> = GIVEN.iter().filter(|(table, _)| *table != missing).copied().collect();
        let mut desk = Desk::new();
        desk.run("2026-10", &given, vec![Box::new(EmployerCountsStep)]);
        assert!(!desk.tables().contains(&"employer_count".to_owned()), "{missing}");
    }
}
