//! Texts of periodic reports of the plan: versions that stay, one's own alone, closed with the period.

use base::{Date, Scope};
use desk::{Desk, DeskError, NewLock, Permission, PlanReport, ReportRefusal};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, commune_staff};

const PLAN: &str = "hanoi-2026-2030";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn refused<T: std::fmt::Debug>(answer: Result<T, DeskError>) -> ReportRefusal {
    match answer {
        Err(DeskError::ReportRefused { why }) => why,
        other => panic!("not refused: {other:?}"),
    }
}

fn periodic(period: &str, first: &str, last: &str, unit: Option<&str>) -> PlanReport {
    let unit = unit.map(str::to_owned);
    PlanReport { plan: PLAN.into(), period: period.into(), first_day: day(first), last_day: day(last), unit }
}

fn lock(period: &str, first: &str, last: &str) -> NewLock {
    NewLock { plan: PLAN.into(), period: period.into(), first_day: day(first), last_day: day(last), run: None }
}

/// A row in the table of texts.
pub async fn fill(desk: &Desk) {
    let about = periodic("2026-10", "2026-10-01", "2026-10-31", None);
    desk.write_plan_text(&city_officer(), &about, "directions", 0, "Tỷ lệ {I1}", "text-fill-1").await.unwrap();
}

#[tokio::test]
async fn the_text_of_a_periodic_report_is_written_in_versions_and_closed_with_the_period() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (city, staff) = (city_officer(), commune_staff(HA_DONG));
        let whole = periodic("2026-09", "2026-09-01", "2026-09-30", None);
        let own = periodic("2026-09", "2026-09-01", "2026-09-30", Some(&staff.unit));
        let first = desk.write_plan_text(&city, &whole, "directions", 0, " Một. ", "text-0001").await.unwrap();
        assert_eq!((first.version, first.text.as_str()), (1, "Một."));
        let again = desk.write_plan_text(&city, &whole, "directions", 0, "khác", "text-0001").await.unwrap();
        assert_eq!(again, first, "the same form again");
        let stale = desk.write_plan_text(&city, &whole, "directions", 0, "Hai.", "text-0002").await;
        assert_eq!(refused(stale), ReportRefusal::Stale);
        desk.write_plan_text(&city, &whole, "directions", 1, "Hai.", "text-0003").await.unwrap();
        desk.write_plan_text(&city, &whole, "opening", 0, "", "text-0004").await.unwrap();
        desk.write_plan_text(&staff, &own, "directions", 0, "Của phường.", "text-0005").await.unwrap();
        let texts = |report: PlanReport, scope: Scope| {
            let desk = &desk;
            async move {
                let texts = desk.plan_texts(&scope, &report).await.unwrap();
                texts.into_iter().map(|one| (one.section, one.version, one.text)).collect::<Vec<_>>()
            }
        };
        let said = |section: &str, version, text: &str| (section.to_owned(), version, text.to_owned());
        let expected = [said("directions", 1, "Một."), said("directions", 2, "Hai."), said("opening", 1, "")];
        assert_eq!(texts(whole.clone(), city.clone()).await, expected, "every version stays");
        assert_eq!(texts(own.clone(), city.clone()).await, [said("directions", 1, "Của phường.")], "the city reads all");
        // A commune sees its own alone, and writes neither the city's nor another's.
        assert_eq!(texts(whole.clone(), staff.clone()).await, []);
        assert_eq!(texts(own.clone(), commune_staff(HOAN_KIEM)).await, []);
        let above = desk.write_plan_text(&staff, &whole, "directions", 2, "x", "text-0006").await;
        assert_eq!(above, Err(DeskError::Forbidden { permission: Permission::ConfirmTasks }));
        let foreign = desk.write_plan_text(&commune_staff(HOAN_KIEM), &own, "directions", 1, "x", "text-0007").await;
        assert_eq!(refused(foreign), ReportRefusal::NotYourUnit);
        for sql in ["DELETE FROM plan_report_text", "UPDATE plan_report_text SET text = 'x'"] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        // The quarter closes over the month, and the month's report with it; October goes on.
        desk.lock_plan_period(&city, &lock("2026-Q3", "2026-07-01", "2026-09-30"), day("2026-11-02")).await.unwrap();
        let late = desk.write_plan_text(&city, &whole, "directions", 2, "Ba.", "text-0008").await;
        assert_eq!(refused(late), ReportRefusal::Locked);
        assert!(desk.is_plan_report_locked(&city, &whole).await.unwrap());
        let october = periodic("2026-10", "2026-10-01", "2026-10-31", None);
        assert!(!desk.is_plan_report_locked(&city, &october).await.unwrap());
        desk.write_plan_text(&city, &october, "directions", 0, "Mới.", "text-0009").await.unwrap();
        place.remove(desk).await;
    }
}
