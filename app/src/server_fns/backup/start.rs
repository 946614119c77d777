use leptos::prelude::*;

use crate::error::AppError;

/// Starts an on-demand backup and shows its run.
#[server(endpoint = "backup/start", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn start_backup(
    /// ARN of the resource, as typed.
    arn: String,
    /// Name of the vault.
    vault: String,
    /// Days until deletion, as typed; empty for never.
    #[server(default)]
    delete_after: String,
    /// Days until cold storage, as typed; empty for never.
    #[server(default)]
    cold_after: String,
    /// The role that AWS Backup assumes; empty for the default.
    #[server(default)]
    role: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let request = tidemark_domain::BackupRequest {
        resource: ssr::parse(tidemark_domain::Arn::parse(&arn))?,
        vault,
        delete_after_days: ssr::parse(ssr::days("days until deletion", &delete_after))?,
        cold_after_days: ssr::parse(ssr::days("days until cold storage", &cold_after))?,
        service_role: Some(role).filter(|role| !role.trim().is_empty()),
        reason: reason.trim().to_owned(),
    };
    let run = tidemark_services::backup::start(&console.services, &caller, request).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
