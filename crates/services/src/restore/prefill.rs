use std::collections::BTreeMap;

use tidemark_domain::{
    AccountId, Arn, PutBack, ResourceType, RestorePrefill, RestoreSource, TableName,
};

use super::{settings::known_settings, source, words::describe};
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
    let metadata = match from {
        RestoreSource::RecoveryPoint { arn, vault } => {
            services
                .cloud
                .restore_metadata(&source.target, vault, arn)
                .await?
        }
        _ => BTreeMap::new(),
    };
    let mut suggested_table = None;
    let mut put_back = Vec::new();
    if is_table {
        let name = &source.detail.resource.name;
        let (settings, is_there) = known_settings(services, caller, &source).await?;
        // What is gone comes back under its own name; nobody has to be told of another one.
        suggested_table = Some(if is_there {
            suggest(name, services.clock.now())
        } else {
            name.clone()
        });
        put_back = PutBack::ALL
            .into_iter()
            .filter_map(|what| describe(what, &settings).map(|text| (what, text)))
            .collect();
    }
    Ok(RestorePrefill {
        resource_type: kind,
        suggested_table,
        metadata,
        put_back,
        service_role: matches!(from, RestoreSource::RecoveryPoint { .. })
            .then(|| default_service_role(resource.partition(), &source.account)),
    })
}

/// `orders-restored-20261121T140431Z`, cut so that it stays a valid table name.
fn suggest(name: &str, now: jiff::Timestamp) -> String {
    let suffix = now.strftime("-restored-%Y%m%dT%H%M%SZ").to_string();
    let room = 255 - suffix.len();
    let name: String = name.chars().take(room).collect();
    let suggested = format!("{name}{suffix}");
    TableName::parse(&suggested).map_or(suggested, Into::into)
}

/// The role that AWS Backup uses where none is named.
pub(crate) fn default_service_role(partition: &str, account: &AccountId) -> String {
    format!("arn:{partition}:iam::{account}:role/service-role/AWSBackupDefaultServiceRole")
}
