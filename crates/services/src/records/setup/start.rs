use tidemark_domain::{
    Verdict,
    records::SetupRequest,
    runs::{RunId, RunLabels},
};

use super::{
    preview::look,
    run::{SETUP_KIND, SetupParams},
};
use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize::record,
    runs::{Enqueue, enqueue},
};

/// Starts the set-up that was shown: the preview is made anew and must have the same digest.
pub async fn start(
    services: &Services,
    caller: &Caller,
    request: SetupRequest,
    digest: &str,
) -> Result<RunId, ServiceError> {
    let (preview, capture) = look(services, caller, request, "records.setup.start").await?;
    if preview.digest != digest {
        return Err(ServiceError::Conflict(
            "what the set-up would do has changed since it was shown; look at it again".to_owned(),
        ));
    }
    if !preview.can_start() {
        let failed = preview
            .checks
            .into_iter()
            .filter(|check| check.verdict == Verdict::Fail)
            .collect();
        return Err(ServiceError::Checks(failed));
    }
    let reason = preview.request.reason.clone();
    let subject = preview.request.table.to_string();
    record(
        services,
        caller,
        "records.setup.start",
        &subject,
        AuditOutcome::Allowed,
        Some(digest.to_owned()),
        Some(format!("{} Reason: {reason}", preview.summary)),
    )
    .await?;
    let labels = RunLabels {
        account: Some(preview.account.to_string()),
        region: Some(preview.region.to_string()),
        resource: Some(subject),
    };
    let params = SetupParams {
        account: preview.account,
        region: preview.region,
        known: Some(capture.id).filter(|id| !id.is_empty()),
        request: preview.request,
        session_policy: preview.session_policy,
    };
    enqueue(
        services,
        caller,
        Enqueue {
            kind: SETUP_KIND,
            params: serde_json::to_value(params)
                .map_err(|e| ServiceError::Internal(Box::new(e)))?,
            labels,
            reason,
        },
    )
    .await
}
