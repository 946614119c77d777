use tidemark_domain::{Arn, Privilege, VaultDetail};

use crate::{Caller, ServiceError, Services, authorize};

/// One vault: its lock, its policy, what lies in it, what holds it.
pub async fn get(
    services: &Services,
    caller: &Caller,
    arn: &Arn,
) -> Result<VaultDetail, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadVaults,
        "vault.get",
        arn.as_str(),
    )
    .await?;
    services
        .catalogue
        .vault(arn)
        .await?
        .ok_or_else(|| ServiceError::NotFound(format!("vault {arn}")))
}
