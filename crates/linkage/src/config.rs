//! What a linking run may be told.

use serde::Serialize;

/// Thresholds and caps. The default is fixed without knowing any truth and is meant to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Config {
    /// Least probability of a link, in thousandths.
    pub link_probability_thousandths: u16,
    /// Least lead over the next candidate, in thousandths of a bit; a closer race goes to review.
    pub margin_millibits: i32,
    /// Least probability of a pair shown for review, in thousandths.
    pub review_probability_thousandths: u16,
    /// Most pairs in the review list; those less urgent are only counted.
    pub review_pairs: u32,
    /// Links below this probability are also shown for review, in thousandths.
    pub weak_probability_thousandths: u16,
    /// How many of a thousand rows are taken to be a second row of a person who has one.
    pub double_share_thousandths: u16,
    /// Least probability at which such a row is joined to the person, in thousandths.
    pub double_probability_thousandths: u16,
    /// Most pairs of one block; a larger block is refined by another field.
    pub block_pairs: u64,
    /// Most pairs of a block of rows that have nothing but their name.
    pub name_only_pairs: u64,
    /// Random pairs from which chance agreement is learned.
    pub random_pairs: u32,
    /// Rounds of learning how true pairs agree.
    pub rounds: u32,
    /// The spine is taken to stand for at least so many people, so that a short list does not make
    /// every namesake certain.
    pub population_floor: u32,
    /// Whether several rows of the right roster may share one person of the spine when they agree
    /// with each other as rows of one person do. Without it links are one to one.
    pub repeats: bool,
    /// Seed of the random pairs.
    pub seed: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            link_probability_thousandths: 900,
            margin_millibits: 3_000,
            review_probability_thousandths: 100,
            review_pairs: 50_000,
            weak_probability_thousandths: 990,
            double_share_thousandths: 10,
            double_probability_thousandths: 990,
            block_pairs: 4_096,
            name_only_pairs: 16,
            random_pairs: 2_000_000,
            rounds: 6,
            population_floor: 10_000,
            repeats: false,
            seed: 0x616e_7369_6e68,
        }
    }
}
