//! Session policies of record-level backups: one table, one place in one bucket, and nothing else.

use tidemark_domain::{Arn, records::Capture};
use tidemark_records::index::BackupPaths;

use crate::calls::{Call, SessionPolicy};

/// What tells of a table, so that it can be made anew.
pub(super) const DESCRIBE_TABLE: [Call; 4] = [
    Call::DescribeTable,
    Call::DescribeTimeToLive,
    Call::DescribeContinuousBackups,
    Call::DynamoDbListTags,
];

/// Auto scaling knows no ARNs for reading.
pub(super) const SCALING: [Call; 2] =
    [Call::DescribeScalableTargets, Call::DescribeScalingPolicies];

/// The right to list: without it, S3 says of an object that is not there that it is denied.
pub(super) const LIST: [Call; 2] = [Call::ListObjectsV2, Call::ListObjectVersions];

/// Reading what is stored.
pub(super) const READ: [Call; 3] = [Call::HeadObject, Call::GetObject, Call::GetObjectVersion];

/// A bucket, and the objects in it that belong to one table's backup.
pub(crate) struct Place {
    partition: String,
    bucket: String,
    own: String,
    objects: String,
}

impl Place {
    /// The place of a capture.
    pub(crate) fn of(capture: &Capture) -> Self {
        Self::at(&capture.table, &capture.bucket, &capture.prefix)
    }

    /// The place of a table's backup below a prefix.
    pub(crate) fn at(table: &Arn, bucket: &str, prefix: &str) -> Self {
        let paths = BackupPaths::new(prefix, table.name());
        Self {
            partition: table.partition().to_owned(),
            bucket: bucket.to_owned(),
            own: paths.own(),
            objects: paths.objects(),
        }
    }

    /// ARN of the bucket.
    pub(crate) fn bucket(&self) -> String {
        format!("arn:{}:s3:::{}", self.partition, self.bucket)
    }

    /// ARNs of its objects.
    pub(crate) fn objects(&self) -> [String; 2] {
        [self.below(&self.own), self.below(&self.objects)]
    }

    /// ARNs of the objects whose names begin so.
    pub(super) fn below(&self, prefix: &str) -> String {
        format!("{}/{prefix}*", self.bucket())
    }
}

/// One that allows nothing yet, in a capture's account and Region.
pub(super) fn nothing(capture: &Capture) -> SessionPolicy {
    SessionPolicy::new(capture.table.partition(), &capture.account, &capture.region)
}

/// Reads a backup, and the table beside it.
pub(crate) fn read(capture: &Capture) -> SessionPolicy {
    let place = Place::of(capture);
    read_table(nothing(capture), capture)
        .allow(&LIST, &[place.bucket()])
        .allow(&[Call::GetBucketVersioning], &[place.bucket()])
        .allow(&READ, &place.objects())
}

/// Follows the table's stream and writes the backup; also a backfill and a proof.
pub(crate) fn capture(capture: &Capture) -> SessionPolicy {
    let place = Place::of(capture);
    read(capture)
        .allow(
            &[
                Call::DescribeStream,
                Call::GetRecords,
                Call::GetShardIterator,
            ],
            &[format!("{}/stream/*", capture.table)],
        )
        .allow(
            &[Call::PutObject, Call::CopyObject, Call::DeleteObject],
            &place.objects(),
        )
}

/// Sets the bucket and the stream up, then captures.
pub(crate) fn setup(of: &Capture, changes: &[Call]) -> SessionPolicy {
    let place = Place::of(of);
    let (on_table, on_bucket): (Vec<Call>, Vec<Call>) = changes
        .iter()
        .copied()
        .partition(|call| *call == Call::UpdateTable);
    capture(of)
        .allow(
            &[
                Call::GetBucketLocation,
                Call::GetObjectLockConfiguration,
                Call::GetBucketEncryption,
                Call::GetPublicAccessBlock,
                Call::GetBucketPolicy,
            ],
            &[place.bucket()],
        )
        .allow(&on_bucket, &[place.bucket()])
        .allow(&on_table, &[&of.table])
}

fn read_table(policy: SessionPolicy, capture: &Capture) -> SessionPolicy {
    policy
        .allow(&DESCRIBE_TABLE, &[&capture.table])
        .allow(&[Call::Scan, Call::GetItem], &[&capture.table])
        .allow_any(&SCALING)
}
