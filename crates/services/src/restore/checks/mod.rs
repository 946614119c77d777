//! What is checked before a restore starts.

mod expiry;
mod name_free;
mod permission;
mod quota;

use tidemark_domain::{Check, RestoreRequest};

use super::source::Source;
use crate::{ServiceError, Services};

/// Every check, in the order in which the wizard lists them.
pub(super) async fn all(
    services: &Services,
    request: &RestoreRequest,
    source: &Source,
) -> Result<Vec<Check>, ServiceError> {
    let (name, permission) = futures::join!(
        name_free::check(services, request, source),
        permission::check(services, request, source),
    );
    let mut checks = vec![name, permission];
    checks.extend(quota::check(services, request, source).await?);
    checks.push(expiry::check(services, request, source).await);
    Ok(checks)
}
