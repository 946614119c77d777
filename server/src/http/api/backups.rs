use axum::extract::{Extension, State};
use tidemark_app::ssr::Visitor;
use tidemark_domain::BackupRequest;
use tidemark_services::backup;

use super::{
    Started,
    restores::{Accepted, accepted},
};
use crate::http::{Problem, Web, extract::Body};

/// Back up a resource now
#[utoipa::path(post, path = "/api/v1/backups", tag = "backups",
    request_body(content = Object, description = "resource, vault, delete_after_days, cold_after_days, service_role, reason"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown resource", body = Problem),
    ))]
pub(crate) async fn start(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<BackupRequest>,
) -> Result<Accepted, Problem> {
    Ok(accepted(
        backup::start(&web.services, &visitor.caller, request).await?,
    ))
}
