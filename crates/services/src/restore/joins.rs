use std::collections::BTreeMap;

use tidemark_domain::{
    Privilege, Reach, ResourceType, RestoreDestination, Scope, TableSettings,
    restore::metadata,
    selection::{BackupSelection, DryRun, DryRunList, DryRunPlan, DryRunResource, DryRunTake},
};

use super::source::Source;
use crate::{Caller, ServiceError, Services};

/// What stands for the id that AWS gives.
const NEW_ID: &str = "new";

/// The selections of backup plans that take what a restore makes, as soon as it is there. What exists is
/// taken or not as before.
pub(super) async fn joins(
    services: &Services,
    caller: &Caller,
    source: &Source,
    destination: &RestoreDestination,
    settings: &TableSettings,
) -> Result<Vec<DryRunTake>, ServiceError> {
    if destination.is_change() {
        return Ok(Vec::new());
    }
    let partition = source.detail.resource.arn.partition();
    let arn = destination.arn.clone().or_else(|| {
        let name = destination.name.as_deref().unwrap_or(NEW_ID);
        metadata::rules(&destination.resource_type)?.arn(
            partition,
            &destination.account,
            &destination.region,
            name,
        )
    });
    let Some(arn) = arn else {
        return Ok(Vec::new());
    };
    let scope = Scope {
        account: destination.account.clone(),
        region: destination.region.clone(),
    };
    let plans = services.catalogue.plans_of(&scope).await?;
    let opted_in = services
        .catalogue
        .region_settings(&scope)
        .await?
        .unwrap_or_default()
        .opted_in(destination.resource_type.as_str());
    let selections: Vec<Vec<BackupSelection>> = plans
        .iter()
        .map(|plan| {
            plan.selections
                .iter()
                .map(|s| s.selection.clone())
                .collect()
        })
        .collect();
    let plans = plans
        .iter()
        .zip(&selections)
        .map(|(plan, selections)| DryRunPlan {
            id: &plan.id,
            account: &plan.account,
            region: &plan.region,
            plan: &plan.plan,
            selections,
        });
    let no_tags = BTreeMap::new();
    // AWS Backup itself puts no tags on what it restores; tables get theirs put back.
    let is_table = destination.resource_type == ResourceType::DynamoDb;
    let resource = DryRunResource {
        arn: &arn,
        resource_type: &destination.resource_type,
        account: &destination.account,
        region: &destination.region,
        tags: if is_table { &settings.tags } else { &no_tags },
        opted_in,
    };
    let dry_run = DryRun::new(plans, [resource], services.clock.now());
    let mut takes: Vec<DryRunTake> = dry_run
        .list(DryRunList::Taken, None, 1)
        .items
        .into_iter()
        .flat_map(|row| row.takes)
        .collect();
    if caller.role.allows(Privilege::ReadPlans) == Reach::None {
        for take in &mut takes {
            take.plan_id.clear();
            take.plan_name.clear();
            take.selection.clear();
        }
    }
    Ok(takes)
}
