use leptos::prelude::*;
use tidemark_domain::sets::recovery::Recovery;

use crate::{error::AppError, wire::Json};

/// What of a set can be recovered together.
#[server(endpoint = "sets/recovery", input = Json, output = Json)]
pub async fn set_recovery(
    /// Its name.
    name: String,
    /// The chosen time as typed, in UTC; empty for now.
    at: String,
) -> Result<Recovery, AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let services = &console.services;
    let at = match at.trim() {
        "" => services.clock.now(),
        at => ssr::parse(moment(at))?,
    };
    Ok(tidemark_services::sets::recovery(services, &caller, name.trim(), at).await?)
}

/// A moment as people and browsers write it; without a zone it is UTC.
#[cfg(feature = "ssr")]
fn moment(text: &str) -> Result<jiff::Timestamp, tidemark_domain::Invalid> {
    let local = || {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        civil
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    };
    let rule = "must be a time such as 2026-11-30T12:00:00Z";
    text.parse()
        .ok()
        .or_else(local)
        .ok_or_else(|| tidemark_domain::Invalid::new("at", rule))
}
