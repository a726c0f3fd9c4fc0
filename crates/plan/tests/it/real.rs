//! The real plan, where somebody has it: `ANSINH_PLAN_TEXT` names its text file. Its sentences are not part of this project, so
//! what is expected stands here as numbers, codes of agencies and rhythms only. Without the variable the test says so and passes;
//! the look-alike in `text.rs` has the same faults and always runs.

use crate::docx::{as_table, parts};
use crate::support::{counted, read};

/// Tasks by group: how many, in the order of the plan.
const GROUPS: [(&str, usize); 8] = [("1", 1), ("2", 6), ("3", 6), ("4", 4), ("5", 7), ("6", 2), ("7", 6), ("8", 2)];

/// Tasks whose lead is not the insurance agency.
const OTHER_LEADS: [(&str, &str); 13] = [
    ("3b", "so-noi-vu"),
    ("3c", "ubnd-cap-xa"),
    ("3d", "co-quan-bao-va-phat-thanh-truyen-hinh"),
    ("4c", "cong-an"),
    ("5a", "so-y-te"),
    ("5b", "ubnd-cap-xa"),
    ("5c", "so-y-te"),
    ("5d", "so-y-te"),
    ("5e", "so-y-te"),
    ("7d", "so-khoa-hoc-va-cong-nghe"),
    ("7e", "trung-tam-phuc-vu-hanh-chinh-cong"),
    ("7f", "so-y-te"),
    ("8b", "so-y-te"),
];

/// Rhythms, by the tasks that have them; all others are monthly and quarterly.
const RHYTHMS: [(&[&str], &[&str]); 8] = [
    (&["1"], &["Quý IV hằng năm"]),
    (&["2b", "3b", "4c", "5a", "5b", "7a", "7b", "7f", "8a", "8b"], &["Giai đoạn 2026-2030"]),
    (&["2d"], &["Hằng năm"]),
    (&["3a", "3c", "3d"], &["Hằng tuần", "Hằng tháng", "Hằng quý"]),
    (&["5c"], &["Chậm nhất từ quý II/2026"]),
    (&["5d", "7c"], &["Quý II/2026"]),
    (&["5e"], &["Thường xuyên"]),
    (&["6b", "7e"], &["Thường xuyên từ năm 2026"]),
];

#[test]
fn the_real_plan_gives_all_its_tasks() {
    let Ok(path) = std::env::var("ANSINH_PLAN_TEXT") else {
        println!("SKIPPED (ANSINH_PLAN_TEXT names no plan)");
        return;
    };
    let plan = counted(read("plan.txt", &std::fs::read(path).unwrap()).unwrap());
    assert_eq!(plan.unread, []);
    assert_eq!((&plan.head.number, plan.head.date), (&None, None), "the copy is not signed");
    assert_eq!((plan.head.first_year, plan.head.last_year), (Some(2026), Some(2030)));
    assert_eq!((plan.targets.len(), plan.assignments.len(), plan.tasks.len()), (9, 17, 34));
    for (group, count) in GROUPS {
        let here = plan.tasks.iter().filter(|task| task.group.as_ref().is_some_and(|g| g.number == group));
        assert_eq!(here.count(), count, "group {group}");
    }
    for task in &plan.tasks {
        let id = task.id.as_str();
        let lead = OTHER_LEADS.iter().find(|(of, _)| *of == id).map_or("bhxh", |(_, lead)| lead);
        assert_eq!(task.leads.iter().map(|party| party.code.as_str()).collect::<Vec<_>>(), [lead], "{id}");
        assert!((1..=7).contains(&task.partners.len()), "{id}: {:?}", task.partners);
        assert!(task.missing().is_empty(), "{id}: {:?}", task.missing());
        let rhythms: Vec<String> = task.rhythms.iter().map(ToString::to_string).collect();
        let from = if id == "7d" { " (từ năm 2026)" } else { "" };
        let monthly = [format!("Hằng tháng{from}"), format!("Hằng quý{from}")];
        match RHYTHMS.iter().find(|(ids, _)| ids.contains(&id)) {
            Some((_, want)) => assert_eq!(rhythms, *want, "{id}"),
            None => assert_eq!(rhythms, monthly, "{id}"),
        }
        // Whole sentences: nothing ends where a page did.
        for text in [&task.content, task.product.as_ref().unwrap()] {
            assert!(!text.contains('\n') && text.chars().count() > 8, "{id}: {text}");
        }
    }
    let count: usize = plan.tasks.iter().map(|task| task.partners.len()).sum();
    assert_eq!(count, 132, "partners of all tasks");
    // What the units of section IV give again and again.
    let again = |code: &str| {
        let duties = plan.assignments.iter().filter(|one| one.unit.code == code).flat_map(|one| &one.duties);
        duties.flat_map(|duty| duty.rhythms.iter().map(ToString::to_string)).collect::<Vec<_>>()
    };
    assert_eq!(again("thue"), ["Hằng tháng", "Hằng quý", "Trước ngày 30/4 hằng năm"]);
    for (code, rhythm) in
        [("so-tai-chinh", "Hằng năm"), ("thong-ke", "Hằng năm"), ("thanh-tra", "Hằng năm"), ("so-du-lich", "Hằng tháng")]
    {
        assert_eq!(again(code), [rhythm], "{code}");
    }
    assert!(again("cong-an").is_empty() && again("so-khoa-hoc-va-cong-nghe").is_empty());
    // The same content as a table of a DOCX.
    let table = counted(read("annex.docx", &as_table(&plan)).unwrap());
    assert_eq!(parts(&table), parts(&plan));
}
