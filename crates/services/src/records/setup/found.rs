use tidemark_domain::{
    AccountId, Arn, Invalid, Privilege, Region, ResourceType,
    records::{Capture, CaptureLayout, SetupRequest},
};
use tidemark_records::{
    index::{IndexDocument, LayoutKind},
    ports::{PortErrorKind, StreamView, TableDescription},
};

use super::super::{
    errors::{cloud_error, records_error},
    open_backup::index_of,
};
use crate::{
    Caller, ServiceError, Services, accounts,
    ports::{BucketFacts, CloudErrorKind, Target},
    resources,
};

/// What a set-up finds before it begins.
pub(super) struct Found {
    pub(super) account: AccountId,
    pub(super) region: Region,
    pub(super) target: Target,
    pub(super) table: TableDescription,
    pub(super) bucket: Option<BucketFacts>,
    /// A backup at the same place, whoever made it.
    pub(super) index: Option<IndexDocument>,
    /// The capture as it will be; its id is none that exists when it is new.
    pub(super) capture: Capture,
}

impl Found {
    pub(super) fn stream_view(&self) -> Option<StreamView> {
        self.table.stream.as_ref().map(|stream| stream.view)
    }

    /// Layout of the backup that is there.
    pub(super) fn layout(&self) -> Option<CaptureLayout> {
        self.index.as_ref().map(|index| match index.layout {
            LayoutKind::Segments => CaptureLayout::Segments,
            LayoutKind::Objects => CaptureLayout::Objects,
        })
    }
}

/// The table, if the caller may set it up.
pub(super) async fn table(
    services: &Services,
    caller: &Caller,
    table: &Arn,
    action: &str,
) -> Result<tidemark_domain::Resource, ServiceError> {
    let resource = resources::find(services, caller, table, Privilege::ManageRecords, action)
        .await?
        .resource;
    if resource.resource_type != ResourceType::DynamoDb {
        return Err(Invalid::new("table", "must be a DynamoDB table").into());
    }
    if resource.deleted {
        return Err(ServiceError::Conflict(format!(
            "{} no longer exists",
            resource.name
        )));
    }
    Ok(resource)
}

/// Looks at table, bucket and what lies in it.
pub(super) async fn find(
    services: &Services,
    caller: &Caller,
    request: &SetupRequest,
    action: &str,
) -> Result<Found, ServiceError> {
    let resource = table(services, caller, &request.table, action).await?;
    let registered = accounts::find(services, &resource.account).await?;
    let target = accounts::reading(&registered, &resource.region);
    let access = services
        .records
        .open(&target, &resource.name, &request.bucket)
        .await?;
    let described = access.table.describe().await;
    let described = described.map_err(|error| match error.kind {
        PortErrorKind::NotFound => ServiceError::NotFound(format!("table {}", resource.name)),
        _ => ServiceError::Cloud(cloud_error(&error)),
    })?;
    let bucket = match services.records.bucket(&target, &request.bucket).await {
        Ok(bucket) => bucket,
        Err(error) if error.kind == CloudErrorKind::Denied => {
            return Err(Invalid::new(
                "bucket",
                format!(
                    "must belong to account {} and be open to its role: {error}",
                    resource.account
                ),
            )
            .into());
        }
        Err(error) => return Err(error.into()),
    };
    let capture = capture(
        services,
        &resource.account,
        &resource.region,
        caller,
        request,
    )
    .await?;
    let is_here = bucket
        .as_ref()
        .is_some_and(|facts| facts.region == resource.region);
    let index = if is_here {
        index_of(&capture, &access)
            .find()
            .await
            .map_err(records_error)?
    } else {
        None
    };
    Ok(Found {
        account: resource.account,
        region: resource.region,
        target,
        table: described,
        bucket,
        index,
        capture,
    })
}

/// The capture at this place, or a new one.
async fn capture(
    services: &Services,
    account: &AccountId,
    region: &Region,
    caller: &Caller,
    request: &SetupRequest,
) -> Result<Capture, ServiceError> {
    let known = services.captures.of_table(&request.table).await?;
    let known = known
        .into_iter()
        .map(|stored| stored.capture)
        .find(|capture| capture.bucket == request.bucket && capture.prefix == request.prefix);
    Ok(match known {
        Some(known) => Capture {
            mode: request.mode,
            ..known
        },
        None => Capture {
            id: String::new(),
            account: account.clone(),
            region: region.clone(),
            table: request.table.clone(),
            bucket: request.bucket.clone(),
            prefix: request.prefix.clone(),
            layout: request.layout,
            mode: request.mode,
            created_at: services.clock.now(),
            created_by: caller.name.clone(),
        },
    })
}
