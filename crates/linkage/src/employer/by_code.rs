//! Employers by their codes: which codes mean one employer, and which rows bear a wrong one.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{Code, ReadCode, check_digit_fits, read_tax, read_unit};
use super::name::{Form, Words};
use super::{EmployerEvidence, EmployerQuestion, EmployerRow, EmployerWarning, Entry};
use crate::compare::near;

/// The codes of a row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Codes {
    tax: Option<Code>,
    register: Option<Code>,
    unit: Option<Code>,
    warnings: Vec<EmployerWarning>,
}

impl Codes {
    /// Reads them.
    pub(crate) fn read(row: &EmployerRow<'_>) -> Self {
        let mut out = Self::default();
        let mut take = |read: Option<ReadCode>, told: bool| {
            let read = read?;
            out.warnings.extend(read.warning.filter(|_| told));
            read.code
        };
        let tax = row.tax_code.and_then(|t| take(read_tax(t), true));
        // The register has other numbers too (households before 2025), which are no tax codes.
        let register = row.register_number.and_then(|t| take(read_tax(t), false));
        let unit = row.unit_code.and_then(|t| take(read_unit(t), true));
        Self { tax, register, unit, ..out }
    }

    /// The code that says whose row it is, and from which column it is. A branch's number says more
    /// than that of its company.
    fn primary(&self) -> Option<(Code, EmployerEvidence)> {
        let evidence = |code: &Code, otherwise| match code {
            Code::Owner(_) | Code::OwnerPlace(..) => EmployerEvidence::OwnerNumber,
            _ => otherwise,
        };
        let tax = self.tax.as_ref().map(|c| (c, evidence(c, EmployerEvidence::TaxCode)));
        let register = self.register.as_ref().map(|c| (c, evidence(c, EmployerEvidence::RegisterNumber)));
        let unit = self.unit.as_ref().map(|c| (c, EmployerEvidence::UnitCode));
        let found = match (tax, register) {
            (Some(t), Some(r)) if r.0.parent().as_ref() == Some(t.0) => Some(r),
            (t, r) => t.or(r).or(unit),
        };
        found.map(|(code, how)| (code.clone(), how))
    }

    fn all(&self) -> impl Iterator<Item = &Code> {
        [&self.tax, &self.register, &self.unit].into_iter().flatten()
    }
}

/// Where codes put the rows.
#[derive(Debug, Default)]
pub(crate) struct Coded {
    /// Rows of each code, in their order; the first describes the employer.
    pub rows: BTreeMap<Code, Vec<usize>>,
    /// For each row its evidence, `None` while it waits for its name to be compared.
    pub evidence: Vec<Option<EmployerEvidence>>,
    pub warnings: Vec<Vec<EmployerWarning>>,
    /// Rows of unit codes of which no tax code is known: they wait too, each code as one.
    pub units: BTreeMap<Code, Vec<usize>>,
    /// The company whose code a waiting branch bears.
    pub parent: BTreeMap<usize, Code>,
    /// Codes that waiting rows bear although they are somebody else's.
    pub not: BTreeMap<usize, Code>,
    /// Row, code it may belong to, question.
    pub asked: Vec<(usize, Code, EmployerQuestion)>,
}

/// Names below this, in thousandths, are clearly different.
const OTHER_NAME: u16 = 300;

/// Puts rows under their codes.
pub(crate) fn by_code(entries: &[Entry<'_>], words: &Words) -> Coded {
    let mut out = Coded { warnings: entries.iter().map(|e| e.codes.warnings.clone()).collect(), ..Coded::default() };
    let (typos, near_codes) = typos(entries);
    let right = |code: &Code| -> Code {
        match code {
            Code::Tax(tax) => Code::Tax(typos.get(tax).copied().unwrap_or(*tax)),
            Code::Branch(tax, n) => Code::Branch(typos.get(tax).copied().unwrap_or(*tax), *n),
            other => other.clone(),
        }
    };
    let known = known_elsewhere(entries, &right);
    for (at, entry) in entries.iter().enumerate() {
        out.evidence.push(None);
        let Some((own, mut how)) = entry.codes.primary() else { continue };
        let mut code = right(&own);
        if code != own {
            how = EmployerEvidence::CorrectedTaxCode;
        }
        match known.get(&code).map(|codes| codes.iter().collect::<Vec<_>>()) {
            Some(codes) if codes.len() == 1 => {
                if matches!(code, Code::Unit(_) | Code::Budget(_)) {
                    how = EmployerEvidence::KnownUnitCode;
                }
                code = codes[0].clone();
            }
            Some(_) if matches!(code, Code::Unit(_)) => {
                out.warnings[at].push(EmployerWarning::UnitCodeAmbiguous);
                continue;
            }
            _ => {}
        }
        if matches!(code, Code::Unit(_) | Code::Budget(_)) {
            out.units.entry(code).or_default().push(at);
            continue;
        }
        let family = |c: &Code| c.parent().unwrap_or_else(|| c.clone());
        let tax_codes = entry.codes.all().filter(|c| c.is_tax()).map(|c| family(&right(c)));
        if tax_codes.collect::<BTreeSet<_>>().len() > 1 {
            out.warnings[at].push(EmployerWarning::CodesDiffer);
        }
        out.evidence[at] = Some(how);
        out.rows.entry(code).or_default().push(at);
    }
    out.part_other_names(entries, words);
    for rows in out.units.values_mut() {
        if let Some(first) = describing(entries, rows) {
            rows.sort_unstable_by_key(|at| (*at != first, *at));
        }
    }
    for (at, code) in near_codes {
        out.asked.push((at, right(&code), EmployerQuestion::NearCode));
    }
    out
}

/// Owners', budget and unit codes that stand in one row with a tax code: what they mean elsewhere.
fn known_elsewhere(entries: &[Entry<'_>], right: &impl Fn(&Code) -> Code) -> BTreeMap<Code, BTreeSet<Code>> {
    let mut known: BTreeMap<Code, BTreeSet<Code>> = BTreeMap::new();
    for entry in entries {
        let Some((primary, _)) = entry.codes.primary() else { continue };
        let best = entry.codes.all().find(|c| matches!(c, Code::Tax(_))).cloned().unwrap_or(primary);
        for code in entry.codes.all().filter(|c| !c.is_tax() && c.parent().is_none()) {
            let means =
                if matches!(code, Code::Owner(_)) { best.clone() } else { entry.codes.tax.clone().unwrap_or(best.clone()) };
            if *code != means {
                known.entry(code.clone()).or_default().insert(right(&means));
            }
        }
    }
    // An owner's number that stands for a unit code leads on to the owner's tax code.
    let owners: BTreeMap<Code, Code> = known
        .iter()
        .filter(|(_, codes)| codes.len() == 1)
        .filter_map(|(c, codes)| Some((c.clone(), codes.first()?.clone())))
        .collect();
    for codes in known.values_mut() {
        *codes = codes.iter().map(|c| owners.get(c).unwrap_or(c).clone()).collect();
    }
    known
}

/// Tax codes to be read as another one, and rows whose code may be another.
type Typos = (BTreeMap<u64, u64>, Vec<(usize, Code)>);

/// Finds tax codes one digit (or one swap of neighbours) apart whose rows bear equal names.
///
/// One wrong digit always breaks the check digit, so the code that fails is the wrong one; where both
/// fail or both hold, the commune must agree, and the code of more rows is believed.
fn typos(entries: &[Entry<'_>]) -> Typos {
    /// Codes of one name compared with each other; more are a name that anybody bears.
    const NAMESAKES: usize = 200;
    let mut rows: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut by_name: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        if let Some((Code::Tax(tax), _)) = entry.codes.primary() {
            rows.entry(tax).or_default().push(at);
            by_name.entry(&entry.name.joined).or_default().insert(tax);
        }
    }
    let (mut wrong, mut asked) = (BTreeMap::new(), Vec::new());
    for (name, codes) in by_name.iter().filter(|(name, codes)| !name.is_empty() && (2..=NAMESAKES).contains(&codes.len())) {
        let codes: Vec<u64> = codes.iter().copied().collect();
        for (i, a) in codes.iter().enumerate() {
            for b in codes[i + 1..].iter().filter(|b| near(*a, **b)) {
                let named =
                    |tax: &u64| rows[tax].iter().copied().filter(|at| entries[*at].name.joined == **name).collect::<Vec<_>>();
                let (x, y) = (named(a), named(b));
                let rank = |tax: u64| (check_digit_fits(tax), rows[&tax].len(), std::cmp::Reverse(tax));
                let (bad, good) = if rank(*a) < rank(*b) { (*a, *b) } else { (*b, *a) };
                let told = check_digit_fits(bad) != check_digit_fits(good);
                let mut communes = x.iter().flat_map(|p| y.iter().map(|q| entries[*p].same_commune(&entries[*q])));
                let same_place = communes.clone().any(|c| c == Some(true));
                let other_place = communes.all(|c| c == Some(false));
                if same_place || (told && !other_place) {
                    wrong.entry(bad).or_insert(good);
                } else {
                    let first = if bad == *a { x[0] } else { y[0] };
                    asked.push((first, Code::Tax(good)));
                }
            }
        }
    }
    // A code that is wrong itself leads on to the right one.
    let direct: BTreeMap<u64, u64> = wrong.clone();
    for good in wrong.values_mut() {
        let mut steps = 0;
        while let Some(next) = direct.get(good).filter(|_| steps < 4) {
            (*good, steps) = (*next, steps + 1);
        }
    }
    (wrong, asked)
}

impl Coded {
    /// Takes out rows that bear a code but are clearly somebody else: branches under their company's
    /// code, and other names at other places.
    fn part_other_names(&mut self, entries: &[Entry<'_>], words: &Words) {
        for (code, rows) in &mut self.rows {
            let whole = |at: &usize| entries[*at].name.form == Form::Whole;
            let Some(describing) = describing(entries, rows) else { continue };
            let has_company = rows.iter().any(whole);
            let mut kept = Vec::new();
            for at in rows.iter().copied() {
                let entry = &entries[at];
                if matches!(code, Code::Tax(_) | Code::Owner(_)) && has_company && !whole(&at) {
                    self.warnings[at].push(EmployerWarning::ParentsCode);
                    self.evidence[at] = None;
                    self.parent.insert(at, code.clone());
                    continue;
                }
                let first = &entries[describing];
                let told = !entry.name.words.is_empty() && !first.name.words.is_empty();
                if at != describing && told && words.alike(&entry.name, &first.name) < OTHER_NAME {
                    self.warnings[at].push(EmployerWarning::NameDiffers);
                    self.asked.push((at, code.clone(), EmployerQuestion::SameCodeOtherName));
                    // A company that took another name stays where it is; a stranger does not.
                    if entry.same_commune(first) != Some(true) && !entry.same_contact(first) {
                        self.evidence[at] = None;
                        self.not.insert(at, code.clone());
                        continue;
                    }
                }
                kept.push(at);
            }
            kept.sort_unstable_by_key(|at| (*at != describing, *at));
            *rows = kept;
        }
    }
}

/// The row that describes an employer: of the name that most rows bear, the first.
fn describing(entries: &[Entry<'_>], rows: &[usize]) -> Option<usize> {
    let mut names: BTreeMap<&[String], usize> = BTreeMap::new();
    for at in rows {
        *names.entry(&entries[*at].name.words[..]).or_insert(0) += 1;
    }
    let rank = |at: &usize| {
        let name = &entries[*at].name;
        (name.form == Form::Whole, !name.words.is_empty(), names.get(&name.words[..]).copied(), std::cmp::Reverse(*at))
    };
    rows.iter().copied().max_by_key(rank)
}
