use tidemark_domain::{
    AccountId, Arn, Invalid, Privilege, RecoveryPoint, Region, ResourceDetail, ResourceType,
    RestoreSource,
};

use crate::{
    Caller, ServiceError, Services, accounts,
    ports::{StoredCapture, Target},
    resources,
};

/// A restore's source, found in the catalogue, and the place where the restore happens.
pub(super) struct Source {
    /// The resource whose data comes back.
    pub(super) detail: ResourceDetail,
    /// The point; none for a second of a point-in-time window.
    pub(super) point: Option<RecoveryPoint>,
    /// The record-level backup, where one is the source.
    pub(super) capture: Option<StoredCapture>,
    /// Account in which the restore happens: where the point lies.
    pub(super) account: AccountId,
    /// That account's alias: not the resource's, where the point is a copy in another account.
    pub(super) alias: String,
    /// Region in which the restore happens.
    pub(super) region: Region,
    /// The way in, for reading.
    pub(super) target: Target,
}

/// Finds what the caller wants to restore from; the caller must be allowed to restore it.
pub(super) async fn find(
    services: &Services,
    caller: &Caller,
    resource: &Arn,
    source: &RestoreSource,
    action: &str,
) -> Result<Source, ServiceError> {
    let detail = resources::find(services, caller, resource, Privilege::Restore, action).await?;
    let mut capture = None;
    let point = match source {
        RestoreSource::Records { capture: id, .. } => {
            let stored = services.captures.get(id).await?;
            let stored = stored.filter(|stored| stored.capture.table == *resource);
            capture = Some(stored.ok_or_else(|| {
                ServiceError::NotFound(format!("record-level backup {id} of {resource}"))
            })?);
            None
        }
        RestoreSource::PointInTime { .. } => {
            if detail.resource.resource_type != ResourceType::DynamoDb {
                return Err(Invalid::new(
                    "source",
                    "must be a recovery point: only DynamoDB tables have a point-in-time window of their own",
                )
                .into());
            }
            None
        }
        RestoreSource::RecoveryPoint { arn, vault } => {
            let point = point_of(services, resource, arn).await?;
            if point.vault.as_deref() != Some(vault) {
                return Err(Invalid::new(
                    "vault",
                    "must be the vault that holds the recovery point",
                )
                .into());
            }
            Some(point)
        }
        RestoreSource::DynamoDbBackup { arn } => {
            let point = point_of(services, resource, arn).await?;
            if point.vault.is_some() {
                return Err(Invalid::new(
                    "source",
                    "must be restored as a recovery point of its vault, not as a DynamoDB backup",
                )
                .into());
            }
            Some(point)
        }
    };
    let (account, region) = match &point {
        Some(point) => (point.account.clone(), point.region.clone()),
        None => (
            detail.resource.account.clone(),
            detail.resource.region.clone(),
        ),
    };
    let registered = accounts::find(services, &account).await?;
    let target = accounts::reading(&registered, &region);
    Ok(Source {
        detail,
        point,
        capture,
        account,
        alias: registered.alias,
        region,
        target,
    })
}

async fn point_of(
    services: &Services,
    resource: &Arn,
    arn: &Arn,
) -> Result<RecoveryPoint, ServiceError> {
    let point = services
        .catalogue
        .point(arn)
        .await?
        .filter(|point| point.resource_arn == *resource)
        .ok_or_else(|| ServiceError::NotFound(format!("recovery point {arn} of {resource}")))?;
    if point.is_usable() {
        Ok(point)
    } else {
        Err(Invalid::new(
            "recovery point",
            format!("must be complete; it is {}", point.status),
        )
        .into())
    }
}
