//! The embedded lists that people, homes and employers are drawn from.

use std::collections::BTreeMap;

use base::Sex;

use crate::error::CityError;
use crate::random::Draw;
use crate::spelling;

/// Things with weights, drawn in proportion.
#[derive(Debug, Clone)]
pub struct Weighted<T> {
    items: Vec<T>,
    /// Sum of the weights up to and with each item.
    upto: Vec<u64>,
}

impl<T> Weighted<T> {
    /// Takes items with their weights; the list must not be empty.
    pub fn new(list: impl IntoIterator<Item = (T, u64)>) -> Self {
        let (mut items, mut upto, mut sum) = (Vec::new(), Vec::new(), 0);
        for (item, weight) in list {
            sum += weight;
            items.push(item);
            upto.push(sum);
        }
        Self { items, upto }
    }

    /// The item a draw falls on; an empty list cannot be drawn from, `load` refuses it.
    pub fn pick(&self, draw: Draw) -> &T {
        let point = draw.below(self.upto.last().copied().unwrap_or(0));
        let at = self.upto.partition_point(|sum| *sum <= point);
        &self.items[at.min(self.items.len() - 1)]
    }

    /// Whether nothing is in the list.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// Who lives together, around one reference adult who heads the household.
#[derive(Debug, Clone)]
pub struct Template {
    /// The head has a spouse.
    pub couple: bool,
    /// Children of the head.
    pub children: u32,
    /// Parents of the head.
    pub elders: u32,
    /// Others of about the head's age: flatmates, relatives.
    pub others: u32,
    /// Youngest age of the head's five-year band.
    pub head_age_from: u32,
}

/// One band of employers by number of workers.
#[derive(Debug, Clone)]
pub struct SizeBand {
    /// Employers of this band among 10,000.
    pub employers_per_10_000: u64,
    /// Workers of this band among 1,000.
    pub workers_per_1_000: u64,
    /// Mean number of insured workers.
    pub mean_workers: f64,
}

/// Middle names of one sex, with and without the syllable that marks it (`Thị`, `Văn`).
#[derive(Debug, Clone)]
pub struct Middles {
    /// Those that begin with the mark.
    pub marked: Weighted<String>,
    /// The others, the empty middle name too.
    pub plain: Weighted<String>,
}

/// All lists.
#[derive(Debug, Clone)]
pub struct Tables {
    /// Surnames.
    pub surnames: Weighted<String>,
    given: [Weighted<String>; 2],
    middles: [Middles; 2],
    /// Given names of one sex that differ in nothing but their marks, by the bare form.
    alike: [BTreeMap<String, Vec<String>>; 2],
    /// Households by size, with the ages of their heads.
    pub templates: Weighted<Template>,
    /// Males among 100,000 of a five-year age band.
    male_share: Vec<u32>,
    /// Mean persons of a household, in thousandths.
    pub mean_household_thousandths: u64,
    /// Employers by size.
    pub employers: Vec<SizeBand>,
}

fn at(sex: Sex) -> usize {
    usize::from(sex == Sex::Female)
}

impl Tables {
    /// Reads the embedded lists.
    pub fn load() -> Result<Self, CityError> {
        let surnames = rows("surnames.csv", include_str!("../data/surnames.csv"), 2)?;
        let given = rows("given_names.csv", include_str!("../data/given_names.csv"), 3)?;
        let middles = rows("middle_names.csv", include_str!("../data/middle_names.csv"), 3)?;
        let templates = rows("household_templates.csv", include_str!("../data/household_templates.csv"), 7)?;
        let sizes = rows("household_sizes.csv", include_str!("../data/household_sizes.csv"), 2)?;
        let ages = rows("age_sex.csv", include_str!("../data/age_sex.csv"), 3)?;
        let employers = rows("employer_sizes.csv", include_str!("../data/employer_sizes.csv"), 5)?;

        let of_sex = |list: &[Row], sex: &str| -> Result<Vec<(String, u64)>, CityError> {
            list.iter().filter(|r| r.fields[0] == sex).map(|r| Ok((r.fields[1].to_owned(), r.number(2)?))).collect()
        };
        let given: [Vec<(String, u64)>; 2] = [of_sex(&given, "male")?, of_sex(&given, "female")?];
        let split = |list: Vec<(String, u64)>, mark: &str| {
            let (marked, plain) = list.into_iter().partition(|(name, _)| name.split(' ').next() == Some(mark));
            let (marked, plain): (Vec<_>, Vec<_>) = (marked, plain);
            Middles { marked: Weighted::new(marked), plain: Weighted::new(plain) }
        };
        let size_sum: u64 = sum(&sizes, 1)?;
        let mut persons = 0;
        for row in &sizes {
            persons += row.number::<u64>(0)? * row.number::<u64>(1)?;
        }
        let tables = Self {
            surnames: Weighted::new(
                surnames.iter().map(|r| Ok((r.fields[0].to_owned(), r.number(1)?))).collect::<Result<Vec<_>, CityError>>()?,
            ),
            alike: [alike(&given[0]), alike(&given[1])],
            given: given.map(Weighted::new),
            middles: [split(of_sex(&middles, "male")?, "Văn"), split(of_sex(&middles, "female")?, "Thị")],
            templates: Weighted::new(templates.iter().map(template).collect::<Result<Vec<_>, CityError>>()?),
            male_share: ages
                .iter()
                .map(|r| Ok((r.number::<u64>(2)? * 100_000 / r.number::<u64>(1)?.max(1)) as u32))
                .collect::<Result<_, CityError>>()?,
            mean_household_thousandths: persons * 1_000 / size_sum.max(1),
            employers: employers
                .iter()
                .map(|r| {
                    let (employers_per_10_000, workers_per_1_000) = (r.number(2)?, r.number(3)?);
                    Ok(SizeBand { employers_per_10_000, workers_per_1_000, mean_workers: r.number(4)? })
                })
                .collect::<Result<_, CityError>>()?,
        };
        let empty = tables.surnames.is_empty() || tables.templates.is_empty() || tables.given.iter().any(Weighted::is_empty);
        if empty || tables.middles.iter().any(|m| m.marked.is_empty() || m.plain.is_empty()) {
            return Err(CityError::Data { file: "data", line: 0, reason: "a list is empty".to_owned() });
        }
        Ok(tables)
    }

    /// Given names of a sex.
    pub fn given(&self, sex: Sex) -> &Weighted<String> {
        &self.given[at(sex)]
    }

    /// Middle names of a sex.
    pub fn middles(&self, sex: Sex) -> &Middles {
        &self.middles[at(sex)]
    }

    /// Given names that differ from this one in their marks only, the name itself left out.
    pub fn look_alikes<'a>(&'a self, sex: Sex, given: &'a str) -> impl Iterator<Item = &'a str> {
        let group = self.alike[at(sex)].get(&spelling::without_marks(given));
        group.into_iter().flatten().map(String::as_str).filter(move |name| *name != given)
    }

    /// Males among 100,000 people of an age.
    pub fn males_at(&self, age: i32) -> u32 {
        let band = (age.max(0) / 5) as usize;
        self.male_share.get(band).or(self.male_share.last()).copied().unwrap_or(50_000)
    }
}

fn alike(names: &[(String, u64)]) -> BTreeMap<String, Vec<String>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, _) in names {
        groups.entry(spelling::without_marks(name)).or_default().push(name.clone());
    }
    groups
}

fn template(row: &Row) -> Result<(Template, u64), CityError> {
    let template = Template {
        couple: row.number::<u32>(1)? == 1,
        children: row.number(2)?,
        elders: row.number(3)?,
        others: row.number(4)?,
        head_age_from: row.number(5)?,
    };
    Ok((template, row.number(6)?))
}

fn sum(rows: &[Row], column: usize) -> Result<u64, CityError> {
    rows.iter().map(|r| r.number::<u64>(column)).sum()
}

/// One line of an embedded list.
pub struct Row {
    file: &'static str,
    line: usize,
    /// The fields; no list holds a comma or a quote within a field.
    pub fields: Vec<&'static str>,
}

impl Row {
    /// The line in the list, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// A field as a number.
    pub fn number<N: std::str::FromStr>(&self, column: usize) -> Result<N, CityError> {
        let wrong =
            || CityError::Data { file: self.file, line: self.line, reason: format!("field {} is not a number", column + 1) };
        self.fields[column].parse().map_err(|_| wrong())
    }
}

/// The lines below the header of an embedded list.
pub fn rows(file: &'static str, text: &'static str, width: usize) -> Result<Vec<Row>, CityError> {
    let lines = text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            let fields: Vec<&str> = line.split(',').collect();
            if fields.len() != width {
                return Err(CityError::Data { file, line: at + 1, reason: format!("{} fields, expected {width}", fields.len()) });
            }
            Ok(Row { file, line: at + 1, fields })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn the_embedded_lists_load() {
        let tables = Tables::load().unwrap();
        assert_eq!(tables.mean_household_thousandths, 3_410);
        assert_eq!(tables.employers.len(), 9);
        assert!(tables.males_at(2) > 50_000 && tables.males_at(90) < 40_000);
        assert!(tables.look_alikes(Sex::Male, "Hùng").any(|n| n == "Hưng"));
    }

    #[test]
    fn heavy_items_are_drawn_more_often() {
        let list = Weighted::new([("rare", 1), ("never", 0), ("common", 9)]);
        let random = Random::new(5);
        let count = |name| (0..10_000).filter(|i| *list.pick(random.draw("w", *i)) == name).count();
        assert!((8_800..9_200).contains(&count("common")));
        assert_eq!(count("never"), 0);
    }
}
