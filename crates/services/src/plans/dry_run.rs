use tidemark_domain::{
    Invalid, Page, Privilege,
    plan::{PlanDraft, PlanRecord},
    selection::{
        BackupSelection, DryRun, DryRunCounts, DryRunList, DryRunPlan, DryRunResource, DryRunRow,
    },
};

use super::{check::selections_of, find::registered, knowledge::Surroundings};
use crate::{Caller, ServiceError, Services, authorize};

/// What stands for the id of a plan that is not saved yet.
pub(super) const NEW: &str = "new";

/// What a draft would take of its scope's resources, beside the scope's other plans: the counts.
pub async fn dry_run(
    services: &Services,
    caller: &Caller,
    draft: &PlanDraft,
) -> Result<DryRunCounts, ServiceError> {
    let around = open(services, caller, draft).await?;
    Ok(with_dry_run(services, draft, &around, |dry_run| {
        dry_run.counts().clone()
    }))
}

/// A page of one of the lists of a dry run, at most 200 rows.
pub async fn dry_run_list(
    services: &Services,
    caller: &Caller,
    draft: &PlanDraft,
    list: DryRunList,
    cursor: Option<&str>,
    limit: u16,
) -> Result<Page<DryRunRow>, ServiceError> {
    if !(1..=200).contains(&limit) {
        return Err(Invalid::new("limit", "must lie between 1 and 200").into());
    }
    let around = open(services, caller, draft).await?;
    Ok(with_dry_run(services, draft, &around, |dry_run| {
        dry_run.list(list, cursor, usize::from(limit))
    }))
}

async fn open(
    services: &Services,
    caller: &Caller,
    draft: &PlanDraft,
) -> Result<Surroundings, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadPlans,
        "plan.dry_run",
        &draft.plan.backup_plan_name,
    )
    .await?;
    let scope = draft.scope();
    registered(services, &scope).await?;
    Surroundings::read(services, &scope, &draft.plan).await
}

/// Looks at the dry run of a draft, which takes the place of the plan that it changes.
pub(super) fn with_dry_run<T>(
    services: &Services,
    draft: &PlanDraft,
    around: &Surroundings,
    look: impl FnOnce(&DryRun<'_>) -> T,
) -> T {
    let own = draft.plan_id.as_deref().unwrap_or(NEW);
    let drafted = selections_of(draft);
    let others: Vec<(&PlanRecord, Vec<BackupSelection>)> = around
        .plans
        .iter()
        .filter(|plan| Some(plan.id.as_str()) != draft.plan_id.as_deref())
        .map(|plan| (plan, selections_of_record(plan)))
        .collect();
    let first = DryRunPlan {
        id: own,
        account: &draft.account,
        region: &draft.region,
        plan: &draft.plan,
        selections: &drafted,
    };
    let plans = std::iter::once(first).chain(others.iter().map(|(plan, selections)| DryRunPlan {
        id: &plan.id,
        account: &plan.account,
        region: &plan.region,
        plan: &plan.plan,
        selections,
    }));
    let resources = around.resources.iter().map(|resource| {
        let opted_in = around.settings.opted_in(resource.resource_type.as_str());
        DryRunResource::new(resource, opted_in)
    });
    look(&DryRun::new(plans, resources, services.clock.now()))
}

pub(super) fn selections_of_record(plan: &PlanRecord) -> Vec<BackupSelection> {
    plan.selections
        .iter()
        .map(|one| one.selection.clone())
        .collect()
}
