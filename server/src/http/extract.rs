//! Extractors whose refusals name the field and the rule, and which take nothing that nobody knows.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use tidemark_app::query::pairs;
use tidemark_domain::{Invalid, strict};

use super::Problem;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        check_content_type(request.headers())?;
        let bytes = body(request, state).await?;
        Ok(Self(strict::from_json("request body", &bytes)?))
    }
}

/// A JSON object without a member, or no body at all: what starts something and takes nothing.
pub(crate) struct NoBody;

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        #[derive(serde::Deserialize)]
        struct Nothing {}

        let bytes = body(request, state).await?;
        if !bytes.iter().all(u8::is_ascii_whitespace) {
            let Nothing {} = strict::from_json("request body", &bytes)?;
        }
        Ok(Self)
    }
}

/// A query string.
pub(crate) struct Filter<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Filter<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = pairs(parts.uri.query().unwrap_or_default());
        Ok(Self(strict::from_pairs("query string", &pairs)?))
    }
}

async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "The request is too large",
                "The request body is larger than the console takes.",
            ),
            _ => Problem::invalid(&Invalid::new(
                "request body",
                "could not be read to its end",
            )),
        })
}

/// A body must say that it is JSON: browsers let any page send the other types without asking.
fn check_content_type(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    if essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
    {
        return Ok(());
    }
    let rule = if given.is_empty() {
        "must be application/json; the request names none".to_owned()
    } else {
        format!("must be application/json, not {essence}")
    };
    Err(Problem::invalid(&Invalid::new("content-type", rule))
        .with_guidance("Send the header content-type: application/json with the JSON body."))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use axum::http::Uri;
    use tidemark_domain::{BackupRequest, ResourceFilter};

    use super::*;

    async fn query(uri: &'static str) -> Problem {
        let uri: Uri = uri.parse().unwrap();
        let (mut parts, ()) = Request::builder().uri(uri).body(()).unwrap().into_parts();
        Filter::<ResourceFilter>::from_request_parts(&mut parts, &())
            .await
            .err()
            .unwrap()
    }

    async fn posted(content_type: Option<&str>, body: &'static str) -> Problem {
        let mut request = Request::builder();
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let request = request.body(axum::body::Body::from(body)).unwrap();
        Body::<BackupRequest>::from_request(request, &())
            .await
            .err()
            .unwrap()
    }

    #[tokio::test]
    async fn a_query_names_its_field_and_rule() {
        let problem = query("/x?account=12").await;
        assert_eq!(problem.field.as_deref(), Some("account"));
        assert!(problem.rule.unwrap().contains("exactly 12 digits"));
        let problem = query("/x?acount=12").await;
        assert_eq!(problem.status, 400);
        assert_eq!(problem.field.as_deref(), Some("acount"));
        assert!(problem.rule.unwrap().contains("did you mean account?"));
    }

    #[tokio::test]
    async fn a_body_names_its_field_and_rule() {
        let json = Some("application/json");
        let problem = posted(
            json,
            r#"{"resource":"arn:mars:s3:::b","vault":"v","reason":""}"#,
        )
        .await;
        assert_eq!(problem.status, 400);
        assert_eq!(problem.field.as_deref(), Some("resource"));
        assert!(problem.rule.unwrap().contains("partition"));
        let problem = posted(json, "[]").await;
        assert_eq!(problem.field.as_deref(), Some("request body"));
        assert_eq!(
            problem.rule.as_deref(),
            Some("must be an object, not a list")
        );
    }

    #[tokio::test]
    async fn a_body_without_its_type_is_told_which_header_to_send() {
        for content_type in [
            None,
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
        ] {
            let problem = posted(content_type, "{}").await;
            assert_eq!(problem.status, 400);
            assert_eq!(problem.field.as_deref(), Some("content-type"));
            assert!(
                problem.detail.contains("application/json"),
                "{}",
                problem.detail
            );
        }
    }
}
