use std::collections::HashSet;

use tidemark_domain::{Arn, PointDetail, Privilege, Reach, RecoveryPoint, Scope};

use super::get;
use crate::{Caller, ServiceError, Services};

/// Generations of copies that are followed.
const GENERATIONS: usize = 5;

/// One recovery point with its vault, its holds, and the lineage of its copies.
pub async fn detail(
    services: &Services,
    caller: &Caller,
    arn: &Arn,
) -> Result<PointDetail, ServiceError> {
    let point = get(services, caller, arn).await?;
    let scope = Scope {
        account: point.account.clone(),
        region: point.region.clone(),
    };
    let resource = services.catalogue.resource(&point.resource_arn).await?;
    let account = services.accounts.get(&point.account).await?;
    // Vaults and holds are about what others own as well.
    let sees_vaults = caller.role.allows(Privilege::ReadVaults) == Reach::All;
    let vaults = if sees_vaults {
        services.catalogue.vaults(&scope).await?
    } else {
        Vec::new()
    };
    let holds = if point.held && sees_vaults {
        services.catalogue.holds(&scope).await?
    } else {
        Vec::new()
    };
    let (copies, members) = descendants(services, &point).await?;
    Ok(PointDetail {
        resource_name: resource.map_or_else(
            || point.resource_arn.name().to_owned(),
            |detail| detail.resource.name,
        ),
        alias: account.map(|account| account.alias).unwrap_or_default(),
        sources: sources(services, &point).await?,
        copies,
        members,
        vault: vaults
            .into_iter()
            .find(|vault| point.vault.as_ref() == Some(&vault.name)),
        holds: holds
            .into_iter()
            .filter(|hold| hold.covers(&point))
            .collect(),
        point,
    })
}

/// What the point was copied from, the first one first.
async fn sources(
    services: &Services,
    point: &RecoveryPoint,
) -> Result<Vec<RecoveryPoint>, ServiceError> {
    let mut sources: Vec<RecoveryPoint> = Vec::new();
    let mut next = point.copied_from.clone();
    while let Some(arn) = next.take().filter(|_| sources.len() < GENERATIONS) {
        if let Some(source) = services.catalogue.point(&arn).await? {
            next.clone_from(&source.copied_from);
            sources.insert(0, source);
        }
    }
    Ok(sources)
}

/// Copies of any generation, and members.
async fn descendants(
    services: &Services,
    point: &RecoveryPoint,
) -> Result<(Vec<RecoveryPoint>, Vec<RecoveryPoint>), ServiceError> {
    let (mut copies, mut members) = (Vec::new(), Vec::new());
    let mut seen: HashSet<Arn> = HashSet::from([point.arn.clone()]);
    let mut generation = vec![point.arn.clone()];
    for _ in 0..GENERATIONS {
        let mut next = Vec::new();
        for arn in generation {
            for relative in services.catalogue.relatives(&arn).await? {
                if !seen.insert(relative.arn.clone()) {
                    continue;
                }
                if relative.copied_from.as_ref() == Some(&arn) {
                    next.push(relative.arn.clone());
                    copies.push(relative);
                } else if arn == point.arn {
                    members.push(relative);
                }
            }
        }
        generation = next;
    }
    Ok((copies, members))
}
