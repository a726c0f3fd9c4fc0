//! "Not the same person": taken on a person's page, it holds from the next run on and changes no earlier one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::rows;

use crate::server::{Answer, Portal, first_number, links};
use crate::support::{PERIOD, book, good, latest_run, text};

const LIST: &str = "/nguoi-chua-tham-gia";
const NOT_SAME: &str = "/khong-cung-nguoi";
const UNDO: &str = "/hoan-lai";
/// "Khác người, xem giấy tờ" as a form sends it.
const REASON: &str = "Kh%C3%A1c%20ng%C6%B0%E1%BB%9Di%2C%20xem%20gi%E1%BA%A5y%20t%E1%BB%9D";

/// A form of a person's page, as the page fills it in.
#[derive(Debug, Clone)]
struct Offered {
    person: i64,
    action: String,
    hidden: BTreeMap<String, String>,
}

impl Offered {
    /// The form of a page that leads to an address with this ending, when it is there.
    fn read(path: &str, page: &str, ending: &str) -> Option<Self> {
        let form = page.split("<form").skip(1).find(|form| form.contains(&format!("{ending}\"")))?;
        let form = form.split("</form>").next()?;
        let value = |input: &str, name: &str| {
            input.split(&format!("{name}=\"")[..]).nth(1)?.split('"').next().map(|v| v.replace("&amp;", "&"))
        };
        let hidden = form.split("<input").skip(1).filter(|input| input.contains("type=\"hidden\""));
        let hidden = hidden.map(|input| Some((value(input, "name")?, value(input, "value")?))).collect::<Option<_>>()?;
        Some(Self { person: first_number(path.strip_prefix("/nguoi/")?)?, action: value(form, "action")?, hidden })
    }

    /// The same form with other values.
    fn with(&self, changes: &[(&str, &str)]) -> Self {
        let mut changed = self.clone();
        changed.hidden.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        changed
    }

    fn send(&self, portal: &Portal, cookie: &str, reason: &str) -> Answer {
        let mut body = format!("reason={reason}");
        for (name, value) in &self.hidden {
            body.push_str(&format!("&{name}={value}"));
        }
        let own = portal.address();
        let mut headers = vec![("Sec-Fetch-Site", "same-origin"), ("Origin", own.as_str())];
        headers.extend((!cookie.is_empty()).then_some(("Cookie", cookie)));
        portal.post(&self.action, &headers, &body)
    }
}

/// Forms of people on a list, as a role sees them.
fn offered(portal: &Portal, cookie: &str) -> Vec<Offered> {
    let list = portal.get_as(LIST, cookie).page();
    let people: BTreeSet<String> = links(&list).into_iter().map(|l| l.href).filter(|h| h.starts_with("/nguoi/")).collect();
    people.iter().filter_map(|path| Offered::read(path, &portal.get_as(path, cookie).page(), NOT_SAME)).collect()
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

/// Why links of the newest run are others than before, line by line.
fn changed(data: &Path) -> Vec<String> {
    let batches = book(data).read_table(&latest_run(data).tables()["link_changed"], None).unwrap();
    let why = |batch| rows::text(batch, "why").unwrap().iter().flatten().map(str::to_owned).collect::<Vec<_>>();
    batches.iter().flat_map(why).collect()
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
fn a_decision_holds_from_the_next_run_on_and_can_be_undone() {
    let portal = Portal::open();
    let data = portal.data.path();
    let before = latest_run(data);
    let offers = offered(&portal, "");
    let offer = offers.first().unwrap_or_else(|| panic!("nobody on the list has a link to decide about"));
    let roster = &offer.hidden["roster"];
    let linked = rows_of(data, roster, offer.person);
    let spine_row = rows_of(data, "population", offer.person).into_iter().next().unwrap();
    assert!(!linked.is_empty(), "{offer:?}");

    // A reason that says nothing decides nothing; the page comes back with it.
    let short = offer.send(&portal, "", "x%20y");
    assert_eq!(short.status, 400);
    let page = short.text();
    assert!(page.contains("id=\"reason-error\"") && page.contains(">x y</textarea>"), "{page}");

    let events = portal.audit_events();
    let mut shown = String::new();
    for _ in 0..2 {
        // Pressing twice decides once.
        let answer = offer.send(&portal, "", REASON);
        assert_eq!(answer.status, 303, "{answer:?}");
        let to = answer.header("location").to_owned();
        assert!(to.starts_with(&format!("/nguoi/{}", offer.person)), "{answer:?}");
        assert!(shown.is_empty() || shown == to, "two decisions: {shown} and {to}");
        shown = to;
    }
    assert!(portal.audit_events() > events);

    let run = || good(&["run", "--period", PERIOD, "--data", text(data)]);
    let after = run();
    assert_ne!(after["run"], before.id.as_str(), "the decision is part of the run");
    let person = person_of(data, &spine_row);
    let still = rows_of(data, roster, person);
    assert!(linked.difference(&still).next().is_some(), "{offer:?}: {linked:?} is still linked: {still:?}");
    assert_eq!(changed(data), ["decision"], "the old link is told");
    // The run before is as it was: it read its own copy of the desk.
    let replay = good(&["replay", before.id.as_str(), "--data", text(data)]);
    assert_eq!((&replay["differing"], &replay["same_bytes"]), (&serde_json::json!([]), &replay["tables"]), "{replay}");
    // The open portal shows the new run without being started again.
    assert!(portal.get(LIST).page().contains(after["run"].as_str().unwrap()));

    // Undone, the month has again the rows it had, number for number, and the log keeps both.
    let events = portal.audit_events();
    let undo = Offered::read(&shown, &portal.get(&shown).page(), UNDO).unwrap_or_else(|| panic!("{shown} offers no undo"));
    assert_eq!(undo.send(&portal, "", "").status, 303);
    assert!(portal.audit_events() > events);
    run();
    assert_eq!(changed(data), ["decision"], "taken back it is told too");
    // Only the number that was shown in between stays known: it leads back to the person. And what changed is told and counted.
    let known = ["person_alias", "person_evidence", "register_count", "link_changed", "register_roster"];
    let others = |run: &book::RunManifest| {
        let tables = run.tables().into_iter().filter(|(name, _)| !known.contains(&name.as_str()));
        tables.map(|(name, table)| (name.clone(), table.clone())).collect::<Vec<_>>()
    };
    assert_eq!(others(&latest_run(data)), others(&before));
}

#[test]
fn a_decision_needs_a_reason_and_a_row_of_that_person() {
    let portal = Portal::open();
    let commune = format!("vai-tro={}", portal.roles("u-xa-")[0]);
    let own = offered(&portal, &commune);
    let offer = own.first().unwrap_or_else(|| panic!("nobody in {commune} has a link to decide about"));
    let refused = offer.send(&portal, &commune, "");
    assert_eq!(refused.status, 400, "no reason: {}", refused.text());

    // Somebody who lives elsewhere is not there; the rows of others cannot be named on an own person's page.
    let is_elsewhere = |o: &Offered| portal.get_as(&format!("/nguoi/{}", o.person), &commune).status == 404;
    let elsewhere = offered(&portal, "").into_iter().find(is_elsewhere);
    let elsewhere = elsewhere.unwrap_or_else(|| panic!("the first page of the city's list has only people of {commune}"));
    let (left, right, roster) = (&elsewhere.hidden["left"], &elsewhere.hidden["right"], &elsewhere.hidden["roster"]);
    assert_eq!(elsewhere.send(&portal, &commune, REASON).status, 404);
    let nobody = "0".repeat(32);
    let forged: [&[(&str, &str)]; 4] = [
        &[("left", left), ("right", right), ("roster", roster)],
        &[("right", right), ("roster", roster)],
        &[("left", &nobody)],
        &[("roster", "khong-co")],
    ];
    for (number, changes) in forged.into_iter().enumerate() {
        // A form number of its own: a repeated one would be refused or ignored for that alone.
        let form = portal.get_as(&format!("/nguoi/{}", offer.person), &commune).page();
        let fresh = Offered::read(&format!("/nguoi/{}", offer.person), &form, NOT_SAME).unwrap();
        let answer = fresh.with(changes).send(&portal, &commune, REASON);
        assert!((400..500).contains(&answer.status), "forgery {number} was taken: {}", answer.status);
    }
    // Nothing was decided: the month is still the same run.
    let before = latest_run(portal.data.path());
    assert_eq!(good(&["run", "--period", PERIOD, "--data", text(portal.data.path())])["run"], before.id.as_str());

    // Nor does a commune undo what the city decided about somebody else.
    let decided = elsewhere.send(&portal, "", REASON).header("location").to_owned();
    let undo = Offered::read(&decided, &portal.get(&decided).page(), UNDO).unwrap_or_else(|| panic!("{decided} offers no undo"));
    for action in [undo.action.clone(), format!("/nguoi/{}{UNDO}", offer.person)] {
        let answer = Offered { action, ..undo.clone() }.send(&portal, &commune, "");
        assert!((400..500).contains(&answer.status), "undone by a commune: {}", answer.status);
    }
}
