use tidemark_domain::records::{CaptureState, CaptureView};

use crate::{ServiceError, Services, ports::StoredCapture};

/// A stored capture as pages see it.
pub(super) async fn view(
    services: &Services,
    stored: StoredCapture,
) -> Result<CaptureView, ServiceError> {
    let StoredCapture { capture, status } = stored;
    let account = services.accounts.get(&capture.account).await?;
    Ok(CaptureView {
        alias: account.map_or_else(|| capture.account.to_string(), |account| account.alias),
        state: CaptureState::of(capture.mode, &status, services.clock.now()),
        capture,
        status,
    })
}
