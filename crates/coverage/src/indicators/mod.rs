//! Monthly step: the indicators of the plan (II, I1 to I5) and the shares of its tasks, for the city and each commune.
//!
//! The same heads stand side by side on every denominator that is known. A roster that did not arrive gives NULL, never
//! zero. Each line says with which query the people counted are opened.

mod aggregates;
mod counts;
mod figures;
mod measures;

use std::collections::{BTreeMap, BTreeSet};

use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};

use crate::tables::failed;
use aggregates::Aggregates;
use counts::{ByCommune, Count};
use figures::Figures;
pub(crate) use measures::MEASURES;
use measures::{Measure, Over, SHARES};

/// Works out the indicators.
pub struct IndicatorsStep;

const NAME: &str = "coverage.indicators";

/// Plan II, indicator 1 (bao phủ BHYT).
pub const BHYT_COVERAGE: &str = "I1";

/// Basis: the people of the register.
pub(crate) const REGISTER: &str = "register";

impl Step for IndicatorsStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "person",
            "coverage_state",
            "coverage_outside",
            "bhyt_card",
            "bhxh_month",
            "voluntary_payment",
            "pension",
            "social_pension",
            "pupil",
            "support_entitlement",
            "roster.population",
            "roster.commune_figure",
            "roster.card_aggregate",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["indicator"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let mut lines: Vec<Line> = Vec::new();
        let known = context.table("coverage_state").is_some();
        let outside = counts::outside(context)?;
        let arrived = |needs: &[&str]| known && needs.iter().all(|table| context.table(table).is_some());
        let aggregates = Aggregates::read(context)?;
        let figures = figures::figures(context)?;
        let counts = if known { counts::measures(context)? } else { vec![ByCommune::new(); MEASURES.len()] };
        for (measure, counts) in MEASURES.iter().zip(&counts) {
            let bases = bases(context, measure, counts, &figures);
            for commune in places(context) {
                let mut line = Line::new(measure.id, commune, counts, &outside, measure.outside, arrived(measure.needs));
                line.rows_query = counts::measure_rows(measure.counted, commune);
                if measure.over == Over::Residents && line.numerator.is_some() {
                    line.add(aggregates.people(commune, at(counts, commune).elsewhere), aggregates.source(commune));
                }
                lines.extend(bases.iter().map(|basis| line.on(basis, commune)));
            }
        }
        let school_year = school_year(context)?;
        for share in SHARES.iter().filter(|share| known && context.table(share.needs[0]).is_some()) {
            let counts = counts::share(context, share, &school_year)?;
            for commune in places(context) {
                let what = share.outside.unwrap_or_default();
                let mut line = Line::new(share.id, commune, &counts, &outside, what, arrived(share.needs));
                line.rows_query = counts::share_rows(share, &school_year, commune);
                line.unmatched = line.unmatched.filter(|_| share.outside.is_some());
                let basis = Basis::whole(share.basis, share.source, &counts, context);
                lines.push(line.on(&basis, commune));
            }
        }
        lines.sort_by(|a, b| (a.id, &a.commune, &a.basis).cmp(&(b.id, &b.commune, &b.basis)));
        Ok(vec![write(context, &lines)?])
    }
}

/// The city (`None`) and its communes.
fn places<'a>(context: &'a StepContext) -> impl Iterator<Item = Option<&'a str>> {
    std::iter::once(None).chain(context.inputs.places.communes().iter().map(|commune| Some(commune.code.as_str())))
}

fn at(counts: &ByCommune, commune: Option<&str>) -> Count {
    match commune {
        Some(code) => counts.get(code).copied().unwrap_or_default(),
        None => counts::city(counts),
    }
}

/// A denominator.
struct Basis {
    code: String,
    source: Option<String>,
    main: bool,
    city: Option<i64>,
    communes: BTreeMap<String, i64>,
}

impl Basis {
    /// The people counted over are all known: those of the register.
    fn whole(code: &str, source: &str, counts: &ByCommune, context: &StepContext) -> Self {
        let communes = context.inputs.places.communes().iter().map(|c| c.code.as_str());
        Self {
            code: code.to_owned(),
            source: Some(source.to_owned()),
            main: true,
            city: Some(counts::city(counts).over),
            communes: communes.map(|code| (code.to_owned(), at(counts, Some(code)).over)).collect(),
        }
    }
}

/// All denominators of a measure; exactly one is the main one.
///
/// Plan IV.6 has the statistics office give population and labour force. A population roster says more: who it is, today. So
/// coverage stands on the register where there is one. The labour force is not in any roster, so I2 to I4 stand on the
/// statistics, unless they are of another size than the register.
fn bases(context: &StepContext, measure: &Measure, counts: &ByCommune, figures: &[Figures]) -> Vec<Basis> {
    let spine = context.roster("population");
    let communes: BTreeSet<&str> = counts.keys().map(String::as_str).filter(|code| !code.is_empty()).collect();
    let residents = counts::city(counts).over;
    let mut bases = Vec::new();
    // Without a population roster how many people no roster names is not known, so there is no denominator in the register.
    let mut register = Basis { code: REGISTER.into(), source: None, main: false, city: None, communes: BTreeMap::new() };
    if !spine.is_empty() {
        let files: Vec<&str> = spine.iter().map(|batch| batch.file_name.as_str()).collect();
        let whom = match measure.over {
            Over::Residents => "Dân cư",
            Over::Labour => "Người trong độ tuổi lao động",
            Over::Retired => "Người đã đủ tuổi nghỉ hưu",
        };
        let source = format!("{whom} theo danh sách dân cư kỳ {} ({})", context.inputs.period, files.join(", "));
        register = Basis::whole(REGISTER, &source, counts, context);
        register.main = false;
    }
    let mut main = None;
    for of_source in figures {
        let people = match measure.over {
            Over::Residents => &of_source.population,
            Over::Labour => &of_source.labour_force,
            Over::Retired => continue,
        };
        if people.is_empty() {
            continue;
        }
        let city = figures::whole(people, &communes);
        let unlike = register.city.is_some() && city.is_some_and(|city| other_size(city, residents));
        let mut source = of_source.source.clone();
        if unlike {
            source.push_str("; khác quy mô với dân cư trong sổ, chỉ để đối chiếu");
        }
        if !unlike && main.is_none() && (measure.over == Over::Labour || register.city.is_none()) {
            main = Some(bases.len());
        }
        bases.push(Basis { code: of_source.code.clone(), source: Some(source), main: false, city, communes: people.clone() });
    }
    bases.push(register);
    let main = main.unwrap_or(bases.len() - 1);
    bases[main].main = true;
    bases
}

/// Whether a figure and the register speak of cities of another size: one is more than twice the other.
fn other_size(figure: i64, register: i64) -> bool {
    figure.saturating_mul(2) < register || register.saturating_mul(2) < figure
}

/// One line of the table.
#[derive(Debug, Clone)]
struct Line {
    id: &'static str,
    commune: Option<String>,
    basis: String,
    main: bool,
    numerator: Option<i64>,
    denominator: Option<i64>,
    aggregate: Option<i64>,
    aggregate_source: Option<String>,
    unmatched: Option<i64>,
    unknown: Option<i64>,
    denominator_source: Option<String>,
    rows_query: String,
}

impl Line {
    fn new(
        id: &'static str,
        commune: Option<&str>,
        counts: &ByCommune,
        outside: &BTreeMap<(String, String), i64>,
        what: &str,
        arrived: bool,
    ) -> Self {
        let count = at(counts, commune);
        let place = |of: &str| commune.is_none_or(|code| code == of);
        let unmatched = outside.iter().filter(|((of, word), _)| word == what && place(of)).map(|(_, people)| people).sum();
        Self {
            id,
            commune: commune.map(str::to_owned),
            basis: String::new(),
            main: false,
            numerator: arrived.then_some(count.counted),
            denominator: None,
            aggregate: None,
            aggregate_source: None,
            unmatched: arrived.then_some(unmatched),
            unknown: arrived.then_some(count.unknown),
            denominator_source: None,
            rows_query: String::new(),
        }
    }

    /// Adds people of whom only the number is known.
    fn add(&mut self, aggregate: Option<i64>, source: Option<String>) {
        self.numerator = self.numerator.map(|counted| counted + aggregate.unwrap_or(0));
        self.aggregate = aggregate;
        self.aggregate_source = source;
    }

    /// The same people over a denominator.
    fn on(&self, basis: &Basis, commune: Option<&str>) -> Self {
        let denominator = match commune {
            Some(code) => basis.communes.get(code).copied(),
            None => basis.city,
        };
        Self {
            basis: basis.code.clone(),
            main: basis.main,
            denominator,
            denominator_source: basis.source.clone().filter(|_| denominator.is_some()),
            ..self.clone()
        }
    }
}

fn school_year(context: &StepContext) -> Result<String, ChapterError> {
    let day = context.inputs.period.last_day();
    let year = context.inputs.law.at("school_year.name", day, None).map_err(|e| failed(NAME, "school_year.name", &e))?;
    Ok(year.and_then(|value| value.codes().next()).unwrap_or_default().to_owned())
}

fn write(context: &StepContext, lines: &[Line]) -> Result<StepTable, ChapterError> {
    let period = context.inputs.period;
    let mut out = TableBuilder::new(context.schema("indicator")?)?;
    for line in lines {
        out.text(Some(line.id)).date(Some(period.first_day().days_since_epoch())).text(line.commune.as_deref());
        out.text(Some(&line.basis)).flag(Some(line.main)).int(line.numerator).int(line.denominator).int(line.aggregate);
        out.text(line.aggregate_source.as_deref()).int(line.unmatched).int(line.unknown);
        out.text(line.denominator_source.as_deref()).date(Some(period.last_day().days_since_epoch()));
        out.text(Some(&line.rows_query));
    }
    Ok(StepTable::new("indicator", context.schema("indicator")?, out.finish()?))
}

#[cfg(test)]
mod tests;
