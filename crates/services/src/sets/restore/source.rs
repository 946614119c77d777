use tidemark_domain::{
    AccountId, Check, PointFilter, PointSource, RecoveryPoint, Region, ResourceDetail,
    ResourceType, RestoreSource, sets::MemberWish,
};

use crate::{ServiceError, Services, sets::history::made_at};

const NAME: &str = "It can be restored";

/// From what a member comes back, and where.
pub(super) struct Found {
    pub(super) from: RestoreSource,
    pub(super) account: AccountId,
    pub(super) region: Region,
    /// The second of a continuous recovery point.
    pub(super) second: bool,
    /// How much the point holds, where AWS says it.
    pub(super) bytes: Option<u64>,
    /// Of which moment it is.
    pub(super) at: jiff::Timestamp,
}

/// Finds what a member comes back from; a check that fails where it is not there, or where no restore can start from it.
pub(super) async fn find(
    services: &Services,
    detail: &ResourceDetail,
    wish: &MemberWish,
) -> Result<Result<Found, Check>, ServiceError> {
    let resource = &detail.resource;
    let Some(arn) = &wish.point else {
        if resource.resource_type == ResourceType::DynamoDb {
            return Ok(Ok(Found {
                from: RestoreSource::PointInTime { at: wish.at },
                account: resource.account.clone(),
                region: resource.region.clone(),
                second: false,
                bytes: None,
                at: wish.at,
            }));
        }
        return continuous(services, detail, wish).await;
    };
    let point = services.catalogue.point(arn).await?;
    let Some(point) = point.filter(|point| point.resource_arn == resource.arn) else {
        return Ok(Err(Check::fail(
            NAME,
            format!("There is no recovery point {arn} of {}.", resource.name),
            "It may have been deleted meanwhile: choose another combination.",
        )));
    };
    if !point.is_usable() {
        return Ok(Err(Check::fail(
            NAME,
            format!("The recovery point's status is {}.", point.status),
            "No restore can start from it: choose another combination.",
        )));
    }
    let Some(at) = moment(services, &point).await? else {
        return Ok(Err(Check::fail(
            NAME,
            "The recovery point is a copy, and it is not known of which moment.",
            "Choose another combination.",
        )));
    };
    Ok(of_point(&point, at, false))
}

/// The moment that a point holds: that of the backup of which it is a copy.
async fn moment(
    services: &Services,
    point: &RecoveryPoint,
) -> Result<Option<jiff::Timestamp>, ServiceError> {
    if point.is_copy() {
        return made_at(services, point).await;
    }
    Ok(Some(point.created_at))
}

fn of_point(point: &RecoveryPoint, at: jiff::Timestamp, second: bool) -> Result<Found, Check> {
    let from = match (&point.vault, point.source) {
        (Some(vault), _) => RestoreSource::RecoveryPoint {
            arn: point.arn.clone(),
            vault: vault.clone(),
        },
        (None, PointSource::DynamoDbBackup | PointSource::DynamoDbSystem) => {
            RestoreSource::DynamoDbBackup {
                arn: point.arn.clone(),
            }
        }
        (None, _) => {
            return Err(Check::fail(
                NAME,
                format!("{} is a snapshot outside AWS Backup.", point.arn),
                "This console restores what lies in a vault of AWS Backup, and tables. Restore the snapshot in its own service, \
                 and leave the member out here.",
            ));
        }
    };
    Ok(Found {
        from,
        account: point.account.clone(),
        region: point.region.clone(),
        second,
        bytes: point.size_bytes,
        at,
    })
}

/// The continuous recovery point of AWS Backup that holds every second.
async fn continuous(
    services: &Services,
    detail: &ResourceDetail,
    wish: &MemberWish,
) -> Result<Result<Found, Check>, ServiceError> {
    let filter = PointFilter {
        resource: Some(detail.resource.arn.clone()),
        source: Some(PointSource::Continuous),
        limit: Some(10),
        ..PointFilter::default()
    };
    let points = services.catalogue.points(&filter).await?.items;
    let point = points
        .iter()
        .find(|point| point.is_usable() && point.vault.is_some() && point.created_at <= wish.at);
    Ok(match point {
        Some(point) => of_point(point, wish.at, true),
        None => Err(Check::fail(
            NAME,
            "No continuous recovery point of AWS Backup holds this second.",
            "The service's own point-in-time recovery is not used by this console: restore it there and leave the member out \
             here, or choose a recovery point.",
        )),
    })
}
