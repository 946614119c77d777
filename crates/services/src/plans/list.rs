use std::collections::{BTreeMap, BTreeSet, HashMap};

use tidemark_domain::{
    Page, Privilege, Scope,
    plan::{self, PlanFilter, PlanRow, canonical_plan, next_runs},
};

use super::knowledge::{Vaults, knowledge_of};
use crate::{Caller, ServiceError, Services, authorize};

/// A page of plans across accounts, by name.
pub async fn list(
    services: &Services,
    caller: &Caller,
    filter: &PlanFilter,
) -> Result<Page<PlanRow>, ServiceError> {
    authorize(services, caller, Privilege::ReadPlans, "plan.list", "").await?;
    let page = services.catalogue.plans(filter).await?;
    let aliases: HashMap<_, _> = services
        .accounts
        .list()
        .await?
        .into_iter()
        .map(|account| (account.connection.account, account.alias))
        .collect();
    let mut vaults = Vaults::default();
    let mut drifting: BTreeMap<String, bool> = BTreeMap::new();
    let mut settings: BTreeMap<Scope, _> = BTreeMap::new();
    let now = services.clock.now();
    let mut rows = Vec::with_capacity(page.items.len());
    for record in page.items {
        let name = &record.plan.backup_plan_name;
        if !drifting.contains_key(name) {
            let same = services.catalogue.plans_named(name).await?;
            let contents: BTreeSet<String> =
                same.iter().map(|one| canonical_plan(&one.plan)).collect();
            drifting.insert(name.clone(), contents.len() > 1);
        }
        let scope = record.scope();
        if !settings.contains_key(&scope) {
            let of_scope = services.catalogue.region_settings(&scope).await?;
            settings.insert(scope.clone(), of_scope.unwrap_or_default());
        }
        vaults.read_for(services, &scope, &record.plan).await?;
        let mut known = knowledge_of(&scope, &vaults, now);
        // Comparing start windows looks at 400 days of runs: that is for the plan's own page.
        known.now = None;
        if let Some(settings) = settings.get(&scope) {
            known.opt_in.clone_from(&settings.opt_in);
        }
        let findings = plan::check(&record.plan, &known);
        let errors = findings.iter().filter(|f| f.is_error()).count();
        rows.push(PlanRow {
            alias: aliases
                .get(&record.account)
                .cloned()
                .unwrap_or_else(|| record.account.to_string()),
            name: name.clone(),
            rules: small(record.plan.rules.len()),
            selections: small(record.selections.len()),
            resources: record.taken,
            next_run: next_runs(&record.plan, now, 1).first().map(|run| run.at),
            last_execution: record.last_execution,
            errors: small(errors),
            warnings: small(findings.len() - errors),
            drifts: drifting.get(name).copied().unwrap_or_default(),
            account: record.account,
            region: record.region,
            id: record.id,
        });
    }
    Ok(Page {
        items: rows,
        next: page.next,
        total: page.total,
    })
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
