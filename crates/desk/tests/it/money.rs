//! Money of tasks: one's own unit writes it, a correction is a new version with its reason.

use base::{Date, Dong, Role, Scope};
use desk::{Desk, DeskError, MoneySource, NewLock, NewTaskMoney, Permission, PlanRefusal, TaskMoney};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, commune_staff};

const PLAN: &str = "hanoi-2026-2030";

fn money(task: &str, source: MoneySource, after: i64, planned: i64, spent: i64, form: &str) -> NewTaskMoney {
    NewTaskMoney {
        plan: PLAN.into(),
        task: task.into(),
        year: 2026,
        source,
        after,
        planned: Dong::new(planned),
        spent: Dong::new(spent),
        reason: None,
        client_tx: form.into(),
    }
}

fn refused(answer: Result<TaskMoney, DeskError>) -> PlanRefusal {
    match answer {
        Err(DeskError::PlanRefused { why }) => why,
        other => panic!("not refused: {other:?}"),
    }
}

/// A row in the table of money.
pub async fn fill(desk: &Desk) {
    let new = money("3a", MoneySource::CityBudget, 0, 500_000_000, 120_000_000, "money-fill");
    desk.put_task_money(&city_officer(), &new).await.unwrap();
}

#[tokio::test]
async fn a_correction_is_a_new_version_with_its_reason() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        let put = async |new: &NewTaskMoney| desk.put_task_money(&city, new).await;
        let first = money("3a", MoneySource::CityBudget, 0, 500_000_000, 0, "money-0001");
        let made = put(&first).await.unwrap();
        assert_eq!((made.version, put(&first).await), (1, Ok(made.clone())), "sent twice");
        let reused = money("3a", MoneySource::CityBudget, 0, 1, 0, "money-0001");
        assert_eq!(put(&reused).await, Err(DeskError::ClientTxReused));
        assert_eq!(refused(put(&money("3a", MoneySource::CityBudget, 0, 1, 0, "money-0002")).await), PlanRefusal::Stale);
        let silent = put(&money("3a", MoneySource::CityBudget, 1, 500_000_000, 90_000_000, "money-0003")).await;
        assert!(matches!(silent, Err(DeskError::Invalid { field: "reason", .. })), "{silent:?}");
        let told = NewTaskMoney {
            reason: Some("Quyết toán quý III".into()),
            ..money("3a", MoneySource::CityBudget, 1, 500_000_000, 90_000_000, "money-0004")
        };
        assert_eq!(put(&told).await.unwrap().version, 2);
        put(&money("3a", MoneySource::Insurance, 0, 0, 7_000_000, "money-0005")).await.unwrap();
        let minus = put(&money("3b", MoneySource::Other, 0, -1, 0, "money-0006")).await;
        assert!(matches!(minus, Err(DeskError::Invalid { field: "planned", .. })), "{minus:?}");
        let now = desk.task_money(&city, PLAN, 2026).await.unwrap();
        let told: Vec<_> = now.iter().map(|one| (one.source, one.version, one.planned.get(), one.spent.get())).collect();
        assert_eq!(told, [(MoneySource::CityBudget, 2, 500_000_000, 90_000_000), (MoneySource::Insurance, 1, 0, 7_000_000)]);
        assert_eq!(desk.task_money_history(&city, PLAN, 2026).await.unwrap().len(), 3);
        assert_eq!(desk.task_money(&city, PLAN, 2027).await.unwrap(), []);
        for sql in ["DELETE FROM task_money", "UPDATE task_money SET spent = 0"] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_unit_writes_its_own_and_a_closed_year_takes_no_more() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (city, ha_dong, hoan_kiem) = (city_officer(), commune_staff(HA_DONG), commune_staff(HOAN_KIEM));
        let own = money("3c", MoneySource::CommuneBudget, 0, 40_000_000, 0, "money-0001");
        desk.put_task_money(&ha_dong, &own).await.unwrap();
        let other = NewTaskMoney { client_tx: "money-0002".into(), ..own.clone() };
        desk.put_task_money(&hoan_kiem, &other).await.unwrap();
        let seen = async |scope: &Scope| desk.task_money(scope, PLAN, 2026).await.unwrap().len();
        assert_eq!((seen(&ha_dong).await, seen(&hoan_kiem).await, seen(&city).await), (1, 1, 2));
        let oversight = Scope { role: Role::Oversight, ..city.clone() };
        let written = desk.put_task_money(&oversight, &money("3c", MoneySource::Other, 0, 1, 1, "money-0003")).await;
        assert_eq!(written, Err(DeskError::Forbidden { permission: Permission::ReportTasks }));
        let (first_day, last_day) = ("2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap());
        let lock = NewLock { plan: PLAN.into(), period: "2026".into(), first_day, last_day, run: None };
        desk.lock_plan_period(&city, &lock, Date::new(2027, 2, 1).unwrap()).await.unwrap();
        let late = money("3c", MoneySource::Other, 0, 1, 1, "money-0004");
        assert_eq!(refused(desk.put_task_money(&ha_dong, &late).await), PlanRefusal::Locked);
        place.remove(desk).await;
    }
}
