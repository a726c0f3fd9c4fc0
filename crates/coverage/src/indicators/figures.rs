//! Denominators from outside: population (dân số) and labour force (lực lượng lao động) by commune, as offices report them.

use std::collections::{BTreeMap, BTreeSet};

use base::names;
use chapter::{ChapterError, StepContext};
use engine::rows;

/// The figures of one source and year. Sources do not agree, so figures of one are never mixed with those of another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// The source as a code: `thong-ke-thanh-pho`.
    pub(crate) code: String,
    /// Source, year and file, for people.
    pub(crate) source: String,
    /// Whether it is the statistics office (Thống kê), which the plan names (IV.6).
    pub(crate) statistics: bool,
    pub(crate) population: BTreeMap<String, i64>,
    pub(crate) labour_force: BTreeMap<String, i64>,
}

/// A line of a list.
#[derive(Debug, Clone)]
struct Line {
    source: String,
    year: i64,
    file: String,
    commune: String,
    population: Option<i64>,
    labour_force: Option<i64>,
}

/// The newest figures of each source that are not of a later year than the period, the statistics office first.
pub(crate) fn figures(context: &StepContext) -> Result<Vec<Figures>, ChapterError> {
    let mut lines = Vec::new();
    for file in context.roster("commune_figure") {
        for batch in context.book.read_table(&file.table, None)? {
            let text = |name: &str| rows::text(&batch, name);
            let (communes, sources) = (text("commune")?, text("source")?);
            let (years, people) = (rows::int(&batch, "year")?, rows::int(&batch, "population")?);
            // A layout of an agency that gives the population alone has no such column.
            let labour = batch.column_by_name("labour_force").map(|_| rows::int(&batch, "labour_force")).transpose()?;
            for row in 0..batch.num_rows() {
                let Some(commune) = rows::text_at(&communes, row) else { continue };
                lines.push(Line {
                    source: rows::text_at(&sources, row).unwrap_or_default().to_owned(),
                    year: rows::int_at(&years, row).unwrap_or(0),
                    file: file.file_name.clone(),
                    commune: commune.to_owned(),
                    population: rows::int_at(&people, row),
                    labour_force: labour.as_ref().and_then(|column| rows::int_at(column, row)),
                });
            }
        }
    }
    Ok(newest(lines, i64::from(context.inputs.period.year())))
}

fn newest(lines: Vec<Line>, this_year: i64) -> Vec<Figures> {
    let mut found: BTreeMap<String, BTreeMap<i64, Figures>> = BTreeMap::new();
    for line in lines {
        let code = code(&line.source);
        let of_source = found.entry(code.clone()).or_default();
        let figures = of_source.entry(line.year).or_insert_with(|| Figures {
            source: format!("Số liệu năm {}: {} ({})", line.year, line.source, line.file),
            statistics: names::fold(&line.source).contains("thong ke"),
            code,
            ..Figures::default()
        });
        // The same commune twice in one list: the later line corrects the earlier.
        figures.population.extend(line.population.map(|count| (line.commune.clone(), count)));
        figures.labour_force.extend(line.labour_force.map(|count| (line.commune.clone(), count)));
    }
    let mut newest: Vec<Figures> = found
        .into_values()
        .filter_map(|mut years| {
            let year = years.keys().copied().filter(|year| *year <= this_year).max().or(years.keys().copied().min())?;
            years.remove(&year)
        })
        .collect();
    newest.sort_by(|a, b| (!a.statistics, &a.code).cmp(&(!b.statistics, &b.code)));
    newest
}

/// A source as a code of small letters, digits and strokes.
fn code(source: &str) -> String {
    let folded = names::fold(source);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let code = words.collect::<Vec<_>>().join("-");
    // `register` is the city's own people.
    if code.is_empty() || code == super::REGISTER { format!("nguon-{code}") } else { code }
}

/// The city's figure: the sum of its communes, when none of those that count is missing.
pub(crate) fn whole(figures: &BTreeMap<String, i64>, communes: &BTreeSet<&str>) -> Option<i64> {
    let complete = !figures.is_empty() && communes.iter().all(|code| figures.contains_key(*code));
    complete.then(|| figures.values().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(source: &str, year: i64, commune: &str, population: i64) -> Line {
        Line {
            source: source.into(),
            year,
            file: "Dan_so.xlsx".into(),
            commune: commune.into(),
            population: Some(population),
            labour_force: None,
        }
    }

    #[test]
    fn each_source_stands_for_itself_with_its_newest_year() {
        let found = newest(
            vec![
                line("Công an thành phố", 2026, "00004", 90),
                line("Thống kê thành phố", 2025, "00004", 80),
                line("Thống kê thành phố", 2026, "00004", 81),
                line("Thống kê thành phố", 2026, "00004", 82),
                line("Thống kê thành phố", 2026, "00008", 10),
                line("Thống kê thành phố", 2027, "00004", 99),
            ],
            2026,
        );
        let said: Vec<(&str, Option<&i64>)> = found.iter().map(|f| (f.code.as_str(), f.population.get("00004"))).collect();
        assert_eq!(said, [("thong-ke-thanh-pho", Some(&82)), ("cong-an-thanh-pho", Some(&90))]);
        assert_eq!(found[0].source, "Số liệu năm 2026: Thống kê thành phố (Dan_so.xlsx)");
        let both = BTreeSet::from(["00004", "00008"]);
        assert_eq!(whole(&found[0].population, &both), Some(92));
        assert_eq!(whole(&found[1].population, &both), None, "the sum of a part is not the city");
    }
}
