//! Lists of points and vaults: how they are filtered and summed.

use std::collections::{BTreeMap, HashSet};

use tidemark_domain::{
    Arn, PointFilter, RecoveryPoint, Resource, Tier, Vault, VaultContents, VaultFilter,
    change::ResourceReach,
};

use super::known::Data;

/// Whether a list with this filter shows the point.
pub(crate) fn shown(data: &Data, filter: &PointFilter, point: &RecoveryPoint) -> bool {
    fn is<T: PartialEq>(wanted: Option<&T>, value: &T) -> bool {
        wanted.is_none_or(|wanted| wanted == value)
    }
    let resource = data.resources.get(&point.resource_arn);
    is(filter.resource.as_ref(), &point.resource_arn)
        && is(filter.account.as_ref(), &point.account)
        && is(filter.region.as_ref(), &point.region)
        && is(filter.resource_type.as_ref(), &point.resource_type)
        && is(filter.status.as_ref(), &point.status)
        && is(filter.tier.as_ref(), &point.tier)
        && is(filter.source.as_ref(), &point.source)
        && is(filter.held.as_ref(), &point.held)
        && is(filter.locked.as_ref(), &point.locked)
        && filter.vault.is_none_or_is(point.vault.as_ref())
        && filter.plan.is_none_or_is(point.plan_id.as_ref())
        && filter.from.is_none_or(|from| point.created_at >= from)
        && filter.until.is_none_or(|until| point.created_at < until)
        && filter
            .owner
            .as_ref()
            .is_none_or(|owner| resource.is_some_and(|r| owned(r, owner)))
        && filter
            .tag
            .as_ref()
            .is_none_or(|tag| resource.is_some_and(|r| tagged(r, tag)))
        && filter
            .text
            .as_ref()
            .is_none_or(|text| holds(point, resource, text))
}

trait NoneOrIs {
    fn is_none_or_is(&self, value: Option<&String>) -> bool;
}

impl NoneOrIs for Option<String> {
    fn is_none_or_is(&self, value: Option<&String>) -> bool {
        self.is_none() || self.as_ref() == value
    }
}

fn owned(resource: &Resource, owner: &str) -> bool {
    resource
        .owner()
        .is_some_and(|name| name.eq_ignore_ascii_case(owner))
}

fn tagged(resource: &Resource, tag: &str) -> bool {
    match tag.split_once('=') {
        Some((key, value)) => {
            resource.tags.get(key.trim()).map(String::as_str) == Some(value.trim())
        }
        None => resource.tags.contains_key(tag.trim()),
    }
}

fn holds(point: &RecoveryPoint, resource: Option<&Resource>, text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let name = resource.map_or("", |resource| resource.name.as_str());
    point.arn.as_str().to_lowercase() == text
        || name.to_lowercase().contains(&text)
        || point.resource_arn.as_str().to_lowercase().contains(&text)
}

/// What lies in a vault.
pub(crate) fn contents(data: &Data, vault: &Vault) -> VaultContents {
    let mut contents = VaultContents::default();
    let points = data.points.values().filter(|p| {
        p.vault.as_deref() == Some(&vault.name)
            && p.account == vault.account
            && p.region == vault.region
    });
    for point in points {
        contents.points += 1;
        contents.bytes += point.size_bytes.unwrap_or(0);
        contents.cold += u64::from(point.tier == Tier::Cold);
        contents.expired += u64::from(point.status == "EXPIRED");
        contents.held += u64::from(point.held);
        contents.oldest = Some(
            contents
                .oldest
                .map_or(point.created_at, |at| at.min(point.created_at)),
        );
        contents.newest = Some(
            contents
                .newest
                .map_or(point.created_at, |at| at.max(point.created_at)),
        );
    }
    contents
}

/// Whether a list with this filter shows the vault.
pub(crate) fn vault_shown(filter: &VaultFilter, vault: &Vault) -> bool {
    let text = filter
        .text
        .as_deref()
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    vault.name.to_lowercase().contains(&text)
        && filter.account.as_ref().is_none_or(|a| *a == vault.account)
        && filter.region.as_ref().is_none_or(|r| *r == vault.region)
        && filter.locked.is_none_or(|locked| locked == vault.locked)
}

/// How far back the resources of these points reach, with them and without them.
pub(crate) fn reach(data: &Data, gone: &[RecoveryPoint]) -> Vec<ResourceReach> {
    let arns: HashSet<&Arn> = gone.iter().map(|point| &point.arn).collect();
    let mut reaches: BTreeMap<Arn, ResourceReach> = BTreeMap::new();
    for point in gone {
        let name = data
            .resources
            .get(&point.resource_arn)
            .map_or_else(|| point.resource_arn.name().to_owned(), |r| r.name.clone());
        reaches
            .entry(point.resource_arn.clone())
            .or_insert(ResourceReach {
                resource: point.resource_arn.clone(),
                name,
                before: 0,
                after: 0,
                furthest_before: None,
                furthest_after: None,
                newest_after: None,
            });
    }
    for point in data.points.values().filter(|p| p.is_usable()) {
        let Some(reach) = reaches.get_mut(&point.resource_arn) else {
            continue;
        };
        let at = point.created_at;
        reach.before += 1;
        reach.furthest_before = Some(reach.furthest_before.map_or(at, |b| b.min(at)));
        if !arns.contains(&point.arn) {
            reach.after += 1;
            reach.furthest_after = Some(reach.furthest_after.map_or(at, |b| b.min(at)));
            reach.newest_after = Some(reach.newest_after.map_or(at, |b| b.max(at)));
        }
    }
    reaches.into_values().collect()
}
