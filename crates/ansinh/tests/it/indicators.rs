//! Indicators of a whole run: what a number says and what its rows are.

use std::path::Path;

use crate::support::{good, rosters, run_arguments, small_city, text};

/// The rows of a query over the newest run; NULL is empty.
fn query(data: &Path, sql: &str) -> Vec<Vec<String>> {
    let said = good(&["query", sql, "--data", text(data)]);
    let rows = said["rows"].as_array().unwrap().iter();
    rows.map(|row| row.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap_or_default().to_owned()).collect()).collect()
}

#[test]
fn numbers_of_a_run_open_the_people_they_count() {
    let data = tempfile::tempdir().unwrap();
    good(&run_arguments(&rosters(small_city()), data.path()));
    let data = data.path();

    // Each of the five, and the shares of tasks for which rosters came, is there for the city and every commune.
    let followed = query(
        data,
        "SELECT id, count(*), count(numerator), count(denominator) FROM indicator WHERE main GROUP BY id ORDER BY id",
    );
    for id in ["I1", "I2", "I3", "I4", "I5", "T-id", "T2f"] {
        let line = followed.iter().find(|line| line[0] == id).unwrap_or_else(|| panic!("{id} of {followed:?}"));
        assert_eq!(line[1..], ["127", "127", "127"], "{id}");
    }
    assert!(!followed.iter().any(|line| ["I6", "I7", "I8", "I9"].contains(&line[0].as_str())), "{followed:?}");

    let city = query(
        data,
        "SELECT rows_query, numerator - coalesce(aggregate, 0), id FROM indicator WHERE main AND commune IS NULL ORDER BY id",
    );
    for line in city {
        let opened = query(data, &format!("SELECT count(*), count(DISTINCT person_id) FROM ({})", line[0]));
        assert_eq!(opened[0], [line[1].clone(), line[1].clone()], "{}", line[2]);
        assert_ne!(line[1], "0", "{} counts nobody in a city", line[2]);
    }

    // Residents are in one state of each scheme, here and in the sums.
    let residents = &query(data, "SELECT count(*) FROM person WHERE on_spine AND alive_on_period_end")[0][0];
    for scheme in ["health", "social", "jobless"] {
        let sum = query(data, &format!("SELECT sum(people) FROM coverage_count WHERE scheme = '{scheme}'"));
        assert_eq!(&sum[0][0], residents, "{scheme}");
    }
    assert_eq!(&query(data, "SELECT count(DISTINCT person_id) FROM coverage_state")[0][0], residents);

    // One period is too few to look ahead.
    assert_eq!(query(data, "SELECT DISTINCT method FROM indicator_forecast"), [["too_few"]]);

    let bench = good(&["bench", "indicators", "--data", text(data)]);
    assert_eq!((&bench["cells"], &bench["known"]), (&(9 * 126).into(), &(5 * 126).into()), "{bench}");
}
