//! The plan as data: the file this project carries, faults with their places, and imported plans written as data.

use std::collections::BTreeSet;

use plan::data::{Known, PlanData, indicator_ids, yaml};
use plan::rhythm::Rhythm;

use crate::support::{data, good, read};

fn indicators() -> Vec<String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../plan/indicators.yaml")).unwrap();
    indicator_ids("indicators.yaml", &text).unwrap()
}

fn own() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../plan/hanoi-2026-2030.yaml")).unwrap()
}

fn rosters() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../formats/rosters");
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    files.filter_map(|text| text.lines().find_map(|line| line.strip_prefix("roster: ").map(str::to_owned))).collect()
}

pub fn hanoi() -> PlanData {
    let rosters = rosters();
    let rosters: Vec<&str> = rosters.iter().map(String::as_str).collect();
    let indicators = indicators();
    assert_eq!(indicators.len(), 9);
    let indicators: Vec<&str> = indicators.iter().map(String::as_str).collect();
    let known = Known { indicators: Some(&indicators), rosters: Some(&rosters) };
    PlanData::load("plan/hanoi-2026-2030.yaml", &own(), known).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_plan_of_the_city_has_its_tasks_duties_and_figures() {
    let plan = hanoi();
    assert_eq!((plan.tasks.len(), plan.groups.len()), (34, 8));
    assert_eq!((&plan.number, plan.date), (&None, None), "the copy is not signed");
    // The seventeen parties of section IV, each with something to do.
    let parties: Vec<&str> = plan.units.iter().filter(|unit| unit.place.is_some()).map(|unit| unit.id.as_str()).collect();
    let owing: BTreeSet<&str> = plan.duties.iter().map(|duty| duty.from.as_str()).collect();
    assert_eq!(parties.len(), 17);
    assert!(parties.iter().all(|party| owing.contains(party)), "{owing:?}");
    assert!(plan.tasks.iter().all(|task| task.leads.len() == 1 && task.product.is_some() && !task.rhythms.is_empty()));
    assert!(plan.tasks.iter().all(|task| task.content.en.is_some() && task.group.as_deref() == Some(&task.id[..1])));
    let measure = |task: &str, id: &str| plan.task(task).unwrap().measures.iter().find(|m| m.id == id).unwrap().clone();
    let count = |n: &str| n.parse().unwrap();
    let employers = measure("4b", "employers-checked");
    assert_eq!(
        (employers.is_reached(count("500")), employers.is_reached(count("501"))),
        (Some(false), Some(true)),
        "more than 500"
    );
    let cases = measure("4c", "units-prosecuted");
    assert_eq!([1, 2, 5, 6].map(|n| cases.is_reached(count(&n.to_string()))), [Some(false), Some(true), Some(true), Some(false)]);
    assert_eq!(measure("6b", "paid-by-account").is_reached(count("0.99")), None, "the plan aims at it and draws no line");
}

#[test]
fn two_rhythms_of_one_roster_are_both_kept_with_their_places() {
    let plan = hanoi();
    let duty = plan.duties.iter().find(|duty| duty.id == "finance-businesses").unwrap();
    let shown = |one: Option<(&Rhythm, &str)>| one.map(|(rhythm, place)| format!("{rhythm} ({place})"));
    assert_eq!(shown(duty.reminder()).as_deref(), Some("Hằng tháng (III.2a)"));
    assert_eq!(shown(duty.obligation()).as_deref(), Some("Hằng năm (IV.4)"));
    let tax = plan.duties.iter().find(|duty| duty.id == "tax-settlement").unwrap();
    assert_eq!(shown(tax.obligation()).as_deref(), Some("Trước ngày 30/4 hằng năm (IV.5)"));
    let none = plan.duties.iter().find(|duty| duty.id == "departments-data").unwrap();
    assert_eq!((none.reminder(), none.obligation()), (None, None));
}

#[test]
fn faults_say_line_and_column_all_at_once() {
    let text = own()
        .replace("kind: police\n", "kind: polise\n")
        .replace("lead: cong-an\n", "lead: x\n")
        .replacen("group: \"1\"", "group: \"9\"", 1)
        .replacen("time: \"Quý IV hằng năm\"", "time: \"lúc nào đó\"", 1)
        .replacen("more_than: \"500\"", "more_than: \"0.5\"", 1)
        .replacen("indicators: [I1, I2, I3, I4]", "indicators: [I1, I99]", 1)
        .replacen("- {time: \"Hằng năm\", place: \"IV.4\"}", "- {time: \"quý IV\", place: \"IV.4\"}", 1)
        .replacen("id: \"2b\"", "id: \"2a\"", 1);
    let known = Known { indicators: Some(&["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"]), rosters: None };
    let errors = PlanData::load("a.yaml", &text, known).unwrap_err().0;
    assert_eq!(errors.len(), 8, "{errors:#?}");
    for error in &errors {
        // The place shows what is wrong.
        let line = text.lines().nth(usize::try_from(error.line).unwrap() - 1).unwrap();
        let there: String = line.chars().skip(usize::try_from(error.column).unwrap() - 1).collect();
        let wrong = ["polise", "\"9\"", "\"lúc", "\"0.5\"", "I99", "\"quý IV\"", "\"2a\"", "x"];
        assert!(wrong.iter().any(|wrong| there.starts_with(wrong)), "{error}: {there}");
    }
    for (from, to, part) in [
        ("first_year: 2026", "first_year: 2031", "first"),
        ("last_year: 2030", "lastyear: 2030", "lastyear"),
        ("document:", "dokument:", "dokument"),
    ] {
        let error = PlanData::load("a.yaml", &own().replacen(from, to, 1), Known::default()).unwrap_err();
        assert!(error.to_string().starts_with("a.yaml:") && error.to_string().contains(part), "{error}");
    }
    assert!(PlanData::load("a.yaml", "tasks: [", Known::default()).is_err());
}

#[test]
fn an_imported_plan_written_as_data_loads_as_the_same() {
    for name in ["song-thuong.txt", "dong-nguyen.txt"] {
        let imported = good(&data(name));
        let text = yaml(&imported);
        let plan = PlanData::load("plan.yaml", &text, Known::default()).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(plan.tasks.len(), imported.tasks.len());
        for (task, read) in plan.tasks.iter().zip(&imported.tasks) {
            let codes = |parties: &[plan::Party]| parties.iter().map(|party| party.code.clone()).collect::<Vec<_>>();
            assert_eq!((&task.id, &task.content.vi), (&read.id, &read.content));
            assert_eq!((&task.leads, &task.partners), (&codes(&read.leads), &codes(&read.partners)));
            assert_eq!(task.rhythms, read.rhythms);
            assert_eq!(task.product.as_ref().map(|product| &product.vi), read.product.as_ref());
        }
        let duties: usize = imported.assignments.iter().map(|one| one.duties.len()).sum();
        assert_eq!(plan.duties.len(), duties);
    }
    // Quotes, colons and signs of YAML in a text stay what they are.
    let odd = "I. NHIỆM VỤ\n1. Gọi \"1508\": #1 - {a, b} & *c \\ d\n- Chủ trì: Sở Y tế\n- Thời gian: sau khi có tiền\n";
    let imported = good(odd);
    let plan = PlanData::load("plan.yaml", &yaml(&imported), Known::default()).unwrap();
    assert_eq!(plan.tasks[0].content.vi, imported.tasks[0].content);
    assert!(matches!(plan.tasks[0].rhythms.as_slice(), [Rhythm::Unclear(words)] if words == "sau khi có tiền"));
}

/// The city's file against the text it stands for, where somebody has it.
#[test]
fn the_file_and_the_real_text_say_the_same() {
    let Ok(path) = std::env::var("ANSINH_PLAN_TEXT") else {
        println!("SKIPPED (ANSINH_PLAN_TEXT names no plan)");
        return;
    };
    let imported = read("plan.txt", &std::fs::read(path).unwrap()).unwrap();
    let plan = hanoi();
    let ids = |tasks: Vec<&str>| tasks.join(" ");
    assert_eq!(
        ids(plan.tasks.iter().map(|task| task.id.as_str()).collect()),
        ids(imported.tasks.iter().map(|task| task.id.as_str()).collect())
    );
    let codes = |parties: &[plan::Party]| parties.iter().map(|party| party.code.clone()).collect::<Vec<_>>();
    for (task, read) in plan.tasks.iter().zip(&imported.tasks) {
        assert_eq!(task.leads, codes(&read.leads), "{}", task.id);
        assert_eq!(task.partners, codes(&read.partners), "{}", task.id);
        assert_eq!(task.rhythms, read.rhythms, "{}", task.id);
        // Own words, not those of the plan.
        assert_ne!(task.content.vi, read.content, "{}", task.id);
    }
    for unit in &plan.units {
        let named = imported.tasks.iter().flat_map(|task| task.leads.iter().chain(&task.partners));
        let kinds: BTreeSet<Option<&str>> = named
            .filter(|party| party.code == unit.id)
            .map(|party| party.kind)
            .chain(imported.assignments.iter().filter(|one| one.unit.code == unit.id).map(|one| one.unit.kind))
            .collect();
        assert!(kinds.iter().all(|kind| kind.is_none_or(|kind| kind == unit.kind)), "{}: {kinds:?}", unit.id);
    }
}
