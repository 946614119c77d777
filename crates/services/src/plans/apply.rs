use tidemark_domain::{
    Check,
    plan::{Finding, PlanDraft},
    runs::{RunId, RunLabels},
};

use super::{
    change::{change, params, selection_work},
    find::subject,
    run::SAVE_PLAN_KIND,
};
use crate::{Caller, ServiceError, Services, runs::Start};

/// Saves the draft that was shown: what it does is worked out anew and must have the same digest.
pub async fn apply(
    services: &Services,
    caller: &Caller,
    draft: PlanDraft,
    digest: &str,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, draft, digest).await;
    crate::runs::or_repeat(services, caller, SAVE_PLAN_KIND, digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    draft: PlanDraft,
    digest: &str,
) -> Result<RunId, ServiceError> {
    let change = change(services, caller, draft).await?;
    if change.digest != digest {
        return Err(changed_since());
    }
    if !change.can_apply() {
        return Err(refused(&change.findings));
    }
    if change.is_empty() {
        return Err(ServiceError::Conflict(
            "the draft changes nothing of the plan".to_owned(),
        ));
    }
    let draft = &change.draft;
    let what = match &change.before {
        Some(before) => subject(&before.key()),
        None => format!(
            "new plan {} in {}/{}",
            draft.plan.backup_plan_name, draft.account, draft.region
        ),
    };
    let work = selection_work(draft, change.before.as_ref())?;
    let params = params(draft, change.before.as_ref(), work);
    crate::runs::start(
        services,
        caller,
        Start {
            kind: SAVE_PLAN_KIND,
            targets: params.targets(),
            action: "plan.save",
            subject: what,
            digest: Some(digest.to_owned()),
            detail: format!(
                "{} fields and {} selections change.",
                change.differences.len(),
                change
                    .selections
                    .iter()
                    .filter(|s| s.what != tidemark_domain::plan::SelectionStep::Keep)
                    .count(),
            ),
            labels: RunLabels {
                account: Some(draft.account.to_string()),
                region: Some(draft.region.to_string()),
                resource: change.before.as_ref().map(|b| b.arn.to_string()),
            },
            reason: draft.reason.clone(),
            params,
        },
    )
    .await
}

pub(super) fn changed_since() -> ServiceError {
    ServiceError::Conflict(
        "what would be done has changed since it was shown; look at the review again".to_owned(),
    )
}

/// The findings that forbid the start.
pub(super) fn refused(findings: &[Finding]) -> ServiceError {
    ServiceError::Checks(
        findings
            .iter()
            .filter(|finding| finding.is_error())
            .map(|finding| {
                Check::fail(
                    finding.field.clone(),
                    format!("{} {}", finding.field, finding.rule),
                    finding.fix.clone(),
                )
            })
            .collect(),
    )
}
