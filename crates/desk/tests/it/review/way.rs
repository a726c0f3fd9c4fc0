//! A case from finding to settled appeal, and what the facility sees of it on the way.

use base::{Dong, Scope};
use desk::{
    AnswerKind, AppealOutcome, DeskError, LineDecision, NewAnswer, ReviewCase, ReviewFileKind, ReviewNotice, ReviewRefusal,
    ReviewState, SettledLine,
};

use super::{
    HOSPITAL, OTHER, auditor, day, decided, decided_case, due, explains, final_case, line, opened, pdf, proposed, refused,
    review, second, sent, sent_case, staff, verdict,
};
use crate::support::{Place, city_officer};

fn money(case: &ReviewCase) -> [i64; 5] {
    [case.asked, case.proposed, case.decided, case.overturned, case.upheld()].map(Dong::get)
}

#[tokio::test]
async fn a_case_goes_from_a_finding_to_a_settled_appeal() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (first, second, hospital) = (city_officer(), second(), staff(HOSPITAL));
        let made = desk.open_reviews(&first, vec![review(11, HOSPITAL)], "way-open-1").await.unwrap();
        assert_eq!((made[0].made, made[0].added), (true, 2));
        assert_eq!(desk.open_reviews(&first, vec![review(11, HOSPITAL)], "way-open-1").await, Ok(made.clone()), "sent twice");
        let id = made[0].id.as_str();
        let record = desk.review(&first, id).await.unwrap();
        assert_eq!((record.case.state, money(&record.case)), (ReviewState::Open, [500_000, 0, 0, 0, 0]));
        let lines = record.lines;

        let what = [proposed(&lines[0], 150_000), proposed(&lines[1], 300_000)];
        let case = desk.propose_review(&first, id, 1, &what, "way-propose-1").await.unwrap();
        assert_eq!((case.state, case.owner.as_deref()), (ReviewState::Proposed, Some("u-city")));
        assert_eq!(desk.propose_review(&first, id, 1, &what, "way-propose-1").await, Ok(case.clone()), "sent twice");
        assert_eq!(desk.facility_review(&hospital, id).await, Err(DeskError::NotFound { kind: "review" }), "no draft is seen");

        let notice = ReviewNotice::OwnChannel("Gửi qua Cổng giám định".into());
        let send = async |form: &str| desk.send_review(&first, id, 2, &notice, sent(), due(), form).await;
        let case = send("way-send-1").await.unwrap();
        assert_eq!((case.state, case.sent_on, case.due), (ReviewState::Sent, Some(sent()), Some(due())));
        assert_eq!(send("way-send-1").await, Ok(case.clone()), "sent twice is sent once");
        assert_eq!(refused(send("way-send-2").await), ReviewRefusal::Stale, "another form of the old page");
        assert_eq!(place.number("SELECT count(*) FROM review_event WHERE what = 'sent'").await, 1);

        let adjusts = NewAnswer {
            line: Some(lines[0].id.clone()),
            kind: AnswerKind::Adjust,
            text: "Kê thừa 2 viên, xin điều chỉnh".into(),
            amount: Some(Dong::new(120_000)),
        };
        let answers = [adjusts, explains(Some(&lines[1]))];
        let answered = desk.answer_review(&hospital, id, case.version, &answers, due(), "way-answer-1").await.unwrap();
        assert_eq!((answered.state, answered.late), (ReviewState::Answered, false), "the last day is in time");
        let again = desk.answer_review(&hospital, id, case.version, &answers, due(), "way-answer-1").await;
        assert_eq!(again, Ok(answered), "sent twice");
        assert_eq!(place.number("SELECT count(*) FROM review_answer").await, 2);

        let signed = desk.decide_review(&first, id, 4, &verdict(&lines), due(), "way-decide-1").await.unwrap();
        assert_eq!((signed.state, signed.decided), (ReviewState::Answered, Dong::ZERO), "one signature decides nothing");
        let pending = desk.review(&first, id).await.unwrap().case.pending.unwrap();
        assert_eq!((pending.signed_by.as_str(), pending.lines.len(), pending.settles), ("u-city", 2, false));
        let seen = desk.facility_review(&hospital, id).await.unwrap();
        assert!(seen.lines.iter().all(|line| line.decision.is_none()), "nor does the facility see what is signed once");
        let case = desk.countersign_review(&second, id, 5, "way-counter-1").await.unwrap();
        assert_eq!((case.state, money(&case)), (ReviewState::Decided, [500_000, 450_000, 250_000, 0, 250_000]));
        assert_eq!(case.pending, None);

        let against = [lines[1].id.clone()];
        let (today, last) = (day("2026-11-10"), day("2026-11-12"));
        let text = "Đề nghị xem lại biên bản hội chẩn";
        let appealed = desk.appeal_review(&hospital, id, 6, &against, text, today, last, "way-appeal-1").await.unwrap();
        assert_eq!(appealed.state, ReviewState::Appealed);
        let settled =
            [SettledLine {
                line: lines[1].id.clone(), overturned: Dong::new(60_000), reason: "Biên bản hợp lệ một phần".into()
            }];
        desk.settle_review(&first, id, 7, &settled, "way-settle-1").await.unwrap();
        let case = desk.countersign_review(&second, id, 8, "way-counter-2").await.unwrap();
        assert_eq!((case.state, money(&case)), (ReviewState::Final, [500_000, 450_000, 250_000, 60_000, 190_000]));

        let record = desk.review(&first, id).await.unwrap();
        let of = |at: usize| (record.lines[at].decision, record.lines[at].appealed, record.lines[at].appeal);
        assert_eq!(of(0), (Some(LineDecision::Refused), false, None), "nobody appealed against the medicine");
        assert_eq!(of(1), (Some(LineDecision::Adjusted), true, Some(AppealOutcome::Partly)));
        let told: Vec<&str> = record.history.iter().map(|event| event.what.as_str()).collect();
        let expected =
            ["opened", "proposed", "sent", "answered", "signed_decision", "decided", "appealed", "signed_settlement", "settled"];
        assert_eq!(told, expected);
        assert_eq!(record.history.iter().map(|event| event.version).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
        let seen = desk.facility_review(&hospital, id).await.unwrap();
        let shown: Vec<&str> = seen.history.iter().map(|event| event.what.as_str()).collect();
        assert_eq!(shown, ["sent", "answered", "decided", "appealed", "settled"]);
        assert!(desk.verify_audit().await.unwrap().is_whole());
        for sql in [
            "DELETE FROM review_case",
            "UPDATE review_case SET state = 'closed'",
            "UPDATE review_case SET version = version + 1, due = '2099-12-31'",
            "UPDATE review_line SET asked = 1",
            "UPDATE review_line SET decided = 0",
            "UPDATE review_event SET reason = 'x'",
            "UPDATE review_answer SET words = 'x'",
            "UPDATE review_signature SET second_by = 'u-x'",
            "DELETE FROM review_signature_line",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_case_takes_new_findings_until_it_is_sent() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (case, _) = opened(&desk, review(11, HOSPITAL)).await;
        let mut more = review(11, HOSPITAL);
        more.lines.push(line(11, "claim-bed-days", "XML3", 1, 250_000));
        more.expected = Dong::new(600_000);
        let added = desk.open_reviews(&officer, vec![more.clone()], "again-0001").await.unwrap();
        assert_eq!((added[0].made, added[0].added, &added[0].id), (false, 1, &case.id));
        assert_eq!(desk.open_reviews(&officer, vec![more], "again-0001").await, Ok(added), "sent twice");
        let record = desk.review(&officer, &case.id).await.unwrap();
        assert_eq!((record.case.version, record.lines.len(), record.case.expected), (2, 3, Dong::new(600_000)));
        assert_eq!(record.case.asked, Dong::new(500_000), "two findings about one line of the claim ask once");
        // Both findings about the service refuse its 300,000 once.
        let service: Vec<_> = record.lines.iter().filter(|line| line.line_table.as_deref() == Some("XML3")).collect();
        let twice = [proposed(service[0], 250_000), proposed(service[1], 60_000)];
        assert_eq!(refused(desk.propose_review(&officer, &case.id, 2, &twice, "again-0002").await), ReviewRefusal::AboveLimit);
        desk.propose_review(&officer, &case.id, 2, &[proposed(service[0], 1_000)], "again-0003").await.unwrap();
        let mut late = review(11, HOSPITAL);
        late.lines.push(line(11, "claim-late-rule", "XML2", 9, 1_000));
        let left = desk.open_reviews(&officer, vec![late, review(12, HOSPITAL)], "again-0004").await.unwrap();
        assert_eq!(left.iter().map(|one| (one.visit, one.made, one.added)).collect::<Vec<_>>(), [(11, false, 1), (12, true, 2)]);
        let proposed = desk.review(&officer, &case.id).await.unwrap();
        assert_eq!((proposed.case.state, proposed.lines.len()), (ReviewState::Proposed, 4), "what is proposed stays proposed");
        assert_eq!(money(&proposed.case)[..2], [501_000, 1_000]);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_facility_is_told_by_a_document_about_the_visit() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (case, lines) = opened(&desk, review(11, HOSPITAL)).await;
        let case = desk.propose_review(&officer, &case.id, 1, &[proposed(&lines[0], 1_000)], "told-0001").await.unwrap();
        let notice = desk::NewDocument {
            subject_kind: Some(base::SubjectKind::Visit),
            subject: case.visit,
            rule: "claim-drug-scope".into(),
            office: desk::CaseUnit::InsuranceOffice,
            recipient: "Bệnh viện Mẫu".into(),
            ..crate::documents::notice(11, crate::support::HA_DONG)
        };
        let document = desk.draft_document(&officer, notice, "told-0002").await.unwrap();
        assert_eq!((document.subject_kind, document.subject), (Some(base::SubjectKind::Visit), 11));
        let by = ReviewNotice::Document(document.id.clone());
        let told = desk.send_review(&officer, &case.id, 2, &by, sent(), due(), "told-0003").await.unwrap();
        assert_eq!(told.notice, Some(document.id));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_facility_sees_its_own_cases_once_they_were_sent_and_no_note() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (hospital, other) = (staff(HOSPITAL), staff(OTHER));
        let (case, _) = sent_case(&desk, 11, HOSPITAL).await;
        opened(&desk, review(12, HOSPITAL)).await;
        desk.note_review(&officer, &case.id, "Đối chiếu thêm hồ sơ tháng 9", "note-0001").await.unwrap();
        desk.note_review(&officer, &case.id, "Đối chiếu thêm hồ sơ tháng 9", "note-0001").await.unwrap();
        let inner = desk.attach_review(&officer, &case.id, ReviewFileKind::Other, pdf("noi-bo.pdf"), "file-0001").await.unwrap();
        let minutes = desk.attach_review(&officer, &case.id, ReviewFileKind::Minutes, pdf("bien-ban.pdf"), "file-0002").await;
        let minutes = minutes.unwrap();
        let proof =
            desk.attach_review(&hospital, &case.id, ReviewFileKind::Proof, pdf("hoi-chan.pdf"), "file-0003").await.unwrap();
        assert!(proof.by_facility && !minutes.by_facility);

        let seen = desk.facility_review(&hospital, &case.id).await.unwrap();
        assert_eq!(seen.history.iter().map(|event| event.what.as_str()).collect::<Vec<_>>(), ["sent", "file", "file"]);
        assert_eq!(seen.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["bien-ban.pdf", "hoi-chan.pdf"]);
        assert_eq!(desk.review_file(&hospital, &case.id, &minutes.id).await.unwrap().1, pdf("bien-ban.pdf").bytes);
        let hidden = desk.review_file(&hospital, &case.id, &inner.id).await.map(drop);
        assert_eq!(hidden, Err(DeskError::NotFound { kind: "file" }));
        let query = desk::ReviewQuery::new(sent());
        let own = desk.facility_reviews(&hospital, &query, &desk::PageAt::First, 50).await.unwrap();
        assert_eq!(own.rows.iter().map(|case| case.visit).collect::<Vec<_>>(), [11], "the open one is the agency's");

        let missing = DeskError::NotFound { kind: "review" };
        assert_eq!(desk.facility_review(&other, &case.id).await.map(drop), Err(missing.clone()));
        assert_eq!(desk.review_file(&other, &case.id, &proof.id).await.map(drop), Err(missing.clone()));
        let answered = desk.answer_review(&other, &case.id, case.version, &[explains(None)], sent(), "other-0001").await;
        assert_eq!(answered.map(drop), Err(missing.clone()));
        let attached = desk.attach_review(&other, &case.id, ReviewFileKind::Proof, pdf("x.pdf"), "other-0002").await;
        assert_eq!(attached.map(drop), Err(missing));
        assert_eq!(desk.facility_reviews(&other, &query, &desk::PageAt::First, 50).await.unwrap().count, 0);
        let review = desk.review(&hospital, &case.id).await.map(drop);
        assert_eq!(review, Err(DeskError::Forbidden { permission: desk::Permission::ReviewClaims }));
        let minutes = desk.attach_review(&hospital, &case.id, ReviewFileKind::Minutes, pdf("y.pdf"), "other-0003").await;
        assert!(matches!(minutes, Err(DeskError::Invalid { field: "kind", .. })), "{minutes:?}");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn late_answers_count_as_late_and_a_silent_facility_is_decided_after_its_day() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (case, lines) = sent_case(&desk, 11, HOSPITAL).await;
        let early = desk.decide_review(&officer, &case.id, case.version, &verdict(&lines), due(), "late-0001").await;
        assert_eq!(refused(early), ReviewRefusal::ClockRuns, "the last day is the facility's");
        let late = day("2026-11-06");
        let answered =
            desk.answer_review(&staff(HOSPITAL), &case.id, case.version, &[explains(None)], late, "late-0002").await.unwrap();
        assert!(answered.late);
        let (silent, lines) = sent_case(&desk, 12, HOSPITAL).await;
        let accepts = [decided(&lines[0], LineDecision::Accepted, 0), decided(&lines[1], LineDecision::Accepted, 0)];
        let signed = desk.decide_review(&officer, &silent.id, silent.version, &accepts, late, "late-0003").await.unwrap();
        let decided = desk.countersign_review(&second(), &silent.id, signed.version, "late-0004").await.unwrap();
        assert_eq!((decided.state, decided.decided), (ReviewState::Decided, Dong::ZERO));
        let text = "Không đồng ý";
        let appeal = desk.appeal_review(&staff(HOSPITAL), &silent.id, decided.version, &[], text, late, late, "late-0005").await;
        assert_eq!(refused(appeal), ReviewRefusal::WrongState, "nothing was refused");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn what_was_refused_is_not_yet_what_was_collected() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (case, _) = decided_case(&desk, 11, HOSPITAL).await;
        final_case(&desk, 12, HOSPITAL).await;
        let (closed, _) = sent_case(&desk, 13, OTHER).await;
        desk.close_review(&officer, &closed.id, closed.version, "Chỉ định hợp lệ", "close-0001").await.unwrap();
        let collect = async |version, amount, form: &str| {
            let amount = Dong::new(amount);
            desk.collect_review(&officer, &case.id, version, amount, day("2026-12-10"), "Biên bản 06/BH quý IV", form).await
        };
        assert_eq!(refused(collect(case.version, 250_001, "collect-0001").await), ReviewRefusal::AboveLimit);
        let some = collect(case.version, 200_000, "collect-0002").await.unwrap();
        assert_eq!(collect(case.version, 200_000, "collect-0002").await, Ok(some.clone()), "sent twice");
        assert_eq!(refused(collect(some.version, -200_001, "collect-0003").await), ReviewRefusal::AboveLimit);
        collect(some.version, -50_000, "collect-0004").await.unwrap();

        let month = "2026-10".parse().unwrap();
        let figures = desk.facility_review_figures(&officer, month, month).await.unwrap();
        let one = &figures[0];
        assert_eq!((one.facility.as_str(), one.cases, one.sent, one.answered, one.late), (HOSPITAL, 2, 2, 2, 0));
        assert_eq!((one.decided, one.appealed, one.closed), (2, 1, 0));
        let apart = [one.asked, one.proposed, one.refused, one.overturned, one.upheld, one.collected].map(Dong::get);
        assert_eq!(apart, [1_000_000, 900_000, 500_000, 100_000, 400_000, 150_000]);
        assert_eq!((figures[1].closed, figures[1].proposed, figures[1].asked.get()), (1, Dong::ZERO, 500_000));

        let rules = desk.rule_review_figures(&officer, month, month).await.unwrap();
        let told: Vec<_> = rules.iter().map(|rule| (rule.rule.as_str(), rule.cases, rule.refused.get())).collect();
        assert_eq!(told, [("claim-drug-scope", 3, 300_000), ("claim-service-double", 3, 200_000)]);
        let share = |rate: Option<base::Rate>| rate.unwrap().to_string();
        assert_eq!((share(rules[0].refused_share), share(rules[0].overturned_share)), ("1.0000".into(), "0.0000".into()));
        assert_eq!((share(rules[1].refused_share), share(rules[1].overturned_share)), ("0.3333".into(), "0.5000".into()));
        let later = "2026-11".parse().unwrap();
        assert!(desk.rule_review_figures(&officer, later, later).await.unwrap().is_empty());
        let elsewhere = Scope { area: crate::support::communes(&[crate::support::HOAN_KIEM]), ..auditor() };
        assert!(desk.facility_review_figures(&elsewhere, month, month).await.unwrap().is_empty(), "another area");
        place.remove(desk).await;
    }
}
