//! The same city again, and a plausible one.

use std::collections::{BTreeMap, BTreeSet};

use crate::share::{files, make, shared};

const SCALE: f64 = 0.0005;

#[test]
fn the_same_seed_writes_the_same_bytes_on_any_number_of_threads() {
    let threads = |n| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        pool.install(|| files(make(SCALE, 7, "2026-10", 1).path()))
    };
    let (one, four) = (threads(1), threads(4));
    assert_eq!(one.keys().collect::<Vec<_>>(), four.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(*bytes == four[name], "{name} differs");
    }
    assert_ne!(one, files(make(SCALE, 8, "2026-10", 1).path()));
}

#[test]
fn a_month_is_the_same_wherever_the_run_begins() {
    let (long, short) = (make(SCALE, 7, "2026-09", 2), make(SCALE, 7, "2026-10", 1));
    let (long, short) = (files(long.path()), files(short.path()));
    for (name, bytes) in short.iter().filter(|(name, _)| !name.ends_with("meta.json")) {
        assert!(*bytes == long[name], "{name} differs");
    }
    assert!(long.keys().any(|name| name.contains("2026-09")));
}

#[test]
fn files_come_when_agencies_have_them() {
    let march = make(0.0001, 1, "2026-03", 2);
    let rosters = |period: &str| -> BTreeSet<String> {
        march.summary.files.iter().filter(|f| f.period == period).map(|f| f.roster.clone()).collect()
    };
    assert!(!rosters("2026-03").contains("tax_settlement") && rosters("2026-04").contains("tax_settlement"));
    let april = &march.summary.files;
    assert!(april.iter().any(|f| f.roster == "tax_settlement" && f.file.contains("2025")));
    assert!(april.iter().filter(|f| f.roster == "pupils").all(|f| f.file.contains("2025-2026")));
}

#[test]
fn coverage_and_those_without_it_are_of_the_expected_size() {
    let made = shared();
    let period = &made.summary.periods[0];
    let coverage = period.covered as f64 / period.people as f64;
    assert!((0.94..0.96).contains(&coverage), "coverage {coverage}");
    assert!((17_000..18_200).contains(&period.people), "{}", period.people);

    let people = made.truth_lines("people_2026-10.csv");
    let here = people.iter().filter(|p| !["dead", "moved_away"].contains(&p[6].as_str()));
    assert_eq!(here.count() as u64, period.people);
    let covered: BTreeMap<&str, bool> = people.iter().map(|p| (p[0].as_str(), p[4] == "1")).collect();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for line in made.truth_lines("not_covered_2026-10.csv") {
        *reasons.entry(line[0].clone()).or_default() += 1;
        match line[0].as_str() {
            city::WAGE => assert_eq!(line[2].len(), 10, "the payer's tax code is the key"),
            "card-doubled" => assert!(line[2].starts_with("group_"), "{line:?}"),
            _ => assert_eq!(line[2], "", "{line:?}"),
        }
        assert!(!line[0].ends_with("without-card") || !covered[line[1].as_str()], "{line:?}");
    }
    let rare = ["poor-without-card", "social-pension-due-poor", "card-doubled", "double-support", "pensioner-without-card"];
    let usual = [
        "child-under-six-without-card",
        "near-poor-without-card",
        "supported-without-card",
        "left-school-without-card",
        "job-ended-without-card",
        "household-member-without-card",
        "labour-without-compulsory",
        "guide-without-compulsory",
        "business-owner-due",
        "manager-due",
        "social-pension-due",
        "support-not-given",
        "card-of-dead",
        "turning-six",
        "voluntary-below-floor",
    ];
    assert!(usual.iter().all(|reason| reasons.get(*reason).is_some_and(|n| *n >= 2)), "{reasons:?}");
    let known: BTreeSet<&str> = usual.iter().chain(&rare).copied().chain([city::PUPIL, city::LAPSED, city::WAGE]).collect();
    assert!(reasons.keys().all(|reason| known.contains(reason.as_str())), "{reasons:?}");
    let share = |reason: &str| reasons[reason] as f64 / period.people as f64;
    assert!((0.002..0.010).contains(&share(city::PUPIL)), "{reasons:?}");
    assert!((0.005..0.030).contains(&share(city::LAPSED)), "{reasons:?}");
    assert!((0.002..0.015).contains(&share(city::WAGE)), "{reasons:?}");
}

#[test]
fn the_population_file_is_clean_and_every_id_in_it_is_its_own() {
    let made = shared();
    let file = made.summary.files.iter().find(|f| f.roster == "population").unwrap();
    let text = std::fs::read_to_string(made.roster_file("2026-10", &file.file)).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("the file begins with a byte-order mark");
    let people: BTreeMap<String, Vec<String>> =
        made.truth_lines("people_2026-10.csv").into_iter().map(|p| (p[0].clone(), p)).collect();
    let truth = made.truth_lines("rows_2026-10_population.csv");
    let broken: BTreeSet<String> =
        made.truth_lines("broken_2026-10.csv").iter().filter(|b| b[0] == file.file).map(|b| b[1].clone()).collect();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len() - 1, truth.len());
    let (mut twelve, mut right_date, mut agree, mut ids) = (0, 0, 0, BTreeSet::new());
    for row in truth.iter().filter(|row| !broken.contains(&row[1])) {
        let number: usize = row[1].parse().unwrap();
        let cells: Vec<&str> = lines[number - 1].split(',').collect();
        let person = &people[&row[2]];
        let [year, month, day] = person[2].split('-').collect::<Vec<_>>().try_into().unwrap();
        right_date += usize::from(cells[3] == format!("{day}/{month}/{year}"));
        if cells[1].len() == 12 {
            twelve += 1;
            ids.insert(cells[1].to_owned());
            let id = base::PersonalId::parse(cells[1]).unwrap();
            let female = person[3] == "female";
            agree += usize::from(id.birth_year().to_string() == year && (id.sex() == base::Sex::Female) == female);
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    assert!(share(twelve, truth.len()) > 0.97, "{}", share(twelve, truth.len()));
    assert!(share(right_date, truth.len()) > 0.985, "{}", share(right_date, truth.len()));
    assert!(share(agree, twelve) > 0.98, "{}", share(agree, twelve));
    // Only an id borrowed within a family or mistyped can stand twice.
    assert!(share(ids.len(), twelve) > 0.998, "{} of {twelve}", ids.len());
}
