//! The law as it ships.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use base::{Date, Dong};
use law::{Confidence, Held, Law, Unit, Value};

/// The files of `law/`, as path inside the folder and text.
static FILES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let parts: Vec<&str> = path.strip_prefix(&root).unwrap().iter().map(|part| part.to_str().unwrap()).collect();
                files.push((parts.join("/"), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files
});

static LAW: LazyLock<Law> = LazyLock::new(|| load(&FILES));

/// The law as it ships.
pub fn law() -> &'static Law {
    &LAW
}

/// The files as they ship.
pub fn files() -> &'static [(String, String)] {
    &FILES
}

/// Loads files, or shows every fault.
pub fn load(files: &[(String, String)]) -> Law {
    Law::load(files.iter().map(|(path, text)| (path.as_str(), text.as_str()))).unwrap_or_else(|errors| panic!("{errors}"))
}

fn on(key: &str, day: &str, selector: Option<&str>) -> Option<Value> {
    law().at(key, day.parse().unwrap(), selector).unwrap_or_else(|error| panic!("{error}")).cloned()
}

fn dong(amount: i64) -> Option<Value> {
    Some(Value::Dong(Dong::new(amount)))
}

fn rate(text: &str) -> Option<Value> {
    Some(Value::Rate(text.parse().unwrap()))
}

fn codes(text: &str) -> Option<Value> {
    Some(Value::Code(text.to_owned()))
}

#[test]
fn every_parameter_says_what_it_is_and_where_it_stands() {
    assert!(law().parameters().count() >= 20);
    for parameter in law().parameters() {
        let key = &parameter.key;
        assert!(parameter.description.vi.chars().count() >= 15, "{key}: Vietnamese description");
        assert!(parameter.description.en.chars().count() >= 15, "{key}: English description");
        assert!(!parameter.description.vi.is_ascii(), "{key}: Vietnamese is written with its marks");
        assert!(parameter.description.en != parameter.description.vi, "{key}: the English is a translation");
        assert!(!parameter.values.is_empty(), "{key}");
        for dated in &parameter.values {
            let reference = &dated.reference;
            assert!(!reference.law.is_ascii(), "{key} {}: `{}` names no Vietnamese law", dated.from, reference.law);
            assert!(reference.article.is_some() || reference.note.is_some(), "{key} {}: article", dated.from);
        }
    }
}

#[test]
fn a_doubtful_value_says_what_the_doubt_is() {
    let mut seen = 0;
    for (parameter, dated) in law().doubtful() {
        assert!(matches!(dated.confidence, Confidence::C | Confidence::U));
        assert!(dated.note.is_some(), "{} {}: a note must tell the doubt", parameter.key, dated.from);
        seen += 1;
    }
    assert!(seen > 0);
    assert!(law().doubtful().any(|(parameter, _)| parameter.key == "late.count_rule"));
}

#[test]
fn the_reference_level_rose_on_the_first_of_july_2026() {
    assert_eq!(on("bhxh.reference_level", "2024-06-30", None), dong(1_800_000));
    assert_eq!(on("bhxh.reference_level", "2024-07-01", None), dong(2_340_000));
    assert_eq!(on("bhxh.reference_level", "2026-06-30", None), dong(2_340_000));
    assert_eq!(on("bhxh.reference_level", "2026-07-01", None), dong(2_530_000));
}

#[test]
fn minimum_wages_by_region() {
    let all = |day| ["I", "II", "III", "IV"].map(|region| on("wage.regional_minimum", day, Some(region)));
    assert_eq!(all("2025-12-31"), [4_960_000, 4_410_000, 3_860_000, 3_450_000].map(dong));
    assert_eq!(all("2026-01-01"), [5_310_000, 4_730_000, 4_140_000, 3_700_000].map(dong));
}

#[test]
fn contract_months_of_the_two_insurances() {
    let months = |count| Some(Value::Int(count));
    assert_eq!(on("bhxh.compulsory.min_contract_months", "2025-06-30", None), months(1));
    assert_eq!(on("bhxh.compulsory.min_contract_months", "2026-10-31", None), months(1));
    assert_eq!(on("bhtn.min_contract_months", "2025-12-31", None), months(3));
    assert_eq!(on("bhtn.min_contract_months", "2026-01-01", None), months(1));
}

#[test]
fn household_premiums_of_the_paper_come_out() {
    // Twelve months for five members at 2,530,000: 4,371,840 đồng.
    let day = "2026-07-01";
    let level = law().at("bhxh.reference_level", day.parse().unwrap(), None).unwrap().unwrap().dong().unwrap();
    let first = level.at_rate(on("bhyt.rate", day, None).unwrap().rate().unwrap()).unwrap();
    let months: Vec<i64> = ["1", "2", "3", "4", "5"]
        .map(|order| first.at_rate(on("bhyt.household_step", day, Some(order)).unwrap().rate().unwrap()).unwrap().get())
        .to_vec();
    assert_eq!(months, [113_850, 79_695, 68_310, 56_925, 45_540]);
    assert_eq!(months.iter().sum::<i64>() * 12, 4_371_840);
}

#[test]
fn a_contract_worker_pays_ten_and_a_half_percent_and_costs_twenty_one_and_a_half() {
    let sum = |keys: &[&str]| -> i128 {
        keys.iter().map(|key| on(key, "2026-08-01", Some("worker")).unwrap().rate().unwrap().hundred_millionths()).sum()
    };
    let person = ["bhxh.contribution.pension_person", "bhyt.contribution.person", "bhtn.contribution.person"];
    let unit = [
        "bhxh.contribution.pension_unit",
        "bhxh.contribution.sickness_unit",
        "bhxh.contribution.accident_unit",
        "bhyt.contribution.unit",
        "bhtn.contribution.unit",
    ];
    assert_eq!(sum(&person), 10_500_000);
    assert_eq!(sum(&unit), 21_500_000);
}

#[test]
fn the_bhyt_rate_is_the_sum_of_its_shares_on_every_day_of_change() {
    let whole = law().parameter("bhyt.rate").unwrap();
    let shares = ["bhyt.contribution.person", "bhyt.contribution.unit"].map(|key| law().parameter(key).unwrap());
    for dated in whole.values.iter().chain(&shares[0].values) {
        let sum: i128 =
            shares.iter().map(|p| p.at(dated.from, Some("worker")).unwrap().unwrap().rate().unwrap().hundred_millionths()).sum();
        assert_eq!(sum, whole.at(dated.from, None).unwrap().unwrap().rate().unwrap().hundred_millionths(), "{}", dated.from);
    }
}

#[test]
fn support_of_state_and_city_is_a_share_of_the_premium() {
    for key in ["bhyt.support.state", "hanoi.bhyt.support", "voluntary.support.state", "hanoi.voluntary.support"] {
        let parameter = law().parameter(key).unwrap();
        for word in &parameter.selector.as_ref().unwrap().values {
            for (from, value) in parameter.steps(Some(word)).unwrap() {
                let share = value.map_or(0, |v| v.rate().unwrap().hundred_millionths());
                assert!((0..=100_000_000).contains(&share), "{key} {word} {from}");
            }
        }
    }
}

#[test]
fn a_scale_asks_for_the_step_a_number_stands_on() {
    let low = |workers: &str| on("fine.evasion.low", "2026-09-10", Some(workers));
    assert_eq!(low("0"), low("9"));
    assert_eq!(low("9"), dong(6_000_000));
    assert_eq!(low("10"), dong(12_000_000));
    assert_eq!(low("5000"), low("1000"));
    assert!(law().at("fine.evasion.low", "2026-09-10".parse().unwrap(), Some("-1")).is_err());
    assert!(law().at("fine.evasion.low", "2026-09-10".parse().unwrap(), Some("many")).is_err());
}

#[test]
fn retirement_ages_follow_the_table_of_the_code() {
    let age = |day, sex| on("bhxh.retirement_age_months", day, Some(sex)).unwrap().int().unwrap();
    let months = |years: i32, months: i32| years * 12 + months;
    assert_eq!(age("2020-12-31", "male"), months(60, 0));
    assert_eq!(age("2021-01-01", "male"), months(60, 3));
    assert_eq!(age("2025-12-31", "male"), months(61, 3));
    assert_eq!(age("2026-01-01", "male"), months(61, 6));
    assert_eq!(age("2026-12-31", "female"), months(57, 0));
    assert_eq!(age("2027-01-01", "female"), months(57, 4));
    assert_eq!(age("2028-01-01", "male"), months(62, 0));
    assert_eq!(age("2034-12-31", "female"), months(59, 8));
    assert_eq!(age("2050-01-01", "female"), months(60, 0));
    assert_eq!(age("2050-01-01", "male"), months(62, 0));
}

#[test]
fn pupils_support_and_near_poor_level_on_both_sides_of_their_days() {
    assert_eq!(on("bhyt.support.state", "2025-08-14", Some("pupil")), rate("0.3"));
    assert_eq!(on("bhyt.support.state", "2025-08-15", Some("pupil")), rate("0.5"));
    assert_eq!(on("bhyt.level.by_holder", "2025-12-31", Some("near_poor")), rate("0.95"));
    assert_eq!(on("bhyt.level.by_holder", "2026-01-01", Some("near_poor")), rate("1"));
    assert_eq!(on("hanoi.bhyt.elderly_from_years", "2026-06-30", None), Some(Value::Int(70)));
    assert_eq!(on("hanoi.bhyt.elderly_from_years", "2026-07-01", None), Some(Value::Int(60)));
    assert_eq!(on("poverty.line", "2026-12-31", Some("rural")), dong(1_500_000));
    assert_eq!(on("poverty.line", "2027-01-01", Some("rural")), dong(2_200_000));
    assert_eq!(on("bhyt.due_in_unpaid_month", "2026-05-31", None), Some(Value::Flag(false)));
    assert_eq!(on("bhyt.due_in_unpaid_month", "2026-06-01", None), Some(Value::Flag(true)));
}

#[test]
fn break_and_waiting_days_and_card_codes() {
    assert_eq!(on("bhyt.break_days", "2026-10-31", None), Some(Value::Int(90)));
    assert_eq!(on("bhyt.waiting_days", "2026-10-31", None), Some(Value::Int(30)));
    assert_eq!(on("bhyt.object.household", "2026-10-31", None), codes("GD"));
    assert_eq!(on("bhyt.object.pupil", "2026-10-31", None), codes("HS,SV"));
    assert_eq!(on("bhyt.object.pensioner", "2026-10-31", None), codes("HT"));
    assert_eq!(on("bhyt.object.armed_forces", "2026-10-31", None), codes("QN,CA,CY"));
}

#[test]
fn no_card_code_belongs_to_two_groups_and_every_named_code_has_a_group() {
    let day = "2026-10-31";
    let mut seen: Vec<String> = Vec::new();
    for group in ["1", "2", "3", "4", "5"] {
        seen.extend(on("bhyt.object.group", day, Some(group)).unwrap().codes().map(str::to_owned));
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all);
    for parameter in law().parameters().filter(|p| p.key.starts_with("bhyt.object.") && p.selector.is_none()) {
        assert_eq!(parameter.unit, Unit::Codes);
        for code in parameter.at(day.parse().unwrap(), None).unwrap().unwrap().codes() {
            assert!(seen.iter().any(|known| known == code), "{}: {code} is in no group", parameter.key);
        }
    }
}

#[test]
fn the_clocks_of_the_claims_audit_run_from_the_circular_on() {
    // Circular 12/2026/TT-BTC, in force from 10 February 2026: articles 9 to 15, read in one research paper (marked C).
    for (key, value) in [
        ("auto_working_days", 7),
        ("answer_working_days", 3),
        ("notice_working_days", 3),
        ("files_working_days", 3),
        ("minutes_working_days", 2),
        ("correct_working_days", 2),
        ("portal_late_hours", 6),
        ("portal_structure_hours", 24),
        ("portal_totals_hours", 48),
        ("warning_day", 15),
        ("facility_review_days", 10),
        ("settle_sign_working_days", 2),
        ("settle_pay_working_days", 3),
    ] {
        let key = format!("bhyt.review.{key}");
        assert_eq!(on(&key, "2026-02-10", None), Some(Value::Int(value)), "{key}");
        assert!(law().at(&key, "2026-02-09".parse().unwrap(), None).is_err(), "{key} before the circular");
    }
}

#[test]
fn the_term_of_an_appeal_is_not_known_and_says_so() {
    // Decree 188/2025, article 51, is in force from 15 August 2025; its text was not read.
    assert_eq!(on("bhyt.review.appeal_days", "2026-11-30", None), None);
    let (_, dated) = law().doubtful().find(|(parameter, _)| parameter.key == "bhyt.review.appeal_days").unwrap();
    assert_eq!(dated.confidence, Confidence::U);
}

#[test]
fn claim_data_are_due_seven_working_days_after_the_visit_and_before_day_five() {
    // Circular 48/2017/TT-BYT, article 7, in force from 1 March 2018.
    for (key, value) in [("bhyt.review.send_working_days", 7), ("bhyt.review.month_send_day", 5)] {
        assert_eq!(on(key, "2018-03-01", None), Some(Value::Int(value)), "{key}");
        assert!(law().at(key, "2018-02-28".parse().unwrap(), None).is_err(), "{key} before the circular");
    }
}

#[test]
fn a_paper_of_sick_leave_has_its_most_days_by_kind() {
    for (kind, days) in [("normal", 30), ("pregnancy_loss", 50), ("tuberculosis", 180)] {
        for day in ["2024-07-01", "2026-10-31"] {
            assert_eq!(on("sickness.paper_days", day, Some(kind)), Some(Value::Int(days)), "{kind} on {day}");
        }
    }
}

#[test]
fn a_school_year_has_its_name_first_and_last_day() {
    let date = |key: &str, day: &str| on(key, day, None).unwrap().date().unwrap();
    assert_eq!(on("school_year.name", "2026-09-04", None), codes("2025-2026"));
    assert_eq!(on("school_year.name", "2026-09-05", None), codes("2026-2027"));
    let name = law().parameter("school_year.name").unwrap();
    for dated in &name.values {
        let day = dated.from.to_string();
        let (first, last) = (date("school_year.first_day", &day), date("school_year.last_day", &day));
        assert_eq!(first, dated.from);
        let Held::One(Some(Value::Code(text))) = &dated.held else { panic!("a name for each year") };
        assert_eq!(*text, format!("{}-{}", first.year(), last.year()));
    }
}

#[test]
fn what_this_slice_asks_has_an_answer_from_2025_on() {
    // The wage rule looks at all months of the settlement year 2025; the rest at a period's end.
    let january: Date = "2025-01-01".parse().unwrap();
    for key in
        ["bhxh.compulsory.min_contract_months", "bhxh.compulsory.pensioner_excluded", "bhyt.object.pensioner", "school_year.name"]
    {
        assert!(law().at(key, january, None).unwrap().is_some(), "{key}");
    }
    assert!(law().at("wage.regional_minimum", january, Some("I")).unwrap().is_some());
}
