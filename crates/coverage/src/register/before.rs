//! What the run before left of its links: read roster by roster, in the order in which rosters are taken.

use std::collections::BTreeMap;

use base::Month;
use chapter::{ChapterError, StepContext};
use engine::ParquetReader;
use engine::arrow::array::{Int64Array, StringArray};
use engine::arrow::record_batch::RecordBatch;
use engine::rows;
use linkage::{GONE, Learned, Link, Pattern, ReviewPair, ReviewReason};

use super::NAME;
use super::grow::{Among, NONE};
use crate::tables::failed;

/// Rows read at once.
const ROWS: usize = 65_536;
/// Months after which weights are learned anew.
const MONTHS: i32 = 12;

/// What one roster left; people of the roster (groups) by their number then.
#[derive(Debug, Default)]
pub(crate) struct RosterBefore {
    /// What each person's rows said, as one number.
    pub(crate) prints: Vec<u64>,
    /// The place of each person among all people then.
    pub(crate) place: Vec<u32>,
    /// The book's number of that person.
    pub(crate) person: Vec<i64>,
    /// Whether a decision named one of the rows.
    pub(crate) named: Vec<bool>,
    /// The place in `links` of each person; [`NONE`] of those who became people of their own.
    pub(crate) link: Vec<u32>,
    pub(crate) links: Vec<LinkBefore>,
    pub(crate) questions: Vec<QuestionBefore>,
}

/// A link then. `link.left` and the runner-up are places then, `link.right` the person of the roster then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LinkBefore {
    pub(crate) link: Link,
    pub(crate) among: Among,
    pub(crate) frequency: i32,
    /// Whether it was a second row of its person.
    pub(crate) second: bool,
}

/// A question then, in the numbers of then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QuestionBefore {
    pub(crate) pair: ReviewPair,
    pub(crate) among: Among,
}

impl RosterBefore {
    /// The link of a person of the roster then.
    pub(crate) fn link_of(&self, then: u32) -> Option<&LinkBefore> {
        self.links.get(*self.link.get(then as usize)? as usize)
    }
}

/// What was learned of a roster, and in which month.
#[derive(Debug, Clone)]
pub(crate) struct LearnedBefore {
    pub(crate) since: Month,
    pub(crate) weights: Learned,
}

/// The run before, while it is read.
pub(crate) struct Before {
    people: Cursor,
    questions: Cursor,
    /// By roster and by whom was looked among; nothing where everybody is to be linked anew.
    pub(crate) learned: BTreeMap<(String, Among), LearnedBefore>,
}

impl Before {
    /// What the run before left, where there is one that left something.
    pub(crate) fn open(context: &StepContext) -> Result<Option<Self>, ChapterError> {
        let Some(tables) = context.inputs.standing.map(|run| run.tables()) else { return Ok(None) };
        let (Some(people), Some(questions), Some(learned)) =
            (tables.get("standing_link"), tables.get("standing_question"), tables.get("standing_learned"))
        else {
            return Ok(None);
        };
        let open = |table, own: &[&str]| {
            let wanted: Vec<&str> = own.iter().chain(&["taken", "among", "place"]).chain(&Columns::NUMBERS).copied().collect();
            Ok::<_, ChapterError>(Cursor { reader: context.book.stream_table(table, &wanted, ROWS)?, waiting: None })
        };
        let mut before = Self {
            people: open(people, &["print", "person_id", "named", "second", "decided"])?,
            questions: open(questions, &["at", "why"])?,
            learned: BTreeMap::new(),
        };
        if !context.inputs.full {
            for batch in context.book.read_table(learned, None)? {
                before.learn(context, &batch)?;
            }
        }
        Ok(Some(before))
    }

    fn learn(&mut self, context: &StepContext, batch: &RecordBatch) -> Result<(), ChapterError> {
        let text = |name: &str| rows::text(batch, name);
        let (rosters, among, weights) = (text("roster")?, text("among")?, text("weights")?);
        let since = rows::date(batch, "since")?;
        for row in 0..batch.num_rows() {
            let month = rows::date_at(&since, row).and_then(base::Date::from_days_since_epoch).map(base::Date::month);
            let month = month.ok_or_else(|| broken("standing_learned: a line without a month"))?;
            let among =
                Among::of_word(among.value(row)).ok_or_else(|| broken("standing_learned: a line that says not among whom"))?;
            let weights: Learned = serde_json::from_str(weights.value(row)).map_err(|e| failed(NAME, "standing_learned", &e))?;
            if month.months_until(context.inputs.period) < MONTHS {
                self.learned.insert((rosters.value(row).to_owned(), among), LearnedBefore { since: month, weights });
            }
        }
        Ok(())
    }

    /// What a roster left; rosters are asked for in the order of taking, each once.
    pub(crate) fn roster(&mut self, taken: i64) -> Result<RosterBefore, ChapterError> {
        let mut before = RosterBefore::default();
        self.people.each(taken, &mut |batch, range| before.people(batch, range))?;
        self.questions.each(taken, &mut |batch, range| before.asked(batch, range))?;
        Ok(before)
    }
}

/// What is done with the rows of a roster, batch by batch: the batch and which of its rows are meant.
type Take<'a> = &'a mut dyn FnMut(&RecordBatch, std::ops::Range<usize>) -> Result<(), ChapterError>;

/// A table in the order of rosters, read once from its beginning to its end.
struct Cursor {
    reader: ParquetReader,
    /// A batch and how many of its rows were handed out.
    waiting: Option<(RecordBatch, usize)>,
}

impl Cursor {
    /// Hands out the rows of a roster, and passes over those of rosters before it.
    fn each(&mut self, taken: i64, take: Take<'_>) -> Result<(), ChapterError> {
        loop {
            let (batch, from) = match self.waiting.take() {
                Some(waiting) => waiting,
                None => match self.reader.next() {
                    Some(batch) => (batch?, 0),
                    None => return Ok(()),
                },
            };
            let order = rows::int(&batch, "taken")?;
            let start = from + order.values()[from..].iter().take_while(|other| **other < taken).count();
            let end = start + order.values()[start..].iter().take_while(|other| **other == taken).count();
            if start < end {
                take(&batch, start..end)?;
            }
            if end < batch.num_rows() {
                self.waiting = Some((batch, end));
                return Ok(());
            }
        }
    }
}

fn broken(detail: &str) -> ChapterError {
    ChapterError::Step { step: NAME, detail: detail.to_owned() }
}

fn place(value: Option<i64>) -> u32 {
    value.and_then(|n| u32::try_from(n).ok()).unwrap_or(GONE)
}

/// The columns that links and questions have in common.
struct Columns {
    among: StringArray,
    numbers: [Int64Array; 7],
}

impl Columns {
    const NUMBERS: [&str; 7] = [
        "pass",
        "pattern",
        "frequency_millibits",
        "weight_millibits",
        "probability_thousandths",
        "runner_up",
        "runner_up_millibits",
    ];

    fn of(batch: &RecordBatch) -> Result<Self, ChapterError> {
        let [a, b, c, d, e, f, g] = Self::NUMBERS.map(|name| rows::int(batch, name));
        Ok(Self { among: rows::text(batch, "among")?, numbers: [a?, b?, c?, d?, e?, f?, g?] })
    }

    /// The link of a row, among whom, and what the name's frequency added; `None` of a row without one.
    fn link(&self, row: usize, left: u32, right: u32) -> Option<(Link, Among, i32)> {
        let among = rows::text_at(&self.among, row).and_then(Among::of_word)?;
        let given = |at: usize| rows::int_at(&self.numbers[at], row);
        let small = |at: usize| given(at).and_then(|n| i32::try_from(n).ok()).unwrap_or_default();
        let link = Link {
            left,
            right,
            pass: small(0) as u8,
            pattern: Pattern(small(1) as u32),
            weight_millibits: small(3),
            probability_thousandths: small(4) as u16,
            runner_up: given(5).map(|other| (place(Some(other)), small(6))),
            decided: false,
        };
        Some((link, among, small(2)))
    }
}

impl RosterBefore {
    fn people(&mut self, batch: &RecordBatch, range: std::ops::Range<usize>) -> Result<(), ChapterError> {
        let (prints, places, people) = (rows::int(batch, "print")?, rows::int(batch, "place")?, rows::int(batch, "person_id")?);
        let (named, second, decided) = (rows::flag(batch, "named")?, rows::flag(batch, "second")?, rows::flag(batch, "decided")?);
        let columns = Columns::of(batch)?;
        for row in range {
            let (then, left) = (self.prints.len() as u32, place(Some(places.value(row))));
            self.prints.push(prints.value(row) as u64);
            self.place.push(left);
            self.person.push(people.value(row));
            self.named.push(named.value(row));
            match columns.link(row, left, then) {
                Some((link, among, frequency)) => {
                    self.link.push(self.links.len() as u32);
                    let link = Link { decided: decided.value(row), ..link };
                    self.links.push(LinkBefore { link, among, frequency, second: second.value(row) });
                }
                None => self.link.push(NONE),
            }
        }
        Ok(())
    }

    fn asked(&mut self, batch: &RecordBatch, range: std::ops::Range<usize>) -> Result<(), ChapterError> {
        let (at, lefts, why) = (rows::int(batch, "at")?, rows::int(batch, "place")?, rows::text(batch, "why")?);
        let columns = Columns::of(batch)?;
        for row in range {
            let why: ReviewReason = serde_json::from_value(serde_json::Value::String(why.value(row).to_owned()))
                .map_err(|e| failed(NAME, "standing_question", &e))?;
            let (left, right) = (place(Some(lefts.value(row))), place(Some(at.value(row))));
            if let Some((link, among, frequency)) = columns.link(row, left, right) {
                let pair = ReviewPair {
                    left,
                    right,
                    pass: link.pass,
                    pattern: link.pattern,
                    weight_millibits: link.weight_millibits,
                    frequency_millibits: frequency,
                    probability_thousandths: link.probability_thousandths,
                    runner_up: link.runner_up,
                    why,
                };
                self.questions.push(QuestionBefore { pair, among });
            }
        }
        Ok(())
    }
}
