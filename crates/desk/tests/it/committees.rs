//! The steering committee and the communes' teams: who writes them, members, meetings, conclusions as tasks, counts.

use base::{Date, Role, Scope};
use desk::{
    Committee, CommitteePart, ConclusionChange, ConclusionState, Desk, DeskError, NewCommittee, NewCommitteeFile, NewConclusion,
    NewFile, NewMeeting, NewMember, Permission, PlanRefusal, Unit, UnitKind,
};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn body(commune: Option<&str>) -> NewCommittee {
    NewCommittee {
        commune: commune.map(code),
        name: "Ban Chỉ đạo thực hiện chính sách BHXH, BHYT".into(),
        decision: "1234/QĐ-UBND".into(),
        decided_on: day("2026-04-20"),
    }
}

fn member(name: &str, part: CommitteePart) -> NewMember {
    NewMember {
        name: name.into(),
        office: "Phó Chủ tịch UBND, nhiệm kỳ 2026-2031".into(),
        part,
        decision: "1234/QĐ-UBND".into(),
        decided_on: day("2026-04-20"),
        first_day: day("2026-04-20"),
    }
}

fn meeting(held_on: &str, attended: &[String]) -> NewMeeting {
    NewMeeting {
        held_on: day(held_on),
        place: "Phòng họp số 2".into(),
        online: true,
        agenda: "Kiểm điểm chỉ tiêu quý III".into(),
        attended: attended.iter().cloned().collect(),
        guests: "Đại diện Bưu điện".into(),
    }
}

fn conclusion(unit: &str, due: &str) -> NewConclusion {
    NewConclusion {
        what: "Rà soát người chưa tham gia BHYT tại 17 tổ dân phố".into(), unit: unit.into(), due: day(due)
    }
}

async fn put_unit(desk: &Desk, id: &str) {
    let unit = Unit { id: id.into(), name: id.into(), kind: UnitKind::CityDepartment, parent: None };
    desk.put_unit(&Scope::system(), &unit).await.unwrap();
}

fn refused<T: std::fmt::Debug>(answer: Result<T, DeskError>) -> PlanRefusal {
    match answer {
        Err(DeskError::PlanRefused { why }) => why,
        other => panic!("not refused: {other:?}"),
    }
}

/// A body with a head, a meeting and a conclusion.
async fn met(desk: &Desk, scope: &Scope, commune: Option<&str>, unit: &str, form: &str) -> (Committee, String, String) {
    let made = desk.establish_committee(scope, &body(commune), &format!("{form}-body")).await.unwrap();
    desk.add_member(scope, &made.id, &member("Nguyễn Văn An", CommitteePart::Head), &format!("{form}-head")).await.unwrap();
    let head = desk.committee(scope, &made.id).await.unwrap().members[0].id.clone();
    let new = meeting("2026-10-05", &[head]);
    desk.record_meeting(scope, &made.id, &new, day("2026-10-31"), &format!("{form}-meet")).await.unwrap();
    let held = desk.committee(scope, &made.id).await.unwrap().meetings[0].id.clone();
    desk.conclude(scope, &held, &conclusion(unit, "2026-10-20"), &format!("{form}-conc")).await.unwrap();
    let concluded = desk.committee(scope, &made.id).await.unwrap().conclusions[0].id.clone();
    (made, held, concluded)
}

/// A row in every table of bodies.
pub async fn fill(desk: &Desk) {
    put_unit(desk, "so-y-te").await;
    let (_, held, _) = met(desk, &city_officer(), None, "so-y-te", "fill").await;
    let pdf = NewFile { name: "Biên bản.pdf".into(), bytes: b"%PDF-1.7\n".to_vec() };
    desk.add_committee_file(&city_officer(), &held, None, NewCommitteeFile::File(pdf), "fill-minutes").await.unwrap();
}

#[tokio::test]
async fn the_city_keeps_its_committee_and_a_commune_its_team() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (city, ha_dong) = (city_officer(), commune_staff(HA_DONG));
        let made = desk.establish_committee(&city, &body(None), "body-0001").await.unwrap();
        assert_eq!(desk.establish_committee(&city, &body(None), "body-0001").await, Ok(made.clone()), "sent twice");
        assert_eq!(refused(desk.establish_committee(&city, &body(None), "body-0002").await), PlanRefusal::Taken);
        assert_eq!(refused(desk.establish_committee(&ha_dong, &body(None), "body-0003").await), PlanRefusal::NotYours);
        assert_eq!(refused(desk.establish_committee(&city, &body(Some(HA_DONG)), "body-0004").await), PlanRefusal::NotYours);
        let other = desk.establish_committee(&ha_dong, &body(Some(HOAN_KIEM)), "body-0005").await;
        assert_eq!(refused(other), PlanRefusal::NotYours);
        let team = desk.establish_committee(&ha_dong, &body(Some(HA_DONG)), "body-0006").await.unwrap();
        let oversight = Scope { role: Role::Oversight, ..city.clone() };
        assert_eq!(
            desk.establish_committee(&oversight, &body(None), "body-0007").await,
            Err(DeskError::Forbidden { permission: Permission::ReportTasks })
        );
        assert!(desk.manages_committee(&city, &made) && !desk.manages_committee(&city, &team));
        assert!(desk.manages_committee(&ha_dong, &team) && !desk.manages_committee(&ha_dong, &made));
        assert_eq!(desk.committee(&oversight, &team.id).await.unwrap().committee, team, "read by who sees figures");
        let renewed = NewCommittee { decision: "99/QĐ-UBND".into(), decided_on: day("2026-09-01"), ..body(None) };
        assert_eq!(refused(desk.renew_committee(&city, &made.id, 7, &renewed, "body-0008").await), PlanRefusal::Stale);
        let now = desk.renew_committee(&city, &made.id, 1, &renewed, "body-0009").await.unwrap();
        assert_eq!((now.version, now.decision.as_str()), (2, "99/QĐ-UBND"));
        assert_eq!(desk.renew_committee(&city, &made.id, 1, &renewed, "body-0009").await, Ok(now), "sent twice");
        let history = desk.committee_history(&city, &made.id).await.unwrap();
        let told: Vec<(&str, Option<&str>)> = history.iter().map(|e| (e.what.as_str(), e.reason.as_deref())).collect();
        assert_eq!(told, [("established", Some("1234/QĐ-UBND")), ("renewed", Some("99/QĐ-UBND"))]);
        assert!(place.raw("DELETE FROM committee").await.is_err());
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn members_come_and_leave_by_a_decision_and_no_number_of_theirs_is_kept() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        let made = desk.establish_committee(&city, &body(None), "body-0001").await.unwrap();
        let head = member("Nguyễn Văn An", CommitteePart::Head);
        desk.add_member(&city, &made.id, &head, "member-0001").await.unwrap();
        desk.add_member(&city, &made.id, &head, "member-0001").await.unwrap();
        let second = desk.add_member(&city, &made.id, &member("Trần Thị Bình", CommitteePart::Head), "member-0002").await;
        assert_eq!(refused(second), PlanRefusal::Taken, "one head");
        let phone =
            desk.add_member(&city, &made.id, &member("Lê Văn Cao 0912 345 678", CommitteePart::Member), "member-0003").await;
        assert!(matches!(phone, Err(DeskError::Invalid { field: "name", .. })), "{phone:?}");
        let known = desk.committee(&city, &made.id).await.unwrap().members;
        assert_eq!(known.len(), 1, "the same form twice is one member");
        let leaves = async |last: &str, form: &str| {
            desk.member_leaves(&city, &made.id, &known[0].id, day(last), "Nghỉ hưu theo quyết định 55/QĐ", form).await
        };
        let early = leaves("2026-01-01", "member-0004").await;
        assert!(matches!(early, Err(DeskError::Invalid { field: "last_day", .. })), "{early:?}");
        leaves("2026-09-30", "member-0005").await.unwrap();
        assert_eq!(refused(leaves("2026-10-01", "member-0006").await), PlanRefusal::WrongState);
        desk.add_member(&city, &made.id, &member("Trần Thị Bình", CommitteePart::Head), "member-0007").await.unwrap();
        let members = desk.committee(&city, &made.id).await.unwrap().members;
        let on = |text: &str| members.iter().filter(|one| one.is_in_office(day(text))).count();
        assert_eq!((members[0].name.as_str(), on("2026-09-30"), on("2026-10-01"), on("2026-01-01")), ("Trần Thị Bình", 2, 1, 0));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_meeting_has_who_was_there_and_minutes_and_is_withdrawn_when_it_was_wrong() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (city, staff) = (city_officer(), commune_staff(HA_DONG));
        put_unit(&desk, "so-y-te").await;
        let (made, held, _) = met(&desk, &city, None, "so-y-te", "met-1").await;
        let head = desk.committee(&city, &made.id).await.unwrap().members[0].id.clone();
        let today = day("2026-10-31");
        let future = desk.record_meeting(&city, &made.id, &meeting("2026-11-01", &[]), today, "meet-0001").await;
        assert!(matches!(future, Err(DeskError::Invalid { field: "held_on", .. })), "{future:?}");
        let before = desk.record_meeting(&city, &made.id, &meeting("2026-04-01", &[head]), today, "meet-0002").await;
        assert!(matches!(before, Err(DeskError::Invalid { field: "attended", .. })), "no member on that day: {before:?}");
        desk.record_meeting(&city, &made.id, &meeting("2026-09-05", &[]), today, "meet-0003").await.unwrap();
        let meetings = desk.committee(&staff, &made.id).await.unwrap().meetings;
        assert_eq!(meetings.iter().map(|m| m.held_on.to_string()).collect::<Vec<_>>(), ["2026-10-05", "2026-09-05"]);
        let pdf = NewFile { name: "Biên bản.pdf".into(), bytes: b"%PDF-1.7\n\x00\xff".to_vec() };
        let add = NewCommitteeFile::File(pdf.clone());
        desk.add_committee_file(&city, &held, None, add.clone(), "meet-0004").await.unwrap();
        desk.add_committee_file(&city, &held, None, add.clone(), "meet-0004").await.unwrap();
        assert_eq!(refused(desk.add_committee_file(&staff, &held, None, add, "meet-0005").await), PlanRefusal::NotYours);
        let document = NewCommitteeFile::Document { id: "doc-1".into(), label: "Thông báo kết luận".into() };
        desk.add_committee_file(&city, &held, None, document, "meet-0006").await.unwrap();
        let (_, _, minutes, conclusions) = desk.committee_meeting(&staff, &held).await.unwrap();
        assert_eq!((minutes.len(), conclusions.len()), (2, 1));
        assert_eq!(desk.committee_file(&staff, &minutes[0].id).await.unwrap().1, pdf.bytes);
        desk.remove_committee_file(&city, &minutes[0].id, "meet-0007").await.unwrap();
        assert_eq!(desk.committee_meeting(&staff, &held).await.unwrap().2.len(), 1);
        assert_eq!(place.number("SELECT count(*) FROM committee_file").await, 2, "the row stays");
        assert_eq!(refused(desk.withdraw_meeting(&city, &held, "Nhầm", "meet-0008").await), PlanRefusal::InUse);
        desk.withdraw_meeting(&city, &meetings[1].id, "Ghi nhầm ngày", "meet-0009").await.unwrap();
        let (_, withdrawn, _, _) = desk.committee_meeting(&city, &meetings[1].id).await.unwrap();
        assert_eq!(withdrawn.withdrawn.as_deref(), Some("Ghi nhầm ngày"));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_conclusion_is_reported_by_its_unit_and_confirmed_by_another_person() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        put_unit(&desk, "so-y-te").await;
        let (_, held, id) = met(&desk, &city, None, "so-y-te", "met-1").await;
        let health = Scope {
            actor: base::Actor("u-so-y-te".into()),
            unit: "so-y-te".into(),
            role: Role::PartnerOfficer,
            purpose: base::Purpose::Statistics,
            ..city.clone()
        };
        let nowhere = desk.conclude(&city, &held, &conclusion("khong-co", "2026-10-20"), "conc-0001").await;
        assert!(matches!(nowhere, Err(DeskError::Invalid { field: "unit", .. })), "{nowhere:?}");
        let early = desk.conclude(&city, &held, &conclusion("so-y-te", "2026-10-04"), "conc-0002").await;
        assert!(matches!(early, Err(DeskError::Invalid { field: "due", .. })), "{early:?}");
        let own = desk.unit_conclusions(&health).await.unwrap();
        assert_eq!((own.len(), own[0].late_since(day("2026-10-31")), own[0].late_since(day("2026-10-20"))), (1, Some(11), None));
        let change = async |scope: &Scope, version, change: ConclusionChange, form: &str| {
            desk.change_conclusion(scope, &id, version, &change, form).await
        };
        let report = ConclusionChange::Report { done: "Đã rà soát 17/17 tổ".into() };
        assert_eq!(refused(change(&city, 1, report.clone(), "conc-0003").await), PlanRefusal::NotYours);
        assert_eq!(refused(change(&health, 1, ConclusionChange::Confirm, "conc-0004").await), PlanRefusal::NotYours);
        let file = NewCommitteeFile::File(NewFile { name: "kq.pdf".into(), bytes: b"%PDF-1.7".to_vec() });
        desk.add_committee_file(&health, &held, Some(&id), file.clone(), "conc-0005").await.unwrap();
        let reported = change(&health, 1, report.clone(), "conc-0006").await.unwrap();
        assert_eq!((reported.state, reported.version), (ConclusionState::Reported, 2));
        assert_eq!(change(&health, 1, report.clone(), "conc-0006").await, Ok(reported), "sent twice");
        let late = desk.add_committee_file(&health, &held, Some(&id), file, "conc-0007").await;
        assert_eq!(refused(late), PlanRefusal::WrongState, "what was reported keeps its evidence");
        assert_eq!(refused(change(&health, 1, report.clone(), "conc-0008").await), PlanRefusal::Stale);
        change(&city, 2, ConclusionChange::Return { reason: "Thiếu danh sách tổ 5".into() }, "conc-0009").await.unwrap();
        change(&health, 3, report, "conc-0010").await.unwrap();
        let confirmed = change(&city, 4, ConclusionChange::Confirm, "conc-0011").await.unwrap();
        assert_eq!(confirmed.state, ConclusionState::Confirmed);
        assert_eq!(desk.unit_conclusions(&health).await.unwrap(), []);
        let (_, _, files, history) = desk.conclusion(&health, &id).await.unwrap();
        let told: Vec<&str> = history.iter().map(|event| event.what.as_str()).collect();
        assert_eq!(told, ["concluded", "file_added", "reported", "returned", "reported", "confirmed"]);
        assert_eq!(files.len(), 1);
        for sql in [
            "DELETE FROM committee_conclusion",
            "UPDATE committee_conclusion SET what = 'x'",
            "UPDATE committee_event SET what = 'x'",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn who_reported_does_not_confirm_even_in_their_own_team() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        put_unit(&desk, &staff.unit).await;
        let (_, _, id) = met(&desk, &staff, Some(HA_DONG), &staff.unit, "met-1").await;
        let report = ConclusionChange::Report { done: "Xong".into() };
        desk.change_conclusion(&staff, &id, 1, &report, "conc-0001").await.unwrap();
        let own = desk.change_conclusion(&staff, &id, 2, &ConclusionChange::Confirm, "conc-0002").await;
        assert_eq!(refused(own), PlanRefusal::SamePerson);
        let colleague = Scope { actor: base::Actor("u-ha-dong-2".into()), ..staff };
        desk.change_conclusion(&colleague, &id, 2, &ConclusionChange::Confirm, "conc-0003").await.unwrap();
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn the_bodies_of_all_communes_stand_in_counts() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (city, ha_dong, hoan_kiem) = (city_officer(), commune_staff(HA_DONG), commune_staff(HOAN_KIEM));
        put_unit(&desk, "so-y-te").await;
        let (_, _, reported) = met(&desk, &ha_dong, Some(HA_DONG), "so-y-te", "met-1").await;
        let (_, held, _) = met(&desk, &city, None, "so-y-te", "met-2").await;
        desk.establish_committee(&hoan_kiem, &body(Some(HOAN_KIEM)), "body-0010").await.unwrap();
        desk.conclude(&city, &held, &conclusion("so-y-te", "2026-12-31"), "conc-0001").await.unwrap();
        let health = Scope { unit: "so-y-te".into(), actor: base::Actor("u-syt".into()), ..city.clone() };
        let done = ConclusionChange::Report { done: "Xong".into() };
        desk.change_conclusion(&health, &reported, 1, &done, "conc-0002").await.unwrap();
        let year = (day("2026-01-01"), day("2026-12-31"));
        let all = desk.committees(&hoan_kiem, year, day("2026-10-31")).await.unwrap();
        let told: Vec<_> = all
            .iter()
            .map(|one| {
                let commune = one.committee.commune.as_ref().map(ToString::to_string);
                (commune, one.members, one.meetings, one.last_meeting, one.open, one.reported, one.late)
            })
            .collect();
        let last = Some(day("2026-10-05"));
        assert_eq!(
            told,
            [
                (None, 1, 1, last, 2, 0, 1),
                (Some(HOAN_KIEM.to_owned()), 0, 0, None, 0, 0, 0),
                (Some(HA_DONG.to_owned()), 1, 1, last, 1, 1, 0),
            ]
        );
        let later = desk.committees(&city, (day("2026-11-01"), day("2026-11-30")), day("2026-11-30")).await.unwrap();
        assert_eq!((later[0].meetings, later[0].last_meeting), (0, last));
        place.remove(desk).await;
    }
}
