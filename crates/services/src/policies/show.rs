use tidemark_domain::{
    AccountId, Invalid, Privilege, Region,
    policy::{Document, PolicyShown, compare, lint},
    records::BucketName,
};

use crate::{Caller, ServiceError, Services, accounts, authorize};

/// A bucket's policy as it is now, in words, with what is dangerous about it.
pub async fn show(
    services: &Services,
    caller: &Caller,
    account: &AccountId,
    region: &Region,
    bucket: &BucketName,
) -> Result<PolicyShown, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManagePolicies,
        "policy.show",
        bucket.as_str(),
    )
    .await?;
    let registered = accounts::find(services, account).await?;
    let target = accounts::reading(&registered, region);
    let policy = services
        .policies
        .bucket_policy(&target, bucket.as_str())
        .await?;
    let document = read(policy.as_deref())?;
    Ok(PolicyShown {
        account: account.clone(),
        region: region.clone(),
        bucket: bucket.clone(),
        statements: compare(&document, &document),
        findings: lint(&document),
        policy,
    })
}

/// The policy of a bucket; one that cannot be read is the bucket's, not the person's.
pub(super) fn read(policy: Option<&str>) -> Result<Document, ServiceError> {
    Document::of(policy).map_err(|invalid| {
        Invalid::new(
            "bucket",
            format!(
                "has a policy that cannot be worked with: it {}",
                invalid.rule
            ),
        )
        .into()
    })
}
