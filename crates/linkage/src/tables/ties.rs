//! Fields that agree together by chance: the people of one street share its town and postcode.
//!
//! Adding their weights as if each were news would make neighbours and families certain. Each field
//! may be tied to one other, the one it most depends on, so that ties form a tree (Chow and Liu).

use super::compare::Fields;
use super::learn::Counts;
use super::level::{MOST_LEVELS, levels, of_pattern};
use super::model::{Shares, Tie, millibits};
use super::propose::all_pairs;
use super::spec::Kind;

/// Pairs' worth of trust in independence.
const INDEPENDENT_PAIRS: f64 = 12.0;
/// True pairs' worth of trust in independence.
const TRUE_PAIRS: f64 = 20.0;
/// Most that a tie among true pairs adds or takes, in thousandths of a bit.
const MOST_TRUE: i32 = 6_000;
/// Tables with fewer pairs than this show no ties, only luck.
const LEAST_PAIRS: u64 = 100_000;
/// Ties of less than so many bits a pair are left out (mutual information).
const LEAST_BITS: f64 = 2e-5;

/// The ties of fields among false pairs.
pub(crate) fn ties(fields: &Fields, counts: &Counts, chance: &Shares, true_pairs: &Counts, matched: &Shares) -> Vec<Tie> {
    if all_pairs(fields) < LEAST_PAIRS {
        return Vec::new();
    }
    let n = fields.columns.len();
    let mut found: Vec<(f64, usize, usize)> = Vec::new();
    // Rows with the same number or date are mostly true pairs still among the random ones: a tie of such
    // fields would hold exactly them to be chance.
    let open = |field: &usize| !matches!(fields.columns[*field].kind, Kind::Id | Kind::Date);
    for a in (0..n).filter(open) {
        for b in (a + 1..n).filter(open) {
            let bits = shared_bits(fields, counts, a, b);
            if bits > LEAST_BITS {
                found.push((bits, a, b));
            }
        }
    }
    found.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    // The heaviest ties that make no ring.
    let mut group: Vec<usize> = (0..n).collect();
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); n];
    for (_, a, b) in found {
        if group[a] != group[b] {
            let (from, to) = (group[a], group[b]);
            group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
            edges[a].push(b);
            edges[b].push(a);
        }
    }
    // Away from the first field of each tree, each has one parent.
    let (mut out, mut seen) = (Vec::new(), vec![false; n]);
    for root in 0..n {
        let mut open = if seen[root] { Vec::new() } else { vec![root] };
        seen[root] = true;
        while let Some(parent) = open.pop() {
            for child in edges[parent].clone() {
                if !std::mem::replace(&mut seen[child], true) {
                    out.push(tie(fields, (counts, chance), (true_pairs, matched), (parent, child)));
                    open.push(child);
                }
            }
        }
    }
    out
}

type Joint = [[f64; MOST_LEVELS]; MOST_LEVELS];

/// How often levels of two fields come together, where both are known.
fn joint(fields: &Fields, counts: &Counts, a: usize, b: usize) -> Joint {
    let (last_a, last_b) = (levels(fields.columns[a].kind).len() - 1, levels(fields.columns[b].kind).len() - 1);
    let mut sums = [[0.0; MOST_LEVELS]; MOST_LEVELS];
    for (pattern, count) in counts {
        let (x, y) = (of_pattern(*pattern, a), of_pattern(*pattern, b));
        if x < last_a && y < last_b {
            sums[x][y] += count;
        }
    }
    sums
}

/// What one field tells of the other among false pairs, in bits.
fn shared_bits(fields: &Fields, counts: &Counts, a: usize, b: usize) -> f64 {
    let sums = joint(fields, counts, a, b);
    let rows: Vec<f64> = sums.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..MOST_LEVELS).map(|y| sums.iter().map(|row| row[y]).sum()).collect();
    let all: f64 = rows.iter().sum::<f64>().max(1.0);
    let mut bits = 0.0;
    for (x, row) in sums.iter().enumerate() {
        for (y, count) in row.iter().enumerate() {
            // A few pairs together prove no tie.
            if *count >= 5.0 {
                bits += count / all * libm::log2(count * all / (rows[x] * columns[y]));
            }
        }
    }
    bits
}

fn tie(
    fields: &Fields,
    (counts, chance): (&Counts, &Shares),
    (true_pairs, matched): (&Counts, &Shares),
    (parent, child): (usize, usize),
) -> Tie {
    let of_true = joint(fields, true_pairs, parent, child);
    let sums = joint(fields, counts, parent, child);
    let last = levels(fields.columns[child].kind).len() - 1;
    let all: f64 = sums.iter().flatten().sum::<f64>().max(1.0);
    let mut out = [[0; MOST_LEVELS]; MOST_LEVELS];
    let mut by_chance = out;
    let mut news = 1.0;
    for (x, row) in sums.iter().enumerate() {
        let of_parent: f64 = row.iter().sum();
        if of_parent < 1.0 {
            continue;
        }
        for y in 0..last {
            let alone = (sums.iter().map(|r| r[y]).sum::<f64>() / all).max(chance[child][y]);
            let together = (row[y] + INDEPENDENT_PAIRS * alone) / (of_parent + INDEPENDENT_PAIRS);
            // Weight is matched over chance: more chance takes off. Only that is learned; where the
            // parent disagrees, what the child says stays as it was.
            out[x][y] = millibits(alone / together).min(0);
            by_chance[x][y] = out[x][y];
            // Among true pairs: who moved differs in street and town at once.
            let usual = matched[child][y];
            let row: f64 = of_true[x].iter().sum();
            let tied = (of_true[x][y] + TRUE_PAIRS * usual) / (row + TRUE_PAIRS);
            out[x][y] += millibits(tied / usual).clamp(-MOST_TRUE, MOST_TRUE);
            if (x, y) == (0, 0) && chance[child][0] < 0.5 {
                news = (libm::log2(together.min(0.99)) / libm::log2(chance[child][0])).clamp(0.0, 1.0);
            }
        }
    }
    Tie { parent, child, millibits: out, by_chance, news }
}
