use leptos::prelude::*;
use tidemark_domain::Page;

use super::{AuditQuery, AuditRow};
use crate::{error::AppError, wire::Json};

/// A page of the audit log, newest first.
#[server(endpoint = "audit/list", input = Json, output = Json)]
pub async fn list_audit(
    /// What the list shows.
    query: AuditQuery,
) -> Result<Page<AuditRow>, AppError> {
    use tidemark_services::{audit, ports::AuditFilter};
    let (console, caller) = crate::ssr::console_and_caller()?;
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let filter = AuditFilter {
        actor: given(query.actor),
        action: given(query.action),
        cursor: given(query.cursor),
        limit: None,
    };
    Ok(audit::list(&console.services, &caller, &filter)
        .await?
        .map(crate::ssr::audit_row))
}
