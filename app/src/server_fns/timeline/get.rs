use leptos::prelude::*;
use tidemark_domain::{Page, timeline::TimelineRow};

use super::TimelineAsk;
use crate::{error::AppError, wire::Json};

/// Resources over time, a page of lanes.
#[server(endpoint = "timeline/get", input = Json, output = Json)]
pub async fn get_timeline(
    /// What the timeline shows.
    ask: TimelineAsk,
) -> Result<Page<TimelineRow>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let (shown, window) = crate::ssr::parse(ask.resolve(console.services.clock.now()))?;
    Ok(tidemark_services::timeline::list(&console.services, &caller, shown, &window).await?)
}
