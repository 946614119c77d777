use std::collections::BTreeMap;

use jiff::SignedDuration;
use tidemark_domain::{
    AccountOverview, Overview, OwnResources, Privilege, Protection, ResourceFilter,
};

use crate::{Caller, ServiceError, Services, authorize};

const WORST: usize = 10;
/// Rows that are counted at once, and how often at most.
const PAGE: u16 = 200;
const PAGES: usize = 25;
/// So many causes of failures.
const CAUSES: u16 = 5;
/// Failures of so long are shown.
const LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Counts per account, the state of every scope, and the resources that need a look.
///
/// Owners see counts of their own resources only through the lists; their overview carries no
/// estate-wide totals.
pub async fn get(services: &Services, caller: &Caller) -> Result<Overview, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "overview.get",
        "",
    )
    .await?;
    let owner = grant.owner().map(str::to_owned);
    let failed_since = services.clock.now() - LATELY;
    let mut overview = Overview {
        attention: attention(services, owner.as_deref()).await?,
        causes: services
            .catalogue
            .job_causes(failed_since, owner.as_deref(), CAUSES)
            .await?,
        failed_since,
        ..Overview::default()
    };
    if let Some(owner) = &owner {
        overview.mine = Some(own(services, owner).await?);
    } else {
        overview.accounts = per_account(services).await?;
        overview.lost = crate::permissions::lost(services).await?;
        (overview.warm_bytes, overview.cold_bytes, overview.points) =
            services.catalogue.storage().await?;
    }
    Ok(overview)
}

async fn attention(
    services: &Services,
    owner: Option<&str>,
) -> Result<Vec<tidemark_domain::ResourceRow>, ServiceError> {
    let mut rows = Vec::new();
    for protection in [Protection::Failing, Protection::Unprotected] {
        let page = services
            .catalogue
            .resources(&ResourceFilter {
                protection: Some(protection),
                owner: owner.map(str::to_owned),
                limit: u16::try_from(WORST).ok(),
                ..ResourceFilter::default()
            })
            .await?;
        rows.extend(page.items);
    }
    rows.truncate(WORST);
    Ok(rows)
}

/// How an owner's resources stand. They are counted page by page, since a list knows its whole number only where that is
/// cheap; nobody owns so many that this takes long.
async fn own(services: &Services, owner: &str) -> Result<OwnResources, ServiceError> {
    let mut own = OwnResources::default();
    let mut filter = ResourceFilter {
        owner: Some(owner.to_owned()),
        limit: Some(PAGE),
        ..ResourceFilter::default()
    };
    for _ in 0..PAGES {
        let page = services.catalogue.resources(&filter).await?;
        for row in page.items.iter().filter(|row| !row.deleted) {
            match row.protection() {
                Protection::Protected => own.protected += 1,
                Protection::Unprotected => own.unprotected += 1,
                Protection::Failing => own.failing += 1,
            }
        }
        filter.cursor = page.next;
        if filter.cursor.is_none() {
            break;
        }
    }
    Ok(own)
}

/// Registered accounts in order of alias; those that were never read appear with their scopes.
async fn per_account(services: &Services) -> Result<Vec<AccountOverview>, ServiceError> {
    let mut known: BTreeMap<_, _> = services
        .catalogue
        .overview()
        .await?
        .into_iter()
        .map(|o| (o.account.clone(), o))
        .collect();
    let accounts = services.accounts.list().await?;
    Ok(accounts
        .into_iter()
        .map(|account| {
            let id = account.connection.account.clone();
            let mut overview = known.remove(&id).unwrap_or(AccountOverview {
                account: id.clone(),
                alias: String::new(),
                protected: 0,
                unprotected: 0,
                failing: 0,
                oldest_newest_point: None,
                scopes: Vec::new(),
            });
            overview.alias.clone_from(&account.alias);
            overview.scopes = crate::accounts::scopes_of(&account, &overview.scopes);
            overview
        })
        .collect())
}
