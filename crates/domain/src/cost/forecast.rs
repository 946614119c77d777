use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{PriceKind, PriceList, gigabytes};
use crate::simulate::{SimPoint, Simulation};

/// The storage of one calendar month (UTC).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostMonth {
    /// First day of the month.
    pub month: Date,
    /// How much of the month the simulation covers, 0 to 1.
    pub covered: f64,
    /// Cost of warm storage.
    pub warm: f64,
    /// Cost of cold storage.
    pub cold: f64,
    /// Cost of copies to other Regions.
    pub copies: f64,
}

impl CostMonth {
    /// The cost of the month.
    pub fn total(&self) -> f64 {
        self.warm + self.cold + self.copies
    }
}

/// What a simulated future costs, month by month: each point for the time for which it exists.
pub fn forecast(simulation: &Simulation, prices: &PriceList) -> Vec<CostMonth> {
    let mut months = months(simulation.from, simulation.until);
    for point in &simulation.points {
        let size = gigabytes(point.size_bytes.unwrap_or_default());
        let price = |kind| {
            prices
                .find(&point.resource_type, &point.region, kind)
                .map_or(0.0, |price| price.amount * size)
        };
        let (warm, cold) = (price(PriceKind::WarmGbMonth), price(PriceKind::ColdGbMonth));
        let end = point.gone_at().unwrap_or(Timestamp::MAX);
        let cools = point.cold_from().unwrap_or(end);
        let begin = point.exists_from;
        for month in &mut months {
            if month.until <= begin || month.from >= end {
                continue;
            }
            month.cost.warm += warm * month.share(begin, cools);
            month.cost.cold += cold * month.share(cools, end);
        }
        if crosses_regions(point)
            && let Some(month) = months
                .iter_mut()
                .find(|month| (month.from..month.until).contains(&begin))
        {
            month.cost.copies += price(PriceKind::CopyGb);
        }
    }
    months.into_iter().map(|month| month.cost).collect()
}

/// A copy whose Region is not that of its resource; S3 buckets name none.
fn crosses_regions(point: &SimPoint) -> bool {
    let home = point.resource.region();
    point.arn.is_none() && point.copy && !home.is_empty() && home != point.region.as_str()
}

struct Month {
    from: Timestamp,
    until: Timestamp,
    /// Seconds of the whole calendar month.
    seconds: i64,
    cost: CostMonth,
}

impl Month {
    /// Which part of the calendar month lies between the two moments and in the simulation.
    fn share(&self, from: Timestamp, until: Timestamp) -> f64 {
        let seconds = until.min(self.until).as_second() - from.max(self.from).as_second();
        ratio(seconds.max(0), self.seconds)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds of a month fit an f64 exactly"
)]
fn ratio(part: i64, whole: i64) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn months(from: Timestamp, until: Timestamp) -> Vec<Month> {
    let begin = |month: Date| {
        month
            .to_zoned(TimeZone::UTC)
            .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    };
    let mut month = from.to_zoned(TimeZone::UTC).date().first_of_month();
    let mut months = Vec::new();
    while begin(month) < until {
        let Ok(next) = month.checked_add(1.month()) else {
            break;
        };
        let (first, last) = (begin(month), begin(next));
        let seconds = last.as_second() - first.as_second();
        let (from, until) = (first.max(from), last.min(until));
        months.push(Month {
            from,
            until,
            seconds,
            cost: CostMonth {
                month,
                covered: ratio(until.as_second() - from.as_second(), seconds),
                warm: 0.0,
                cold: 0.0,
                copies: 0.0,
            },
        });
        month = next;
    }
    months
}
