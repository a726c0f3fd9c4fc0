//! An imported plan as data, in the form of `plan/*.yaml`: the first draft of a province's own plan file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::{Assignment, Imported};
use crate::party::Party;
use crate::rhythm::{Rhythm, parse};

/// The YAML of an imported plan. It loads again ([`super::PlanData::load`]); texts are those of the plan.
pub fn yaml(plan: &Imported) -> String {
    let mut out = String::from(
        "# Đọc từ kế hoạch bằng `ansinh plan import`; dạng tệp: plan/README.md. Rà lại từng nhiệm vụ trước khi dùng.\n",
    );
    let head = &plan.head;
    let title = head.title.as_deref().or(head.agency.as_deref()).unwrap_or("Kế hoạch");
    line(&mut out, 0, "document", &quoted(title));
    for (key, text) in [("number", &head.number), ("place", &head.place)] {
        text.iter().for_each(|text| line(&mut out, 0, key, &quoted(text)));
    }
    head.date.iter().for_each(|date| line(&mut out, 0, "date", &quoted(&date.to_string())));
    for (key, year) in [("first_year", head.first_year), ("last_year", head.last_year)] {
        year.iter().for_each(|year| line(&mut out, 0, key, &year.to_string()));
    }
    units(&mut out, plan);
    let groups = groups(&mut out, plan);
    out.push_str("tasks:\n");
    for task in &plan.tasks {
        line(&mut out, 1, "- id", &quoted(&task.id));
        let group =
            task.group.as_ref().and_then(|group| groups.get(&(task.section.clone(), group.number.clone(), group.title.clone())));
        group.iter().for_each(|id| line(&mut out, 2, "group", &quoted(id)));
        let content = if task.content.is_empty() { "(không đọc được nội dung)" } else { &task.content };
        line(&mut out, 2, "content", &quoted(content));
        line(&mut out, 2, "lead", &list(&task.leads));
        line(&mut out, 2, "partners", &list(&task.partners));
        task.product.iter().for_each(|text| line(&mut out, 2, "product", &quoted(text)));
        if let Some(time) = &task.time {
            let said = parse(time);
            let unclear = !said.doubts.is_empty() || said.rhythms.iter().any(|one| matches!(one, Rhythm::Unclear(_)));
            line(&mut out, 2, "time", &quoted(&if unclear { format!("{time}?") } else { time.clone() }));
        }
    }
    if plan.assignments.iter().any(|one| !one.duties.is_empty()) {
        out.push_str("duties:\n");
    }
    for (at, assignment) in plan.assignments.iter().enumerate() {
        for (duty, text) in assignment.duties.iter().enumerate() {
            line(&mut out, 1, "- id", &quoted(&format!("duty-{}-{}", at + 1, duty + 1)));
            line(&mut out, 2, "from", &quoted(&assignment.unit.code));
            line(&mut out, 2, "kind", "work");
            line(&mut out, 2, "what", &quoted(&text.text));
            if !text.rhythms.is_empty() {
                out.push_str("    rhythms:\n");
            }
            for rhythm in &text.rhythms {
                let time = quoted(&rhythm.to_string());
                // Writing into a string cannot fail.
                let _ = writeln!(out, "      - {{time: {time}, place: {}}}", quoted(&place(assignment)));
            }
        }
    }
    out
}

/// Everybody who is named, once, in the order of their codes.
fn units(out: &mut String, plan: &Imported) {
    let mut found: BTreeMap<&str, &Party> = BTreeMap::new();
    let named = plan.tasks.iter().flat_map(|task| task.leads.iter().chain(&task.partners));
    for party in plan.assignments.iter().map(|one| &one.unit).chain(named) {
        found.entry(&party.code).or_insert(party);
    }
    out.push_str(if found.is_empty() { "units: []\n" } else { "units:\n" });
    for (code, party) in found {
        line(out, 1, "- id", &quoted(code));
        line(out, 2, "name", &quoted(&party.name));
        line(out, 2, "kind", party.kind.unwrap_or("other"));
    }
}

/// A heading: section, number and title.
type Key = (String, String, String);

/// Writes the headings and gives the id of each.
fn groups(out: &mut String, plan: &Imported) -> BTreeMap<Key, String> {
    let mut ids: BTreeMap<Key, String> = BTreeMap::new();
    for task in &plan.tasks {
        let Some(group) = &task.group else { continue };
        let key = (task.section.clone(), group.number.clone(), group.title.clone());
        if ids.contains_key(&key) {
            continue;
        }
        let base = if group.number.is_empty() { "g".to_owned() } else { group.number.clone() };
        let is_free = |id: &String| !ids.values().any(|taken| taken == id);
        let sectioned = if task.section.is_empty() { base.clone() } else { format!("{}.{base}", task.section) };
        let counted = (2..).map(|count| format!("{sectioned}-{count}"));
        let Some(id) = [base, sectioned.clone()].into_iter().chain(counted).find(is_free) else { continue };
        if ids.is_empty() {
            out.push_str("groups:\n");
        }
        line(out, 1, "- id", &quoted(&id));
        line(out, 2, "title", &quoted(&group.title));
        ids.insert(key, id);
    }
    ids
}

/// Where an assignment stands: its section is not kept, its number is.
fn place(assignment: &Assignment) -> String {
    if assignment.number.is_empty() { format!("dòng {}", assignment.line) } else { format!("mục {}", assignment.number) }
}

fn list(parties: &[Party]) -> String {
    format!("[{}]", parties.iter().map(|party| quoted(&party.code)).collect::<Vec<_>>().join(", "))
}

fn line(out: &mut String, depth: usize, key: &str, value: &str) {
    // Writing into a string cannot fail.
    let _ = writeln!(out, "{}{key}: {value}", "  ".repeat(depth));
}

/// In double quotes, as JSON and YAML both read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
