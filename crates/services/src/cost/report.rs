use std::collections::BTreeMap;

use tidemark_domain::{
    Privilege,
    cost::{CostLine, CostReport, StoredBytes, estimate},
    plan::PlanFilter,
};

use crate::{Caller, ServiceError, Services, authorize, ports::StoredPart};

/// What is stored and what that costs in a month: in all, by account, plan and type. Owners see what is
/// stored of their resources.
pub async fn report(services: &Services, caller: &Caller) -> Result<CostReport, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "cost.report",
        "",
    )
    .await?;
    let parts = services.insight.stored(grant.owner()).await?;
    let aliases = aliases(services).await?;
    let plans = plan_names(services).await?;
    let by = |key: &dyn Fn(&StoredPart) -> (String, String)| lines(services, &parts, key);
    Ok(CostReport {
        total: estimate(parts.iter().map(|part| &part.stored), &services.prices),
        accounts: by(&|part| {
            let id = part.account.to_string();
            let alias = aliases.get(&id).cloned().unwrap_or_default();
            (id, alias)
        }),
        plans: by(&|part| {
            let id = part.plan_id.clone().unwrap_or_default();
            let name = plans.get(&id).cloned().unwrap_or_default();
            (id, name)
        }),
        types: by(&|part| (part.stored.resource_type.to_string(), String::new())),
        prices: (*services.prices).clone(),
    })
}

async fn aliases(services: &Services) -> Result<BTreeMap<String, String>, ServiceError> {
    let accounts = services.accounts.list().await?;
    Ok(accounts
        .into_iter()
        .map(|account| (account.connection.account.to_string(), account.alias))
        .collect())
}

/// The name of every plan by its id, which AWS draws at random.
async fn plan_names(services: &Services) -> Result<BTreeMap<String, String>, ServiceError> {
    let mut names = BTreeMap::new();
    let mut filter = PlanFilter {
        limit: Some(200),
        ..PlanFilter::default()
    };
    loop {
        let page = services.catalogue.plans(&filter).await?;
        names.extend(
            page.items
                .into_iter()
                .map(|plan| (plan.id, plan.plan.backup_plan_name)),
        );
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return Ok(names),
        }
    }
}

/// One line per key, dearest first.
fn lines(
    services: &Services,
    parts: &[StoredPart],
    key: &dyn Fn(&StoredPart) -> (String, String),
) -> Vec<CostLine> {
    let mut groups: BTreeMap<(String, String), Vec<&StoredBytes>> = BTreeMap::new();
    for part in parts {
        groups.entry(key(part)).or_default().push(&part.stored);
    }
    let mut lines: Vec<CostLine> = groups
        .into_iter()
        .map(|((id, name), stored)| CostLine {
            id,
            name,
            estimate: estimate(stored, &services.prices),
        })
        .collect();
    lines.sort_by(|a, b| b.estimate.monthly().total_cmp(&a.estimate.monthly()));
    lines
}
