//! Accounts: who signs in, with what, for how long; by the own password or through a provider of identities.
//!
//! A password is kept as argon2id, a session and a token as the hash of 256 random bits. What was typed at sign-in is kept nowhere.

mod attempts;
mod delegation;
mod identity;
mod login;
mod manage;
mod password;
mod secret;
mod session;
mod signed_out;
mod token;
mod totp;

pub use delegation::{Delegation, NewDelegation};
pub use identity::{IdentityFlow, IdentitySignIn, ProviderIdentity, ReturnedFlow};
pub use login::{SignIn, SignedIn};
pub use manage::{Account, OneTimeCode};
pub use password::PasswordFault;
pub use session::{MySession, Session, Stage, Which};
pub use signed_out::{ProviderSession, ProviderSignOut};
pub use token::{ApiClient, ApiScope, ApiToken, NewApiToken};
pub use totp::{STEP_SECONDS, TotpSecret};

pub(crate) use secret::{hex, unhex};

use base::Date;

/// The day in Hà Nội of a moment in Unix milliseconds.
pub(crate) fn day_of(now: i64) -> Date {
    // Asia/Ho_Chi_Minh has been seven hours ahead of UTC all year round since 1975.
    const AHEAD: i64 = 7 * 3_600_000;
    let days = now.saturating_add(AHEAD).div_euclid(86_400_000);
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    Date::from_days_since_epoch(days).unwrap_or_else(|| unreachable!("the clock stands within the calendar"))
}
