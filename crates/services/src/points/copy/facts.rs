use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use tidemark_domain::{
    AccountId, Arn, RecoveryPoint, Region, Scope, Vault,
    copies::{CopyFacts, Destination, KeyFacts, KeyManager, Membership, PointKey, Sharing},
    plan::TypeSupport,
};

use crate::{
    Services, accounts,
    ports::{CloudError, CloudErrorKind, KeysOf, Target},
};

/// Questions to AWS that are asked side by side.
const AT_ONCE: usize = 8;
/// Points of a vault whose keys are looked up at most.
const MOST_POINTS: usize = 50_000;
/// Keys that are looked at at most.
const MOST_KEYS: usize = 100;

/// The key of each point, by account, Region and ARN.
pub(super) type PointKeys = BTreeMap<(Scope, Arn), PointKey>;

/// Asks AWS for what the copies depend on. What cannot be asked is unknown, with the reason.
pub(super) async fn gather(
    services: &Services,
    vault: &Vault,
    points: &[RecoveryPoint],
) -> (CopyFacts, PointKeys) {
    // Within an account, neither organization nor keys matter.
    let away: Vec<&RecoveryPoint> = points
        .iter()
        .filter(|point| point.account != vault.account)
        .collect();
    let mut facts = CopyFacts {
        destination: Destination::of(vault, KeyManager::Customer),
        organizations: BTreeMap::new(),
        cross_account: BTreeMap::new(),
        keys: BTreeMap::new(),
        support: TypeSupport::default(),
    };
    if away.is_empty() {
        return (facts, PointKeys::new());
    }
    let partition = vault.arn.partition();
    facts.destination.key = match &vault.encryption_key {
        Some(key) => manager(services, &vault.account, &vault.region, key.as_str()).await,
        None => KeyManager::Unknown("AWS Backup does not say which key it has".to_owned()),
    };
    let mut homes: BTreeMap<AccountId, Region> = BTreeMap::new();
    for point in &away {
        homes
            .entry(point.account.clone())
            .or_insert_with(|| point.region.clone());
    }
    for (account, region) in &homes {
        let on = match target(services, account, region).await {
            Ok(target) => services.cloud.cross_account_backup(&target).await.ok(),
            Err(_) => None,
        };
        if let Some(on) = on {
            facts.cross_account.insert(account.clone(), on);
        }
    }
    homes.insert(vault.account.clone(), vault.region.clone());
    for (account, region) in homes {
        let membership = membership(services, &account, &region).await;
        facts.organizations.insert(account, membership);
    }
    let keys = point_keys(services, &away).await;
    facts.keys = key_facts(services, &keys, &vault.account, partition).await;
    (facts, keys)
}

async fn target(
    services: &Services,
    account: &AccountId,
    region: &Region,
) -> Result<Target, String> {
    accounts::find(services, account)
        .await
        .map(|account| accounts::reading(&account, region))
        .map_err(|_| format!("account {account} is not registered here"))
}

/// Why AWS could not be asked; the same words each time.
fn why(error: &CloudError) -> String {
    let what = match error.kind {
        CloudErrorKind::Denied => "is not allowed to the account's role",
        CloudErrorKind::NotFound => "finds no such thing",
        CloudErrorKind::Throttled => "is throttled now",
        CloudErrorKind::Timeout | CloudErrorKind::Unavailable => "has no answer now",
        _ => "is refused",
    };
    format!("{} {what}", error.operation)
}

async fn membership(services: &Services, account: &AccountId, region: &Region) -> Membership {
    let target = match target(services, account, region).await {
        Ok(target) => target,
        Err(why) => return Membership::Unknown(why),
    };
    match services.cloud.organization(&target).await {
        Ok(Some(id)) => Membership::Of(id),
        Ok(None) => Membership::None,
        Err(error) => Membership::Unknown(why(&error)),
    }
}

async fn manager(
    services: &Services,
    account: &AccountId,
    region: &Region,
    key: &str,
) -> KeyManager {
    let target = match target(services, account, region).await {
        Ok(target) => target,
        Err(why) => return KeyManager::Unknown(why),
    };
    match services.cloud.key_is_of_aws(&target, key).await {
        Ok(true) => KeyManager::Aws,
        Ok(false) => KeyManager::Customer,
        Err(error) => KeyManager::Unknown(why(&error)),
    }
}

/// The keys of points, vault by vault. A vault that cannot be listed leaves the keys of its points unknown.
async fn point_keys(services: &Services, points: &[&RecoveryPoint]) -> PointKeys {
    let mut vaults: BTreeMap<(Scope, String), KeysOf> = BTreeMap::new();
    for point in points {
        let Some(vault) = point.vault.clone() else {
            continue;
        };
        let of = vaults
            .entry((scope_of(point), vault.clone()))
            .or_insert_with(|| KeysOf {
                vault,
                from: point.created_at,
                until: point.created_at,
                at_most: MOST_POINTS,
            });
        of.from = of.from.min(point.created_at);
        of.until = of.until.max(point.created_at);
    }
    let found: Vec<PointKeys> = stream::iter(vaults)
        .map(|((scope, _), of)| async move {
            let Ok(target) = target(services, &scope.account, &scope.region).await else {
                return PointKeys::new();
            };
            let keys = services.cloud.point_keys(&target, &of).await;
            keys.unwrap_or_default()
                .into_iter()
                .map(|(arn, key)| ((scope.clone(), arn), key))
                .collect()
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let asked: BTreeSet<(Scope, &Arn)> = points
        .iter()
        .map(|point| (scope_of(point), &point.arn))
        .collect();
    found
        .into_iter()
        .flatten()
        .filter(|((scope, arn), _)| asked.contains(&(scope.clone(), arn)))
        .collect()
}

async fn key_facts(
    services: &Services,
    keys: &PointKeys,
    destination: &AccountId,
    partition: &str,
) -> BTreeMap<String, KeyFacts> {
    // Whose key it is, its ARN does not have to say to those who use it.
    let mut used: BTreeMap<String, Scope> = BTreeMap::new();
    for ((scope, _), key) in keys {
        if let PointKey::Key(key) = key
            && used.len() < MOST_KEYS
        {
            used.entry(key.clone()).or_insert_with(|| scope.clone());
        }
    }
    stream::iter(used)
        .map(|(key, scope)| async move {
            let region = Arn::parse(key.as_str())
                .ok()
                .and_then(|arn| Region::parse(arn.region()).ok())
                .unwrap_or_else(|| scope.region.clone());
            let to = (destination, partition);
            let facts = one_key(services, &scope.account, &region, &key, to).await;
            (key, facts)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

async fn one_key(
    services: &Services,
    account: &AccountId,
    region: &Region,
    key: &str,
    (destination, partition): (&AccountId, &str),
) -> KeyFacts {
    let manager = manager(services, account, region, key).await;
    let sharing = match (&manager, target(services, account, region).await) {
        (KeyManager::Customer, Ok(target)) => match services.cloud.key_policy(&target, key).await {
            Ok(policy) => Sharing::of(&policy, key, destination, partition),
            Err(error) => Sharing::Unknown(why(&error)),
        },
        (_, Err(why)) => Sharing::Unknown(why),
        (KeyManager::Aws, _) => Sharing::Unknown("AWS manages it".to_owned()),
        (KeyManager::Unknown(why), _) => Sharing::Unknown(why.clone()),
    };
    KeyFacts { manager, sharing }
}

/// Where a point lies.
pub(super) fn scope_of(point: &RecoveryPoint) -> Scope {
    Scope {
        account: point.account.clone(),
        region: point.region.clone(),
    }
}
