use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use jiff::Timestamp;
use tidemark_sandbox_backup::{Captured, ProviderError, ResourceProvider, SimResource};

use super::{error, foreign, id_of, metadata};
use crate::services::ec2::{BlockStorage, Volume, VolumeSpec, new_id, volume_arn};

const GIB: u64 = 1 << 30;

/// EBS volumes.
pub(super) struct Volumes {
    storage: BlockStorage,
}

/// What a volume was and held.
struct VolumeCapture {
    spec: VolumeSpec,
    content: Bytes,
}

impl Volumes {
    pub(super) fn new(storage: BlockStorage) -> Self {
        Self { storage }
    }
}

impl ResourceProvider for Volumes {
    fn resource_type(&self) -> &'static str {
        "EBS"
    }

    fn list(&self, account: &str, region: &str) -> Vec<SimResource> {
        self.storage.at(account, region, |ebs| {
            ebs.volumes
                .values()
                .map(|volume| SimResource {
                    arn: volume_arn(account, region, &volume.id),
                    name: volume.tags.get("Name").unwrap_or(&volume.id).clone(),
                    tags: volume.tags.clone(),
                    size_bytes: volume.spec.size_gib * GIB,
                })
                .collect()
        })
    }

    fn capture(
        &self,
        account: &str,
        region: &str,
        arn: &str,
        _at: Timestamp,
    ) -> Result<Captured, ProviderError> {
        let id = id_of(arn);
        let spec = self
            .storage
            .at(account, region, |ebs| {
                ebs.volumes.get(id).map(|volume| volume.spec.clone())
            })
            .ok_or_else(|| {
                error(
                    "InvalidVolume.NotFound",
                    format!("The volume '{id}' does not exist."),
                )
            })?;
        let mut restore_metadata = BTreeMap::from([
            ("availabilityZone".to_owned(), spec.zone.clone()),
            ("volumeType".to_owned(), spec.kind.clone()),
            ("volumeSize".to_owned(), spec.size_gib.to_string()),
            ("encrypted".to_owned(), spec.encrypted.to_string()),
        ]);
        if let Some(key) = &spec.kms_key {
            restore_metadata.insert("kmsKeyId".to_owned(), key.clone());
        }
        Ok(Captured {
            size_bytes: spec.size_gib * GIB,
            restore_metadata,
            data: Arc::new(VolumeCapture {
                content: self.storage.contents.read(arn),
                spec,
            }),
        })
    }

    fn restore(
        &self,
        account: &str,
        region: &str,
        captured: &Captured,
        given: &BTreeMap<String, String>,
        _at: Timestamp,
    ) -> Result<String, ProviderError> {
        let capture = captured
            .data
            .downcast_ref::<VolumeCapture>()
            .ok_or_else(foreign)?;
        let value = |key| metadata::value(given, captured, key);
        let zone = metadata::given(given, "availabilityZone")
            .ok_or_else(|| {
                error(
                    "InvalidParameterValueException",
                    "Restore metadata must contain availabilityZone",
                )
            })?
            .to_owned();
        if !zone.starts_with(region) {
            return Err(error(
                "InvalidParameterValueException",
                format!("Availability Zone {zone} is not in {region}"),
            ));
        }
        let size = match value("volumeSize") {
            None => capture.spec.size_gib,
            Some(text) => text.parse().map_err(|_| {
                error(
                    "InvalidParameterValueException",
                    format!("volumeSize {text} is not a number of GiB"),
                )
            })?,
        };
        if size < capture.spec.size_gib {
            return Err(error(
                "InvalidParameterValueException",
                "volumeSize must not be smaller than the backed-up volume",
            ));
        }
        let volume = Volume {
            id: new_id("vol"),
            spec: VolumeSpec {
                size_gib: size,
                zone,
                kind: value("volumeType").unwrap_or("gp3").to_owned(),
                iops: value("iops").and_then(|text| text.parse().ok()),
                throughput: value("throughput").and_then(|text| text.parse().ok()),
                encrypted: capture.spec.encrypted || metadata::flag(value("encrypted")),
                kms_key: value("kmsKeyId").map(str::to_owned),
                snapshot: None,
            },
            created: self.storage.clock.now(),
            attachment: None,
            tags: BTreeMap::new(),
        };
        let arn = volume_arn(account, region, &volume.id);
        self.storage.contents.write(&arn, capture.content.clone());
        self.storage.at(account, region, |ebs| {
            ebs.volumes.insert(volume.id.clone(), volume);
        });
        Ok(arn)
    }

    fn supports_cold_storage(&self) -> bool {
        true
    }

    fn supports_continuous(&self) -> bool {
        false
    }
}
