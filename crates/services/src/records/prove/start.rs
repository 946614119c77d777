use tidemark_domain::{
    Privilege,
    runs::{RunId, RunLabels},
};

use super::run::{PROOF_KIND, ProofParams};
use crate::{
    Caller, ServiceError, Services,
    records::{find, open_backup::may, policy},
    runs::Start,
};

/// Starts a proof as a run.
pub async fn start(services: &Services, caller: &Caller, id: &str) -> Result<RunId, ServiceError> {
    let asked_at = services.clock.now();
    let capture = find(
        services,
        caller,
        id,
        Privilege::ManageRecords,
        "records.prove",
    )
    .await?
    .capture;
    let params = ProofParams {
        capture: capture.id.clone(),
    };
    let begun = || crate::runs::begun_since(services, caller, PROOF_KIND, &params, asked_at);
    if let Some(run) = begun().await? {
        return Ok(run);
    }
    may(services, &capture, &policy::capture(&capture)).await?;
    if let Some(run) = begun().await? {
        return Ok(run);
    }
    let labels = RunLabels {
        account: Some(capture.account.to_string()),
        region: Some(capture.region.to_string()),
        resource: Some(capture.table.to_string()),
    };
    crate::runs::start(
        services,
        caller,
        Start {
            kind: PROOF_KIND,
            targets: Vec::new(),
            action: "records.prove",
            subject: capture.table.to_string(),
            digest: None,
            detail: format!("Bucket {}.", capture.bucket),
            labels,
            reason: String::new(),
            params,
        },
    )
    .await
}
