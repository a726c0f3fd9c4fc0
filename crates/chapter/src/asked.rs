//! How often pages answer: those that are open to everybody so many questions an address in a minute and so many of all together, look-ups
//! so many a user.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Every answer of such a page takes at least this long, so that its time says nothing about what was found.
pub const SAME_TIME: Duration = Duration::from_millis(400);
/// Questions of one address in a minute, and of all together.
const OF_ONE: u32 = 30;
const OF_ALL: u32 = 600;
const MINUTE: i64 = 60_000;

/// Questions of the running minute.
#[derive(Debug, Default)]
pub struct Asked(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    number: i64,
    all: u32,
    of: BTreeMap<String, u32>,
}

impl Asked {
    /// Counts a question of an address at a moment in Unix milliseconds; whether it may be answered. Addresses are forgotten with their
    /// minute.
    pub fn may(&self, from: &str, now: i64) -> bool {
        self.within(from, now, OF_ONE, OF_ALL)
    }

    /// The same for a user who may ask so often in a minute, however many others do.
    pub fn may_user(&self, user: &str, now: i64, most: u32) -> bool {
        self.within(user, now, most, u32::MAX)
    }

    fn within(&self, from: &str, now: i64, of_one: u32, of_all: u32) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.div_euclid(MINUTE);
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        if minute.all >= of_all {
            return false;
        }
        minute.all += 1;
        let one = minute.of.entry(from.to_owned()).or_default();
        *one += 1;
        *one <= of_one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_questions_are_answered_a_minute_and_no_more() {
        let asked = Asked::default();
        assert!((0..OF_ONE).all(|_| asked.may("1.1.1.1", 5)));
        assert!(!asked.may("1.1.1.1", 59_999) && asked.may("2.2.2.2", 59_999), "one address does not shut out another");
        assert!(asked.may("1.1.1.1", 60_000), "the next minute");
        let users = Asked::default();
        assert!((0..20).all(|_| users.may_user("u-1", 5, 20)) && !users.may_user("u-1", 6, 20) && users.may_user("u-2", 6, 20));
        let crowd = Asked::default();
        let may = (0..700).filter(|n| crowd.may(&format!("10.0.0.{n}"), 0)).count();
        assert_eq!(may, OF_ALL as usize);
    }
}
