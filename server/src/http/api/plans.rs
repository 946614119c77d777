use axum::{
    Json,
    extract::{Extension, State},
    http::{HeaderName, header},
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{
    AccountId, Page, Region,
    cost::PlanFuture,
    exchange::ExchangeFormat,
    plan::{
        PlanChange, PlanDeletion, PlanDetail, PlanDraft, PlanFilter, PlanKey, PlanRow, PlanVersion,
        Rollout, RolloutRequest,
    },
};
use tidemark_services::plans;

use super::{
    Started,
    restores::{Accepted, accepted},
};
use crate::http::{
    Problem, Web,
    extract::{Body, Filter},
};

/// A page of backup plans across accounts, by name
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans",
    params(
        ("text" = Option<String>, Query, description = "Part of the name"),
        ("name" = Option<String>, Query, description = "Exactly this name"),
        ("account" = Option<String>, Query, description = "Only this account"),
        ("region" = Option<String>, Query, description = "Only this Region"),
        ("descending" = Option<bool>, Query, description = "Descending instead of ascending"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 200, 50 by default"),
    ),
    responses(
        (status = 200, description = "Rows and the cursor of the next page", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
    ))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(filter): Filter<PlanFilter>,
) -> Result<Json<Page<PlanRow>>, Problem> {
    Ok(Json(
        plans::list(&web.services, &visitor.caller, &filter).await?,
    ))
}

/// Which plan.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    account: AccountId,
    region: Region,
    id: String,
}

impl From<Which> for PlanKey {
    fn from(which: Which) -> Self {
        Self {
            account: which.account,
            region: which.region,
            id: which.id,
        }
    }
}

/// One backup plan
#[utoipa::path(get, path = "/api/v1/plan", tag = "plans",
    params(
        ("account" = String, Query, description = "Account id"),
        ("region" = String, Query, description = "Region"),
        ("id" = String, Query, description = "BackupPlanId"),
    ),
    responses(
        (status = 200, description = "The plan, what is wrong with it, its next runs and newest jobs", body = Object),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown plan", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(which): Filter<Which>,
) -> Result<Json<PlanDetail>, Problem> {
    let key = which.into();
    Ok(Json(
        plans::get(&web.services, &visitor.caller, &key).await?,
    ))
}

/// What a backup plan will keep, what that costs and how far back it reaches, month by month
#[utoipa::path(get, path = "/api/v1/plan/future", tag = "plans",
    params(
        ("account" = String, Query, description = "Account id"),
        ("region" = String, Query, description = "Region"),
        ("id" = String, Query, description = "BackupPlanId"),
    ),
    responses(
        (status = 200, description = "Thirteen months from now on, beginning with none; amounts are estimates from dated prices", body = Object),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown plan", body = Problem),
    ))]
pub(crate) async fn future(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(which): Filter<Which>,
) -> Result<Json<PlanFuture>, Problem> {
    let key = which.into();
    Ok(Json(
        plans::future(&web.services, &visitor.caller, &key).await?,
    ))
}

/// The versions of a backup plan, newest first
#[utoipa::path(get, path = "/api/v1/plan/versions", tag = "plans",
    params(
        ("account" = String, Query, description = "Account id"),
        ("region" = String, Query, description = "Region"),
        ("id" = String, Query, description = "BackupPlanId"),
    ),
    responses(
        (status = 200, description = "Versions, each with the plan as it was", body = Object),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown plan", body = Problem),
    ))]
pub(crate) async fn versions(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(which): Filter<Which>,
) -> Result<Json<Vec<PlanVersion>>, Problem> {
    let key = which.into();
    Ok(Json(
        plans::versions(&web.services, &visitor.caller, &key).await?,
    ))
}

/// Which plan, and in which form.
#[derive(Debug, Deserialize)]
pub(crate) struct Export {
    account: AccountId,
    region: Region,
    id: String,
    #[serde(default)]
    format: ExchangeFormat,
}

/// A backup plan as a file
#[utoipa::path(get, path = "/api/v1/plan/export", tag = "plans",
    params(
        ("account" = String, Query, description = "Account id"),
        ("region" = String, Query, description = "Region"),
        ("id" = String, Query, description = "BackupPlanId"),
        ("format" = Option<String>, Query, description = "json, cloudformation, cloudformation-yaml or terraform"),
    ),
    responses(
        (status = 200, description = "The plan with its selections, as an attachment", body = String),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown plan", body = Problem),
    ))]
pub(crate) async fn export(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(which): Filter<Export>,
) -> Result<([(HeaderName, String); 2], String), Problem> {
    let key = PlanKey {
        account: which.account,
        region: which.region,
        id: which.id,
    };
    let export = plans::export(&web.services, &visitor.caller, &key, which.format).await?;
    let attachment = format!("attachment; filename=\"{}\"", export.file_name);
    Ok((
        [
            (header::CONTENT_TYPE, export.media_type),
            (header::CONTENT_DISPOSITION, attachment),
        ],
        export.text,
    ))
}

/// What saving a backup plan would do
///
/// Nothing is changed. The change's `digest` goes into the save.
#[utoipa::path(post, path = "/api/v1/plans/change", tag = "plans",
    request_body(content = Object, description = "account, region, plan_id, version_id, plan, selections, reason"),
    responses(
        (status = 200, description = "Differences, findings, and what the plan would take", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The plan is another one by now", body = Problem),
    ))]
pub(crate) async fn change(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(draft): Body<PlanDraft>,
) -> Result<Json<PlanChange>, Problem> {
    Ok(Json(
        plans::change(&web.services, &visitor.caller, draft).await?,
    ))
}

/// A draft as its change was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Save {
    draft: PlanDraft,
    digest: String,
}

/// Save a backup plan
///
/// Refused when the change is another one than that with the digest.
#[utoipa::path(post, path = "/api/v1/plans", tag = "plans",
    request_body(content = Object, description = "draft, as for the change, and the change's digest"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The change is another one by now", body = Problem),
        (status = 422, description = "A finding forbids it", body = Problem),
    ))]
pub(crate) async fn save(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(save): Body<Save>,
) -> Result<Accepted, Problem> {
    let run = plans::apply(&web.services, &visitor.caller, save.draft, &save.digest).await?;
    Ok(accepted(run))
}

/// What deleting a backup plan would do
#[utoipa::path(post, path = "/api/v1/plans/deletion", tag = "plans",
    request_body(content = Object, description = "account, region, id"),
    responses(
        (status = 200, description = "What goes, what stays, and the digest for the deletion", body = Object),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown plan", body = Problem),
    ))]
pub(crate) async fn deletion(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(which): Body<Which>,
) -> Result<Json<PlanDeletion>, Problem> {
    let key = which.into();
    Ok(Json(
        plans::deletion(&web.services, &visitor.caller, &key).await?,
    ))
}

/// A deletion as it was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Delete {
    account: AccountId,
    region: Region,
    id: String,
    digest: String,
    #[serde(default)]
    reason: String,
}

/// Delete a backup plan
#[utoipa::path(post, path = "/api/v1/plans/delete", tag = "plans",
    request_body(content = Object, description = "account, region, id, digest, reason"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown plan", body = Problem),
        (status = 409, description = "The plan is another one by now", body = Problem),
    ))]
pub(crate) async fn delete(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(delete): Body<Delete>,
) -> Result<Accepted, Problem> {
    let key = PlanKey {
        account: delete.account,
        region: delete.region,
        id: delete.id,
    };
    let caller = &visitor.caller;
    let run = plans::delete(&web.services, caller, &key, &delete.digest, &delete.reason).await?;
    Ok(accepted(run))
}

/// A rule of a plan, and the digest of what running it was shown to start.
#[derive(Debug, Deserialize)]
pub(crate) struct RunNow {
    account: AccountId,
    region: Region,
    id: String,
    rule: String,
    digest: Option<String>,
    #[serde(default)]
    reason: String,
}

/// Run a rule of a backup plan now
///
/// Without `digest` it starts what the rule takes at this moment.
#[utoipa::path(post, path = "/api/v1/plans/run", tag = "plans",
    request_body(content = Object, description = "account, region, id, rule, digest, reason"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown plan or rule", body = Problem),
        (status = 409, description = "The rule takes something else by now", body = Problem),
        (status = 422, description = "A finding forbids it", body = Problem),
    ))]
pub(crate) async fn run_now(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(run): Body<RunNow>,
) -> Result<Accepted, Problem> {
    let (services, caller) = (&web.services, &visitor.caller);
    let key = PlanKey {
        account: run.account,
        region: run.region,
        id: run.id,
    };
    let digest = match run.digest {
        Some(digest) => digest,
        None => {
            plans::rule_run(services, caller, &key, &run.rule)
                .await?
                .digest
        }
    };
    let run = plans::run_now(services, caller, &key, &run.rule, &digest, &run.reason).await?;
    Ok(accepted(run))
}

/// What rolling a backup plan out would do
#[utoipa::path(post, path = "/api/v1/rollouts/plan", tag = "plans",
    request_body(content = Object, description = "plan, selections, targets (account and region), reason"),
    responses(
        (status = 200, description = "What happens in each target, and the digest for the start", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
    ))]
pub(crate) async fn rollout(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<RolloutRequest>,
) -> Result<Json<Rollout>, Problem> {
    Ok(Json(
        plans::rollout(&web.services, &visitor.caller, request).await?,
    ))
}

/// A rollout as it was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct StartRollout {
    request: RolloutRequest,
    digest: String,
}

/// Roll a backup plan out
#[utoipa::path(post, path = "/api/v1/rollouts", tag = "plans",
    request_body(content = Object, description = "request, as for the plan, and the digest"),
    responses(
        (status = 202, description = "The run was begun: its summary has a result per target", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The rollout is another one by now", body = Problem),
    ))]
pub(crate) async fn start_rollout(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<StartRollout>,
) -> Result<Accepted, Problem> {
    let (services, caller) = (&web.services, &visitor.caller);
    let run = plans::start_rollout(services, caller, start.request, &start.digest).await?;
    Ok(accepted(run))
}
