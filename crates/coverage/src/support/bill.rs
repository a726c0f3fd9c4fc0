//! The quarter's sheet of each payer (bảng kinh phí theo nguồn chi trả).

use std::collections::BTreeMap;

use base::Dong;

use super::PAYERS;
use super::judge::Entitled;

/// A line's place: scheme, payer, group, commune; the order of the table but for the empty commune, which stands first.
pub(super) type Place = (&'static str, &'static str, &'static str, Option<String>);

/// What a payer owes for a group in a commune.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Owed {
    pub(super) people: i64,
    pub(super) months: i64,
    pub(super) amount: Dong,
    /// The city's part that waits for proof of permanent residence.
    pub(super) pending: Dong,
    pub(super) doubled: i64,
    pub(super) doubled_amount: Dong,
}

/// Adds up the months of people, one person after the other.
#[derive(Debug, Default)]
pub(super) struct Bill {
    lines: BTreeMap<Place, Owed>,
    /// The lines of the person at hand: a person is counted once a line, however many months.
    own: BTreeMap<Place, Owed>,
}

impl Bill {
    /// Adds one month of the person at hand.
    pub(super) fn month(&mut self, commune: Option<&str>, entitled: &Entitled) {
        if entitled.standing != "supported" {
            return;
        }
        for payer in PAYERS {
            let city = payer == "city";
            let amount = if city { entitled.city } else { entitled.state };
            let pending = entitled.pending.filter(|_| city).unwrap_or(Dong::ZERO);
            if amount == Dong::ZERO && pending == Dong::ZERO {
                continue;
            }
            let own = self.own.entry((entitled.scheme, payer, entitled.group, commune.map(str::to_owned))).or_default();
            if entitled.doubled {
                own.doubled = 1;
                own.doubled_amount = own.doubled_amount + amount;
            } else {
                // Who only waits for proof is not among the people paid for.
                if amount > Dong::ZERO {
                    own.people = 1;
                    own.months += 1;
                    own.amount = own.amount + amount;
                }
                own.pending = own.pending + pending;
            }
        }
    }

    /// Ends the person at hand.
    pub(super) fn close_person(&mut self) {
        while let Some((place, own)) = self.own.pop_first() {
            let line = self.lines.entry(place).or_default();
            line.people += own.people;
            line.months += own.months;
            line.amount = line.amount + own.amount;
            line.pending = line.pending + own.pending;
            line.doubled += own.doubled;
            line.doubled_amount = line.doubled_amount + own.doubled_amount;
        }
    }

    /// All lines.
    pub(super) fn into_lines(self) -> BTreeMap<Place, Owed> {
        self.lines
    }
}
