use tidemark_domain::{
    Privilege,
    runs::{RunId, RunLabels},
};

use super::run::{PROOF_KIND, ProofParams};
use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize::record,
    records::find,
    runs::{Enqueue, enqueue},
};

/// Starts a proof as a run.
pub async fn start(services: &Services, caller: &Caller, id: &str) -> Result<RunId, ServiceError> {
    let capture = find(
        services,
        caller,
        id,
        Privilege::ManageRecords,
        "records.prove",
    )
    .await?
    .capture;
    record(
        services,
        caller,
        "records.prove",
        capture.table.as_str(),
        AuditOutcome::Allowed,
        None,
        Some(format!("bucket {}", capture.bucket)),
    )
    .await?;
    let labels = RunLabels {
        account: Some(capture.account.to_string()),
        region: Some(capture.region.to_string()),
        resource: Some(capture.table.to_string()),
    };
    let params = ProofParams {
        capture: capture.id,
    };
    enqueue(
        services,
        caller,
        Enqueue {
            kind: PROOF_KIND,
            params: serde_json::to_value(params)
                .map_err(|e| ServiceError::Internal(Box::new(e)))?,
            labels,
            reason: String::new(),
        },
    )
    .await
}
