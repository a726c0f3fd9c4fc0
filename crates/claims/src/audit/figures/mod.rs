//! Monthly step: the figures of the plan's tasks III.5b, 5c and 5d, and the facilities behind them.
//!
//! Nothing is guessed: without the list of facilities nobody knows the stations, without annex VII nobody knows who may be given drugs for over 30 days, and
//! sheets 79a and 80a tell visits but neither lines nor where somebody lives. Such figures are NULL with the name of what is not there.

mod counts;
mod lines;

use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use law::Value;

use super::rows::of_claims;
use crate::catalogue::{CatalogueTables, Catalogues};
use counts::Counts;
use lines::{Known, Line, lines};

/// Works out the figures.
pub(crate) struct FiguresStep;

pub(crate) const NAME: &str = "claims.figures";

/// The rule that finds repeated tests (5d).
const REPEATED: &str = "test-repeated-within-validity";
/// What a month of sheets 79a and 80a alone does not have: lines of cost, and with them diseases one by one, days of drugs, and residence.
const LINES: &str = "claim_lines";
/// The law's most days of one prescription.
const MAX_DAYS: &str = "prescription.max_days";

impl Step for FiguresStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "claim_stay",
            "claim_item",
            "claim_finding",
            "claim_rule_run",
            "previous.claim_item",
            "roster.facility_catalogue",
            "roster.icd_catalogue",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["claim_indicator", "claim_facility_figure"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        // Without claims there are no figures, and whoever reads them says so.
        if context.table("claim_stay").is_none() {
            return Ok(Vec::new());
        }
        let known = known(context)?;
        let counts = Counts::read(context, &known)?;
        let communes: Vec<&str> = context.inputs.places.communes().iter().map(|commune| commune.code.as_str()).collect();
        let lines = lines(context.inputs.period, &known, &counts, &communes);
        Ok(vec![indicators(context, &lines)?, facilities(context, &known, &counts)?])
    }
}

/// What of the catalogues, the law and the rules is there.
fn known(context: &StepContext) -> Result<Known, ChapterError> {
    let inputs = context.inputs;
    let wrong = of_claims(NAME);
    let mut batches = context.roster("facility_catalogue");
    batches.extend(context.roster("icd_catalogue"));
    let tables = CatalogueTables::of_batches(context.book, batches).map_err(&wrong)?;
    let catalogues = Catalogues::load(&tables, inputs.places).map_err(&wrong)?;
    let day = inputs.period.last_day();
    // Before circular 26/2025 there is no such figure: the law says nothing of those days.
    let max_days = match inputs.law.at(MAX_DAYS, day, Some("normal")) {
        Ok(Some(Value::Int(days))) => Some(i64::from(*days)),
        _ => None,
    };
    let has_lines = context.table("claim_item").is_some();
    let missing_over_30 = match (&catalogues.icd, max_days) {
        _ if !has_lines => Some(LINES),
        (None, _) => Some("icd_catalogue"),
        (Some(list), _) if !list.tells_over_30_days() => Some("over_30_annex"),
        (_, None) => Some("law"),
        _ => None,
    };
    let before = inputs.previous.filter(|run| run.period == inputs.period.plus(-1));
    Ok(Known {
        max_days: max_days.filter(|_| missing_over_30.is_none()),
        missing_over_30,
        has_lines,
        repeated: counts::is_evaluated(context, REPEATED)?,
        has_before: before.is_some_and(|run| run.tables().contains_key("claim_item")),
        catalogues,
    })
}

fn indicators(context: &StepContext, lines: &[Line]) -> Result<StepTable, ChapterError> {
    let period = context.inputs.period;
    let mut out = TableBuilder::new(context.schema("claim_indicator")?)?;
    for line in lines {
        out.text(Some(line.id)).date(Some(period.first_day().days_since_epoch())).text(line.commune.as_deref());
        out.text(Some("claims")).flag(Some(true)).int(line.numerator).int(line.denominator).int(line.unknown);
        out.text(line.missing).text(line.source.as_deref()).date(Some(period.last_day().days_since_epoch()));
        out.text(line.rows_query.as_deref());
    }
    Ok(StepTable::new("claim_indicator", context.schema("claim_indicator")?, out.finish()?))
}

fn facilities(context: &StepContext, known: &Known, counts: &Counts) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("claim_facility_figure")?)?;
    for (facility, of) in &counts.facilities {
        // Of a facility that sheets alone tell nobody knows a prescription or a test.
        let of_lines = |count: i64| Some(count).filter(|_| of.visits > of.of_sheets);
        let over_30 = |count: i64| of_lines(count).filter(|_| known.missing_over_30.is_none());
        let listed = known.catalogues.facility(facility, context.inputs.period.last_day());
        out.text(Some(facility)).text(listed.and_then(|of| of.name.as_deref()));
        out.text(listed.and_then(|of| of.commune.as_deref()))
            .flag(of.station)
            .int(Some(of.visits))
            .int(of_lines(of.prescriptions));
        out.int(over_30(of.eligible)).int(over_30(of.given));
        out.int(Some(of.over_30_unknown).filter(|_| known.missing_over_30.is_none()));
        out.int(of_lines(of.lab_lines)).int(of_lines(of.repeated).filter(|_| known.repeated));
    }
    Ok(StepTable::new("claim_facility_figure", context.schema("claim_facility_figure")?, out.finish()?))
}
