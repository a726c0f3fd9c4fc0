//! Migrations run once, in order, and an older program does not touch a newer store.

use std::sync::Arc;

use base::Explain;
use desk::{Desk, DeskError, Migration, SeededIds};

use crate::support::{HA_DONG, Place, city_officer, decision, ticking};

const ONE: Migration = Migration {
    number: 1,
    name: "one",
    common: "CREATE TABLE case_note (id TEXT PRIMARY KEY, at BIGINT NOT NULL);",
    sqlite: "",
    postgres: "",
};
const TWO: Migration = Migration {
    number: 2,
    name: "two",
    common: "INSERT INTO case_note (id, at) VALUES ('a', 1); INSERT INTO case_note (id, at) VALUES ('b', 2);",
    sqlite: "",
    postgres: "",
};

#[tokio::test]
async fn opening_twice_keeps_the_data() {
    for place in Place::all().await {
        let desk = place.open_seeded(1).await;
        desk.decide(&city_officer(), decision(1, HA_DONG)).await.unwrap();
        desk.close().await;
        let steps = place.number("SELECT count(*) FROM schema_migration").await;
        let again = place.open_seeded(2).await;
        assert_eq!(again.active_decisions(&city_officer()).await.unwrap().len(), 1);
        assert_eq!(place.number("SELECT count(*) FROM schema_migration").await, steps);
        place.remove(again).await;
    }
}

#[tokio::test]
async fn a_chapter_adds_its_steps_one_after_another() {
    for place in Place::all().await {
        let desk = place.open().await;
        assert_eq!(desk.migrate("followup", &[ONE]).await.unwrap(), 1);
        assert_eq!(desk.migrate("followup", &[ONE, TWO]).await.unwrap(), 1);
        assert_eq!(desk.migrate("followup", &[ONE, TWO]).await.unwrap(), 0);
        assert_eq!(place.number("SELECT count(*) FROM case_note").await, 2);

        let changed = Migration { common: "SELECT 1", ..ONE };
        let error = desk.migrate("followup", &[changed, TWO]).await;
        assert_eq!(error, Err(DeskError::MigrationChanged { chapter: "followup".into(), number: 1 }));
        let newer = desk.migrate("followup", &[ONE]).await.unwrap_err();
        assert_eq!(newer, DeskError::SchemaNewer { chapter: "followup".into(), found: 2, known: 1 });
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_step_that_fails_leaves_nothing_behind() {
    for place in Place::all().await {
        let desk = place.open().await;
        let broken = Migration {
            number: 2,
            name: "broken",
            common: "INSERT INTO case_note (id, at) VALUES ('a', 1); SELECT * FROM nowhere;",
            ..TWO
        };
        assert!(matches!(desk.migrate("followup", &[ONE, broken]).await, Err(DeskError::Store { .. })));
        assert_eq!(desk.migrate("followup", &[ONE, TWO]).await.unwrap(), 2);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_newer_store_is_refused_with_a_sentence() {
    for place in Place::all().await {
        let desk = place.open().await;
        let sql = "INSERT INTO schema_migration (chapter, number, name, hash, applied_at) VALUES ('desk', 99, 'later', '', 0)";
        place.raw(sql).await.unwrap();
        let Err(error) = Desk::open(&place.url, ticking(), Arc::new(SeededIds::new(2))).await else {
            panic!("a newer store was opened");
        };
        assert!(matches!(error, DeskError::SchemaNewer { found: 99, .. }), "{error:?}");
        assert!(error.to_string().contains("newer version of An Sinh"), "{error}");
        assert!(error.remedy().contains("phiên bản"), "{}", error.remedy());
        place.remove(desk).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_start_at_once_migrate_once() {
    for place in Place::all().await {
        let starts = (0..4).map(|seed| {
            let url = place.url.clone();
            tokio::spawn(async move { Desk::open(&url, ticking(), Arc::new(SeededIds::new(seed))).await.map(drop) })
        });
        for start in futures::future::join_all(starts).await {
            assert_eq!(start.unwrap(), Ok(()));
        }
        let desk = place.open().await;
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn what_cannot_be_opened_says_where_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("not-a-store");
    std::fs::write(&file, "an ordinary text, long enough to be no empty database at all".repeat(50)).unwrap();
    for place in [file.display().to_string(), folder.path().display().to_string(), "postgres://nobody@127.0.0.1:1/none".into()] {
        let Err(error) = Desk::open(&place, ticking(), Arc::new(SeededIds::new(1))).await else { panic!("{place} was opened") };
        assert!(matches!(error, DeskError::Open { .. }), "{error:?}");
        assert!(!error.place().is_empty() && !error.remedy().is_empty());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::sqlite();
    let desk = place.open().await;
    desk.decide(&city_officer(), decision(1, HA_DONG)).await.unwrap();
    for file in [place.url.clone(), format!("{}-wal", place.url)] {
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
    place.remove(desk).await;
}
