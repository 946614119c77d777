use axum::{
    Json,
    extract::{Extension, Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::records::{CaptureMode, CaptureView, SetupPreview, SetupRequest};
use tidemark_services::records;

use super::{
    Started,
    restores::{Accepted, accepted},
};
use crate::http::{
    Problem, Web,
    extract::{Body, NoBody},
};

/// Every record-level backup
#[utoipa::path(get, path = "/api/v1/records", tag = "records", responses(
    (status = 200, description = "Captures, oldest first, with what was last known of each", body = Vec<Object>),
    (status = 401, description = "Not signed in", body = Problem),
))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Vec<CaptureView>>, Problem> {
    Ok(Json(records::list(&web.services, &visitor.caller).await?))
}

/// One record-level backup
#[utoipa::path(get, path = "/api/v1/records/{id}", tag = "records",
    params(("id" = String, Path, description = "The backup's id")),
    responses(
        (status = 200, description = "The capture, and what was last known of it", body = Object),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Json<CaptureView>, Problem> {
    Ok(Json(
        records::get(&web.services, &visitor.caller, &id).await?,
    ))
}

/// What a set-up would do
///
/// Nothing is changed. The preview's `digest` goes into the start.
#[utoipa::path(post, path = "/api/v1/records/setup/preview", tag = "records",
    request_body(content = Object, description = "table, bucket, create_bucket, prefix, layout, mode, replace_stream, versioning, encryption, block_public_access, deny_version_deletion, break_glass_role, lock_days, capacity, reason"),
    responses(
        (status = 200, description = "What is so already, what will be changed, and every check", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown table", body = Problem),
    ))]
pub(crate) async fn preview(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<SetupRequest>,
) -> Result<Json<SetupPreview>, Problem> {
    Ok(Json(
        records::setup::preview(&web.services, &visitor.caller, request).await?,
    ))
}

/// A set-up as it was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Start {
    request: SetupRequest,
    digest: String,
}

/// Set a table up for record-level backups
///
/// Refused when the world has changed since the preview with that digest was made.
#[utoipa::path(post, path = "/api/v1/records/setup", tag = "records",
    request_body(content = Object, description = "request, as for the preview, and the preview's digest"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The preview is another one by now", body = Problem),
        (status = 422, description = "A check forbids it", body = Problem),
    ))]
pub(crate) async fn setup(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<Start>,
) -> Result<Accepted, Problem> {
    let Start { request, digest } = start;
    Ok(accepted(
        records::setup::start(&web.services, &visitor.caller, request, &digest).await?,
    ))
}

/// Prove that a backup has everything that its table has
#[utoipa::path(post, path = "/api/v1/records/{id}/proof", tag = "records",
    params(("id" = String, Path, description = "The backup's id")),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn prove(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    _: NoBody,
) -> Result<Accepted, Problem> {
    Ok(accepted(
        records::prove::start(&web.services, &visitor.caller, &id).await?,
    ))
}

/// Who reads the stream.
#[derive(Debug, Deserialize)]
pub(crate) struct Mode {
    mode: CaptureMode,
}

/// Say who reads a table's stream from now on
#[utoipa::path(post, path = "/api/v1/records/{id}/mode", tag = "records",
    params(("id" = String, Path, description = "The backup's id")),
    request_body(content = Object, description = "mode: embedded, function or off"),
    responses(
        (status = 204, description = "Done; nothing in the bucket changes"),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn mode(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Body(mode): Body<Mode>,
) -> Result<StatusCode, Problem> {
    records::set_mode(&web.services, &visitor.caller, &id, mode.mode).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forget a record-level backup
///
/// Nothing in the bucket is deleted: a set-up of the same place takes it up again.
#[utoipa::path(post, path = "/api/v1/records/{id}/forget", tag = "records",
    params(("id" = String, Path, description = "The backup's id")),
    responses(
        (status = 204, description = "Done"),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn forget(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    records::remove(&web.services, &visitor.caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
