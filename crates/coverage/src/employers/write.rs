//! The tables of employers: who they are, whose each row is and why, and what a person should look at.

use std::collections::BTreeSet;

use chapter::{ChapterError, StepContext, StepTable, TableBuilder};
use intake::Codes;
use linkage::{EmployerClusters, EmployerMatch};
use serde::Serialize;

use super::NAME;
use super::mentions::{Mention, Mentions};
use crate::codes::Coder;
use crate::register::evidence::Numbered;
use crate::tables::failed;

/// What is best known of an employer: of each field the first value, rosters in their order.
#[derive(Debug, Default, Clone)]
struct Described<'m> {
    name: Option<&'m str>,
    name_from: Option<&'static str>,
    tax_code: Option<&'m str>,
    unit_code: Option<&'m str>,
    old_unit_code: Option<&'m str>,
    commune: Option<&'m str>,
    kind: Option<&'m str>,
    business: Option<&'m Mention>,
    taxpayer: Option<&'m Mention>,
    tax_method: Option<&'m str>,
    /// Number of the owner of a household business, or of the legal representative of an enterprise.
    head: Option<&'m str>,
    /// Rosters that name it, as bits in their order.
    rosters: u16,
}

/// Rosters of the insurance agency: an employer on one of them is known to it.
const OF_INSURANCE: [&str; 5] = ["unit_ledger", "unit_code_map", "unit_month", "bhxh_participation", "employer_worker"];

/// Codes of `employer_kind` that facts beside the kind tell.
const HOUSEHOLD_BUSINESS: &str = "household_business";
const BRANCH: &str = "branch";

impl<'m> Described<'m> {
    /// The number of the owner of a household business. Since 1/7/2025 it is the tax code itself, where that has twelve digits.
    fn owner(&self, kind: Option<&str>) -> Option<&'m str> {
        let is_number = |code: &&str| code.len() == 12 && code.bytes().all(|b| b.is_ascii_digit());
        (kind == Some(HOUSEHOLD_BUSINESS)).then(|| self.head.or(self.tax_code.filter(is_number)))?
    }

    /// The number of the legal representative (người đại diện theo pháp luật), as the business register names one. That of a branch is the
    /// company's, and a household business has an owner.
    fn manager(&self, kind: Option<&str>) -> Option<&'m str> {
        let of_enterprise = !matches!(kind, Some(HOUSEHOLD_BUSINESS | BRANCH));
        self.business.filter(|_| of_enterprise)?.head.as_deref()
    }
}

/// Words of employers as codes.
struct Coders<'c> {
    kind: Coder<'c>,
    business: Coder<'c>,
    tax: Coder<'c>,
    method: Coder<'c>,
}

impl<'c> Coders<'c> {
    fn new(codes: &'c Codes) -> Self {
        let of = |list| Coder::new(codes, list);
        Self { kind: of("employer_kind"), business: of("business_state"), tax: of("tax_state"), method: of("tax_method") }
    }

    /// The kind: a branch is whoever has a parent; else as written; a tax method is a household business's; else what the
    /// name begins with.
    fn kind(&mut self, one: &Described, has_parent: bool) -> Option<&'c str> {
        if has_parent {
            return Some(BRANCH);
        }
        let written = one.kind.and_then(|kind| self.kind.code(kind));
        let taxed = || one.tax_method.map(|_| HOUSEHOLD_BUSINESS);
        written.or_else(taxed).or_else(|| one.name.and_then(|name| self.kind.at_start(name)))
    }
}

/// The employers in the order of their numbers.
pub(crate) fn employers(
    context: &StepContext,
    rosters: &[Mentions],
    clusters: &EmployerClusters,
    numbered: &Numbered,
) -> Result<StepTable, ChapterError> {
    let mut described: Vec<Described> = vec![Described::default(); clusters.clusters.len()];
    for (at, (roster, matches)) in rosters.iter().zip(&clusters.rows).enumerate() {
        for (mention, found) in roster.list.iter().zip(matches) {
            let one = &mut described[found.cluster as usize];
            if one.name.is_none() && !mention.name.is_empty() {
                (one.name, one.name_from) = (Some(mention.name.as_str()), Some(roster.source.roster));
            }
            one.tax_code = one.tax_code.or(mention.tax_code.as_deref()).or(mention.register_number.as_deref());
            one.unit_code = one.unit_code.or(mention.unit_code.as_deref());
            one.old_unit_code = one.old_unit_code.or(mention.old_unit_code.as_deref());
            one.commune = one.commune.or(mention.commune.as_deref());
            one.kind = one.kind.or(mention.kind.as_deref());
            one.tax_method = one.tax_method.or(mention.tax_method.as_deref());
            one.head = one.head.or(mention.head.as_deref());
            match roster.source.roster {
                "business" => one.business = one.business.or(Some(mention)),
                "taxpayer" => one.taxpayer = one.taxpayer.or(Some(mention)),
                _ => {}
            }
            one.rosters |= 1 << at;
        }
    }
    let mut order: Vec<usize> = (0..described.len()).collect();
    order.sort_unstable_by_key(|place| numbered.numbers[*place]);
    let mut coders = Coders::new(context.inputs.codes);
    let known: u16 =
        rosters.iter().enumerate().filter(|(_, r)| OF_INSURANCE.contains(&r.source.roster)).map(|(at, _)| 1 << at).sum();
    // The business register may write a branch under the code of its parent: whoever has a code that the agency knows is known.
    let of_agency = |one: &Described| one.unit_code.is_some() || one.rosters & known != 0;
    let known_codes: BTreeSet<&str> = described.iter().filter(|one| of_agency(one)).filter_map(|one| one.tax_code).collect();
    let mut out = TableBuilder::new(context.schema("employer")?)?;
    for place in order {
        let (one, cluster) = (&described[place], &clusters.clusters[place]);
        let named: Vec<&str> =
            rosters.iter().enumerate().filter(|(at, _)| one.rosters & (1 << at) != 0).map(|(_, r)| r.source.roster).collect();
        out.int(Some(numbered.numbers[place].0)).text(Some(&cluster.key));
        out.int(cluster.parent.map(|parent| numbered.numbers[parent as usize].0)).text(one.name).text(one.name_from);
        let kind = coders.kind(one, cluster.parent.is_some());
        let (business, tax) = (one.business.and_then(|b| b.state.as_deref()), one.taxpayer.and_then(|t| t.state.as_deref()));
        out.text(one.tax_code).text(one.unit_code).text(one.old_unit_code).text(one.commune).text(one.kind).text(kind);
        out.text(business).text(business.and_then(|state| coders.business.code(state)));
        out.date(one.business.and_then(|b| b.state_date));
        out.date(one.business.and_then(|b| b.founded).or(one.taxpayer.and_then(|t| t.founded)));
        out.text(tax).text(tax.and_then(|state| coders.tax.code(state))).date(one.taxpayer.and_then(|t| t.state_date));
        out.text(one.tax_method.and_then(|method| coders.method.code(method))).text(one.tax_method);
        out.text(one.owner(kind))
            .text(one.manager(kind))
            .flag(Some(of_agency(one) || one.tax_code.is_some_and(|code| known_codes.contains(code))));
        out.text(Some(&named.join(",")));
    }
    Ok(StepTable::new("employer", context.schema("employer")?, out.finish()?))
}

/// One row a row of a roster about employers.
pub(crate) fn links(
    context: &StepContext,
    rosters: &[Mentions],
    clusters: &EmployerClusters,
    numbered: &Numbered,
) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("employer_link")?)?;
    let mut order: Vec<usize> = (0..rosters.len()).filter(|at| rosters[*at].source.about_employers).collect();
    order.sort_unstable_by_key(|at| rosters[*at].source.roster);
    for at in order {
        let roster = &rosters[at];
        for (row, (mention, source_row)) in roster.rows_of.iter().enumerate() {
            let found = &clusters.rows[at][*mention as usize];
            out.text(Some(roster.source.roster)).text(Some(roster.files.file_of(row))).int(Some(i64::from(*source_row)));
            match_cells(&mut out, found, numbered)?;
        }
    }
    Ok(StepTable::new("employer_link", context.schema("employer_link")?, out.finish()?))
}

fn match_cells(out: &mut TableBuilder, found: &EmployerMatch, numbered: &Numbered) -> Result<(), ChapterError> {
    let warnings: Vec<String> = found.warnings.iter().map(word).collect::<Result<_, _>>()?;
    out.int(Some(numbered.numbers[found.cluster as usize].0)).text(Some(&word(&found.evidence)?));
    out.int(Some(i64::from(found.name_thousandths))).text((!warnings.is_empty()).then(|| warnings.join(",")).as_deref());
    Ok(())
}

/// The stable word of a unit variant.
fn word(value: &impl Serialize) -> Result<String, ChapterError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) => Err(ChapterError::Step { step: NAME, detail: "a word was expected".to_owned() }),
        Err(error) => Err(failed(NAME, "word", &error)),
    }
}

/// One row a way in which rosters about people name an employer.
pub(crate) fn mentions(
    context: &StepContext,
    rosters: &[Mentions],
    clusters: &EmployerClusters,
    numbered: &Numbered,
) -> Result<StepTable, ChapterError> {
    let mut lines = Vec::new();
    for (roster, matches) in rosters.iter().zip(&clusters.rows).filter(|(roster, _)| !roster.source.about_employers) {
        for (mention, found) in roster.list.iter().zip(matches) {
            let codes = (mention.tax_code.as_deref(), mention.unit_code.as_deref());
            lines.push((roster.source.roster, codes, mention.name.as_str(), found));
        }
    }
    lines.sort_unstable_by_key(|(roster, codes, name, _)| (*roster, *codes, *name));
    let mut out = TableBuilder::new(context.schema("employer_mention")?)?;
    for (roster, (tax, unit), name, found) in lines {
        out.text(Some(roster)).text(tax).text(unit).text(Some(name));
        match_cells(&mut out, found, numbered)?;
    }
    Ok(StepTable::new("employer_mention", context.schema("employer_mention")?, out.finish()?))
}

/// Questions about employers for a person.
pub(crate) fn review(
    context: &StepContext,
    rosters: &[Mentions],
    clusters: &EmployerClusters,
    numbered: &Numbered,
) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("employer_review")?)?;
    let mut rank = 0;
    for question in &clusters.review {
        let roster = &rosters[question.roster as usize];
        // The second row of a mention with two unit codes asks what the first asks.
        let Some(mention) = roster.list.get(question.row as usize) else { continue };
        let own = clusters.rows[question.roster as usize][question.row as usize].cluster;
        rank += 1;
        out.int(Some(rank)).text(Some(roster.source.roster)).text(Some(&mention.name));
        let code = mention.tax_code.as_deref().or(mention.register_number.as_deref()).or(mention.unit_code.as_deref());
        out.text(code).int(Some(numbered.numbers[own as usize].0));
        out.int(Some(numbered.numbers[question.cluster as usize].0)).text(Some(&word(&question.question)?));
        out.int(Some(i64::from(question.name_thousandths)));
    }
    Ok(StepTable::new("employer_review", context.schema("employer_review")?, out.finish()?))
}

/// What tells employers again in the next run.
pub(crate) fn evidence(context: &StepContext, pairs: &[(i64, i64)]) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("employer_evidence")?)?;
    for (evidence, employer) in pairs {
        out.int(Some(*evidence)).int(Some(*employer));
    }
    Ok(StepTable::new("employer_evidence", context.schema("employer_evidence")?, out.finish()?))
}
