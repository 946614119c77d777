use tidemark_domain::{Arn, Privilege, Scope};

use super::find;
use crate::{Caller, ServiceError, Services};

/// Asks for a re-sync of the scope that a resource lives in.
pub async fn refresh(services: &Services, caller: &Caller, arn: &Arn) -> Result<(), ServiceError> {
    let detail = find(
        services,
        caller,
        arn,
        Privilege::Refresh,
        "resource.refresh",
    )
    .await?;
    services.sync.request(Scope {
        account: detail.resource.account,
        region: detail.resource.region,
    });
    Ok(())
}
