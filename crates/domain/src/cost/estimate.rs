use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{PriceKind, PriceList, gigabytes};
use crate::{Region, ResourceType, Tier};

/// Bytes of one type, Region and tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredBytes {
    /// Type.
    pub resource_type: ResourceType,
    /// Region that holds them.
    pub region: Region,
    /// Tier.
    pub tier: Tier,
    /// Bytes.
    pub bytes: u64,
    /// Recovery points.
    pub points: u64,
}

/// What something stores, and what that costs in a month.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// Bytes in warm storage.
    pub warm_bytes: u64,
    /// Bytes in cold storage.
    pub cold_bytes: u64,
    /// Recovery points.
    pub points: u64,
    /// Cost of a month of warm storage.
    pub warm: f64,
    /// Cost of a month of cold storage.
    pub cold: f64,
}

/// An estimate. It is no bill: it knows nothing of discounts, free tiers and increments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// What is stored, and its cost.
    pub stored: Stored,
    /// Currency.
    pub currency: String,
    /// The day of the newest price.
    pub as_of: Date,
    /// Types without a price: their bytes are counted and their cost is not.
    pub unpriced: BTreeSet<ResourceType>,
}

impl Estimate {
    /// The cost of a month.
    pub fn monthly(&self) -> f64 {
        self.stored.warm + self.stored.cold
    }
}

/// What storing these bytes costs in a month. Sizes are those of whole backups, so types that store only
/// what changed cost less.
pub fn estimate<'a>(
    stored: impl IntoIterator<Item = &'a StoredBytes>,
    prices: &PriceList,
) -> Estimate {
    let mut sum = Stored::default();
    let mut unpriced = BTreeSet::new();
    for part in stored {
        sum.points = sum.points.saturating_add(part.points);
        let kind = match part.tier {
            Tier::Warm => PriceKind::WarmGbMonth,
            Tier::Cold => PriceKind::ColdGbMonth,
        };
        let price = prices.find(&part.resource_type, &part.region, kind);
        if price.is_none() && part.bytes > 0 {
            unpriced.insert(part.resource_type.clone());
        }
        let cost = price.map_or(0.0, |price| price.amount * gigabytes(part.bytes));
        match part.tier {
            Tier::Warm => {
                sum.warm_bytes = sum.warm_bytes.saturating_add(part.bytes);
                sum.warm += cost;
            }
            Tier::Cold => {
                sum.cold_bytes = sum.cold_bytes.saturating_add(part.bytes);
                sum.cold += cost;
            }
        }
    }
    Estimate {
        stored: sum,
        currency: prices.currency.clone(),
        as_of: prices.as_of,
        unpriced,
    }
}
