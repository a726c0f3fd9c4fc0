//! The draw of a sample: numbers that follow from a seed alone.

use std::collections::BTreeSet;

/// Draws `size` visits without putting any back, all orders alike likely. The same seed over the same visits draws the same, in the same
/// order: numbers come from BLAKE3 over the seed and a counter. Visits are taken by number, each once, however they are given.
pub fn draw_visits(seed: &str, visits: &[i64], size: usize) -> Vec<i64> {
    let mut left: Vec<i64> = visits.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut counter = 0_u64;
    let mut next = || {
        let mut hasher = blake3::Hasher::new_derive_key("An Sinh review draw 1");
        hasher.update(seed.as_bytes()).update(&counter.to_le_bytes());
        counter += 1;
        let mut number = [0; 8];
        number.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_le_bytes(number)
    };
    let size = size.min(left.len());
    for place in 0..size {
        let rest = (left.len() - place) as u64;
        // Numbers of the last, incomplete round would favour the first visits: they are drawn anew.
        let whole = u64::MAX - u64::MAX % rest;
        let number = loop {
            let number = next();
            if number < whole {
                break number % rest;
            }
        };
        let other = place + usize::try_from(number).unwrap_or(0);
        left.swap(place, other);
    }
    left.truncate(size);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_whatever_the_order_and_another_seed_others() {
        let visits: Vec<i64> = (1..=500).collect();
        let mut turned: Vec<i64> = visits.iter().rev().copied().collect();
        turned.push(7);
        let first = draw_visits("2026-11-01", &visits, 60);
        assert_eq!(draw_visits("2026-11-01", &turned, 60), first);
        assert_ne!(draw_visits("2026-11-02", &visits, 60), first);
        assert_eq!(draw_visits("2026-11-01", &visits, 30), first[..30], "a larger sample goes on with the smaller one");
        let apart: BTreeSet<i64> = first.iter().copied().collect();
        assert_eq!(apart.len(), 60, "none twice");
        assert!(apart.iter().all(|visit| (1..=500).contains(visit)));
    }

    #[test]
    fn a_sample_is_never_larger_than_what_it_is_drawn_from() {
        assert_eq!(draw_visits("s", &[], 5), Vec::<i64>::new());
        let mut all = draw_visits("s", &[3, 1, 2], 9);
        all.sort_unstable();
        assert_eq!(all, [1, 2, 3]);
    }

    #[test]
    fn every_visit_is_drawn_about_as_often() {
        let visits: Vec<i64> = (1..=10).collect();
        let mut times = [0_usize; 10];
        for seed in 0..2_000 {
            for visit in draw_visits(&format!("seed-{seed}"), &visits, 3) {
                times[usize::try_from(visit).unwrap() - 1] += 1;
            }
        }
        // 600 each; the standard deviation is about 20.
        assert!(times.iter().all(|times| (500..=700).contains(times)), "{times:?}");
    }
}
