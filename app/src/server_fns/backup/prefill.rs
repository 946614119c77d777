use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tidemark_domain::{ResourceDetail, Vault};

use crate::{error::AppError, wire::Json};

/// What the form of an on-demand backup begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackupChoices {
    /// The resource.
    pub detail: ResourceDetail,
    /// Vaults of its account and Region.
    pub vaults: Vec<Vault>,
    /// The role that AWS Backup would assume.
    pub service_role: String,
}

/// What the form of an on-demand backup begins with.
#[server(endpoint = "backup/prefill", input = Json, output = Json)]
pub async fn prefill_backup(
    /// ARN of the resource, as typed.
    arn: String,
) -> Result<BackupChoices, AppError> {
    use tidemark_services::{backup, resources};
    let (console, caller) = crate::ssr::console_and_caller()?;
    let arn = crate::ssr::parse(tidemark_domain::Arn::parse(&arn))?;
    let prefill = backup::prefill(&console.services, &caller, &arn).await?;
    Ok(BackupChoices {
        detail: resources::get(&console.services, &caller, &arn).await?,
        vaults: prefill.vaults,
        service_role: prefill.service_role,
    })
}
