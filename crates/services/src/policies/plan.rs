use std::collections::BTreeSet;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tidemark_domain::{
    Account, AccountId, Check, Invalid, Partition, Privilege, RoleArn,
    policy::{
        AccessChange, AccessPlan, AccessRequest, BUCKET_POLICY_LIMIT, Danger, Document,
        PolicyFinding, compare, lint, lint_grants, merge, remove, statements,
    },
    records::RecordsPrefix,
};

use super::{
    run::{PolicyParams, SET_BUCKET_POLICY_KIND},
    session::{bucket_policy, grants_of},
    show::read,
};
use crate::{
    Caller, ServiceError, Services, accounts, authorize, calls, ports::CloudErrorKind, runs,
};

/// Roles that one change may be about: all their statements must fit into one policy.
const MAX_ROLES: usize = 20;

/// Exactly what a change of a bucket's policy would do. Nothing is changed.
pub async fn plan(
    services: &Services,
    caller: &Caller,
    request: AccessRequest,
) -> Result<AccessPlan, ServiceError> {
    make(services, caller, request, "policy.plan").await
}

pub(super) async fn make(
    services: &Services,
    caller: &Caller,
    mut request: AccessRequest,
    action: &str,
) -> Result<AccessPlan, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManagePolicies,
        action,
        request.bucket.as_str(),
    )
    .await?;
    tidy(&mut request)?;
    let account = accounts::find(services, &request.account).await?;
    let target = accounts::reading(&account, &request.region);
    let before = services
        .policies
        .bucket_policy(&target, request.bucket.as_str())
        .await?;
    let document = read(before.as_deref())?;
    let after = after(services, &request, &document, before.as_ref()).await?;
    let new = Document::of(after.as_deref())?;
    let session = bucket_policy(&request);
    let fitted = session.fit()?;
    let mut checks = calls::check(services, &target, &[&session]).await;
    let mut findings = lint(&new);
    if request.change == AccessChange::Grant {
        checks.extend(roles_exist(services, &request).await?);
        let denied = lint_grants(&new, &grants_of(&request)?);
        checks.push(nothing_denies(&denied));
        findings.splice(0..0, denied);
    }
    let digest = digest(&Digested {
        request: &request,
        before: before.as_deref(),
        after: after.as_deref(),
        session: &fitted.text,
    })?;
    Ok(AccessPlan {
        changes: compare(&document, &new),
        request,
        before,
        after,
        findings,
        checks,
        session_policy: fitted.text,
        digest,
    })
}

/// The request in its one form, for what grants or revokes.
pub(super) fn tidied(mut request: AccessRequest) -> Result<AccessRequest, ServiceError> {
    request.change = AccessChange::Grant;
    tidy(&mut request)?;
    Ok(request)
}

/// One form for what means the same, so that it has the same digest; refused where it makes no sense.
fn tidy(request: &mut AccessRequest) -> Result<(), ServiceError> {
    let prefix = RecordsPrefix::parse(&request.prefix)?;
    prefix.as_str().clone_into(&mut request.prefix);
    if matches!(request.change, AccessChange::Return { .. }) {
        if request.task.is_some() || !request.roles.is_empty() || !request.prefix.is_empty() {
            return Err(Invalid::new(
                "change",
                "must be all that is said of a return: what comes back is the policy before the run",
            )
            .into());
        }
        return Ok(());
    }
    if request.task.is_none() {
        return Err(Invalid::new("task", "must be given: what the roles are to do").into());
    }
    let roles: BTreeSet<RoleArn> = request.roles.drain(..).collect();
    request.roles = roles.into_iter().collect();
    if request.roles.is_empty() {
        return Err(Invalid::new("roles", "must name at least one role").into());
    }
    if request.roles.len() > MAX_ROLES {
        return Err(Invalid::new("roles", format!("must be at most {MAX_ROLES} at once")).into());
    }
    let partition = Partition::of(&request.region).id();
    let elsewhere = |role: &&RoleArn| role.as_str().split(':').nth(1) != Some(partition);
    if let Some(role) = request.roles.iter().find(elsewhere) {
        return Err(Invalid::new(
            "roles",
            format!("must be of the partition {partition}, as the bucket is: {role}"),
        )
        .into());
    }
    Ok(())
}

/// The policy as it would be.
async fn after(
    services: &Services,
    request: &AccessRequest,
    document: &Document,
    before: Option<&String>,
) -> Result<Option<String>, ServiceError> {
    if let AccessChange::Return { run } = request.change {
        return returned(services, request, run).await;
    }
    let Some(task) = request.task else {
        return Ok(before.cloned());
    };
    let prefix = RecordsPrefix::parse(&request.prefix)?;
    let ours = statements(
        task,
        &request.region,
        &request.bucket,
        &prefix,
        &request.roles,
    );
    if request.change == AccessChange::Grant {
        return Ok(Some(merge(document, &ours, BUCKET_POLICY_LIMIT)?));
    }
    let sids: Vec<&str> = ours.iter().filter_map(|one| one["Sid"].as_str()).collect();
    Ok(match before {
        None => None,
        Some(_) => remove(document, &sids)?,
    })
}

/// The policy that the bucket had before a run.
async fn returned(
    services: &Services,
    request: &AccessRequest,
    run: tidemark_domain::runs::RunId,
) -> Result<Option<String>, ServiceError> {
    let found = services.runs.run(run).await.map_err(runs::engine_error)?;
    let params: Option<PolicyParams> = (found.kind == SET_BUCKET_POLICY_KIND)
        .then(|| serde_json::from_value(found.params).ok())
        .flatten();
    let of_this_bucket = |params: &PolicyParams| {
        params.request.bucket == request.bucket && params.request.account == request.account
    };
    match params.filter(of_this_bucket) {
        Some(params) => Ok(params.before),
        None => Err(ServiceError::Conflict(format!(
            "run {run} did not change the policy of the bucket {}",
            request.bucket
        ))),
    }
}

/// S3 takes no policy that names a role which is not there, or whose path is another.
async fn roles_exist(
    services: &Services,
    request: &AccessRequest,
) -> Result<Vec<Check>, ServiceError> {
    const NAME: &str = "The roles exist";
    let mut checks = Vec::new();
    for role in &request.roles {
        let id = AccountId::parse(role.account())?;
        let Some(account): Option<Account> = services.accounts.get(&id).await? else {
            checks.push(Check::unknown(
                NAME,
                format!("{role} is of account {id}, which is not registered here."),
                "Register the account, or see there that the role exists: S3 refuses a policy that names one that does not.",
            ));
            continue;
        };
        let region = account.regions.first().unwrap_or(&request.region);
        let target = accounts::reading(&account, region);
        checks.push(match services.policies.role(&target, role.name()).await {
            Ok(Some(found)) if found == *role => Check::pass(NAME, format!("{role} is there.")),
            Ok(Some(found)) => Check::fail(
                NAME,
                format!("There is no {role}; the role of that name is {found}."),
                format!("Name {found}: the path is part of a role's ARN."),
            ),
            Ok(None) => Check::fail(
                NAME,
                format!("There is no {role}, and S3 refuses a policy that names it."),
                "Name a role that exists.",
            ),
            Err(error) if error.kind == CloudErrorKind::Denied => Check::unknown(
                NAME,
                format!("{role} could not be looked at: {error}"),
                "Deploy the template of the role's account again; it allows to look at roles.",
            ),
            Err(error) => Check::unknown(
                NAME,
                format!("{role} could not be looked at: {error}"),
                "Try again.",
            ),
        });
    }
    Ok(checks)
}

fn nothing_denies(found: &[PolicyFinding]) -> Check {
    const NAME: &str = "Nothing else denies it";
    let worst = found
        .iter()
        .find(|finding| finding.danger == Danger::High)
        .or(found.first());
    match worst {
        None => Check::pass(NAME, "No statement of the policy denies what is granted."),
        Some(finding) => {
            let by = finding.statement.as_deref().unwrap_or("a statement");
            Check::warn(NAME, format!("{by}: {}", finding.what), finding.fix.clone())
        }
    }
}

#[derive(Serialize)]
struct Digested<'a> {
    request: &'a AccessRequest,
    before: Option<&'a str>,
    after: Option<&'a str>,
    session: &'a str,
}

fn digest(what: &Digested<'_>) -> Result<String, ServiceError> {
    let text = serde_json::to_vec(what).map_err(|e| ServiceError::Internal(Box::new(e)))?;
    Ok(hex::encode(Sha256::digest(text)))
}
