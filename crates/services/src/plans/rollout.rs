use std::collections::BTreeSet;

use tidemark_domain::{
    Invalid, Privilege, Scope,
    plan::{PlanChange, PlanDraft, Rollout, RolloutRequest, RolloutTarget, SelectionDraft},
    selection::BackupSelection,
};

use super::{change::change_of, context::partition, digest::digest_of, get::alias};
use crate::{Caller, ServiceError, Services, authorize};

/// Targets of one rollout at most.
const MOST: usize = 1_000;

/// Exactly what rolling a plan out will do in each target. Nothing is changed. A target whose plan
/// cannot be worked out is listed with the reason, and does not stop the others.
pub async fn rollout(
    services: &Services,
    caller: &Caller,
    mut request: RolloutRequest,
) -> Result<Rollout, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManagePlans,
        "plan.rollout",
        &request.plan.backup_plan_name,
    )
    .await?;
    let targets: BTreeSet<Scope> = request.targets.iter().cloned().collect();
    if targets.is_empty() || targets.len() > MOST {
        return Err(Invalid::new("targets", format!("must be 1 to {MOST}")).into());
    }
    request.targets = targets.into_iter().collect();
    let mut rows = Vec::with_capacity(request.targets.len());
    for target in &request.targets {
        let (change, refused) = match one(services, &request, target).await {
            Ok(change) => {
                let refused = (!change.can_apply()).then(|| {
                    let errors = change.findings.iter().filter(|f| f.is_error());
                    errors
                        .map(|f| format!("{} {}", f.field, f.rule))
                        .collect::<Vec<_>>()
                        .join("; ")
                });
                (Some(change), refused)
            }
            Err(error @ (ServiceError::Internal(_) | ServiceError::Unavailable { .. })) => {
                return Err(error);
            }
            Err(error) => (None, Some(error.to_string())),
        };
        rows.push(RolloutTarget {
            account: target.account.clone(),
            alias: alias(services, target).await?,
            region: target.region.clone(),
            change,
            refused,
        });
    }
    let digests: Vec<_> = rows
        .iter()
        .map(|row| {
            let digest = row.change.as_ref().map(|change| change.digest.as_str());
            (&row.account, &row.region, digest, row.refused.is_some())
        })
        .collect();
    Ok(Rollout {
        digest: digest_of(&digests)?,
        request,
        targets: rows,
    })
}

/// What saving the plan in one target does: a plan of the same name there is changed.
async fn one(
    services: &Services,
    request: &RolloutRequest,
    target: &Scope,
) -> Result<PlanChange, ServiceError> {
    let name = &request.plan.backup_plan_name;
    let there = services.catalogue.plans_of(target).await?;
    let existing = there
        .into_iter()
        .find(|plan| plan.plan.backup_plan_name == *name);
    let selections = request
        .selections
        .iter()
        .map(|selection| {
            let selection = at_home(selection, target);
            let same = existing.iter().flat_map(|plan| &plan.selections);
            let from = same
                .filter(|one| one.selection.selection_name == selection.selection_name)
                .map(|one| one.id.clone())
                .next();
            SelectionDraft {
                id: from,
                selection,
            }
        })
        .collect();
    let draft = PlanDraft {
        account: target.account.clone(),
        region: target.region.clone(),
        plan_id: existing.as_ref().map(|plan| plan.id.clone()),
        version_id: existing.as_ref().map(|plan| plan.version_id.clone()),
        plan: request.plan.clone(),
        selections,
        reason: request.reason.clone(),
    };
    change_of(services, draft).await
}

/// The selection with its role in the target's account and partition.
fn at_home(selection: &BackupSelection, target: &Scope) -> BackupSelection {
    let mut selection = selection.clone();
    let fields: Vec<&str> = selection.iam_role_arn.splitn(6, ':').collect();
    if let [prefix, _, service, region, _, role] = fields[..] {
        selection.iam_role_arn = format!(
            "{prefix}:{}:{service}:{region}:{}:{role}",
            partition(target),
            target.account
        );
    }
    selection
}
