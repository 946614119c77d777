use serde::{Deserialize, Serialize};
use tidemark_domain::{Invalid, plan::PlanKey};

use crate::query::{Query, pairs};

/// What names a plan in an address: text as typed, checked on the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanAddress {
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// `BackupPlanId`.
    pub id: String,
}

impl PlanAddress {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut address = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "account" => address.account = value,
                "region" => address.region = value,
                "id" => address.id = value,
                // Where account and Region are chosen as one.
                "scope" => {
                    if let Some((account, region)) = value.split_once('/') {
                        account.clone_into(&mut address.account);
                        region.clone_into(&mut address.region);
                    }
                }
                _ => {}
            }
        }
        address
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        query
            .push("account", &self.account)
            .push("region", &self.region)
            .push("id", &self.id);
        query
    }

    /// The address of the plan below `path`.
    pub fn on(&self, path: &str) -> String {
        self.query().on(path)
    }

    /// The key that this amounts to.
    pub fn key(&self) -> Result<PlanKey, Invalid> {
        let id = self.id.trim();
        if id.is_empty() || id.len() > 200 {
            return Err(Invalid::new("plan id", "must have 1 to 200 characters"));
        }
        Ok(PlanKey {
            account: self.account.trim().parse()?,
            region: self.region.trim().parse()?,
            id: id.to_owned(),
        })
    }
}

impl From<&PlanKey> for PlanAddress {
    fn from(key: &PlanKey) -> Self {
        Self {
            account: key.account.to_string(),
            region: key.region.to_string(),
            id: key.id.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_plan_comes_back_as_it_went() {
        let address = PlanAddress {
            account: "012345678901".into(),
            region: "eu-west-1".into(),
            id: "a b&c".into(),
        };
        let text = address.on("/plans/view");
        let query = text.split_once('?').map(|(_, query)| query);
        assert_eq!(query.map(PlanAddress::parse), Some(address));
    }

    #[test]
    fn nonsense_names_its_field() {
        let field = |address: PlanAddress| address.key().map_err(|e| e.field);
        let right = PlanAddress {
            account: "012345678901".into(),
            region: "eu-west-1".into(),
            id: "p".into(),
        };
        assert!(field(right.clone()).is_ok());
        let wrong = PlanAddress {
            account: "1".into(),
            ..right.clone()
        };
        assert_eq!(field(wrong), Err("account id".to_owned()));
        let wrong = PlanAddress {
            id: " ".into(),
            ..right
        };
        assert_eq!(field(wrong), Err("plan id".to_owned()));
    }
}
