//! Findings of a case that the run has no more, and why: the facility sent again, the dossier left the month, the rule is gone or could not be run.

use std::collections::BTreeMap;

use base::{FindingKey, Month};
use chapter::PageError;
use desk::ReviewLine;
use engine::{EngineError, Session, rows};
use web::component::{Cell, Column, Panel, Row, Table};
use web::{Locale, SafeHtml};

use super::serving::Snapshot;
use super::{Audit, found, stays, words};

/// Why a finding is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The dossier is none of the month any more: sent under another month, or not taken in again.
    Withdrawn,
    /// The facility sent the dossier again, and it is not found any more.
    SentAgain,
    /// The program has the rule no more, or it does not hold in the month.
    RuleGone,
    /// The rule could not be run: data that it needs did not arrive. Of the finding nothing is known.
    NotRun,
    /// The dossier is as it was: other data changed, a catalogue for one.
    OtherData,
}

/// What is known of a finding that is no more.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Whether the run has the visit.
    in_month: bool,
    /// What the run says of the rule; none where it does not know it.
    rule: Option<RuleState>,
    /// What the run wrote down when it missed the finding: `true` where its rule could not be run.
    written: Option<bool>,
    /// How often the visit was sent with another content.
    versions: usize,
}

/// How a rule went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RuleState {
    Run,
    NotRun,
    NotValid,
}

fn why(known: Known) -> Why {
    match known {
        Known { in_month: false, .. } => Why::Withdrawn,
        Known { rule: None | Some(RuleState::NotValid), .. } => Why::RuleGone,
        Known { written: Some(true), .. } | Known { rule: Some(RuleState::NotRun), .. } => Why::NotRun,
        Known { versions: 2.., .. } => Why::SentAgain,
        _ => Why::OtherData,
    }
}

/// The lines of a case whose findings the run of its month has no more, by id; none where the month is not the one that was read.
pub(super) async fn of_case(
    audit: &Audit,
    snapshot: &Snapshot,
    (visit, facility, period): (i64, &str, Month),
    lines: &[ReviewLine],
) -> Result<BTreeMap<String, Why>, PageError> {
    let inner = |e: EngineError| PageError::inner(&e);
    if snapshot.period != period || !snapshot.has_claims {
        return Ok(BTreeMap::new());
    }
    let there = found::of_visit(&snapshot.session, visit).await.map_err(inner)?;
    let missing: Vec<&ReviewLine> = lines.iter().filter(|line| there.iter().all(|found| found.key != line.finding)).collect();
    if missing.is_empty() {
        return Ok(BTreeMap::new());
    }
    let written = written(&snapshot.session, visit).await.map_err(inner)?;
    let in_month = stays::of_visit(snapshot, visit).await.map_err(inner)?.is_some_and(|(_, month)| month == period);
    let versions = audit.dossier(period, facility, visit).await?.map_or(0, |stored| stored.versions);
    let state = |rule: &str| {
        let state = snapshot.rules.get(rule).filter(|_| audit.app.rules.get(rule).is_some())?.state.as_str();
        Some(match state {
            "evaluated" => RuleState::Run,
            "not_evaluated" => RuleState::NotRun,
            _ => RuleState::NotValid,
        })
    };
    let of = |line: &ReviewLine| {
        let known = Known { in_month, rule: state(&line.rule), written: written.get(&line.finding).copied(), versions };
        (line.id.clone(), why(known))
    };
    Ok(missing.into_iter().map(of).collect())
}

/// What the run wrote down of findings of the visit that the run of the month before it had: `true` where the rule could not be run.
async fn written(session: &Session, visit: i64) -> Result<BTreeMap<FindingKey, bool>, EngineError> {
    let mut all = BTreeMap::new();
    if !session.has_table("claim_finding_gone") {
        return Ok(all);
    }
    let sql = format!("SELECT finding_key, state FROM claim_finding_gone WHERE visit_id = {visit}");
    for batch in session.collect(&sql).await? {
        let (keys, states) = (rows::text(&batch, "finding_key")?, rows::text(&batch, "state")?);
        for row in 0..batch.num_rows() {
            all.extend(FindingKey::parse(keys.value(row)).map(|key| (key, states.value(row) == "not_evaluated")));
        }
    }
    Ok(all)
}

/// The lines whose findings are no more, each with why; nothing where all are there.
pub(super) fn panel(audit: &Audit, l: Locale, lines: &[ReviewLine], gone: &BTreeMap<String, Why>) -> SafeHtml {
    if gone.is_empty() {
        return SafeHtml::default();
    }
    let head = vec![Column::text(l.t("claims-line")), Column::text(l.t("claims-rule")), Column::text(l.t("claims-gone-why"))];
    let rows = lines.iter().filter_map(|line| Some((line, gone.get(&line.id)?))).map(|(line, why)| {
        Row::new(vec![
            Cell::text(words::line(l, line.line_table.as_deref(), line.line_no)),
            Cell::text(words::rule(&audit.app, l, &line.rule)),
            Cell::text(said(l, *why)),
        ])
    });
    let title = l.t("claims-gone");
    let table = Table::new("khong-con", title.clone(), head).rows(rows.collect::<Vec<_>>()).html(l);
    Panel::flush(title, table).id("khong-con-phat-hien").foot(SafeHtml::text(&l.t("claims-gone-foot"))).html()
}

fn said(l: Locale, why: Why) -> String {
    match why {
        Why::Withdrawn => l.t("claims-gone-withdrawn"),
        Why::SentAgain => l.t("claims-gone-sent-again"),
        Why::RuleGone => l.t("claims-gone-rule"),
        Why::NotRun => l.t("claims-gone-not-run"),
        Why::OtherData => l.t("claims-gone-other"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_that_is_no_more_says_why() {
        let there = Known { in_month: true, rule: Some(RuleState::Run), written: Some(false), versions: 1 };
        assert_eq!(why(Known { versions: 2, ..there }), Why::SentAgain, "the facility mended it");
        assert_eq!(why(Known { in_month: false, versions: 2, ..there }), Why::Withdrawn, "the dossier left the month");
        assert_eq!(why(Known { rule: None, versions: 2, ..there }), Why::RuleGone);
        assert_eq!(why(Known { rule: Some(RuleState::NotValid), ..there }), Why::RuleGone);
        assert_eq!(
            why(Known { written: Some(true), versions: 3, ..there }),
            Why::NotRun,
            "nothing is known, so nothing is mended"
        );
        assert_eq!(why(Known { rule: Some(RuleState::NotRun), written: None, ..there }), Why::NotRun);
        assert_eq!(why(there), Why::OtherData);
    }
}
