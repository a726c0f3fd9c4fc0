//! Form 09/BH out, filled in, and back: taken whole, or refused row by row.

use std::collections::BTreeMap;

use base::Dong;
use chapter::SmallSheet;
use claimfile::TableId;
use desk::{AnswerKind, FacilityReview, FacilityReviewRecord, ReviewState};
use documents::sheet::{Cell, Language, Moment, Provenance, Sheet, write_xlsx};

use super::super::answer::Sorted;
use super::super::*;
use super::{CASE, day, lines, month, papers, places, vi};

pub(super) fn sent(id: &str) -> FacilityReviewRecord {
    let case = FacilityReview {
        id: id.into(),
        visit: 11,
        facility: "01001".into(),
        period: month("2026-10"),
        portal_code: Some("998877".into()),
        state: ReviewState::Sent,
        sent_on: day("2026-11-02"),
        due: day("2026-11-05"),
        answered_on: None,
        late: false,
        billed: Dong::new(900_000),
        asked: Dong::new(110_000),
        proposed: Dong::new(90_000),
        decided: Dong::ZERO,
        overturned: Dong::ZERO,
        collected: Dong::ZERO,
        version: 3,
    };
    FacilityReviewRecord { case, lines: lines(), answers: Vec::new(), files: Vec::new(), steps: Vec::new(), history: Vec::new() }
}

/// The file with columns filled in, as it is read when it comes back. `fill`: state, amount and reason of each row.
fn round(fill: &[(&str, Option<i64>, &str)]) -> Vec<SheetRow> {
    let form = papers().answer;
    let place = |name: &str| form.columns.iter().position(|column| column.name == name).unwrap();
    let mut rows = answer_rows(&form, &sent(CASE), ("LK-0001", &BTreeMap::new()), 1);
    assert_eq!(rows.len(), 2, "what is not proposed to be refused is not asked about");
    for (row, (state, amount, reason)) in rows.iter_mut().zip(fill) {
        row[place("state")] = if state.is_empty() { Cell::Empty } else { Cell::from(*state) };
        row[place("new_value")] = Cell::from(*amount);
        row[place("new_reason")] = if reason.is_empty() { Cell::Empty } else { Cell::from(*reason) };
    }
    let sheet = Sheet {
        name: "09-BH".into(),
        title: vec!["09/BH".into(), "Điền cột Trạng thái".into()],
        columns: form.sheet_columns(),
        rows,
        footer: vec![vi().t_args("claims-answer-file-doubt", &[("doubt", form.doubt.as_str().into())])],
        provenance: Provenance {
            language: Language::Vi,
            filter: "Bệnh viện Mẫu".into(),
            as_of: day("2026-11-03"),
            exported_by: "u-kcb".into(),
            purpose: vi().t("claims-form-purpose"),
            exported_at: Moment { date: day("2026-11-03"), hour: 8, minute: 0, second: 0 },
        },
    };
    let layout = answer_layout(&form);
    let mut read = Vec::new();
    let small = SmallSheet { layout: &layout, kind: "claim_answer", max_bytes: 4 << 20 };
    let bytes = write_xlsx(&sheet).unwrap();
    let rejects = small.read(bytes, &places(), &mut |row| read.push(SheetRow::of(row))).unwrap();
    assert_eq!((rejects.len(), read.len()), (0, 2), "{rejects:?}");
    read
}

pub(super) fn known(records: impl IntoIterator<Item = FacilityReviewRecord>) -> BTreeMap<String, FacilityReviewRecord> {
    records.into_iter().map(|record| (record.case.id.clone(), record)).collect()
}

pub(super) fn reasons(sorted: &Sorted) -> Vec<Why> {
    sorted.refused.iter().map(|(_, why)| why.clone()).collect()
}

#[test]
fn form_09_comes_back_as_the_answers_of_its_case() {
    let form = papers().answer;
    let rows = round(&[("2", Some(20_000), "Kê thừa, xin điều chỉnh"), ("3", None, "Có y lệnh, gửi kèm bệnh án")]);
    assert_eq!(rows[0].version, Some(3));
    let sorted = sort(&form, &rows, &known([sent(CASE)]));
    assert_eq!(reasons(&sorted), []);
    let case = &sorted.cases[0];
    assert_eq!((case.review.as_str(), case.version, case.answers.len()), (CASE, 3, 2));
    let said: Vec<_> = case.answers.iter().map(|one| (one.line.as_deref(), one.kind, one.amount)).collect();
    let expected = [(Some("l-a"), AnswerKind::Adjust, Some(Dong::new(20_000))), (Some("l-b"), AnswerKind::Explain, None)];
    assert_eq!(said, expected);
    let untouched = sort(&form, &round(&[]), &known([sent(CASE)]));
    assert_eq!((untouched.empty, untouched.cases.len(), untouched.refused.len()), (2, 0, 0));
}

#[test]
fn a_line_is_named_by_the_number_that_the_facility_gave_it() {
    let form = papers().answer;
    let place = form.columns.iter().position(|column| column.name == "line_no").unwrap();
    // The facility numbered the first line of its drugs 12; it sent no number for the second.
    let numbers = BTreeMap::from([((11, TableId::XML2, 1), 12), ((99, TableId::XML2, 2), 40), ((11, TableId::XML3, 2), 50)]);
    let rows = answer_rows(&form, &sent(CASE), ("LK-0001", &numbers), 1);
    let said: Vec<String> = rows.iter().map(|row| format!("{:?}", row[place])).collect();
    assert_eq!(said, [format!("{:?}", Cell::from("12")), format!("{:?}", Cell::from("2"))]);
}

#[test]
fn rows_that_are_old_foreign_or_wrong_are_refused_one_by_one() {
    let form = papers().answer;
    let good = || round(&[("1", None, "Xin rút dòng này"), ("3", None, "Có y lệnh trong bệnh án")]);
    // Another facility's cases are not among those that are known.
    assert_eq!(reasons(&sort(&form, &good(), &known([]))), [Why::Foreign, Why::Foreign]);
    let mut stale = good();
    stale[0].version = Some(2);
    assert_eq!(reasons(&sort(&form, &stale, &known([sent(CASE)]))), [Why::Stale, Why::Others]);
    let mut foreign = good();
    foreign[1].key = format!("{CASE}.l-c");
    assert_eq!(reasons(&sort(&form, &foreign, &known([sent(CASE)]))), [Why::Others, Why::Foreign], "a line that was not sent");
    let mut twice = good();
    twice[1].key = twice[0].key.clone();
    assert_eq!(reasons(&sort(&form, &twice, &known([sent(CASE)]))), [Why::Others, Why::Twice]);
    for (fill, why) in [
        (("9", None, "Xin rút dòng này"), Why::State),
        (("2", None, "Xin điều chỉnh"), Why::Amount),
        (("2", Some(60_000), "Xin điều chỉnh"), Why::Amount),
        (("1", Some(10), "Xin rút dòng này"), Why::Amount),
        (("1", None, "x"), Why::Reason),
        (("", None, ""), Why::Unfilled),
    ] {
        let rows = round(&[fill, ("3", None, "Có y lệnh trong bệnh án")]);
        assert_eq!(reasons(&sort(&form, &rows, &known([sent(CASE)]))), [why, Why::Others], "{fill:?}");
    }
    let half = vec![good().remove(0)];
    assert_eq!(reasons(&sort(&form, &half, &known([sent(CASE)]))), [Why::Others], "a row that was deleted is missed");
}
