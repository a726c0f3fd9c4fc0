//! A plan as data, checked: ids, references, rhythms, figures. All faults of a file at once.

use std::collections::BTreeSet;

use base::{Date, Rate};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_saphyr::{MessageFormatter, Spanned, UserMessageFormatter};

use super::error::{PlanDataError, PlanDataErrors};
use super::raw::{self, At};
use super::{Bounded, Duty, DutyRhythm, Measure, MeasureUnit, Per, PlanData, PlanGroup, PlanTask, PlanUnit, Words};
use crate::party::KINDS;
use crate::rhythm::{Rhythm, parse};

/// What a plan may name that is not in it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Ids of indicators; `None` where they are not checked.
    pub indicators: Option<&'a [&'a str]>,
    /// Kinds of roster; `None` where they are not checked.
    pub rosters: Option<&'a [&'a str]>,
}

impl PlanData {
    /// Reads one file of the content folder `plan`.
    ///
    /// Gives all faults with line and column: unknown keys, ids that stand twice, names of units, groups, indicators and rosters
    /// that are not there, figures that are none, times that are not understood.
    pub fn load(file: &str, text: &str, known: Known<'_>) -> Result<Self, PlanDataErrors> {
        let raw: raw::File = yaml(file, text)?;
        let mut checks = Checks { file, known, faults: Vec::new() };
        let plan = checks.plan(raw);
        if checks.faults.is_empty() { Ok(plan) } else { Err(PlanDataErrors(checks.faults)) }
    }
}

fn yaml<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, PlanDataErrors> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let bare = error.without_snippet();
        let what = UserMessageFormatter.format_message(bare).into_owned();
        let (line, column) = bare.location().map_or((1, 1), |at| (at.line(), at.column()));
        PlanDataErrors(vec![PlanDataError { file: file.to_owned(), line, column, what }])
    })
}

/// The ids of the indicators in `plan/indicators.yaml`, whatever else stands there.
pub fn indicator_ids(file: &str, text: &str) -> Result<Vec<String>, PlanDataErrors> {
    #[derive(Deserialize)]
    struct File {
        indicators: Vec<Indicator>,
    }
    #[derive(Deserialize)]
    struct Indicator {
        id: String,
    }
    let file: File = yaml(file, text)?;
    Ok(file.indicators.into_iter().map(|indicator| indicator.id).collect())
}

/// Makes one side of what is to be reached.
type Side = fn(Rate) -> Bounded;

struct Checks<'a> {
    file: &'a str,
    known: Known<'a>,
    faults: Vec<PlanDataError>,
}

impl Checks<'_> {
    fn fault<T>(&mut self, at: &Spanned<T>, what: String) {
        let (line, column) = (at.referenced.line().max(1), at.referenced.column().max(1));
        self.faults.push(PlanDataError { file: self.file.to_owned(), line, column, what });
    }

    fn plan(&mut self, raw: raw::File) -> PlanData {
        self.distinct("unit", raw.units.iter().map(|unit| &unit.id));
        self.distinct("group", raw.groups.iter().map(|group| &group.id));
        self.distinct("task", raw.tasks.iter().map(|task| &task.id));
        self.distinct("duty", raw.duties.iter().map(|duty| &duty.id));
        self.distinct("measure", raw.tasks.iter().flat_map(|task| &task.measures).map(|measure| &measure.id));
        let units: BTreeSet<String> = raw.units.iter().map(|unit| unit.id.value.clone()).collect();
        let groups: BTreeSet<String> = raw.groups.iter().map(|group| group.id.value.clone()).collect();
        let mut day = |given: &Option<At>| {
            given.as_ref().and_then(|date| match date.value.parse::<Date>() {
                Ok(day) => Some(day),
                Err(error) => {
                    self.fault(date, error.to_string());
                    None
                }
            })
        };
        let (date, begins) = (day(&raw.date), day(&raw.begins));
        if let (Some(first), Some(last)) = (&raw.first_year, &raw.last_year)
            && (first.value > last.value || !(2000..=2100).contains(&first.value) || !(2000..=2100).contains(&last.value))
        {
            self.fault(last, "years must be from 2000 to 2100, the first not after the last".to_owned());
        }
        PlanData {
            document: raw.document,
            number: raw.number,
            date,
            begins,
            place: raw.place,
            first_year: raw.first_year.map(|year| year.value),
            last_year: raw.last_year.map(|year| year.value),
            units: raw.units.into_iter().map(|unit| self.unit(unit)).collect(),
            groups: raw.groups.into_iter().map(|group| PlanGroup { id: group.id.value, title: group.title }).collect(),
            tasks: raw.tasks.into_iter().map(|task| self.task(task, &units, &groups)).collect(),
            duties: raw.duties.into_iter().map(|duty| self.duty(duty, &units)).collect(),
        }
    }

    fn distinct<'i>(&mut self, what: &str, ids: impl Iterator<Item = &'i At>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            if id.value.trim().is_empty() {
                self.fault(id, format!("a {what} needs an id"));
            } else if !seen.insert(id.value.clone()) {
                self.fault(id, format!("the {what} `{}` stands twice", id.value));
            }
        }
    }

    fn unit(&mut self, unit: raw::Unit) -> PlanUnit {
        if !KINDS.contains(&unit.kind.value.as_str()) {
            self.fault(&unit.kind, format!("`{}` is no kind of unit: {}", unit.kind.value, KINDS.join(", ")));
        }
        PlanUnit { id: unit.id.value, name: unit.name, kind: unit.kind.value, place: unit.place }
    }

    fn task(&mut self, task: raw::Task, units: &BTreeSet<String>, groups: &BTreeSet<String>) -> PlanTask {
        if task.content.vi.trim().is_empty() {
            self.fault(&task.id, "the task says nothing of what is to be done".to_owned());
        }
        let group = task.group.map(|group| self.among(group, groups, "group"));
        let indicators = self.outside(task.indicators, self.known.indicators, "indicator");
        let leads: Vec<String> = task.lead.0.into_iter().map(|lead| self.among(lead, units, "unit")).collect();
        let partners: Vec<String> = task.partners.into_iter().map(|partner| self.among(partner, units, "unit")).collect();
        let (time, rhythms) = match &task.time {
            Some(time) => (time.value.clone(), self.rhythms(time)),
            None => (String::new(), Vec::new()),
        };
        let measures = task.measures.into_iter().map(|measure| self.measure(measure)).collect();
        PlanTask {
            id: task.id.value,
            group,
            content: task.content,
            leads,
            partners,
            product: task.product,
            time,
            rhythms,
            indicators,
            measures,
        }
    }

    /// A name that stands in the same file.
    fn among(&mut self, name: At, names: &BTreeSet<String>, what: &str) -> String {
        if !names.contains(&name.value) {
            self.fault(&name, format!("there is no {what} `{}` in this file", name.value));
        }
        name.value
    }

    /// Names that stand elsewhere.
    fn outside(&mut self, names: Vec<At>, known: Option<&[&str]>, what: &str) -> Vec<String> {
        for name in names.iter().filter(|name| known.is_some_and(|known| !known.contains(&name.value.as_str()))) {
            self.fault(name, format!("there is no {what} `{}`", name.value));
        }
        names.into_iter().map(|name| name.value).collect()
    }

    /// What a time means. Words that are not understood are kept where the file says so by `?` at their end.
    fn rhythms(&mut self, time: &At) -> Vec<Rhythm> {
        let (text, unclear) = match time.value.strip_suffix('?') {
            Some(text) => (text, true),
            None => (time.value.as_str(), false),
        };
        let said = parse(text);
        for rhythm in said.rhythms.iter().filter(|rhythm| matches!(rhythm, Rhythm::Unclear(_)) && !unclear) {
            self.fault(
                time,
                format!("“{rhythm}” is not understood; write it otherwise, or end the text with `?` to keep it as it is"),
            );
        }
        for doubt in said.doubts.iter().filter(|_| !unclear) {
            self.fault(time, format!("{doubt}; write it out, or end the text with `?`"));
        }
        said.rhythms
    }

    fn measure(&mut self, measure: raw::Measure) -> Measure {
        let unit = match measure.unit.value.as_str() {
            "share" => MeasureUnit::Share,
            "count" => MeasureUnit::Count,
            other => {
                self.fault(&measure.unit, format!("`{other}` is not `share` or `count`"));
                MeasureUnit::Count
            }
        };
        let per = measure.per.as_ref().and_then(|per| match per.value.as_str() {
            "year" => Some(Per::Year),
            "plan" => Some(Per::Plan),
            other => {
                self.fault(per, format!("`{other}` is not `year` or `plan`"));
                None
            }
        });
        let sides: [(Option<At>, Side); 4] = [
            (measure.at_least, Bounded::AtLeast),
            (measure.more_than, Bounded::MoreThan),
            (measure.at_most, Bounded::AtMost),
            (measure.aims_at, Bounded::AimsAt),
        ];
        if sides.iter().all(|(text, _)| text.is_none()) {
            self.fault(&measure.id, "a measure needs at_least, more_than, at_most or aims_at".to_owned());
        }
        let mut bounds = Vec::new();
        for (text, side) in sides {
            let Some(text) = text else { continue };
            match text.value.parse::<Rate>() {
                Ok(figure) if fits(figure, unit) => bounds.push(side(figure)),
                _ => self.fault(&text, format!("`{}` is no {}", text.value, figure_of(unit))),
            }
        }
        Measure { id: measure.id.value, name: measure.name, unit, bounds, per }
    }

    fn duty(&mut self, duty: raw::Duty, units: &BTreeSet<String>) -> Duty {
        let is_data = match duty.kind.value.as_str() {
            "data" => true,
            "work" => false,
            other => {
                self.fault(&duty.kind, format!("`{other}` is not `data` or `work`"));
                false
            }
        };
        if !is_data && !duty.rosters.is_empty() {
            self.fault(&duty.kind, "work hands over no rosters".to_owned());
        }
        let rhythms = duty.rhythms.into_iter().map(|one| DutyRhythm {
            rhythms: self.rhythms(&one.time),
            time: one.time.value,
            place: one.place,
        });
        let rhythms = rhythms.collect();
        Duty {
            id: duty.id.value,
            from: self.among(duty.from, units, "unit"),
            to: duty.to.map(|to| self.among(to, units, "unit")),
            is_data,
            what: duty.what,
            rosters: self.outside(duty.rosters, self.known.rosters, "roster"),
            rhythms,
            note: duty.note,
        }
    }
}

fn fits(figure: Rate, unit: MeasureUnit) -> bool {
    let parts = figure.hundred_millionths();
    match unit {
        MeasureUnit::Share => (0..=100_000_000).contains(&parts),
        MeasureUnit::Count => parts >= 0 && parts % 100_000_000 == 0,
    }
}

fn figure_of(unit: MeasureUnit) -> &'static str {
    match unit {
        MeasureUnit::Share => "share: a decimal in quotes from 0 to 1",
        MeasureUnit::Count => "count: a whole number in quotes",
    }
}

impl Words {
    /// Vietnamese only.
    pub fn vi(text: &str) -> Self {
        Self { vi: text.to_owned(), en: None }
    }
}
