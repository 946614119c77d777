use axum::{
    Json,
    extract::{Extension, State},
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{
    AccountId, Region,
    policy::{AccessPlan, AccessProof, AccessRequest, PolicyShown, StackRoles},
    records::BucketName,
};
use tidemark_services::policies::{self, PolicyConfirmed, StackQuery};

use super::{
    Started,
    restores::{Accepted, accepted},
};
use crate::http::{
    Problem, Web,
    extract::{Body, Filter},
};

/// Which bucket.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    account: AccountId,
    region: Region,
    bucket: BucketName,
}

/// The policy of a bucket as it is now
#[utoipa::path(get, path = "/api/v1/bucket/policy", tag = "policies",
    params(
        ("account" = String, Query, description = "Account that owns the bucket"),
        ("region" = String, Query, description = "The bucket's Region"),
        ("bucket" = String, Query, description = "The bucket"),
    ),
    responses(
        (status = 200, description = "The document byte for byte, each statement in words, and what is dangerous", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "The account or the bucket is unknown", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(which): Filter<Which>,
) -> Result<Json<PolicyShown>, Problem> {
    let (services, caller) = (&web.services, &visitor.caller);
    let Which {
        account,
        region,
        bucket,
    } = which;
    Ok(Json(
        policies::show(services, caller, &account, &region, &bucket).await?,
    ))
}

/// Roles that stacks of an account made, nested ones at any depth
#[utoipa::path(get, path = "/api/v1/stack-roles", tag = "policies",
    params(
        ("account" = String, Query, description = "Account whose stacks are looked into"),
        ("region" = String, Query, description = "Their Region"),
        ("stack" = Option<String>, Query, description = "Only below this stack, by name or id"),
        ("text" = Option<String>, Query, description = "Only roles whose name or logical id holds this; by default those with the logical ids InstanceRole and LambdaRole or, below one stack, all"),
    ),
    responses(
        (status = 200, description = "Each role with the stacks from the root to the one that made it", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "The account or the stack is unknown", body = Problem),
    ))]
pub(crate) async fn roles(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(query): Filter<StackQuery>,
) -> Result<Json<StackRoles>, Problem> {
    Ok(Json(
        policies::roles(&web.services, &visitor.caller, &query).await?,
    ))
}

/// What a change of a bucket's policy would do
///
/// Nothing is changed. The plan's `digest` goes into the change.
#[utoipa::path(post, path = "/api/v1/bucket/policy/plan", tag = "policies",
    request_body(content = Object, description = "account, region, bucket; change: grant, revoke or {return: {run}}; for the first two, task: block_storage, dataset_writer or restore_reader, roles: [ARN], and prefix. An unknown member is refused"),
    responses(
        (status = 200, description = "The policy before and after, statement by statement, with what is dangerous and what was checked", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "The account, the bucket or the run is unknown", body = Problem),
    ))]
pub(crate) async fn plan(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<AccessRequest>,
) -> Result<Json<AccessPlan>, Problem> {
    Ok(Json(
        policies::plan(&web.services, &visitor.caller, request).await?,
    ))
}

/// Whether roles may do now what a grant is to allow, by evaluating the policies
#[utoipa::path(post, path = "/api/v1/bucket/policy/check", tag = "policies",
    request_body(content = Object, description = "As for the plan of a grant"),
    responses(
        (status = 200, description = "Each role and action with its verdict, and the missing statement where it is not allowed", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "The account or the bucket is unknown", body = Problem),
    ))]
pub(crate) async fn check(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<AccessRequest>,
) -> Result<Json<AccessProof>, Problem> {
    Ok(Json(
        policies::check(&web.services, &visitor.caller, request).await?,
    ))
}

/// A change as it was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Start {
    request: AccessRequest,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    reason: String,
}

/// Change the policy of a bucket
///
/// Refused when the policy has changed since the plan with that digest was made. The run puts the policy,
/// then proves that the roles have access; what was put stays when only the proof fails.
#[utoipa::path(post, path = "/api/v1/bucket/policy/changes", tag = "policies",
    request_body(content = Object, description = "request, as for the plan; the plan's digest; reason"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The policy, or what would be done, is another by now", body = Problem),
    ))]
pub(crate) async fn change(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<Start>,
) -> Result<Accepted, Problem> {
    let confirmed = PolicyConfirmed {
        digest: start.digest,
        reason: start.reason,
    };
    let (services, caller) = (&web.services, &visitor.caller);
    let run = policies::start(services, caller, start.request, &confirmed).await?;
    Ok(accepted(run))
}
