//! The step over hand-made tables: cases a clerk can read, and sums that agree.

mod hand;

use std::collections::BTreeMap;

use base::Month;
use book::{Book, RunManifest};

use crate::support::{PAYERS, quarter_of, quarter_so_far};
use hand::{Hand, lines, manifest, run};

fn one(hand: Hand) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open(folder.path()).unwrap();
    let records = run(&book, "2026-10", hand, None);
    let columns = ["person_id", "group_code", "other_groups", "state", "city", "person", "city_pending", "standing", "doubled"];
    lines(&book, &records, "support_entitlement", &columns)
}

#[test]
fn who_is_entitled_by_which_group_and_where_they_stand() {
    let found = one(vec![
        (
            "person",
            "person_id|birth_date|commune|residence|alive_on_period_end
             1|1990-01-01|00004|permanent|
             2|2015-06-01|00004|permanent|
             3|2015-06-01|00004|temporary|
             4|1964-03-01|00004|permanent|
             5|1964-03-01|00004||
             6|1964-03-01|00004|temporary|
             7|2021-01-05|00004|permanent|
             8|1988-02-02|00004|permanent|
             9|1950-02-02|00004|permanent|
             10|1985-02-02|00004|permanent|
             11|1985-02-02|00004|permanent|
             12|1970-02-02|00004|permanent|
             13|1964-03-01|00004|permanent|
             14|1990-01-01|00004|permanent|false
             15|1990-01-01|00004|permanent|
             16|1990-01-01|00004|permanent|",
        ),
        (
            "supported_group",
            "person_id|group_code|from_date|to_date
             1|poor|2026-01-01|2026-12-31
             2|farm_average|2026-01-01|2026-12-31
             3|farm_average|2026-01-01|2026-12-31
             8|near_poor|2026-01-01|2026-12-31
             8|veteran_club|2026-01-01|
             10|near_poor|2026-01-01|2026-09-30
             11|left_poverty|2023-10-05|
             11|left_poverty|2026-01-01|2026-12-31
             12|near_poor|2026-01-01|2026-12-31
             14|poor|2026-01-01|2026-12-31
             15|pensioner|2026-01-01|
             15|poor|2026-01-01|
             16|không rõ|2026-01-01|",
        ),
        ("pupil", "person_id|school_year\n2|2026-2027\n3|2026-2027\n10|2025-2026"),
        ("social_pension", "person_id|month|ground_code\n9|2026-10-01|age_75"),
        ("pension", "person_id|month|benefit_code\n13|2026-10-01|pension"),
        ("bhxh_month", "person_id|month\n12|2026-10-01"),
        (
            "bhyt_card",
            "person_id|card_number|object_code|valid_from|valid_to
             1|HN2|HN|2026-01-01|2026-12-31
             2|HS4|HS|2026-10-01|2027-09-30
             4|GD4|GD|2026-01-01|2026-12-31
             12|CN3|CN|2026-01-01|2026-12-31",
        ),
    ]);
    let expected = [
        // Hộ nghèo, có thẻ HN.
        "1 poor - 113850 0 0 - supported false",
        // Học sinh của hộ nông nghiệp: 50 % + 50 %; tạm trú thì chỉ có phần nhà nước, không thuộc hai nhóm của Thành phố.
        "2 pupil_farm pupil,farm_average 56925 56925 0 - supported false",
        "3 pupil pupil_farm,farm_average 56925 0 56925 - no_card false",
        // 62 tuổi: Thành phố trả; chưa rõ thường trú thì để riêng; tạm trú thì không.
        "4 elderly - 0 113850 0 - paying_self false",
        "5 elderly - 0 0 113850 113850 unknown false",
        // Trẻ dưới 6 tuổi.
        "7 child - 113850 0 0 - no_card false",
        // Cận nghèo và hội viên cựu chiến binh: nhóm cao hơn.
        "8 veteran_club near_poor 0 113850 0 - no_card false",
        "9 social_pension - 113850 0 0 - no_card false",
        // 10: hết hạn danh sách và năm học cũ; 11: hết 36 tháng từ lần công nhận đầu; 13: có lương hưu; 14: đã mất.
        "12 near_poor - 79695 0 34155 - supported true",
        "15 poor - 113850 0 0 - other_payer false",
    ];
    assert_eq!(found, expected);
}

#[test]
fn cards_say_where_a_person_stands() {
    let found = one(vec![
        (
            "person",
            "person_id|birth_date|residence
             1|1990-01-01|permanent
             2|1990-01-01|permanent
             3|1990-01-01|permanent
             4|1990-01-01|permanent
             5|1990-01-01|permanent
             6|1990-01-01|permanent
             7|1990-01-01|permanent
             8|1964-01-01|permanent
             9|1964-01-01|permanent",
        ),
        (
            "supported_group",
            "person_id|group_code\n1|near_poor\n2|near_poor\n3|near_poor\n4|near_poor\n5|near_poor\n6|near_poor\n8|ethnic\n9|ethnic",
        ),
        (
            "bhyt_card",
            "person_id|card_number|object_code|valid_from|valid_to
             1|CN1|CN|2026-01-01|2026-10-30
             2|CN2|CN||
             2|HN2|HN|2026-05-01|2026-12-31
             3|DN3|DN|2026-01-01|2026-12-31
             4|ZZ4|ZZ|2026-01-01|2026-12-31
             6|CN6|CN|2026-10-31|2027-10-30
             6|CN6|CN|2026-01-01|2026-10-31
             7|BT7|BT|2026-01-01|2026-12-31
             8|CN8|CN|2026-01-01|2026-12-31
             9|GD9|GD|2026-01-01|2026-12-31",
        ),
        ("insured_elsewhere", "person_id|scheme|valid_from|valid_to\n5|bhyt|2026-01-01|2026-12-31"),
    ]);
    let expected = [
        // Thẻ hết hạn trước ngày cuối kỳ.
        "1 near_poor - 79695 0 34155 - no_card false",
        // Hai thẻ được hỗ trợ cùng còn hạn; thẻ HN cũng là căn cứ.
        "2 poor near_poor 113850 0 0 - supported true",
        "3 near_poor - 79695 0 34155 - other_payer false",
        "4 near_poor - 79695 0 34155 - unknown false",
        // Tra cứu toàn quốc thấy thẻ ở nơi khác.
        "5 near_poor - 79695 0 34155 - unknown false",
        // Một số thẻ gia hạn trùng ngày không phải là hai thẻ.
        "6 near_poor - 79695 0 34155 - supported false",
        // Chỉ có thẻ, không có danh sách: thẻ là căn cứ.
        "7 social_protection - 113850 0 0 - supported false",
        // Người cao tuổi, dân tộc thiểu số "chưa có thẻ": đã có thẻ của nhóm khác thì theo nhóm của thẻ.
        "8 near_poor - 79695 0 34155 - supported false",
        "9 elderly ethnic 0 113850 0 - paying_self false",
    ];
    assert_eq!(found, expected);
}

#[test]
fn without_a_roster_of_cards_nobody_is_said_to_have_none() {
    let found = one(vec![
        ("person", "person_id|birth_date|residence\n1|1990-01-01|permanent"),
        ("supported_group", "person_id|group_code\n1|poor"),
    ]);
    assert_eq!(found, ["1 poor - 113850 0 0 - unknown false"]);
}

#[test]
fn voluntary_payers_get_the_best_of_their_groups() {
    let found = one(vec![
        (
            "person",
            "person_id|birth_date|residence
             1|1990-01-01|permanent
             2|1990-01-01|permanent
             3|1990-01-01|
             4|1990-01-01|permanent
             5|1990-01-01|permanent
             6|1990-01-01|permanent
             7|1990-01-01|permanent",
        ),
        ("supported_group", "person_id|group_code\n1|ethnic\n1|near_poor\n4|veteran_club"),
        ("bhxh_month", "person_id|month\n5|2026-10-01"),
        (
            "voluntary_payment",
            "person_id|chosen_income|method|from_month|to_month|support_state|support_city
             1|1500000|1|2026-10-01|2026-10-01|132000|198000
             2|3000000|3|2026-09-01|2026-11-01|198000|198000
             3|1500000|1|2026-10-01|2026-10-01|66000|0
             4|1500000|12|2026-02-01|2027-01-01|0|0
             5|1500000|1|2026-10-01|2026-10-01|66000|66000
             6|900000|1|2026-10-01|2026-10-01|66000|66000
             7|1500000|Đóng một lần cho thời gian còn thiếu|2026-10-01|2026-10-01|0|0",
        ),
    ]);
    let voluntary: Vec<String> = found.into_iter().filter(|line| line.ends_with("false") || line.ends_with("true")).collect();
    let expected = [
        // Có cả bảo hiểm y tế của nhóm: 100 % của Thành phố cho người dân tộc thiểu số chưa có thẻ.
        "1 ethnic near_poor 0 113850 0 - unknown false",
        "1 near_poor ethnic,other 132000 198000 0 - supported false",
        "2 other - 66000 66000 528000 - supported false",
        "3 other - 66000 0 264000 66000 supported false",
        "4 veteran_club - 0 113850 0 - unknown false",
        // Đóng từ tháng 02/2026: mức của Thành phố khi đó là 10 %.
        "4 club - 66000 33000 231000 - paying_self false",
        // Đang đóng BHXH bắt buộc: cần rà soát.
        "5 other - 66000 66000 198000 - supported true",
        // Thấp hơn mức thu nhập thấp nhất: không tính được.
        "6 other - 0 0 0 - unknown false",
    ];
    assert_eq!(voluntary, expected);
}

const QUARTER_PEOPLE: &str = "person_id|birth_date|commune|residence|alive_on_period_end|death_date
     1|1990-01-01|00004|permanent||
     2|1990-01-01|00004|permanent||
     3|1990-01-01|00004|permanent|false|2026-12-10
     4|1990-01-01||permanent||
     5|1964-03-01|00008|||
     6|1990-01-01|00008|permanent||";

fn quarter() -> Hand {
    vec![
        ("person", QUARTER_PEOPLE),
        (
            "supported_group",
            "person_id|group_code|to_date
             1|near_poor|
             2|near_poor|2026-11-30
             3|near_poor|
             4|poor|
             5|farm_average|
             6|village_health|",
        ),
        ("bhxh_month", "person_id|month\n6|2026-11-01"),
        (
            "bhyt_card",
            "person_id|card_number|object_code|valid_from|valid_to
             1|CN1|CN|2026-11-01|2026-12-31
             2|CN2|CN|2026-01-01|2026-11-30
             3|CN3|CN|2026-01-01|2026-12-31
             4|HN4|HN|2026-01-01|2026-12-31
             5|GB5|GB|2026-01-01|2026-12-31
             6|KT6|KT|2026-01-01|2026-12-31",
        ),
    ]
}

const BILL: [&str; 12] = [
    "scheme",
    "payer",
    "group_code",
    "commune",
    "people",
    "months",
    "amount",
    "people_before",
    "amount_before",
    "pending",
    "doubled",
    "doubled_amount",
];

#[test]
fn a_quarter_is_added_up_by_payer_group_and_commune() {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open(folder.path()).unwrap();
    let records = run(&book, "2026-12", quarter(), None);
    let expected = [
        // Chưa rõ thường trú: 70 % của Thành phố, ba tháng, để riêng.
        "health city farm_average 00008 0 0 0 - - 239085 0 0",
        // Tháng 11 có đóng BHXH bắt buộc: tháng đó để riêng chờ rà soát, hai tháng kia vẫn trả.
        "health city village_health 00008 1 2 113850 - - 0 1 56925",
        "health state farm_average 00008 1 3 102465 - - - 0 0",
        // 1: hai tháng; 2: hai tháng (tháng 12 hết hạn); 3 mất ngày 10/12: hai tháng.
        "health state near_poor 00004 3 6 478170 - - - 0 0",
        "health state poor - 1 3 341550 - - - 0 0",
        "health state village_health 00008 1 2 113850 - - - 1 56925",
    ];
    assert_eq!(lines(&book, &records, "support_bill", &BILL), expected);
}

#[test]
fn the_quarter_before_stands_beside_it_only_when_it_was_run_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open(folder.path()).unwrap();
    let brief = ["group_code", "people", "amount", "people_before", "amount_before"];
    let january = |previous: &RunManifest| {
        let hand = vec![
            ("person", "person_id|birth_date|commune|residence\n4|1990-01-01||permanent"),
            ("supported_group", "person_id|group_code\n4|poor"),
            ("bhyt_card", "person_id|card_number|object_code\n4|HN4|HN"),
        ];
        run(&book, "2027-01", hand, Some(previous))
    };
    let whole = manifest("2026-12", run(&book, "2026-12", quarter(), None));
    let first = january(&whole);
    let after = lines(&book, &first, "support_bill", &brief);
    assert!(after.contains(&"poor 1 113850 1 341550".to_owned()), "{after:?}");
    assert!(after.contains(&"near_poor 0 0 3 478170".to_owned()), "a line that ended keeps what it was: {after:?}");
    // The next month of the quarter carries it on.
    let second = manifest("2027-01", first);
    let hand = vec![
        ("person", "person_id|birth_date|commune|residence\n4|1990-01-01||permanent"),
        ("supported_group", "person_id|group_code\n4|poor"),
        ("bhyt_card", "person_id|card_number|object_code\n4|HN4|HN"),
    ];
    let february = run(&book, "2027-02", hand, Some(&second));
    let carried = lines(&book, &february, "support_bill", &brief);
    assert!(carried.contains(&"poor 1 227700 1 341550".to_owned()), "{carried:?}");
    assert!(carried.contains(&"near_poor 0 0 3 478170".to_owned()), "{carried:?}");
    // A quarter that was left off in its middle is no quarter to compare with.
    let half = manifest("2026-11", run(&book, "2026-11", quarter(), None));
    let after = lines(&book, &january(&half), "support_bill", &brief);
    assert_eq!(after, ["poor 1 113850 - -"]);
}

#[test]
fn the_sheet_and_the_people_agree_to_the_dong() {
    // In the first month of a quarter the sheet is exactly the people who are supported and not twice.
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open(folder.path()).unwrap();
    let records = run(&book, "2026-10", quarter(), None);
    let mut people: BTreeMap<(String, &str), (i64, i64)> = BTreeMap::new();
    let columns = ["group_code", "standing", "doubled", "state", "city"];
    for line in lines(&book, &records, "support_entitlement", &columns) {
        let cells: Vec<&str> = line.split(' ').collect();
        if cells[1] != "supported" || cells[2] == "true" {
            continue;
        }
        for (payer, amount) in [("state", cells[3]), ("city", cells[4])] {
            let amount: i64 = amount.parse().unwrap();
            let line = people.entry((cells[0].to_owned(), payer)).or_default();
            *line = (line.0 + i64::from(amount > 0), line.1 + amount);
        }
    }
    people.retain(|_, (count, _)| *count > 0);
    let mut sheet: BTreeMap<(String, &str), (i64, i64)> = BTreeMap::new();
    for line in lines(&book, &records, "support_bill", &["group_code", "payer", "people", "amount"]) {
        let cells: Vec<&str> = line.split(' ').collect();
        let payer = PAYERS.into_iter().find(|p| *p == cells[1]).unwrap();
        let line = sheet.entry((cells[0].to_owned(), payer)).or_default();
        *line = (line.0 + cells[2].parse::<i64>().unwrap(), line.1 + cells[3].parse::<i64>().unwrap());
    }
    sheet.retain(|_, (count, _)| *count > 0);
    assert_eq!(people.len(), 5);
    assert_eq!(people, sheet);
}

#[test]
fn quarters_begin_in_january_april_july_october() {
    let of = |month: &str| quarter_of(month.parse::<Month>().unwrap()).to_string();
    assert_eq!(
        ["2026-01", "2026-03", "2026-06", "2026-10", "2026-12"].map(of),
        ["2026-01", "2026-01", "2026-04", "2026-10", "2026-10"]
    );
    let so_far: Vec<String> = quarter_so_far("2026-11".parse().unwrap()).iter().map(Month::to_string).collect();
    assert_eq!(so_far, ["2026-10", "2026-11"]);
}
