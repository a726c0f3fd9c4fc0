//! Forecasts over months written by hand.

use crate::ForecastStep;
use crate::testing::Desk;

/// One month's indicator of the city and a commune.
fn month(desk: &mut Desk, period: &str, covered: i64, of_commune: Option<i64>) {
    let first = format!("{period}-01");
    let cell = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    let lines = format!(
        "id, period, commune, basis, main, numerator, denominator, as_of
        I1, {first}, , register, true, {covered}, 1000, {first}
        I1, {first}, 00004, register, true, {}, 100, {first}",
        cell(of_commune)
    );
    desk.run(period, &[("indicator", &lines)], vec![Box::new(ForecastStep)]);
}

#[test]
fn months_are_carried_on_until_a_line_can_be_drawn() {
    let mut desk = Desk::new();
    for (period, covered) in [("2026-06", 950), ("2026-07", 951), ("2026-09", 953)] {
        month(&mut desk, period, covered, Some(90));
    }
    let said = "SELECT commune, year_end, value, low, high, periods, method FROM indicator_forecast ORDER BY commune NULLS FIRST";
    assert_eq!(desk.lines(said)[0], "- | 2026-12-31 | - | - | - | 3 | too_few");
    // The commune could not be evaluated in October; the month without a run (August) leaves a gap, not a step.
    month(&mut desk, "2026-10", 954, None);
    assert_eq!(
        desk.lines(said),
        ["- | 2026-12-31 | 956000 | 956000 | 956000 | 4 | linear", "00004 | 2026-12-31 | - | - | - | 3 | too_few"]
    );
    assert_eq!(desk.lines("SELECT count(*) FROM indicator_history"), ["8"]);
    // The same month run again replaces its own line.
    month(&mut desk, "2026-10", 950, Some(90));
    assert_eq!(
        desk.lines("SELECT numerator FROM indicator_history WHERE commune IS NULL ORDER BY period"),
        ["950", "951", "953", "950"]
    );
    // In December the year that is forecast is the next one; what lies three years back is let go.
    month(&mut desk, "2026-12", 955, Some(91));
    assert_eq!(desk.lines("SELECT DISTINCT year_end FROM indicator_forecast"), ["2027-12-31"]);
    month(&mut desk, "2029-08", 960, Some(95));
    assert_eq!(desk.lines("SELECT min(period) FROM indicator_history"), ["2026-09-01"]);
}
