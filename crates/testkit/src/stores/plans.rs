use std::collections::HashSet;

use jiff::Timestamp;
use tidemark_domain::{
    Page, Scope,
    plan::{PlanFilter, PlanKey, PlanRecord},
};
use tidemark_services::{error::StoreError, ports::ScopeSnapshot};

use super::{known::Data, page};

/// Replaces the plans of a scope, unless they could not be read; versions stay.
pub(super) fn apply(data: &mut Data, scope: &Scope, snapshot: &ScopeSnapshot, at: Timestamp) {
    for known in &snapshot.plan_versions {
        let key = PlanKey {
            account: scope.account.clone(),
            region: scope.region.clone(),
            id: known.plan_id.clone(),
        };
        let versions = data.versions.entry(key).or_default();
        if !versions
            .iter()
            .any(|v| v.version_id == known.version.version_id)
        {
            versions.push(known.version.clone());
        }
    }
    if let Some(settings) = &snapshot.settings {
        data.settings.insert(scope.clone(), settings.clone());
    }
    let there: HashSet<PlanKey> = snapshot.plans.iter().map(PlanRecord::key).collect();
    if !snapshot.partial.iter().any(|p| p.part == "plans") {
        let gone: Vec<PlanKey> = data
            .plans
            .keys()
            .filter(|key| key.scope() == *scope && !there.contains(key))
            .cloned()
            .collect();
        for key in gone {
            data.plans.remove(&key);
            for version in data.versions.entry(key).or_default() {
                version.deleted_at.get_or_insert(at);
            }
        }
    }
    data.plans
        .extend(snapshot.plans.iter().map(|plan| (plan.key(), plan.clone())));
}

/// A page of plans by name.
pub(super) fn list(data: &Data, filter: &PlanFilter) -> Result<Page<PlanRecord>, StoreError> {
    let text = filter
        .text
        .as_deref()
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let mut plans: Vec<PlanRecord> = data
        .plans
        .values()
        .filter(|p| filter.account.as_ref().is_none_or(|a| *a == p.account))
        .filter(|p| filter.region.as_ref().is_none_or(|r| *r == p.region))
        .filter(|p| {
            filter
                .name
                .as_ref()
                .is_none_or(|n| *n == p.plan.backup_plan_name)
        })
        .filter(|p| p.plan.backup_plan_name.to_lowercase().contains(&text))
        .cloned()
        .collect();
    plans.sort_by_key(|p| p.plan.backup_plan_name.to_lowercase());
    if filter.descending {
        plans.reverse();
    }
    let limit = usize::from(filter.limit.unwrap_or(50).clamp(1, 200));
    page(&plans, filter.cursor.as_deref(), limit)
}
