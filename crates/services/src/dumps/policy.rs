use tidemark_domain::{Partition, buckets::BucketPlace};

use super::DumpUse;
use crate::calls::{Call, SessionPolicy};

/// What the credentials may do: only with the one dump and its manifest, or only look under the one prefix. Whether there is
/// an object is told only to those who may list.
pub(super) fn policy(place: &BucketPlace, purpose: &DumpUse) -> SessionPolicy {
    let policy = SessionPolicy::new(
        Partition::of(&place.region).id(),
        &place.account,
        &place.region,
    );
    match purpose {
        DumpUse::Put(key) => policy
            .allow(
                &[Call::ListObjectsV2, Call::ListMultipartUploads],
                &[place.arn()],
            )
            .allow(
                &[
                    Call::HeadObject,
                    Call::CreateMultipartUpload,
                    Call::UploadPart,
                    Call::CompleteMultipartUpload,
                    Call::AbortMultipartUpload,
                    Call::PutObject,
                ],
                &[place.objects(key)],
            ),
        DumpUse::Get(key) => policy
            .allow(&[Call::ListObjectsV2], &[place.arn()])
            .allow(&[Call::GetObject], &[place.objects(key)]),
        DumpUse::List(prefix) => policy
            .allow(
                &[Call::ListObjectsV2, Call::ListMultipartUploads],
                &[place.arn()],
            )
            .allow(&[Call::GetObject], &[place.objects(prefix)]),
    }
}
