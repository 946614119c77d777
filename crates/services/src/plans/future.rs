use std::{collections::BTreeMap, slice};

use jiff::SignedDuration;
use tidemark_domain::{
    Privilege, Resource,
    cost::{PlanFuture, TakenType},
    plan::{PlanKey, TypeSupport},
    selection::BackupSelection,
    simulate::{PlanVersion, Scene, SimPlan, SimResource, Simulation},
};

use super::knowledge::{Surroundings, vault_rules};
use crate::{Caller, ServiceError, Services, authorize};

/// Days that are simulated: thirteen months, so that a year of retention shows its level.
const DAYS: i64 = 396;

/// What a plan will keep, what that costs and how far back it reaches, month by month, beginning with none.
pub async fn future(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
) -> Result<PlanFuture, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadPlans,
        "plan.future",
        &key.id,
    )
    .await?;
    let record = services
        .catalogue
        .plan(key)
        .await?
        .ok_or_else(|| ServiceError::NotFound(format!("plan {}", key.id)))?;
    let scope = record.scope();
    let around = Surroundings::read(services, &scope, &record.plan).await?;
    let selections: Vec<BackupSelection> = record
        .selections
        .iter()
        .map(|one| one.selection.clone())
        .collect();
    let taken = by_type(around.taken(&selections));
    let from = services.clock.now();
    let until = from
        .checked_add(SignedDuration::from_hours(24 * DAYS))
        .unwrap_or(from);
    let (locks, closed) = vault_rules(services, &scope, slice::from_ref(&record)).await?;
    let scene = Scene {
        plans: vec![SimPlan {
            id: record.id,
            account: record.account,
            region: record.region.clone(),
            versions: vec![PlanVersion {
                id: record.version_id,
                plan: record.plan.clone(),
                valid_from: from,
                valid_until: None,
            }],
            resources: examples(&taken),
        }],
        locks,
        closed,
        ..Scene::default()
    };
    Ok(PlanFuture::of(
        record.plan.backup_plan_name,
        &Simulation::run(&scene, from, until),
        taken,
        &record.region,
        &services.prices,
    ))
}

/// The resources of each type as one: a plan makes the same points of each.
fn by_type<'a>(resources: impl Iterator<Item = &'a Resource>) -> Vec<TakenType> {
    let mut types: BTreeMap<&str, TakenType> = BTreeMap::new();
    for resource in resources {
        let name = resource.resource_type.as_str();
        let of_type = types.entry(name).or_insert_with(|| TakenType {
            resource_type: resource.resource_type.clone(),
            example: resource.arn.clone(),
            resources: 0,
            bytes: 0,
            without_size: 0,
            priced: false,
        });
        of_type.resources += 1;
        of_type.bytes = of_type
            .bytes
            .saturating_add(resource.size_bytes.unwrap_or_default());
        of_type.without_size += u64::from(resource.size_bytes.is_none());
    }
    types.into_values().collect()
}

fn examples(taken: &[TakenType]) -> Vec<SimResource> {
    let support = TypeSupport::default();
    taken
        .iter()
        .map(|one| {
            let name = one.resource_type.as_str();
            SimResource {
                arn: one.example.clone(),
                resource_type: one.resource_type.clone(),
                size_bytes: Some(one.bytes),
                cold: support.cold.contains(name),
                cold_by_opt_in: support.cold_by_opt_in.contains(name),
                continuous: support.continuous.contains(name),
            }
        })
        .collect()
}
