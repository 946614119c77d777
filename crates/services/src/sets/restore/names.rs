use jiff::Timestamp;
use tidemark_domain::{AccountId, Region, Resource, restore::metadata};

use crate::{ServiceError, Services};

/// A name for what is made of a member, after the moment to which it comes back; none for a type to which AWS gives ids, and
/// where all are taken.
pub(super) async fn suggest(
    services: &Services,
    resource: &Resource,
    account: &AccountId,
    region: &Region,
    at: Timestamp,
) -> Result<Option<String>, ServiceError> {
    let Some(rules) = metadata::rules(&resource.resource_type) else {
        return Ok(None);
    };
    let Some(rule) = rules.name_rule() else {
        return Ok(None);
    };
    for name in rule.suggestions_in_set(&resource.name, at) {
        let arn = rules.arn(resource.arn.partition(), account, region, &name);
        let known = match arn {
            Some(arn) => services.catalogue.resource(&arn).await?,
            None => None,
        };
        if known.is_none_or(|known| known.resource.deleted) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}
