use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Invalid,
    records::Capture,
    runs::{RunId, RunLabels},
};
use tidemark_records::restore::{RestorePlan, load_state};

use super::{
    allowed,
    get::{check_id, load},
    run::{UNDO_KIND, UndoParams},
};
use crate::{
    Caller, ServiceError, Services,
    records::{
        open_backup::{index_of, may},
        opened::{Purpose, access_for, policy},
        records_error,
    },
    runs::Start,
};

/// What a person confirms about the plan that they were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Confirmed {
    /// Digest of the plan.
    pub digest: String,
    /// The table's name, typed.
    pub confirmation: String,
    /// Why, in the person's own words.
    pub reason: String,
}

/// Starts the undo that was shown: exactly that plan, as it lies in the bucket.
pub async fn start(
    services: &Services,
    caller: &Caller,
    capture: &str,
    plan: &str,
    confirmed: &Confirmed,
) -> Result<RunId, ServiceError> {
    let begun = begin(services, caller, capture, plan, confirmed).await;
    crate::runs::or_repeat(services, caller, UNDO_KIND, &confirmed.digest, begun).await
}

async fn begin(
    services: &Services,
    caller: &Caller,
    capture: &str,
    plan: &str,
    confirmed: &Confirmed,
) -> Result<RunId, ServiceError> {
    let capture = allowed(services, caller, capture, "records.undo").await?;
    check_id(plan)?;
    let access = access_for(services, caller, &capture, &Purpose::ReadPlan).await?;
    let index = index_of(&capture, &access);
    let plan = load(&index, &capture, plan).await?;
    let reason = check(&capture, &plan, confirmed)?;
    let state = load_state(&index, &plan.id).await.map_err(records_error)?;
    if usize::try_from(state.pages_done).unwrap_or(usize::MAX) >= plan.pages.len() {
        return Err(ServiceError::Conflict(
            "this plan was carried out already; make another one".to_owned(),
        ));
    }
    let purpose = Purpose::Undo {
        plan: plan.id.clone(),
    };
    may(services, &capture, &policy(&capture, &purpose)).await?;
    let words = words(&capture, &plan);
    let labels = RunLabels {
        account: Some(capture.account.to_string()),
        region: Some(capture.region.to_string()),
        resource: Some(capture.table.to_string()),
    };
    let params = UndoParams {
        plan: plan.id.clone(),
        digest: plan.digest.clone(),
        actions: plan.counts.actions(),
        conflicts: u64::try_from(plan.conflicts.len()).unwrap_or(u64::MAX),
        capture,
    };
    crate::runs::start(
        services,
        caller,
        Start {
            kind: UNDO_KIND,
            targets: vec![format!("records:{}", params.capture.table)],
            action: "records.undo",
            subject: params.capture.table.to_string(),
            digest: Some(plan.digest.clone()),
            detail: format!("{words} Plan {}.", plan.id),
            labels,
            reason,
            params,
        },
    )
    .await
}

fn check(
    capture: &Capture,
    plan: &RestorePlan,
    confirmed: &Confirmed,
) -> Result<String, ServiceError> {
    if plan.digest != confirmed.digest || plan.digest != plan.computed_digest() {
        return Err(ServiceError::Conflict(
            "the plan is not the one that was shown; look at it again".to_owned(),
        ));
    }
    if plan.counts.actions() == 0 {
        return Err(Invalid::new("records", "must hold one that can be undone").into());
    }
    let name = capture.table_name();
    if confirmed.confirmation.trim() != name {
        return Err(Invalid::new("confirmation", format!("must be \u{201c}{name}\u{201d}")).into());
    }
    let reason = confirmed.reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Invalid::new("reason", "must be given, in at most 500 characters").into());
    }
    Ok(reason.to_owned())
}

fn words(capture: &Capture, plan: &RestorePlan) -> String {
    format!(
        "Undo in {}: {} records as of {}: {} written as they were, {} brought back, {} deleted; {} in conflict are left.",
        capture.table_name(),
        plan.counts.actions(),
        plan.as_of,
        plan.counts.overwrite,
        plan.counts.create,
        plan.counts.delete,
        plan.conflicts.len()
    )
}
