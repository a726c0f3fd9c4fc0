//! What the loader refuses, with file, line and column.

use base::Explain;
use law::{Law, LawErrors};
use proptest::prelude::*;

/// A file without fault; each test spoils one thing in it.
const GOOD: &str = "\
key: test.fee
description:
  vi: Lệ phí thử
  en: A fee that only tests know
unit: dong
values:
  - from: 2020-01-01
    value: 100
    reference:
      law: Luật thử
      article: Điều 1
    confidence: V
  - from: 2022-01-01
    value: 200
    reference:
      law: Luật thử
      article: Điều 2
    confidence: K
";

/// The same with a selector.
const SELECTED: &str = "\
key: test.fee
description: {vi: Lệ phí thử, en: A fee that only tests know}
unit: dong
selector: {name: region, values: [I, II]}
values:
  - from: 2020-01-01
    value: {I: 100, II: 200}
    reference: {law: Luật thử, article: Điều 1}
    confidence: V
";

fn refused(text: &str) -> LawErrors {
    Law::load([("test/fee.yaml", text)]).unwrap_err()
}

/// Replaces one piece of a good file and compares the faults, one a line, each after `test/fee.yaml:`.
fn check(good: &str, cases: &[(&str, &str, &[&str])]) {
    for (from, to, expected) in cases {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "`{from}` is not in the file");
        let faults: Vec<String> = refused(&bad).iter().map(|error| error.to_string()).collect();
        let expected: Vec<String> = expected.iter().map(|fault| format!("test/fee.yaml:{fault}")).collect();
        assert_eq!(faults, expected, "`{from}` -> `{to}`");
    }
}

#[test]
fn the_good_files_load() {
    assert!(Law::load([("test/fee.yaml", GOOD)]).is_ok());
    assert!(Law::load([("test/fee.yaml", SELECTED)]).is_ok());
}

#[test]
fn what_must_be_there_and_is_not() {
    check(
        GOOD,
        &[
            ("key: test.fee\n", "", &["1:1: `key` is missing"]),
            ("unit: dong\n", "", &["1:1: `unit` is missing"]),
            ("description:\n  vi: Lệ phí thử\n  en: A fee that only tests know\n", "", &["1:1: `description` is missing"]),
            ("  en: A fee that only tests know\n", "", &["3:3: `en` is missing"]),
            ("  - from: 2020-01-01\n    value", "  - value", &["7:5: `from` is missing"]),
            ("    value: 200\n", "", &["13:5: `value` is missing"]),
            ("    reference:\n      law: Luật thử\n      article: Điều 2\n", "", &["13:5: `reference` is missing"]),
            ("      law: Luật thử\n", "", &["10:7: `law` is missing"]),
            ("      article: Điều 2\n", "", &["16:7: the reference names no `article`, and has no `note` that says why"]),
            ("    confidence: K\n", "", &["13:5: `confidence` is missing"]),
        ],
    );
    let (head, _) = GOOD.split_once("values:").unwrap();
    assert_eq!(refused(head).to_string(), "test/fee.yaml:1:1: `values` is missing");
}

#[test]
fn what_is_there_without_content() {
    check(
        GOOD,
        &[
            ("law: Luật thử", "law: ''", &["10:12: `law` is empty"]),
            ("law: Luật thử", "law:", &["10:10: `law` is empty"]),
            ("article: Điều 1", "article: \" \"", &["11:16: `article` is empty"]),
            ("vi: Lệ phí thử", "vi:", &["3:5: `vi` is empty"]),
            ("    reference:\n      law: Luật thử\n      article: Điều 1\n", "    reference:\n", &["9:14: `reference` is empty"]),
            ("confidence: V", "confidence: V\n    note:", &["13:9: `note` is empty"]),
            ("key: test.fee", "key:", &["1:4: `key` is empty"]),
            ("from: 2020-01-01", "from:", &["7:9: `from` is empty"]),
        ],
    );
    let (head, _) = GOOD.split_once("values:").unwrap();
    assert_eq!(refused(&format!("{head}values: []\n")).to_string(), "test/fee.yaml:6:9: `values` is empty");
    assert_eq!(refused("").to_string(), "test/fee.yaml:1:1: `the file` is empty");
    assert_eq!(refused("# nothing yet\n").to_string(), "test/fee.yaml:2:1: `the file` is empty");
}

#[test]
fn what_is_no_part_of_a_parameter() {
    check(
        GOOD,
        &[
            (
                "    confidence: V",
                "    confidense: V",
                &["7:5: `confidence` is missing", "12:5: unknown key `confidense`; did you mean `confidence`?"],
            ),
            ("unit: dong", "unit: dong\ntitle: more", &["6:1: unknown key `title`"]),
            ("  en: A", "  fr: Un droit\n  en: A", &["4:3: unknown key `fr`"]),
            ("  en: A", "  vi: Lệ phí khác\n  en: A", &["4:3: `vi` is there twice"]),
            ("key: test.fee", "key: test.fees", &["1:6: the key is `test.fees`, but the path of the file makes it `test.fee`"]),
            (
                "unit: dong",
                "unit: đồng",
                &[
                    "5:7: unknown unit `đồng`; the units are dong, rate, days, months, years, count, flag, date, dates, code, codes",
                ],
            ),
            ("confidence: V", "confidence: sure", &["12:17: unknown confidence `sure`; the marks are V, B, C, K, U"]),
            (
                "reference:\n      law: Luật thử\n      article: Điều 1",
                "reference: Luật thử",
                &["9:16: `reference` must be a mapping `name: value`"],
            ),
            ("values:\n", "values:\n  - 5\n", &["7:5: `values` must be a mapping `name: value`"]),
        ],
    );
}

#[test]
fn dates_that_do_not_ascend_or_do_not_exist() {
    check(
        GOOD,
        &[
            ("from: 2020-01-01", "from: 2020-02-30", &["7:11: there is no day 30/02/2020"]),
            ("from: 2020-01-01", "from: 01/01/2020", &["7:11: `01/01/2020` is not a date of the form yyyy-mm-dd"]),
            (
                "from: 2022-01-01",
                "from: 2019-01-01",
                &["13:11: 2019-01-01 stands below 2020-01-01, but the oldest date comes first"],
            ),
            ("from: 2022-01-01", "from: 2020-01-01", &["13:11: 2020-01-01 is there twice"]),
        ],
    );
}

#[test]
fn what_cannot_be_read() {
    check(
        GOOD,
        &[
            (
                "vi: Lệ phí thử\n",
                "vi: Lệ phí: thử\n",
                &["3:13: not readable as YAML: mapping values are not allowed in this context"],
            ),
            (
                "  vi: Lệ phí thử\n",
                "\tvi: Lệ phí thử\n",
                &["3:2: not readable as YAML: tabs disallowed within this context (block indentation)"],
            ),
            ("article: Điều 2", "article: \"Điều 2", &["17:16: not readable as YAML: unclosed quote"]),
            (
                "key: test.fee",
                "key: test.fee\n---\nkey: again",
                &["3:1: not readable as YAML: a second document begins; a file holds one parameter"],
            ),
            ("value: 100", "value: !money 100", &["8:19: not readable as YAML: unsupported tag `!money`"]),
            ("value: 200", "value: *b", &["14:12: not readable as YAML: alias references unknown anchor"]),
        ],
    );
}

#[test]
fn a_selector_and_its_values_belong_together() {
    check(
        SELECTED,
        &[
            ("I: 100, II: 200", "I: 100", &["7:12: the value for II is missing"]),
            ("I: 100, II: 200", "I: 100, II: 200, V: 300", &["7:30: `V` is not a value of the selector; it has I, II"]),
            ("I: 100, II: 200", "I: 100, II: two", &["7:25: `two` is not a value in dong"]),
            ("I: 100, II: 200", "I: 100, II: 200, I: 300", &["7:30: `I` is there twice"]),
            (
                "{I: 100, II: 200}",
                "100",
                &["7:12: one value for all, but the parameter has a selector; it needs a value for each of I, II"],
            ),
            ("[I, II]", "[I, II, I]", &["4:42: the selector value `I` is there twice"]),
            ("[I, II]", "[]", &["4:34: `selector: values` is empty"]),
            ("[I, II]", "I", &["4:34: `selector: values` must be a list"]),
            ("name: region", "nome: region", &["4:11: `name` is missing", "4:12: unknown key `nome`; did you mean `name`?"]),
            ("{name: region, values: [I, II]}", "region", &["4:11: `selector` must be a mapping `name: value`"]),
            (
                "selector: {name: region, values: [I, II]}\n",
                "",
                &["6:12: values by selector, but the parameter has no `selector`"],
            ),
        ],
    );
}

#[test]
fn money_is_whole_dong_without_separators() {
    for text in ["100.5", "1e3", "1_000", "1.000", "0100", "-100", "0x64", "true", "99999999999999999999", ".inf", "hundred"] {
        let errors = refused(&GOOD.replacen("100", text, 1));
        assert_eq!(errors.to_string(), format!("test/fee.yaml:8:12: `{text}` is not a value in dong"));
        assert_eq!(errors.iter().next().unwrap().remedy(), "dong is whole đồng without separators, e.g. 2530000");
    }
}

#[test]
fn a_value_must_be_of_its_unit() {
    for (unit, value, shown) in [
        ("rate", "4,5%", "`4,5%`"),
        ("rate", "0.123456789", "`0.123456789`"),
        ("rate", "1e-2", "`1e-2`"),
        ("rate", "-0.1", "`-0.1`"),
        ("rate", "10000000000", "`10000000000`"),
        ("rate", "12345678901234567890123456789", "`12345678901234567890123456789`"),
        ("days", "90.5", "`90.5`"),
        ("months", "3000000000", "`3000000000`"),
        ("flag", "yes", "`yes`"),
        ("flag", "1", "`1`"),
        ("date", "2026-13-01", "`2026-13-01`"),
        ("code", "A B", "`A B`"),
        ("code", "A,B", "`A,B`"),
        ("codes", "A", "`A`"),
        ("code", "[A]", "`a list`"),
        ("codes", "[A, A]", "`[A, A]`"),
        ("codes", "[]", "`[]`"),
        ("codes", "[A, [B]]", "`[A]`"),
        ("codes", "[A, 'B,C']", "`[A, B,C]`"),
    ] {
        let bad = GOOD.replacen("unit: dong", &format!("unit: {unit}"), 1).replace("100", value).replace("200", "null");
        assert_eq!(refused(&bad).to_string(), format!("test/fee.yaml:8:12: {shown} is not a value in {unit}"));
    }
}

#[test]
fn all_faults_of_a_file_come_at_once() {
    let bad = GOOD.replace("100", "a hundred").replace("2022-01-01", "soon").replace("      law: Luật thử\n", "");
    assert_eq!(
        refused(&bad).to_string(),
        "\
test/fee.yaml:8:12: `a hundred` is not a value in dong
test/fee.yaml:10:7: `law` is missing
test/fee.yaml:12:11: `soon` is not a date of the form yyyy-mm-dd
test/fee.yaml:15:7: `law` is missing"
    );
}

#[test]
fn all_bad_files_come_at_once_in_order() {
    let files = [
        ("test/other.yaml", "key: test.other\nunit: dong\n"),
        ("test/fee.yaml", GOOD),
        ("broken.yaml", "{"),
        ("Fee.yaml", GOOD),
        ("fee.yml", GOOD),
        ("README.md", "# Not a parameter"),
        ("test/fee.yaml", GOOD),
    ];
    let errors = Law::load(files).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "\
Fee.yaml:1:1: a parameter file is named in small letters, digits and `_` and ends in .yaml, as bhxh/reference_level.yaml
broken.yaml:1:1: not readable as YAML: unclosed bracket '{'
fee.yml:1:1: a parameter file is named in small letters, digits and `_` and ends in .yaml, as bhxh/reference_level.yaml
test/fee.yaml:1:1: this file was given twice
test/other.yaml:1:1: `description` is missing
test/other.yaml:1:1: `values` is missing"
    );
    assert_eq!(errors.files(), 5);
    assert_eq!(errors.code(), "law_refused");
    assert_eq!(errors.place(), "law/Fee.yaml:1:1");
    assert!(errors.remedy().ends_with("test/other.yaml:1: add `values:`; docs/adding-a-parameter.md shows the form"));
}

proptest! {
    /// Whatever somebody types into a file, the answer is a law or faults that lie inside the file.
    #[test]
    fn a_spoiled_file_never_breaks_the_loader(
        at in 0usize..200, length in 0usize..12, put in "[a-zđ0-9:{}\\[\\],\"'&*!|>#\\- \n\t.]{0,8}",
    ) {
        for good in [GOOD, SELECTED] {
            let letters: Vec<char> = good.chars().collect();
            let (at, end) = (at.min(letters.len()), (at + length).min(letters.len()));
            let text: String = letters[..at].iter().copied().chain(put.chars()).chain(letters[end..].iter().copied()).collect();
            if let Err(errors) = Law::load([("test/fee.yaml", text.as_str())]) {
                prop_assert!(errors.iter().next().is_some());
                for error in errors.iter() {
                    prop_assert!(error.line >= 1 && error.line <= text.lines().count() as u64 + 1, "{error}");
                    prop_assert!(error.column >= 1, "{error}");
                }
            }
        }
    }
}

#[test]
fn scales_ascend_and_are_either_words_or_thresholds() {
    let scaled = |selector: &str, value: &str| {
        let (head, _) = GOOD.split_once("values:").unwrap();
        format!(
            "{head}selector: {selector}\nvalues:\n  - from: 2020-01-01\n    value: {value}\n    reference: {{law: Luật thử, article: Điều 1}}\n    confidence: V\n"
        )
    };
    let good = scaled("{name: workers, scale: [0, 10, 50]}", "{\"0\": 1, \"10\": 2, \"50\": 3}");
    assert!(Law::load([("test/fee.yaml", good.as_str())]).is_ok());
    for (selector, value, said) in [
        (
            "{name: workers, scale: [0, 10, 10]}",
            "{\"0\": 1, \"10\": 2}",
            "`10` is not a whole number larger than the threshold before it",
        ),
        ("{name: workers, scale: [0, ten]}", "{\"0\": 1}", "`ten` is not a whole number larger than the threshold before it"),
        (
            "{name: workers, scale: [10, 5]}",
            "{\"10\": 1, \"5\": 2}",
            "`5` is not a whole number larger than the threshold before it",
        ),
        ("{name: workers, scale: [0], values: [a]}", "{\"0\": 1}", "a selector has either `values` or `scale`"),
        ("{name: workers, scale: [0, 10]}", "{\"0\": 1}", "the value for 10 is missing"),
        ("{name: workers, scale: []}", "1", "`selector: scale` is empty"),
    ] {
        let errors = refused(&scaled(selector, value)).to_string();
        assert!(errors.contains(said), "{selector}: {errors}");
    }
}

#[test]
fn days_of_a_list_ascend() {
    let days = |value: &str| {
        let (head, _) = GOOD.split_once("values:").unwrap();
        let head = head.replace("unit: dong", "unit: dates");
        format!(
            "{head}values:\n  - from: 2026-01-01\n    value: {value}\n    reference: {{law: Luật thử, article: Điều 1}}\n    confidence: V\n"
        )
    };
    assert!(Law::load([("test/fee.yaml", days("[2026-01-01, 2026-02-16]").as_str())]).is_ok());
    for bad in ["[2026-02-16, 2026-01-01]", "[2026-01-01, 2026-01-01]", "[2026-02-30]", "2026-01-01", "[]"] {
        let errors = refused(&days(bad)).to_string();
        assert!(errors.contains("is not a value in dates"), "{bad}: {errors}");
    }
}
