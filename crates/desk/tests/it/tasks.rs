//! Reports of the plan's tasks: one a unit and term, submitted, confirmed, returned, closed with their period.

use base::{Date, Role, Scope};
use desk::{
    CaseUnit, Desk, DeskError, EvidenceKind, NewDocument, NewEvidence, NewExtension, NewFile, NewLock, NewReminder, Permission,
    ReminderHow, ReminderKind, ReportChange, ReportRefusal, ReportState, ReportWords, TaskTerm,
};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, commune_staff};

const PLAN: &str = "hanoi-2026-2030";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn about(task: &str, term: &str) -> TaskTerm {
    TaskTerm { plan: PLAN.into(), task: task.into(), term: day(term) }
}

fn words(done: &str) -> ReportWords {
    ReportWords { done: done.into(), hindered: "Thiếu dữ liệu của hộ kinh doanh".into(), proposed: String::new() }
}

fn department() -> Scope {
    Scope {
        actor: base::Actor("u-so-noi-vu".into()),
        unit: "so-noi-vu".into(),
        role: Role::PartnerOfficer,
        purpose: base::Purpose::Statistics,
        ..city_officer()
    }
}

fn refused<T: std::fmt::Debug>(answer: Result<T, DeskError>) -> ReportRefusal {
    match answer {
        Err(DeskError::ReportRefused { why }) => why,
        other => panic!("not refused: {other:?}"),
    }
}

/// A row in every table of tasks.
pub async fn fill(desk: &Desk) {
    let staff = commune_staff(HA_DONG);
    let report = desk.draft_task_report(&staff, &about("5b", "2026-12-31"), "task-fill-1").await.unwrap();
    let pdf = NewFile { name: "Báo cáo.pdf".into(), bytes: b"%PDF-1.7\n\x00\xff".to_vec() };
    desk.add_evidence(&staff, &report.id, NewEvidence::File(pdf), "task-fill-2").await.unwrap();
    desk.lock_plan_period(&city_officer(), &lock("2026-Q3", "2026-07-01", "2026-09-30"), day("2026-11-02")).await.unwrap();
    desk.extend_term(&city_officer(), &put_off("2026-12-31", "2027-01-15"), "task-fill-3").await.unwrap();
    desk.remind(&city_officer(), &reminder(), "task-fill-4").await.unwrap();
}

fn put_off(term: &str, new_term: &str) -> NewExtension {
    NewExtension {
        about: about("5b", term),
        new_term: day(new_term),
        document: "Công văn 12/UBND-KGVX".into(),
        reason: "Chờ dữ liệu khám chữa bệnh".into(),
    }
}

fn reminder() -> NewReminder {
    NewReminder {
        plan: PLAN.into(),
        kind: ReminderKind::Duty,
        subject: "tax-status".into(),
        term: day("2026-10-30"),
        unit: "thue".into(),
        how: ReminderHow::Phone,
        document: None,
        words: "Đề nghị gửi danh sách tháng 10".into(),
    }
}

fn lock(period: &str, first: &str, last: &str) -> NewLock {
    let run = base::RunId::parse("2026-10-7f3a9c21");
    NewLock { plan: PLAN.into(), period: period.into(), first_day: day(first), last_day: day(last), run }
}

#[tokio::test]
async fn a_report_is_written_submitted_returned_and_confirmed_by_another() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (staff, city) = (commune_staff(HA_DONG), city_officer());
        let made = desk.draft_task_report(&staff, &about("5b", "2026-12-31"), "task-0001").await.unwrap();
        assert_eq!((made.state, made.version, made.unit.as_str()), (ReportState::Draft, 1, staff.unit.as_str()));
        assert_eq!(desk.draft_task_report(&staff, &about("5b", "2026-12-31"), "task-0002").await, Ok(made.clone()), "one a term");
        let change = async |scope: &Scope, version, change: ReportChange, form: &str| {
            desk.change_task_report(scope, &made.id, version, &change, form).await
        };
        assert_eq!(refused(change(&staff, 1, ReportChange::Submit, "task-0003").await), ReportRefusal::Empty);
        let written = change(&staff, 1, ReportChange::Write(words("Trạm y tế khám 1.234 lượt")), "task-0004").await.unwrap();
        assert_eq!((written.version, written.words.done.as_str()), (2, "Trạm y tế khám 1.234 lượt"));
        assert_eq!(change(&staff, 1, ReportChange::Write(words("khác")), "task-0004").await, Ok(written), "the same form again");
        assert_eq!(refused(change(&staff, 1, ReportChange::Submit, "task-0005").await), ReportRefusal::Stale);
        change(&staff, 2, ReportChange::Submit, "task-0006").await.unwrap();
        let late = change(&staff, 3, ReportChange::Write(words("sửa lén")), "task-0007").await;
        assert_eq!(refused(late), ReportRefusal::WrongState, "what was submitted is not rewritten");
        let own = change(&staff, 3, ReportChange::Confirm, "task-0008").await;
        assert_eq!(own, Err(DeskError::Forbidden { permission: Permission::ConfirmTasks }));
        let without = change(&city, 3, ReportChange::Return { reason: " ".into() }, "task-0009").await;
        assert!(matches!(without, Err(DeskError::Invalid { field: "reason", .. })), "{without:?}");
        change(&city, 3, ReportChange::Return { reason: "Nêu cả số lượt của tháng trước".into() }, "task-0010").await.unwrap();
        change(&staff, 4, ReportChange::Submit, "task-0011").await.unwrap();
        let confirmed = change(&city, 5, ReportChange::Confirm, "task-0012").await.unwrap();
        assert_eq!((confirmed.state, confirmed.version), (ReportState::Confirmed, 6));
        let moments = desk.task_submissions(&city, PLAN, day("2026-01-01"), day("2026-12-31")).await.unwrap();
        assert_eq!(moments.keys().collect::<Vec<_>>(), [&made.id], "submitted twice, told once");
        let (_, _, history) = desk.task_report(&city, &made.id).await.unwrap();
        let told: Vec<(&str, Option<&str>)> = history.iter().map(|e| (e.what.as_str(), e.reason.as_deref())).collect();
        let expected = [
            ("drafted", None),
            ("written", None),
            ("submitted", None),
            ("returned", Some("Nêu cả số lượt của tháng trước")),
            ("submitted", None),
            ("confirmed", None),
        ];
        assert_eq!(told, expected);
        for sql in ["DELETE FROM task_report", "UPDATE task_report SET done = 'x'", "UPDATE task_report_event SET what = 'x'"] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_unit_reports_for_itself_and_sees_its_own_while_the_city_sees_all() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (ha_dong, hoan_kiem, city, department) =
            (commune_staff(HA_DONG), commune_staff(HOAN_KIEM), city_officer(), department());
        let own = desk.draft_task_report(&ha_dong, &about("5b", "2026-12-31"), "task-0001").await.unwrap();
        let other = desk.draft_task_report(&hoan_kiem, &about("5b", "2026-12-31"), "task-0002").await.unwrap();
        let third = desk.draft_task_report(&department, &about("3b", "2026-11-30"), "task-0003").await.unwrap();
        let ids = async |scope: &Scope| -> Vec<String> {
            let found = desk.task_reports(scope, PLAN, day("2026-01-01"), day("2026-12-31")).await.unwrap();
            found.into_iter().map(|report| report.id).collect()
        };
        assert_eq!(ids(&ha_dong).await, std::slice::from_ref(&own.id));
        assert_eq!(ids(&city).await, [third.id.clone(), other.id.clone(), own.id.clone()], "by term, task, unit");
        assert_eq!(ids(&department).await.len(), 3, "a department of the city");
        let hidden = desk.task_report(&ha_dong, &other.id).await.map(drop);
        assert_eq!(hidden, Err(DeskError::NotFound { kind: "task_report" }));
        let write = ReportChange::Write(words("thay cho xã"));
        assert_eq!(refused(desk.change_task_report(&city, &own.id, 1, &write, "task-0004").await), ReportRefusal::NotYourUnit);
        let oversight = Scope { role: Role::Oversight, ..department.clone() };
        let drafted = desk.draft_task_report(&oversight, &about("3b", "2026-11-30"), "task-0005").await;
        assert_eq!(drafted, Err(DeskError::Forbidden { permission: Permission::ReportTasks }));
        assert_eq!(desk.own_task_report(&department, &about("3b", "2026-11-30")).await.unwrap().unwrap().id, third.id);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn evidence_is_kept_whole_taken_out_with_its_trace_and_refused_when_it_is_none() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (staff, city) = (commune_staff(HA_DONG), city_officer());
        let report = desk.draft_task_report(&staff, &about("5b", "2026-12-31"), "task-0001").await.unwrap();
        let pdf = NewFile { name: "Kế hoạch xã.pdf".into(), bytes: b"%PDF-1.7\n\x00\xff".to_vec() };
        let link = |address: &str| NewEvidence::Link { address: address.into(), label: "Tin trên cổng của xã".into() };
        desk.add_evidence(&staff, &report.id, NewEvidence::File(pdf.clone()), "task-0002").await.unwrap();
        desk.add_evidence(&staff, &report.id, link("https://hadong.example.vn/tin-1"), "task-0003").await.unwrap();
        let figure = NewEvidence::Figure { id: "station-share".into(), label: "Tỷ lệ khám tại trạm y tế".into() };
        let changed = desk.add_evidence(&staff, &report.id, figure, "task-0004").await.unwrap();
        assert_eq!(changed.version, 4);
        let again = desk.add_evidence(&staff, &report.id, link("https://hadong.example.vn/tin-1"), "task-0003").await.unwrap();
        assert_eq!(again.version, 4, "the same form again");
        let (_, evidence, _) = desk.task_report(&city, &report.id).await.unwrap();
        let kinds: Vec<EvidenceKind> = evidence.iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [EvidenceKind::File, EvidenceKind::Link, EvidenceKind::Figure]);
        let (file, bytes) = desk.evidence_file(&city, &report.id, &evidence[0].id).await.unwrap();
        assert_eq!((file.label.as_str(), bytes), ("Kế hoạch xã.pdf", pdf.bytes.clone()));
        for wrong in ["javascript:alert(1)", "https://", "https://a b", "https://a\"onmouseover=x", "ftp://a"] {
            let answer = desk.add_evidence(&staff, &report.id, link(wrong), "task-0005").await;
            assert!(matches!(answer, Err(DeskError::Invalid { field: "link", .. })), "{wrong}: {answer:?}");
        }
        let program = NewFile { name: "a.exe".into(), bytes: b"MZ\x90".to_vec() };
        let answer = desk.add_evidence(&staff, &report.id, NewEvidence::File(program), "task-0006").await;
        assert!(matches!(answer, Err(DeskError::Invalid { field: "file", .. })), "{answer:?}");
        let foreign = desk.add_evidence(&city, &report.id, link("https://a.example.vn"), "task-0007").await;
        assert_eq!(refused(foreign), ReportRefusal::NotYourUnit);
        desk.remove_evidence(&staff, &report.id, &evidence[1].id, "task-0008").await.unwrap();
        let gone = desk.remove_evidence(&staff, &report.id, &evidence[1].id, "task-0009").await;
        assert_eq!(gone, Err(DeskError::NotFound { kind: "evidence" }));
        let (now, left, history) = desk.task_report(&staff, &report.id).await.unwrap();
        assert_eq!((now.version, left.len()), (5, 2));
        assert_eq!(history.last().unwrap().what, "evidence_removed");
        let year = (day("2026-01-01"), day("2026-12-31"));
        let of_terms = desk.evidence_of_terms(&city, PLAN, year).await.unwrap();
        let labels: Vec<&str> = of_terms.iter().map(|(_, one)| one.label.as_str()).collect();
        assert!(
            of_terms.iter().all(|(of, _)| *of == report.id) && labels.len() == 2,
            "what was taken out is not told: {labels:?}"
        );
        assert_eq!(desk.evidence_of_terms(&commune_staff(HOAN_KIEM), PLAN, year).await.unwrap(), [], "another commune's");
        assert_eq!(place.number("SELECT count(*) FROM task_evidence").await, 3, "the row stays");
        assert!(place.raw("DELETE FROM task_evidence").await.is_err());
        // With evidence and no words it may be submitted.
        desk.change_task_report(&staff, &report.id, 5, &ReportChange::Submit, "task-0010").await.unwrap();
        let late = desk.add_evidence(&staff, &report.id, link("https://a.example.vn"), "task-0011").await;
        assert_eq!(refused(late), ReportRefusal::WrongState);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_closed_period_takes_no_more_changes() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (staff, city) = (commune_staff(HA_DONG), city_officer());
        let (old, new) = (about("5b", "2026-09-30"), about("5b", "2026-12-31"));
        let old = desk.draft_task_report(&staff, &old, "task-0001").await.unwrap();
        let new = desk.draft_task_report(&staff, &new, "task-0002").await.unwrap();
        let quarter = lock("2026-Q3", "2026-07-01", "2026-09-30");
        let early = desk.lock_plan_period(&city, &quarter, day("2026-09-30")).await;
        assert!(matches!(early, Err(DeskError::Invalid { field: "period", .. })), "the day itself is not over: {early:?}");
        let other = desk.lock_plan_period(&staff, &quarter, day("2026-11-02")).await;
        assert_eq!(other, Err(DeskError::Forbidden { permission: Permission::ConfirmTasks }));
        desk.lock_plan_period(&city, &quarter, day("2026-11-02")).await.unwrap();
        desk.lock_plan_period(&city, &lock("2026-Q3", "2026-07-01", "2026-12-31"), day("2027-02-01")).await.unwrap();
        let locked = desk.locked_periods(&staff, PLAN).await.unwrap();
        assert_eq!(
            (locked.len(), locked[0].last_day, locked[0].run.as_deref()),
            (1, day("2026-09-30"), Some("2026-10-7f3a9c21"))
        );
        let write = ReportChange::Write(words("sau khi khóa"));
        assert_eq!(refused(desk.change_task_report(&staff, &old.id, 1, &write, "task-0003").await), ReportRefusal::Locked);
        let drafted = desk.draft_task_report(&staff, &about("2e", "2026-09-30"), "task-0004").await;
        assert_eq!(refused(drafted), ReportRefusal::Locked);
        desk.change_task_report(&staff, &new.id, 1, &write, "task-0005").await.unwrap();
        let around = format!("UPDATE task_report SET done = 'x', version = version + 1 WHERE id = '{}'", old.id);
        assert!(
            place.raw(&around).await.is_err() || place.number("SELECT count(*) FROM task_report WHERE done = 'x'").await == 0
        );
        assert!(place.raw("DELETE FROM plan_lock").await.is_err() || place.is_postgres());
        assert_eq!(place.number("SELECT count(*) FROM plan_lock").await.max(1), 1);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_term_is_put_off_by_decision_and_the_newest_holds() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (staff, city) = (commune_staff(HA_DONG), city_officer());
        let asked = desk.extend_term(&staff, &put_off("2026-12-31", "2027-01-15"), "term-0001").await;
        assert_eq!(asked, Err(DeskError::Forbidden { permission: Permission::ConfirmTasks }));
        let back = desk.extend_term(&city, &put_off("2026-12-31", "2026-12-31"), "term-0001").await;
        assert!(matches!(back, Err(DeskError::Invalid { field: "term", .. })), "{back:?}");
        desk.extend_term(&city, &put_off("2026-12-31", "2027-01-15"), "term-0001").await.unwrap();
        desk.extend_term(&city, &put_off("2026-12-31", "2027-01-29"), "term-0002").await.unwrap();
        desk.extend_term(&city, &put_off("2026-12-31", "2027-03-31"), "term-0002").await.unwrap();
        let known = desk.extensions(&staff, PLAN).await.unwrap();
        assert_eq!((known.len(), known[0].new_term), (1, day("2027-01-29")), "a form sent twice counts once");
        desk.lock_plan_period(&city, &lock("2026-Q3", "2026-07-01", "2026-09-30"), day("2026-11-02")).await.unwrap();
        let closed = desk.extend_term(&city, &put_off("2026-09-30", "2026-12-31"), "term-0003").await;
        assert_eq!(refused(closed), ReportRefusal::Locked);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn reminders_are_kept_and_a_letter_of_the_plan_is_of_nobody() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (staff, city) = (commune_staff(HA_DONG), city_officer());
        assert!(desk.remind(&staff, &reminder(), "term-0001").await.is_err());
        let letter = NewDocument {
            rule: "2a".into(),
            subject_kind: None,
            subject: 0,
            commune: None,
            office: CaseUnit::InsuranceOffice,
            ..crate::documents::notice(1, HA_DONG)
        };
        let letter = desk.draft_document(&city, letter, "term-0002").await.unwrap();
        assert_eq!(letter.subject_kind, None);
        let by_letter = NewReminder { how: ReminderHow::Letter, document: Some(letter.id.clone()), ..reminder() };
        desk.remind(&city, &reminder(), "term-0003").await.unwrap();
        desk.remind(&city, &by_letter, "term-0004").await.unwrap();
        desk.remind(&city, &by_letter, "term-0004").await.unwrap();
        let known = desk.reminders(&staff, PLAN).await.unwrap();
        let told: Vec<_> = known.iter().map(|one| (one.how, one.document.clone())).collect();
        assert_eq!(told, [(ReminderHow::Letter, Some(letter.id)), (ReminderHow::Phone, None)]);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn evidence_is_counted_by_task_as_far_as_one_sees() {
    for place in Place::all().await {
        let desk = place.open().await;
        fill(&desk).await;
        let of = async |scope: &Scope| {
            let counts = desk.task_evidence_counts(scope, PLAN, day("2026-01-01"), day("2026-12-31")).await.unwrap();
            counts.get("5b").copied()
        };
        assert_eq!(of(&city_officer()).await, Some(1));
        assert_eq!(of(&commune_staff(HOAN_KIEM)).await, None);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn the_log_knows_when_a_roster_came_in() {
    for place in Place::all().await {
        let desk = place.open().await;
        let event = |batch: &str| desk::ReadEvent::new(desk::AuditAction::StoreIntake, "batch").object(batch);
        for batch in ["b1", "b2", "b1"] {
            desk.audit_read(&Scope::system(), event(batch)).await.unwrap();
        }
        let known = desk.batch_arrivals(&commune_staff(HA_DONG)).await.unwrap();
        assert_eq!(known.keys().collect::<Vec<_>>(), ["b1", "b2"]);
        assert!(known["b1"] <= known["b2"], "the first time counts");
        place.remove(desk).await;
    }
}
