//! Figures that fill themselves: every measure has one, wrong ones are told.

use plan::data::{Known, PlanData, Words};
use plan::figures::{FILE, Source, load};

fn own(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../plan/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn plan() -> PlanData {
    PlanData::load("plan", &own("hanoi-2026-2030.yaml"), Known::default()).unwrap()
}

#[test]
fn every_measure_of_the_plan_has_its_figure() {
    let (text, plan) = (own(FILE), plan());
    let figures = load(&[(FILE, &text)], &plan).unwrap();
    for measure in plan.tasks.iter().flat_map(|task| &task.measures) {
        let own = figures.iter().filter(|figure| figure.measure.as_ref() == Some(&measure.id)).count();
        assert_eq!(own, 1, "{}", measure.id);
    }
    let of_2f: Vec<&str> = figures.iter().filter(|f| f.tasks == ["2f"]).map(|f| f.id.as_str()).collect();
    assert_eq!(of_2f, ["pupils-with-card", "pupils-without-card"]);
}

#[test]
fn an_indicator_lies_in_the_common_table_or_in_the_one_that_is_named() {
    let head = "figures:\n  - {id: a, tasks: [5d], name: Một, unit: count, indicator: T5d";
    let read = |more: &str| load(&[(FILE, &format!("{head}{more}}}"))], &plan()).unwrap().remove(0).source;
    let of = |table: &str, waits: Option<Words>| Source::Indicator { id: "T5d".into(), table: table.into(), waits };
    assert_eq!(read(""), of("indicator", None));
    let waits = Words { vi: "Cần hồ sơ".into(), en: Some("Needs claims".into()) };
    let named = ", table: claim_indicator, waits: {vi: Cần hồ sơ, en: Needs claims}";
    assert_eq!(read(named), of("claim_indicator", Some(waits)));
}

#[test]
fn wrong_figures_are_told() {
    let plan = plan();
    let told = |text: &str| load(&[(FILE, text)], &plan).unwrap_err().to_string();
    let head = "figures:\n  - {id: a, tasks: [2a], name: Một, unit: count";
    assert_eq!(told(&format!("{head}}}")), "a: needs one of indicator, query, desk, waits");
    assert_eq!(told(&format!("{head}, query: SELECT 1}}")), "a: a query needs the tables it reads");
    assert_eq!(told(&format!("{head}, indicator: I1, opens: \"//x\"}}")), "a: opens is no path of this portal");
    assert_eq!(told(&format!("{head}, desk: targets, table: x}}")), "a: only an indicator lies in a table");
    assert_eq!(
        told("figures:\n  - {id: a, tasks: [2a], indicator: I1}"),
        "a: needs either measure alone, or tasks, name and unit"
    );
    assert!(told("figures:\n  - {id: a, sql: x}").contains("sql"), "an unknown key is no key");
}

#[test]
fn figures_of_another_plan_are_left_out() {
    let text =
        "figures:\n  - {id: a, measure: nowhere, indicator: I1}\n  - {id: b, tasks: [99], name: B, unit: count, desk: targets}";
    assert_eq!(load(&[(FILE, text)], &plan()).unwrap(), []);
}
