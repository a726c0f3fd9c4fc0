//! Samples: the same draw for the same seed, what was found, an estimate.

use base::{Dong, Scope};
use desk::{DeskError, NewReviewSample, Permission, ReviewRefusal, draw_visits};

use super::{HOSPITAL, OTHER, auditor, refused, sample, staff};
use crate::support::{HOAN_KIEM, Place, city_officer, communes};

#[tokio::test]
async fn a_sample_is_drawn_by_its_seed_and_can_be_drawn_again() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let new = sample("giam-dinh-2026-10", 60);
        let made = desk.draw_review_sample(&officer, &new, "draw-0001").await.unwrap();
        assert_eq!(desk.draw_review_sample(&officer, &new, "draw-0001").await, Ok(made.clone()), "sent twice");
        assert_eq!((made.population, made.size, made.population_amount), (100, 60, Dong::new(5_050_000)));
        let (_, visits, estimate) = desk.review_sample(&officer, &made.id).await.unwrap();
        assert_eq!(estimate, None, "nothing was looked at");
        let all: Vec<i64> = (1..=100).collect();
        assert_eq!(visits.iter().map(|one| one.visit).collect::<Vec<_>>(), draw_visits("giam-dinh-2026-10", &all, 60));
        assert!(visits.iter().all(|one| one.amount == Dong::new(one.visit * 1_000) && one.error.is_none()));
        let other = desk.draw_review_sample(&officer, &sample("giam-dinh-2026-11", 60), "draw-0002").await.unwrap();
        let (_, others, _) = desk.review_sample(&officer, &other.id).await.unwrap();
        assert_ne!(others, visits);
        assert_eq!(other.population_hash, made.population_hash, "the same visits and amounts");

        let elsewhere = NewReviewSample { facility: OTHER.into(), ..sample("x", 5) };
        desk.draw_review_sample(&officer, &elsewhere, "draw-0003").await.unwrap();
        assert_eq!(desk.review_samples(&officer, None).await.unwrap().len(), 3);
        let own = desk.review_samples(&auditor(), Some(HOSPITAL)).await.unwrap();
        assert_eq!(own.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [other.id.as_str(), made.id.as_str()]);
        let far = Scope { area: communes(&[HOAN_KIEM]), ..auditor() };
        assert!(desk.review_samples(&far, None).await.unwrap().is_empty());
        let missing = desk.review_sample(&far, &made.id).await.map(drop);
        assert_eq!(missing, Err(DeskError::NotFound { kind: "review_sample" }));
        let facility = desk.review_sample(&staff(HOSPITAL), &made.id).await.map(drop);
        assert_eq!(facility, Err(DeskError::Forbidden { permission: Permission::ReviewClaims }));
        for (field, wrong) in [
            ("size", NewReviewSample { size: 101, ..new.clone() }),
            ("size", NewReviewSample { size: 0, ..new.clone() }),
            ("seed", NewReviewSample { seed: String::new(), ..new.clone() }),
            (
                "population",
                NewReviewSample { population: [new.population.clone(), new.population.clone()].concat(), ..new.clone() },
            ),
        ] {
            let answer = desk.draw_review_sample(&officer, &wrong, "draw-0004").await;
            assert!(matches!(&answer, Err(DeskError::Invalid { field: found, .. }) if *found == field), "{field}: {answer:?}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn what_was_found_gives_an_estimate_with_its_interval() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        // All hundred visits are drawn, so that what comes out is known: ten of them have an error of a tenth of their amount.
        let made = desk.draw_review_sample(&officer, &sample("all", 100), "found-0001").await.unwrap();
        let record = async |visit: i64, error: i64, form: &str| {
            desk.record_sample_visit(&officer, &made.id, visit, Dong::new(error), Some("Đã đối chiếu bệnh án"), form).await
        };
        let early = desk.close_review_sample(&officer, &made.id, "found-0002").await;
        assert!(matches!(early, Err(DeskError::Invalid { field: "visits", .. })), "{early:?}");
        assert_eq!(refused(record(5, 5_001, "found-0003").await), ReviewRefusal::AboveLimit);
        assert_eq!(record(101, 0, "found-0004").await, Err(DeskError::NotFound { kind: "sample_visit" }));
        for visit in 1..=100 {
            let error = if visit % 10 == 0 { visit * 100 } else { 0 };
            record(visit, error, &format!("found-{visit:06}")).await.unwrap();
        }
        record(7, 7, "found-0005").await.unwrap();
        record(7, 0, "found-0006").await.unwrap();
        let (_, _, estimate) = desk.review_sample(&officer, &made.id).await.unwrap();
        let estimate = estimate.unwrap();
        assert_eq!((estimate.checked, estimate.with_error), (100, 10));
        let told = [estimate.rate, estimate.low, estimate.high].map(|rate| rate.to_string());
        assert_eq!(told, ["0.100000", "0.055228", "0.174368"], "Wilson, 95 %, outwards");
        // 10 + 20 + … + 100 thousand, a tenth of it: 55,000 of 5,050,000 đồng.
        assert_eq!((estimate.error_amount, estimate.sample_amount), (Dong::new(55_000), Dong::new(5_050_000)));
        assert_eq!((estimate.amount_rate.to_string().as_str(), estimate.projected), ("0.01089108", Dong::new(55_000)));

        let closed = desk.close_review_sample(&officer, &made.id, "found-0007").await.unwrap();
        assert!(closed.closed_at.is_some());
        assert_eq!(desk.close_review_sample(&officer, &made.id, "found-0007").await, Ok(closed), "sent twice");
        assert_eq!(refused(record(7, 7, "found-0008").await), ReviewRefusal::WrongState);
        for sql in [
            "UPDATE review_sample_visit SET error = 1, checked_by = 'x', checked_at = 1",
            "UPDATE review_sample SET seed = 'x'",
            "DELETE FROM review_sample_visit",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}
