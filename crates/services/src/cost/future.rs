use jiff::SignedDuration;
use tidemark_domain::{
    Privilege,
    cost::{CostMonth, forecast},
    plan::{PlanKey, TypeSupport},
    selection::{BackupSelection, Candidate, CompiledSelection},
    simulate::{PlanVersion, Scene, SimPlan, SimResource, Simulation},
};

use crate::{Caller, ServiceError, Services, authorize};

/// Days that are simulated: thirteen months, so that a year of retention shows its level.
const DAYS: i64 = 396;

/// What the points that a plan will make cost, month by month, beginning with none.
pub async fn future(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
) -> Result<Vec<CostMonth>, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadPlans,
        "cost.future",
        &key.id,
    )
    .await?;
    let record = services
        .catalogue
        .plan(key)
        .await?
        .ok_or_else(|| ServiceError::NotFound(format!("plan {}", key.id)))?;
    let scope = record.scope();
    let settings = services
        .catalogue
        .region_settings(&scope)
        .await?
        .unwrap_or_default();
    let selections: Vec<BackupSelection> = record
        .selections
        .iter()
        .map(|one| one.selection.clone())
        .collect();
    let compiled: Vec<CompiledSelection<'_>> =
        selections.iter().map(CompiledSelection::new).collect();
    let support = TypeSupport::default();
    let resources = services
        .catalogue
        .candidates(&scope)
        .await?
        .iter()
        .filter(|resource| {
            let candidate = Candidate {
                arn: resource.arn.as_str(),
                tags: &resource.tags,
                opted_in: settings.opted_in(resource.resource_type.as_str()),
            };
            compiled.iter().any(|one| one.take(candidate).takes())
        })
        .map(|resource| SimResource::new(resource, &support))
        .collect();
    let from = services.clock.now();
    let until = from
        .checked_add(SignedDuration::from_hours(24 * DAYS))
        .unwrap_or(from);
    let scene = Scene {
        plans: vec![SimPlan {
            id: record.id.clone(),
            account: record.account.clone(),
            region: record.region.clone(),
            versions: vec![PlanVersion {
                id: record.version_id.clone(),
                plan: record.plan.clone(),
                valid_from: from,
                valid_until: None,
            }],
            resources,
        }],
        ..Scene::default()
    };
    Ok(forecast(
        &Simulation::run(&scene, from, until),
        &services.prices,
    ))
}
