use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;

use crate::{faults::FaultRule, gateway::Gateway};

/// One rule, or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Rules {
    Listed { rules: Vec<FaultRule> },
    Many(Vec<FaultRule>),
    One(FaultRule),
}

/// `GET /_tidemark/faults`
pub(super) async fn list(State(gateway): State<Arc<Gateway>>) -> Json<Vec<FaultRule>> {
    Json(gateway.faults.list())
}

/// `POST /_tidemark/faults`: adds rules; answers all that are in force.
pub(super) async fn add(
    State(gateway): State<Arc<Gateway>>,
    Json(rules): Json<Rules>,
) -> (StatusCode, Json<Vec<FaultRule>>) {
    let rules = match rules {
        Rules::Listed { rules } | Rules::Many(rules) => rules,
        Rules::One(rule) => vec![rule],
    };
    for rule in rules {
        gateway.faults.add(rule);
    }
    (StatusCode::CREATED, Json(gateway.faults.list()))
}

/// `DELETE /_tidemark/faults`
pub(super) async fn clear(State(gateway): State<Arc<Gateway>>) -> StatusCode {
    gateway.faults.remove(None);
    StatusCode::NO_CONTENT
}

/// `DELETE /_tidemark/faults/{id}`
pub(super) async fn remove(State(gateway): State<Arc<Gateway>>, Path(id): Path<u64>) -> StatusCode {
    if gateway.faults.remove(Some(id)) == 0 {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::NO_CONTENT
    }
}
