//! Targets are replaced with a reason, and stay readable.

use base::Scope;
use desk::{DeskError, NewTarget, Permission};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff};

fn target(n: usize, commune: Option<&str>, value: &str) -> NewTarget {
    NewTarget {
        indicator: "bhyt-coverage".into(),
        commune: commune.map(code),
        year: 2026,
        value: value.parse().unwrap(),
        source: "UBND thành phố Hà Nội".into(),
        document: Some("Kế hoạch thực hiện Chỉ thị 06".into()),
        reason: None,
        client_tx: format!("target-{n:04}"),
    }
}

#[tokio::test]
async fn a_target_is_replaced_with_a_reason_and_the_old_one_stays() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        let first = desk.set_target(&city, target(1, None, "0.955")).await.unwrap();
        assert_eq!(desk.set_target(&city, target(1, None, "0.955")).await.unwrap(), first, "the same form again");
        assert_eq!(desk.set_target(&city, target(1, None, "0.96")).await, Err(DeskError::ClientTxReused));
        let silent = desk.set_target(&city, target(2, None, "0.96")).await;
        assert!(matches!(silent, Err(DeskError::Invalid { field: "reason", .. })), "{silent:?}");

        let change = NewTarget { reason: Some("Điều chỉnh giữa năm".into()), ..target(2, None, "0.96") };
        let second = desk.set_target(&city, change).await.unwrap();
        assert_eq!((second.version, second.supersedes.as_ref()), (2, Some(&first.id)));
        assert_eq!(desk.targets(&city, 2026).await.unwrap(), std::slice::from_ref(&second));
        assert_eq!(desk.targets(&city, 2027).await.unwrap(), []);
        assert_eq!(desk.target_history(&city, "bhyt-coverage", None, 2026).await.unwrap(), [first, second.clone()]);
        assert_eq!(second.value.to_string(), "0.96");
        assert_eq!(desk.verify_audit().await.unwrap().events, 2);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn communes_see_the_citys_targets_and_their_own() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        for (n, commune) in [None, Some(HA_DONG), Some(HOAN_KIEM)].into_iter().enumerate() {
            desk.set_target(&city, target(n, commune, "0.95")).await.unwrap();
        }
        let seen = async |scope: &Scope| -> Vec<Option<String>> {
            let targets = desk.targets(scope, 2026).await.unwrap();
            targets.into_iter().map(|target| target.commune.map(|commune| commune.to_string())).collect()
        };
        assert_eq!(seen(&commune_staff(HA_DONG)).await, [None, Some(HA_DONG.into())]);
        assert_eq!(seen(&city).await, [None, Some(HOAN_KIEM.into()), Some(HA_DONG.into())]);
        let other = desk.target_history(&commune_staff(HA_DONG), "bhyt-coverage", Some(&code(HOAN_KIEM)), 2026).await;
        assert_eq!(other.unwrap(), []);
        let refused = desk.set_target(&commune_staff(HA_DONG), target(9, Some(HA_DONG), "0.9")).await;
        assert_eq!(refused, Err(DeskError::Forbidden { permission: Permission::SetTargets }));
        place.remove(desk).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_who_change_a_target_at_once_leave_one_line_of_versions() {
    for place in Place::all().await {
        let desk = place.open().await;
        let tasks = (0..8).map(|n| {
            let desk = desk.clone();
            let new = NewTarget { reason: Some("Cập nhật".into()), ..target(n, None, &format!("0.9{n}")) };
            tokio::spawn(async move { desk.set_target(&city_officer(), new).await })
        });
        let answers: Vec<_> = futures::future::join_all(tasks).await.into_iter().map(Result::unwrap).collect();
        let stored = answers.iter().filter(|answer| answer.is_ok()).count();
        assert!(
            answers.iter().flat_map(|answer| answer.as_ref().err()).all(|error| *error == DeskError::TargetChanged),
            "{answers:?}"
        );
        let history = desk.target_history(&city_officer(), "bhyt-coverage", None, 2026).await.unwrap();
        let versions: Vec<i64> = history.iter().map(|target| target.version).collect();
        assert_eq!(versions, (1..=stored as i64).collect::<Vec<_>>());
        assert_eq!(desk.targets(&city_officer(), 2026).await.unwrap().len(), 1);
        place.remove(desk).await;
    }
}
