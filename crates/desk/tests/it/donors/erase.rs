//! A fund that ended forgets whom it paid for, by decision alone.

use super::*;

#[tokio::test]
async fn a_fund_that_ended_forgets_whom_it_paid_for_and_keeps_money_and_counts() {
    const DECISION: Option<&str> = Some("Quyết định 15/QĐ-BHXH");
    for place in Place::all().await {
        let desk = place.open().await;
        let (front, staff, other, system) = (front(), commune_staff(HA_DONG), commune_staff(HOAN_KIEM), Scope::system());
        let ended = received(&desk, &front, "ended", 9_000_000).await;
        let open = received(&desk, &front, "open", 9_000_000).await;
        let choose = async |scope: &Scope, new: NewChoice| desk.choose_for_fund(scope, &new, today()).await.unwrap();
        // Person 1 twice in one fund, and in another one; person 2 dropped.
        let one = choose(&staff, choice(&ended, 1, HA_DONG, "2026-09", 1)).await;
        let again = choose(&staff, choice(&ended, 1, HA_DONG, "2026-10", 1)).await;
        let two = choose(&other, choice(&ended, 2, HOAN_KIEM, "2026-10", 1)).await;
        let kept = choose(&staff, choice(&open, 1, HA_DONG, "2026-11", 3)).await;
        for (n, paid) in [&one, &again].into_iter().enumerate() {
            desk.pay_from_fund(&staff, &payment(paid, 100_000, &format!("pay-ended-{n}")), today()).await.unwrap();
        }
        desk.drop_choice(&other, &two.id, "Chị Lan nói đã có thẻ").await.unwrap();
        let before = day("2026-11-01");
        let erase = async |scope: &Scope, at: i64, decision| desk.erase_donor_people(scope, before, at, decision).await;
        let now = crate::retention::now(&desk).await;
        assert_eq!(erase(&system, now, DECISION).await.unwrap().funds, 0, "both funds still run");
        desk.close_fund(&front, &ended.id, day("2026-10-30"), "Đã chi hết").await.unwrap();
        assert_eq!(erase(&staff, now, DECISION).await, Err(DeskError::Forbidden { permission: Permission::AnswerRequests }));
        assert!(matches!(erase(&system, i64::MAX, DECISION).await, Err(DeskError::Invalid { field: "before", .. })));
        assert!(matches!(erase(&system, now, Some(" ")).await, Err(DeskError::Invalid { field: "decision", .. })));
        assert_eq!(erase(&system, 0, DECISION).await.unwrap().funds, 0, "somebody was chosen since");
        let early = desk.erase_donor_people(&system, day("2026-10-31"), now, DECISION).await.unwrap();
        assert_eq!(early.funds, 0, "the month of October is not over");
        let counted = erase(&system, now, None).await.unwrap();
        assert_eq!((counted.funds, counted.choices, counted.people), (1, 3, 2));
        assert_eq!(desk.choices_of_person(&staff, 1).await.unwrap().len(), 3, "only counted");
        for sql in ["UPDATE donor_choice SET person = -9", "UPDATE donor_month SET person = -9"] {
            assert!(place.raw(sql).await.is_err(), "{sql}: nobody may without a decision");
        }
        let thanks = desk.fund_thanks(&front, &ended.id).await.unwrap();

        assert_eq!(erase(&system, now, DECISION).await, Ok(counted));
        let left = desk.choices_of_person(&staff, 1).await.unwrap();
        assert_eq!(left.iter().map(|choice| &choice.id).collect::<Vec<_>>(), [&kept.id], "another fund runs on");
        let (standing, _, people) = desk.fund(&staff, &ended.id).await.unwrap();
        let people = people.unwrap();
        assert_eq!(standing.paid, Dong::new(200_000));
        assert!(people.len() == 2 && people.iter().all(|choice| choice.person.is_none() && choice.payment.is_some()));
        assert_eq!(place.number("SELECT count(*) FROM donor_month WHERE person < 0").await, 3);
        assert_eq!(
            place.number("SELECT count(DISTINCT person) FROM donor_choice WHERE person < 0").await,
            2,
            "counted once each"
        );
        assert_eq!(place.number("SELECT count(*) FROM donor_choice WHERE drop_reason LIKE '%Lan%'").await, 0);
        assert_eq!(desk.fund_thanks(&front, &ended.id).await, Ok(thanks), "thanks say what they said");
        let cancelled = desk.cancel_payment(&staff, &one.id, &people[0].payment.as_ref().unwrap().id, "x").await;
        assert_eq!(refused(cancelled), PlanRefusal::WrongState, "what nobody can be asked about stays as it is");
        assert_eq!(erase(&system, now, DECISION).await.unwrap().funds, 0, "there is nothing left");
        for sql in [
            "UPDATE donor_choice SET person = 7 WHERE person < 0",
            "UPDATE donor_month SET person = 7 WHERE person < 0",
            "UPDATE donor_payment SET dong = 1, cancel_reason = ''",
            "DELETE FROM donor_erasure",
            "UPDATE donor_erasure SET decision = 'khác'",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(desk).await;
    }
}
