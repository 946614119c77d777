use axum::{
    Json,
    extract::{Extension, State},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName},
};
use serde::Deserialize;
use tidemark_app::{server_fns::coverage::CoverageQuery, ssr::Visitor};
use tidemark_domain::{
    cost::CostReport,
    coverage::{CoverageFilter, CoveragePage},
};
use tidemark_services::{cost as costs, coverage};

use crate::http::{Problem, Web, extract::Filter};

/// Which rows, as the page's address says it, and how many.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Rows {
    account: String,
    kind: String,
    protected: String,
    fails: String,
    cursor: String,
    limit: Option<String>,
}

impl Rows {
    fn filter(self) -> Result<CoverageFilter, Problem> {
        let limit = self
            .limit
            .map(|text| {
                text.parse().map_err(|_| {
                    Problem::invalid(&tidemark_domain::Invalid::new(
                        "limit",
                        "must lie between 1 and 200",
                    ))
                })
            })
            .transpose()?;
        let query = CoverageQuery {
            account: self.account,
            kind: self.kind,
            protected: self.protected,
            fails: self.fails,
            cursor: self.cursor,
        };
        let filter = query
            .filter()
            .map_err(|invalid| Problem::invalid(&invalid))?;
        Ok(CoverageFilter { limit, ..filter })
    }
}

/// The coverage report with a page of its rows
#[utoipa::path(get, path = "/api/v1/coverage", tag = "coverage",
    params(
        ("account" = Option<String>, Query, description = "Only this account"),
        ("kind" = Option<String>, Query, description = "Only this type, as AWS Backup names it"),
        ("protected" = Option<String>, Query, description = "plan, hand or none"),
        ("fails" = Option<String>, Query, description = "Only resources that fail this control"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 200, 50 by default"),
    ),
    responses(
        (status = 200, description = "Counts, accounts, controls, history and rows", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
    ))]
pub(crate) async fn report(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(rows): Filter<Rows>,
) -> Result<Json<CoveragePage>, Problem> {
    let filter = rows.filter()?;
    Ok(Json(
        coverage::report(&web.services, &visitor.caller, &filter).await?,
    ))
}

/// All rows of the coverage report as CSV
#[utoipa::path(get, path = "/api/v1/coverage.csv", tag = "coverage",
    params(
        ("account" = Option<String>, Query, description = "Only this account"),
        ("kind" = Option<String>, Query, description = "Only this type, as AWS Backup names it"),
        ("protected" = Option<String>, Query, description = "plan, hand or none"),
        ("fails" = Option<String>, Query, description = "Only resources that fail this control"),
    ),
    responses(
        (status = 200, description = "RFC 4180", body = String, content_type = "text/csv"),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
    ))]
pub(crate) async fn csv(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(rows): Filter<Rows>,
) -> Result<([(HeaderName, &'static str); 2], String), Problem> {
    let filter = rows.filter()?;
    let text = coverage::csv(&web.services, &visitor.caller, &filter).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"coverage.csv\""),
    ];
    Ok((headers, text))
}

/// What is stored and what that costs in a month, by estimate
#[utoipa::path(get, path = "/api/v1/cost", tag = "cost", responses(
    (status = 200, description = "An estimate from dated prices, never a bill", body = Object),
    (status = 401, description = "Not signed in", body = Problem),
))]
pub(crate) async fn cost(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<CostReport>, Problem> {
    Ok(Json(costs::report(&web.services, &visitor.caller).await?))
}
