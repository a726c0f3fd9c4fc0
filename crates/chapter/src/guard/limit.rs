//! How often one session or address may ask in a minute, so that a program gone wild does not take the portal from the others.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Length of a window, milliseconds.
const WINDOW: i64 = 60_000;
/// Requests of one session in a window: a clerk at a screen makes a few dozen.
const OF_A_SESSION: u32 = 1_200;
/// Requests from one address without a session; behind one address a whole office may open the sign-in page.
const OF_AN_ADDRESS: u32 = 600;
/// When so many are counted, those of past windows are forgotten.
const MANY: usize = 10_000;

/// Counts requests by who asks, in memory.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<HashMap<String, (i64, u32)>>);

impl Limiter {
    /// Counts one request; gives the seconds to wait when it is one too many.
    pub(super) fn count(&self, session: Option<&str>, address: &str, now: i64) -> Option<i64> {
        let (key, most) = match session {
            Some(session) => (format!("s{session}"), OF_A_SESSION),
            None => (format!("a{address}"), OF_AN_ADDRESS),
        };
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() > MANY {
            counted.retain(|_, (since, _)| now - *since < WINDOW);
        }
        let (since, count) = counted.entry(key).or_insert((now, 0));
        if now - *since >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        (*count > most).then(|| (*since + WINDOW - now).div_euclid(1000) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_asks_too_often_waits_and_the_others_do_not() {
        let limiter = Limiter::default();
        for _ in 0..OF_AN_ADDRESS {
            assert_eq!(limiter.count(None, "1.1.1.1", 5_000), None);
        }
        assert_eq!(limiter.count(None, "1.1.1.1", 35_000), Some(31));
        assert_eq!(limiter.count(None, "2.2.2.2", 35_000), None);
        assert_eq!(limiter.count(Some("1.1.1.1"), "1.1.1.1", 35_000), None);
        assert_eq!(limiter.count(None, "1.1.1.1", 65_000), None);
    }
}
