use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use tidemark_domain::{
    AccountId, Invalid, Region,
    permissions::{FeatureState, PermissionFilter},
};

use crate::query::{Query, pairs};

/// The rows of the table of permissions as their address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PermissionQuery {
    /// Only this account.
    pub account: String,
    /// Only this Region.
    pub region: String,
    /// Only this feature: `restore-table`.
    pub feature: String,
    /// Only where a feature stands so: `denied`.
    pub state: String,
    /// `yes` for rows that have lost a permission.
    pub lost: String,
}

impl PermissionQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "account" => read.account = value,
                "region" => read.region = value,
                "feature" => read.feature = value,
                "state" => read.state = value,
                "lost" => read.lost = value,
                _ => {}
            }
        }
        read
    }

    /// Whether it leaves anything out.
    pub fn is_filtered(&self) -> bool {
        *self != Self::default()
    }

    /// The address of the same rows on a path.
    pub fn href(&self, path: &str) -> String {
        let mut query = Query::default();
        query
            .push("account", &self.account)
            .push("region", &self.region)
            .push("feature", &self.feature)
            .push("state", &self.state)
            .push("lost", &self.lost);
        query.on(path)
    }

    /// The filter, with what was typed checked.
    #[cfg(feature = "ssr")]
    pub fn filter(self) -> Result<PermissionFilter, Invalid> {
        let given = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        Ok(PermissionFilter {
            account: given(self.account)
                .map(|text| AccountId::parse(text.trim()))
                .transpose()?,
            region: given(self.region)
                .map(|text| Region::parse(text.trim()))
                .transpose()?,
            feature: given(self.feature).map(|text| text.parse()).transpose()?,
            state: given(self.state)
                .map(|text| {
                    FeatureState::parse(&text).ok_or_else(|| {
                        let all = FeatureState::ALL.map(FeatureState::as_str).join(", ");
                        Invalid::new("state", format!("must be one of {all}"))
                    })
                })
                .transpose()?,
            lost: match self.lost.as_str() {
                "" | "no" => false,
                "yes" => true,
                _ => return Err(Invalid::new("lost", "must be yes or no")),
            },
        })
    }
}
