//! `GET /records/record.json`: one version of a record, whole, in `DynamoDB`'s own JSON. The query
//! string is that of the record's page.

use axum::{
    extract::{Extension, RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use tidemark_app::{query::pairs, server_fns::records::RecordQuery, ssr::Visitor};
use tidemark_domain::{Invalid, strict};
use tidemark_services::records::version_text;

use super::{Problem, Web};

/// The version, as it is stored.
pub(crate) async fn version(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.as_deref().unwrap_or_default();
    let given = pairs(query);
    let given = given.iter().map(|(name, _)| name.as_str());
    strict::known_names(given, &RecordQuery::NAMES)?;
    let query = RecordQuery::parse(query);
    let number = query
        .version_number()
        .and_then(|number| number.ok_or_else(|| Invalid::new("version", "must be given")))
        .map_err(|invalid| Problem::invalid(&invalid))?;
    let text = version_text(
        &web.services,
        &visitor.caller,
        &query.capture,
        &query.key_ask(),
        number,
    )
    .await?;
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
