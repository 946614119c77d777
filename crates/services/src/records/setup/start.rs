use tidemark_domain::{
    Verdict,
    records::SetupRequest,
    runs::{RunId, RunLabels},
};

use super::{
    preview::look,
    run::{SETUP_KIND, SetupParams},
};
use crate::{Caller, ServiceError, Services, runs::Start};

/// Starts the set-up that was shown: the preview is made anew and must have the same digest.
pub async fn start(
    services: &Services,
    caller: &Caller,
    request: SetupRequest,
    digest: &str,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, request, digest).await;
    crate::runs::or_repeat(services, caller, SETUP_KIND, digest, begun).await
}

async fn begin(
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
    let labels = RunLabels {
        account: Some(preview.account.to_string()),
        region: Some(preview.region.to_string()),
        resource: Some(subject.clone()),
    };
    let params = SetupParams {
        account: preview.account,
        region: preview.region,
        known: Some(capture.id).filter(|id| !id.is_empty()),
        request: preview.request,
        session_policy: preview.session_policy,
    };
    crate::runs::start(
        services,
        caller,
        Start {
            kind: SETUP_KIND,
            targets: vec![format!("capture:{subject}")],
            action: "records.setup.start",
            subject,
            digest: Some(digest.to_owned()),
            detail: preview.summary,
            labels,
            reason,
            params,
        },
    )
    .await
}
