use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Invalid, Region, ResourceType};

/// A list of prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceList {
    /// The day of the newest price in it.
    pub as_of: Date,
    /// Currency of all prices.
    pub currency: String,
    /// The prices; of two that fit equally well the earlier one counts.
    pub prices: Vec<Price>,
}

/// A price with its source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// Type as AWS Backup names it; `*` for all.
    pub resource_type: String,
    /// Region; `*` for all.
    pub region: String,
    /// What it is the price of.
    pub kind: PriceKind,
    /// Amount per unit.
    pub amount: f64,
    /// Where it was read.
    pub source: String,
    /// When it was read.
    pub date: Date,
    /// What to know about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a price is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceKind {
    /// A gigabyte in warm storage for a month.
    WarmGbMonth,
    /// A gigabyte in cold storage for a month.
    ColdGbMonth,
    /// A gigabyte restored from warm storage.
    RestoreWarmGb,
    /// A gigabyte restored from cold storage.
    RestoreColdGb,
    /// A gigabyte copied to another Region.
    CopyGb,
}

impl PriceKind {
    /// The words shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WarmGbMonth => "warm storage, GB-month",
            Self::ColdGbMonth => "cold storage, GB-month",
            Self::RestoreWarmGb => "restore from warm storage, GB",
            Self::RestoreColdGb => "restore from cold storage, GB",
            Self::CopyGb => "copy to another Region, GB",
        }
    }
}

impl PriceList {
    /// The price that fits best: one for the type and Region before one for the type, before one for the
    /// Region, before one for everything.
    pub fn find(
        &self,
        resource_type: &ResourceType,
        region: &Region,
        kind: PriceKind,
    ) -> Option<&Price> {
        let fits = |own: &str, asked: &str| own == "*" || own == asked;
        self.prices
            .iter()
            .filter(|price| {
                price.kind == kind
                    && fits(&price.resource_type, resource_type.as_str())
                    && fits(&price.region, region.as_str())
            })
            .min_by_key(|price| (price.resource_type == "*", price.region == "*"))
    }

    /// The same list with the user's own prices in front.
    #[must_use]
    pub fn with_own(mut self, own: PriceList) -> Self {
        self.as_of = self.as_of.max(own.as_of);
        self.currency = own.currency;
        let mut prices = own.prices;
        prices.append(&mut self.prices);
        self.prices = prices;
        self
    }

    /// Checks that amounts are amounts and that each price says where it is from.
    pub fn check(&self) -> Result<(), Invalid> {
        for (index, price) in self.prices.iter().enumerate() {
            let field = |name: &str| format!("prices[{index}].{name}");
            if !price.amount.is_finite() || price.amount < 0.0 {
                return Err(Invalid::new(field("amount"), "must be a number from 0"));
            }
            if price.source.trim().is_empty() {
                return Err(Invalid::new(
                    field("source"),
                    "must say where the price is from",
                ));
            }
        }
        Ok(())
    }
}
