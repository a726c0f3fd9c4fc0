//! Monthly step: indicator I1, BHYT coverage of the population, for the city and each commune.

use std::collections::BTreeMap;

use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use engine::rows;

/// Works out I1.
pub struct IndicatorsStep;

const NAME: &str = "coverage.indicators";

/// Plan II, indicator 1 (bao phủ BHYT).
pub const BHYT_COVERAGE: &str = "I1";

impl Step for IndicatorsStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &["person", "bhyt_card", "roster.population", "roster.commune_figure"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["indicator"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let period = context.inputs.period;
        let as_of = period.last_day();
        let mut table = TableBuilder::new(context.schema("indicator")?)?;
        let spine = context.roster("population");
        let cards = context.table("bhyt_card").is_some();
        let known = context.table("person").is_some();
        // Without a population roster how many people there are is known from statistics alone, if at all.
        let figures = if spine.is_empty() { figures(context)? } else { Figures::default() };
        let source = if spine.is_empty() {
            figures.source.clone()
        } else {
            let files: Vec<&str> = spine.iter().map(|b| b.file_name.as_str()).collect();
            Some(format!("Danh sách dân cư kỳ {period} ({})", files.join(", ")))
        };
        // Rows: no commune known counts in the city only; the sum of communes plus these is the city.
        let counts = if known { count(context, cards)? } else { BTreeMap::new() };
        let mut city = (0, 0);
        for (covered, people) in counts.values() {
            city = (city.0 + covered, city.1 + people);
        }
        let mut line = |commune: Option<&str>, covered: i64, people: Option<i64>| {
            table.text(Some(BHYT_COVERAGE)).date(Some(period.first_day().days_since_epoch())).text(commune);
            table.int((cards && known).then_some(covered)).int(people).text(people.and(source.as_deref()));
            table.date(Some(as_of.days_since_epoch())).text(Some(&rows_query(commune, as_of)));
        };
        // The city's row has no commune and comes first.
        let whole = if spine.is_empty() { figures.city() } else { Some(city.1) };
        line(None, city.0, whole);
        for commune in context.inputs.places.communes() {
            let code = commune.code.as_str();
            let (covered, people) = counts.get(code).copied().unwrap_or((0, 0));
            let people = if spine.is_empty() { figures.people.get(code).copied() } else { Some(people) };
            line(Some(code), covered, people);
        }
        let batches = table.finish()?;
        Ok(vec![StepTable::new("indicator", context.schema("indicator")?, batches)])
    }
}

/// Population by commune of the newest year that was handed over, from one source.
#[derive(Debug, Default)]
struct Figures {
    people: BTreeMap<String, i64>,
    source: Option<String>,
}

impl Figures {
    /// The city's population: the sum of the communes of the list.
    fn city(&self) -> Option<i64> {
        (!self.people.is_empty()).then(|| self.people.values().sum())
    }
}

/// Sources do not agree, so figures of one are never mixed with those of another: the statistics office (Thống kê) comes first,
/// then the first by name.
fn figures(context: &StepContext) -> Result<Figures, ChapterError> {
    let mut found: BTreeMap<(i64, bool, std::cmp::Reverse<String>), Figures> = BTreeMap::new();
    for file in context.roster("commune_figure") {
        for batch in context.book.read_table(&file.table, None)? {
            let (communes, sources) = (rows::text(&batch, "commune")?, rows::text(&batch, "source")?);
            let (years, people) = (rows::int(&batch, "year")?, rows::int(&batch, "population")?);
            for row in 0..batch.num_rows() {
                let (Some(commune), Some(count)) = (rows::text_at(&communes, row), rows::int_at(&people, row)) else { continue };
                let year = rows::int_at(&years, row).unwrap_or(0);
                let said = rows::text_at(&sources, row).unwrap_or_default().to_owned();
                let statistics = base::names::fold(&said).contains("thong ke");
                let name = format!("Dân số năm {year}: {said} ({})", file.file_name);
                let figures = found.entry((year, statistics, std::cmp::Reverse(said))).or_default();
                // The same commune twice in one list: the later line corrects the earlier.
                figures.people.insert(commune.to_owned(), count);
                figures.source.get_or_insert(name);
            }
        }
    }
    Ok(found.pop_last().map(|(_, figures)| figures).unwrap_or_default())
}

/// The people counted in the numerator, as SQL over the shared tables (`ansinh query`).
fn rows_query(commune: Option<&str>, as_of: base::Date) -> String {
    let place = commune.map(|code| format!(" AND p.commune = '{code}'")).unwrap_or_default();
    format!("SELECT p.person_id FROM person p WHERE p.on_spine AND p.alive_on_period_end{place} AND {}", has_card(as_of))
}

/// SQL condition: `p` holds a card valid on a day.
pub(crate) fn has_card(day: base::Date) -> String {
    format!(
        "EXISTS (SELECT 1 FROM bhyt_card c WHERE c.person_id = p.person_id \
         AND (c.valid_from IS NULL OR c.valid_from <= DATE '{day}') AND (c.valid_to IS NULL OR c.valid_to >= DATE '{day}'))"
    )
}

fn count(context: &StepContext, cards: bool) -> Result<BTreeMap<String, (i64, i64)>, ChapterError> {
    let day = context.inputs.period.last_day();
    let covered = if cards {
        format!(
            "LEFT JOIN (SELECT DISTINCT person_id FROM bhyt_card WHERE (valid_from IS NULL OR valid_from <= DATE '{day}') \
             AND (valid_to IS NULL OR valid_to >= DATE '{day}')) v ON v.person_id = p.person_id"
        )
    } else {
        "LEFT JOIN (SELECT CAST(NULL AS BIGINT) AS person_id) v ON v.person_id = p.person_id".to_owned()
    };
    let sql = format!(
        "SELECT coalesce(p.commune, '') AS commune, count(v.person_id) AS covered, count(*) AS people \
         FROM person p {covered} WHERE p.on_spine AND p.alive_on_period_end GROUP BY 1 ORDER BY 1"
    );
    let session = context.session(&["person", "bhyt_card"])?;
    let mut counts = BTreeMap::new();
    for batch in context.wait(session.collect(&sql))? {
        let communes = rows::text(&batch, "commune")?;
        let (covered, people) = (rows::int(&batch, "covered")?, rows::int(&batch, "people")?);
        for row in 0..batch.num_rows() {
            counts.insert(communes.value(row).to_owned(), (covered.value(row), people.value(row)));
        }
    }
    Ok(counts)
}
