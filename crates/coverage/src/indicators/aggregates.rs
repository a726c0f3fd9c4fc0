//! Cards that only numbers are known of: of the armed forces (lực lượng vũ trang) and of other provinces (practice A2).

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, names};
use chapter::{ChapterError, StepContext};
use engine::rows;

/// People with a card who have no row, for the city and each commune.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Aggregates {
    groups: Vec<Group>,
}

/// One group of cards, as its agency reported it last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Group {
    name: String,
    as_of: i32,
    sources: BTreeSet<String>,
    /// By commune; `None` is a figure for the whole city.
    counts: BTreeMap<Option<String>, i64>,
}

/// Sources named in full; each commune's file may bear another number.
const SHOWN: usize = 3;

/// A line of a list.
#[derive(Debug, Clone)]
struct Line {
    group: String,
    issuer: String,
    commune: Option<String>,
    count: i64,
    as_of: i32,
    source: String,
}

impl Aggregates {
    /// Reads the lists of the period.
    pub(crate) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let mut lines = Vec::new();
        for file in context.roster("card_aggregate") {
            for batch in context.book.read_table(&file.table, None)? {
                let text = |name: &str| batch.column_by_name(name).map(|_| rows::text(&batch, name)).transpose();
                let (groups, issuers, communes, sources) = (text("group")?, text("issuer")?, text("commune")?, text("source")?);
                let (counts, days) = (rows::int(&batch, "count")?, rows::date(&batch, "as_of")?);
                let cell = |column: &Option<engine::arrow::array::StringArray>, row| {
                    column.as_ref().and_then(|column| rows::text_at(column, row)).map(str::to_owned)
                };
                for row in 0..batch.num_rows() {
                    let (Some(count), Some(as_of)) = (rows::int_at(&counts, row), rows::date_at(&days, row)) else { continue };
                    lines.push(Line {
                        group: cell(&groups, row).unwrap_or_default(),
                        issuer: cell(&issuers, row).unwrap_or_default(),
                        commune: cell(&communes, row),
                        count,
                        as_of,
                        source: cell(&sources, row).unwrap_or_else(|| file.file_name.clone()),
                    });
                }
            }
        }
        Ok(Self::newest(lines, context.inputs.period.last_day().days_since_epoch()))
    }

    /// Of each group the newest figures that are not of a later day; where all are later, the earliest of them.
    fn newest(lines: Vec<Line>, end: i32) -> Self {
        let mut found: BTreeMap<(String, String), BTreeMap<i32, Group>> = BTreeMap::new();
        for line in lines {
            let days = found.entry((names::fold(&line.group), names::fold(&line.issuer))).or_default();
            let group = days.entry(line.as_of).or_default();
            group.name = line.group;
            group.as_of = line.as_of;
            group.sources.insert(line.source);
            // The same commune twice: the later line corrects the earlier.
            group.counts.insert(line.commune, line.count);
        }
        let groups = found.into_values().filter_map(|mut days| {
            let day = days.keys().copied().filter(|day| *day <= end).max().or(days.keys().copied().min())?;
            days.remove(&day)
        });
        Self { groups: groups.collect() }
    }

    /// How many people without rows have a card, in a commune or (`None`) the city.
    ///
    /// `elsewhere` are people whom the look-up found insured elsewhere: they have rows and are most likely among the cards
    /// of other provinces, so they are taken off that number and counted once.
    pub(crate) fn people(&self, commune: Option<&str>, elsewhere: i64) -> Option<i64> {
        let mut left = elsewhere;
        let mut sum = None;
        for group in &self.groups {
            let Some(count) = group.count(commune) else { continue };
            let known = if group.is_of_provinces() { left.min(count).max(0) } else { 0 };
            left -= known;
            *sum.get_or_insert(0) += count - known;
        }
        sum
    }

    /// Where the numbers are from, with their days.
    pub(crate) fn source(&self, commune: Option<&str>) -> Option<String> {
        let parts: Vec<String> = self
            .groups
            .iter()
            .filter(|group| group.count(commune).is_some())
            .map(|group| {
                let day = Date::from_days_since_epoch(group.as_of);
                let day = day.map(|d| format!("{:02}/{:02}/{}", d.day(), d.month_number(), d.year())).unwrap_or_default();
                let mut sources = group.sources.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
                if group.sources.len() > SHOWN {
                    sources.push_str(&format!(" và {} nguồn khác", group.sources.len() - SHOWN));
                }
                format!("{}: {sources} (đến {day})", group.name)
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

impl Group {
    /// A figure for the city is the city's; else it is the sum of the communes.
    fn count(&self, commune: Option<&str>) -> Option<i64> {
        match commune {
            Some(code) => self.counts.get(&Some(code.to_owned())).copied(),
            None => self.counts.get(&None).copied().or_else(|| Some(self.counts.values().sum())),
        }
    }

    fn is_of_provinces(&self) -> bool {
        let name = names::fold(&self.name);
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        has(&["tinh", "noi khac", "dia phuong khac"]) && !has(&["vu trang", "quan doi", "cong an", "co yeu"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(group: &str, commune: &str, count: i64, as_of: i32) -> Line {
        let commune = Some(commune.to_owned()).filter(|code| !code.is_empty());
        Line { group: group.into(), issuer: String::new(), commune, count, as_of, source: "Công văn số 12".into() }
    }

    #[test]
    fn the_newest_figures_of_each_group_count_once() {
        let read = Aggregates::newest(
            vec![
                line("Lực lượng vũ trang", "00004", 50, 10),
                line("Lực lượng vũ trang", "00004", 60, 20),
                line("Lực lượng vũ trang", "00008", 5, 20),
                line("Lực lượng vũ trang", "00004", 99, 40),
                line("Thẻ do tỉnh khác phát hành", "00004", 7, 15),
                line("Thẻ do tỉnh khác phát hành", "", 30, 15),
            ],
            30,
        );
        assert_eq!(read.people(None, 0), Some(65 + 30));
        assert_eq!(read.people(Some("00004"), 0), Some(67));
        assert_eq!(read.people(Some("00008"), 0), Some(5));
        assert_eq!(read.people(Some("00012"), 0), None, "no figure is not zero");
        // Four people of the other provinces' cards have rows of their own.
        assert_eq!(read.people(Some("00004"), 4), Some(63));
        assert_eq!(read.people(Some("00004"), 400), Some(60), "the armed forces are nobody whom a look-up shows");
        assert_eq!(read.source(Some("00008")).as_deref(), Some("Lực lượng vũ trang: Công văn số 12 (đến 21/01/1970)"));
    }
}
