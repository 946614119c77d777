use tidemark_domain::{Arn, records::SetupRequest};

use super::found;
use crate::{Caller, ServiceError, Services};

/// What the form begins with: a bucket of a name that the account's role may make, and everything
/// that protects it.
pub async fn prefill(
    services: &Services,
    caller: &Caller,
    table: &Arn,
) -> Result<SetupRequest, ServiceError> {
    let resource = found::table(services, caller, table, "records.setup.prefill").await?;
    // The account id makes the name one that nobody else has.
    let bucket = format!("tidemark-records-{}-{}", resource.account, resource.region);
    Ok(SetupRequest::of_table(table.clone(), bucket))
}
