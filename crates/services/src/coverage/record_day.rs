use jiff::tz::TimeZone;
use tidemark_domain::coverage::DayCount;

use super::{estate::Estate, report::count_controls};
use crate::{ServiceError, Services};

/// Keeps what the controls say today (UTC) about the whole estate. The worker does this, time and again:
/// the last time of a day stays.
pub async fn record_day(services: &Services) -> Result<(), ServiceError> {
    let estate = Estate::read(services, None).await?;
    let day = estate.at.to_zoned(TimeZone::UTC).date();
    let counts: Vec<DayCount> = count_controls(&estate)
        .into_iter()
        .filter(|count| count.control.enabled)
        .map(|count| DayCount {
            day,
            control: count.control.id,
            passed: count.passed,
            failed: count.failed,
            unknown: count.unknown,
        })
        .collect();
    Ok(services.insight.keep_day(day, &counts).await?)
}
