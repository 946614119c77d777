use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{PriceKind, PriceList, gigabytes};
use crate::{RecoveryPoint, Tier, plan::Lifecycle};

/// What deleting points in cold storage before their 90 days are over costs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EarlyDeletion {
    /// Points for which something is charged.
    pub points: u64,
    /// The charge: the cold storage of the remaining days.
    pub amount: f64,
    /// Currency.
    pub currency: String,
    /// Points for which something is charged but whose size or price is not known.
    pub unknown: u64,
}

impl EarlyDeletion {
    /// Points for which something is charged, known or not.
    pub fn charged(&self) -> u64 {
        self.points + self.unknown
    }
}

/// The charge for deleting these points now. A point in cold storage is paid for 90 days at least.
pub fn early_deletion<'a>(
    points: impl IntoIterator<Item = &'a RecoveryPoint>,
    prices: &PriceList,
    now: Timestamp,
) -> EarlyDeletion {
    let mut charge = EarlyDeletion {
        currency: prices.currency.clone(),
        ..EarlyDeletion::default()
    };
    for point in points {
        let Some(days) = remaining_days(point, now).filter(|days| *days > 0.0) else {
            continue;
        };
        let price = prices.find(&point.resource_type, &point.region, PriceKind::ColdGbMonth);
        match (price, point.size_bytes) {
            (Some(price), Some(bytes)) => {
                charge.points += 1;
                charge.amount += price.amount * gigabytes(bytes) * days / 30.0;
            }
            _ => charge.unknown += 1,
        }
    }
    charge
}

/// Days of cold storage that are paid for in any case; none for points that are not cold.
fn remaining_days(point: &RecoveryPoint, now: Timestamp) -> Option<f64> {
    if point.tier != Tier::Cold {
        return None;
    }
    let since = point.cold_at.unwrap_or(point.created_at);
    let days = now.duration_since(since).as_secs_f64() / 86_400.0;
    let minimum = i32::try_from(Lifecycle::COLD_MINIMUM_DAYS).unwrap_or(90);
    Some(f64::from(minimum) - days)
}
