//! The claims audit on both stores.

mod checks;
mod follow;
mod guards;
mod portal;
mod protected;
mod queue;
mod samples;
mod steps;
mod way;

use base::{Actor, Area, Date, Dong, FindingKey, Purpose, Role, Scope, Strength, SubjectKind};
use desk::{
    AnswerKind, CheckAnswer, ChecklistAnswer, DecidedLine, Desk, DeskError, FacilityVisitKind, LineDecision, NewAnswer,
    NewFacilityVisit, NewFile, NewProtectedOpening, NewReview, NewReviewLine, NewReviewSample, NewReviewStep, ProposedLine,
    ReviewCase, ReviewFileKind, ReviewLine, ReviewNotice, ReviewRefusal, ReviewStepKind, SampleConfidence, SampleUnit,
    SettledLine, facility_unit,
};

use crate::support::{HA_DONG, city_officer, code, communes};

/// A hospital in Hà Đông, and another one.
pub const HOSPITAL: &str = "01001";
pub const OTHER: &str = "01002";

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The day cases are sent, and the last of three working days: 2 November 2026 is a Monday.
pub fn sent() -> Date {
    day("2026-11-02")
}

pub fn due() -> Date {
    day("2026-11-05")
}

/// A second officer of the city.
pub fn second() -> Scope {
    Scope { actor: Actor("u-city-2".into()), ..city_officer() }
}

/// An auditor of a base office over Hà Đông.
pub fn auditor() -> Scope {
    Scope {
        actor: Actor("u-base".into()),
        unit: "bhxh-cs-1".into(),
        area: communes(&[HA_DONG]),
        role: Role::BaseOfficer,
        ..city_officer()
    }
}

/// Somebody of a facility.
pub fn staff(facility: &str) -> Scope {
    Scope {
        actor: Actor(format!("u-kcb-{facility}")),
        unit: facility_unit(facility),
        area: Area::Communes([].into()),
        role: Role::FacilityStaff,
        purpose: Purpose::Operation,
        acting_for: None,
    }
}

pub fn refused<T: std::fmt::Debug>(answer: Result<T, DeskError>) -> ReviewRefusal {
    match answer {
        Err(DeskError::ReviewRefused { why }) => why,
        other => panic!("not refused: {other:?}"),
    }
}

pub fn line(visit: i64, rule: &str, table: &str, number: i64, asked: i64) -> NewReviewLine {
    let place = format!("{table}:{number}");
    NewReviewLine {
        finding: FindingKey::new(rule, SubjectKind::Visit, &visit.to_string(), &[&place]),
        rule: rule.into(),
        strength: Strength::Explain,
        line_table: Some(table.into()),
        line_no: Some(number),
        asked: Dong::new(asked),
        reason: "Thuốc ngoài chỉ định đã đăng ký".into(),
        law: "Thông tư số 12/2026/TT-BTC, Điều 10".into(),
    }
}

/// A visit that asks 1,000,000 đồng, with a medicine of 200,000 and a service of 300,000 that rules found.
pub fn review(visit: i64, facility: &str) -> NewReview {
    NewReview {
        visit,
        facility: facility.into(),
        commune: Some(code(HA_DONG)),
        period: "2026-10".parse().unwrap(),
        portal_code: Some(format!("HS-{visit}")),
        billed: Dong::new(1_000_000),
        expected: Dong::new(400_000),
        lines: vec![line(visit, "claim-drug-scope", "XML2", 4, 200_000), line(visit, "claim-service-double", "XML3", 1, 300_000)],
    }
}

/// Opens one case; gives it with its lines, the medicine first.
pub async fn opened(desk: &Desk, new: NewReview) -> (ReviewCase, Vec<ReviewLine>) {
    let form = format!("open-{:08}", new.visit);
    let made = desk.open_reviews(&city_officer(), vec![new], &form).await.unwrap();
    let record = desk.review(&city_officer(), &made[0].id).await.unwrap();
    (record.case, record.lines)
}

pub fn proposed(line: &ReviewLine, amount: i64) -> ProposedLine {
    ProposedLine {
        line: line.id.clone(),
        proposed: Dong::new(amount),
        reason: "Chỉ định không phù hợp chẩn đoán".into(),
        law: "Thông tư số 12/2026/TT-BTC, Điều 10 khoản 1".into(),
    }
}

/// Opens a case, proposes 150,000 of the medicine and all of the service, and sends it.
pub async fn sent_case(desk: &Desk, visit: i64, facility: &str) -> (ReviewCase, Vec<ReviewLine>) {
    let officer = city_officer();
    let (case, lines) = opened(desk, review(visit, facility)).await;
    let what = [proposed(&lines[0], 150_000), proposed(&lines[1], 300_000)];
    let case = desk.propose_review(&officer, &case.id, case.version, &what, &format!("propose-{visit:06}")).await.unwrap();
    let notice = ReviewNotice::OwnChannel("Gửi qua Cổng giám định ngày 02/11/2026".into());
    let form = format!("send-{visit:08}");
    let case = desk.send_review(&officer, &case.id, case.version, &notice, sent(), due(), &form).await.unwrap();
    let lines = desk.review(&officer, &case.id).await.unwrap().lines;
    (case, lines)
}

pub fn explains(line: Option<&ReviewLine>) -> NewAnswer {
    NewAnswer {
        line: line.map(|line| line.id.clone()),
        kind: AnswerKind::Explain,
        text: "Có hội chẩn ngày 12/10/2026, kèm biên bản".into(),
        amount: None,
    }
}

pub fn decided(line: &ReviewLine, decision: LineDecision, amount: i64) -> DecidedLine {
    DecidedLine { line: line.id.clone(), decision, refused: Dong::new(amount), reason: "Hồ sơ chưa chứng minh".into() }
}

/// The medicine refused as proposed, the service for 100,000 of 300,000.
pub fn verdict(lines: &[ReviewLine]) -> [DecidedLine; 2] {
    [decided(&lines[0], LineDecision::Refused, 150_000), decided(&lines[1], LineDecision::Adjusted, 100_000)]
}

/// A case with a decision in force: 250,000 refused.
pub async fn decided_case(desk: &Desk, visit: i64, facility: &str) -> (ReviewCase, Vec<ReviewLine>) {
    let officer = city_officer();
    let (case, lines) = sent_case(desk, visit, facility).await;
    let hospital = staff(facility);
    let form = |what: &str| format!("{what}-{visit:06}");
    desk.answer_review(&hospital, &case.id, case.version, &[explains(None)], due(), &form("answer")).await.unwrap();
    let signed =
        desk.decide_review(&officer, &case.id, case.version + 1, &verdict(&lines), due(), &form("decide")).await.unwrap();
    let case = desk.countersign_review(&second(), &case.id, signed.version, &form("counter")).await.unwrap();
    (case, desk.review(&officer, &signed.id).await.unwrap().lines)
}

/// A case whose appeal was settled: the service is paid after all, the medicine stays refused.
pub async fn final_case(desk: &Desk, visit: i64, facility: &str) -> ReviewCase {
    let (case, lines) = decided_case(desk, visit, facility).await;
    let form = |what: &str| format!("{what}-{visit:06}");
    let hospital = staff(facility);
    let text = "Đề nghị xem lại biên bản hội chẩn";
    let (today, last) = (day("2026-11-10"), day("2026-11-20"));
    desk.appeal_review(&hospital, &case.id, case.version, &[], text, today, last, &form("appeal")).await.unwrap();
    let settled = [
        SettledLine { line: lines[0].id.clone(), overturned: Dong::ZERO, reason: "Không có căn cứ mới".into() },
        SettledLine { line: lines[1].id.clone(), overturned: Dong::new(100_000), reason: "Biên bản hợp lệ".into() },
    ];
    let signed = desk.settle_review(&city_officer(), &case.id, case.version + 1, &settled, &form("settle")).await.unwrap();
    desk.countersign_review(&second(), &case.id, signed.version, &form("counter2")).await.unwrap()
}

pub fn pdf(name: &str) -> NewFile {
    NewFile { name: name.into(), bytes: format!("%PDF-1.7 {name}").into_bytes() }
}

pub fn sample(seed: &str, size: i64) -> NewReviewSample {
    NewReviewSample {
        facility: HOSPITAL.into(),
        commune: Some(code(HA_DONG)),
        period: "2026-10".parse().unwrap(),
        seed: seed.into(),
        confidence: SampleConfidence::P95,
        size,
        population: (1..=100).map(|visit| SampleUnit { visit, amount: Dong::new(visit * 1_000) }).collect(),
        reason: "Giám định chủ động quý IV".into(),
    }
}

pub fn check(facility: &str, day_of: &str, cases: &[&str]) -> NewFacilityVisit {
    let answer = |item: &str, answer| ChecklistAnswer { item: item.into(), answer, note: None };
    NewFacilityVisit {
        facility: facility.into(),
        commune: Some(code(HA_DONG)),
        kind: FacilityVisitKind::Contract,
        day: day(day_of),
        answers: vec![
            answer("posted-prices", CheckAnswer::Yes),
            answer("bed-count", CheckAnswer::No),
            answer("blood-store", CheckAnswer::NotApplicable),
        ],
        cases: cases.iter().map(|case| (*case).to_owned()).collect(),
        summary: "Thiếu 4 giường so với hợp đồng".into(),
    }
}

/// The opening of a visit in Hà Đông.
pub fn opening(visit: i64, reason: &str, form: &str) -> NewProtectedOpening {
    NewProtectedOpening {
        visit,
        facility: HOSPITAL.into(),
        commune: Some(code(HA_DONG)),
        reason: reason.into(),
        client_tx: form.into(),
    }
}

/// A step of an active audit or of the minutes.
pub fn step(kind: ReviewStepKind, on: &str, due: Option<&str>) -> NewReviewStep {
    NewReviewStep { kind, day: day(on), due: due.map(day), note: None }
}

/// A row in every table of the audit.
pub async fn fill(desk: &Desk) {
    let city = city_officer();
    let ended = final_case(desk, 9_001, HOSPITAL).await;
    let (open, _) = sent_case(desk, 9_002, OTHER).await;
    desk.attach_review(&city, &ended.id, ReviewFileKind::Minutes, pdf("a.pdf"), "review-fill-1").await.unwrap();
    let end = desk.review(&city, &ended.id).await.unwrap().case.changed_at + 1;
    desk.erase_cases(&Scope::system(), day("2026-11-01"), end, Some("Quyết định 03")).await.unwrap();
    desk.attach_review(&city, &open.id, ReviewFileKind::Other, pdf("b.pdf"), "review-fill-2").await.unwrap();
    let minutes = step(ReviewStepKind::MinutesMade, "2026-11-03", Some("2026-11-05"));
    desk.record_review_step(&city, &open.id, open.version, &minutes, due(), "review-fill-6").await.unwrap();
    desk.draw_review_sample(&city, &sample("fill", 5), "review-fill-3").await.unwrap();
    let found = check(HOSPITAL, "2026-10-20", &[&ended.id]);
    desk.record_facility_visit(&city, &found, day("2026-10-31"), "review-fill-4").await.unwrap();
    let why = "Đối chiếu thuốc với chỉ định của vụ việc";
    desk.open_protected(&city, opening(9_001, why, "review-fill-5")).await.unwrap();
}
