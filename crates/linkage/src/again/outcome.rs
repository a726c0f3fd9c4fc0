//! What stands after the waves: old and new links together, and what is another than before.

use crate::assign::Assigned;
use crate::compare::compare;
use crate::doubles::{FREE, Taken, second_rows};
use crate::keys::Pass;
use crate::level::Pattern;
use crate::link::{Link, Linked, Stats, fixed_link, of_chosen, of_second, with_second};
use crate::lost::lost;
use crate::review::{of_links, queue};

use super::work::{Sure, Work};
use super::{LinkChange, Relinked};

impl Work<'_> {
    pub(super) fn outcome(self, (mut assigned, certain): (Assigned, Sure)) -> Relinked {
        let Self { lexicon, lefts, kept, rights, decided, config, standing, ref open, .. } = self;
        let model = &standing.model;
        let weighed = self.weighed();
        // Second rows are looked for among the open ones; a firm link of any row holds its person.
        let (mut holder, mut may) = (vec![FREE; lefts.len()], open.clone());
        let firm = |l: &Link| l.probability_thousandths >= config.weak_probability_thousandths && !l.decided;
        let chosen: Vec<Link> = assigned.chosen.iter().map(of_chosen).filter(firm).collect();
        let stand = standing.links.iter().filter(|l| !open[l.right as usize] && !l.decided);
        let held = stand.chain(&chosen).map(|l| (l.left, l.right)).chain(certain.iter().map(|(l, r, _)| (*l, *r)));
        for (left, right) in held {
            may[right as usize] = false;
            let slot = &mut holder[left as usize];
            if *slot == FREE && !decided.settles_left(left) {
                *slot = right;
            }
        }
        decided.same.iter().for_each(|(_, r)| may[*r as usize] = false);
        let taken = Taken { lexicon, lefts, rights, holder: &holder, open: &may, weighed: &weighed, model, config, kept };
        let second = second_rows(&taken, |l, r| !decided.forbids(l, r));
        let is_second = |right: u32| second.also.binary_search_by_key(&right, |c| c.weighed.edge.right).is_ok();
        assigned.chosen.retain(|c| !is_second(c.weighed.edge.right));
        assigned.asked.retain(|(c, _)| !is_second(c.weighed.edge.right));
        let fixed = |l: u32, r: u32, pattern: Pattern, pass: Pass| {
            let count = model.borne_by(lexicon, &lefts[l as usize]);
            fixed_link(l, r, pattern, pass, model.pattern_weight(pattern) + model.frequency_weight(pattern, count))
        };
        let mut new: Vec<Link> = assigned.chosen.iter().map(of_chosen).collect();
        new.extend(certain.iter().map(|(l, r, pattern)| fixed(*l, *r, *pattern, Pass::Certain)));
        new.extend(
            decided
                .same
                .iter()
                .filter(|(_, r)| open[*r as usize])
                .map(|(l, r)| fixed(*l, *r, compare(lexicon, &lefts[*l as usize], &rights[*r as usize]), Pass::Decision)),
        );
        new.sort_unstable_by_key(|l| l.right);
        let double = model.double_millibits(config);
        let linked_right = |right: u32| new.binary_search_by_key(&right, |l| l.right).is_ok();
        let mut asked = with_second(assigned.asked, second.unsure, linked_right, model, double);
        asked.extend(of_links(&new, rights, (config, model), |link| {
            model.frequency_weight(link.pattern, model.borne_by(lexicon, &lefts[link.left as usize]))
        }));
        asked.extend(standing.review.iter().filter(|pair| !open[pair.right as usize]));
        let (review, review_left_out) = queue(asked, config);
        let merged = |old: &[Link], new: Vec<Link>| {
            let mut all: Vec<Link> = old.iter().filter(|l| !open[l.right as usize]).copied().chain(new).collect();
            all.sort_unstable_by_key(|l| l.right);
            all
        };
        let links = merged(&standing.links, new);
        let also = merged(&standing.also, second.also.iter().map(|c| of_second(c, double)).collect());
        let touched: Vec<u32> = (0..rights.len() as u32).filter(|r| open[*r as usize]).collect();
        let changes = changes(&self, &touched, &links, &also);
        let mut stats = Stats {
            left_rows: lefts.len() as u64,
            right_rows: rights.len() as u64,
            pairs_scored: self.pairs,
            unusable_decisions: decided.unusable,
            too_close: assigned.too_close,
            second_rows: also.len() as u64,
            review_left_out,
            lost: lost(lexicon, lefts, rights, &links),
            ..Stats::default()
        };
        for link in &links {
            stats.certain_links += u64::from(link.pass == Pass::Certain.number());
            stats.decided_links += u64::from(link.decided);
        }
        Relinked { linked: Linked { links, also, model: model.clone(), stats, review }, changes, touched }
    }
}

/// Rows among the touched ones that lead to somebody else now, or to nobody, or to somebody for the first time.
fn changes(work: &Work<'_>, touched: &[u32], links: &[Link], also: &[Link]) -> Vec<LinkChange> {
    let now = |right: u32| {
        let of = |list: &'_ [Link]| list.binary_search_by_key(&right, |l| l.right).ok().map(|at| list[at]);
        of(links).or_else(|| of(also))
    };
    let change = |right: &u32| LinkChange { right: *right, old: work.link_of(*right).copied(), new: now(*right) };
    touched.iter().map(change).filter(|c| c.old.map(|l| l.left) != c.new.map(|l| l.left)).collect()
}
