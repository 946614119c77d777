use std::borrow::Cow;

use sqlx::{
    Connection as _,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    postgres::PgConnection,
    sqlite::SqliteConnection,
};
use tidemark_services::error::StoreError;

use crate::db::{Db, Dialect, Pool, Pools, database};

/// Number, what it does, its SQL for SQLite and for PostgreSQL. Never change one that others may have run: their databases
/// would be refused.
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
    (
        10,
        "smaller indexes of lists",
        include_str!("../migrations/sqlite/0010_smaller_indexes.sql"),
        include_str!("../migrations/postgres/0010_smaller_indexes.sql"),
    ),
    (
        11,
        "what runs are told apart by",
        include_str!("../migrations/sqlite/0011_run_keys.sql"),
        include_str!("../migrations/postgres/0011_run_keys.sql"),
    ),
    (
        12,
        "sessions, turns of reading, a place to write",
        include_str!("../migrations/sqlite/0012_sessions.sql"),
        include_str!("../migrations/postgres/0012_sessions.sql"),
    ),
    (
        15,
        "sources of copies",
        include_str!("../migrations/sqlite/0015_copies.sql"),
        include_str!("../migrations/postgres/0015_copies.sql"),
    ),
    (
        16,
        "disabled users, last sign-ins",
        include_str!("../migrations/sqlite/0016_users.sql"),
        include_str!("../migrations/postgres/0016_users.sql"),
    ),
    (
        17,
        "permissions of roles, external ids that wait",
        include_str!("../migrations/sqlite/0017_permissions.sql"),
        include_str!("../migrations/postgres/0017_permissions.sql"),
    ),
    (
        19,
        "application sets",
        include_str!("../migrations/sqlite/0019_sets.sql"),
        include_str!("../migrations/postgres/0019_sets.sql"),
    ),
    (
        21,
        "jobs by time",
        include_str!("../migrations/sqlite/0021_jobs.sql"),
        include_str!("../migrations/postgres/0021_jobs.sql"),
    ),
    (
        23,
        "jobs of a run's items",
        include_str!("../migrations/sqlite/0023_copies.sql"),
        include_str!("../migrations/postgres/0023_copies.sql"),
    ),
];

/// The migrations in the words of one database.
fn migrations(dialect: Dialect) -> Vec<Migration> {
    MIGRATIONS
        .iter()
        .map(|&(number, about, sqlite, postgres)| {
            let sql = match dialect {
                Dialect::Sqlite => sqlite,
                Dialect::Postgres => postgres,
            };
            Migration::new(
                number,
                Cow::Borrowed(about),
                MigrationType::Simple,
                Cow::Borrowed(sql),
                false,
            )
        })
        .collect()
}

/// Brings the database's tables up to date. Safe to run from several processes at once.
pub(crate) async fn migrate(db: &Db) -> Result<(), StoreError> {
    let migrator = Migrator {
        migrations: Cow::Owned(migrations(db.dialect())),
        ..Migrator::DEFAULT
    };
    match &db.pools {
        Pools::Sqlite { writer, .. } => in_sqlite(&migrator, writer).await,
        Pools::Postgres(pool) => in_postgres(&migrator, pool).await,
    }
}

/// In one transaction, so that a second process finds all done, and a failure leaves nothing behind.
async fn in_sqlite(migrator: &Migrator, writer: &Pool<SqliteConnection>) -> Result<(), StoreError> {
    let mut held = writer.get().await?;
    let connection = held.raw()?;
    let mut tx = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(database)?;
    migrator.run_direct(&mut *tx).await.map_err(failed)?;
    tx.commit().await.map_err(database)?;
    held.went_well();
    Ok(())
}

/// Under the migrator's own lock. An index of a large table takes as long as it takes.
async fn in_postgres(migrator: &Migrator, pool: &Pool<PgConnection>) -> Result<(), StoreError> {
    let mut held = pool.get().await?;
    // Never marked as well again: the connection goes, and its settings with it.
    let connection = held.raw()?;
    for limit in [
        "SET statement_timeout = 0",
        "SET lock_timeout = 0",
        "SET idle_in_transaction_session_timeout = 0",
    ] {
        sqlx::query(limit)
            .execute(&mut *connection)
            .await
            .map_err(database)?;
    }
    migrator.run_direct(&mut *connection).await.map_err(failed)
}

fn failed(error: MigrateError) -> StoreError {
    let newest = MIGRATIONS.last().map_or(0, |&(number, ..)| number);
    match error {
        MigrateError::VersionMissing(number) if number > newest => StoreError::Conflict(format!(
            "the database was brought up to date by a newer version of Tidemark: it is at schema {number}, and this version \
             knows up to {newest}. Start that version or a newer one; for this one, go back to a backup of the database from \
             before"
        )),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            match database(error) {
                StoreError::Conflict(what) => StoreError::Database(what.into()),
                error => error,
            }
        }
        error => StoreError::Database(Box::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginnings of the digests by which databases know what they ran, SQLite's and PostgreSQL's.
    const RUN: &[(&str, &str)] = &[
        ("5e98d74fc14b", "fca0b7e4dc9a"),
        ("c589a03a2d69", "928700582a7b"),
        ("3c4a13686c5c", "545797a010f0"),
        ("4b232250a081", "7d93d0a790ca"),
        ("5f7df30d3714", "230c76ea5669"),
        ("a4afabfc787a", "b4306f930b70"),
        ("d8bf6f64f893", "2c1a1aeeb4ba"),
        ("4368b0f7b702", "2de90d4f4e93"),
        ("a22fb985b01c", "ea5bcf18a14c"),
        ("4b7c3b6959f6", "e5627bfd1214"),
        ("c748614c2d89", "c748614c2d89"),
        ("f1711ce6c4ee", "e5347ae5e9b7"),
        ("34212c7f0501", "9dae1aad9456"),
        ("cfb8e1330a90", "cfb8e1330a90"),
        ("6d0d09dba230", "7736c4f10a88"),
        ("be6b66a56ee3", "08577ab9730c"),
        ("a11ba4e16a69", "a11ba4e16a69"),
        ("27b9e448d6fc", "27b9e448d6fc"),
    ];

    #[test]
    fn no_migration_that_others_may_have_run_has_changed() {
        let digests = |dialect| {
            let all = migrations(dialect).into_iter();
            all.map(|migration| {
                let beginning = migration.checksum.iter().take(6);
                let number = beginning.fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
                format!("{number:012x}")
            })
        };
        let now: Vec<(String, String)> = digests(Dialect::Sqlite)
            .zip(digests(Dialect::Postgres))
            .collect();
        let run = RUN
            .iter()
            .map(|&(sqlite, postgres)| (sqlite.into(), postgres.into()));
        assert_eq!(now, run.collect::<Vec<_>>());
    }
}
