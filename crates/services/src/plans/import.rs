use tidemark_domain::{
    Invalid, Privilege, Scope,
    exchange::{ImportContext, PlanBundle},
    plan::{ImportedPlan, PlanDraft, PlanImport, PlanRecord, SelectionDraft},
};

use super::find::registered;
use crate::{Caller, ServiceError, Services, authorize, exchange};

/// The plans of a file as drafts for an account and Region. A plan whose name is taken there becomes a
/// draft of that plan; selections are matched by name. What only a deployment knows is listed beside each
/// draft, as is what the file holds and a plan does not have. Nothing is changed.
pub async fn import(
    services: &Services,
    caller: &Caller,
    scope: &Scope,
    text: &str,
    parameters: Vec<(String, String)>,
) -> Result<PlanImport, ServiceError> {
    let subject = format!("{} {}", scope.account, scope.region);
    authorize(
        services,
        caller,
        Privilege::ManagePlans,
        "plan.import",
        &subject,
    )
    .await?;
    registered(services, scope).await?;
    let context = ImportContext {
        account: Some(scope.account.clone()),
        region: Some(scope.region.clone()),
        parameters: parameters.into_iter().collect(),
    };
    let reading = exchange::read(text, &context)?;
    if reading.plans.is_empty() && reading.notes.is_empty() {
        return Err(Invalid::new("file", "holds no backup plan").into());
    }
    let there = services.catalogue.plans_of(scope).await?;
    let plans = reading
        .plans
        .into_iter()
        .map(|bundle| ImportedPlan {
            findings: bundle.remarks(),
            unknown: bundle.unknown.clone(),
            draft: draft(scope, bundle, &there),
        })
        .collect();
    Ok(PlanImport {
        plans,
        notes: reading.notes,
    })
}

fn draft(scope: &Scope, bundle: PlanBundle, there: &[PlanRecord]) -> PlanDraft {
    let existing = there
        .iter()
        .find(|plan| plan.plan.backup_plan_name == bundle.backup_plan.backup_plan_name);
    let selections = bundle
        .backup_selections
        .into_iter()
        .map(|selection| SelectionDraft {
            id: existing
                .iter()
                .flat_map(|plan| &plan.selections)
                .find(|one| one.selection.selection_name == selection.selection_name)
                .map(|one| one.id.clone()),
            selection,
        })
        .collect();
    PlanDraft {
        account: scope.account.clone(),
        region: scope.region.clone(),
        plan_id: existing.map(|plan| plan.id.clone()),
        version_id: existing.map(|plan| plan.version_id.clone()),
        plan: bundle.backup_plan,
        selections,
        reason: String::new(),
    }
}
