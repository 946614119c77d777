//! What is checked before a restore starts.

mod expiry;
mod quota;

use tidemark_domain::{Check, PitrWindow, RestoreRequest};

use super::{confirm, destination::Looked, source::Source};
use crate::{
    Caller, ServiceError, Services,
    calls::{self, SessionPolicy},
};

/// Every check, in the order in which the wizard lists them. `window` is the table's, where the source
/// is a second of it, `policy` the run's own.
pub(super) async fn all(
    services: &Services,
    caller: &Caller,
    request: &RestoreRequest,
    source: &Source,
    looked: &Looked,
    window: Option<PitrWindow>,
    policy: &SessionPolicy,
) -> Result<Vec<Check>, ServiceError> {
    let mut checks = vec![looked.check.clone()];
    checks.extend(confirm::check(caller, &looked.destination, source));
    checks.extend(calls::check(services, &source.target, &[policy]).await);
    checks.extend(quota::check(services, request, source).await?);
    checks.push(expiry::check(services, request, source, window));
    Ok(checks)
}
