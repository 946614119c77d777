use tidemark_domain::{
    Privilege,
    policy::{AccessProof, AccessRequest},
};

use super::{
    prove::{Prover, account_of},
    session::grants_of,
    show::read,
};
use crate::{Caller, ServiceError, Services, accounts, authorize};

/// Whether roles may do now what a grant is to allow, by evaluating the bucket's policy and the roles'
/// own. Nothing is put or changed.
pub async fn check(
    services: &Services,
    caller: &Caller,
    request: AccessRequest,
) -> Result<AccessProof, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManagePolicies,
        "policy.check",
        request.bucket.as_str(),
    )
    .await?;
    let request = super::plan::tidied(request)?;
    let grants = grants_of(&request)?;
    let account = accounts::find(services, &request.account).await?;
    let target = accounts::reading(&account, &request.region);
    let policy = services
        .policies
        .bucket_policy(&target, request.bucket.as_str())
        .await?;
    let document = read(policy.as_deref())?;
    let mut prover = Prover {
        policies: &*services.policies,
        request: &request,
        notes: Vec::new(),
    };
    let mut says = Vec::new();
    for role in &request.roles {
        let id = account_of(role)?;
        let target = services
            .accounts
            .get(&id)
            .await?
            .map(|account| accounts::reading(&account, &request.region));
        says.push(prover.ask_role(target.as_ref(), role, &grants).await);
    }
    Ok(prover.judge(&document, &grants, says, &[], services.clock.now()))
}
