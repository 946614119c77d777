use std::collections::BTreeMap;

use tidemark_domain::{
    AccountId, Arn, PutBack, ResourceType, RestorePrefill, RestoreSource, TableName,
};

use super::{source, words::describe};
use crate::{Caller, ServiceError, Services, ports::CloudErrorKind};

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
    let put_back = if is_table {
        put_back(services, &source).await?
    } else {
        Vec::new()
    };
    Ok(RestorePrefill {
        resource_type: kind,
        suggested_table: is_table
            .then(|| suggest(&source.detail.resource.name, services.clock.now())),
        metadata,
        put_back,
        service_role: matches!(from, RestoreSource::RecoveryPoint { .. })
            .then(|| default_service_role(resource.partition(), &source.account)),
    })
}

async fn put_back(
    services: &Services,
    source: &source::Source,
) -> Result<Vec<(PutBack, String)>, ServiceError> {
    match services
        .cloud
        .table_settings(&source.target, &source.detail.resource.name)
        .await
    {
        Ok(settings) => Ok(PutBack::ALL
            .into_iter()
            .filter_map(|what| describe(what, &settings).map(|text| (what, text)))
            .collect()),
        // The table is gone: its settings went with it, and the restore goes without.
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
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
