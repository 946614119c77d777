use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tidemark_domain::{
    Scope,
    coverage::{Control, CoverageFacts, CoverageRow, coverage_row},
    plan::{PlanFilter, PlanRecord},
    selection::{Candidate, CompiledSelection},
};

use crate::{ServiceError, Services};

/// The estate, evaluated.
pub(super) struct Estate {
    pub(super) at: Timestamp,
    pub(super) controls: Vec<Control>,
    pub(super) rows: Vec<CoverageRow>,
}

impl Estate {
    /// Evaluates every control for every resource that exists; for one owner's resources when given.
    pub(super) async fn read(
        services: &Services,
        owner: Option<&str>,
    ) -> Result<Self, ServiceError> {
        let at = services.clock.now();
        let mut facts = services.insight.coverage_facts(owner).await?;
        name_plans(services, &mut facts).await?;
        let controls = super::controls::in_force(services).await?;
        let rows = facts
            .iter()
            .map(|facts| coverage_row(facts, &controls, at))
            .collect();
        Ok(Self { at, controls, rows })
    }
}

/// Fills in which plans take each resource. Where a scope was never read, that stays open.
async fn name_plans(services: &Services, facts: &mut [CoverageFacts]) -> Result<(), ServiceError> {
    let read: BTreeSet<Scope> = services
        .catalogue
        .scopes(None)
        .await?
        .into_iter()
        .filter(|state| state.last_success.is_some())
        .map(|state| state.scope)
        .collect();
    let mut plans: BTreeMap<Scope, Vec<PlanRecord>> = BTreeMap::new();
    for plan in all_plans(services).await? {
        plans.entry(plan.scope()).or_default().push(plan);
    }
    let mut by_scope: BTreeMap<Scope, Vec<&mut CoverageFacts>> = BTreeMap::new();
    for one in facts {
        let scope = Scope {
            account: one.account.clone(),
            region: one.region.clone(),
        };
        by_scope.entry(scope).or_default().push(one);
    }
    for (scope, facts) in by_scope {
        if !read.contains(&scope) {
            continue;
        }
        let settings = services
            .catalogue
            .region_settings(&scope)
            .await?
            .unwrap_or_default();
        let plans = plans.get(&scope).map(Vec::as_slice).unwrap_or_default();
        let prepared: Vec<(&str, Vec<CompiledSelection<'_>>)> = plans
            .iter()
            .map(|plan| {
                let selections = plan
                    .selections
                    .iter()
                    .map(|one| CompiledSelection::new(&one.selection))
                    .collect();
                (plan.plan.backup_plan_name.as_str(), selections)
            })
            .collect();
        for one in facts {
            let candidate = Candidate {
                arn: one.arn.as_str(),
                tags: &one.tags,
                opted_in: settings.opted_in(one.resource_type.as_str()),
            };
            let taking = prepared
                .iter()
                .filter(|(_, selections)| selections.iter().any(|one| one.take(candidate).takes()))
                .map(|(name, _)| (*name).to_owned())
                .collect();
            one.plans = Some(taking);
        }
    }
    Ok(())
}

async fn all_plans(services: &Services) -> Result<Vec<PlanRecord>, ServiceError> {
    let mut plans = Vec::new();
    let mut filter = PlanFilter {
        limit: Some(200),
        ..PlanFilter::default()
    };
    loop {
        let page = services.catalogue.plans(&filter).await?;
        plans.extend(page.items);
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return Ok(plans),
        }
    }
}
