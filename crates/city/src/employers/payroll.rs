//! Contributions of employers month by month: what was due, what was paid, what is still open.
//!
//! Rates are plain dated numbers of this model, so that the city depends on nothing of the law.

use crate::calendar::{self, MonthIndex};
use crate::life::jobs;

/// Money by fund, đồng.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Funds {
    /// Sickness, maternity, pension and survivors (BHXH).
    pub insurance: i64,
    /// Accidents at work (BHTNLĐ-BNN).
    pub accident: i64,
    /// Health (BHYT).
    pub health: i64,
    /// Unemployment (BHTN).
    pub unemployment: i64,
}

impl Funds {
    /// All funds together.
    pub fn total(&self) -> i64 {
        self.insurance + self.accident + self.health + self.unemployment
    }

    fn add(self, other: Self) -> Self {
        Self {
            insurance: self.insurance + other.insurance,
            accident: self.accident + other.accident,
            health: self.health + other.health,
            unemployment: self.unemployment + other.unemployment,
        }
    }
}

/// Who pays: the rates differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    /// An employer with its workers.
    Employer,
    /// The owner of a household business for himself.
    Owner,
}

/// Rates per thousand from a month on: insurance, accident, health, unemployment; 32 % together.
const EMPLOYER: [(MonthIndex, [i64; 4]); 1] = [(jobs::START, [250, 5, 45, 20])];
/// Owners of household businesses: 29.5 % together, since the law of July 2025.
const OWNER: [(MonthIndex, [i64; 4]); 1] = [(calendar::month(2025, 7), [250, 0, 45, 0])];

/// The least wage an owner pays on: the reference level, đồng a month.
const REFERENCE: [(MonthIndex, i64); 2] = [(jobs::START, 2_340_000), (calendar::month(2026, 7), 2_530_000)];
/// The regional minimum wage, at which wage-floor evaders insure, đồng a month.
const MINIMUM_WAGE: [(MonthIndex, i64); 2] = [(jobs::START, 4_960_000), (calendar::month(2026, 1), 5_310_000)];

fn dated<T: Copy>(table: &[(MonthIndex, T)], month: MonthIndex, before: T) -> T {
    table.iter().rev().find(|(from, _)| *from <= month).map_or(before, |(_, value)| *value)
}

/// The reference level (mức tham chiếu) of a month.
pub fn reference_level(month: MonthIndex) -> i64 {
    dated(&REFERENCE, month, REFERENCE[0].1)
}

/// The minimum wage of the first region in a month.
pub fn minimum_wage(month: MonthIndex) -> i64 {
    dated(&MINIMUM_WAGE, month, MINIMUM_WAGE[0].1)
}

/// What is due on the insured wages of a month, each fund rounded half up to a đồng.
pub fn due(payer: Payer, wages: i64, month: MonthIndex) -> Funds {
    let rates = match payer {
        Payer::Employer => dated(&EMPLOYER, month, [0; 4]),
        Payer::Owner => dated(&OWNER, month, [0; 4]),
    };
    let [insurance, accident, health, unemployment] = rates.map(|rate| (wages * rate + 500) / 1_000);
    Funds { insurance, accident, health, unemployment }
}

/// The account of an employer in a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Account {
    /// Open when the month began.
    pub opening: Funds,
    /// Due for the month.
    pub due: Funds,
    /// Paid in the month.
    pub paid: Funds,
    /// Open when the month ended.
    pub closing: Funds,
    /// Months with contributions not paid at the end of the month, the month itself counted.
    pub months_late: i32,
}

impl Account {
    /// Whether there is nothing to say: no debt and nothing due.
    pub fn is_empty(&self) -> bool {
        self.opening.total() == 0 && self.due.total() == 0
    }
}

/// Works out an account from the insured wages of each month and the last month paid at the end of each.
pub fn account(
    payer: Payer,
    wages: impl Fn(MonthIndex) -> i64,
    paid_through: impl Fn(MonthIndex) -> MonthIndex,
    month: MonthIndex,
) -> Account {
    let of = |from: MonthIndex, to: MonthIndex| (from..=to).map(|m| due(payer, wages(m), m)).fold(Funds::default(), Funds::add);
    let (before, now) = (paid_through(month - 1), paid_through(month));
    Account {
        opening: of(before + 1, month - 1),
        due: of(month, month),
        paid: of(before + 1, now),
        closing: of(now + 1, month),
        months_late: (now + 1..=month).filter(|m| wages(*m) > 0).count() as i32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employers::conduct;
    use crate::employers::{Kind, Part};
    use crate::random::Random;
    use proptest::prelude::*;

    #[test]
    fn ten_million_in_wages_cost_three_million_two() {
        let october = calendar::month(2026, 10);
        let funds = due(Payer::Employer, 10_000_000, october);
        assert_eq!((funds.total(), funds.insurance, funds.health), (3_200_000, 2_500_000, 450_000));
        assert_eq!(due(Payer::Owner, reference_level(october), october).total(), 746_350);
        assert_eq!(due(Payer::Owner, 2_340_000, calendar::month(2025, 6)).total(), 0);
    }

    #[test]
    fn an_employer_two_months_behind_pays_the_month_before_last() {
        let month = calendar::month(2026, 10);
        let account = account(Payer::Employer, |_| 1_000_000, |m| m - 2, month);
        let totals = [account.opening, account.due, account.paid, account.closing].map(|f| f.total());
        assert_eq!(totals, [640_000, 320_000, 320_000, 640_000]);
        assert_eq!(account.months_late, 2);
    }

    proptest! {
        #[test]
        fn every_account_adds_up_and_goes_on_from_month_to_month(seed in any::<u64>(), employer in 0u64..500, level in 1i64..90_000_000) {
            let random = Random::new(seed);
            let wages = |m: MonthIndex| level * i64::from(m % 7) / 3;
            let paid = |m| conduct::paid_through(&random, employer, Kind::Enterprise, Some(Part::Pays { band: 2 }), m);
            let mut closing = None;
            for month in jobs::START + 1..calendar::month(2027, 1) {
                let a = account(Payer::Employer, wages, paid, month);
                for [opening, due, paid, closing] in [a.opening, a.due, a.paid, a.closing].map(|f| [f.insurance, f.accident, f.health, f.unemployment]).iter()
                    .fold([[0; 4]; 4], |mut by_fund, row| { for (f, v) in row.iter().enumerate() { by_fund[f].rotate_left(1); by_fund[f][3] = *v; } by_fund }) {
                    prop_assert_eq!(opening + due - paid, closing);
                    prop_assert!(paid >= 0 && closing >= 0);
                }
                prop_assert!(closing.is_none_or(|before| before == a.opening));
                closing = Some(a.closing);
            }
        }
    }
}
