use tidemark_domain::Scope;

use crate::{ServiceError, Services};

/// Asks for a reading of scopes before their turn: by whichever process has a worker, this one or another.
pub(crate) async fn want(services: &Services, scopes: &[Scope]) -> Result<(), ServiceError> {
    services
        .catalogue
        .want_sync(scopes, services.clock.now())
        .await?;
    services.sync.wake();
    Ok(())
}
