//! Counter-based random numbers: a number is a function of (seed, name, index) and of nothing else.
//!
//! There is no state to carry from one person to the next, so any person can be drawn alone, in any
//! order and on any thread, and comes out the same.

/// The source of all chance in one city.
#[derive(Debug, Clone, Copy)]
pub struct Random {
    seed: u64,
}

/// One drawn number; ask it one question, or derive further draws from it by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw(u64);

/// The finaliser of splitmix64: every input bit moves every output bit.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// FNV-1a of a name.
fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

impl Random {
    /// The source of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed: mix(seed ^ 0x9e37_79b9_7f4a_7c15) }
    }

    /// The number of a name and an index.
    pub fn draw(&self, name: &str, index: u64) -> Draw {
        Draw(mix(mix(self.seed ^ name_hash(name)).wrapping_add(index.wrapping_mul(0x9e37_79b9_7f4a_7c15))))
    }

    /// The number of a name and two indices.
    pub fn draw2(&self, name: &str, index: u64, second: u64) -> Draw {
        self.draw(name, index).number(second)
    }

    /// A place in `0..domain` for an index below `domain`; no two indices share one.
    ///
    /// A Feistel network over the next even power of two, walked until it lands inside the domain.
    pub fn permute(&self, name: &str, index: u64, domain: u64) -> u64 {
        let bits = (64 - domain.saturating_sub(1).leading_zeros()).max(2).next_multiple_of(2);
        let half = bits / 2;
        let mask = (1u64 << half) - 1;
        let mut value = index;
        loop {
            let (mut left, mut right) = (value >> half, value & mask);
            for round in 0..4 {
                (left, right) = (right, left ^ (self.draw2(name, round, right).0 & mask));
            }
            value = (left << half) | right;
            if value < domain {
                return value;
            }
        }
    }
}

impl Draw {
    /// A further draw under a name.
    pub fn of(self, name: &str) -> Draw {
        Draw(mix(self.0 ^ name_hash(name)))
    }

    /// A further draw under a number.
    pub fn number(self, number: u64) -> Draw {
        Draw(mix(self.0 ^ mix(number.wrapping_add(0x632b_e59b_d9b4_e019))))
    }

    /// A number from 0 to `bound - 1`; 0 when the bound is 0.
    pub fn below(self, bound: u64) -> u64 {
        ((u128::from(self.0) * u128::from(bound)) >> 64) as u64
    }

    /// Like [`Draw::below`], as a difference of days, months or years.
    pub fn small(self, bound: u32) -> i32 {
        self.below(u64::from(bound)) as i32
    }

    /// True this many times in a hundred thousand.
    pub fn chance(self, per_100_000: u32) -> bool {
        self.below(100_000) < u64::from(per_100_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_number_depends_on_seed_name_and_index() {
        let random = Random::new(1);
        assert_eq!(random.draw("sex", 7), Random::new(1).draw("sex", 7));
        assert_ne!(random.draw("sex", 7), random.draw("sex", 8));
        assert_ne!(random.draw("sex", 7), random.draw("age", 7));
        assert_ne!(random.draw("sex", 7), Random::new(2).draw("sex", 7));
    }

    #[test]
    fn chances_come_out_as_asked() {
        let random = Random::new(3);
        let hits = (0..100_000).filter(|i| random.draw("x", *i).chance(5_000)).count();
        assert!((4_800..5_200).contains(&hits), "{hits}");
    }

    proptest! {
        #[test]
        fn permuting_never_gives_a_place_twice(seed in any::<u64>(), domain in 1u64..500) {
            let random = Random::new(seed);
            let places: BTreeSet<u64> = (0..domain).map(|i| random.permute("p", i, domain)).collect();
            prop_assert_eq!(places.len() as u64, domain);
            prop_assert!(places.iter().all(|p| *p < domain));
        }

        #[test]
        fn below_stays_below(seed in any::<u64>(), bound in 1u64..1_000_000) {
            prop_assert!(Random::new(seed).draw("b", 1).below(bound) < bound);
        }
    }
}
