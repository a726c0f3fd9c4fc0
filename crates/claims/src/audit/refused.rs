//! What the national system refused of one visit, and what that leaves of a finding: only the difference is work for the city.

use std::collections::BTreeMap;

use base::{Amount, Dong};

/// What was refused of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    /// All of it, whatever the amounts say.
    pub all: bool,
    /// Đồng refused; nothing where it is not told how much of a part was.
    pub refused: Amount,
    /// Đồng that were asked for the line, where that is told.
    pub asked: Option<Amount>,
}

impl Share {
    fn is_all(&self) -> bool {
        self.all || self.asked.is_some_and(|asked| asked > Amount::ZERO && self.refused >= asked)
    }

    /// Đồng of the visit that it takes away.
    fn taken(&self) -> Amount {
        if self.all { self.refused.max(self.asked.unwrap_or_default()) } else { self.refused }
    }

    /// Another row about the same line.
    fn add(&mut self, more: Self) {
        self.all |= more.all;
        self.refused = self.refused + more.refused;
        self.asked = self.asked.max(more.asked);
    }

    /// Of two rows about one code, of which nobody can tell which line is meant, the one that takes less away.
    fn least(self, other: Self) -> Self {
        match (self.is_all(), other.is_all()) {
            (true, _) => other,
            (_, true) => self,
            _ if other.refused < self.refused => other,
            _ => self,
        }
    }
}

/// What was refused of one visit.
#[derive(Debug, Default)]
pub(crate) struct Refused {
    /// All of it.
    whole: bool,
    lines: BTreeMap<(&'static str, i64), Share>,
    codes: BTreeMap<String, Share>,
    /// Đồng that lists refuse, row by row.
    listed: Amount,
    /// Đồng that sheets 79a and 80a say at once: the same refusals, so the two are not added up.
    of_sheet: Amount,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'f> {
    /// Number of the visit.
    pub visit: i64,
    /// Đồng that the visit asks from the fund.
    pub fund: Amount,
    /// Table of the line; absent for the visit as a whole.
    pub table: Option<&'f str>,
    /// Place of the line in its table, from 1.
    pub line: Option<i64>,
    /// The number that the facility gave the line (STT), where it gave one.
    pub stt: Option<i64>,
    /// Code of the line.
    pub code: Option<&'f str>,
    /// Đồng at stake as the rule works it out.
    pub amount: Option<Amount>,
}

/// What the national system did about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said {
    /// `refused`: nothing is left of it; `partly`: what is left, or another part of the visit, is work for the city.
    pub word: &'static str,
    /// Đồng of the finding that were refused already, where a part of it was.
    pub taken: Option<Amount>,
}

/// What the national system refused of a visit, đồng.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RefusedSum {
    /// Whether all that the visit asks is refused.
    pub whole: bool,
    /// Else what is refused of it, as far as amounts are told; what is less than one đồng is left out.
    pub amount: Dong,
}

impl RefusedSum {
    /// What of it counts of a visit that asks so much and of which the audit here holds so much: a đồng is refused once.
    pub(crate) fn of(self, fund: Dong, held: Dong) -> Dong {
        let most = (fund - held).max(Dong::ZERO);
        if self.whole { most } else { self.amount.min(most) }
    }
}

impl Refused {
    /// The sum for the month's forms.
    pub(crate) fn sum(&self) -> RefusedSum {
        let amount = self.listed.max(self.of_sheet).to_dong().unwrap_or_default();
        RefusedSum { whole: self.whole, amount }
    }

    /// The visit as a whole is refused, or so much of it.
    pub(crate) fn whole(&mut self, share: Share) {
        self.whole |= share.is_all();
        self.listed = self.listed + share.taken();
    }

    /// A line is refused, or a part of it.
    pub(crate) fn line(&mut self, table: &'static str, line: i64, share: Share) {
        self.lines.entry((table, line)).or_default().add(share);
        self.listed = self.listed + share.taken();
    }

    /// A line is refused of which the code alone is told.
    pub(crate) fn code(&mut self, code: &str, share: Share) {
        let known = self.codes.get(code).map_or(share, |known| known.least(share));
        self.codes.insert(code.to_owned(), known);
        self.listed = self.listed + share.taken();
    }

    /// Some line is refused and nobody can tell which.
    pub(crate) fn some_line(&mut self, share: Share) {
        self.listed = self.listed + share.taken();
    }

    /// What a row of sheets 79a and 80a says: all is refused, or so much.
    pub(crate) fn sheet(&mut self, whole: bool, refused: Option<Amount>) {
        self.whole |= whole;
        self.of_sheet = self.of_sheet.max(refused.unwrap_or_default());
    }

    /// What is said of a finding about this visit.
    ///
    /// A refused line takes its finding out of the work, one refused in part leaves the rest of the finding's amount. No finding has more đồng than the
    /// national system left of the visit.
    pub(crate) fn of(&self, about: &About<'_>) -> Said {
        let refused = Said { word: "refused", taken: None };
        let visit = self.listed.max(self.of_sheet);
        let asks = about.fund > Amount::ZERO;
        if self.whole || (asks && visit >= about.fund) {
            return refused;
        }
        // The portal names a line by its STT; where none was sent, by its place.
        let line = about.table.zip(about.stt.or(about.line)).and_then(|(table, line)| {
            let found = self.lines.iter().find(|((of, place), _)| *of == table && *place == line);
            found.map(|(_, share)| *share)
        });
        let share = line.or_else(|| about.code.and_then(|code| self.codes.get(code)).copied());
        if share.is_some_and(|share| share.is_all()) {
            return refused;
        }
        let Some(amount) = about.amount.filter(|amount| *amount > Amount::ZERO) else {
            return Said { word: "partly", taken: None };
        };
        let mut left = (amount - share.unwrap_or_default().refused).or_zero();
        if asks {
            left = left.min(about.fund - visit);
        }
        if left == Amount::ZERO {
            return refused;
        }
        Said { word: "partly", taken: (left < amount).then(|| amount - left) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dong(amount: i64) -> Amount {
        Amount::whole(amount)
    }

    fn part(refused: i64, asked: Option<i64>) -> Share {
        Share { all: false, refused: dong(refused), asked: asked.map(dong) }
    }

    const ALL: Share = Share { all: true, refused: Amount::ZERO, asked: None };

    /// A finding about a line of a visit that asks 1,000,000 đồng.
    fn about<'f>(table: &'f str, line: i64, code: &'f str, amount: i64) -> About<'f> {
        About {
            visit: 5,
            fund: dong(1_000_000),
            table: Some(table),
            line: Some(line),
            stt: None,
            code: Some(code),
            amount: Some(dong(amount)),
        }
    }

    fn said(word: &'static str, taken: Option<i64>) -> Said {
        Said { word, taken: taken.map(dong) }
    }

    #[test]
    fn this_line_is_refused_and_another_one_is_partly() {
        let mut refused = Refused::default();
        refused.line("xml3", 2, ALL);
        assert_eq!(refused.of(&about("xml3", 2, "A", 60_000)), said("refused", None));
        assert_eq!(refused.of(&about("xml3", 3, "A", 60_000)), said("partly", None));
        assert_eq!(refused.of(&about("xml2", 2, "A", 60_000)), said("partly", None));
        let whole = About { table: None, line: None, code: None, ..about("", 0, "", 60_000) };
        assert_eq!(refused.of(&whole), said("partly", None));
    }

    #[test]
    fn a_line_is_meant_by_its_stt_and_by_its_place_only_where_no_stt_was_sent() {
        let mut refused = Refused::default();
        refused.line("xml3", 12, ALL);
        // The third line of the file, which the facility numbered 12.
        let third = About { stt: Some(12), ..about("xml3", 3, "A", 60_000) };
        assert_eq!(refused.of(&third), said("refused", None));
        let twelfth = About { stt: Some(30), ..about("xml3", 12, "A", 60_000) };
        assert_eq!(refused.of(&twelfth), said("partly", None), "at place 12, and another number");
        assert_eq!(refused.of(&about("xml3", 12, "A", 60_000)), said("refused", None), "no STT was sent");
    }

    #[test]
    fn a_line_refused_in_part_leaves_the_difference() {
        let mut refused = Refused::default();
        refused.line("xml3", 2, part(40_000, Some(100_000)));
        assert_eq!(refused.of(&about("xml3", 2, "A", 60_000)), said("partly", Some(40_000)), "20,000 are left");
        assert_eq!(refused.of(&about("xml3", 2, "A", 40_000)), said("refused", None), "nothing is left");
        let without = About { amount: None, ..about("xml3", 2, "A", 0) };
        assert_eq!(refused.of(&without), said("partly", None));
        refused.line("xml3", 2, part(60_000, Some(100_000)));
        assert_eq!(refused.of(&about("xml3", 2, "A", 100_000)), said("refused", None), "two reasons, together all of it");
    }

    #[test]
    fn a_code_alone_takes_no_more_than_the_smallest_of_its_rows() {
        let mut refused = Refused::default();
        refused.code("40.30", part(40_000, None));
        refused.code("40.30", part(10_000, None));
        assert_eq!(refused.of(&about("xml2", 1, "40.30", 60_000)), said("partly", Some(10_000)));
        assert_eq!(refused.of(&about("xml2", 1, "40.31", 60_000)), said("partly", None));
        let mut all = Refused::default();
        all.code("40.30", ALL);
        assert_eq!(all.of(&about("xml2", 1, "40.30", 60_000)), said("refused", None));
    }

    #[test]
    fn a_line_that_nobody_can_tell_does_not_refuse_the_visit() {
        let mut refused = Refused::default();
        refused.some_line(ALL);
        assert_eq!(refused.of(&about("xml2", 1, "40.30", 60_000)), said("partly", None));
        refused.whole(ALL);
        assert_eq!(refused.of(&about("xml2", 1, "40.30", 60_000)), said("refused", None));
    }

    #[test]
    fn what_the_audit_here_holds_is_not_refused_a_second_time() {
        let of = |whole, amount, fund, held| {
            RefusedSum { whole, amount: Dong::new(amount) }.of(Dong::new(fund), Dong::new(held)).get()
        };
        assert_eq!(of(true, 0, 500_000, 0), 500_000, "the whole visit");
        assert_eq!(of(true, 0, 500_000, 120_000), 380_000, "of which 120,000 is in a case already");
        assert_eq!(of(false, 60_000, 500_000, 0), 60_000);
        assert_eq!(of(false, 60_000, 50_000, 0), 50_000, "never more than the visit asks");
        assert_eq!(of(false, 60_000, 50_000, 70_000), 0);
        let mut refused = Refused::default();
        refused.line("xml3", 2, part(40_000, Some(100_000)));
        refused.sheet(false, Some(dong(50_000)));
        assert_eq!(
            refused.sum(),
            RefusedSum { whole: false, amount: Dong::new(50_000) },
            "list and sheet tell the same refusals"
        );
    }

    #[test]
    fn no_finding_has_more_than_was_left_of_the_visit() {
        let mut refused = Refused::default();
        refused.sheet(false, Some(dong(700_000)));
        refused.some_line(part(100_000, None));
        assert_eq!(
            refused.of(&about("xml2", 1, "40.30", 1_000_000)),
            said("partly", Some(700_000)),
            "the sheet has the list's too"
        );
        assert_eq!(refused.of(&about("xml2", 1, "40.30", 300_000)), said("partly", None));
        refused.sheet(false, Some(dong(1_000_000)));
        assert_eq!(refused.of(&about("xml2", 1, "40.30", 300_000)), said("refused", None));
    }
}
