//! `/api/v1`: the same use cases as the pages, as JSON.

mod accounts;
mod backups;
mod buckets;
mod coverage;
mod holds;
mod jobs;
mod operations;
mod overview;
mod plans;
mod point_copies;
mod points;
mod policies;
mod query;
mod records;
mod resources;
mod restores;
mod runs;
mod sets;
mod users;
mod vaults;

use axum::{Json, Router, extract::Path, middleware::from_fn_with_state, routing::get};
use serde::Serialize;
use tidemark_domain::{Invalid, runs::RunId};
use utoipa::{
    OpenApi, ToSchema,
    openapi::security::{ApiKey, ApiKeyValue, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Problem, Web};

/// Where the description of the API is.
pub const DESCRIPTION: &str = "/api/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tidemark",
        description = "Backups across AWS accounts: what is protected, and restores. Sign in to the \
                       console; the API takes the same session cookie. Errors are \
                       application/problem+json. Every answer carries x-request-id.",
    ),
    components(schemas(Problem, Started)),
    modifiers(&SessionCookie),
    security(("session" = [])),
)]
struct Description;

struct SessionCookie;

impl utoipa::Modify for SessionCookie {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let cookie = ApiKeyValue::with_description(
            "__Host-tidemark",
            "The session cookie of the console; named `tidemark` on a loopback address.",
        );
        description
            .components
            .get_or_insert_default()
            .add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// A run that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Started {
    /// The run's id; `GET /api/v1/runs/{id}` tells how it goes.
    #[schema(value_type = String, format = "uuid")]
    run: RunId,
}

fn described() -> (Router<Web>, utoipa::openapi::OpenApi) {
    let (routes, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(overview::overview))
        .routes(routes!(accounts::list))
        .routes(routes!(accounts::show))
        .routes(routes!(accounts::permission_rows))
        .routes(routes!(
            accounts::permissions_of,
            accounts::refresh_permissions
        ))
        .routes(routes!(accounts::template))
        .routes(routes!(accounts::plan_enrolment))
        .routes(routes!(accounts::enrol))
        .routes(routes!(accounts::rotate))
        .routes(routes!(resources::list))
        .routes(routes!(resources::show))
        .routes(routes!(points::list))
        .routes(routes!(plans::list))
        .routes(routes!(plans::show))
        .routes(routes!(plans::versions))
        .routes(routes!(plans::export))
        .routes(routes!(plans::future))
        .routes(routes!(plans::change))
        .routes(routes!(plans::save))
        .routes(routes!(plans::deletion))
        .routes(routes!(plans::delete))
        .routes(routes!(plans::run_now))
        .routes(routes!(plans::rollout))
        .routes(routes!(plans::start_rollout))
        .routes(routes!(sets::list, sets::put))
        .routes(routes!(sets::show))
        .routes(routes!(sets::recovery))
        .routes(routes!(sets::check))
        .routes(routes!(sets::back_up))
        .routes(routes!(sets::plan_restore))
        .routes(routes!(sets::restore))
        .routes(routes!(coverage::report))
        .routes(routes!(coverage::csv))
        .routes(routes!(coverage::cost))
        .routes(routes!(points::show))
        .routes(routes!(points::plan))
        .routes(routes!(points::change))
        .routes(routes!(point_copies::plan_copies))
        .routes(routes!(point_copies::copy))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::causes))
        .routes(routes!(policies::show))
        .routes(routes!(policies::change))
        .routes(routes!(policies::roles))
        .routes(routes!(policies::plan))
        .routes(routes!(policies::check))
        .routes(routes!(vaults::list))
        .routes(routes!(vaults::show))
        .routes(routes!(vaults::plan))
        .routes(routes!(vaults::change))
        .routes(routes!(holds::list))
        .routes(routes!(holds::plan))
        .routes(routes!(holds::change))
        .routes(routes!(buckets::list))
        .routes(routes!(buckets::show))
        .routes(routes!(buckets::plan))
        .routes(routes!(buckets::change))
        .routes(routes!(buckets::objects))
        .routes(routes!(buckets::blocks))
        .routes(routes!(buckets::plan_copy))
        .routes(routes!(buckets::copy))
        .routes(routes!(restores::plan))
        .routes(routes!(restores::start))
        .routes(routes!(backups::start))
        .routes(routes!(records::list))
        .routes(routes!(records::show))
        .routes(routes!(records::preview))
        .routes(routes!(records::setup))
        .routes(routes!(records::prove))
        .routes(routes!(records::mode))
        .routes(routes!(records::forget))
        .routes(routes!(runs::list))
        .routes(routes!(runs::show))
        .routes(routes!(runs::events))
        .routes(routes!(runs::items))
        .routes(routes!(runs::cancel))
        .routes(routes!(users::list, users::add))
        .routes(routes!(users::show))
        .routes(routes!(users::role))
        .routes(routes!(users::disable))
        .routes(routes!(users::enable))
        .routes(routes!(users::password))
        .routes(routes!(users::unlock))
        .split_for_parts();
    operations::name(&mut description);
    (routes, description)
}

/// The routes of the API and of its description.
pub(crate) fn routes() -> Router<Web> {
    let (routes, description) = described();
    let known = query::Known::of(&description);
    routes
        .layer(from_fn_with_state(known, query::refuse_unknown))
        .route(DESCRIPTION, get(move || async move { Json(description) }))
}

/// The description of the API, `OpenAPI` 3.1.
pub fn description() -> utoipa::openapi::OpenApi {
    described().1
}

/// The run id of a path. What is no id cannot name a run, so it is not found rather than invalid.
pub(crate) fn run_id(text: &str) -> Result<RunId, Problem> {
    text.parse().map_err(|_| {
        Problem::from(tidemark_services::ServiceError::NotFound(format!(
            "run {}",
            text.chars().take(64).collect::<String>()
        )))
    })
}

/// A value of a path, parsed into its domain type.
fn parse<T: std::str::FromStr<Err = Invalid>>(Path(text): Path<String>) -> Result<T, Problem> {
    text.parse()
        .map_err(|invalid: Invalid| Problem::invalid(&invalid))
}
