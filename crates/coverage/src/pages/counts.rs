//! Counts of the lists, and how they are shown: a figure opens its list, and small numbers are covered up for who may not open it.

use base::Scope;
use web::component::{Cell, Link};
use web::{Locale, SafeHtml};

use crate::filter::Query;
use crate::serving::Snapshot;

/// The least number of people that is said to who may not see lists (practice E10).
pub(crate) const SMALL: i64 = 5;

/// How many lines the list of people has under a filter, for a scope.
pub(crate) fn listed(snapshot: &Snapshot, scope: &Scope, query: &Query) -> i64 {
    snapshot.visible(scope).count(query) as i64
}

/// A number of people in words: below [`SMALL`] it is not told to who may not open lists.
pub(crate) fn people(l: Locale, scope: &Scope, count: i64) -> String {
    if is_covered_up(scope, count) {
        return l.t_args("overview-under-small", &[("n", SMALL.into())]);
    }
    l.number(count)
}

/// Whether a number is too small to be told to this reader.
pub(crate) fn is_covered_up(scope: &Scope, count: i64) -> bool {
    (1..SMALL).contains(&count) && !desk::may(scope, desk::Permission::ListPeople)
}

/// A number of people that opens its rows, or only the number where the reader may not open them.
pub(crate) fn door(l: Locale, scope: &Scope, count: i64, href: impl Into<String>) -> SafeHtml {
    let words = people(l, scope, count);
    if desk::may(scope, desk::Permission::ListPeople) { Link::new(words, href).figure() } else { SafeHtml::text(&words) }
}

/// The same as a cell of a table.
pub(crate) fn door_cell(l: Locale, scope: &Scope, count: i64, href: impl Into<String>) -> Cell {
    Cell::html(door(l, scope, count, href))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Purpose, Role};
    use web::{Lang, Texts};

    #[test]
    fn small_numbers_are_covered_up_for_who_may_not_open_lists() {
        let words = "overview-under-small = dưới { $n }\n";
        let texts = Texts::load(&[(Lang::Vi, "a.ftl", words), (Lang::En, "a.ftl", words)]).unwrap();
        let l = texts.lang(Lang::Vi);
        let officer = Scope { role: Role::CityOfficer, purpose: Purpose::CoverageReview, ..Scope::system() };
        let administrator = Scope { role: Role::Administrator, purpose: Purpose::Statistics, ..Scope::system() };
        assert_eq!(people(l, &officer, 3), "3");
        assert!(door(l, &officer, 3, "/ds").as_str().contains("href=\"/ds\""));
        let said: Vec<String> = [0, 1, 4, 5].into_iter().map(|n| people(l, &administrator, n)).collect();
        let plain: Vec<String> = said.iter().map(|s| s.replace(['\u{2068}', '\u{2069}'], "")).collect();
        assert_eq!(plain, ["0", "dưới 5", "dưới 5", "5"]);
        assert!(!door(l, &administrator, 9, "/ds").as_str().contains("href"), "no link to a list that may not be opened");
    }
}
