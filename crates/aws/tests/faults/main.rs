//! Runs live through ten minutes of every fault of the simulated AWS at every step.
//!
//! Everything but AWS is real: the adapters over HTTP, the engine, the use cases, the store. AWS is the sandbox, and the
//! engine goes by the sandbox's clock, so that ten minutes pass in a moment. A life begins a run; with each step that
//! begins a fault begins, and ends ten minutes later. At the end the run has succeeded by itself, and AWS looks as after a
//! run that nothing disturbed.
//!
//! A fault strikes everything, or only calls that change something, so that a look succeeds and what follows does not.
//! Each time, each kind meets each fault in one of the two ways on SQLite, and two of the faults on PostgreSQL;
//! `TIDEMARK_TEST_ALL_FAULTS=1` asks for all of them in both ways on both.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod database;
mod estate;
mod life;
mod observe;
mod sky;
mod watched;
mod wish;

use crate::{database::Database, life::outlasts_everything, wish::Wish};

macro_rules! lives {
    ($($name:ident: $wish:ident,)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::outlasts_everything(super::Database::Sqlite, super::Wish::$wish).await; })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::outlasts_everything(super::Database::Postgres, super::Wish::$wish).await; })*
        }
    };
}

lives! {
    a_restore_to_a_second: ToASecond,
    a_restore_from_a_backup_of_dynamodb: FromADynamoBackup,
    a_restore_of_a_table_from_a_recovery_point: FromATablePoint,
    a_restore_of_a_bucket: FromABucketPoint,
    a_restore_from_records: FromRecords,
    a_backup: Backup,
    a_bulk_deletion: BulkDeletion,
    a_roll_out: RollOut,
    a_set_up: SetUp,
    a_set_up_that_a_function_reads: SetUpForAFunction,
    an_undo_of_records: Undo,
}
