//! The list of employers to be reviewed, in memory: what is asked of it, and who may see it.

use base::{CommuneCode, Date, Evidence, Scope};
use chapter::{Searched, Sought};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};
use serde::Deserialize;

use crate::filter::{NameTest, encode};

/// Rules about employers in the order of `docs/coverage.md`; others follow by name.
pub(crate) const EMPLOYER_REASONS: [&str; 3] =
    ["employer-paying-not-registered", "employer-founded-not-registered", "employer-insuring-fewer"];

/// Rows of one page.
pub(crate) const PAGE: usize = 50;

/// An open finding about an employer (đơn vị sử dụng lao động).
#[derive(Debug, Clone)]
pub(crate) struct EmployerLine {
    pub(crate) reason: String,
    pub(crate) commune: Option<CommuneCode>,
    pub(crate) rank: i64,
    pub(crate) employer: i64,
    pub(crate) tax_code: Option<String>,
    pub(crate) name: String,
    pub(crate) kind: Option<String>,
    /// People concerned.
    pub(crate) weight: i64,
    pub(crate) new: bool,
    pub(crate) first_period: Option<Date>,
    evidence: String,
}

/// What the address of the list of employers says. Empty parts filter nothing.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct EmployerQuery {
    /// Reason (lý do).
    #[serde(rename = "ly-do", default)]
    pub(crate) reason: String,
    /// Commune code of the seat.
    #[serde(rename = "xa", default)]
    pub(crate) commune: String,
    /// Part of the name, or the first digits of the tax code.
    #[serde(default)]
    pub(crate) q: Sought,
    /// `moi`: found in this period for the first time.
    #[serde(rename = "trang-thai", default)]
    pub(crate) state: String,
    /// Keyset: rows after this place.
    #[serde(rename = "sau", default)]
    pub(crate) after: Option<usize>,
    /// Keyset: rows before this place.
    #[serde(rename = "truoc", default)]
    pub(crate) before: Option<usize>,
}

/// All open findings about employers: by reason, then those of most people first.
#[derive(Default)]
pub(crate) struct EmployerLines(Vec<EmployerLine>);

/// One page: rows of the whole list, rows before the page, and the rows with their places from 1.
pub(crate) struct EmployerPage<'a> {
    pub(crate) count: usize,
    pub(crate) from: usize,
    pub(crate) rows: Vec<(usize, &'a EmployerLine)>,
}

impl EmployerLine {
    /// What the finding rests on.
    pub(crate) fn evidence(&self) -> Vec<Evidence> {
        // Checked when it was read.
        serde_json::from_str(&self.evidence).unwrap_or_default()
    }
}

impl EmployerLines {
    /// Takes some rows of the table `employer_list`.
    pub(crate) fn push(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        let text = |name: &str| rows::text(batch, name);
        let (reasons, communes, taxes, names) = (text("reason")?, text("commune")?, text("tax_code")?, text("name")?);
        let (kinds, states, evidence) = (text("kind_code")?, text("state")?, text("evidence")?);
        let int = |name: &str| rows::int(batch, name);
        let (ranks, employers, weights) = (int("rank")?, int("employer_id")?, int("weight")?);
        let first = rows::date(batch, "first_period")?;
        for row in 0..batch.num_rows() {
            let json = evidence.value(row);
            serde_json::from_str::<Vec<Evidence>>(json)
                .map_err(|e| EngineError::Query(format!("employer_list evidence: {e}")))?;
            self.0.push(EmployerLine {
                reason: reasons.value(row).to_owned(),
                commune: rows::text_at(&communes, row).and_then(CommuneCode::parse),
                rank: ranks.value(row),
                employer: employers.value(row),
                tax_code: rows::text_at(&taxes, row).map(str::to_owned),
                name: names.value(row).to_owned(),
                kind: rows::text_at(&kinds, row).map(str::to_owned),
                weight: weights.value(row),
                new: states.value(row) == "new",
                first_period: rows::date_at(&first, row).and_then(Date::from_days_since_epoch),
                evidence: json.to_owned(),
            });
        }
        Ok(())
    }

    /// Puts the lines into their order.
    pub(crate) fn sort(&mut self) {
        let place = |reason: &str| EMPLOYER_REASONS.iter().position(|r| *r == reason).unwrap_or(EMPLOYER_REASONS.len());
        let key = |line: &EmployerLine| (place(&line.reason), line.reason.clone(), -line.weight, line.rank);
        self.0.sort_by_cached_key(key);
    }

    /// The lines that a scope may see and a filter takes, each with its place in the whole list from 1: the one rule of page,
    /// count and file.
    pub(crate) fn visible<'a>(
        &'a self,
        scope: &'a Scope,
        query: &'a EmployerQuery,
    ) -> impl Iterator<Item = (usize, &'a EmployerLine)> {
        let may = desk::may(scope, desk::Permission::ViewEmployeeFindings);
        let test = query.test();
        let lines = self.0.iter().enumerate().map(|(at, line)| (at + 1, line));
        lines.filter(move |(_, line)| may && scope.sees(line.commune.as_ref()) && query.takes(line, &test))
    }

    /// The findings about one employer.
    pub(crate) fn of_employer<'a>(&'a self, scope: &Scope, employer: i64) -> Vec<&'a EmployerLine> {
        let may = desk::may(scope, desk::Permission::ViewEmployeeFindings);
        let own = self.0.iter().filter(|line| line.employer == employer);
        own.filter(|line| may && scope.sees(line.commune.as_ref())).collect()
    }

    /// The page a filter asks for.
    pub(crate) fn page<'a>(&'a self, scope: &'a Scope, query: &'a EmployerQuery) -> EmployerPage<'a> {
        let found: Vec<(usize, &EmployerLine)> = self.visible(scope, query).collect();
        let from = match (query.after, query.before) {
            (Some(after), _) => found.partition_point(|(at, _)| *at <= after),
            (None, Some(before)) => found.partition_point(|(at, _)| *at < before).saturating_sub(PAGE),
            (None, None) => 0,
        };
        let to = (from + PAGE).min(found.len());
        EmployerPage { count: found.len(), from, rows: found[from.min(to)..to].to_vec() }
    }
}

/// What was typed: the beginning of a code, or a part of a name.
enum Typed {
    Code(String),
    Name(NameTest),
}

impl Searched for EmployerQuery {
    fn sought(&mut self) -> Vec<&mut Sought> {
        vec![&mut self.q]
    }
}

impl EmployerQuery {
    fn test(&self) -> Typed {
        let code: String = self.q.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let is_code = code.len() >= 3 && code.bytes().all(|b| b.is_ascii_digit());
        if is_code { Typed::Code(code) } else { Typed::Name(NameTest::new(&self.q)) }
    }

    fn takes(&self, line: &EmployerLine, typed: &Typed) -> bool {
        (self.reason.is_empty() || line.reason == self.reason)
            && (self.commune.is_empty() || line.commune.as_ref().map(CommuneCode::as_str) == Some(self.commune.as_str()))
            && (self.state != "moi" || line.new)
            && match typed {
                // Branches have the code of their parent and three digits behind a stroke.
                Typed::Code(code) => line.tax_code.as_ref().is_some_and(|tax| tax.replace('-', "").starts_with(code.as_str())),
                Typed::Name(test) => test.is_empty() || test.takes(&line.name),
            }
    }

    /// The address of this list with some parts changed; page marks are dropped.
    pub(crate) fn href(&self, path: &str, change: impl FnOnce(&mut Self)) -> String {
        let mut query = Self { after: None, before: None, ..self.clone() };
        change(&mut query);
        let texts: [(&str, &str); 4] =
            [("ly-do", &query.reason), ("xa", &query.commune), ("q", query.q.sealed()), ("trang-thai", &query.state)];
        let mut parts: Vec<String> =
            texts.iter().filter(|(_, v)| !v.is_empty()).map(|(name, value)| format!("{name}={}", encode(value))).collect();
        parts.extend(query.after.map(|n| format!("sau={n}")));
        parts.extend(query.before.map(|n| format!("truoc={n}")));
        if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use base::{Actor, Area, Purpose, Role};

    use super::*;

    fn line(reason: &str, rank: i64, name: &str, tax: &str, commune: &str) -> EmployerLine {
        EmployerLine {
            reason: reason.into(),
            commune: CommuneCode::parse(commune),
            rank,
            employer: rank,
            tax_code: Some(tax.into()),
            name: name.into(),
            kind: None,
            weight: 1,
            new: rank % 2 == 0,
            first_period: None,
            evidence: "[]".into(),
        }
    }

    fn scope(role: Role, area: Area) -> Scope {
        Scope { actor: Actor("u".into()), unit: "x".into(), area, role, purpose: Purpose::CoverageReview, acting_for: None }
    }

    fn lines() -> EmployerLines {
        let mut lines = EmployerLines(vec![
            line("employer-insuring-fewer", 1, "Công ty TNHH Mẫu Hường", "0100000001", "00004"),
            line("employer-paying-not-registered", 2, "Công ty CP Mẫu Hương", "0100000002-001", "00008"),
            line("employer-paying-not-registered", 3, "Hộ kinh doanh Mẫu", "0200000003", "00004"),
        ]);
        lines.sort();
        lines
    }

    #[test]
    fn employers_are_found_by_name_and_by_the_beginning_of_their_code() {
        let (lines, city) = (lines(), scope(Role::CityOfficer, Area::City));
        let found = |q: &str| {
            let query = EmployerQuery { q: q.into(), ..EmployerQuery::default() };
            lines.visible(&city, &query).map(|(_, line)| line.rank).collect::<Vec<_>>()
        };
        assert_eq!(found(""), [2, 3, 1], "paying without registration comes first");
        assert_eq!(
            (found("huong"), found("hường"), found("0100000002001"), found("0100")),
            (vec![2, 1], vec![1], vec![2], vec![2, 1])
        );
        assert_eq!(found("100000002"), Vec::<i64>::new());
    }

    #[test]
    fn employers_are_for_insurance_officers_of_the_area() {
        let (lines, query) = (lines(), EmployerQuery::default());
        let own = Area::Communes(["00004"].iter().filter_map(|c| CommuneCode::parse(c)).collect());
        let seen = |scope: &Scope| (lines.visible(scope, &query).count(), lines.of_employer(scope, 1).len());
        assert_eq!(seen(&scope(Role::CityOfficer, Area::City)), (3, 1));
        assert_eq!(seen(&scope(Role::BaseOfficer, own.clone())), (2, 1));
        assert_eq!(seen(&scope(Role::CommuneStaff, own)), (0, 0));
    }
}
