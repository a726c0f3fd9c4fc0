//! What only PostgreSQL does: a role without rights to change the log, and row level security.

use desk::{AuditAction, ReadEvent};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, decision, fill};

/// What the app role counts under a scope, by a script as the program's role would run it.
async fn counted(place: &Place, scope: &str, table: &str) -> i64 {
    // A script has no result, so the number comes back in an error.
    let sql = format!(
        "CREATE OR REPLACE FUNCTION pg_temp.counted() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN \
         {scope} SET LOCAL ROLE ansinh_app; SELECT count(*) INTO n FROM {table}; RESET ROLE; \
         RAISE EXCEPTION 'counted %', n; END $$; SELECT pg_temp.counted();"
    );
    let answer = place.raw(&sql).await.unwrap_err();
    let (_, number) = answer.split_once("counted ").unwrap_or_else(|| panic!("{answer}"));
    number.split(' ').next().and_then(|digits| digits.trim().parse().ok()).unwrap_or_else(|| panic!("{answer}"))
}

/// Every table, those of later steps too: a new table without row level security, or with a policy that asks nobody who asks, fails
/// here. [`fill`] puts something into every table; a new table needs its row there.
#[tokio::test]
async fn without_a_scope_nothing_is_seen_in_any_table() {
    let Some(place) = Place::postgres().await else { return };
    let desk = place.open().await;
    fill(&desk).await;
    // Keys are in the store only where a key file is given; `keys.rs` tests them.
    place.raw("INSERT INTO data_key (id, kek, wrapped, made_at) VALUES ('d-1', 'k1', '00', 0)").await.unwrap();
    let tables: Vec<String> = desk.check().await.unwrap().tables.into_iter().map(|table| table.table).collect();
    assert!(tables.len() >= 19, "{tables:?}");
    for table in &tables {
        assert!(
            place.number(&format!("SELECT count(*) FROM {table}")).await > 0,
            "nothing in {table}: the test would prove nothing"
        );
        assert_eq!(counted(&place, "", table).await, 0, "{table} without scope");
        let nobody = "SET LOCAL app.scope = ''; SET LOCAL app.actor = ''; SET LOCAL app.role = ''; SET LOCAL app.unit = '';";
        assert_eq!(counted(&place, nobody, table).await, 0, "{table} with an empty scope");
        let system = "SET LOCAL app.scope = 'city'; SET LOCAL app.actor = 'system'; SET LOCAL app.role = 'system'; \
                      SET LOCAL app.employees = 'yes';";
        let all = place.number(&format!("SELECT count(*) FROM {table}")).await;
        assert_eq!(counted(&place, system, table).await, all, "the program itself, which writes backups, sees all of {table}");
    }
    let own = "SET LOCAL app.scope = ',09556,'; SET LOCAL app.actor = 'u-09556'; SET LOCAL app.role = 'commune_staff'; \
               SET LOCAL app.unit = 'a-commune';";
    assert_eq!(counted(&place, own, "decision").await, 1);
    let events = counted(&place, own, "audit_event").await;
    assert!(
        events >= 2 && events < place.number("SELECT count(*) FROM audit_event").await,
        "theirs and their commune's: {events}"
    );
    assert_eq!(counted(&place, own, "target").await, 2, "the city's own targets");
    assert_eq!(counted(&place, own, "desk_user").await, 2, "whose area touches theirs");
    assert_eq!(counted(&place, "SET LOCAL app.scope = ',0955,';", "decision").await, 0, "no part of a code");
    place.remove(desk).await;
}

#[tokio::test]
async fn cases_of_the_insurance_office_are_hidden_from_who_may_not_see_employees() {
    let Some(place) = Place::postgres().await else { return };
    let desk = place.open().await;
    let new = vec![crate::cases::poor(1, HA_DONG), crate::cases::poor(2, HOAN_KIEM), crate::cases::wage(3, HA_DONG)];
    desk.open_cases(&city_officer(), new, &desk::To::Me, "form-open-1").await.unwrap();
    for table in ["work_case", "case_event"] {
        assert_eq!(counted(&place, "", table).await, 0, "{table} without scope");
        assert_eq!(counted(&place, "SET LOCAL app.scope = 'city';", table).await, 2, "{table} of communes");
        assert_eq!(counted(&place, "SET LOCAL app.scope = 'city'; SET LOCAL app.employees = 'yes';", table).await, 3);
        assert_eq!(counted(&place, "SET LOCAL app.scope = ',09556,'; SET LOCAL app.employees = 'yes';", table).await, 2);
        assert_eq!(counted(&place, "SET LOCAL app.scope = ',09556,';", table).await, 1);
    }
    place.remove(desk).await;
}

#[tokio::test]
async fn row_level_security_shows_a_draft_to_its_unit_and_to_the_city() {
    let Some(place) = Place::postgres().await else { return };
    let desk = place.open().await;
    let draft = desk.draft_document(&city_officer(), crate::documents::notice(1, HA_DONG), "form-draft-1").await.unwrap();
    let scope = |role: &str, unit: &str| {
        format!(
            "SET LOCAL app.scope = ',09556,'; SET LOCAL app.actor = 'u-x'; SET LOCAL app.role = '{role}'; SET LOCAL app.unit = '{unit}';"
        )
    };
    let (commune, issuer, city) =
        (scope("commune_staff", "09556"), scope("base_officer", "bhxh-hn"), scope("city_officer", "so-y-te"));
    for table in ["document", "document_event"] {
        assert_eq!(counted(&place, &commune, table).await, 0, "{table} of another unit");
        assert_eq!(counted(&place, &issuer, table).await, 1, "{table} of its own unit");
        assert_eq!(counted(&place, &city, table).await, 1, "{table} for oversight");
    }
    crate::documents::step(&desk, &city_officer(), &draft, &crate::documents::docx()).await.unwrap();
    assert_eq!(counted(&place, &commune, "document").await, 1, "its content was approved");
    assert_eq!(counted(&place, &commune, "document_file").await, 1);
    place.remove(desk).await;
}

/// A facility sees its own cases once they were sent, nothing that is signed once, no note and no file of the agency's own.
#[tokio::test]
async fn row_level_security_shows_a_facility_its_own_reviews_alone() {
    let Some(place) = Place::postgres().await else { return };
    let desk = place.open().await;
    let city = city_officer();
    let (case, lines) = crate::review::sent_case(&desk, 11, crate::review::HOSPITAL).await;
    let (unsent, _) = crate::review::opened(&desk, crate::review::review(12, crate::review::HOSPITAL)).await;
    crate::review::sent_case(&desk, 13, crate::review::OTHER).await;
    desk.note_review(&city, &case.id, "Xem thêm tháng 9", "rls-note-1").await.unwrap();
    let inner = crate::review::pdf("noi-bo.pdf");
    desk.attach_review(&city, &case.id, desk::ReviewFileKind::Other, inner, "rls-file-1").await.unwrap();
    let minutes = crate::review::pdf("bien-ban.pdf");
    desk.attach_review(&city, &case.id, desk::ReviewFileKind::Minutes, minutes, "rls-file-2").await.unwrap();
    let hospital = crate::review::staff(crate::review::HOSPITAL);
    let answers = [crate::review::explains(None)];
    desk.answer_review(&hospital, &case.id, case.version, &answers, crate::review::due(), "rls-answer-1").await.unwrap();
    let signed = crate::review::verdict(&lines);
    desk.decide_review(&city, &case.id, case.version + 1, &signed, crate::review::due(), "rls-decide-1").await.unwrap();
    desk.draw_review_sample(&city, &crate::review::sample("rls", 5), "rls-sample-1").await.unwrap();
    let check = crate::review::check(crate::review::HOSPITAL, "2026-10-20", &[&case.id]);
    desk.record_facility_visit(&city, &check, crate::review::day("2026-10-31"), "rls-check-1").await.unwrap();
    let notice = crate::review::step(desk::ReviewStepKind::AuditNotice, "2026-11-02", Some("2026-11-05"));
    for (id, version) in [(&case.id, case.version + 2), (&unsent.id, unsent.version)] {
        desk.record_review_step(&city, id, version, &notice, crate::review::due(), &format!("rls-step-{version}")).await.unwrap();
    }
    let opening = crate::review::opening(11, "Đối chiếu thuốc với chỉ định", "rls-open-001");
    desk.open_protected(&city, opening).await.unwrap();

    let own = "SET LOCAL app.scope = ''; SET LOCAL app.actor = 'u-kcb-01001'; SET LOCAL app.role = 'facility_staff'; \
               SET LOCAL app.unit = 'kcb-01001';";
    // Sent, answered, the notice; the file that is shown. Not: opened, proposed, the note, the inner file, what is signed once, nor the step of a case
    // that was not sent.
    for (table, rows) in [
        ("review_case", 1),
        ("review_line", 2),
        ("review_event", 4),
        ("review_answer", 1),
        ("review_file", 1),
        ("review_step", 1),
    ] {
        assert_eq!(counted(&place, own, table).await, rows, "{table} of its own");
    }
    let hidden = [
        "review_signature",
        "review_signature_line",
        "review_sample",
        "review_sample_visit",
        "review_visit",
        "review_visit_answer",
        "review_visit_case",
        "protected_opening",
    ];
    for table in hidden {
        assert!(place.number(&format!("SELECT count(*) FROM {table}")).await > 0, "nothing in {table}");
        assert_eq!(counted(&place, own, table).await, 0, "{table} is the agency's");
    }
    for (who, role, unit) in [
        ("another facility", "facility_staff", "kcb-01003"),
        ("no facility", "facility_staff", "kcb-"),
        ("a school", "school_staff", "kcb-01001"),
        ("a commune", "commune_staff", "09556"),
    ] {
        let scope = format!(
            "SET LOCAL app.scope = ''; SET LOCAL app.actor = 'u-x'; SET LOCAL app.role = '{role}'; SET LOCAL app.unit = '{unit}';"
        );
        for table in ["review_case", "review_line", "review_event", "review_answer", "review_file", "review_step"] {
            assert_eq!(counted(&place, &scope, table).await, 0, "{who}: {table}");
        }
    }
    let area = |area: &str| {
        format!("SET LOCAL app.scope = '{area}'; SET LOCAL app.actor = 'u-base'; SET LOCAL app.role = 'base_officer';")
    };
    assert_eq!(counted(&place, &area(",09556,"), "review_case").await, 3);
    assert_eq!(counted(&place, &area(",00004,"), "review_case").await, 0);
    // As the program's role a facility changes nothing but what it may say.
    let as_facility = |sql: &str| format!("BEGIN; {own} SET LOCAL ROLE ansinh_app; {sql}; COMMIT");
    let event = |what: &str, id: &str| {
        format!(
            "INSERT INTO review_event (id, case_id, client_tx, version, at, actor, what) VALUES ('{id}', '{}', 'rls-{id}', 9, 9, 'x', '{what}')",
            case.id
        )
    };
    let own_step = format!(
        "INSERT INTO review_step (id, case_id, version, track, step, day, recorded_by, recorded_at) \
         VALUES ('s-1', '{}', 99, 'minutes', 'minutes_signed', '2026-11-05', 'x', 9)",
        case.id
    );
    for sql in [event("decided", "e-1"), event("note", "e-2"), event("minutes_signed", "e-3"), own_step] {
        let refused = place.raw(&as_facility(&sql)).await.unwrap_err();
        assert!(refused.contains("row-level security"), "{sql}: {refused}");
    }
    // Answered already: no update reaches the row, and it takes another state in none.
    let state = "UPDATE review_case SET state = 'closed', version = version + 1";
    assert_eq!(counted(&place, own, "review_case").await, 1);
    place.raw(&as_facility(state)).await.unwrap();
    let closed = place.number("SELECT count(*) FROM review_case WHERE state = 'closed'").await;
    assert_eq!(closed, 0, "a facility closes nothing");
    let line = place.raw(&as_facility("UPDATE review_line SET overturned = 0, appeal = 'upheld'")).await;
    drop(line);
    assert_eq!(place.number("SELECT count(*) FROM review_line WHERE appeal IS NOT NULL").await, 0);
    place.remove(desk).await;
}

#[tokio::test]
async fn the_programs_role_owns_nothing_and_may_not_change_the_log() {
    let Some(place) = Place::postgres().await else { return };
    let desk = place.open().await;
    desk.audit_read(&city_officer(), ReadEvent::new(AuditAction::Export, "list")).await.unwrap();
    for sql in [
        "UPDATE audit_event SET actor = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "DELETE FROM audit_seal",
        "DELETE FROM decision",
        "UPDATE decision SET reason = 'x'",
        "UPDATE target SET value = '1'",
        "DELETE FROM audit_counter",
        "DROP TABLE audit_event",
        "ALTER TABLE audit_event DISABLE TRIGGER USER",
        "ALTER TABLE decision DISABLE ROW LEVEL SECURITY",
        "DELETE FROM work_case",
        "UPDATE work_case SET rule = 'x'",
        "UPDATE case_event SET reason = 'x'",
        "DELETE FROM case_file",
        "DELETE FROM case_link",
        "UPDATE case_link SET kind = 'x'",
        "ALTER TABLE work_case DISABLE ROW LEVEL SECURITY",
        "UPDATE case_sheet SET asked = 'x'",
        "DELETE FROM case_sheet_part",
        "UPDATE case_sheet_refused SET why = 'x'",
        "UPDATE case_selection SET actor = 'x'",
        "UPDATE case_selection_case SET case_id = 'x'",
        "DELETE FROM document",
        "UPDATE document SET check_code = 'x'",
        "UPDATE document_event SET reason = 'x'",
        "DELETE FROM document_file",
        "DELETE FROM document_counter",
        "DELETE FROM collector_card",
        "UPDATE collector_card SET last_day = '2099-12-31'",
        "UPDATE collector_complaint SET words = 'x'",
        "DELETE FROM collector_list",
        "DELETE FROM committee_conclusion",
        "UPDATE committee_conclusion SET due = '2099-12-31'",
        "UPDATE committee_event SET reason = 'x'",
        "DELETE FROM donor_payment",
        "UPDATE donor_payment SET dong = 1",
        "UPDATE donor_receipt SET dong = 1",
        "UPDATE donor_choice SET person = 1",
        "DELETE FROM survey_token",
        "UPDATE survey_answer SET steps = '5'",
        "UPDATE task_money SET spent = 1",
        "DELETE FROM review_case",
        "UPDATE review_case SET billed = 1",
        "UPDATE review_line SET asked = 1",
        "UPDATE review_event SET reason = 'x'",
        "DELETE FROM review_file",
        "DELETE FROM review_step",
        "UPDATE review_step SET due = NULL",
        "UPDATE review_signature SET first_by = 'x'",
        "UPDATE review_sample SET seed = 'x'",
        "UPDATE protected_opening SET reason = 'x'",
        "DELETE FROM protected_opening",
        "DELETE FROM school_answer",
        "UPDATE subject_request SET words = '', person = NULL",
        "UPDATE subject_request_event SET words = ''",
        "UPDATE donor_month SET person = -1",
        "CREATE TABLE mine (x BIGINT)",
    ] {
        let refused = place
            .raw(&format!("BEGIN; SET LOCAL app.scope = 'city'; SET LOCAL ROLE ansinh_app; {sql}; COMMIT"))
            .await
            .unwrap_err();
        assert!(refused.contains("permission denied") || refused.contains("must be owner"), "{sql}: {refused}");
    }
    let owned = place
        .number("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'ansinh_app'")
        .await;
    assert_eq!(owned, 0);
    place.remove(desk).await;
}

#[tokio::test]
async fn the_owner_itself_is_under_row_level_security() {
    let Some(place) = Place::postgres().await else { return };
    let desk = place.open().await;
    let open = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
                AND relname <> 'schema_migration' AND NOT (relrowsecurity AND relforcerowsecurity)";
    assert_eq!(place.number(open).await, 0);
    // A policy that does not ask who asks would let everybody through.
    let blind = "SELECT count(*) FROM pg_policy WHERE COALESCE(pg_get_expr(polqual, polrelid), '') || \
                 COALESCE(pg_get_expr(polwithcheck, polrelid), '') NOT LIKE ALL (ARRAY['%current_setting(''app.%', '%EXISTS%'])";
    assert_eq!(place.number(blind).await, 0);
    place.remove(desk).await;
}

#[tokio::test]
async fn the_desk_itself_works_as_the_programs_role() {
    let Some(place) = Place::postgres().await else { return };
    let desk = place.open().await;
    desk.targets(&city_officer(), 2026).await.unwrap();
    // The owner would still read and write after this; the program's role does not.
    place.raw("REVOKE SELECT ON target FROM ansinh_app; REVOKE INSERT ON decision FROM ansinh_app").await.unwrap();
    let read = desk.targets(&city_officer(), 2026).await.map(drop);
    let write = desk.decide(&city_officer(), decision(1, HA_DONG)).await.map(drop);
    for answer in [read, write] {
        let denied = matches!(&answer, Err(desk::DeskError::Store { detail }) if detail.contains("permission denied"));
        assert!(denied, "{answer:?}");
    }
    place.remove(desk).await;
}
