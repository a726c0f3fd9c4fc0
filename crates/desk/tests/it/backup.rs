//! One file of everything: the same for both databases, whole or refused.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Scope;
use desk::{AuditAction, Desk, DeskError, ReadEvent, Seal, SeededIds, StoreReport};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff, fill, ticking};

async fn restored(place: &Place, file: &Path, seed: u64) -> Result<Desk, DeskError> {
    Ok(Desk::restore(&place.url, ticking(), Arc::new(SeededIds::new(seed)), file).await?.0)
}

/// Lines of a backup without its head (moment) and foot, by table; the log apart, which each backup and each restoring adds to.
fn rows(file: &Path) -> (Vec<String>, Vec<String>) {
    let text = std::fs::read_to_string(file).unwrap();
    let mut table = String::new();
    let (mut all, mut log) = (Vec::new(), Vec::new());
    for line in text.lines().skip(1) {
        if let Some(name) = line.strip_prefix("{\"table\":\"") {
            table = name.split('"').next().unwrap().to_owned();
        }
        if table == "audit_event" && line.starts_with('[') {
            log.push(line.to_owned());
        } else if !table.starts_with("audit_") {
            all.push(line.to_owned());
        }
    }
    (all, log)
}

/// A city's desk goes to another database and back.
async fn round(from: Place, middle: Place, end: Place) {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| -> PathBuf { folder.path().join(name) };
    let desk = from.open_seeded(1).await;
    fill(&desk).await;
    let exported: Seal = desk.export_seal().await.unwrap().unwrap();
    desk.backup(&file("1")).await.unwrap();
    let over = desk.backup(&file("1")).await;
    assert!(matches!(over, Err(DeskError::Backup { .. })), "no file is written over: {over:?}");

    let second = restored(&middle, &file("1"), 2).await.unwrap();
    second.backup(&file("2")).await.unwrap();
    let third = restored(&end, &file("2"), 3).await.unwrap();
    third.backup(&file("3")).await.unwrap();

    let (first_rows, first_log) = rows(&file("1"));
    let (last_rows, last_log) = rows(&file("3"));
    assert!(first_rows.iter().filter(|line| line.starts_with('[')).count() >= 8);
    assert_eq!(first_rows[..first_rows.len() - 1], last_rows[..last_rows.len() - 1], "every row of every table");
    assert!(first_log.len() > 5);
    assert!(last_log.starts_with(&first_log), "the log goes on behind what was there");
    assert_eq!(last_log.len(), first_log.len() + 4, "restored, backed up, restored, backed up");

    let report: StoreReport = third.check().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    assert!(
        third.verify_audit_against(std::slice::from_ref(&exported)).await.unwrap().is_whole(),
        "the seal kept outside is still in the chain"
    );
    // Work goes on: numbers of the log, guards and areas are where they were.
    third.audit_read(&city_officer(), ReadEvent::new(AuditAction::ViewPerson, "person").object("P9")).await.unwrap();
    assert_eq!(third.active_decisions(&commune_staff(HA_DONG)).await.unwrap().len(), 1);
    assert!(end.raw("DELETE FROM audit_event").await.is_err(), "the guards are back");
    assert!(end.raw("UPDATE target SET value = '1'").await.is_err(), "the guards are back");
    from.remove(desk).await;
    middle.remove(second).await;
    end.remove(third).await;
}

#[tokio::test]
async fn sqlite_to_sqlite_loses_nothing() {
    round(Place::sqlite(), Place::sqlite(), Place::sqlite()).await;
}

#[tokio::test]
async fn sqlite_to_postgres_and_back_loses_nothing() {
    let Some(postgres) = Place::postgres().await else { return };
    round(Place::sqlite(), postgres, Place::sqlite()).await;
}

#[tokio::test]
async fn postgres_to_sqlite_and_back_loses_nothing() {
    let (Some(from), Some(to)) = (Place::postgres().await, Place::postgres().await) else { return };
    round(from, Place::sqlite(), to).await;
}

#[tokio::test]
async fn the_same_rows_give_the_same_bytes_on_both() {
    let mut contents = Vec::new();
    for place in Place::all().await {
        let desk = place.open().await;
        fill(&desk).await;
        let report = desk.check().await.unwrap();
        assert!(report.tables.iter().any(|table| table.table == "audit_event" && table.rows > 5));
        contents.push(report.tables);
        place.remove(desk).await;
    }
    assert!(contents.windows(2).all(|pair| pair[0] == pair[1]), "{contents:#?}");
}

#[tokio::test]
async fn a_store_that_holds_something_takes_no_backup() {
    for place in Place::all().await {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("1");
        let desk = place.open().await;
        fill(&desk).await;
        desk.backup(&file).await.unwrap();
        let events = desk.verify_audit().await.unwrap().events;
        assert_eq!(restored(&place, &file, 2).await.err(), Some(DeskError::NotEmpty));
        assert_eq!(desk.verify_audit().await.unwrap().events, events);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_damaged_file_leaves_nothing_behind() {
    for place in Place::all().await {
        let folder = tempfile::tempdir().unwrap();
        let (good, bad) = (folder.path().join("good"), folder.path().join("bad"));
        let source = Place::sqlite();
        let desk = source.open().await;
        fill(&desk).await;
        desk.backup(&good).await.unwrap();
        let text = std::fs::read_to_string(&good).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let reason = lines.iter().position(|line| line.contains("Hai người trùng họ tên")).unwrap();
        let without = |n: usize| lines.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, line)| *line).collect::<String>();
        for (what, damaged) in [
            ("another reason", text.replacen("Hai người", "Ba người", 1)),
            ("a row less", without(reason)),
            ("no last line", without(lines.len() - 1)),
            ("cut off", text[..text.len() / 2].to_owned()),
            ("something behind it", format!("{text}[]\n")),
            ("a newer step", text.replacen("\"number\":1", "\"number\":9999", 1)),
            ("no backup", "hello\n".to_owned()),
        ] {
            std::fs::write(&bad, damaged).unwrap();
            let refused = restored(&place, &bad, 2).await.err().unwrap_or_else(|| panic!("{what} was restored"));
            assert!(matches!(refused, DeskError::Backup { .. } | DeskError::SchemaNewer { .. }), "{what}: {refused:?}");
        }
        // The store is as empty as it was.
        let taken = restored(&place, &good, 2).await.unwrap();
        assert!(taken.check().await.unwrap().is_whole());
        place.remove(taken).await;
        source.remove(desk).await;
    }
}

#[tokio::test]
async fn a_backup_is_of_one_moment() {
    for place in Place::all().await {
        let desk = place.open().await;
        fill(&desk).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("1");
        let writer = desk.clone();
        let work = tokio::spawn(async move {
            for n in 0..200 {
                let event = ReadEvent::new(AuditAction::ViewPerson, "person").object(format!("P{n}")).commune(&code(HOAN_KIEM));
                writer.audit_read(&Scope::system(), event).await.unwrap();
            }
        });
        desk.backup(&file).await.unwrap();
        work.await.unwrap();
        let other = Place::sqlite();
        let taken = restored(&other, &file, 2).await.unwrap();
        let report = taken.verify_audit().await.unwrap();
        assert!(report.is_whole(), "{report:?}");
        other.remove(taken).await;
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn checking_finds_what_is_lost_and_what_is_unguarded() {
    for place in Place::all().await {
        let desk = place.open().await;
        fill(&desk).await;
        let report = desk.check().await.unwrap();
        assert!(report.is_whole(), "{report:?}");
        if place.is_postgres() {
            place.raw("ALTER TABLE desk_user DROP CONSTRAINT desk_user_unit_fkey").await.unwrap();
            place.raw("ALTER TABLE decision NO FORCE ROW LEVEL SECURITY").await.unwrap();
            // Collectors belong to units and refuse to be emptied with them.
            assert!(place.raw("TRUNCATE unit CASCADE").await.is_err());
            for table in ["collector", "collector_card", "collector_complaint"] {
                place.disarm(table).await;
            }
            place.raw("TRUNCATE unit CASCADE").await.unwrap();
            let report = desk.check().await.unwrap();
            assert_eq!(report.unguarded, ["decision"]);
            assert!(!report.is_whole());
        } else {
            place.raw("PRAGMA foreign_keys = OFF; DELETE FROM unit").await.unwrap();
            let report = desk.check().await.unwrap();
            assert!(report.lost_references.iter().any(|lost| lost.from == "desk_user" && lost.rows == 3), "{report:?}");
            assert!(!report.is_whole());
        }
        place.raw("UPDATE schema_migration SET hash = 'x' WHERE number = 2").await.unwrap();
        assert_eq!(desk.check().await.unwrap().wrong_steps, ["desk 2"]);
        place.remove(desk).await;
    }
}
