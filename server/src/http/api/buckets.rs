use axum::{
    Json,
    extract::{Extension, State},
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{
    AccountId, Page, Region, ResourceRow,
    buckets::{
        BrowsePage, BrowseRequest, BucketPlace, BucketReport, CopyPlan, CopyRequest, SettingsPlan,
        SettingsRequest, blocks::BlockPage,
    },
};
use tidemark_services::buckets::{self, BucketFilter, Confirmed};

use super::{
    Started,
    restores::{Accepted, accepted},
};
use crate::http::{
    Problem, Web,
    extract::{Body, Filter},
};

/// A page of buckets, by name
#[utoipa::path(get, path = "/api/v1/buckets", tag = "buckets",
    params(
        ("text" = Option<String>, Query, description = "Part of the name"),
        ("account" = Option<String>, Query, description = "Only this account"),
        ("region" = Option<String>, Query, description = "Only this Region"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 200, 50 by default"),
    ),
    responses(
        (status = 200, description = "Buckets and the cursor of the next page", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
    ))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(filter): Filter<BucketFilter>,
) -> Result<Json<Page<ResourceRow>>, Problem> {
    Ok(Json(
        buckets::list(&web.services, &visitor.caller, filter).await?,
    ))
}

/// How a bucket stands with what backups need
///
/// Each setting is read from S3 this moment. The bucket need not be in the list.
#[utoipa::path(get, path = "/api/v1/bucket", tag = "buckets",
    params(
        ("account" = String, Query, description = "The registered account whose role reads it"),
        ("region" = String, Query, description = "Its Region"),
        ("bucket" = String, Query, description = "Its name"),
    ),
    responses(
        (status = 200, description = "Its settings, and each requirement with its verdict and the change that mends it", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "There is no such bucket", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(place): Filter<BucketPlace>,
) -> Result<Json<BucketReport>, Problem> {
    Ok(Json(
        buckets::show(&web.services, &visitor.caller, place).await?,
    ))
}

/// What a change of a bucket's settings would do
///
/// Nothing is changed. The plan's `digest` goes into the change.
#[utoipa::path(post, path = "/api/v1/buckets/plan", tag = "buckets",
    request_body(content = Object, description = "place: {account, region, bucket}; fixes: a list of versioning, public-access, and expiry: with the id of a lifecycle rule"),
    responses(
        (status = 200, description = "Each change with what is so before it and after it", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "It is so already", body = Problem),
    ))]
pub(crate) async fn plan(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<SettingsRequest>,
) -> Result<Json<SettingsPlan>, Problem> {
    Ok(Json(
        buckets::plan(&web.services, &visitor.caller, request).await?,
    ))
}

/// A change as it was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Start {
    request: SettingsRequest,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    reason: String,
}

/// Change a bucket's settings
///
/// Refused when they have changed since the plan with that digest was made.
#[utoipa::path(post, path = "/api/v1/buckets/changes", tag = "buckets",
    request_body(content = Object, description = "request, as for the plan; the plan's digest; reason"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The plan is another one by now", body = Problem),
    ))]
pub(crate) async fn change(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<Start>,
) -> Result<Accepted, Problem> {
    let confirmed = Confirmed {
        digest: start.digest,
        reason: start.reason,
    };
    let run = buckets::fix(&web.services, &visitor.caller, start.request, &confirmed).await?;
    Ok(accepted(run))
}

/// Which folder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Folder {
    account: AccountId,
    region: Region,
    bucket: String,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    versions: bool,
    #[serde(default)]
    limit: Option<u16>,
}

impl Folder {
    fn request(self) -> BrowseRequest {
        BrowseRequest {
            place: BucketPlace {
                account: self.account,
                region: self.region,
                bucket: self.bucket,
            },
            prefix: self.prefix,
            after: self.after,
            versions: self.versions,
            limit: self.limit,
        }
    }
}

/// A page of what lies under a prefix of a bucket
#[utoipa::path(get, path = "/api/v1/bucket/objects", tag = "buckets",
    params(
        ("account" = String, Query, description = "The registered account whose role reads it"),
        ("region" = String, Query, description = "Its Region"),
        ("bucket" = String, Query, description = "Its name"),
        ("prefix" = Option<String>, Query, description = "The beginning of the keys; a folder ends with a slash"),
        ("versions" = Option<bool>, Query, description = "Every version, delete markers too"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 1000, 200 by default"),
    ),
    responses(
        (status = 200, description = "Folders and objects, and how to go on", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "There is no such bucket", body = Problem),
    ))]
pub(crate) async fn objects(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(folder): Filter<Folder>,
) -> Result<Json<BrowsePage>, Problem> {
    Ok(Json(
        buckets::browse(&web.services, &visitor.caller, folder.request()).await?,
    ))
}

/// A folder of a bucket as backups of block storage
#[utoipa::path(get, path = "/api/v1/bucket/blocks", tag = "buckets",
    params(
        ("account" = String, Query, description = "The registered account whose role reads it"),
        ("region" = String, Query, description = "Its Region"),
        ("bucket" = String, Query, description = "Its name"),
        ("prefix" = Option<String>, Query, description = "The folder, with the slash at its end"),
    ),
    responses(
        (status = 200, description = "Clusters or volumes; and snapshots with size, age, chain and integrity", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "There is no such bucket", body = Problem),
    ))]
pub(crate) async fn blocks(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(folder): Filter<Folder>,
) -> Result<Json<BlockPage>, Problem> {
    Ok(Json(
        buckets::blocks(&web.services, &visitor.caller, folder.request()).await?,
    ))
}

/// What a copy of a prefix would do
///
/// Nothing is changed. The plan's `digest` goes into the copy.
#[utoipa::path(post, path = "/api/v1/buckets/copies/plan", tag = "buckets",
    request_body(content = Object, description = "from and to: {account, region, bucket} each; prefix, the beginning of the keys; to_prefix, what takes its place; existing: skip or replace. The role of the destination's account makes the copy"),
    responses(
        (status = 200, description = "How many objects and bytes, what is there already, what is left and why", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "There is no such bucket", body = Problem),
    ))]
pub(crate) async fn plan_copy(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<CopyRequest>,
) -> Result<Json<CopyPlan>, Problem> {
    Ok(Json(
        buckets::plan_copy(&web.services, &visitor.caller, request).await?,
    ))
}

/// A copy as it was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct StartCopy {
    request: CopyRequest,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    reason: String,
}

/// Copy everything under a prefix to another bucket, Region or account
///
/// Refused when something else would be copied than the plan with that digest says.
#[utoipa::path(post, path = "/api/v1/buckets/copies", tag = "buckets",
    request_body(content = Object, description = "request, as for the plan; the plan's digest; reason"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The plan is another one by now", body = Problem),
    ))]
pub(crate) async fn copy(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<StartCopy>,
) -> Result<Accepted, Problem> {
    let confirmed = Confirmed {
        digest: start.digest,
        reason: start.reason,
    };
    let run = buckets::copy(&web.services, &visitor.caller, start.request, &confirmed).await?;
    Ok(accepted(run))
}
