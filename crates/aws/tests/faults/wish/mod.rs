//! What people ask for.

mod backups;
mod plans;
mod records;
mod restores;

use serde_json::Value;
use tidemark_domain::runs::RunId;

use crate::estate::Estate;

/// A kind of run, with a world in which it makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    ToASecond,
    FromADynamoBackup,
    FromATablePoint,
    FromABucketPoint,
    FromRecords,
    Backup,
    BulkDeletion,
    RollOut,
    SetUp,
    SetUpForAFunction,
    Undo,
}

impl Wish {
    /// Makes the world and begins the run.
    pub(crate) async fn begin(self, estate: &Estate) -> RunId {
        match self {
            Self::ToASecond => restores::to_a_second(estate).await,
            Self::FromADynamoBackup => restores::from_a_dynamo_backup(estate).await,
            Self::FromATablePoint => restores::from_a_table_point(estate).await,
            Self::FromABucketPoint => restores::from_a_bucket_point(estate).await,
            Self::FromRecords => records::restore(estate).await,
            Self::Backup => backups::back_up(estate).await,
            Self::BulkDeletion => backups::delete_points(estate).await,
            Self::RollOut => plans::roll_out(estate).await,
            Self::SetUp => records::set_up_for_a_worker(estate).await,
            Self::SetUpForAFunction => records::set_up(estate).await,
            Self::Undo => records::undo(estate).await,
        }
    }

    /// Looks that the world after an undisturbed run is what was asked for: all others have to be like it.
    pub(crate) fn check(self, world: &Value) {
        match self {
            Self::ToASecond | Self::FromADynamoBackup | Self::FromATablePoint => {
                restores::check_table(world);
            }
            Self::FromABucketPoint => restores::check_bucket(world),
            Self::FromRecords => records::check_restored(world),
            Self::Backup => backups::check_backed_up(world),
            Self::BulkDeletion => backups::check_deleted(world),
            Self::RollOut => plans::check(world),
            Self::SetUp | Self::SetUpForAFunction => records::check_set_up(world),
            Self::Undo => records::check_undone(world),
        }
    }
}

/// What the records of a table say, in their order.
fn says(world: &Value, table: &str) -> Vec<String> {
    let items = world["tables"][table]["items"].as_array();
    let items = items.unwrap_or_else(|| panic!("there is no table {table}: {world}"));
    items
        .iter()
        .map(|item| item["v"]["S"].as_str().unwrap().to_owned())
        .collect()
}
