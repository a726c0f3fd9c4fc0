//! Asking: dates, selectors, abolition, errors and the JSON of an answer.

use base::{Date, Dong, Explain};
use law::{Law, LookupError, Value};

use crate::folder;

const FEE: &str = "
key: test.fee
description: {vi: Lệ phí thử, en: A fee that only tests know}
unit: dong
values:
  - {from: 2020-01-01, value: 100, reference: {law: Luật thử, article: Điều 1}, confidence: V}
  - {from: 2022-03-01, value: null, reference: {law: Luật thử, article: Điều 2}, confidence: V}
  - {from: 2024-01-01, value: 250, reference: {law: Luật thử, article: Điều 3}, confidence: U}
";

const BY_REGION: &str = "
key: test.region
description: {vi: Mức theo vùng, en: Something by region}
unit: days
selector: {name: region, values: [I, II]}
values:
  - {from: 2020-01-01, value: {I: 1, II: 2}, reference: {law: Luật thử, article: Điều 1}, confidence: K}
  - {from: 2021-01-01, value: {I: 3, II: null}, reference: {law: Luật thử, article: Điều 1}, confidence: C}
  - {from: 2022-01-01, value: null, reference: {law: Luật thử, article: Điều 1}, confidence: V}
";

fn law() -> Law {
    Law::load([("test/fee.yaml", FEE), ("test/region.yaml", BY_REGION)]).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_value_holds_from_its_day_to_the_day_before_the_next() {
    let law = law();
    let fee = |text| law.at("test.fee", day(text), None).unwrap().cloned();
    let dong = |amount| Some(Value::Dong(Dong::new(amount)));
    assert_eq!(fee("2020-01-01"), dong(100));
    assert_eq!(fee("2022-02-28"), dong(100));
    assert_eq!(fee("2022-03-01"), None);
    assert_eq!(fee("2023-12-31"), None);
    assert_eq!(fee("2024-01-01"), dong(250));
    assert_eq!(fee("2999-12-31"), dong(250));
}

#[test]
fn before_the_first_value_is_an_error_and_not_nothing() {
    let error = law().at("test.fee", day("2019-12-31"), None).unwrap_err();
    assert_eq!(error.to_string(), "`test.fee` has no value on 2019-12-31: its first one is from 2020-01-01");
    assert_eq!(
        error.remedy(),
        "ask for a day from 2020-01-01 on, or add the earlier value with its citation to law/test/fee.yaml"
    );
}

#[test]
fn a_selector_is_given_exactly_when_there_is_one() {
    let law = law();
    let region = |text, selector| law.at("test.region", day(text), selector).map(|value| value.cloned());
    assert_eq!(region("2020-06-01", Some("II")), Ok(Some(Value::Int(2))));
    assert_eq!(region("2021-06-01", Some("I")), Ok(Some(Value::Int(3))));
    assert_eq!(region("2021-06-01", Some("II")), Ok(None));
    assert_eq!(region("2022-01-01", Some("I")), Ok(None));
    assert_eq!(region("2020-06-01", None).unwrap_err().to_string(), "`test.region` differs by region; one of I, II is needed");
    assert_eq!(region("2020-06-01", Some("III")).unwrap_err().to_string(), "`test.region` knows no `III`; it knows I, II");
    let error = law.at("test.fee", day("2020-06-01"), Some("I")).unwrap_err();
    assert_eq!(error.to_string(), "`test.fee` is the same for all, but `I` was asked for");
    // The selector is judged before the date, so that a rule is refused whatever day it is tried on.
    assert!(matches!(region("1900-01-01", None), Err(LookupError::SelectorNeeded { .. })));
}

#[test]
fn a_misspelled_key_gets_a_suggestion() {
    let error = folder::law().at("bhyt.brake_days", day("2026-01-01"), None).unwrap_err();
    assert_eq!(error.to_string(), "the law has no parameter `bhyt.brake_days`");
    assert_eq!(error.remedy(), "did you mean `bhyt.break_days`? `ansinh law list` names all");
    let far = folder::law().at("weather", day("2026-01-01"), None).unwrap_err();
    assert_eq!(far, LookupError::UnknownKey { key: "weather".to_owned(), nearest: None });
}

#[test]
fn an_answer_has_exactly_the_promised_keys() {
    let shown = folder::law().show("bhxh.reference_level", day("2026-06-30"), None).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown).unwrap(), @r#"
    {
      "value": 2340000,
      "unit": "dong",
      "from": "2024-07-01",
      "to": "2026-06-30",
      "reference": {
        "law": "Nghị định 73/2024/NĐ-CP",
        "article": "Điều 3",
        "clause": null,
        "note": "Số điều theo hiểu biết chung, cần đối chiếu với văn bản."
      },
      "confidence": "V"
    }
    "#);
    let shown = folder::law().show("bhyt.household_step", day("2026-10-31"), Some("2")).unwrap();
    insta::assert_snapshot!(
        serde_json::to_string(&shown).unwrap(),
        @r#"{"value":"0.7","unit":"rate","from":"2025-07-01","to":null,"reference":{"law":"Luật Bảo hiểm y tế, được sửa đổi, bổ sung bởi Luật số 51/2024/QH15","article":"Điều 13","clause":"khoản 6","note":null},"confidence":"V"}"#
    );
    let abolished = law().show("test.fee", day("2023-01-01"), None).unwrap();
    insta::assert_snapshot!(
        serde_json::to_string(&abolished).unwrap(),
        @r#"{"value":null,"unit":"dong","from":"2022-03-01","to":"2023-12-31","reference":{"law":"Luật thử","article":"Điều 2","clause":null,"note":null},"confidence":"V"}"#
    );
}

#[test]
fn steps_serve_a_column_of_dates() {
    let law = law();
    let parameter = law.known("test.region").unwrap();
    let steps: Vec<(String, Option<i32>)> = parameter
        .steps(Some("II"))
        .unwrap()
        .into_iter()
        .map(|(from, value)| (from.to_string(), value.and_then(Value::int)))
        .collect();
    let expected = [("2020-01-01", Some(2)), ("2021-01-01", None), ("2022-01-01", None)];
    assert_eq!(steps, expected.map(|(from, value)| (from.to_owned(), value)));
}

#[test]
fn a_day_of_change_is_one_on_which_something_changes() {
    let law = folder::law();
    let days = |key| law.known(key).unwrap().change_days().map(|day| day.to_string()).collect::<Vec<_>>();
    // The law of 2025 kept the one month of 2018: a new citation, not a change.
    assert_eq!(days("bhxh.compulsory.min_contract_months"), ["2016-01-01", "2018-01-01"]);
    assert_eq!(days("bhtn.min_contract_months"), ["2015-01-01", "2026-01-01"]);
}
