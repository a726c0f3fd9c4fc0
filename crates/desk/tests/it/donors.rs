//! Donors: money that came in covers what is paid, nobody has a month twice, nobody is thanked with names.

mod erase;

use base::{Actor, Date, Dong, Purpose, Role, Scope};
use desk::{
    Choice, Desk, DeskError, DonorKind, Fund, NewChoice, NewFund, NewPayment, NewReceipt, Permission, PlanRefusal, Scheme,
};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff};

const POOR: &str = "near-poor-without-card";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn today() -> Date {
    day("2026-10-31")
}

/// The Fatherland Front of the city: mobilises donors and sees no person.
fn front() -> Scope {
    Scope {
        actor: Actor("u-mttq".into()),
        unit: "mttq".into(),
        role: Role::PartnerOfficer,
        purpose: Purpose::Statistics,
        ..city_officer()
    }
}

fn fund(name: &str) -> NewFund {
    NewFund {
        name: name.into(),
        donor: "Công ty Cổ phần Mùa Xuân".into(),
        donor_kind: DonorKind::Organisation,
        anonymous: false,
        scheme: Scheme::HouseholdHealth,
        communes: [code(HA_DONG), code(HOAN_KIEM)].into(),
        reasons: [POOR.to_owned()].into(),
        months: 12,
        most: Dong::new(1_500_000),
        pledged: Dong::new(10_000_000),
        first_day: day("2026-09-01"),
        last_day: day("2026-12-31"),
        client_tx: format!("fund-form-{name}"),
    }
}

async fn received(desk: &Desk, scope: &Scope, name: &str, dong: i64) -> Fund {
    let made = desk.add_fund(scope, &fund(name)).await.unwrap();
    let receipt = NewReceipt {
        fund: made.id.clone(),
        dong: Dong::new(dong),
        number: "PT-001".into(),
        day: day("2026-09-15"),
        client_tx: format!("receipt-{name}"),
    };
    desk.receive_donation(scope, &receipt, today()).await.unwrap();
    made
}

fn choice(fund: &Fund, person: i64, commune: &str, first: &str, months: i64) -> NewChoice {
    NewChoice {
        fund: fund.id.clone(),
        person,
        commune: code(commune),
        reason: POOR.into(),
        first_month: first.parse().unwrap(),
        months,
        client_tx: format!("choice-{}-{person}-{first}", &fund.id[30..]),
    }
}

fn payment(choice: &Choice, dong: i64, form: &str) -> NewPayment {
    NewPayment {
        choice: choice.id.clone(),
        dong: Dong::new(dong),
        first_month: choice.first_month,
        months: choice.months,
        number: "BL 0012345".into(),
        day: day("2026-10-20"),
        client_tx: form.into(),
    }
}

fn refused<T: std::fmt::Debug>(answer: Result<T, DeskError>) -> PlanRefusal {
    match answer {
        Err(DeskError::PlanRefused { why }) => why,
        other => panic!("not refused: {other:?}"),
    }
}

/// A row in every table of donors.
pub async fn fill(desk: &Desk) {
    let made = received(desk, &front(), "fill", 5_000_000).await;
    let staff = commune_staff(HA_DONG);
    let chosen = desk.choose_for_fund(&staff, &choice(&made, 7, HA_DONG, "2026-10", 12), today()).await.unwrap();
    desk.pay_from_fund(&staff, &payment(&chosen, 1_263_600, "pay-fill-1"), today()).await.unwrap();
    let old = received(desk, &front(), "fill-old", 1_000_000).await;
    let chosen = desk.choose_for_fund(&staff, &choice(&old, 8, HA_DONG, "2026-10", 1), today()).await.unwrap();
    desk.drop_choice(&staff, &chosen.id, "Đã có thẻ").await.unwrap();
    desk.close_fund(&front(), &old.id, day("2026-10-31"), "Đã chi hết").await.unwrap();
    let now = crate::retention::now(desk).await;
    desk.erase_donor_people(&Scope::system(), day("2026-11-01"), now, Some("Quyết định 04")).await.unwrap();
}

#[tokio::test]
async fn a_fund_is_kept_by_its_unit_and_says_who_gave_unless_asked_not_to() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (front, staff, city) = (front(), commune_staff(HA_DONG), city_officer());
        let made = received(&desk, &front, "mua-xuan", 5_000_000).await;
        assert_eq!(desk.add_fund(&front, &fund("mua-xuan")).await, Ok(made.clone()), "sent twice");
        let named = NewFund { anonymous: true, client_tx: "fund-0001".into(), ..fund("b") };
        assert!(matches!(desk.add_fund(&front, &named).await, Err(DeskError::Invalid { field: "anonymous", .. })));
        let quiet = NewFund { donor: "Bà Trần Thị Hảo".into(), donor_kind: DonorKind::Individual, ..named };
        let quiet = desk.add_fund(&front, &quiet).await.unwrap();
        assert_eq!(quiet.donor.as_deref(), Some("Bà Trần Thị Hảo"), "who keeps the fund knows");
        let seen = async |scope: &Scope, id: &str| desk.fund(scope, id).await.unwrap().0.fund.donor;
        assert_eq!(seen(&city, &quiet.id).await, None);
        assert_eq!(seen(&staff, &made.id).await.as_deref(), Some("Công ty Cổ phần Mùa Xuân"));
        let wide = NewFund { communes: [code(HOAN_KIEM)].into(), client_tx: "fund-0002".into(), ..fund("c") };
        assert_eq!(refused(desk.add_fund(&staff, &wide).await), PlanRefusal::NotByRules, "a commune's fund is for that commune");
        let own = NewFund { communes: [].into(), client_tx: "fund-0003".into(), ..fund("d") };
        let own = desk.add_fund(&staff, &own).await.unwrap();
        assert_eq!(own.commune, Some(code(HA_DONG)));
        assert!(own.takes(&code(HA_DONG), POOR) && !own.takes(&code(HOAN_KIEM), POOR) && !own.takes(&code(HA_DONG), "khac"));
        let foreign = NewReceipt {
            fund: made.id.clone(),
            dong: Dong::new(1),
            number: "PT-9".into(),
            day: today(),
            client_tx: "receipt-0001".into(),
        };
        assert_eq!(refused(desk.receive_donation(&city, &foreign, today()).await), PlanRefusal::NotYours);
        let twice = NewReceipt { number: "PT-001".into(), ..foreign };
        assert_eq!(refused(desk.receive_donation(&front, &twice, today()).await), PlanRefusal::Taken, "one number, one receipt");
        let (standing, receipts, people) = desk.fund(&front, &made.id).await.unwrap();
        assert_eq!((standing.received, standing.paid, receipts.len()), (Dong::new(5_000_000), Dong::ZERO, 1));
        assert_eq!(people, None, "who works for statistics sees no people");
        desk.close_fund(&front, &made.id, day("2026-10-31"), "Đã chi hết").await.unwrap();
        let late = desk.choose_for_fund(&staff, &choice(&made, 1, HA_DONG, "2026-11", 1), today()).await;
        assert_eq!(refused(late), PlanRefusal::Closed);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_commune_chooses_its_own_people_within_the_rules_and_no_month_twice() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (front, staff, other) = (front(), commune_staff(HA_DONG), commune_staff(HOAN_KIEM));
        let first = received(&desk, &front, "a", 5_000_000).await;
        let second = received(&desk, &front, "b", 5_000_000).await;
        let choose = async |scope: &Scope, new: &NewChoice| desk.choose_for_fund(scope, new, today()).await;
        let forbidden = choose(&front, &choice(&first, 7, HA_DONG, "2026-10", 6)).await;
        assert_eq!(forbidden, Err(DeskError::Forbidden { permission: Permission::ListPeople }));
        assert_eq!(refused(choose(&other, &choice(&first, 7, HA_DONG, "2026-10", 6)).await), PlanRefusal::NotYours);
        assert_eq!(refused(choose(&city_officer(), &choice(&first, 7, HA_DONG, "2026-10", 6)).await), PlanRefusal::NotYours);
        let wrong = NewChoice { reason: "other-reason".into(), ..choice(&first, 7, HA_DONG, "2026-10", 6) };
        assert_eq!(refused(choose(&staff, &wrong).await), PlanRefusal::NotByRules);
        assert_eq!(refused(choose(&staff, &choice(&first, 7, HA_DONG, "2026-10", 13)).await), PlanRefusal::NotByRules);
        let new = choice(&first, 7, HA_DONG, "2026-10", 6);
        let chosen = choose(&staff, &new).await.unwrap();
        assert_eq!(choose(&staff, &new).await, Ok(chosen.clone()), "sent twice");
        assert_eq!(chosen.last_month().to_string(), "2027-03");
        // The last of six months is asked of another fund, by another commune: the person moved.
        let double = choice(&second, 7, HOAN_KIEM, "2027-03", 3);
        assert_eq!(refused(choose(&other, &double).await), PlanRefusal::PaidTwice);
        choose(&other, &choice(&second, 7, HOAN_KIEM, "2027-04", 3)).await.unwrap();
        assert_eq!(
            refused(choose(&staff, &choice(&first, 7, HA_DONG, "2027-07", 7)).await),
            PlanRefusal::NotByRules,
            "13 months"
        );
        let seen = |choices: Option<Vec<Choice>>| choices.map(|all| all.len());
        assert_eq!(seen(desk.fund(&staff, &first.id).await.unwrap().2), Some(1));
        assert_eq!(seen(desk.fund(&staff, &second.id).await.unwrap().2), Some(0), "another commune's people are not seen");
        assert_eq!(desk.drop_choice(&other, &chosen.id, "x").await, Err(DeskError::NotFound { kind: "donor_choice" }));
        desk.drop_choice(&staff, &chosen.id, "Đã có thẻ do cơ quan đóng").await.unwrap();
        let again = choose(&staff, &choice(&second, 7, HA_DONG, "2026-12", 1)).await.unwrap();
        assert_eq!(again.months, 1, "months of a dropped choice are free");
        assert_eq!(desk.choices_of_person(&staff, 7).await.unwrap().len(), 2);
        for sql in ["DELETE FROM donor_choice", "UPDATE donor_choice SET person = 8", "UPDATE donor_month SET month = '2030-01'"]
        {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_fund_never_pays_more_than_it_received() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (front, staff, other) = (front(), commune_staff(HA_DONG), commune_staff(HOAN_KIEM));
        let made = received(&desk, &front, "a", 2_000_000).await;
        let one = desk.choose_for_fund(&staff, &choice(&made, 1, HA_DONG, "2026-10", 12), today()).await.unwrap();
        let two = desk.choose_for_fund(&other, &choice(&made, 2, HOAN_KIEM, "2026-10", 12), today()).await.unwrap();
        let pay = async |scope: &Scope, new: &NewPayment| desk.pay_from_fund(scope, new, today()).await;
        assert_eq!(
            refused(pay(&staff, &payment(&one, 1_500_001, "pay-0001")).await),
            PlanRefusal::NotByRules,
            "more than one may have"
        );
        let outside = NewPayment { months: 13, ..payment(&one, 1_000, "pay-0002") };
        assert_eq!(refused(pay(&staff, &outside).await), PlanRefusal::NotByRules, "more months than were chosen");
        let paid = pay(&staff, &payment(&one, 1_263_600, "pay-0003")).await.unwrap();
        assert_eq!(pay(&staff, &payment(&one, 1_263_600, "pay-0003")).await, Ok(paid.clone()), "sent twice");
        assert_eq!(refused(pay(&staff, &payment(&one, 1, "pay-0004")).await), PlanRefusal::WrongState, "paid already");
        // 736,400 are left; the other commune does not see the first payment's person, but the money.
        assert_eq!(refused(pay(&other, &payment(&two, 736_401, "pay-0005")).await), PlanRefusal::NoMoney);
        pay(&other, &payment(&two, 736_400, "pay-0006")).await.unwrap();
        let standing = desk.fund(&front, &made.id).await.unwrap().0;
        assert_eq!((standing.paid, standing.balance()), (Dong::new(2_000_000), Dong::ZERO));
        let receipt = desk.fund(&front, &made.id).await.unwrap().1[0].id.clone();
        assert_eq!(refused(desk.cancel_receipt(&front, &receipt, "Nhầm").await), PlanRefusal::NoMoney);
        assert_eq!(refused(desk.drop_choice(&staff, &one.id, "x").await), PlanRefusal::InUse);
        let id = paid.payment.unwrap().id;
        let cancelled = desk.cancel_payment(&staff, &one.id, &id, "Biên lai ghi sai").await.unwrap();
        assert_eq!(cancelled.payment, None);
        pay(&staff, &payment(&one, 900_000, "pay-0007")).await.unwrap();
        let funds = desk.funds(&city_officer()).await.unwrap();
        assert_eq!(
            (funds[0].received, funds[0].paid, funds[0].balance()),
            (Dong::new(2_000_000), Dong::new(1_636_400), Dong::new(363_600))
        );
        for sql in ["DELETE FROM donor_payment", "UPDATE donor_payment SET dong = 1", "DELETE FROM donor_receipt"] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_donor_is_thanked_by_communes_without_small_counts() {
    for place in Place::all().await {
        let desk = place.open().await;
        let front = front();
        let made = received(&desk, &front, "a", 100_000_000).await;
        let none = desk.fund_thanks(&front, &made.id).await.unwrap();
        assert_eq!((none.communes.len(), none.all), (0, Some((0, Dong::ZERO))));
        for person in 0..8 {
            let commune = if person < 6 { HA_DONG } else { HOAN_KIEM };
            let staff = commune_staff(commune);
            let chosen = desk.choose_for_fund(&staff, &choice(&made, person, commune, "2026-10", 1), today()).await.unwrap();
            desk.pay_from_fund(&staff, &payment(&chosen, 100_000, &format!("pay-000{person}")), today()).await.unwrap();
            let thanks = desk.fund_thanks(&front, &made.id).await.unwrap();
            let people = person + 1;
            assert_eq!(thanks.all, (people >= 5).then(|| (people, Dong::new(100_000 * people))), "{people}");
        }
        let thanks = desk.fund_thanks(&front, &made.id).await.unwrap();
        let told: Vec<_> = thanks.communes.iter().map(|one| (one.commune.as_str(), one.shown)).collect();
        assert_eq!(told, [(HOAN_KIEM, None), (HA_DONG, None)], "6 of 8 would tell the other two");
        for person in 8..11 {
            let staff = commune_staff(HOAN_KIEM);
            let chosen = desk.choose_for_fund(&staff, &choice(&made, person, HOAN_KIEM, "2026-10", 1), today()).await.unwrap();
            desk.pay_from_fund(&staff, &payment(&chosen, 50_000, &format!("pay-00{person:02}")), today()).await.unwrap();
        }
        let thanks = desk.fund_thanks(&front, &made.id).await.unwrap();
        let told: Vec<_> = thanks.communes.iter().map(|one| one.shown).collect();
        assert_eq!(told, [Some((5, Dong::new(350_000))), Some((6, Dong::new(600_000)))]);
        place.remove(desk).await;
    }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[tokio::test]
async fn whatever_is_written_in_which_order_the_balance_is_received_less_paid_and_never_below_nothing() {
    for place in Place::all().await {
        let desk = place.open().await;
        let front = front();
        let made = received(&desk, &front, "dice", 1_000_000).await;
        let (mut dice, mut receipts, mut paid) = (Dice(7), vec![("first".to_owned(), 1_000_000_i64)], Vec::new());
        receipts[0].0 = desk.fund(&front, &made.id).await.unwrap().1[0].id.clone();
        let (mut person, mut refusals, mut payments) = (0_i64, 0, 0);
        for step in 0..60 {
            let dong = 50_000 + dice.below(400_000) as i64;
            match dice.below(4) {
                0 => {
                    let new = NewReceipt {
                        fund: made.id.clone(),
                        dong: Dong::new(dong),
                        number: format!("PT-{step}-d"),
                        day: today(),
                        client_tx: format!("dice-receipt-{step}"),
                    };
                    let known = desk.receive_donation(&front, &new, today()).await.unwrap();
                    receipts.push((known.id, dong));
                }
                1 if !receipts.is_empty() => {
                    let at = dice.below(receipts.len() as u64) as usize;
                    match desk.cancel_receipt(&front, &receipts[at].0, "Nhầm").await {
                        Ok(_) => drop(receipts.remove(at)),
                        answer => {
                            assert_eq!(refused(answer), PlanRefusal::NoMoney);
                            refusals += 1;
                        }
                    }
                }
                2 if !paid.is_empty() => {
                    let at = dice.below(paid.len() as u64) as usize;
                    let (choice, payment, _, staff): &(String, String, i64, Scope) = &paid[at];
                    desk.cancel_payment(staff, choice, payment, "Nhầm").await.unwrap();
                    paid.remove(at);
                }
                _ => {
                    person += 1;
                    let commune = if person % 2 == 0 { HA_DONG } else { HOAN_KIEM };
                    let staff = commune_staff(commune);
                    let chosen =
                        desk.choose_for_fund(&staff, &choice(&made, person, commune, "2026-10", 3), today()).await.unwrap();
                    match desk.pay_from_fund(&staff, &payment(&chosen, dong, &format!("dice-pay-{step}")), today()).await {
                        Ok(now) => {
                            payments += 1;
                            paid.push((now.id, now.payment.unwrap().id, dong, staff));
                        }
                        answer => {
                            assert_eq!(refused(answer), PlanRefusal::NoMoney);
                            refusals += 1;
                        }
                    }
                }
            }
            let standing = desk.fund(&front, &made.id).await.unwrap().0;
            let model = (receipts.iter().map(|one| one.1).sum(), paid.iter().map(|one| one.2).sum());
            assert_eq!((standing.received.get(), standing.paid.get()), model, "step {step}");
            assert!(standing.balance() >= Dong::ZERO, "step {step}");
            let thanks = desk.fund_thanks(&front, &made.id).await.unwrap();
            let shown: Option<Vec<(i64, Dong)>> = thanks.communes.iter().map(|one| one.shown).collect();
            if let (Some(parts), Some((people, dong))) = (shown, thanks.all) {
                assert_eq!(parts.iter().map(|one| one.0).sum::<i64>(), people);
                assert_eq!((parts.iter().map(|one| one.1).sum::<Dong>(), dong.get()), (dong, model.1));
            }
        }
        assert!(refusals > 0 && payments > 2, "the numbers came to the limit: {refusals} {payments}");
        place.remove(desk).await;
    }
}
