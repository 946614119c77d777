use tidemark_domain::{Invalid, Privilege, timeline::Lane};

use crate::{Caller, ServiceError, Services, ports::TimelineQuery, resources};

/// One resource over time, aggregated to the columns of a screen.
pub async fn lane(
    services: &Services,
    caller: &Caller,
    query: &TimelineQuery,
) -> Result<Lane, ServiceError> {
    if query.from >= query.until {
        return Err(Invalid::new("time range", "must begin before it ends").into());
    }
    if !(1..=4000).contains(&query.columns) {
        return Err(Invalid::new("columns", "must lie between 1 and 4000").into());
    }
    resources::find(
        services,
        caller,
        &query.resource,
        Privilege::ReadCatalogue,
        "timeline.lane",
    )
    .await?;
    Ok(services.catalogue.lane(query).await?)
}
