//! What is checked before a restore starts.

mod expiry;
mod permission;
mod quota;

use tidemark_domain::{Check, PitrWindow, RestoreRequest};

use super::{confirm, destination::Looked, source::Source};
use crate::{Caller, ServiceError, Services};

/// Every check, in the order in which the wizard lists them. `window` is the table's, where the source
/// is a second of it.
pub(super) async fn all(
    services: &Services,
    caller: &Caller,
    request: &RestoreRequest,
    source: &Source,
    looked: &Looked,
    window: Option<PitrWindow>,
) -> Result<Vec<Check>, ServiceError> {
    let mut checks = vec![looked.check.clone()];
    checks.extend(confirm::check(caller, &looked.destination, source));
    checks.push(permission::check(services, request, source, &looked.destination).await);
    checks.extend(quota::check(services, request, source).await?);
    checks.push(expiry::check(services, request, source, window));
    Ok(checks)
}
