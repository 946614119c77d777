use tidemark_domain::{Arn, Privilege, records::CaptureView};

use super::{get::covers, view::view};
use crate::{Caller, ServiceError, Services, authorize};

/// The captures of a table, oldest first; none where the caller may not know of it.
pub async fn of_table(
    services: &Services,
    caller: &Caller,
    table: &Arn,
) -> Result<Vec<CaptureView>, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "records.of_table",
        table.as_str(),
    )
    .await?;
    let mut views = Vec::new();
    for stored in services.captures.of_table(table).await? {
        if covers(services, grant, &stored).await? {
            views.push(view(services, stored).await?);
        }
    }
    Ok(views)
}
