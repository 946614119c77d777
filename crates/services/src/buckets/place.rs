use tidemark_domain::buckets::BucketPlace;

use crate::{ServiceError, Services, accounts, ports::Target};

/// The console's own way to a bucket, for reading, and the alias of its account.
pub(super) async fn reading(
    services: &Services,
    place: &BucketPlace,
) -> Result<(Target, String), ServiceError> {
    place.check()?;
    let account = accounts::find(services, &place.account).await?;
    Ok((accounts::reading(&account, &place.region), account.alias))
}
