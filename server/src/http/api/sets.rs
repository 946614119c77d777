use axum::{
    Json,
    extract::{Extension, State},
};
use jiff::Timestamp;
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::sets::{
    MemberWish, SetDetail, SetRestorePlan, SetRestoreRequest, SetRow, StoredSet, recovery::Recovery,
};
use tidemark_services::sets::{self, SetBackup, SetCheck, SetPut};

use super::{
    Started,
    restores::{Accepted, accepted},
};
use crate::http::{
    Problem, Web,
    extract::{Body, Filter},
};

/// Application sets, by name
#[utoipa::path(get, path = "/api/v1/sets", tag = "sets", responses(
    (status = 200, description = "The newest version of each", body = Object),
    (status = 401, description = "Not signed in", body = Problem),
    (status = 403, description = "The role does not allow it", body = Problem),
))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Vec<SetRow>>, Problem> {
    Ok(Json(sets::list(&web.services, &visitor.caller).await?))
}

/// Which set.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    name: String,
    #[serde(default)]
    version: Option<u32>,
}

/// One application set
#[utoipa::path(get, path = "/api/v1/set", tag = "sets",
    params(
        ("name" = String, Query, description = "Name of the set"),
        ("version" = Option<u32>, Query, description = "A version of it; the newest by default"),
    ),
    responses(
        (status = 200, description = "Manifest, members, windows and what does not line up", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(which): Filter<Which>,
) -> Result<Json<SetDetail>, Problem> {
    let found = sets::get(
        &web.services,
        &visitor.caller,
        which.name.trim(),
        which.version,
    );
    Ok(Json(found.await?))
}

/// For which time.
#[derive(Debug, Deserialize)]
pub(crate) struct ForTime {
    name: String,
    #[serde(default)]
    at: Option<Timestamp>,
}

/// What of a set can be recovered together
#[utoipa::path(get, path = "/api/v1/set/recovery", tag = "sets",
    params(
        ("name" = String, Query, description = "Name of the set"),
        ("at" = Option<String>, Query, description = "The chosen time; now by default"),
    ),
    responses(
        (status = 200, description = "Combinations of recovery points, those that lose the least first; what is left out, and why", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn recovery(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(wish): Filter<ForTime>,
) -> Result<Json<Recovery>, Problem> {
    let at = wish.at.unwrap_or_else(|| web.services.clock.now());
    let found = sets::recovery(&web.services, &visitor.caller, wish.name.trim(), at);
    Ok(Json(found.await?))
}

/// A manifest to look at.
#[derive(Debug, Deserialize)]
pub(crate) struct Manifest {
    manifest: String,
}

/// Check a manifest; nothing is kept
#[utoipa::path(post, path = "/api/v1/sets/check", tag = "sets",
    request_body(content = Object, description = "manifest: the text, in YAML or JSON"),
    responses(
        (status = 200, description = "Faults with their lines, and what does not line up", body = Object),
        (status = 400, description = "The body breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
    ))]
pub(crate) async fn check(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(wish): Body<Manifest>,
) -> Result<Json<SetCheck>, Problem> {
    Ok(Json(
        sets::check(&web.services, &visitor.caller, &wish.manifest).await?,
    ))
}

/// Keep a manifest as the next version of its set
#[utoipa::path(post, path = "/api/v1/sets", tag = "sets",
    request_body(content = Object, description = "manifest, based_on: the version that it was made from, 0 for a new set"),
    responses(
        (status = 200, description = "The version that was kept", body = Object),
        (status = 400, description = "The manifest breaks rules: each with its line", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The set has changed meanwhile", body = Problem),
    ))]
pub(crate) async fn put(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(wish): Body<SetPut>,
) -> Result<Json<StoredSet>, Problem> {
    Ok(Json(
        sets::put(&web.services, &visitor.caller, &wish).await?,
    ))
}

/// Back a set up now
#[utoipa::path(post, path = "/api/v1/sets/backup", tag = "sets",
    request_body(content = Object, description = "name, reason"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown set", body = Problem),
        (status = 409, description = "Another backup of it has not ended", body = Problem),
    ))]
pub(crate) async fn back_up(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(wish): Body<SetBackup>,
) -> Result<Accepted, Problem> {
    Ok(accepted(
        sets::back_up(&web.services, &visitor.caller, &wish).await?,
    ))
}

/// A set to restore: members as they were chosen, or a time for which a combination is proposed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RestoreWish {
    name: String,
    #[serde(default)]
    at: Option<Timestamp>,
    #[serde(default)]
    place: usize,
    #[serde(default)]
    members: Vec<MemberWish>,
    #[serde(default)]
    switch: bool,
    #[serde(default)]
    allow_empty: bool,
    #[serde(default)]
    reason: String,
}

/// What the restore of a set would do
///
/// Nothing is changed. Without members, a combination of their points is proposed for the time. The answer's `request` and
/// `digest` go into the start.
#[utoipa::path(post, path = "/api/v1/sets/restore/plan", tag = "sets",
    request_body(content = Object, description = "name; members: member, at, point, target, leave_out; or at and place, for a proposal; switch, allow_empty, reason"),
    responses(
        (status = 200, description = "Each member's restore, what happens afterwards, and every check", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it, or a member is not the caller's", body = Problem),
        (status = 404, description = "Unknown set", body = Problem),
        (status = 409, description = "Nothing of the set can be recovered together for that time", body = Problem),
    ))]
pub(crate) async fn plan_restore(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(wish): Body<RestoreWish>,
) -> Result<Json<SetRestorePlan>, Problem> {
    let (services, caller) = (&web.services, &visitor.caller);
    let mut request = if wish.members.is_empty() {
        let at = wish.at.unwrap_or_else(|| services.clock.now());
        sets::propose_restore(services, caller, &wish.name, at, wish.place).await?
    } else {
        SetRestoreRequest {
            name: wish.name,
            members: wish.members,
            ..SetRestoreRequest::default()
        }
    };
    request.switch = wish.switch;
    request.allow_empty = wish.allow_empty;
    request.reason = wish.reason;
    Ok(Json(sets::plan_restore(services, caller, request).await?))
}

/// A restore of a set as it was shown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RestoreStart {
    request: SetRestoreRequest,
    digest: String,
}

/// Restore a set
///
/// Refused when the world has changed since the plan with that digest was made.
#[utoipa::path(post, path = "/api/v1/sets/restore", tag = "sets",
    request_body(content = Object, description = "request and digest of the plan"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it, or a member is not the caller's", body = Problem),
        (status = 404, description = "Unknown set", body = Problem),
        (status = 409, description = "The plan is another one by now, or another run works on the set", body = Problem),
        (status = 422, description = "A check forbids it", body = Problem),
    ))]
pub(crate) async fn restore(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<RestoreStart>,
) -> Result<Accepted, Problem> {
    let (services, caller) = (&web.services, &visitor.caller);
    let run = sets::restore(services, caller, start.request, &start.digest).await?;
    Ok(accepted(run))
}
