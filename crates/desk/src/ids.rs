//! Ids and time come from outside: nothing in the desk reads a clock or a random source by itself.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::DeskError;
use uuid::{Builder, ContextV7, Timestamp, Uuid};

/// Gives the time in Unix milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Gives new ids for desk rows.
pub trait IdSource: Send + Sync {
    /// A new UUIDv7 as lower-case text for a moment in Unix milliseconds.
    fn next_id(&self, unix_ms: i64) -> String;

    /// New random bytes for a token, a salt or a code.
    fn secret(&self) -> Result<[u8; 32], DeskError>;
}

/// The source for daily work: UUIDv7 that rise within a millisecond, the rest random.
#[derive(Debug)]
pub struct RandomIds(Mutex<ContextV7>);

impl RandomIds {
    /// A new source.
    pub fn new() -> Self {
        Self(Mutex::new(ContextV7::new()))
    }
}

impl Default for RandomIds {
    fn default() -> Self {
        Self::new()
    }
}

impl IdSource for RandomIds {
    fn next_id(&self, unix_ms: i64) -> String {
        let (seconds, millis) = (unix_ms.max(0).unsigned_abs() / 1000, unix_ms.max(0).unsigned_abs() % 1000);
        let nanos = u32::try_from(millis * 1_000_000).unwrap_or(0);
        // A poisoned counter is still a counter.
        let context = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Uuid::new_v7(Timestamp::from_unix(&*context, seconds, nanos)).to_string()
    }

    fn secret(&self) -> Result<[u8; 32], DeskError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| DeskError::Store { detail: format!("no random numbers: {error}") })?;
        Ok(bytes)
    }
}

/// A source that gives the same ids for the same seed, for tests, replays and the demo.
#[derive(Debug)]
pub struct SeededIds {
    seed: u64,
    count: AtomicU64,
}

impl SeededIds {
    /// A source that starts at its first id.
    pub fn new(seed: u64) -> Self {
        Self { seed, count: AtomicU64::new(0) }
    }
}

impl IdSource for SeededIds {
    fn next_id(&self, unix_ms: i64) -> String {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"desk id").update(&self.seed.to_le_bytes()).update(&count.to_le_bytes());
        let mut random = [0; 10];
        random.copy_from_slice(&hasher.finalize().as_bytes()[..10]);
        Builder::from_unix_timestamp_millis(unix_ms.max(0).unsigned_abs(), &random).into_uuid().to_string()
    }

    fn secret(&self) -> Result<[u8; 32], DeskError> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"desk secret").update(&self.seed.to_le_bytes()).update(&count.to_le_bytes());
        Ok(*hasher.finalize().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_ids_rise_and_differ_within_one_millisecond() {
        let source = RandomIds::new();
        let ids: Vec<String> = (0..1000).map(|_| source.next_id(1_790_000_000_123)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(Uuid::parse_str(&ids[0]).unwrap().get_version_num(), 7);
    }

    #[test]
    fn seeded_ids_repeat() {
        let take = |seed| {
            let source = SeededIds::new(seed);
            (source.next_id(5), source.next_id(5))
        };
        assert_eq!(take(1), take(1));
        assert_ne!(take(1), take(2));
        assert_ne!(take(1).0, take(1).1);
    }
}
