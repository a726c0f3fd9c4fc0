//! Small things of the page of money: names cut between words, the version that a form stands on.

use super::*;

#[test]
fn a_long_task_is_cut_between_words() {
    assert_eq!(shortened("Tuyên truyền"), "Tuyên truyền");
    let long = shortened(&"một hai ba ".repeat(20));
    assert!(long.ends_with("…") && long.chars().count() <= 91, "{long}");
    assert!(["một…", "hai…", "ba…"].iter().any(|end| long.ends_with(end)), "{long}");
}

#[test]
fn the_version_a_form_saw_is_read_back() {
    let seen = "2a/city_budget=3;3c/other=1";
    assert_eq!(version_in(seen, "2a", MoneySource::CityBudget), 3);
    assert_eq!(version_in(seen, "3c", MoneySource::Other), 1);
    assert_eq!(version_in(seen, "2a", MoneySource::Other), 0);
    assert_eq!(version_in("", "2a", MoneySource::Other), 0);
}
