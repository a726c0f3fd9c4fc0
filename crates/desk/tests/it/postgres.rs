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
        "ALTER TABLE work_case DISABLE ROW LEVEL SECURITY",
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
