//! Query strings hold what the description of the API names, and nothing else: at every path, also at
//! those that take none and those that take a body.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tidemark_app::query::pairs;
use tidemark_domain::strict;
use utoipa::openapi::{OpenApi, path::ParameterIn};

use crate::http::Problem;

/// The parameters that each method of each path takes.
#[derive(Clone, Debug)]
pub(super) struct Known(Arc<HashMap<(Method, String), Vec<String>>>);

impl Known {
    pub(super) fn of(description: &OpenApi) -> Self {
        let mut known = HashMap::new();
        for (path, item) in &description.paths.paths {
            for (method, operation) in [(Method::GET, &item.get), (Method::POST, &item.post)] {
                let Some(operation) = operation else { continue };
                let names = operation
                    .parameters
                    .iter()
                    .flatten()
                    .filter(|parameter| parameter.parameter_in == ParameterIn::Query)
                    .map(|parameter| parameter.name.clone())
                    .collect();
                known.insert((method, path.clone()), names);
            }
        }
        Self(Arc::new(known))
    }
}

/// Refuses a parameter that the description does not name.
pub(super) async fn refuse_unknown(
    State(Known(known)): State<Known>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let method = match request.method() {
        &Method::HEAD => Method::GET,
        method => method.clone(),
    };
    let names = path.and_then(|path| known.get(&(method, path.as_str().to_owned())));
    if let (Some(names), Some(query)) = (names, request.uri().query()) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let given = pairs(query);
        let given = given.iter().map(|(name, _)| name.as_str());
        if let Err(invalid) = strict::known_names(given, &names) {
            return Problem::invalid(&invalid).into_response();
        }
    }
    next.run(request).await
}
