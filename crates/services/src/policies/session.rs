use tidemark_domain::{
    AccountId, Invalid, Partition, Region, RoleArn,
    policy::{AccessRequest, Grant, PROOF_FOLDER, grants},
    records::RecordsPrefix,
};

use crate::calls::{Call, SessionPolicy};

/// What a run may do in the account of the bucket: its policy, and what its own proof has left.
pub(super) fn bucket_policy(request: &AccessRequest) -> SessionPolicy {
    let partition = Partition::of(&request.region).id();
    let bucket = format!("arn:{partition}:s3:::{}", request.bucket);
    let proofs = format!("{bucket}/{}*", proof_folder(request));
    SessionPolicy::new(partition, &request.account, &request.region)
        .allow(
            &[
                Call::GetBucketPolicy,
                Call::PutBucketPolicy,
                Call::DeleteBucketPolicy,
            ],
            &[&bucket],
        )
        // Without these, access is proved by evaluation alone.
        .spare()
        .allow(
            &[Call::GetObjectLockConfiguration, Call::ListObjectVersions],
            &[&bucket],
        )
        .allow(&[Call::DeleteObject, Call::DeleteObjectVersion], &[&proofs])
}

/// What a run may do in the account of roles: ask what their policies say, and assume them.
pub(super) fn roles_policy(
    account: &AccountId,
    region: &Region,
    roles: &[&RoleArn],
) -> SessionPolicy {
    let arns: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    SessionPolicy::new(Partition::of(region).id(), account, region).allow(
        &[Call::SimulatePrincipalPolicy, Call::AssumeProvedRole],
        &arns,
    )
}

/// What a trial may do as the role: put and get the one object.
pub(super) fn trial_policy(request: &AccessRequest, key: &str) -> SessionPolicy {
    let partition = Partition::of(&request.region).id();
    let object = format!("arn:{partition}:s3:::{}/{key}", request.bucket);
    SessionPolicy::new(partition, &request.account, &request.region)
        .allow(&[Call::PutObject, Call::GetObject], &[&object])
}

/// The folder in which this request's proofs put objects.
pub(super) fn proof_folder(request: &AccessRequest) -> String {
    match request.prefix.trim_end_matches('/') {
        "" => PROOF_FOLDER.to_owned(),
        prefix => format!("{prefix}/{PROOF_FOLDER}"),
    }
}

/// What the request is to allow; nothing for a return.
pub(super) fn grants_of(request: &AccessRequest) -> Result<Vec<Grant>, Invalid> {
    let Some(task) = request.task else {
        return Ok(Vec::new());
    };
    let prefix = RecordsPrefix::parse(&request.prefix)?;
    Ok(grants(
        task,
        &request.region,
        &request.bucket,
        &prefix,
        &request.roles,
    ))
}
