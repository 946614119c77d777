use tidemark_domain::{
    Partition,
    buckets::{SettingsFix, SettingsRequest},
};

use crate::calls::{Call, SessionPolicy};

/// What reading a bucket's settings takes.
const READ: [Call; 7] = [
    Call::GetBucketLocation,
    Call::GetBucketVersioning,
    Call::GetObjectLockConfiguration,
    Call::GetBucketEncryption,
    Call::GetPublicAccessBlock,
    Call::GetBucketReplication,
    Call::GetBucketLifecycleConfiguration,
];

/// All that the credentials of a change of settings may do: read the bucket's settings, and make just these changes.
pub(super) fn settings_policy(request: &SettingsRequest) -> SessionPolicy {
    let place = &request.place;
    let mut calls = READ.to_vec();
    for fix in &request.fixes {
        match fix {
            SettingsFix::EnableVersioning => calls.push(Call::PutBucketVersioning),
            SettingsFix::BlockPublicAccess => calls.push(Call::PutPublicAccessBlock),
            SettingsFix::StopExpiring { .. } => calls.extend([
                Call::PutBucketLifecycleConfiguration,
                Call::DeleteBucketLifecycle,
            ]),
        }
    }
    let partition = Partition::of(&place.region).id();
    SessionPolicy::new(partition, &place.account, &place.region).allow(&calls, &[place.arn()])
}
