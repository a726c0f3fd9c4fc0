use base::{Date, Month};
use law::Law;
use law::calc::Calendar;
use proptest::prelude::*;

use super::{
    At, Bound, Day, Deadline, Every, MonthOf, Occurrence, Point, Rhythm, Stretch, Unit, Window, occurrences, parse, strictest,
};

fn calendar() -> Calendar {
    let read =
        |name: &str| std::fs::read_to_string(format!("{}/../../law/calendar/{name}.yaml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (holidays, makeup) = (read("holidays"), read("makeup_days"));
    let law = Law::load([("calendar/holidays.yaml", holidays.as_str()), ("calendar/makeup_days.yaml", makeup.as_str())]).unwrap();
    Calendar::of(&law).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn window(from: &str, to: &str) -> Window {
    Window { from: day(from), to: day(to), first_run: None }
}

/// What a text is read as, written back; unclear words in brackets.
fn said(text: &str) -> String {
    let said = parse(text);
    let shown = said.rhythms.iter().map(|rhythm| match rhythm {
        Rhythm::Unclear(words) => format!("[{words}]"),
        other => other.to_string(),
    });
    shown.collect::<Vec<_>>().join(" | ")
}

#[test]
fn words_of_agencies_are_understood() {
    for (text, want) in [
        ("Hàng tháng, quý.", "Hằng tháng | Hằng quý"),
        ("Hàng tuần, tháng, quý", "Hằng tuần | Hằng tháng | Hằng quý"),
        ("Hằng tuần/tháng/quý", "Hằng tuần | Hằng tháng | Hằng quý"),
        ("Hàng tháng, quý (từ năm 2026).", "Hằng tháng (từ năm 2026) | Hằng quý (từ năm 2026)"),
        ("Quý IV hàng năm", "Quý IV hằng năm"),
        ("Qúy 4, hàng năm", "Quý IV hằng năm"),
        ("trước ngày 30/4 hàng năm", "Trước ngày 30/4 hằng năm"),
        ("Hằng năm, trước ngày 30 tháng 4", "Trước ngày 30/4 hằng năm"),
        ("Chậm nhất từ Quý 2/2026.", "Chậm nhất từ quý II/2026"),
        ("Quý II/2026", "Quý II/2026"),
        ("Hoàn thành trong quý III năm 2026", "Quý III/2026"),
        ("Giai đoạn 2026 – 2030.", "Giai đoạn 2026-2030"),
        ("2026-2030", "Giai đoạn 2026-2030"),
        ("Thường xuyên.", "Thường xuyên"),
        ("Thường xuyên, liên tục", "Thường xuyên"),
        ("Từ năm 2026", "Thường xuyên từ năm 2026"),
        ("Đến năm 2030", "Đến năm 2030"),
        ("Từ tháng 3/2026 đến hết tháng 6 năm 2027", "Từ tháng 3/2026 đến tháng 6/2027"),
        ("Quý IV/2026 - Quý I/2027", "Từ quý IV/2026 đến quý I/2027"),
        ("Trước ngày 15 tháng cuối quý", "Trước ngày 15 tháng cuối quý"),
        ("trước ngày 15 của tháng cuối mỗi quý", "Trước ngày 15 tháng cuối quý"),
        ("ngày 05 tháng đầu quý sau", "Ngày 05 tháng đầu quý sau"),
        ("Trước ngày 10 hàng tháng", "Trước ngày 10 hằng tháng"),
        ("Hàng tháng, trước ngày 05 của tháng sau", "Trước ngày 05 của tháng sau"),
        ("Hàng tháng (trước ngày 25)", "Trước ngày 25 hằng tháng"),
        ("Định kỳ 6 tháng, năm", "6 tháng một lần | Hằng năm"),
        ("06 tháng/lần", "6 tháng một lần"),
        ("1 lần/quý", "Hằng quý"),
        ("Trước ngày 15/6 và 15/12 hằng năm", "Trước ngày 15/6 hằng năm | Trước ngày 15/12 hằng năm"),
        ("Trước ngày 15/12/2026", "Trước ngày 15/12/2026"),
        ("Chậm nhất ngày 31 tháng 12 năm 2026", "Chậm nhất ngày 31/12/2026"),
        ("Tháng 11 hằng năm", "Tháng 11 hằng năm"),
        ("Hàng quý, năm 2026", "Hằng quý (giai đoạn 2026-2026)"),
        ("Năm 2027", "Năm 2027"),
        ("Thực hiện khi có yêu cầu", "Khi có yêu cầu"),
        ("Hàng năm, theo kế hoạch được duyệt", "Hằng năm | [theo kế hoạch được duyệt]"),
        ("Sau khi kế hoạch được ban hành", "[Sau khi kế hoạch được ban hành]"),
        ("Ngày 31/02/2026", "[Ngày 31/02/2026]"),
        ("hằng tháng, trước 30 tháng 2 năm 2027", "Hằng tháng | [trước 30 tháng 2 năm 2027]"),
        ("", ""),
    ] {
        assert_eq!(said(text), want, "{text}");
    }
}

#[test]
fn what_is_assumed_is_said() {
    assert_eq!(said("trước ngày 30/4"), "Trước ngày 30/4 hằng năm");
    assert_eq!(parse("trước ngày 30/4").doubts.len(), 1);
    assert_eq!(parse("trước ngày 10").doubts.len(), 1);
    assert_eq!(parse("Quý IV").doubts.len(), 1);
    assert!(parse("trước ngày 30/4 hằng năm; Hằng năm, quý IV").doubts.is_empty());
}

#[test]
fn sentences_are_read_for_what_comes_again_only() {
    let of = |text: &str| super::mentioned(text).iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
    for (text, want) in [
        ("Hàng tháng cung cấp danh sách cho cơ quan BHXH.", "Hằng tháng"),
        (
            "Định kỳ hằng tháng, quý, gửi danh sách; trước ngày 30/4 hàng năm, gửi quyết toán.",
            "Hằng tháng | Hằng quý | Trước ngày 30/4 hằng năm",
        ),
        ("Làm sạch danh sách hưởng trợ cấp BHXH hàng tháng; tham gia từ năm học 2025 - 2026", ""),
        ("Theo dõi, báo cáo; hằng quý báo cáo UBND tỉnh", "Hằng quý"),
        ("Năm 2026 xây dựng kế hoạch", ""),
    ] {
        assert_eq!(of(text), want, "{text}");
    }
}

#[test]
fn letters_without_marks_and_decomposed_ones_read_alike() {
    assert_eq!(said("Hang thang, quy"), "Hằng tháng | Hằng quý");
    assert_eq!(said("Thu\u{31b}o\u{31b}\u{300}ng xuye\u{302}n"), "Thường xuyên");
}

fn due(text: &str, window: Window) -> Vec<Occurrence> {
    occurrences(&parse(text).rhythms, window, &calendar())
}

fn days(found: &[Occurrence]) -> Vec<String> {
    found.iter().map(|one| one.due.to_string()).collect()
}

#[test]
fn due_days_are_working_days() {
    // 31 May 2026 is a Sunday, 30 April a holiday, 31 January a Saturday.
    let year = window("2026-01-01", "2026-06-30");
    let monthly = days(&due("Hằng tháng", year));
    assert_eq!(monthly, ["2026-01-30", "2026-02-27", "2026-03-31", "2026-04-29", "2026-05-29", "2026-06-30"]);
    // The tax lists: before 30 April is 29 April.
    assert_eq!(days(&due("trước ngày 30/4 hằng năm", year)), ["2026-04-29"]);
    // 2 May 2027 is a Sunday after 1 May, a holiday on a Saturday, and 30 April a holiday.
    assert_eq!(days(&due("trước ngày 02/5 hằng năm", window("2027-01-01", "2027-12-31"))), ["2027-04-29"]);
    // A day that the text fixes stays: 20 June 2026 is a Saturday.
    let fixed = due("ngày 20 hằng tháng", window("2026-06-01", "2026-06-30"));
    assert_eq!((days(&fixed), fixed[0].fixed), (vec!["2026-06-20".to_owned()], true));
    // The week of Tết 2027 that has a working day, and the one that has none is due on the first day back.
    assert_eq!(days(&due("Hằng tuần", window("2026-11-16", "2026-11-29"))), ["2026-11-20", "2026-11-27"]);
    // Saturday 22 August 2026 is worked in exchange.
    assert_eq!(days(&due("Hằng tuần", window("2026-08-17", "2026-08-23"))), ["2026-08-22"]);
    let worked = days(&due("hằng ngày", window("2026-08-27", "2026-09-04")));
    assert_eq!(worked, ["2026-08-27", "2026-08-28", "2026-09-03", "2026-09-04"]);
}

#[test]
fn quarters_years_and_stretches() {
    let plan = window("2026-01-01", "2030-12-31");
    assert_eq!(days(&due("Quý IV hằng năm", plan)).len(), 5);
    let targets = due("Quý IV hằng năm", window("2026-01-01", "2026-12-31"));
    assert_eq!((targets[0].from, targets[0].to, targets[0].due), (day("2026-10-01"), day("2026-12-31"), day("2026-12-31")));
    assert_eq!(days(&due("Chậm nhất từ Quý 2/2026", plan)), ["2026-06-30"]);
    assert_eq!(days(&due("Giai đoạn 2026-2030", plan)), ["2030-12-31"]);
    assert_eq!(days(&due("Trước ngày 15 tháng cuối quý", window("2026-01-01", "2026-12-31"))).len(), 4);
    assert_eq!(days(&due("Trước ngày 15 tháng cuối quý", window("2026-03-01", "2026-03-31"))), ["2026-03-13"]);
    // What is about December is due in January.
    let after = due("Trước ngày 05 của tháng sau", window("2027-01-01", "2027-01-31"));
    assert_eq!((after[0].from, after[0].to, after[0].due), (day("2026-12-01"), day("2026-12-31"), day("2027-01-04")));
    assert!(due("Thường xuyên; khi có yêu cầu; sau khi ban hành", plan).is_empty());
    let from_june = due("Hằng tháng (từ tháng 6/2026)", window("2026-01-01", "2026-12-31"));
    assert_eq!(days(&from_june)[0], "2026-06-30");
}

#[test]
fn what_was_due_before_the_first_run_is_marked_and_kept() {
    let first_run = Some(day("2026-10-31"));
    let found = due("Hằng quý", Window { first_run, ..window("2026-01-01", "2026-12-31") });
    let marks: Vec<Option<bool>> = found.iter().map(|one| one.before_first_run).collect();
    assert_eq!(marks, [Some(true), Some(true), Some(true), Some(false)]);
    assert_eq!(due("Hằng quý", window("2026-01-01", "2026-03-31"))[0].before_first_run, None);
}

#[test]
fn two_rhythms_are_both_kept_and_the_stricter_reminds() {
    let rhythms = parse("Hàng tháng, quý; hàng năm").rhythms;
    let found = occurrences(&rhythms, window("2026-01-01", "2026-12-31"), &calendar());
    let count = |rhythm| found.iter().filter(|one| one.rhythm == rhythm).count();
    assert_eq!([count(0), count(1), count(2)], [12, 4, 1]);
    assert_eq!(strictest(&rhythms), Some(&Rhythm::every(Unit::Month)));
}

#[test]
fn years_without_a_list_of_holidays_say_so() {
    let known: Vec<bool> = due("Hằng năm", window("2026-01-01", "2029-12-31")).iter().map(|one| one.calendar_known).collect();
    assert_eq!(known, [true, true, false, false]);
}

fn any_point() -> impl Strategy<Value = Point> {
    let year = 2020i32..2040;
    prop_oneof![
        year.clone().prop_map(Point::Year),
        (year.clone(), 1i32..=2).prop_map(|(y, h)| Point::Half(y, h)),
        (year.clone(), 1i32..=4).prop_map(|(y, q)| Point::Quarter(y, q)),
        (year.clone(), 1i32..=12).prop_map(|(y, m)| Point::Month(Month::new(y, m).unwrap())),
        (year, 1i32..=12, 1i32..=28).prop_map(|(y, m, d)| Point::Day(Date::new(y, m, d).unwrap())),
    ]
}

fn any_day(months: Vec<MonthOf>) -> impl Strategy<Value = At> {
    (1i32..=31, prop::sample::select(months), 0..3u8).prop_map(|(day, month, how)| {
        let day = Day { day, month };
        [At::Before(day), At::UpTo(day), At::On(day)][usize::from(how)]
    })
}

fn any_every() -> impl Strategy<Value = Every> {
    let plain = prop::sample::select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::HalfYear, Unit::Year]);
    let inner = vec![MonthOf::First, MonthOf::Last, MonthOf::Next];
    let shape = prop_oneof![
        plain.prop_map(|unit| (unit, At::End)),
        (1i32..=4).prop_map(|q| (Unit::Year, At::Quarter(q))),
        (1i32..=12).prop_map(|m| (Unit::Year, At::Month(m))),
        any_day(vec![MonthOf::Own, MonthOf::Next]).prop_map(|at| (Unit::Month, at)),
        any_day(inner.clone()).prop_map(|at| (Unit::Quarter, at)),
        any_day(inner.clone()).prop_map(|at| (Unit::HalfYear, at)),
        any_day(inner).prop_map(|at| (Unit::Year, at)),
        (1i32..=12).prop_flat_map(|m| any_day(vec![MonthOf::Number(m)])).prop_map(|at| (Unit::Year, at)),
    ];
    (shape, prop::option::of(any_point()), prop::option::of(any_point())).prop_map(|((unit, at), from, until)| Every {
        unit,
        at,
        from,
        until,
    })
}

fn any_rhythm() -> impl Strategy<Value = Rhythm> {
    prop_oneof![
        4 => any_every().prop_map(Rhythm::Every),
        1 => (any_point(), prop::sample::select(vec![Bound::Within, Bound::Before, Bound::UpTo]))
            .prop_map(|(point, bound)| Rhythm::Once(Deadline { point, bound })),
        1 => any_point().prop_map(Rhythm::StartBy),
        1 => (prop::option::of(any_point()), any_point()).prop_map(|(from, until)| Rhythm::During(Stretch { from, until })),
        1 => prop::option::of(any_point()).prop_map(Rhythm::Always),
        1 => Just(Rhythm::OnDemand),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(rhythm in any_rhythm()) {
        let text = rhythm.to_string();
        let said = parse(&text);
        let same = said.rhythms.as_slice() == [rhythm.clone()];
        // A range of years written backwards is no range.
        let backwards = match &rhythm {
            Rhythm::During(Stretch { from: Some(Point::Year(a)), until: Point::Year(b) })
            | Rhythm::Every(Every { from: Some(Point::Year(a)), until: Some(Point::Year(b)), .. }) => a > b,
            _ => false,
        };
        prop_assert!(same || backwards, "{text}: {said:?}, not {rhythm:?}");
        prop_assert!(backwards || said.doubts.is_empty(), "{text}: {:?}", said.doubts);
    }

    #[test]
    fn any_text_is_read_without_falling_over(text in "\\PC{0,60}") {
        let said = parse(&text);
        prop_assert!(said.rhythms.len() <= 60);
    }

    #[test]
    fn occurrences_keep_order_bounds_and_working_days(
        rhythms in prop::collection::vec(any_rhythm(), 1..4),
        start in 0i32..2_500,
        length in 0i32..900,
        first_run in prop::option::of(0i32..3_000),
    ) {
        let calendar = calendar();
        let base = day("2025-01-01");
        let from = base.add_days(start).unwrap();
        let window = Window {
            from,
            to: from.add_days(length).unwrap(),
            first_run: first_run.map(|days| base.add_days(days).unwrap()),
        };
        let found = occurrences(&rhythms, window, &calendar);
        prop_assert!(found.is_sorted_by_key(|one| (one.due, one.rhythm, one.from)));
        for one in &found {
            prop_assert!(one.from <= one.to, "{one:?}");
            prop_assert!((window.from..=window.to).contains(&one.limit), "{one:?}");
            prop_assert!(one.fixed || calendar.is_working(one.due), "{one:?}");
            prop_assert!(!one.fixed || one.due == one.limit, "{one:?}");
            // Later than the text allows only where it leaves no working day at all.
            if one.due > one.limit {
                let mut day = one.from;
                while day <= one.limit {
                    prop_assert!(!calendar.is_working(day), "{one:?}");
                    day = day.add_days(1).unwrap();
                }
            }
            prop_assert_eq!(one.before_first_run, window.first_run.map(|first| one.due < first));
        }
        // No rhythm is due twice about the same time.
        let mut keys: Vec<_> = found.iter().map(|one| (one.rhythm, one.from, one.limit)).collect();
        keys.sort_unstable();
        let all = keys.len();
        keys.dedup();
        prop_assert_eq!(keys.len(), all);
    }
}
