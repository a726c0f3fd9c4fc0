//! "Not the same person": taken on a person's page, it holds from the next run on and changes no earlier one.

use std::collections::BTreeSet;
use std::path::Path;

use engine::rows;

use crate::server::{Answer, Portal, first_number, links, sentence};
use crate::support::{PERIOD, book, good, latest_run, text};

const LIST: &str = "/nguoi-chua-tham-gia";

/// The form on a person's page: whose row is not whose.
#[derive(Debug, Clone)]
struct Offered {
    person: i64,
    left: String,
    roster: String,
    right: String,
}

impl Offered {
    /// The form of a page, when there is a link to decide about.
    fn read(path: &str, page: &str) -> Option<Self> {
        let form = page.split("<form").find(|form| form.contains("/khong-cung-nguoi\""))?;
        let value = |name: &str| {
            let input = form.split("<input").find(|i| i.contains(&format!("name=\"{name}\"")))?;
            Some(input.split("value=\"").nth(1)?.split('"').next()?.to_owned())
        };
        let person = first_number(path.strip_prefix("/nguoi/")?)?;
        Some(Self { person, left: value("left")?, roster: value("roster")?, right: value("right")? })
    }

    fn send(&self, portal: &Portal, cookie: &str, reason: &str) -> Answer {
        let body = format!("left={}&roster={}&right={}&reason={reason}", self.left, self.roster, self.right);
        let own = portal.address();
        let mut headers = vec![("Sec-Fetch-Site", "same-origin"), ("Origin", own.as_str())];
        headers.extend((!cookie.is_empty()).then_some(("Cookie", cookie)));
        portal.post(&format!("/nguoi/{}/khong-cung-nguoi", self.person), &headers, &body)
    }
}

/// Forms of people on a list, as a role sees them.
fn offered(portal: &Portal, cookie: &str) -> Vec<Offered> {
    let list = portal.get_as(LIST, cookie).page();
    let people: BTreeSet<String> = links(&list).into_iter().map(|l| l.href).filter(|h| h.starts_with("/nguoi/")).collect();
    people.iter().filter_map(|path| Offered::read(path, &portal.get_as(path, cookie).page())).collect()
}

/// Rows of a roster (file and row) that the newest run gave to a person.
fn rows_of(data: &Path, roster: &str, person: i64) -> BTreeSet<(String, i64)> {
    let mut found = BTreeSet::new();
    for batch in book(data).read_table(&latest_run(data).tables()["link"], None).unwrap() {
        let (rosters, files) = (rows::text(&batch, "roster").unwrap(), rows::text(&batch, "source_file").unwrap());
        let (source, people) = (rows::int(&batch, "source_row").unwrap(), rows::int(&batch, "person_id").unwrap());
        let of_person = (0..batch.num_rows()).filter(|row| people.value(*row) == person && rosters.value(*row) == roster);
        found.extend(of_person.map(|row| (files.value(row).to_owned(), source.value(row))));
    }
    found
}

/// The person that a row of the population roster is.
fn person_of(data: &Path, spine_row: &(String, i64)) -> i64 {
    let batches = book(data).read_table(&latest_run(data).tables()["link"], None).unwrap();
    let found = batches.iter().find_map(|batch| {
        let (rosters, files) = (rows::text(batch, "roster").ok()?, rows::text(batch, "source_file").ok()?);
        let (source, people) = (rows::int(batch, "source_row").ok()?, rows::int(batch, "person_id").ok()?);
        let here = |row: &usize| {
            rosters.value(*row) == "population" && files.value(*row) == spine_row.0 && source.value(*row) == spine_row.1
        };
        (0..batch.num_rows()).find(here).map(|row| people.value(row))
    });
    found.unwrap()
}

#[test]
fn a_decision_holds_from_the_next_run_on() {
    let portal = Portal::open();
    let data = portal.data.path();
    let before = latest_run(data);
    let offers = offered(&portal, "");
    let offer = offers.first().unwrap_or_else(|| panic!("nobody on the list has a link to decide about"));
    let linked = rows_of(data, &offer.roster, offer.person);
    let spine_row = rows_of(data, "population", offer.person).into_iter().next().unwrap();
    assert!(!linked.is_empty(), "{offer:?}");

    let events = portal.audit_events();
    let reason = "Kh%C3%A1c%20ng%C6%B0%E1%BB%9Di%2C%20xem%20gi%E1%BA%A5y%20t%E1%BB%9D";
    for _ in 0..2 {
        // Pressing twice decides once.
        let answer = offer.send(&portal, "", reason);
        assert_eq!(answer.status, 303, "{answer:?}");
        assert!(answer.header("location").starts_with(&format!("/nguoi/{}", offer.person)), "{answer:?}");
    }
    assert!(portal.audit_events() > events);

    let after = good(&["run", "--period", PERIOD, "--data", text(data)]);
    assert_ne!(after["run"], before.id.as_str(), "the decision is part of the run");
    let person = person_of(data, &spine_row);
    let still = rows_of(data, &offer.roster, person);
    assert!(linked.difference(&still).next().is_some(), "{offer:?}: {linked:?} is still linked: {still:?}");
    // The run before is as it was: it read its own copy of the desk.
    let replay = good(&["replay", before.id.as_str(), "--data", text(data)]);
    assert_eq!((&replay["differing"], &replay["same_bytes"]), (&serde_json::json!([]), &replay["tables"]), "{replay}");
    // The open portal shows the new run without being started again.
    assert!(portal.get(LIST).page().contains(after["run"].as_str().unwrap()));
}

#[test]
fn a_decision_needs_a_reason_and_a_row_of_that_person() {
    let portal = Portal::open();
    let user = portal.role("u-xa-");
    let commune = format!("vai-tro={user}");
    let own = offered(&portal, &commune);
    let offer = own.first().unwrap_or_else(|| panic!("nobody in {user}'s commune has a link to decide about"));
    assert_eq!(offer.send(&portal, &commune, "").status, 400, "no reason");

    // Somebody who lives elsewhere is not there; the rows of others cannot be named on an own person's page.
    let list = portal.get_as(LIST, &commune).page();
    let seen = first_number(&sentence(&list)).unwrap();
    let elsewhere =
        offered(&portal, "").into_iter().find(|o| portal.get_as(&format!("/nguoi/{}", o.person), &commune).status == 404);
    let elsewhere = elsewhere.unwrap_or_else(|| panic!("the whole city has nobody outside of {user}'s commune ({seen} people)"));
    assert_eq!(elsewhere.send(&portal, &commune, "ly-do-day-du").status, 404);
    for forged in [
        Offered {
            left: elsewhere.left.clone(),
            right: elsewhere.right.clone(),
            roster: elsewhere.roster.clone(),
            ..offer.clone()
        },
        Offered { right: elsewhere.right.clone(), roster: elsewhere.roster.clone(), ..offer.clone() },
        Offered { left: "0".repeat(32), ..offer.clone() },
        Offered { roster: "khong-co".to_owned(), ..offer.clone() },
    ] {
        let answer = forged.send(&portal, &commune, "ly-do-day-du");
        assert!((400..500).contains(&answer.status), "{forged:?} was taken: {}", answer.status);
    }
    // Nothing was decided: the month is still the same run.
    let before = latest_run(portal.data.path());
    assert_eq!(good(&["run", "--period", PERIOD, "--data", text(portal.data.path())])["run"], before.id.as_str());
}
