use tidemark_domain::{Page, Privilege};

use super::AuditRecord;
use crate::{Caller, ServiceError, Services, authorize, ports::AuditFilter};

/// A page of the audit log, newest first.
pub async fn list(
    services: &Services,
    caller: &Caller,
    filter: &AuditFilter,
) -> Result<Page<AuditRecord>, ServiceError> {
    authorize(services, caller, Privilege::ReadAudit, "audit.list", "").await?;
    Ok(services.audit.list(filter).await?)
}
