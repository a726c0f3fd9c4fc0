//! Mixing of keys and counter-based random numbers: the same on every machine and thread.

/// Spreads a number over all 64 bits (the finaliser of splitmix64).
pub(crate) fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// One key of two parts; the order of the parts counts.
pub(crate) fn join(a: u64, b: u64) -> u64 {
    mix(a.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(mix(b.wrapping_add(0x632b_e59b_d9b4_e019))))
}

/// The random number of a place in a stream: no state, so any number can be drawn alone.
pub(crate) fn random(seed: u64, index: u64) -> u64 {
    join(seed, index)
}

/// A number below a bound out of a random number, without division.
pub(crate) fn below(random: u64, bound: usize) -> usize {
    ((u128::from(random) * bound as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_parts_counts_and_draws_stay_below_their_bound() {
        assert_ne!(join(1, 2), join(2, 1));
        let mut seen = [0u32; 7];
        for i in 0..7_000 {
            seen[below(random(5, i), 7)] += 1;
        }
        assert!(seen.iter().all(|n| (800..1_200).contains(n)), "{seen:?}");
    }
}
