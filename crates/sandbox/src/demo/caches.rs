use bytes::Bytes;
use serde_json::json;

use super::{
    accounts::{IRELAND, MEDIA},
    seeder::Seeder,
};
use crate::error::SandboxError;

const NAME: &str = "mediation-cache";

/// Makes the mediation system's MemoryDB cluster with a daily snapshot window.
pub(super) async fn make(seeder: &Seeder<'_>) -> Result<(), SandboxError> {
    seeder
        .call(
            &MEDIA,
            IRELAND,
            "memorydb",
            "CreateCluster",
            json!({
                "ClusterName": NAME,
                "NodeType": "db.r6g.large",
                "ACLName": "open-access",
                "NumShards": 2,
                "SnapshotRetentionLimit": 7,
                "SnapshotWindow": "02:00-03:00",
                "Tags": [
                    {"Key": "team", "Value": "mediation"},
                    {"Key": "backup", "Value": "own-snapshots"},
                ],
            }),
        )
        .await?;
    Ok(())
}

/// Writes what the cluster holds in a round.
pub(super) fn change(seeder: &Seeder<'_>, round: u64) {
    let arn = format!(
        "arn:aws:memorydb:{IRELAND}:{}:cluster/{NAME}",
        MEDIA.account_id
    );
    let content =
        json!({"round": round, "keys": (round + 1) * 250, "seed": seeder.seed}).to_string();
    seeder.gateway.contents.write(&arn, Bytes::from(content));
}

/// A snapshot by MemoryDB itself.
pub(super) async fn snapshot(seeder: &Seeder<'_>, round: u64) -> Result<(), SandboxError> {
    seeder
        .call(
            &MEDIA,
            IRELAND,
            "memorydb",
            "CreateSnapshot",
            json!({"ClusterName": NAME, "SnapshotName": format!("{NAME}-{round:02}")}),
        )
        .await?;
    Ok(())
}
