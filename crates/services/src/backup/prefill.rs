use tidemark_domain::{Arn, Privilege, Scope, Vault};

use crate::{Caller, ServiceError, Services, resources, restore::default_service_role};

/// What the form of an on-demand backup begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupPrefill {
    /// Vaults of the resource's account and Region.
    pub vaults: Vec<Vault>,
    /// The role that AWS Backup would assume.
    pub service_role: String,
}

/// The vaults to choose from and the role that AWS Backup would assume.
pub async fn prefill(
    services: &Services,
    caller: &Caller,
    resource: &Arn,
) -> Result<BackupPrefill, ServiceError> {
    let detail = resources::find(
        services,
        caller,
        resource,
        Privilege::Backup,
        "backup.prefill",
    )
    .await?;
    let scope = Scope {
        account: detail.resource.account.clone(),
        region: detail.resource.region.clone(),
    };
    Ok(BackupPrefill {
        vaults: services.catalogue.vaults(&scope).await?,
        service_role: default_service_role(resource.partition(), &scope.account),
    })
}
