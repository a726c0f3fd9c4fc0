//! Faults in single rows of about one visit in a hundred: each is meant for the rules that it names.

mod lines;
mod visits;

use crate::claims::lists::{Lists, Service};
use crate::claims::money::{self, FULL, Milli};
use crate::claims::plan::{Mark, Worth};
use crate::claims::stamp;
use crate::claims::visit::{Item, Line, Visit};
use crate::life::cards::Group;
use crate::random::Draw;

/// Scheme of all faults of rows.
pub const FAULT: &str = "row-fault";
/// Tag of a line with a fault.
const TAG: u8 = 200;

/// Plants one fault where it is possible; whether it was.
pub type Fault = fn(&mut Visit, &Lists, Draw) -> bool;

/// Plants the first fault that the visit can have, beginning with a drawn one.
pub fn plant(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    let all = lines::ALL.len() + visits::ALL.len();
    let first = draw.of("which").below(all as u64) as usize;
    (0..all).any(|nth| {
        let at = (first + nth) % all;
        let fault = if at < lines::ALL.len() { lines::ALL[at] } else { visits::ALL[at - lines::ALL.len()] };
        fault(visit, lists, draw.of("how"))
    })
}

/// Notes a fault of the line that bears the tag.
fn note_line(visit: &mut Visit, rule: &'static str, worth: Worth) {
    let table = visit.tagged(TAG).map_or("xml3", |(table, ..)| table);
    visit.marks.push(Mark { worth, ..Mark::line(FAULT, rule, table, TAG, "") });
}

/// Notes a fault of the visit as a whole.
fn note_visit(visit: &mut Visit, rule: &'static str, worth: Worth) {
    visit.marks.push(Mark { worth, rule, ..Mark::visit(FAULT, "") });
}

/// Picks a line and gives it the tag.
fn pick<'v>(visit: &'v mut Visit, draw: Draw, fits: impl Fn(&Line) -> bool) -> Option<&'v mut Line> {
    let all: Vec<usize> = (0..visit.lines.len()).filter(|at| fits(&visit.lines[*at])).collect();
    let at = all.get(draw.of("line").below(all.len() as u64) as usize)?;
    let line = &mut visit.lines[*at];
    line.tag = TAG;
    Some(line)
}

fn service<'l>(line: &Line, lists: &'l Lists) -> Option<&'l Service> {
    if let Item::Service(at) = line.item { lists.services.get(at) } else { None }
}

fn in_group(line: &Line, lists: &Lists, groups: &[&str]) -> bool {
    service(line, lists).is_some_and(|service| groups.contains(&service.group))
}

/// From this age the social pension gives a full rate (Resolution 261/2025/QH15, article 2).
const SOCIAL_PENSION_AGE: i32 = 75;

/// Whether the rate can be told from the dossier, is the card's in full, and is not that of a small visit.
fn pays_part(visit: &Visit) -> bool {
    let day = stamp::date(visit.end_day());
    let share = money::category_share(visit.category(), visit.plan.form.is_admitted(), day);
    // Of people of 75 without a pension the dossier does not tell whether they receive the social pension, and so not their rate.
    let told = visit.patient.group == Group::Pensioner || visit.patient.age(visit.end_day()) < SOCIAL_PENSION_AGE;
    let known = told && !matches!(visit.category(), "1.2" | "10");
    known && share == 100 && visit.rate < FULL && visit.totals.all.bh >= money::small_visit(day) + Milli::whole(100_000)
}
