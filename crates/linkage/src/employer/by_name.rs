//! Rows without a usable code: by name with commune, phone or representative.

use std::collections::{BTreeMap, BTreeSet};

use super::by_code::Coded;
use super::code::Code;
use super::name::{Form, Words};
use super::{
    EmployerCluster, EmployerClusters, EmployerEvidence, EmployerMatch, EmployerQuestion, EmployerReview, EmployerRoster, Entry,
};
use crate::hash::join;

/// A cluster under work: its rows (the first describes it) and the code it has.
struct Group {
    code: Option<Code>,
    parent: Option<Code>,
    rows: Vec<usize>,
}

/// A candidate: how well it fits and by what.
#[derive(Clone, Copy)]
struct Fit {
    group: usize,
    alike: u16,
    score: i32,
    evidence: Option<EmployerEvidence>,
}

/// A lead over the next candidate, in thousandths, below which a person is asked.
const MARGIN: i32 = 100;
/// What the common words must tell, in thousandths of a bit, for a name to stand alone as evidence.
const RARE: i64 = 9_000;
/// Candidates looked at for one word; a word of more is too common to lead anywhere.
const COMMON: usize = 400;

/// Gives every waiting row its cluster and puts the answer together.
pub(crate) fn by_name(rosters: &[EmployerRoster<'_>], entries: &[Entry<'_>], words: &Words, coded: Coded) -> EmployerClusters {
    let mut place = Place::new(entries, words, coded);
    // In an order that does not depend on where rows stand: by name, those that know their commune first.
    let with_unit: BTreeSet<usize> = place.coded.units.values().flatten().copied().collect();
    let is_waiting = |at: &usize| place.coded.evidence[*at].is_none() && !with_unit.contains(at);
    let mut waiting: Vec<usize> = (0..entries.len()).filter(is_waiting).collect();
    waiting.sort_by_key(|at| {
        let e = &entries[*at];
        (e.communes.is_empty(), e.name.words.clone(), e.communes.to_vec(), e.roster, e.row)
    });
    for (code, rows) in std::mem::take(&mut place.coded.units) {
        place.settle(&rows, Some(code));
    }
    for at in waiting {
        place.settle(&[at], None);
    }
    place.finish(rosters)
}

struct Place<'a> {
    entries: &'a [Entry<'a>],
    words: &'a Words,
    coded: Coded,
    groups: Vec<Group>,
    /// Groups by each word of their name.
    by_word: Vec<Vec<usize>>,
    /// Groups by their name without spaces.
    by_joined: BTreeMap<&'a str, Vec<usize>>,
    group_of: Vec<usize>,
    /// Row, group, question.
    asked: Vec<(usize, usize, EmployerQuestion)>,
}

impl<'a> Place<'a> {
    fn new(entries: &'a [Entry<'a>], words: &'a Words, mut coded: Coded) -> Self {
        let (mut groups, mut of_code) = (Vec::new(), BTreeMap::new());
        let mut group_of = vec![usize::MAX; entries.len()];
        for (code, rows) in std::mem::take(&mut coded.rows).into_iter().filter(|(_, rows)| !rows.is_empty()) {
            rows.iter().for_each(|at| group_of[*at] = groups.len());
            of_code.insert(code.clone(), groups.len());
            groups.push(Group { parent: code.parent(), code: Some(code), rows });
        }
        let asked = std::mem::take(&mut coded.asked);
        let asked = asked.into_iter().filter_map(|(at, code, question)| Some((at, *of_code.get(&code)?, question))).collect();
        let (by_word, by_joined) = (vec![Vec::new(); words.len()], BTreeMap::new());
        let mut place = Self { entries, words, coded, groups, by_word, by_joined, group_of, asked };
        (0..place.groups.len()).for_each(|group| place.index(group));
        place
    }

    fn describing(&self, group: usize) -> &'a Entry<'a> {
        &self.entries[self.groups[group].rows[0]]
    }

    fn index(&mut self, group: usize) {
        let name = &self.describing(group).name;
        name.numbers.iter().for_each(|word| self.by_word[*word as usize].push(group));
        self.by_joined.entry(&name.joined).or_default().push(group);
    }

    /// Groups that share a word with the row that is not too common, best first.
    fn fits(&self, at: usize) -> Vec<Fit> {
        let entry = &self.entries[at];
        let leading = self.words.leading(&entry.name);
        let by_word = leading.iter().map(|word| &self.by_word[*word as usize]);
        let lists = by_word.chain(self.by_joined.get(&entry.name.joined[..])).filter(|groups| groups.len() <= COMMON);
        let mut groups: Vec<usize> = lists.flatten().copied().filter(|group| self.may_be(at, *group)).collect();
        groups.sort_unstable();
        groups.dedup();
        let mut fits: Vec<Fit> = groups.into_iter().map(|group| self.fit(entry, group)).filter(|f| f.alike >= 500).collect();
        fits.sort_by_key(|f| (-f.score, f.group));
        fits
    }

    /// A part is no whole, a branch is of its own company, and a code already denied stays denied.
    fn may_be(&self, at: usize, group: usize) -> bool {
        let (own, parent) = (&self.groups[group], self.coded.parent.get(&at));
        let is_part = own.parent.is_some() || self.describing(group).name.form == Form::Part;
        let wants_part = parent.is_some() || self.entries[at].name.form == Form::Part;
        is_part == wants_part
            && (parent.is_none() || own.parent.is_none() || own.parent.as_ref() == parent)
            && (own.code.is_none() || own.code.as_ref() != self.coded.not.get(&at))
    }

    fn fit(&self, entry: &Entry<'_>, group: usize) -> Fit {
        let other = self.describing(group);
        let alike = self.words.alike(&entry.name, &other.name);
        let rows = self.groups[group].rows.iter().map(|at| &self.entries[*at]);
        let contact = rows.clone().any(|r| entry.same_contact(r));
        let mut communes = rows.filter_map(|r| entry.same_commune(r));
        let told = communes.clone().next().is_some();
        let same = communes.any(|same| same);
        let evidence = if contact && alike >= if told && !same { 800 } else { 600 } {
            Some(EmployerEvidence::NameAndContact)
        } else if same && alike >= 800 {
            Some(EmployerEvidence::NameAndCommune)
        } else if !told && alike == 1_000 && self.words.common(&entry.name, &other.name) >= RARE {
            Some(EmployerEvidence::RareName)
        } else {
            None
        };
        let place = if same {
            150
        } else if told {
            -200
        } else {
            0
        };
        Fit { group, alike, score: i32::from(alike) + place + if contact { 200 } else { 0 }, evidence }
    }

    /// Puts waiting rows (one, or all of a unit code) into the group that fits the first, or into a new one.
    fn settle(&mut self, rows: &[usize], code: Option<Code>) {
        let Some(at) = rows.first().copied() else { return };
        let others =
            if matches!(code, Some(Code::Budget(_))) { EmployerEvidence::UnitCode } else { EmployerEvidence::KnownUnitCode };
        rows[1..].iter().for_each(|row| self.coded.evidence[*row] = Some(others));
        let fits = self.fits(at);
        let clear = fits.get(1).is_none_or(|second| fits[0].score - second.score >= MARGIN);
        match fits.first() {
            Some(Fit { group, evidence: Some(evidence), .. }) if clear => {
                self.coded.evidence[at] = Some(*evidence);
                rows.iter().for_each(|row| self.group_of[*row] = *group);
                self.groups[*group].rows.extend_from_slice(rows);
                return;
            }
            Some(best) if best.evidence.is_some() => self.asked.push((at, best.group, EmployerQuestion::Contested)),
            Some(best) if best.alike >= 800 => self.asked.push((at, best.group, EmployerQuestion::NameClose)),
            _ => {}
        }
        rows.iter().for_each(|row| self.group_of[*row] = self.groups.len());
        if code.is_some() && rows.len() > 1 {
            self.coded.evidence[at] = Some(others);
        }
        self.groups.push(Group { code, parent: self.coded.parent.get(&at).cloned(), rows: rows.to_vec() });
        self.index(self.groups.len() - 1);
    }

    /// The key of a group before equal ones are numbered.
    fn key(&self, group: &Group) -> String {
        if let Some(code) = &group.code {
            return code.to_string();
        }
        let entry = &self.entries[group.rows[0]];
        let name = entry.name.joined.bytes().fold(0, |key, byte| join(key, u64::from(byte)));
        let commune = entry.communes.iter().min().map_or(u64::MAX, |c| u64::from(*c));
        let print = join(join(name, commune), u64::from(entry.name.form == Form::Part));
        match &group.parent {
            Some(parent) => format!("{parent}#{print:016x}"),
            None => format!("#{print:016x}"),
        }
    }

    fn finish(mut self, rosters: &[EmployerRoster<'_>]) -> EmployerClusters {
        for (at, own) in self.group_of.iter().enumerate() {
            // Who founded a group is alone in it, or has company by name.
            let alone = self.groups[*own].rows.len() == 1;
            let evidence = &mut self.coded.evidence[at];
            *evidence = evidence.or(Some(if alone { EmployerEvidence::Alone } else { EmployerEvidence::NameAndCommune }));
        }
        let mut order: Vec<(String, usize)> = self.groups.iter().map(|g| self.key(g)).zip(0..).collect();
        order.sort();
        let mut seen = 1;
        for at in 1..order.len() {
            // Equal names in one commune that are not one: numbered in their order.
            seen = if order[at].0.split('~').next() == order[at - 1].0.split('~').next() { seen + 1 } else { 1 };
            if seen > 1 {
                order[at].0 = format!("{}~{seen}", order[at].0);
            }
        }
        let mut place_of = vec![0u32; self.groups.len()];
        order.iter().zip(0..).for_each(|((_, group), place)| place_of[*group] = place);
        let of_code: BTreeMap<&Code, u32> =
            self.groups.iter().zip(&place_of).filter_map(|(g, place)| Some((g.code.as_ref()?, *place))).collect();
        let cluster = |(key, group): &(String, usize)| {
            let own = &self.groups[*group];
            let first = &self.entries[own.rows[0]];
            EmployerCluster {
                key: key.clone(),
                parent: own.parent.as_ref().and_then(|p| of_code.get(p).copied()),
                described_by: (first.roster, first.row),
                rows: own.rows.len() as u32,
            }
        };
        let clusters = order.iter().map(cluster).collect();
        let mut rows: Vec<Vec<EmployerMatch>> = rosters.iter().map(|r| Vec::with_capacity(r.rows.len())).collect();
        let alike = |at: usize, group: usize| self.words.alike(&self.entries[at].name, &self.describing(group).name);
        for (at, entry) in self.entries.iter().enumerate() {
            let group = self.group_of[at];
            let mut warnings = self.coded.warnings[at].clone();
            warnings.sort_unstable();
            warnings.dedup();
            rows[entry.roster as usize].push(EmployerMatch {
                cluster: place_of[group],
                evidence: self.coded.evidence[at].unwrap_or(EmployerEvidence::Alone),
                name_thousandths: alike(at, group),
                warnings,
            });
        }
        let ask = |(at, group, question): &(usize, usize, EmployerQuestion)| {
            let entry = &self.entries[*at];
            let (cluster, name_thousandths) = (place_of[*group], alike(*at, *group));
            EmployerReview { roster: entry.roster, row: entry.row, cluster, question: *question, name_thousandths }
        };
        let mut review: Vec<EmployerReview> = self.asked.iter().map(ask).collect();
        review.sort_unstable();
        review.dedup();
        EmployerClusters { clusters, rows, review }
    }
}
