use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{
    AccountId, Arn, PutBack, ResourceType, RestorePrefill, RestoreSource, restore::metadata,
};

use super::{
    settings::known_settings,
    source::{self, Source},
    words::{describe, moment_of},
};
use crate::{Caller, ServiceError, Services};

/// What the wizard's form begins with: proposed name, restore metadata as AWS knows it, settings
/// that can be put back.
pub async fn prefill(
    services: &Services,
    caller: &Caller,
    resource: &Arn,
    from: &RestoreSource,
) -> Result<RestorePrefill, ServiceError> {
    let source = source::find(services, caller, resource, from, "restore.prefill").await?;
    let kind = source.detail.resource.resource_type.clone();
    let is_table = kind == ResourceType::DynamoDb;
    let name = &source.detail.resource.name;
    let moment = moment_of(from, &source);
    let proposal = match from {
        RestoreSource::RecoveryPoint { arn, vault } if !is_table => {
            let proposed = services
                .cloud
                .restore_metadata(&source.target, vault, arn)
                .await?;
            let fresh_name = free_name(services, &source, name, moment).await?;
            metadata::fresh(&kind, proposed, fresh_name.as_deref())
        }
        _ => BTreeMap::new(),
    };
    let mut suggested_table = None;
    let mut put_back = Vec::new();
    if is_table {
        let (settings, is_there) = known_settings(services, caller, &source).await?;
        // What is gone comes back under its own name; nobody has to be told of another one.
        suggested_table = if is_there {
            free_name(services, &source, name, moment).await?
        } else {
            Some(name.clone())
        };
        put_back = PutBack::ALL
            .into_iter()
            .filter_map(|what| describe(what, &settings).map(|text| (what, text)))
            .collect();
    }
    Ok(RestorePrefill {
        service_role: matches!(from, RestoreSource::RecoveryPoint { .. })
            .then(|| default_service_role(resource.partition(), &source.account)),
        is_known: metadata::rules(&kind).is_some(),
        resource_type: kind,
        account: source.account,
        alias: source.alias,
        region: source.region,
        suggested_table,
        metadata: proposal,
        put_back,
    })
}

/// The first name after the resource and the moment that nothing has in the catalogue; none for a type
/// whose restores AWS names. The plan asks AWS itself.
async fn free_name(
    services: &Services,
    source: &Source,
    name: &str,
    moment: Timestamp,
) -> Result<Option<String>, ServiceError> {
    let resource = &source.detail.resource;
    let Some(rules) = metadata::rules(&resource.resource_type) else {
        return Ok(None);
    };
    let Some(rule) = rules.name_rule() else {
        return Ok(None);
    };
    for suggestion in rule.suggestions(name, moment) {
        let partition = resource.arn.partition();
        let arn = rules.arn(partition, &source.account, &source.region, &suggestion);
        let taken = match arn {
            Some(arn) => {
                let known = services.catalogue.resource(&arn).await?;
                known.is_some_and(|detail| !detail.resource.deleted)
            }
            None => false,
        };
        if !taken {
            return Ok(Some(suggestion));
        }
    }
    // Fifty copies of one moment: the person finds a name.
    Ok(None)
}

/// The role that AWS Backup uses where none is named.
pub(crate) fn default_service_role(partition: &str, account: &AccountId) -> String {
    format!("arn:{partition}:iam::{account}:role/service-role/AWSBackupDefaultServiceRole")
}
