//! What a plan says, as it was read.

use base::Date;
use serde::Serialize;

use crate::party::Party;
use crate::rhythm::Rhythm;

/// A plan that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Who issued it, under which number, when.
    pub head: Head,
    /// Its sections in their order.
    pub sections: Vec<Section>,
    /// What it sets as figures, in its own words.
    pub targets: Vec<Target>,
    /// Its tasks in their order.
    pub tasks: Vec<Task>,
    /// What each agency has to do (tổ chức thực hiện), in its own words.
    pub assignments: Vec<Assignment>,
    /// What could not be read, by line.
    pub unread: Vec<Unread>,
    /// What was read with a doubt, by line.
    pub doubts: Vec<Unread>,
    /// Where every line went.
    pub counts: Counts,
}

/// The head of a plan. What is blank or not there is `None`: nobody guesses a number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Who issued it.
    pub agency: Option<String>,
    /// Number and sign: `123/KH-UBND`. `None` where the number is blank.
    pub number: Option<String>,
    /// Day of signing.
    pub date: Option<Date>,
    /// Place before the date.
    pub place: Option<String>,
    /// What the plan is about.
    pub title: Option<String>,
    /// First year it is for, where its title says so.
    pub first_year: Option<i32>,
    /// Last year.
    pub last_year: Option<i32>,
}

/// What a section is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Mục đích, yêu cầu.
    Purpose,
    /// Chỉ tiêu, mục tiêu.
    Targets,
    /// Nhiệm vụ, giải pháp.
    Tasks,
    /// Tổ chức thực hiện.
    Organisation,
    /// Kinh phí.
    Money,
    /// Anything else, annexes too.
    Other,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// `III`, `B`; empty where it has none.
    pub number: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub kind: SectionKind,
    /// Line.
    pub line: u64,
}

/// A figure that the plan sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// Line.
    pub line: u64,
    /// In the words of the plan.
    pub text: String,
}

/// The heading a task stands under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Number: `2`; empty where it has none.
    pub number: String,
    /// Title.
    pub title: String,
}

/// A task (nhiệm vụ).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// As the plan numbers it: `1`, `2a`, `1.1`; with its section in front where two would be alike.
    pub id: String,
    /// Number of the section.
    pub section: String,
    /// The heading above it.
    pub group: Option<Group>,
    /// What is to be done.
    pub content: String,
    /// Who leads, as written.
    pub lead: Option<String>,
    /// The same taken apart.
    pub leads: Vec<Party>,
    /// Who helps.
    pub partners: Vec<Party>,
    /// What comes of it, as written.
    pub product: Option<String>,
    /// When, as written.
    pub time: Option<String>,
    /// When, understood.
    pub rhythms: Vec<Rhythm>,
    /// Money, as written.
    pub money: Option<String>,
    /// Remarks and what else stands there.
    pub notes: Vec<String>,
    /// Line on which it begins.
    pub line: u64,
}

impl Task {
    /// Which parts a task should have and this one has not: `content`, `lead`, `product`, `time`.
    pub fn missing(&self) -> Vec<&'static str> {
        let parts = [
            ("content", self.content.is_empty()),
            ("lead", self.leads.is_empty()),
            ("product", self.product.is_none()),
            ("time", self.time.is_none()),
        ];
        parts.into_iter().filter(|(_, missing)| *missing).map(|(part, _)| part).collect()
    }
}

/// What an agency has to do, from the section on who does what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Number in the plan.
    pub number: String,
    /// Who.
    pub unit: Party,
    /// Line of the heading.
    pub line: u64,
    /// What, each with its line.
    pub duties: Vec<Assigned>,
}

/// One thing an agency has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// Line.
    pub line: u64,
    /// In the words of the plan.
    pub text: String,
    /// What its sentences say of coming again.
    pub rhythms: Vec<Rhythm>,
}

/// A line that could not be read, or was read with a doubt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unread {
    /// Line of a text, paragraph of a DOCX, row of a sheet.
    pub line: u64,
    /// What stands there.
    pub text: String,
    /// Why, in Vietnamese.
    pub reason: String,
}

/// Where the lines (paragraphs, rows of task tables) of a file went; their sum is `lines`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All that are not empty.
    pub lines: usize,
    /// Head: agency, number, title, grounds.
    pub head: usize,
    /// Headings of sections and groups.
    pub headings: usize,
    /// Tasks.
    pub task: usize,
    /// Text of sections: purposes, targets, who does what, introductions.
    pub text: usize,
    /// Page numbers, repeated headers, repeated heads of tables.
    pub furniture: usize,
    /// Receivers and signature.
    pub tail: usize,
    /// Not read.
    pub unread: usize,
}
