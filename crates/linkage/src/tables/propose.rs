//! Which fields to block on, when nobody says: few passes that together lose few true pairs.

use super::compare::Fields;
use super::keys::{Atom, Way};
use super::level::levels;
use super::model::Model;
use super::passes::Pass;
use super::spec::Spec;
use crate::hash::{join, mix, random};

/// Most passes proposed.
const MOST_PASSES: usize = 16;
/// Rows of each side from which the pairs of a pass are estimated.
const SAMPLE: usize = 16_384;
/// Made-up true pairs on which passes are tried.
const TRIALS: usize = 4_096;
/// Least worth of a further pass: one trial in a thousand that nothing found before.
const WORTHWHILE: u64 = 256 * TRIALS as u64 / 1_000;
/// Up to so many pairs, all are compared.
const EVERY_PAIR: u64 = 1_000_000;

/// A blocking pass: rows whose keys agree in all atoms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Places in the list of atoms; none: every pair.
    pub atoms: Vec<usize>,
}

impl Plan {
    /// Whether every pair this plan finds is also found by the other one: it asks for no less in any field.
    pub(crate) fn is_within(&self, other: &Self, atoms: &[Atom]) -> bool {
        let implies = |own: &Atom, wanted: &Atom| {
            // Equal values sound alike, are of one year and of one area; words and halves not every value has.
            let part = matches!(wanted.way, Way::Sound | Way::Year | Way::Area);
            own.field == wanted.field && (own.way == wanted.way || (own.way == Way::Whole && part))
        };
        !other.atoms.is_empty()
            && other.atoms.iter().all(|wanted| self.atoms.iter().any(|own| implies(&atoms[*own], &atoms[*wanted])))
    }
}

/// The blocks of plans. A proposed plan whose pairs another one finds anyhow is left out, unless the other had to give up pairs.
pub(crate) fn build(fields: &Fields, atoms: &[Atom], plans: Vec<Plan>, proposed: bool) -> (Vec<Plan>, Vec<Pass>) {
    let all = &plans;
    // Of two that find the same the first stands.
    let is_wider = move |at: usize, other: usize| {
        other != at && all[at].is_within(&all[other], atoms) && (other < at || !all[other].is_within(&all[at], atoms))
    };
    let wider = move |at: usize| (0..all.len()).filter(move |other| is_wider(at, *other));
    let mut passes: Vec<Option<Pass>> = Vec::new();
    for (at, plan) in plans.iter().enumerate() {
        let needed = !proposed || wider(at).next().is_none();
        passes.push(needed.then(|| Pass::new(fields, atoms, plan)));
    }
    for at in 0..plans.len() {
        let covered = |other: usize| passes[other].as_ref().is_some_and(|pass| pass.lost == 0);
        if passes[at].is_none() && !wider(at).any(covered) {
            passes[at] = Some(Pass::new(fields, atoms, &plans[at]));
        }
    }
    plans.into_iter().zip(passes).filter_map(|(plan, pass)| Some((plan, pass?))).unzip()
}

/// The most pairs all passes together may bring.
pub(crate) fn budget(fields: &Fields) -> u64 {
    2_000_000 + 10 * (fields.lefts + fields.rights) as u64
}

/// How many pairs there are in all.
pub(crate) fn all_pairs(fields: &Fields) -> u64 {
    let (n, m) = (fields.lefts as u64, fields.rights as u64);
    if fields.one_table { n * n.saturating_sub(1) / 2 } else { n * m }
}

/// The passes of the specification, or else proposed ones.
pub(crate) fn plans(spec: &Spec, fields: &Fields, atoms: &[Atom]) -> Vec<Plan> {
    if spec.block.is_empty() {
        return if all_pairs(fields) <= EVERY_PAIR { vec![Plan { atoms: Vec::new() }] } else { propose(fields, atoms) };
    }
    let whole = |name: &String| {
        let field = spec.field.iter().position(|f| f.name == *name)?;
        atoms.iter().position(|a| a.field == field && a.way == Way::Whole)
    };
    spec.block.iter().map(|block| Plan { atoms: block.on.iter().filter_map(whole).collect() }).collect()
}

fn propose(fields: &Fields, atoms: &[Atom]) -> Vec<Plan> {
    let trials = Trials::new(fields, atoms, None);
    let counter = Counter::new(fields, atoms);
    let mut candidates: Vec<Vec<usize>> = (0..atoms.len()).map(|a| vec![a]).collect();
    for a in 0..atoms.len() {
        for b in a + 1..atoms.len() {
            if atoms[a].field != atoms[b].field {
                candidates.push(vec![a, b]);
            }
        }
    }
    let budget = budget(fields);
    let mut costs: Vec<(Vec<usize>, u64)> = candidates.into_iter().map(|c| (counter.pairs(&c), c)).map(|(n, c)| (c, n)).collect();
    let dear: Vec<Vec<usize>> = costs.iter().filter(|(c, n)| c.len() == 2 && *n > budget / 3).map(|(c, _)| c.clone()).collect();
    // A third field where two leave too much, as between tables of millions.
    let whole = |a: &usize| matches!(atoms[*a].way, Way::Whole | Way::Year | Way::Area | Way::Sound);
    for pair in dear.iter().filter(|pair| pair.iter().all(whole)) {
        for third in pair[1] + 1..atoms.len() {
            if whole(&third) && atoms[third].field != atoms[pair[1]].field && atoms[third].field != atoms[pair[0]].field {
                let three = vec![pair[0], pair[1], third];
                let pairs = counter.pairs(&three);
                costs.push((three, pairs));
            }
        }
    }
    costs.retain(|(_, n)| *n <= budget);
    choose(fields, &trials, costs, budget)
}

/// What finding a trial pair is worth by how many passes found it before: one pass is not enough,
/// since nothing is known yet of how often true pairs really agree.
const WORTH: [u64; 5] = [256, 64, 16, 4, 1];

/// By how much each worth exceeds the next.
fn steps() -> impl Iterator<Item = u64> {
    WORTH.iter().zip(WORTH.iter().skip(1).chain([&0])).map(|(worth, next)| worth - next)
}

/// Takes, again and again, the pass that is worth most for its cost.
fn choose(fields: &Fields, trials: &Trials, costs: Vec<(Vec<usize>, u64)>, budget: u64) -> Vec<Plan> {
    let found: Vec<Vec<u64>> = costs.iter().map(|(c, _)| trials.found(c)).collect();
    // Which trials were found at least once, twice, and so on.
    let mut covered = vec![vec![0u64; TRIALS / 64]; WORTH.len()];
    let (mut spent, mut chosen) = (0, Vec::new());
    // A pass costs the sorting of both tables and one of few places, even if it brings no pair.
    let fixed = (fields.lefts + fields.rights) as u64 / 2 + budget / 32;
    while chosen.len() < MOST_PASSES {
        let worth = |at: usize| -> u64 {
            let of_layer = |(layer, worth): (&Vec<u64>, u64)| -> u64 {
                worth * found[at].iter().zip(layer).map(|(f, c)| u64::from((f & !c).count_ones())).sum::<u64>()
            };
            // A trial found n times before is new to every layer from there on: each adds its step.
            covered.iter().zip(steps()).map(of_layer).sum()
        };
        let value = |at: usize| (u128::from(worth(at)) << 32) / u128::from(costs[at].1 + fixed);
        let open =
            (0..costs.len()).filter(|at| !chosen.contains(at) && spent + costs[*at].1 <= budget && worth(*at) >= WORTHWHILE);
        let Some(best) = open.max_by_key(|at| (value(*at), std::cmp::Reverse(*at))) else { break };
        for word in 0..TRIALS / 64 {
            let mut new = found[best][word];
            for layer in &mut covered {
                let carried = layer[word] & new;
                layer[word] |= new;
                new = carried;
            }
        }
        spent += costs[best].1;
        chosen.push(best);
    }
    chosen.into_iter().map(|at| Plan { atoms: costs[at].0.clone() }).collect()
}

/// Made-up true pairs: in which atoms each agrees.
struct Trials {
    /// One bit a trial, per atom.
    agree: Vec<Vec<u64>>,
}

impl Trials {
    fn new(fields: &Fields, atoms: &[Atom], model: Option<&Model>) -> Self {
        let draw = |stream: u64, trial: usize| random(mix(stream ^ 0x7472_6961), trial as u64) as f64 / u64::MAX as f64;
        let of_atom = |(at, atom): (usize, &Atom)| {
            let column = &fields.columns[atom.field];
            // Rows that lack a field lack it on both sides more often than chance would have it.
            let fill = atom.filled(fields) * 0.98;
            let same = |trial: usize| match model {
                Some(model) => model.matched[atom.field][0],
                // Before anything is known: half of the trials as usual, half from poor files.
                None if trial.is_multiple_of(2) => levels(column.kind)[0].start,
                None => 0.5,
            };
            let mut bits = vec![0u64; TRIALS / 64];
            for trial in 0..TRIALS {
                let field = atom.field as u64;
                let holds = draw(field, trial) < fill
                    && (draw(100 + field, trial) < same(trial) || draw(1_000 + at as u64, trial) < atom.way.survives());
                bits[trial / 64] |= u64::from(holds) << (trial % 64);
            }
            bits
        };
        Self { agree: atoms.iter().enumerate().map(of_atom).collect() }
    }

    fn found(&self, atoms: &[usize]) -> Vec<u64> {
        let mut bits = vec![u64::MAX; TRIALS / 64];
        for atom in atoms {
            bits.iter_mut().zip(&self.agree[*atom]).for_each(|(b, a)| *b &= a);
        }
        bits
    }
}

/// Share of true pairs that none of these passes finds, by how often true pairs agree in each field;
/// how often part of a differing value agrees is a rule of thumb.
pub(crate) fn loss(fields: &Fields, atoms: &[Atom], plans: &[&Plan], model: &Model) -> f64 {
    let trials = Trials::new(fields, atoms, Some(model));
    let mut found = vec![0u64; TRIALS / 64];
    for plan in plans {
        found.iter_mut().zip(trials.found(&plan.atoms)).for_each(|(all, one)| *all |= one);
    }
    let missed: u32 = found.iter().map(|bits| bits.count_zeros()).sum();
    f64::from(missed) / TRIALS as f64
}

/// Estimates the pairs of a pass from rows drawn of both sides.
struct Counter {
    left: Vec<Vec<u64>>,
    right: Vec<Vec<u64>>,
    one_table: bool,
    scale: f64,
}

impl Counter {
    fn new(fields: &Fields, atoms: &[Atom]) -> Self {
        let drawn = |rows: &[u32]| -> Vec<u32> { rows.iter().step_by(rows.len().div_ceil(SAMPLE).max(1)).copied().collect() };
        let lefts = drawn(&fields.left_drawn);
        let rights = if fields.one_table { lefts.clone() } else { drawn(&fields.right_drawn) };
        let left = atoms.iter().map(|a| lefts.iter().map(|r| a.left(fields, *r).unwrap_or(0)).collect()).collect();
        let right = atoms.iter().map(|a| rights.iter().map(|r| a.right(fields, *r).unwrap_or(0)).collect()).collect();
        let sampled = if fields.one_table {
            (lefts.len() * lefts.len().saturating_sub(1) / 2) as f64
        } else {
            lefts.len() as f64 * rights.len() as f64
        };
        Self { left, right, one_table: fields.one_table, scale: all_pairs(fields) as f64 / sampled.max(1.0) }
    }

    fn pairs(&self, atoms: &[usize]) -> u64 {
        let keys = |side: &[Vec<u64>]| -> Vec<u64> {
            let rows = side.first().map_or(0, Vec::len);
            let key = |row: usize| atoms.iter().try_fold(1u64, |key, a| (side[*a][row] != 0).then(|| join(key, side[*a][row])));
            let mut keys: Vec<u64> = (0..rows).filter_map(key).collect();
            keys.sort_unstable();
            keys
        };
        let (left, right) = (keys(&self.left), keys(&self.right));
        let (mut pairs, mut i, mut j) = (0u64, 0, 0);
        while i < left.len() && j < right.len() {
            let run = |list: &[u64], from: usize| list[from..].iter().take_while(|k| **k == list[from]).count();
            match left[i].cmp(&right[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    let (n, m) = (run(&left, i), run(&right, j));
                    pairs += (if self.one_table { n * (n - 1) / 2 } else { n * m }) as u64;
                    (i, j) = (i + n, j + m);
                }
            }
        }
        (pairs as f64 * self.scale) as u64
    }
}
