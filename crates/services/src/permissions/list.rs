use std::collections::BTreeMap;

use tidemark_domain::{
    LostPermissions, Privilege,
    permissions::{PermissionFilter, PermissionRow},
};

use crate::{Caller, ServiceError, Services, authorize};

/// What each role may do in each Region, by alias and Region: those that a filter takes. Regions that
/// nobody has asked about yet have a row without features.
pub async fn list(
    services: &Services,
    caller: &Caller,
    filter: &PermissionFilter,
) -> Result<Vec<PermissionRow>, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadPermissions,
        "permissions.list",
        "",
    )
    .await?;
    let mut rows = all(services).await?;
    rows.retain(|row| filter.takes(row));
    Ok(rows)
}

async fn all(services: &Services) -> Result<Vec<PermissionRow>, ServiceError> {
    let mut known: BTreeMap<_, _> = services
        .permissions
        .rows()
        .await?
        .into_iter()
        .map(|row| ((row.account.clone(), row.region.clone()), row))
        .collect();
    let mut rows = Vec::new();
    for account in services.accounts.list().await? {
        let id = account.connection.account;
        for region in account.regions {
            let row = known.remove(&(id.clone(), region.clone()));
            rows.push(match row {
                Some(row) => PermissionRow {
                    alias: account.alias.clone(),
                    ..row
                },
                None => PermissionRow {
                    account: id.clone(),
                    alias: account.alias.clone(),
                    region,
                    made_at: None,
                    broken: None,
                    features: Vec::new(),
                    lost: None,
                },
            });
        }
    }
    Ok(rows)
}

/// The accounts whose roles have lost permissions, in the order of their aliases.
pub(crate) async fn lost(services: &Services) -> Result<Vec<LostPermissions>, ServiceError> {
    let mut lost: Vec<LostPermissions> = Vec::new();
    for row in all(services).await? {
        let Some(of_row) = row.lost else { continue };
        match lost.last_mut().filter(|one| one.account == row.account) {
            Some(same) => {
                same.since = same.since.min(of_row.since);
                same.actions.extend(of_row.actions);
                same.actions.sort_unstable();
                same.actions.dedup();
            }
            None => lost.push(LostPermissions {
                account: row.account,
                alias: row.alias,
                actions: of_row.actions,
                since: of_row.since,
            }),
        }
    }
    Ok(lost)
}
