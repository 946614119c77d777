use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    accounts::{IRELAND, MEDIA},
    seeder::{Seeder, text},
};
use crate::error::SandboxError;

/// Makes the mediation system's shared disk; answers its ARN.
pub(super) async fn make(seeder: &Seeder<'_>) -> Result<String, SandboxError> {
    let created = seeder
        .call(
            &MEDIA,
            IRELAND,
            "elasticfilesystem",
            "CreateFileSystem",
            json!({
                "CreationToken": "mediation-shared",
                "PerformanceMode": "generalPurpose",
                "Encrypted": true,
                "Tags": [
                    {"Key": "Name", "Value": "mediation-shared"},
                    {"Key": "team", "Value": "mediation"},
                    {"Key": "backup", "Value": "nightly"},
                ],
            }),
        )
        .await?;
    let id = text(&created, "/FileSystemId", "CreateFileSystem")?;
    Ok(format!(
        "arn:aws:elasticfilesystem:{IRELAND}:{}:file-system/{id}",
        MEDIA.account_id
    ))
}

/// Writes the files of a round: work that stays, and temporary files that a restore should leave out.
pub(super) fn change(seeder: &Seeder<'_>, arn: &str, round: u64) {
    let mut files = Map::new();
    for batch in 0..=round {
        for n in 0..6 {
            let path = format!("/spool/batch-{batch:02}/calls-{n:02}.csv");
            files.insert(
                path,
                Value::from(format!("batch {batch}, file {n}, seed {}", seeder.seed)),
            );
        }
    }
    files.insert(
        "/spool/state.json".to_owned(),
        Value::from(json!({"round": round}).to_string()),
    );
    for path in [
        "/spool/TEMP.merge",
        "/tmp/lock",
        "/DR_TMP_DIR/part-1",
        "/spool/pending/calls-00.csv",
    ] {
        files.insert(
            path.to_owned(),
            Value::from(format!("temporary, round {round}")),
        );
    }
    let content = Value::Object(files).to_string();
    seeder.gateway.contents.write(arn, Bytes::from(content));
}
