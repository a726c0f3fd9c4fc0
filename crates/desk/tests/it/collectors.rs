//! Collectors: cards, trainings, complaints, lists that expire; who sees whom; and counts that are those of the rows.

use base::{Actor, Area, Purpose, Role, Scope};
use desk::{
    CaseQuery, Change, CollectorRefusal, ComplaintKind, Desk, DeskError, NewCard, NewCollector, NewComplaint, NewList,
    NewTraining, Outcome, Permission, Queue, To, Unit, UnitKind, Verdict,
};

use crate::cases::{allowed, base_officer, day, poor, put_users, today, wage};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff, communes};

/// Somebody of a collection organisation.
fn of_organisation(unit: &str) -> Scope {
    Scope {
        actor: Actor(format!("u-{unit}")),
        unit: unit.into(),
        area: communes(&[]),
        role: Role::Collector,
        purpose: Purpose::Operation,
        acting_for: None,
    }
}

fn card(number: &str, area: &[&str]) -> NewCard {
    NewCard {
        number: number.into(),
        area: area.iter().map(|text| code(text)).collect(),
        first_day: day("2026-01-01"),
        last_day: day("2026-12-31"),
        client_tx: format!("card-{number}"),
    }
}

fn collector(organisation: &str, code: &str, area: &[&str]) -> NewCollector {
    NewCollector {
        organisation: organisation.into(),
        point: format!("BD-{organisation}"),
        code: code.into(),
        holder: format!("Người thu {code}"),
        card: card(&format!("{organisation}-{code}"), area),
    }
}

fn list(collector: &str, query: CaseQuery, n: usize) -> NewList {
    NewList {
        collector: collector.into(),
        query,
        rules: [crate::cases::POOR.to_owned()].into(),
        campaign: "Vận động tháng 11".into(),
        last_day: day("2026-11-30"),
        client_tx: format!("list-{n:06}"),
    }
}

fn open() -> CaseQuery {
    CaseQuery::of(Queue::Open, today())
}

async fn put_organisations(desk: &Desk) {
    for (id, kind) in [("thu-a", UnitKind::CollectionOrganisation), ("thu-b", UnitKind::PostOffice)] {
        desk.put_unit(&Scope::system(), &Unit { id: id.into(), name: id.into(), kind, parent: None }).await.unwrap();
    }
}

fn refused<T: std::fmt::Debug>(answer: Result<T, DeskError>, why: CollectorRefusal) {
    assert_eq!(answer.unwrap_err(), DeskError::CollectorRefused { why });
}

/// Hands the case of somebody of Hà Đông to a collector of `thu-a`; gives the list.
pub async fn handed(desk: &Desk, subject: i64) -> desk::CollectorList {
    put_organisations(desk).await;
    let city = city_officer();
    let made = desk.add_collector(&city, collector("thu-a", "NV7", &[HA_DONG])).await.unwrap();
    desk.open_cases(&city, vec![poor(subject, HA_DONG)], &To::Unit, "form-handed-1").await.unwrap();
    desk.hand_over(&city, list(&made.id, open(), 777)).await.unwrap()
}

/// What a file of a list says on a day of these tests: how many people it holds, and how many cases are kept off it.
pub async fn file_of(desk: &Desk, list: &desk::CollectorList) -> (usize, i64) {
    let (list, cases) = desk.handed_cases(&city_officer(), &list.id, today()).await.unwrap();
    (cases.len(), list.restricted)
}

/// Hands the open cases of a rule of communes to another collector of `thu-a`.
pub async fn handed_again(desk: &Desk) -> Result<desk::CollectorList, DeskError> {
    let city = city_officer();
    let made = desk.add_collector(&city, collector("thu-a", "NV8", &[HA_DONG])).await.unwrap();
    desk.hand_over(&city, list(&made.id, open(), 778)).await
}

/// A row in every table of collectors.
pub async fn fill(desk: &Desk) {
    put_organisations(desk).await;
    let city = city_officer();
    let made = desk.add_collector(&city, collector("thu-a", "NV9", &[HA_DONG, HOAN_KIEM])).await.unwrap();
    let old = desk.give_card(&city, &made.id, card("thu-a-old", &[HA_DONG])).await.unwrap();
    desk.withdraw_card(&city, &old.id, day("2026-11-01"), "Mất thẻ").await.unwrap();
    let training = NewTraining {
        held_on: day("2026-03-01"),
        subject: "Luật BHXH 2024".into(),
        certificate_until: Some(day("2027-02-28")),
        attended: [made.id.clone()].into(),
        client_tx: "training-fill".into(),
    };
    desk.record_training(&city, training).await.unwrap();
    let complaint = NewComplaint {
        collector: made.id.clone(),
        kind: ComplaintKind::Late,
        words: "Thẻ về chậm".into(),
        received_on: day("2026-10-01"),
        due: day("2026-10-15"),
        client_tx: "complaint-fill".into(),
    };
    let known = desk.record_complaint(&city, complaint).await.unwrap();
    desk.resolve_complaint(&city, &known.id, Verdict::Partly, day("2026-10-10"), "Đã trả thẻ").await.unwrap();
    desk.open_cases(&city, vec![poor(900, HA_DONG)], &To::Unit, "form-fill-900").await.unwrap();
    desk.hand_over(&city, list(&made.id, open(), 999)).await.unwrap();
}

#[tokio::test]
async fn a_card_holds_for_its_days_until_it_is_withdrawn() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_organisations(&desk).await;
        let city = city_officer();
        let made = desk.add_collector(&city, collector("thu-a", "NV1", &[HA_DONG])).await.unwrap();
        assert_eq!(desk.add_collector(&city, collector("thu-a", "NV1", &[HA_DONG])).await.unwrap(), made, "sent twice");
        let mut reused = collector("thu-a", "NV1", &[HA_DONG]);
        reused.holder = "Người khác".into();
        assert_eq!(desk.add_collector(&city, reused).await, Err(DeskError::ClientTxReused));
        let mut same_code = collector("thu-a", "NV1", &[HA_DONG]);
        same_code.card = card("another", &[HA_DONG]);
        refused(desk.add_collector(&city, same_code).await, CollectorRefusal::Taken);
        let mut same_number = collector("thu-a", "NV2", &[HA_DONG]);
        same_number.card.number = "thu-a-NV1".into();
        refused(desk.add_collector(&city, same_number).await, CollectorRefusal::Taken);

        let valid = |text: &str| made.valid_card(day(text)).is_some();
        assert!(!valid("2025-12-31") && valid("2026-01-01") && valid("2026-12-31") && !valid("2027-01-01"));
        let withdrawn = desk.withdraw_card(&city, &made.cards[0].id, day("2026-06-01"), "Thu sai quy định").await.unwrap();
        assert!(withdrawn.is_valid(day("2026-05-31")) && !withdrawn.is_valid(day("2026-06-01")));
        let again = desk.withdraw_card(&city, &made.cards[0].id, day("2026-06-01"), "Thu sai quy định").await;
        assert_eq!(again.unwrap(), withdrawn, "sent twice");
        let other = desk.withdraw_card(&city, &made.cards[0].id, day("2026-07-01"), "Lý do khác").await;
        refused(other, CollectorRefusal::Withdrawn);
        let next = NewCard { first_day: day("2026-07-01"), ..card("thu-a-NV1-2", &[HA_DONG, HOAN_KIEM]) };
        desk.give_card(&city, &made.id, next).await.unwrap();
        let now = desk.collector(&city, &made.id).await.unwrap();
        assert_eq!((now.cards.len(), now.valid_card(day("2026-06-15")), now.is_trained(today())), (2, None, false));
        assert_eq!(now.valid_card(today()).map(|card| card.number.as_str()), Some("thu-a-NV1-2"));
        assert!(desk.verify_audit().await.unwrap().is_whole());
        for sql in [
            "UPDATE collector_card SET last_day = '2099-12-31'",
            "UPDATE collector_card SET withdrawn_on = NULL, withdrawn_by = NULL, withdrawn_at = NULL, withdraw_reason = NULL",
            "DELETE FROM collector_card",
            "UPDATE collector SET holder = 'x'",
            "DELETE FROM collector",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn everybody_sees_the_collectors_of_their_area_and_an_organisation_its_own() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_organisations(&desk).await;
        let city = city_officer();
        let one = desk.add_collector(&city, collector("thu-a", "NV1", &[HA_DONG])).await.unwrap();
        let two = desk.add_collector(&city, collector("thu-b", "NV2", &[HOAN_KIEM])).await.unwrap();
        let base = Scope { area: communes(&[HA_DONG]), ..base_officer() };
        let seen = async |scope: &Scope| -> Vec<String> {
            desk.collectors(scope, None).await.unwrap().into_iter().map(|collector| collector.code).collect()
        };
        assert_eq!(seen(&city).await, ["NV1", "NV2"]);
        assert_eq!(seen(&base).await, ["NV1"]);
        assert_eq!(seen(&of_organisation("thu-b")).await, ["NV2"]);
        assert_eq!(seen(&of_organisation("thu-c")).await, [""; 0]);
        assert_eq!(desk.collector(&base, &two.id).await, Err(DeskError::NotFound { kind: "collector" }));
        assert_eq!(desk.collector(&of_organisation("thu-a"), &two.id).await, Err(DeskError::NotFound { kind: "collector" }));
        // A commune, an administrator: not theirs. An organisation writes nothing.
        let forbidden = |permission| Err(DeskError::Forbidden { permission });
        let admin = Scope { role: Role::Administrator, area: Area::City, ..city_officer() };
        for scope in [commune_staff(HA_DONG), admin] {
            assert_eq!(desk.collectors(&scope, None).await, forbidden(Permission::ViewCollectors));
        }
        let own = of_organisation("thu-a");
        let made = desk.add_collector(&own, collector("thu-a", "NV3", &[HA_DONG])).await;
        assert_eq!(made.map(drop), Err(DeskError::Forbidden { permission: Permission::ManageCollectors }));
        let gone = desk.withdraw_card(&own, &one.cards[0].id, today(), "thử").await;
        assert_eq!(gone.map(drop), Err(DeskError::Forbidden { permission: Permission::ManageCollectors }));
        // A base office gives no card beyond its area, nor takes one that reaches beyond it.
        let wide = desk.add_collector(&base, collector("thu-a", "NV4", &[HA_DONG, HOAN_KIEM])).await;
        refused(wide, CollectorRefusal::OutsideArea);
        let both = desk.give_card(&city, &one.id, card("both", &[HA_DONG, HOAN_KIEM])).await.unwrap();
        refused(desk.withdraw_card(&base, &both.id, today(), "thử").await, CollectorRefusal::OutsideArea);
        desk.add_collector(&base, collector("thu-a", "NV5", &[HA_DONG])).await.unwrap();
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn an_organisation_does_not_read_who_complained() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_organisations(&desk).await;
        let city = city_officer();
        let made = desk.add_collector(&city, collector("thu-a", "NV1", &[HA_DONG])).await.unwrap();
        let new = NewComplaint {
            collector: made.id.clone(),
            kind: ComplaintKind::Money,
            words: "Bà Lan ở tổ 3 nói thu không có biên lai".into(),
            received_on: day("2026-11-01"),
            due: day("2026-11-15"),
            client_tx: "complaint-1".into(),
        };
        let known = desk.record_complaint(&city, new.clone()).await.unwrap();
        assert_eq!(desk.record_complaint(&city, new.clone()).await.unwrap(), known, "sent twice");
        let early = NewComplaint { due: day("2026-10-31"), client_tx: "complaint-2".into(), ..new };
        assert!(matches!(desk.record_complaint(&city, early).await, Err(DeskError::Invalid { field: "due", .. })));
        let own = desk.complaints(&of_organisation("thu-a"), None).await.unwrap();
        assert_eq!((own.len(), &own[0].words, own[0].kind), (1, &None, ComplaintKind::Money));
        assert_eq!(desk.complaints(&of_organisation("thu-b"), None).await.unwrap(), []);
        let done = desk.resolve_complaint(&city, &known.id, Verdict::Upheld, day("2026-11-10"), "Đã trả biên lai").await.unwrap();
        assert!(done.resolved.unwrap().0.is_upheld());
        let again = desk.resolve_complaint(&city, &known.id, Verdict::NotUpheld, day("2026-11-11"), "Xem lại").await;
        refused(again, CollectorRefusal::Resolved);
        let own = desk.complaints(&of_organisation("thu-a"), None).await.unwrap();
        assert_eq!((&own[0].resolution, own[0].resolved), (&None, Some((Verdict::Upheld, day("2026-11-10")))));
        assert!(place.raw("UPDATE collector_complaint SET words = 'x'").await.is_err());
        assert!(place.raw("DELETE FROM collector_complaint").await.is_err());
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn without_a_card_that_holds_no_list_is_made_and_none_leaves() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_organisations(&desk).await;
        put_users(&desk).await;
        let city = city_officer();
        let made = desk.add_collector(&city, collector("thu-a", "NV1", &[HA_DONG])).await.unwrap();
        let new = vec![poor(1, HA_DONG), poor(2, HA_DONG), poor(3, HOAN_KIEM), wage(4, HA_DONG)];
        desk.open_cases(&city, new, &To::Unit, "form-open-1").await.unwrap();
        // Beyond the validity of the card, before today.
        for last in ["2027-01-01", "2026-11-01"] {
            let new = NewList { last_day: day(last), ..list(&made.id, open(), 1) };
            assert!(matches!(desk.hand_over(&city, new).await, Err(DeskError::Invalid { field: "last_day", .. })), "{last}");
        }
        let given = desk.hand_over(&city, list(&made.id, open(), 1)).await.unwrap();
        // Neither the commune outside the card nor the findings about an employee.
        assert_eq!((given.cases, given.left_out), (2, 2));
        assert_eq!(desk.hand_over(&city, list(&made.id, open(), 1)).await.unwrap(), given, "sent twice");
        refused(desk.hand_over(&city, list(&made.id, open(), 2)).await, CollectorRefusal::NothingToHand);
        let (_, rows) = desk.handed_cases(&city, &given.id, today()).await.unwrap();
        let subjects: std::collections::BTreeSet<i64> = rows.iter().map(|case| case.subject).collect();
        assert_eq!(subjects, [1, 2].into());
        refused(desk.handed_cases(&city, &given.id, day("2026-12-01")).await, CollectorRefusal::ListOver);
        let own = desk.handed_cases(&of_organisation("thu-a"), &given.id, today()).await;
        assert_eq!(own.map(drop), Err(DeskError::Forbidden { permission: Permission::ManageCollectors }));
        let other = Scope { area: communes(&[HOAN_KIEM]), ..base_officer() };
        let hidden = desk.handed_cases(&other, &given.id, today()).await;
        assert_eq!(hidden.map(drop), Err(DeskError::NotFound { kind: "collector_list" }));
        desk.withdraw_card(&city, &made.cards[0].id, today(), "Thu hồi").await.unwrap();
        refused(desk.handed_cases(&city, &given.id, today()).await, CollectorRefusal::NoValidCard);
        refused(desk.hand_over(&city, list(&made.id, open(), 3)).await, CollectorRefusal::NoValidCard);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn counts_are_those_of_the_rows_and_a_case_counts_once() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_organisations(&desk).await;
        put_users(&desk).await;
        let city = city_officer();
        let one = desk.add_collector(&city, collector("thu-a", "NV1", &[HA_DONG])).await.unwrap();
        let two = desk.add_collector(&city, collector("thu-a", "NV2", &[HA_DONG, HOAN_KIEM])).await.unwrap();
        let new = (1..=5).map(|n| poor(n, HA_DONG)).chain([poor(6, HOAN_KIEM)]).collect();
        let opened = desk.open_cases(&city, new, &To::Me, "form-open-1").await.unwrap();
        let short = NewList { last_day: today(), ..list(&one.id, open(), 1) };
        assert_eq!(desk.hand_over(&city, short).await.unwrap().cases, 5);
        let case = |subject: i64| opened.cases.iter().find(|case| case.subject == subject).unwrap();
        let close = async |subject: i64, outcome: Outcome| {
            let day = outcome.needs_day().then(|| day("2026-12-15"));
            let change = Change::Outcome { outcome, day, reason: "Đã gặp tại nhà".into() };
            let form = format!("form-close-{subject}");
            desk.change_case(&city, &case(subject).id, 1, &change, &allowed(), today(), &form).await.unwrap();
        };
        close(1, Outcome::Joined).await;
        close(2, Outcome::JoinsOnDate).await;
        close(3, Outcome::Refused).await;
        // The first list is over; what is still open goes to the other one.
        let tomorrow = CaseQuery::of(Queue::Open, day("2026-11-03"));
        assert_eq!(desk.hand_over(&city, list(&two.id, tomorrow, 2)).await.unwrap().cases, 3);
        close(4, Outcome::Joined).await;
        let told = |all: &std::collections::BTreeMap<String, desk::CollectorOutcomes>, id: &str| {
            let of = &all[id];
            (of.handed(), of.open, of.decided(), of.conversions())
        };
        let all = desk.collector_outcomes(&city).await.unwrap();
        assert_eq!((told(&all, &one.id), told(&all, &two.id)), ((3, 0, 3, 2), (3, 2, 1, 1)));
        for collector in [&one, &two] {
            let rows = desk.collector_cases(&city, &collector.id).await.unwrap();
            let joined = rows.iter().filter(|case| case.outcome.is_some_and(Outcome::is_conversion)).count() as i64;
            assert_eq!((rows.len() as i64, joined), (all[&collector.id].handed(), all[&collector.id].conversions()));
        }
        // The organisation counts the same without seeing a row; a base office what lies in its area, rows and counts alike.
        let own = of_organisation("thu-a");
        assert_eq!(desk.collector_outcomes(&own).await.unwrap(), all);
        assert!(matches!(desk.collector_cases(&own, &one.id).await, Err(DeskError::Forbidden { .. })));
        assert_eq!(desk.collector_outcomes(&of_organisation("thu-b")).await.unwrap().len(), 0);
        let base = Scope { area: communes(&[HOAN_KIEM]), ..base_officer() };
        let seen = desk.collector_outcomes(&base).await.unwrap();
        assert_eq!(told(&seen, &two.id), (1, 1, 0, 0));
        assert_eq!(desk.collector_cases(&base, &two.id).await.unwrap().len(), 1);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn trainings_say_who_was_there_and_until_when_it_holds() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_organisations(&desk).await;
        let city = city_officer();
        let one = desk.add_collector(&city, collector("thu-a", "NV1", &[HA_DONG])).await.unwrap();
        let two = desk.add_collector(&city, collector("thu-b", "NV2", &[HA_DONG])).await.unwrap();
        let new = NewTraining {
            held_on: day("2026-05-04"),
            subject: "Kỹ năng tư vấn".into(),
            certificate_until: Some(day("2026-11-02")),
            attended: [one.id.clone(), two.id.clone()].into(),
            client_tx: "training-1".into(),
        };
        let made = desk.record_training(&city, new.clone()).await.unwrap();
        assert_eq!(desk.record_training(&city, new.clone()).await.unwrap(), made, "sent twice");
        let nobody = NewTraining { attended: Default::default(), client_tx: "training-2".into(), ..new.clone() };
        assert!(matches!(desk.record_training(&city, nobody).await, Err(DeskError::Invalid { field: "attended", .. })));
        let unknown = NewTraining { attended: ["x".into()].into(), client_tx: "training-3".into(), ..new };
        assert_eq!(desk.record_training(&city, unknown).await, Err(DeskError::NotFound { kind: "collector" }));
        let known = desk.collector(&city, &one.id).await.unwrap();
        assert!(known.is_trained(today()) && !known.is_trained(day("2026-11-03")));
        let own = desk.trainings(&of_organisation("thu-b"), None).await.unwrap();
        assert_eq!(own[0].attended, [two.id].into(), "of the others nothing is told");
        assert_eq!(desk.trainings(&city, Some("thu-a")).await.unwrap()[0].attended, [one.id].into());
        place.remove(desk).await;
    }
}
