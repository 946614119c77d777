use std::{collections::BTreeMap, sync::Arc};

use awsim_core::AccountRegionStore;
use awsim_s3::state::{Bucket, ObjectVersions, S3Object, S3State, VersioningStatus};
use jiff::{Timestamp, fmt::rfc2822};
use tidemark_sandbox_backup::{Captured, ProviderError, ResourceProvider, SimResource};

use super::{error, foreign, id_of, metadata};
use crate::services::s3::{STATE_REGION, owner};

/// S3 buckets.
pub(super) struct Buckets {
    store: AccountRegionStore<S3State>,
}

/// Every version that the bucket held, oldest first for each key.
struct BucketCapture {
    bucket: Bucket,
    objects: BTreeMap<String, Vec<S3Object>>,
    /// The second that a continuous point was asked for.
    at: Timestamp,
}

impl Buckets {
    pub(super) fn new(store: AccountRegionStore<S3State>) -> Self {
        Self { store }
    }
}

/// Name and bytes of a bucket's current objects.
fn size(bucket: &Bucket) -> u64 {
    bucket
        .objects
        .iter()
        .flat_map(|versions| {
            versions
                .iter()
                .map(|object| object.content_length)
                .collect::<Vec<_>>()
        })
        .sum()
}

/// When a version was written; S3 keeps whole seconds.
fn written(object: &S3Object) -> Option<Timestamp> {
    rfc2822::parse(&object.last_modified)
        .ok()
        .map(|zoned| zoned.timestamp())
}

impl ResourceProvider for Buckets {
    fn resource_type(&self) -> &'static str {
        "S3"
    }

    fn list(&self, account: &str, region: &str) -> Vec<SimResource> {
        self.store
            .get(account, STATE_REGION)
            .buckets
            .iter()
            .filter(|bucket| bucket.region == region)
            .map(|bucket| SimResource {
                arn: format!("arn:aws:s3:::{}", bucket.name),
                name: bucket.name.clone(),
                tags: bucket.tags.clone().into_iter().collect(),
                size_bytes: size(&bucket),
            })
            .collect()
    }

    fn capture(
        &self,
        account: &str,
        region: &str,
        arn: &str,
        at: Timestamp,
    ) -> Result<Captured, ProviderError> {
        let name = arn
            .strip_prefix("arn:aws:s3:::")
            .unwrap_or_else(|| id_of(arn));
        let state = self.store.get(account, STATE_REGION);
        let here = state
            .buckets
            .get(name)
            .filter(|bucket| bucket.region == region);
        let bucket = here.ok_or_else(|| {
            error(
                "ResourceNotFoundException",
                format!("Bucket {name} does not exist or is not in this Region"),
            )
        })?;
        if !matches!(bucket.versioning, VersioningStatus::Enabled) {
            return Err(error(
                "InvalidRequestException",
                format!("Bucket {name} must have versioning enabled to be backed up"),
            ));
        }
        let objects = bucket
            .objects
            .iter()
            .map(|entry| {
                let versions = entry.iter().cloned().collect::<Vec<_>>();
                (entry.key().clone(), versions)
            })
            .collect();
        let frame = Bucket::new(&bucket.name, &bucket.region, &bucket.created_at);
        let captured = BucketCapture {
            bucket: frame,
            objects,
            at,
        };
        Ok(Captured {
            size_bytes: size(&bucket),
            restore_metadata: BTreeMap::from([
                ("DestinationBucketName".to_owned(), name.to_owned()),
                ("NewBucket".to_owned(), "false".to_owned()),
                ("Encrypted".to_owned(), "true".to_owned()),
                ("EncryptionType".to_owned(), "SSE-S3".to_owned()),
            ]),
            data: Arc::new(captured),
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
            .downcast_ref::<BucketCapture>()
            .ok_or_else(foreign)?;
        let name = metadata::required(given, "DestinationBucketName")?;
        let at = match metadata::given(given, "RestoreTime") {
            None => capture.at,
            Some(text) => text.parse().map_err(|_| {
                error(
                    "InvalidParameterValueException",
                    format!("RestoreTime {text} is not a time"),
                )
            })?,
        };
        let wanted = metadata::json_list(metadata::given(given, "ItemsToRestore"))?;
        let new = metadata::flag(metadata::given(given, "NewBucket"));
        let state = self.store.get(account, STATE_REGION);
        match (owner::find(&self.store, name), new) {
            (Some(_), true) => {
                return Err(error(
                    "BucketAlreadyExists",
                    format!("Bucket {name} exists already"),
                ));
            }
            (None, false) => {
                return Err(error(
                    "NoSuchBucket",
                    format!("Bucket {name} does not exist"),
                ));
            }
            (Some(found), false) if found.account != account || found.region != region => {
                return Err(error(
                    "InvalidRequestException",
                    format!("Bucket {name} is in another account or Region"),
                ));
            }
            (Some(_), false) => {}
            (None, true) => {
                let mut bucket = Bucket::new(name, region, &capture.bucket.created_at);
                bucket.versioning = VersioningStatus::Enabled;
                state.buckets.insert(name.to_owned(), bucket);
            }
        }
        let bucket = state
            .buckets
            .get(name)
            .ok_or_else(|| error("NoSuchBucket", format!("Bucket {name} does not exist")))?;
        for (key, versions) in &capture.objects {
            let asked = wanted.is_empty()
                || wanted.iter().any(|item| {
                    key == item || (item.ends_with('/') && key.starts_with(item.as_str()))
                });
            let Some(object) = versions
                .iter()
                .rev()
                .find(|object| written(object).is_none_or(|time| time <= at))
            else {
                continue;
            };
            if !asked || object.is_delete_marker {
                continue;
            }
            // An object that is there already is skipped, as AWS Backup does.
            let mut present = bucket.objects.entry(key.clone()).or_default();
            if present.current().is_none() {
                add(&mut present, object);
            }
        }
        Ok(format!("arn:aws:s3:::{name}"))
    }

    fn supports_cold_storage(&self) -> bool {
        false
    }

    fn supports_continuous(&self) -> bool {
        true
    }
}

fn add(versions: &mut ObjectVersions, object: &S3Object) {
    let mut object = object.clone();
    object.version_id = Some(uuid::Uuid::new_v4().simple().to_string());
    versions.push(object);
}
