use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    accounts::{IRELAND, MEDIA},
    seeder::{Seeder, text},
};
use crate::error::SandboxError;

/// Nodes of the distributed database, one per zone.
const ZONES: &[&str] = &["a", "b", "c"];

/// Data volumes of each node.
const DATA_DEVICES: &[&str] = &["/dev/sdf", "/dev/sdg"];

/// Makes the nodes with their volumes; answers the ARNs of the data volumes.
pub(super) async fn make(seeder: &Seeder<'_>) -> Result<Vec<String>, SandboxError> {
    let mut volumes = Vec::new();
    for zone in ZONES {
        let name = format!("aerospike-{zone}");
        let ec2 = async |operation: &str, input: Value| {
            seeder.call(&MEDIA, IRELAND, "ec2", operation, input).await
        };
        let started = ec2(
            "RunInstances",
            json!({
                "ImageId": "ami-0demo0000000000000",
                "InstanceType": "i4i.large",
                "MinCount": "1",
                "MaxCount": "1",
                "Placement": {"AvailabilityZone": format!("{IRELAND}{zone}")},
                "TagSpecification": [{
                    "ResourceType": "instance",
                    "Tag": [
                        {"Key": "Name", "Value": name},
                        {"Key": "cluster", "Value": "aerospike"},
                    ],
                }],
            }),
        )
        .await?;
        let instance = text(&started, "/instancesSet/item/0/instanceId", "RunInstances")?;
        for device in DATA_DEVICES {
            let made = ec2(
                "CreateVolume",
                json!({
                    "AvailabilityZone": format!("{IRELAND}{zone}"),
                    "Size": "200",
                    "VolumeType": "gp3",
                    "Encrypted": "true",
                    "TagSpecification": [{
                        "ResourceType": "volume",
                        "Tag": [
                            {"Key": "Name", "Value": format!("{name}{device}")},
                            {"Key": "cluster", "Value": "aerospike"},
                            {"Key": "backup", "Value": "nightly"},
                        ],
                    }],
                }),
            )
            .await?;
            let volume = text(&made, "/volumeId", "CreateVolume")?;
            ec2(
                "AttachVolume",
                json!({"VolumeId": volume, "InstanceId": instance, "Device": device}),
            )
            .await?;
            volumes.push(format!(
                "arn:aws:ec2:{IRELAND}:{}:volume/{volume}",
                MEDIA.account_id
            ));
        }
    }
    Ok(volumes)
}

/// Writes what the data volumes hold in a round.
pub(super) fn change(seeder: &Seeder<'_>, volumes: &[String], round: u64) {
    for (number, arn) in volumes.iter().enumerate() {
        let content = json!({"round": round, "device": number, "seed": seeder.seed}).to_string();
        seeder.gateway.contents.write(arn, Bytes::from(content));
    }
}
