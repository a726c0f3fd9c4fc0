//! The terms that a file of dossiers starts.

use base::Date;
use law::Law;
use law::calc::{CalcError, Calendar};

use super::{Clock, Start, Term, term};

/// A file of dossiers that was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sending {
    /// When, Unix milliseconds.
    pub(crate) received: i64,
    /// The first and the last day on which visits in it ended; none where no dossier has a day.
    pub(crate) ends: Option<(Date, Date)>,
    /// Whether something in it is wrong.
    pub(crate) faulty: bool,
}

/// What runs from a file on, as if it went to the national portal at the same moment: our own receipt starts no term of the law.
pub(crate) fn of_sending(law: &Law, calendar: &Calendar, sending: &Sending) -> Result<Vec<Term>, CalcError> {
    let at = Start::Moment(sending.received);
    let mut starts = Vec::new();
    if let Some((first, last)) = sending.ends {
        starts.push((Clock::Send, Start::Day(first)));
        if last != first {
            starts.push((Clock::Send, Start::Day(last)));
        }
    }
    starts.extend([Clock::PortalLate, Clock::PortalStructure, Clock::PortalTotals].map(|clock| (clock, at)));
    if sending.faulty {
        starts.push((Clock::Correct, at));
    }
    starts.push((Clock::Auto, at));
    let all = starts.into_iter().map(|(clock, start)| term(law, calendar, clock, start));
    all.filter_map(Result::transpose).collect()
}
