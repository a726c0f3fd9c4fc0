//! Donors (nhà tài trợ) who pay premiums of people who cannot (plan IV.16): funds, money received, people whom communes choose, payments.
//!
//! **Invariants:** nothing is deleted, and who was chosen is forgotten by decision alone, after the fund ended; a fund never pays more than
//! it received; a person has a month of a scheme from one fund only, whoever chose; a person stands here by the book's number alone and is
//! seen by who works with people of their commune; what is thanked for holds no name and no count of fewer than five.

mod choice;
mod erase;
mod fund;
mod payment;
mod receipt;
mod thanks;

use base::{CommuneCode, Date, Dong, Month, Scope};
use serde::Serialize;

pub use choice::{Choice, NewChoice};
pub use erase::DonorErasure;
pub use fund::{Fund, FundStanding, NewFund};
pub use payment::{NewPayment, Payment};
pub use receipt::{NewReceipt, Receipt};
pub use thanks::{ThankedCommune, Thanks};

use crate::DeskError;
use crate::db::Tx;
use crate::sql::Sql;

/// What a fund pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Health insurance by household (BHYT hộ gia đình).
    HouseholdHealth,
    /// Voluntary social insurance (BHXH tự nguyện).
    VoluntarySocial,
}

impl Scheme {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::HouseholdHealth, Self::VoluntarySocial];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HouseholdHealth => "household_health",
            Self::VoluntarySocial => "voluntary_social",
        }
    }

    /// The scheme of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.as_str() == word)
    }
}

/// Who gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DonorKind {
    /// An organisation or enterprise (tổ chức, doanh nghiệp).
    Organisation,
    /// Somebody by themselves (cá nhân); may ask not to be named.
    Individual,
}

impl DonorKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Organisation, Self::Individual];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Individual => "individual",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Whether the fund is written by the unit of who asks.
fn keeps(scope: &Scope, fund: &Fund) -> bool {
    fund.unit == scope.unit
}

/// What a fund received and paid, by everybody: cancelled rows apart.
async fn money(tx: &mut Tx, fund: &str) -> Result<(Dong, Dong), DeskError> {
    let sum = "SELECT CAST(COALESCE(sum(dong), 0) AS BIGINT) FROM ";
    let of = |table: &'static str| Sql::new(sum).push(table).push(" WHERE cancelled_at IS NULL AND fund = ").bind(fund);
    let mut sums = [Dong::ZERO; 2];
    for (place, table) in ["donor_receipt", "donor_payment"].into_iter().enumerate() {
        sums[place] = Dong::new(tx.row(of(table)).await?.map_or(Ok(0), |row| row.int(0))?);
    }
    Ok((sums[0], sums[1]))
}

fn day(table: &'static str, text: &str) -> Result<Date, DeskError> {
    text.parse().map_err(|_| DeskError::damaged(table, "a day"))
}

fn month(table: &'static str, text: &str) -> Result<Month, DeskError> {
    text.parse().map_err(|_| DeskError::damaged(table, "a month"))
}

fn commune(table: &'static str, code: &str) -> Result<CommuneCode, DeskError> {
    CommuneCode::parse(code).ok_or_else(|| DeskError::damaged(table, "a commune"))
}

/// Đồng that were typed: more than none, and not more than fits any sum of them.
fn typed(field: &'static str, dong: Dong) -> Result<Dong, DeskError> {
    const MOST: Dong = Dong::new(1_000_000_000_000_000);
    if dong > Dong::ZERO && dong <= MOST {
        Ok(dong)
    } else {
        Err(DeskError::Invalid { field, why: "must be more than 0 đồng and at most 1,000,000 tỷ" })
    }
}
