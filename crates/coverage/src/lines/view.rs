//! The one way to the lines: what a viewer may see, under one filter, as a count, a page or a whole file.

use std::ops::Range;

use base::Scope;

use super::strings::NONE;
use super::tally::{Group, Kind};
use super::{Line, Lines, Sight, Unit};
use crate::filter::{NameTest, Query};

/// Rows of one page.
pub(crate) const PAGE: usize = 50;
/// A page by household grows beyond [`PAGE`] until the household is whole, but never by more.
const WHOLE_HOUSEHOLD: usize = 40;

/// The lines that a viewer may see: those of the units and communes of the scope.
#[derive(Clone, Copy)]
pub(crate) struct Visible<'a> {
    lines: &'a Lines,
    scope: &'a Scope,
    /// Nothing is seen where lists of people may not be opened.
    sight: Option<Sight>,
}

/// One page of a list.
pub(crate) struct PageOf<'a> {
    /// Rows of the whole list.
    pub(crate) count: usize,
    /// Rows before this page.
    pub(crate) from: usize,
    /// The rows.
    pub(crate) rows: Vec<Line<'a>>,
    /// What `before` and `after` of the neighbouring pages say: the places of the first and the last row.
    pub(crate) places: Option<(i64, i64)>,
}

/// A filter with its words looked up once.
struct Wanted {
    reason: Option<u16>,
    commune: Option<u16>,
    village: Option<u32>,
    household: Option<u32>,
    kind: Kind,
    name: NameTest,
    /// For each name whether it is meant; only when more lines are to be looked at than there are names.
    names: Option<Vec<bool>>,
    /// A word of the filter stands in no line at all.
    nothing: bool,
}

impl Wanted {
    /// Whether lines must be looked at one by one: a name or a household is asked for.
    fn looks_at_lines(&self) -> bool {
        !self.name.is_empty() || self.household.is_some()
    }
}

impl<'a> Visible<'a> {
    pub(crate) fn new(lines: &'a Lines, scope: &'a Scope) -> Self {
        let may = |permission| desk::may(scope, permission);
        let sight = may(desk::Permission::ListPeople).then(|| {
            match (may(desk::Permission::ViewEmployeeFindings), may(desk::Permission::ViewLookUps)) {
                (true, _) => Sight::Everything,
                (false, true) => Sight::LookUps,
                (false, false) => Sight::Communes,
            }
        });
        Self { lines, scope, sight }
    }

    /// Of these lines those that communes work on, whoever looks: what may go out by village.
    pub(crate) fn of_communes(self) -> Self {
        Self { sight: self.sight.map(|_| Sight::Communes), ..self }
    }

    /// How many lines a filter takes.
    pub(crate) fn count(&self, query: &Query) -> usize {
        let wanted = self.wanted(query);
        self.groups(&wanted).into_iter().map(|group| self.count_in(group, &wanted)).sum()
    }

    /// The lines a filter takes, one after the other.
    pub(crate) fn all(&self, query: &Query) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let wanted = self.wanted(query);
        let (lines, view) = (self.lines, *self);
        let groups: Vec<Range<u32>> = self.groups(&wanted).into_iter().map(Group::range).collect();
        groups.into_iter().flatten().filter(move |at| view.takes(*at, &wanted)).map(|at| lines.line(at))
    }

    /// The lines a filter takes, commune by commune, village by village, household by household.
    pub(crate) fn all_by_household(&self, query: &Query) -> Vec<Line<'a>> {
        let found = self.by_household(&self.wanted(query));
        found.into_iter().map(|place| self.lines.line(self.lines.by_household[place])).collect()
    }

    /// Whether lines of a unit may be seen at all.
    pub(crate) fn shows(&self, unit: Unit) -> bool {
        self.sight.is_some_and(|sight| sight.shows(unit))
    }

    /// The lines about one person.
    pub(crate) fn of_person(&self, person: i64) -> Vec<Line<'a>> {
        let Some(sight) = self.sight else { return Vec::new() };
        let own = self.lines.of_person(person).iter().filter(|at| self.lines.is(**at, sight, Kind::default()));
        own.map(|at| self.lines.line(*at)).filter(|line| self.scope.sees(line.commune())).collect()
    }

    /// The page that the filter's place asks for, by reason and name or by household.
    pub(crate) fn page(&self, query: &Query) -> PageOf<'a> {
        if query.by_household() { self.page_by_household(query) } else { self.page_by_reason(query) }
    }

    fn page_by_reason(&self, query: &Query) -> PageOf<'a> {
        let wanted = self.wanted(query);
        // Lines before this one belong to earlier pages; with `before`, one page of them is shown.
        let bound = query.after.or_else(|| query.before.map(|before| before - 1)).unwrap_or(0).clamp(0, self.lines.len() as i64);
        let bound = bound as u32;
        let groups = self.groups(&wanted);
        let turned_back = query.after.is_none() && query.before.is_some();
        let start = |earlier: usize| if turned_back { earlier.saturating_sub(PAGE) } else { earlier };
        if wanted.looks_at_lines() {
            // Nothing is known before: each line of the blocks is looked at, once.
            let meant = groups.iter().flat_map(|group| group.range()).filter(|at| self.takes(*at, &wanted));
            let found: Vec<u32> = meant.collect();
            let from = start(found.partition_point(|at| *at < bound));
            let shown = &found[from..(from + PAGE).min(found.len())];
            return self.page_of(found.len(), from, shown.iter().map(|at| self.lines.line(*at)).collect());
        }
        let counted: Vec<(&Group, usize)> = groups.into_iter().map(|g| (g, self.count_in(g, &wanted))).collect();
        let count = counted.iter().map(|(_, n)| n).sum();
        let earlier = counted.iter().map(|(group, n)| match group.range() {
            range if range.end <= bound => *n,
            range if range.start >= bound => 0,
            range => (range.start..bound).filter(|at| self.takes(*at, &wanted)).count(),
        });
        let from = start(earlier.sum());
        let mut skip = from;
        let mut rows = Vec::with_capacity(PAGE);
        for (group, n) in counted {
            if skip >= n {
                skip -= n;
                continue;
            }
            let taken = group.range().filter(|at| self.takes(*at, &wanted)).skip(skip).take(PAGE - rows.len());
            rows.extend(taken.map(|at| self.lines.line(at)));
            skip = 0;
            if rows.len() == PAGE {
                break;
            }
        }
        self.page_of(count, from, rows)
    }

    fn page_of(&self, count: usize, from: usize, rows: Vec<Line<'a>>) -> PageOf<'a> {
        let places = rows.first().zip(rows.last()).map(|(first, last)| (first.number(), last.number()));
        PageOf { count, from, rows, places }
    }

    fn page_by_household(&self, query: &Query) -> PageOf<'a> {
        let wanted = self.wanted(query);
        let lines = self.lines;
        let order = &lines.by_household;
        let found = self.by_household(&wanted);
        let same = |a: usize, b: usize| {
            let home = |place: usize| {
                let at = order[place] as usize;
                let group = &lines.groups[lines.group[at] as usize];
                (group.commune, group.village, lines.household[at])
            };
            home(a) == home(b) && lines.line(order[a]).household().is_some()
        };
        let place = |of: i64| usize::try_from(of).unwrap_or(0);
        let from = match (query.after, query.before) {
            (Some(after), _) => found.partition_point(|p| *p < place(after)),
            (None, Some(before)) => {
                let mut from = found.partition_point(|p| *p + 1 < place(before)).saturating_sub(PAGE);
                while from > 0 && same(found[from - 1], found[from]) {
                    from -= 1;
                }
                from
            }
            (None, None) => 0,
        };
        let mut to = (from + PAGE).min(found.len());
        while to < found.len() && to < from + PAGE + WHOLE_HOUSEHOLD && to > 0 && same(found[to - 1], found[to]) {
            to += 1;
        }
        let shown = &found[from.min(to)..to];
        let places = shown.first().zip(shown.last()).map(|(first, last)| (*first as i64 + 1, *last as i64 + 1));
        PageOf { count: found.len(), from, rows: shown.iter().map(|p| lines.line(order[*p])).collect(), places }
    }

    /// Places in the order by household of the lines that are meant.
    fn by_household(&self, wanted: &Wanted) -> Vec<usize> {
        let lines = self.lines;
        let group = |place: usize| &lines.groups[lines.group[lines.by_household[place] as usize] as usize];
        let places = match wanted.commune {
            Some(commune) => {
                let before = |bound: u16| {
                    let at = |at: &u32| lines.groups[lines.group[*at as usize] as usize].commune < bound;
                    lines.by_household.partition_point(at)
                };
                before(commune)..before(commune + 1)
            }
            None => 0..lines.by_household.len(),
        };
        let meant = |place: &usize| self.takes_group(group(*place), wanted) && self.takes(lines.by_household[*place], wanted);
        places.filter(meant).collect()
    }

    /// Villages that have lines the filter takes, commune by commune in their order, with how many.
    pub(crate) fn villages(&self, query: &Query) -> Vec<(Option<&'a str>, usize)> {
        let wanted = self.wanted(query);
        let blocks = self.lines.blocks(true, wanted.reason, wanted.commune);
        let mut groups: Vec<&Group> = blocks.filter(|group| self.takes_group(group, &wanted)).collect();
        groups.sort_by_key(|group| (group.commune, group.village_order));
        let mut found: Vec<(Option<&'a str>, usize)> = Vec::new();
        for own in groups.chunk_by(|a, b| (a.commune, a.village) == (b.commune, b.village)) {
            let n: usize = own.iter().map(|group| self.count_in(group, &wanted)).sum();
            if n > 0 {
                found.push((self.lines.villages.opt(own[0].village), n));
            }
        }
        found
    }

    fn wanted(&self, query: &Query) -> Wanted {
        let lines = self.lines;
        let mut wanted = Wanted {
            reason: None,
            commune: None,
            village: None,
            household: None,
            kind: Kind { main: query.once(), without_card: query.no_card(), new: query.is_new() },
            name: NameTest::new(&query.q),
            names: None,
            nothing: self.sight.is_none(),
        };
        let mut look_up = |asked: &str, number: Option<usize>| {
            wanted.nothing |= !asked.is_empty() && number.is_none();
            number.filter(|_| !asked.is_empty())
        };
        let reason = look_up(&query.reason, lines.reasons.iter().position(|r| *r == query.reason));
        let known = |code: &Option<base::CommuneCode>| code.as_ref().is_some_and(|c| c.as_str() == query.commune);
        let commune = look_up(&query.commune, lines.communes.iter().position(known));
        let village = match query.village() {
            Some(Some(name)) => look_up(name, lines.villages.position(name)),
            _ => None,
        };
        // A page asks hundreds of counts and hardly any by household: hundreds of thousands of numbers are searched only then.
        let asked = Some(&query.household).filter(|number| !number.is_empty());
        let household = look_up(&query.household, asked.and_then(|number| lines.households.position(number)));
        wanted.reason = reason.and_then(|n| u16::try_from(n).ok());
        wanted.commune = commune.and_then(|n| u16::try_from(n).ok());
        wanted.village = village.and_then(|n| u32::try_from(n).ok());
        if query.village() == Some(None) {
            wanted.village = Some(NONE);
        }
        wanted.household = household.and_then(|n| u32::try_from(n).ok());
        if let Some(folded) = wanted.name.folded() {
            let to_look_at: usize = self.groups(&wanted).into_iter().map(|g| g.range().len()).sum();
            if to_look_at > lines.names.len() {
                wanted.names = Some(lines.folded.holding(folded));
            }
        }
        wanted
    }

    /// The blocks of lines that a filter takes lines of, in their order: villages where one is asked for, else whole communes.
    fn groups(&self, wanted: &Wanted) -> Vec<&'a Group> {
        self.lines
            .blocks(wanted.village.is_some(), wanted.reason, wanted.commune)
            .filter(|g| self.takes_group(g, wanted))
            .collect()
    }

    fn takes_group(&self, group: &Group, wanted: &Wanted) -> bool {
        !wanted.nothing
            && wanted.reason.is_none_or(|reason| reason == group.reason)
            && wanted.commune.is_none_or(|commune| commune == group.commune)
            && wanted.village.is_none_or(|village| village == group.village)
            && self.scope.sees(self.lines.communes[group.commune as usize].as_ref())
    }

    fn count_in(&self, group: &Group, wanted: &Wanted) -> usize {
        match self.sight {
            // Known already, unless a name or a household is asked for.
            Some(sight) if !wanted.looks_at_lines() => group.count(sight, wanted.kind),
            _ => group.range().filter(|at| self.takes(*at, wanted)).count(),
        }
    }

    /// Whether a line of a group that is meant is meant itself.
    fn takes(&self, at: u32, wanted: &Wanted) -> bool {
        let lines = self.lines;
        let Some(sight) = self.sight else { return false };
        lines.is(at, sight, wanted.kind)
            && wanted.household.is_none_or(|household| household == lines.household[at as usize])
            && self.takes_name(lines.name[at as usize], wanted)
    }

    fn takes_name(&self, name: u32, wanted: &Wanted) -> bool {
        if wanted.name.is_empty() {
            return true;
        }
        let folded = match &wanted.names {
            Some(names) => names.get(name as usize).copied().unwrap_or(false),
            None => wanted.name.takes_folded(self.lines.folded.get(name)),
        };
        folded && wanted.name.takes_marks(self.lines.names.get(name))
    }
}
