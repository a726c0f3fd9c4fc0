//! How often pages that are open to everybody answer: so many questions an address in a minute, and so many of all together.

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
    /// Counts a question at a moment in Unix milliseconds; whether it may be answered. Addresses are forgotten with their minute.
    pub fn may(&self, from: &str, now: i64) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.div_euclid(MINUTE);
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        if minute.all >= OF_ALL {
            return false;
        }
        minute.all += 1;
        let one = minute.of.entry(from.to_owned()).or_default();
        *one += 1;
        *one <= OF_ONE
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
        let crowd = Asked::default();
        let may = (0..700).filter(|n| crowd.may(&format!("10.0.0.{n}"), 0)).count();
        assert_eq!(may, OF_ALL as usize);
    }
}
