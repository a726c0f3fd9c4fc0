//! What a run leaves standing for the next one, and what it linked otherwise than the one before.

use chapter::{ChapterError, StepContext, StepTable, TableBuilder};
use linkage::{Learned, Link};

use super::NAME;
use super::evidence::Numbered;
use super::grow::{Found, NONE, Register, TakenRoster};
use super::stage::Moved;
use crate::tables::failed;

/// One row a person of a roster: what its rows say as one number, who it is, and by which link.
pub(crate) fn links(context: &StepContext, register: &Register, numbered: &Numbered) -> Result<StepTable, ChapterError> {
    let mut table = context.writer("standing_link")?;
    for taken in &register.rosters {
        for group in 0..taken.groups() {
            let place = taken.place_of_group[group];
            let out = table.row()?;
            out.int(Some(taken.source as i64 + 1)).text(Some(taken.files.name)).int(Some(group as i64));
            out.int(Some(taken.prints[group] as i64)).int(Some(i64::from(place)));
            out.int(Some(numbered.numbers[place as usize].0)).flag(Some(taken.decided.contains(&(group as u32))));
            let found = taken.found.get(taken.found_of_group[group] as usize);
            cells(out, found);
            out.flag(Some(found.is_some_and(|f| f.second))).flag(Some(found.is_some_and(|f| f.link.decided)));
        }
    }
    table.finish()
}

/// Questions, so that those about rows that nothing touches stand in the next run too.
pub(crate) fn questions(context: &StepContext, register: &Register) -> Result<StepTable, ChapterError> {
    let mut table = context.writer("standing_question")?;
    for taken in &register.rosters {
        let mut questions: Vec<&Found> = taken.review.iter().collect();
        questions.sort_by_key(|found| (found.link.right, found.among, found.link.left));
        for found in questions {
            let out = table.row()?;
            out.int(Some(taken.source as i64 + 1)).text(Some(taken.files.name)).int(Some(i64::from(found.link.right)));
            out.int(Some(i64::from(found.link.left)));
            cells(out, Some(found));
            let why = serde_json::to_value(found.why).map_err(|e| failed(NAME, "standing_question", &e))?;
            out.text(Some(why.as_str().unwrap_or_default()));
        }
    }
    table.finish()
}

/// Among whom, and what the link weighs; places are those of this run.
fn cells(out: &mut TableBuilder, found: Option<&Found>) {
    let Some(Found { link, frequency, among, .. }) = found else {
        out.text(None).int(None).int(None).int(None).int(None).int(None).int(None).int(None);
        return;
    };
    out.text(Some(among.word()));
    out.int(Some(i64::from(link.pass))).int(Some(i64::from(link.pattern.0))).int(Some(i64::from(*frequency)));
    out.int(Some(i64::from(link.weight_millibits))).int(Some(i64::from(link.probability_thousandths)));
    out.int(link.runner_up.map(|(place, _)| i64::from(place))).int(link.runner_up.map(|(_, weight)| i64::from(weight)));
}

/// What was learned, by roster and by whom was looked among.
pub(crate) fn learned(context: &StepContext, register: &Register) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("standing_learned")?)?;
    let mut all: Vec<_> = register.rosters.iter().flat_map(|taken| taken.weights.iter().map(|w| (taken.files.name, w))).collect();
    all.sort_by_key(|(roster, weights)| (*roster, weights.among.word()));
    for (roster, weights) in all {
        let text = serde_json::to_string(&Learned::of(&weights.model)).map_err(|e| failed(NAME, "standing_learned", &e))?;
        out.text(Some(roster)).text(Some(weights.among.word()));
        out.date(Some(weights.since.first_day().days_since_epoch())).text(Some(&text));
    }
    Ok(StepTable::new("standing_learned", context.schema("standing_learned")?, out.finish()?))
}

impl TakenRoster {
    /// People of the roster whose rows say what they said before and are somebody else's now.
    pub(crate) fn otherwise<'a>(&'a self, numbered: &'a Numbered) -> impl Iterator<Item = &'a Moved> + 'a {
        self.moved.iter().filter(|moved| {
            let place = self.place_of_group[moved.group as usize];
            moved.person != numbered.numbers[place as usize].0
        })
    }
}

/// Links that lead to somebody else now, with the old ones: of rows that say what they said before.
pub(crate) fn changed(context: &StepContext, register: &Register, numbered: &Numbered) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("link_changed")?)?;
    let mut rosters: Vec<&TakenRoster> = register.rosters.iter().collect();
    rosters.sort_unstable_by_key(|taken| taken.files.name);
    for taken in rosters {
        let mut first_row = vec![NONE; taken.groups()];
        for (row, group) in taken.group_of_row.iter().enumerate().rev() {
            first_row[*group as usize] = row as u32;
        }
        let row = |moved: &Moved| {
            let row = first_row[moved.group as usize] as usize;
            (taken.files.file_of(row), taken.source_row[row])
        };
        let mut changes: Vec<&Moved> = taken.otherwise(numbered).collect();
        changes.sort_unstable_by_key(|moved| row(moved));
        for moved in changes {
            let (file, source_row) = row(moved);
            let group = moved.group as usize;
            let new = taken.found.get(taken.found_of_group[group] as usize);
            let number = numbered.numbers[taken.place_of_group[group] as usize].0;
            out.text(Some(taken.files.name)).text(Some(file)).int(Some(i64::from(source_row))).int(Some(number));
            out.int(Some(moved.person)).text(Some(why(register, taken, moved, new)));
            let old = moved.old.as_ref().map(|old| (&old.link, old.among.word()));
            weighed(&mut out, old);
            weighed(&mut out, new.map(|new| (&new.link, new.among.word())));
        }
    }
    Ok(StepTable::new("link_changed", context.schema("link_changed")?, out.finish()?))
}

fn weighed(out: &mut TableBuilder, link: Option<(&Link, &str)>) {
    out.text(link.map(|(_, among)| among)).int(link.map(|(l, _)| i64::from(l.pass)));
    out.int(link.map(|(l, _)| i64::from(l.pattern.0))).int(link.map(|(l, _)| i64::from(l.weight_millibits)));
    out.int(link.map(|(l, _)| i64::from(l.probability_thousandths))).flag(link.map(|(l, _)| l.decided));
}

/// Why a link is another now.
fn why(register: &Register, taken: &TakenRoster, moved: &Moved, new: Option<&Found>) -> &'static str {
    let old_decided = moved.old.is_some_and(|old| old.link.decided);
    let named = moved.named || taken.decided.contains(&moved.group);
    let is_other = |place: u32| register.since.other.get(place as usize) == Some(&true);
    if named || old_decided || new.is_some_and(|new| new.link.decided) {
        "decision"
    } else if moved.other || new.is_some_and(|new| is_other(new.link.left)) {
        "person_changed"
    } else if new.map(|new| new.among).or(moved.old.map(|old| old.among)).is_some_and(|among| taken.in_full(among)) {
        "full"
    } else {
        "competition"
    }
}
