//! What must hold of calculators for every input: totals, monotony, caps, order, traces.

use base::{Date, Dong, Month};
use law::calc::{
    self, Absence, CALCULATORS, Calculator, ContributionInput, Cx, Given, HouseholdInput, LateChargeInput, PaidTerm, Participant,
    Payment, Region, Scheme, Sex, Silent, Steps,
};
use proptest::prelude::*;

use crate::folder::law;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn contribution(kind: Participant, wage: i64, month: Month, unpaid: i32) -> calc::ContributionOutcome {
    let input = ContributionInput {
        month,
        kind,
        wage: Dong::new(wage),
        region: Region::I,
        absence: Absence::Unpaid,
        absence_days: unpaid,
        reduced_accident: false,
    };
    calc::contribution(&mut Cx::new(law(), Silent), &input).unwrap()
}

fn charge(amount: i64, deadline: Date, as_of: Date, payments: &[(Date, i64)]) -> calc::LateChargeOutcome {
    let payments = payments.iter().map(|(on, amount)| Payment { on: *on, amount: Dong::new(*amount) }).collect();
    let input = LateChargeInput { amount: Dong::new(amount), deadline, as_of, payments };
    calc::late_charge(&mut Cx::new(law(), Silent), &input).unwrap()
}

fn kinds() -> impl Strategy<Value = Participant> {
    proptest::sample::select(Participant::ALL)
}

fn months() -> impl Strategy<Value = Month> {
    (0i32..24).prop_map(|n| Month::new(2025, 7).unwrap().plus(n))
}

proptest! {
    #[test]
    fn contribution_totals_equal_their_parts(kind in kinds(), wage in 0i64..500_000_000, month in months(), unpaid in 0i32..25) {
        let c = contribution(kind, wage, month, unpaid);
        prop_assert_eq!(c.person_total, c.person_pension + c.person_sickness + c.person_bhyt + c.person_bhtn);
        prop_assert_eq!(c.unit_total, c.unit_pension + c.unit_sickness + c.unit_accident + c.unit_bhyt + c.unit_bhtn);
        prop_assert_eq!(c.total, c.person_total + c.unit_total);
        if unpaid >= 14 {
            prop_assert_eq!((c.bhxh_due, c.bhtn_due, c.person_pension), (false, false, Dong::ZERO));
        }
    }

    #[test]
    fn bases_stay_between_floor_and_caps_and_grow_with_the_wage(kind in kinds(), wage in 0i64..500_000_000, more in 0i64..50_000_000, month in months()) {
        let (less, grown) = (contribution(kind, wage, month, 0), contribution(kind, wage + more, month, 0));
        prop_assert!(less.total <= grown.total);
        let reference = law().at("bhxh.reference_level", month.first_day(), None).unwrap().unwrap().dong().unwrap();
        if less.bhxh_due {
            prop_assert!(less.bhxh_base >= reference && less.bhxh_base <= reference.times(20).unwrap());
        } else {
            prop_assert_eq!(kind, Participant::PartTime);
        }
        prop_assert!(less.bhtn_base <= Dong::new(20 * 5_310_000));
    }

    #[test]
    fn nothing_is_charged_up_to_the_deadline(amount in 0i64..10_000_000_000, early in 0i32..400) {
        let deadline = day("2026-09-30");
        let as_of = deadline.add_days(-early).unwrap();
        let c = charge(amount, deadline, as_of, &[]);
        prop_assert_eq!((c.charge, c.days), (Dong::ZERO, 0));
        // Paid by then, nothing is charged later either.
        let paid = charge(amount, deadline, day("2027-09-30"), &[(as_of, amount)]);
        prop_assert_eq!((paid.charge, paid.open), (Dong::ZERO, Dong::ZERO));
    }

    #[test]
    fn the_charge_grows_with_days_and_falls_with_payments(amount in 1i64..10_000_000_000, days in 0i32..700, more in 1i32..100, part in 0i64..10_000_000_000, after in 1i32..300) {
        let deadline = day("2026-01-31");
        let at = |days: i32| deadline.add_days(days).unwrap();
        let plain = charge(amount, deadline, at(days), &[]);
        prop_assert!(plain.charge <= charge(amount, deadline, at(days + more), &[]).charge);
        let paid = charge(amount, deadline, at(days), &[(at(after), part)]);
        prop_assert!(paid.charge <= plain.charge);
        prop_assert_eq!(plain.charge, Dong::new(((i128::from(amount) * 3 * i128::from(days) * 2 + 10_000) / 20_000) as i64));
        prop_assert_eq!(Dong::new(amount), paid.open + paid.paid - paid.over);
    }

    #[test]
    fn payments_count_in_the_order_of_their_days(first in 1i64..200_000_000, second in 1i64..200_000_000, a in 1i32..90, b in 1i32..90) {
        let deadline = day("2026-06-30");
        let (x, y) = ((deadline.add_days(a).unwrap(), first), (deadline.add_days(b).unwrap(), second));
        let as_of = day("2026-11-22");
        prop_assert_eq!(charge(300_000_000, deadline, as_of, &[x, y]), charge(300_000_000, deadline, as_of, &[y, x]));
    }

    #[test]
    fn a_household_pays_the_same_together_or_one_after_another(members in 1i32..12, split in 1i32..12, paid_on in 0i32..600) {
        prop_assume!(split < members);
        let paid_on = day("2025-07-01").add_days(paid_on).unwrap();
        let pay = |members: i32, already: i32| {
            let input = HouseholdInput { paid_on, members, already, months: PaidTerm::Twelve };
            calc::household(&mut Cx::new(law(), Silent), &input).unwrap().total
        };
        prop_assert_eq!(pay(members, 0), pay(split, 0) + pay(members - split, split));
    }

    #[test]
    fn a_pension_never_falls_with_more_months(months in 180i32..600, average in 1i64..50_000_000, male: bool) {
        let sex = if male { Sex::Male } else { Sex::Female };
        let of = |months: i32| {
            let input = calc::PensionInput {
                on: day("2026-08-01"), sex, scheme: Scheme::Compulsory, months, average: Dong::new(average), reduced_capacity: false,
                early_months: 0, months_after_age: 0, compulsory_months: None, joined_on: None,
            };
            calc::pension(&mut Cx::new(law(), Silent), &input).unwrap()
        };
        let (less, more) = (of(months), of(months + 1));
        prop_assert!(less.monthly <= more.monthly && less.lump <= more.lump);
        prop_assert!(less.monthly.get() * 4 <= average * 3 + 4, "at most 75 %");
    }

    #[test]
    fn silent_and_traced_amounts_agree(wage in 0i64..200_000_000, kind in kinds(), month in months()) {
        let input = ContributionInput {
            month, kind, wage: Dong::new(wage), region: Region::II, absence: Absence::Unpaid, absence_days: 0, reduced_accident: true,
        };
        let silent = calc::contribution(&mut Cx::new(law(), Silent), &input).unwrap();
        let mut cx = Cx::new(law(), Steps::default());
        prop_assert_eq!(&silent, &calc::contribution(&mut cx, &input).unwrap());
        let steps = cx.into_trace().finish();
        prop_assert!(steps.iter().any(|step| !step.uses.is_empty()));
    }
}

#[test]
fn names_and_labels_of_fields_are_whole() {
    let mut names: Vec<&str> = CALCULATORS.iter().map(|c| c.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CALCULATORS.len());
    for calculator in CALCULATORS {
        for field in (calculator.input)().iter().chain(&(calculator.output)()) {
            assert!(field.vi.chars().count() >= 3 && field.en.len() >= 2, "{} {}", calculator.name, field.name);
        }
    }
}

#[test]
fn every_fault_of_an_input_is_told_at_once() {
    use base::Explain;
    let mut given = Given::empty();
    for (path, text) in [("wag", "1"), ("month", "2026-13"), ("kind", "boss"), ("absence_days", "-1")] {
        given.set(path, text);
    }
    let error = Calculator::of("contribution").unwrap().answer(law(), &given).unwrap_err();
    assert_eq!(error.code(), "calc_input");
    let text = error.vi();
    for part in [
        "`wag`: không có trường này; có phải `wage`?",
        "`month`: cần tháng",
        "`kind`: cần một trong",
        "`absence_days`",
        "`wage`: chưa nhập",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn amounts_dates_and_rates_are_read_as_people_write_them() {
    let mut given = Given::empty();
    for (path, text) in [("month", "08/2026"), ("wage", "15.000.000")] {
        given.set(path, text);
    }
    let answer = Calculator::of("contribution").unwrap().answer(law(), &given).unwrap();
    assert_eq!(answer.amount, Some(Dong::new(4_800_000)));
    for bad in ["15,5", "1.5", "-3", "1e6", "9999999999999999999", "15.00.000", "٣"] {
        given.set("wage", bad);
        assert!(Calculator::of("contribution").unwrap().answer(law(), &given).is_err(), "{bad}");
    }
}

#[test]
fn an_answer_as_json_keeps_its_promises() {
    let mut given = Given::empty();
    for (path, text) in [
        ("amount", "320000000"),
        ("deadline", "2026-09-30"),
        ("as_of", "2026-11-22"),
        ("payments.0.on", "2026-11-22"),
        ("payments.0.amount", "320000000"),
    ] {
        given.set(path, text);
    }
    let answer = Calculator::of("late-charge").unwrap().answer(law(), &given).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap());
}

#[test]
fn a_rate_that_changes_while_something_is_late_splits_the_time() {
    // The law as it ships with another daily rate from 1 November 2026 on.
    let mut files = crate::folder::files().to_vec();
    let rate = files.iter_mut().find(|(path, _)| path == "late/rate_per_day.yaml").unwrap();
    rate.1.push_str("  - from: 2026-11-01\n    value: 0.0005\n    reference: {law: Phương án thử, note: Không phải luật.}\n    confidence: U\n    note: Thử.\n");
    let reformed = crate::folder::load(&files);
    let input = LateChargeInput {
        amount: Dong::new(100_000_000),
        deadline: day("2026-09-30"),
        as_of: day("2026-11-10"),
        payments: vec![Payment { on: day("2026-10-20"), amount: Dong::new(40_000_000) }],
    };
    let charged = calc::late_charge(&mut Cx::new(&reformed, Silent), &input).unwrap();
    let parts: Vec<(String, i32, i64)> = charged.parts.iter().map(|p| (p.from.to_string(), p.days, p.open.get())).collect();
    let expected = [("2026-10-01", 20, 100_000_000), ("2026-10-21", 11, 60_000_000), ("2026-11-01", 10, 60_000_000)];
    assert_eq!(parts, expected.map(|(from, days, open)| (from.to_owned(), days, open)));
    // 100 M x 20 x 0.03 % + 60 M x 11 x 0.03 % + 60 M x 10 x 0.05 %.
    assert_eq!(charged.charge, Dong::new(600_000 + 198_000 + 300_000));
    assert_eq!(charged.days, 41);
}

#[test]
fn a_year_without_its_own_list_of_holidays_has_only_weekends() {
    let calendar = calc::Calendar::read(&Cx::new(law(), Silent)).unwrap();
    assert!(!calendar.is_working(day("2027-01-01")), "known for 2027");
    // 2028 is not decided yet: the list of 2027 does not reach into it.
    assert!(calendar.is_working(day("2028-01-03")) && !calendar.is_working(day("2028-01-01")));
    // An answer says so where its term reaches into such a year, and names no list that it did not need.
    let steps_of = |received: &str| {
        let mut given = Given::empty();
        given.set("procedure", "survivor");
        given.set("received_on", received);
        Calculator::of("deadline").unwrap().answer(law(), &given).unwrap()
    };
    let unknown = |answer: &calc::Answer| answer.steps.iter().any(|step| step.en.starts_with("No list of holidays"));
    let (known, reaching) = (steps_of("2026-08-03"), steps_of("2027-12-28"));
    assert!(!unknown(&known) && unknown(&reaching));
    assert!(known.doubts().iter().all(|used| !used.parameter.starts_with("calendar.")), "{:?}", known.doubts());
    assert!(!calendar.is_working(day("2026-12-26")) && calendar.is_working(day("2026-12-28")));
}

#[test]
fn working_days_between_two_days_leave_out_weekends_and_holidays() {
    let calendar = calc::Calendar::read(&Cx::new(law(), Silent)).unwrap();
    let count = |first: &str, last: &str| calendar.working_days_until(day(first), day(last));
    // From Tuesday 15 September 2026 the Thursday of the week after is working day 7: the weekend between them counts nothing.
    assert_eq!(count("2026-09-15", "2026-09-24"), Some(7));
    assert_eq!(count("2026-09-15", "2026-09-25"), Some(8));
    // The second of September with its two swapped days: 31 August, 1 and 2 September are off.
    assert_eq!(count("2026-08-28", "2026-09-03"), Some(1));
    // Saturday 22 August is worked in exchange.
    assert_eq!(count("2026-08-21", "2026-08-22"), Some(1));
    assert_eq!(count("2026-09-15", "2026-09-15"), Some(0));
    assert_eq!(count("2026-09-15", "2026-09-01"), Some(0));
    // Holidays of 2024 are not among the lists, those of 2028 are not decided.
    assert_eq!(count("2024-12-30", "2025-01-03"), None);
    assert_eq!(count("2027-12-30", "2028-01-04"), None);
}
