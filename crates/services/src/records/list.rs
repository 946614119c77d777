use tidemark_domain::{Privilege, records::CaptureView};

use super::{get::covers, view::view};
use crate::{Caller, ServiceError, Services, authorize};

/// Every capture that the caller may know of, oldest first.
pub async fn list(services: &Services, caller: &Caller) -> Result<Vec<CaptureView>, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "records.list",
        "",
    )
    .await?;
    let mut views = Vec::new();
    for stored in services.captures.list().await? {
        if covers(services, grant, &stored).await? {
            views.push(view(services, stored).await?);
        }
    }
    Ok(views)
}
