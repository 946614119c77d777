use tidemark_domain::{Arn, Privilege, Scope};

use super::find;
use crate::{Caller, ServiceError, Services, sync::want};

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
    let scope = Scope {
        account: detail.resource.account,
        region: detail.resource.region,
    };
    want(services, &[scope]).await
}
