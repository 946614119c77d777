//! Extractors whose refusals name the field and the rule.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use tidemark_domain::Invalid;

use super::Problem;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Json::<T>::from_request(request, state)
            .await
            .map(|Json(value)| Self(value))
            .map_err(|rejection| refusal("request body", &rejection.body_text()))
    }
}

/// A query string.
pub(crate) struct Filter<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Filter<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Query::<T>::try_from_uri(&parts.uri)
            .map(|Query(value)| Self(value))
            .map_err(|rejection| refusal("query string", &rejection.body_text()))
    }
}

/// `Failed to …: <field>: <rule>`, as axum words it, taken apart.
fn refusal(whole: &str, text: &str) -> Problem {
    let told = text.split_once(": ").map_or(text, |(_, rest)| rest);
    let (field, rule) = match told.split_once(": ") {
        Some((field, rule)) if !field.contains(' ') => (field, rule),
        _ => (whole, told),
    };
    Problem::invalid(&Invalid::new(field, rule))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use axum::http::Uri;
    use tidemark_domain::{BackupRequest, ResourceFilter};

    use super::*;

    #[test]
    fn a_query_names_its_field_and_rule() {
        let uri: Uri = "/x?account=12".parse().unwrap();
        let rejection = Query::<ResourceFilter>::try_from_uri(&uri).err().unwrap();
        let problem = refusal("query string", &rejection.body_text());
        assert_eq!(problem.field.as_deref(), Some("account"));
        assert!(problem.rule.unwrap().contains("exactly 12 digits"));
    }

    #[tokio::test]
    async fn a_body_names_its_field_and_rule() {
        let body = r#"{"resource":"arn:mars:s3:::b","vault":"v","reason":""}"#;
        let request = Request::builder()
            .header("content-type", "application/json")
            .body(axum::body::Body::from(body))
            .unwrap();
        let problem = Body::<BackupRequest>::from_request(request, &())
            .await
            .err()
            .unwrap();
        assert_eq!(problem.status, 400);
        assert_eq!(problem.field.as_deref(), Some("resource"));
        assert!(problem.rule.unwrap().contains("partition"));
    }
}
