//! Numbered migrations by chapter: applied once, in order, each in one transaction, remembered with their hash.

use base::Scope;

use crate::DeskError;
use crate::db::{Store, Tx};
use crate::sql::Sql;

/// One step of a chapter's tables.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Number within the chapter, from 1 without holes.
    pub number: i64,
    /// Short name, e.g. `desk`.
    pub name: &'static str,
    /// SQL for both databases: TEXT and BIGINT columns only, and BYTEA for the bytes of files.
    pub common: &'static str,
    /// What only SQLite needs (triggers).
    pub sqlite: &'static str,
    /// What only PostgreSQL needs (triggers, rights, row level security).
    pub postgres: &'static str,
}

/// The steps of the desk itself.
pub(crate) const DESK: &[Migration] = &[
    Migration {
        number: 1,
        name: "desk",
        common: include_str!("../migrations/0001_desk.sql"),
        sqlite: include_str!("../migrations/0001_desk.sqlite.sql"),
        postgres: include_str!("../migrations/0001_desk.postgres.sql"),
    },
    Migration {
        number: 2,
        name: "school_answer",
        common: include_str!("../migrations/0002_school_answer.sql"),
        sqlite: include_str!("../migrations/0002_school_answer.sqlite.sql"),
        postgres: include_str!("../migrations/0002_school_answer.postgres.sql"),
    },
    Migration {
        number: 3,
        name: "work_case",
        common: include_str!("../migrations/0003_work_case.sql"),
        sqlite: include_str!("../migrations/0003_work_case.sqlite.sql"),
        postgres: include_str!("../migrations/0003_work_case.postgres.sql"),
    },
    Migration {
        number: 4,
        name: "access",
        common: include_str!("../migrations/0004_access.sql"),
        sqlite: include_str!("../migrations/0004_access.sqlite.sql"),
        postgres: include_str!("../migrations/0004_access.postgres.sql"),
    },
    Migration {
        number: 5,
        name: "document",
        common: include_str!("../migrations/0005_document.sql"),
        sqlite: include_str!("../migrations/0005_document.sqlite.sql"),
        postgres: include_str!("../migrations/0005_document.postgres.sql"),
    },
    Migration {
        number: 6,
        name: "privacy",
        common: include_str!("../migrations/0006_privacy.sql"),
        sqlite: include_str!("../migrations/0006_privacy.sqlite.sql"),
        postgres: include_str!("../migrations/0006_privacy.postgres.sql"),
    },
    Migration {
        number: 7,
        name: "break_glass",
        common: include_str!("../migrations/0007_break_glass.sql"),
        sqlite: include_str!("../migrations/0007_break_glass.sqlite.sql"),
        postgres: include_str!("../migrations/0007_break_glass.postgres.sql"),
    },
    Migration {
        number: 8,
        name: "subject",
        common: include_str!("../migrations/0008_subject.sql"),
        sqlite: include_str!("../migrations/0008_subject.sqlite.sql"),
        postgres: include_str!("../migrations/0008_subject.postgres.sql"),
    },
    Migration {
        number: 9,
        name: "data_key",
        common: include_str!("../migrations/0009_data_key.sql"),
        sqlite: include_str!("../migrations/0009_data_key.sqlite.sql"),
        postgres: include_str!("../migrations/0009_data_key.postgres.sql"),
    },
    Migration {
        number: 10,
        name: "subject_key",
        common: include_str!("../migrations/0010_subject_key.sql"),
        sqlite: include_str!("../migrations/0010_subject_key.sqlite.sql"),
        postgres: include_str!("../migrations/0010_subject_key.postgres.sql"),
    },
    Migration {
        number: 11,
        name: "identity",
        common: include_str!("../migrations/0011_identity.sql"),
        sqlite: include_str!("../migrations/0011_identity.sqlite.sql"),
        postgres: include_str!("../migrations/0011_identity.postgres.sql"),
    },
    Migration {
        number: 12,
        name: "collector",
        common: include_str!("../migrations/0012_collector.sql"),
        sqlite: include_str!("../migrations/0012_collector.sqlite.sql"),
        postgres: include_str!("../migrations/0012_collector.postgres.sql"),
    },
    Migration {
        number: 13,
        name: "outbox",
        common: include_str!("../migrations/0013_outbox.sql"),
        sqlite: include_str!("../migrations/0013_outbox.sqlite.sql"),
        postgres: include_str!("../migrations/0013_outbox.postgres.sql"),
    },
    Migration {
        number: 14,
        name: "case_erasure",
        common: include_str!("../migrations/0014_case_erasure.sql"),
        sqlite: include_str!("../migrations/0014_case_erasure.sqlite.sql"),
        postgres: include_str!("../migrations/0014_case_erasure.postgres.sql"),
    },
    Migration {
        number: 15,
        name: "case_count",
        common: include_str!("../migrations/0015_case_count.sql"),
        sqlite: include_str!("../migrations/0015_case_count.sqlite.sql"),
        postgres: include_str!("../migrations/0015_case_count.postgres.sql"),
    },
    Migration {
        number: 16,
        name: "task",
        common: include_str!("../migrations/0016_task.sql"),
        sqlite: include_str!("../migrations/0016_task.sqlite.sql"),
        postgres: include_str!("../migrations/0016_task.postgres.sql"),
    },
    Migration {
        number: 17,
        name: "committee",
        common: include_str!("../migrations/0017_committee.sql"),
        sqlite: include_str!("../migrations/0017_committee.sqlite.sql"),
        postgres: include_str!("../migrations/0017_committee.postgres.sql"),
    },
    Migration {
        number: 18,
        name: "donor",
        common: include_str!("../migrations/0018_donor.sql"),
        sqlite: include_str!("../migrations/0018_donor.sqlite.sql"),
        postgres: include_str!("../migrations/0018_donor.postgres.sql"),
    },
    Migration {
        number: 19,
        name: "survey",
        common: include_str!("../migrations/0019_survey.sql"),
        sqlite: include_str!("../migrations/0019_survey.sqlite.sql"),
        postgres: include_str!("../migrations/0019_survey.postgres.sql"),
    },
    Migration {
        number: 20,
        name: "plan_report_text",
        common: include_str!("../migrations/0020_plan_report_text.sql"),
        sqlite: include_str!("../migrations/0020_plan_report_text.sqlite.sql"),
        postgres: include_str!("../migrations/0020_plan_report_text.postgres.sql"),
    },
    Migration {
        number: 21,
        name: "term",
        common: include_str!("../migrations/0021_term.sql"),
        sqlite: include_str!("../migrations/0021_term.sqlite.sql"),
        postgres: include_str!("../migrations/0021_term.postgres.sql"),
    },
    Migration {
        number: 22,
        name: "review",
        common: include_str!("../migrations/0022_review.sql"),
        sqlite: include_str!("../migrations/0022_review.sqlite.sql"),
        postgres: include_str!("../migrations/0022_review.postgres.sql"),
    },
    Migration {
        number: 23,
        name: "protected_opening",
        common: include_str!("../migrations/0023_protected_opening.sql"),
        sqlite: include_str!("../migrations/0023_protected_opening.sqlite.sql"),
        postgres: include_str!("../migrations/0023_protected_opening.postgres.sql"),
    },
    Migration {
        number: 24,
        name: "upkeep",
        common: include_str!("../migrations/0024_upkeep.sql"),
        sqlite: include_str!("../migrations/0024_upkeep.sqlite.sql"),
        postgres: include_str!("../migrations/0024_upkeep.postgres.sql"),
    },
    Migration {
        number: 25,
        name: "review_follows",
        common: include_str!("../migrations/0025_review_follows.sql"),
        sqlite: include_str!("../migrations/0025_review_follows.sqlite.sql"),
        postgres: include_str!("../migrations/0025_review_follows.postgres.sql"),
    },
    Migration {
        number: 26,
        name: "document_erasure",
        common: include_str!("../migrations/0026_document_erasure.sql"),
        sqlite: include_str!("../migrations/0026_document_erasure.sqlite.sql"),
        postgres: include_str!("../migrations/0026_document_erasure.postgres.sql"),
    },
    Migration {
        number: 27,
        name: "restriction",
        common: include_str!("../migrations/0027_restriction.sql"),
        sqlite: include_str!("../migrations/0027_restriction.sqlite.sql"),
        postgres: include_str!("../migrations/0027_restriction.postgres.sql"),
    },
    Migration {
        number: 29,
        name: "account_and_link",
        common: include_str!("../migrations/0029_account_and_link.sql"),
        sqlite: include_str!("../migrations/0029_account_and_link.sqlite.sql"),
        postgres: include_str!("../migrations/0029_account_and_link.postgres.sql"),
    },
    Migration {
        number: 30,
        name: "case_selection",
        common: include_str!("../migrations/0030_case_selection.sql"),
        sqlite: include_str!("../migrations/0030_case_selection.sqlite.sql"),
        postgres: include_str!("../migrations/0030_case_selection.postgres.sql"),
    },
    Migration {
        number: 31,
        name: "case_sheet",
        common: include_str!("../migrations/0031_case_sheet.sql"),
        sqlite: include_str!("../migrations/0031_case_sheet.sqlite.sql"),
        postgres: include_str!("../migrations/0031_case_sheet.postgres.sql"),
    },
    Migration {
        number: 32,
        name: "review_step",
        common: include_str!("../migrations/0032_review_step.sql"),
        sqlite: include_str!("../migrations/0032_review_step.sqlite.sql"),
        postgres: include_str!("../migrations/0032_review_step.postgres.sql"),
    },
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    chapter TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, applied_at BIGINT NOT NULL,
    PRIMARY KEY (chapter, number))";

/// Number of the advisory lock that keeps two starting programs from migrating one database at once.
const LOCK: &str =
    "SELECT pg_advisory_xact_lock(4714251), set_config('statement_timeout', '0', true), set_config('lock_timeout', '60s', true)";

impl Migration {
    /// Hash over all that this step would run anywhere, so that both databases agree on it.
    pub(crate) fn hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for part in [self.name, self.common, self.sqlite, self.postgres] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }
}

/// Brings a chapter's tables to the newest step; refuses a store made by a newer program.
///
/// Gives the number of steps applied now.
pub(crate) async fn migrate(store: &Store, chapter: &str, steps: &[Migration], now: i64) -> Result<usize, DeskError> {
    let mut tx = store.migrate().await?;
    let done = migrate_in(&mut tx, chapter, steps, now).await?;
    tx.commit().await?;
    Ok(done)
}

/// The same in a transaction of the owner.
pub(crate) async fn migrate_in(tx: &mut Tx, chapter: &str, steps: &[Migration], now: i64) -> Result<usize, DeskError> {
    if tx.is_postgres() {
        tx.script(LOCK).await?;
    }
    tx.script(TABLE).await?;
    let applied = applied(tx, chapter).await?;
    let known = steps.last().map_or(0, |step| step.number);
    if let Some(found) = applied.last().map(|(number, _)| *number).filter(|found| *found > known) {
        return Err(DeskError::SchemaNewer { chapter: chapter.to_owned(), found, known });
    }
    let mut done = 0;
    for step in steps {
        match applied.iter().find(|(number, _)| *number == step.number) {
            Some((_, hash)) if *hash == step.hash() => {}
            Some(_) => return Err(DeskError::MigrationChanged { chapter: chapter.to_owned(), number: step.number }),
            None => {
                apply(tx, chapter, step, now).await?;
                done += 1;
            }
        }
    }
    Ok(done)
}

async fn applied(tx: &mut Tx, chapter: &str) -> Result<Vec<(i64, String)>, DeskError> {
    let sql = Sql::with("SELECT number, hash FROM schema_migration WHERE chapter = $1 ORDER BY number", [chapter.into()]);
    tx.rows(sql).await?.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
}

async fn apply(tx: &mut Tx, chapter: &str, step: &Migration, now: i64) -> Result<(), DeskError> {
    tx.script(step.common).await?;
    tx.script(if tx.is_postgres() { step.postgres } else { step.sqlite }).await?;
    let sql = Sql::with(
        "INSERT INTO schema_migration (chapter, number, name, hash, applied_at) VALUES ($1, $2, $3, $4, $5)",
        [chapter.into(), step.number.into(), step.name.into(), step.hash().into(), now.into()],
    );
    tx.execute(sql).await.map(drop)
}

/// Proves that the store answers under a scope, so that a missing role or right shows at opening.
pub(crate) async fn probe(store: &Store) -> Result<(), DeskError> {
    let mut tx = store.read(&Scope::system()).await?;
    tx.rows(Sql::new("SELECT last_seq FROM audit_counter")).await.map(drop)
}
