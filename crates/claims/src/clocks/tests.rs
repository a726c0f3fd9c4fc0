//! Terms at their edges: weekends, holidays, the end of a month, the first day of the law.

use super::*;

/// The law as it is delivered.
fn law() -> Law {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law");
    let read = |folder: &str| -> Vec<(String, String)> {
        let paths = std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let name = |path: &std::path::Path| format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
        paths.map(|path| (name(&path), std::fs::read_to_string(&path).unwrap())).collect()
    };
    let files: Vec<(String, String)> = ["bhyt/review", "hospital", "calendar"].into_iter().flat_map(read).collect();
    Law::load(files.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn started(clock: Clock, start: Start) -> Option<Term> {
    let law = law();
    term(&law, &Calendar::of(&law).unwrap(), clock, start).unwrap()
}

fn last(clock: Clock, start: &str) -> Option<Date> {
    started(clock, Start::Day(day(start))).and_then(|term| term.last())
}

/// How a term stands at noon of a day.
fn standing(term: &Term, on: &str) -> Standing {
    term.standing(&Calendar::of(&law()).unwrap(), midnight(day(on)) + 12 * HOUR)
}

#[test]
fn working_days_leave_out_weekends_holidays_and_count_days_worked_instead() {
    // 23 November 2026 is a Monday, 24 November a holiday.
    assert_eq!(last(Clock::Answer, "2026-11-23"), Some(day("2026-11-27")));
    // Friday: Saturday and Sunday do not count.
    assert_eq!(last(Clock::Minutes, "2026-11-27"), Some(day("2026-12-01")));
    // Saturday 22 August 2026 is worked instead of Monday 31 August.
    assert_eq!(last(Clock::Minutes, "2026-08-20"), Some(day("2026-08-22")));
    // New Year's Day between the years.
    assert_eq!(last(Clock::Files, "2026-12-30"), Some(day("2027-01-05")));
}

#[test]
fn no_term_starts_before_the_first_day_of_its_law() {
    assert_eq!(started(Clock::Answer, Start::Day(day("2026-02-09"))), None);
    assert!(started(Clock::Answer, Start::Day(day("2026-02-10"))).is_some());
    // The whole Tết lies between: 16 to 20 February 2026.
    assert_eq!(last(Clock::Answer, "2026-02-13"), Some(day("2026-02-25")));
    // Months by the day after them: January 2026 is over on 1 February, before the circular.
    assert_eq!(started(Clock::Warning, Start::Month(month("2026-01"))), None);
    assert!(started(Clock::Warning, Start::Month(month("2026-02"))).is_some());
    // The circular of 2017 is older.
    assert_eq!(started(Clock::Send, Start::Day(day("2018-02-28"))), None);
}

#[test]
fn a_month_is_sent_before_the_day_and_reported_until_the_end_of_the_day() {
    let of = |clock, text| started(clock, Start::Month(month(text))).and_then(|term| term.last());
    assert_eq!(of(Clock::MonthSend, "2026-10"), Some(day("2026-11-04")));
    assert_eq!(of(Clock::Warning, "2026-10"), Some(day("2026-11-14")));
    assert_eq!(of(Clock::MonthReport, "2026-12"), Some(day("2027-01-15")));
}

#[test]
fn a_quarter_is_settled_after_its_last_month_and_the_fourth_later() {
    let law = law();
    let calendar = Calendar::of(&law).unwrap();
    let of = |text: &str| of_month(&law, &calendar, month(text)).unwrap();
    let clocks = |terms: &[Term]| terms.iter().map(|term| term.clock).collect::<Vec<_>>();
    assert_eq!(clocks(&of("2026-10")), [Clock::MonthSend, Clock::Warning, Clock::FacilityReview, Clock::MonthReport]);
    let third = of("2026-09");
    assert_eq!(clocks(&third)[4..], [Clock::SettleNotice, Clock::SettleSign, Clock::SettlePay, Clock::SettlePaid]);
    // 15 October and 30 days is Saturday 14 November; two working days later Tuesday, three more Friday; ten days after the notice by the law itself.
    let days: Vec<Option<Date>> = third[4..].iter().map(Term::last).collect();
    assert_eq!(days, [Some(day("2026-11-14")), Some(day("2026-11-17")), Some(day("2026-11-20")), Some(day("2026-11-24"))]);
    let fourth = of("2026-12");
    assert_eq!((fourth[4].clock, fourth[4].last()), (Clock::SettleNotice, Some(day("2027-03-16"))));
}

#[test]
fn the_portal_answers_in_hours_from_the_moment_of_receipt() {
    let law = law();
    // 30 November 2026, 22:30 in Hà Nội.
    let received = midnight(day("2026-11-30")) + 22 * HOUR + HOUR / 2;
    let sending = Sending { received, ends: Some((day("2026-11-20"), day("2026-11-27"))), faulty: true };
    let terms = of_sending(&law, &Calendar::of(&law).unwrap(), &sending).unwrap();
    let due = |clock: Clock| terms.iter().filter(|term| term.clock == clock).map(|term| term.due).collect::<Vec<_>>();
    assert_eq!(due(Clock::PortalLate), [Due::Moment(received + 6 * HOUR)]);
    assert_eq!(due(Clock::PortalTotals), [Due::Moment(received + 48 * HOUR)]);
    // Seven working days after 20 November, of which the 24th is none; and after 27 November.
    assert_eq!(due(Clock::Send), [Due::Day(day("2026-12-02")), Due::Day(day("2026-12-08"))]);
    assert_eq!(due(Clock::Correct), [Due::Day(day("2026-12-02"))]);
    assert_eq!(due(Clock::Auto), [Due::Day(day("2026-12-09"))]);
    let late = terms.iter().find(|term| term.clock == Clock::PortalLate).unwrap();
    let calendar = Calendar::of(&law).unwrap();
    assert_eq!(late.standing(&calendar, received), Standing::Runs(Left::Hours(6)));
    assert_eq!(late.standing(&calendar, received + 6 * HOUR + 1), Standing::Ended);
    let clean = Sending { ends: None, faulty: false, ..sending };
    let clean = of_sending(&law, &calendar, &clean).unwrap();
    assert!(clean.iter().all(|term| !matches!(term.clock, Clock::Send | Clock::Correct)));
}

#[test]
fn an_answer_runs_through_its_last_day_and_is_overdue_the_day_after() {
    // Told on Wednesday 25 November 2026: until Monday 30 November.
    let answer = started(Clock::Answer, Start::Day(day("2026-11-25"))).unwrap();
    assert_eq!(answer.last(), Some(day("2026-11-30")));
    assert_eq!(standing(&answer, "2026-11-25"), Standing::Runs(Left::Working(3)));
    // On Saturday one working day is left, Monday itself.
    assert_eq!(standing(&answer, "2026-11-28"), Standing::Runs(Left::Working(1)));
    assert_eq!(standing(&answer, "2026-11-30"), Standing::Runs(Left::Working(0)));
    assert_eq!(standing(&answer, "2026-12-01"), Standing::Overdue(Left::Working(1)));
    // Ended on a Friday: on Saturday a day over, not no working day.
    let minutes = started(Clock::Minutes, Start::Day(day("2026-11-25"))).unwrap();
    assert_eq!(minutes.last(), Some(day("2026-11-27")));
    assert_eq!(standing(&minutes, "2026-11-28"), Standing::Overdue(Left::Days(1)));
    assert_eq!(standing(&minutes.clone().met(Some(day("2026-11-27"))), "2026-12-30"), Standing::Met(day("2026-11-27")));
    assert_eq!(standing(&minutes.met(Some(day("2026-11-30"))), "2026-12-30"), Standing::MetLate(day("2026-11-30")));
}

#[test]
fn what_nobody_here_knows_to_be_done_ends_and_is_not_overdue() {
    let send = started(Clock::Send, Start::Day(day("2026-11-02"))).unwrap();
    assert_eq!(standing(&send, "2026-12-30"), Standing::Ended);
    // How long an appeal may take was found in no text.
    let appeal = started(Clock::Appeal, Start::Day(day("2026-11-02"))).unwrap();
    assert_eq!((appeal.due, standing(&appeal, "2027-11-02")), (Due::Unknown, Standing::Unknown));
    assert!(appeal.confidence.is_doubtful() && appeal.ground.contains("188/2025"), "{appeal:?}");
}

#[test]
fn years_whose_holidays_are_not_known_are_counted_in_days() {
    let answer = started(Clock::Answer, Start::Day(day("2027-12-30"))).unwrap();
    assert_eq!(standing(&answer, "2027-12-30"), Standing::Runs(Left::Days(5)), "{:?}", answer.due);
}

#[test]
fn the_terms_of_a_case_stand_in_order_and_keep_the_days_written_down() {
    let law = law();
    let calendar = Calendar::of(&law).unwrap();
    let days = CaseDays {
        visit_end: Some(day("2026-10-30")),
        told: Some(Begun { day: day("2026-11-25"), due: Some(day("2026-12-04")) }),
        waits: true,
        notice: Some(Begun { day: day("2026-11-16"), due: None }),
        files: Some(day("2026-11-20")),
        minutes: Some(Begun { day: day("2026-11-23"), due: Some(day("2026-11-26")) }),
        ..CaseDays::default()
    };
    let terms = of_case(&law, &calendar, &days).unwrap();
    let said: Vec<(Clock, Option<Date>)> = terms.iter().map(|term| (term.clock, term.last())).collect();
    assert_eq!(
        said,
        [
            (Clock::Send, Some(day("2026-11-10"))),
            (Clock::AuditStart, Some(day("2026-11-19"))),
            (Clock::Files, Some(day("2026-11-19"))),
            (Clock::Answer, Some(day("2026-12-04"))),
            (Clock::Minutes, Some(day("2026-11-26"))),
        ]
    );
    assert_eq!(standing(&terms[1], "2026-11-18"), Standing::NotYet(Left::Working(1)));
    assert_eq!(standing(&terms[1], "2026-11-19"), Standing::Open);
    assert_eq!(standing(&terms[2], "2026-12-01"), Standing::MetLate(day("2026-11-20")));
    assert_eq!(standing(&terms[4], "2026-11-27"), Standing::Overdue(Left::Working(1)));
    // Decided without an answer: nobody waits for it any more.
    let decided = CaseDays { waits: false, decided: Some(day("2026-12-07")), ..days };
    let clocks: Vec<Clock> = of_case(&law, &calendar, &decided).unwrap().iter().map(|term| term.clock).collect();
    assert_eq!(clocks, [Clock::Send, Clock::AuditStart, Clock::Files, Clock::Minutes, Clock::Appeal]);
}

#[test]
fn every_length_of_the_folder_has_a_term() {
    use Clock as C;
    let all = [
        C::Send,
        C::PortalLate,
        C::PortalStructure,
        C::PortalTotals,
        C::Correct,
        C::Auto,
        C::Answer,
        C::Appeal,
        C::AuditStart,
        C::Files,
        C::Minutes,
        C::MonthSend,
        C::Warning,
        C::FacilityReview,
        C::MonthReport,
        C::SettleNotice,
        C::SettleSign,
        C::SettlePay,
        C::SettlePaid,
    ];
    let mut keys: Vec<&str> = all.iter().map(|clock| clock.key()).filter(|key| key.starts_with("bhyt.")).collect();
    keys.sort_unstable();
    let law = law();
    let mut known: Vec<&str> =
        law.parameters().map(|parameter| parameter.key.as_str()).filter(|key| key.starts_with("bhyt.")).collect();
    known.sort_unstable();
    assert_eq!(keys, known, "a parameter of law/bhyt/review that no clock uses, or the other way round");
    for clock in all {
        let start = if matches!(clock.line().1, Length::BeforeDay | Length::UntilDay) {
            Start::Month(month("2026-10"))
        } else {
            Start::Day(day("2026-11-02"))
        };
        let word = (clock == C::SettleNotice).then_some("q3");
        let started = selected(&law, &Calendar::of(&law).unwrap(), (clock, word), start).unwrap();
        assert!(started.is_some(), "{clock:?}");
    }
}
