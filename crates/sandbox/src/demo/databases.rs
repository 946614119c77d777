use bytes::Bytes;
use serde_json::json;

use super::{
    accounts::{IRELAND, MEDIA},
    seeder::Seeder,
};
use crate::error::SandboxError;

const NAMES: &[(&str, &str, u32)] = &[
    ("mediation-db", "db.m6g.large", 100),
    ("rights-db", "db.t4g.medium", 20),
];

/// Makes the databases; answers their ARNs.
pub(super) async fn make(seeder: &Seeder<'_>) -> Result<Vec<String>, SandboxError> {
    let mut arns = Vec::new();
    for (name, class, gib) in NAMES {
        seeder
            .call(
                &MEDIA,
                IRELAND,
                "rds",
                "CreateDBInstance",
                json!({
                    "DBInstanceIdentifier": name,
                    "DBInstanceClass": class,
                    "Engine": "postgres",
                    "MasterUsername": "mediation",
                    "MasterUserPassword": "not-a-secret-in-the-demo",
                    "AllocatedStorage": gib.to_string(),
                    "StorageType": "gp3",
                    "MultiAZ": "true",
                }),
            )
            .await?;
        let arn = format!("arn:aws:rds:{IRELAND}:{}:db:{name}", MEDIA.account_id);
        seeder
            .call(
                &MEDIA,
                IRELAND,
                "rds",
                "AddTagsToResource",
                json!({
                    "ResourceName": arn,
                    "Tags": [
                        {"Key": "backup", "Value": "nightly"},
                        {"Key": "team", "Value": "mediation"},
                    ],
                }),
            )
            .await?;
        arns.push(arn);
    }
    Ok(arns)
}

/// Writes what the databases hold in a round.
pub(super) fn change(seeder: &Seeder<'_>, arns: &[String], round: u64) {
    for arn in arns {
        let rows = (round + 1) * 1_000;
        let content = json!({"round": round, "rows": rows, "seed": seeder.seed}).to_string();
        seeder.gateway.contents.write(arn, Bytes::from(content));
    }
}
