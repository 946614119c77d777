use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use tidemark_services::error::StoreError;

use crate::db::Db;

/// Number, what it does, its SQL for SQLite and for PostgreSQL. Never change one that was released.
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "accounts, users, audit, catalogue",
        include_str!("../migrations/sqlite/0001_init.sql"),
        include_str!("../migrations/postgres/0001_init.sql"),
    ),
    (
        2,
        "runs",
        include_str!("../migrations/sqlite/0002_runs.sql"),
        include_str!("../migrations/postgres/0002_runs.sql"),
    ),
    (
        3,
        "backup plans",
        include_str!("../migrations/sqlite/0003_plans.sql"),
        include_str!("../migrations/postgres/0003_plans.sql"),
    ),
    (
        4,
        "vaults, filters of points, items of runs",
        include_str!("../migrations/sqlite/0004_vaults.sql"),
        include_str!("../migrations/postgres/0004_vaults.sql"),
    ),
    (
        5,
        "timeline",
        include_str!("../migrations/sqlite/0005_timeline.sql"),
        include_str!("../migrations/postgres/0005_timeline.sql"),
    ),
    (
        6,
        "controls",
        include_str!("../migrations/sqlite/0006_controls.sql"),
        include_str!("../migrations/postgres/0006_controls.sql"),
    ),
    (
        7,
        "checkpoints of record-level backups",
        include_str!("../migrations/sqlite/0007_record_checkpoints.sql"),
        include_str!("../migrations/postgres/0007_record_checkpoints.sql"),
    ),
    (
        8,
        "captures of record-level backups",
        include_str!("../migrations/sqlite/0008_captures.sql"),
        include_str!("../migrations/postgres/0008_captures.sql"),
    ),
    (
        9,
        "indexes of lists and timelines",
        include_str!("../migrations/sqlite/0009_lists.sql"),
        include_str!("../migrations/postgres/0009_lists.sql"),
    ),
];

/// Brings the database's tables up to date. Safe to run from several processes at once.
pub(crate) async fn migrate(db: &Db) -> Result<(), StoreError> {
    let migrations = MIGRATIONS
        .iter()
        .map(|&(number, about, sqlite, postgres)| {
            let sql = match db {
                Db::Sqlite { .. } => sqlite,
                Db::Postgres(_) => postgres,
            };
            Migration::new(
                number,
                Cow::Borrowed(about),
                MigrationType::Simple,
                Cow::Borrowed(sql),
                false,
            )
        })
        .collect();
    let migrator = Migrator {
        migrations: Cow::Owned(migrations),
        ..Migrator::DEFAULT
    };
    match db {
        Db::Sqlite { writer, .. } => migrator.run(writer).await,
        Db::Postgres(pool) => migrator.run(pool).await,
    }
    .map_err(|error| StoreError::Database(Box::new(error)))
}
