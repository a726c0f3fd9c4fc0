//! Employers: their truth, their rosters, and how joining them is scored.

use std::collections::{BTreeMap, BTreeSet};

use calamine::{Data, Reader, Xlsx, open_workbook};
use city::{Predicted, PredictedEmployerFinding, PredictedEmployerRow, score};

use crate::share::{Made, shared};

const ROSTERS: [&str; 5] = ["business", "taxpayer", "unit_month", "unit_ledger", "unit_code_map"];

fn employers(made: &Made) -> BTreeMap<i64, Vec<String>> {
    made.truth_lines("employers_2026-10.csv").into_iter().map(|line| (line[0].parse().unwrap(), line)).collect()
}

/// Cells of the truth's rows of a workbook, with whose they are.
fn cells(made: &Made, truth: &str, file: &str) -> Vec<(i64, Vec<Data>)> {
    let mut book: Xlsx<_> = open_workbook(made.roster_file("2026-10", file)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let lines = made.truth_lines(truth).into_iter().filter(|line| line[0] == file);
    lines
        .map(|line| {
            let row: u32 = line[1].parse().unwrap();
            let width = sheet.width() as u32;
            let cells = (0..width).map(|c| sheet.get_value((row - 1, c)).cloned().unwrap_or_default()).collect();
            (line[2].parse().unwrap(), cells)
        })
        .collect()
}

fn number(cell: &Data) -> i64 {
    cell.to_string().parse().unwrap_or_else(|_| panic!("{cell:?} is no number"))
}

fn file_of(made: &Made, roster: &str, stem: &str) -> String {
    made.summary.files.iter().find(|f| f.roster == roster && f.file.starts_with(stem)).unwrap().file.clone()
}

#[test]
fn every_line_of_the_ledger_adds_up_and_is_the_debt_of_the_truth() {
    let made = shared();
    let employers = employers(made);
    let rows = cells(made, "employer_rows_2026-10_unit_ledger.csv", &file_of(made, "unit_ledger", "Tong_hop"));
    assert!(rows.len() > 150, "{}", rows.len());
    for (employer, cells) in &rows {
        let truth = &employers[employer];
        let [workers, wages, opening, due, paid, closing, late] = [6, 7, 8, 9, 10, 11, 12].map(|c| number(&cells[c]));
        assert_eq!(opening + due - paid, closing, "{cells:?}");
        assert_eq!((late.to_string(), closing.to_string()), (truth[8].clone(), truth[9].clone()), "{truth:?}");
        if truth[2] == "household" {
            assert_eq!(due, wages * 295 / 1_000);
        } else {
            assert_eq!(workers.to_string(), truth[5]);
            // Each of four funds is rounded to a đồng.
            assert!((due - wages * 320 / 1_000).abs() <= 4, "{cells:?}");
        }
    }
    let late = rows.iter().filter(|(_, cells)| number(&cells[12]) > 0).count() as f64 / rows.len() as f64;
    assert!((0.55..0.80).contains(&late), "most units owe at least the month: {late}");
}

#[test]
fn planted_evaders_show_in_the_truth_of_people_and_nowhere_among_the_insured() {
    let made = shared();
    let employers = employers(made);
    let by_code: BTreeMap<&str, &Vec<String>> = employers.values().map(|e| (e[1].as_str(), e)).collect();
    let never: BTreeSet<&str> = employers.values().filter(|e| e[6] == "never-registers").map(|e| e[1].as_str()).collect();
    assert!(never.len() >= 4, "{}", never.len());
    let insured = cells(made, "rows_2026-10_bhxh_participation.csv", &file_of(made, "bhxh_participation", "Qua"));
    assert!(insured.iter().all(|(_, cells)| !never.contains(cells[6].to_string().as_str())));
    for evader in employers.values().filter(|e| !e[6].is_empty()) {
        let [present, workers] = [&evader[4], &evader[5]].map(|n| n.parse::<i64>().unwrap());
        match evader[6].as_str() {
            "never-registers" => assert!(workers == 0 && present > 0, "{evader:?}"),
            "under-insures" => assert!(present > 0 && evader[7].is_empty(), "{evader:?}"),
            other => assert_eq!(other, "wage-floor"),
        }
    }
    // Who is paid without insurance is paid by an evader, or got a fee.
    let payers: Vec<String> =
        made.truth_lines("not_covered_2026-10.csv").into_iter().filter(|l| l[0] == city::WAGE).map(|l| l[2].clone()).collect();
    let evading = payers.iter().filter(|code| !by_code[code.as_str()][6].is_empty()).count();
    assert!(evading * 100 / payers.len() > 35, "{evading} of {}", payers.len());
}

#[test]
fn honest_look_alikes_are_planted_beside_evaders() {
    let made = shared();
    let employers = employers(made);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for employer in employers.values().filter(|e| !e[7].is_empty()) {
        assert_eq!(employer[6], "", "nobody evades and only looks like it: {employer:?}");
        *kinds.entry(employer[7].as_str()).or_default() += 1;
    }
    assert!(["not-obliged", "seasonal", "insured-at-parent"].iter().all(|kind| kinds.contains_key(kind)), "{kinds:?}");
    for branch in employers.values().filter(|e| e[7] == "insured-at-parent") {
        assert!(branch[1].len() == 14 && branch[5] == "0", "{branch:?}");
        assert!(employers.values().any(|e| e[1] == branch[1][..10]), "its company is on the list");
    }
}

#[test]
fn owners_of_household_businesses_are_people_of_the_city() {
    let made = shared();
    let people: BTreeMap<String, Vec<String>> =
        made.truth_lines("people_2026-10.csv").into_iter().map(|p| (p[0].clone(), p)).collect();
    let owners = made.truth_lines("owners_2026-10.csv");
    let active: Vec<&Vec<String>> = owners.iter().filter(|o| o[4] == "active").collect();
    assert!((400..700).contains(&active.len()), "about 600 at this size, here {}", active.len());
    for owner in &active {
        let id = base::PersonalId::parse(&owner[2]).unwrap();
        let person = &people[&owner[0]];
        assert!((id.birth_year() - person[2][..4].parse::<i32>().unwrap()).abs() <= 3, "{owner:?} {person:?}");
        assert_eq!(owner[6] == "1", !owner[7].is_empty());
        assert!(owner[6] == "0" || owner[5] == "obliged" || owner[5] == "doubtful", "{owner:?}");
    }
    assert!(active.iter().any(|o| o[5] == "obliged" && o[6] == "0") && active.iter().any(|o| o[6] == "1"));
    let rows = cells(made, "employer_rows_2026-10_taxpayer.csv", &file_of(made, "taxpayer", "Danh_sach_ho"));
    let by_employer: BTreeMap<i64, &Vec<String>> = owners.iter().map(|o| (o[1].parse().unwrap(), o)).collect();
    let own = rows.iter().filter(|(e, cells)| cells[1].to_string() == by_employer[e][2]).count();
    assert!((60..90).contains(&(own * 100 / rows.len())), "{own} of {} under the owner's number", rows.len());
}

#[test]
fn old_and_new_unit_codes_meet_in_the_map() {
    let made = shared();
    let text = std::fs::read_to_string(made.roster_file("2026-10", &file_of(made, "unit_code_map", "Bang"))).unwrap();
    let map: BTreeMap<&str, &str> = text.lines().skip(1).filter_map(|l| l.split(',').nth(1).zip(l.split(',').nth(2))).collect();
    let new: BTreeSet<&str> = map.values().copied().collect();
    let rows = cells(made, "rows_2026-10_bhxh_participation.csv", &file_of(made, "bhxh_participation", "Qua"));
    let codes: Vec<String> = rows.iter().map(|(_, cells)| cells[7].to_string()).collect();
    let old = codes.iter().filter(|c| c.len() == 7).count();
    assert!((10..35).contains(&(old * 100 / codes.len())), "{old} of {}", codes.len());
    assert!(codes.iter().all(|c| c.len() != 7 || map.contains_key(c.as_str())));
    let known = codes.iter().filter(|c| new.contains(c.as_str())).count();
    assert!(known * 100 / codes.len() > 50);
}

#[test]
fn declarations_and_notices_stand_in_the_rows_the_truth_names() {
    let made = shared();
    let declared: Vec<&city::FileSummary> = made.summary.files.iter().filter(|f| f.roster == "employer_worker").collect();
    assert!(!declared.is_empty());
    for file in declared {
        let rows = cells(made, "rows_2026-10_employer_worker.csv", &file.file);
        assert_eq!(rows.len() as u64, file.rows);
        for (at, (_, cells)) in rows.iter().enumerate() {
            assert_eq!(cells[0].to_string(), (at + 1).to_string(), "{}", file.file);
            // The form of decision 366 has a column less before the way and two less after it.
            let (way, first) = if file.file.starts_with("D02-LT") { (7, 11) } else { (6, 8) };
            assert_eq!(
                cells[way] == *"GH",
                cells[first].to_string().is_empty(),
                "who leaves has a last month, who comes a first"
            );
        }
    }
    let notice = made.summary.files.iter().find(|f| f.roster == "unit_month").unwrap();
    let rows = cells(made, "employer_rows_2026-10_unit_month.csv", &notice.file);
    let line = |words: &str| {
        let (_, cells) = rows.iter().find(|(_, cells)| cells[1] == *words).unwrap();
        [2, 3, 4, 5, 6].map(|c| number(&cells[c]))
    };
    let (opening, due) = (line("A.2. Phải đóng còn thiếu"), line("B.3. Phải đóng"));
    let (paid, closing) = (line("C. Số tiền đã nộp trong kỳ"), line("Đ.2. Phải đóng còn thiếu"));
    for fund in 0..5 {
        assert_eq!(opening[fund] + due[fund] - paid[fund], closing[fund]);
    }
}

/// What a register without a fault would say of employers.
fn perfect(made: &Made) -> Predicted {
    let mut employer_rows = Vec::new();
    for roster in ROSTERS {
        for line in made.truth_lines(&format!("employer_rows_2026-10_{roster}.csv")) {
            let (row, employer): (u64, i64) = (line[1].parse().unwrap(), line[2].parse().unwrap());
            employer_rows.push(PredictedEmployerRow { roster: roster.into(), file: line[0].clone(), row, employer: -employer });
        }
    }
    let findings = made.truth_lines("employer_findings_2026-10.csv").into_iter();
    let employer_findings =
        findings.map(|l| PredictedEmployerFinding { reason: l[0].clone(), employer: -l[1].parse::<i64>().unwrap() }).collect();
    Predicted { period: "2026-10".parse().unwrap(), links: Vec::new(), findings: Vec::new(), employer_findings, employer_rows }
}

#[test]
fn joining_employers_is_scored_by_pairs_of_rows() {
    let made = shared();
    let mut predicted = perfect(made);
    let employers = |p: &Predicted| score(&made.truth(), p).unwrap().employers.unwrap();
    let best = employers(&predicted);
    assert_eq!((best.links.precision, best.links.recall, best.links.f1), (1.0, 1.0, 1.0));
    assert_eq!(best.by_roster.keys().map(String::as_str).collect::<BTreeSet<_>>(), ROSTERS.into());

    // Half of the ledger is not recognised.
    for (at, row) in predicted.employer_rows.iter_mut().filter(|r| r.roster == "unit_ledger").enumerate() {
        row.employer -= if at % 2 == 0 { 10_000_000 } else { 0 };
    }
    let half = employers(&predicted);
    let ledger = half.by_roster["unit_ledger"];
    assert!((0.45..0.55).contains(&ledger.recall) && ledger.precision == 1.0, "{ledger:?}");
    assert!(half.by_roster["business"].recall > 0.8 && half.links.recall < 1.0);

    // Everything is one employer.
    predicted.employer_rows.iter_mut().for_each(|row| row.employer = 1);
    let lump = employers(&predicted).links;
    assert!(lump.precision < 0.01 && lump.recall == 1.0, "{lump:?}");

    predicted.employer_rows.clear();
    assert!(score(&made.truth(), &predicted).unwrap().employers.is_none(), "nothing was joined, nothing is scored");
}

#[test]
fn findings_about_employers_are_scored_by_reason_and_true_employer() {
    let made = shared();
    let mut predicted = perfect(made);
    let findings = |p: &Predicted| score(&made.truth(), p).unwrap().employer_findings.unwrap();
    let best = findings(&predicted);
    // A row planted to be refused takes its employer with it, hence not quite one.
    assert!(best.recall > 0.98 && best.precision > 0.98, "{best:?}");
    let reasons = ["employer-founded-not-registered", "employer-insuring-fewer", "employer-paying-not-registered"];
    assert_eq!(best.by_reason.keys().map(String::as_str).collect::<Vec<_>>(), reasons);
    assert!(best.by_reason.values().all(|r| r.true_count > 0), "{best:?}");
    let json = serde_json::to_value(best.by_reason[reasons[0]]).unwrap();
    assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), ["found", "precision", "recall", "true"]);

    // Named under another reason, an employer is not found.
    for finding in predicted.employer_findings.iter_mut().filter(|f| f.reason == reasons[1]) {
        finding.reason = reasons[2].to_owned();
    }
    let wrong = findings(&predicted);
    assert_eq!(wrong.by_reason[reasons[1]].found, 0);
    assert!(wrong.by_reason[reasons[2]].precision < 1.0 && wrong.by_reason[reasons[0]].recall > 0.98);

    predicted.employer_rows.clear();
    assert!(score(&made.truth(), &predicted).unwrap().employer_findings.is_none());
}
