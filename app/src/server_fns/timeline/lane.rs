use leptos::prelude::*;
use tidemark_domain::timeline::Lane;

use crate::{error::AppError, wire::Json};

/// One resource over a range of time.
#[server(endpoint = "timeline/lane", input = Json, output = Json)]
pub async fn get_lane(
    /// ARN of the resource, as typed.
    resource: String,
    /// The range as the address says it.
    range: super::Range,
) -> Result<Lane, AppError> {
    use crate::ssr;
    use tidemark_services::ports::TimelineQuery;
    let (console, caller) = ssr::console_and_caller()?;
    let (from, until) = ssr::parse(range.resolve(console.services.clock.now()))?;
    let query = TimelineQuery {
        resource: ssr::parse(tidemark_domain::Arn::parse(&resource))?,
        from,
        until,
        columns: super::Range::COLUMNS,
    };
    Ok(tidemark_services::timeline::lane(&console.services, &caller, &query).await?)
}
