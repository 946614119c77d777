use tidemark_domain::{
    Privilege,
    buckets::{BucketPlace, BucketReport, requirements},
};

use super::place::reading;
use crate::{Caller, ServiceError, Services, authorize};

/// A bucket as S3 has it this moment, and how that stands with what backups need. It need not be in the catalogue.
pub async fn show(
    services: &Services,
    caller: &Caller,
    place: BucketPlace,
) -> Result<BucketReport, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadBuckets,
        "bucket.show",
        &place.arn(),
    )
    .await?;
    let (target, alias) = reading(services, &place).await?;
    let settings = services.buckets.settings(&target, &place.bucket).await?;
    Ok(BucketReport {
        requirements: requirements(&settings),
        place,
        alias,
        settings,
    })
}
