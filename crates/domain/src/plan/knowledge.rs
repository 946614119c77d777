use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Quotas, TypeSupport, VaultLimits};
use crate::{AccountId, Arn, Region, ResourceType, Vault};

/// What is known around a plan when it is checked. What is not known is left empty: a check never claims
/// what nobody has read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanKnowledge {
    /// Account and Region of the plan.
    pub home: Option<(AccountId, Region)>,
    /// Vaults: those of the plan's account and Region, and those that copies name.
    pub vaults: Vec<KnownVault>,
    /// `vaults` holds every vault of the plan's account and Region.
    pub vaults_are_complete: bool,
    /// Type → opted in, for the plan's account and Region.
    pub opt_in: BTreeMap<String, bool>,
    /// Types of the resources that the plan takes.
    pub types: BTreeSet<ResourceType>,
    /// What the types can do.
    pub support: TypeSupport,
    /// Quotas.
    pub quotas: Quotas,
    /// The time; without it, start windows are not compared.
    pub now: Option<Timestamp>,
    /// The plan is there already: what AWS accepted then is not asked again.
    pub exists: bool,
    /// Names of the other plans of the account and Region.
    pub other_plans: Option<BTreeSet<String>>,
}

/// What is known of a vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownVault {
    /// ARN.
    pub arn: Arn,
    /// Name.
    pub name: String,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// Recovery points in it.
    pub points: u64,
    /// The limits of its lock, when it is locked.
    pub limits: Option<VaultLimits>,
    /// Its key is one of AWS's own, which no other account can use.
    pub aws_managed_key: Option<bool>,
    /// It is logically air-gapped.
    pub air_gapped: Option<bool>,
    /// Its access policy lets the plan's account copy into it.
    pub allows_copies: Option<bool>,
}

impl From<&Vault> for KnownVault {
    fn from(vault: &Vault) -> Self {
        Self {
            arn: vault.arn.clone(),
            name: vault.name.clone(),
            account: vault.account.clone(),
            region: vault.region.clone(),
            points: vault.points,
            limits: vault.locked.then_some(VaultLimits {
                min_days: vault.min_retention_days,
                max_days: vault.max_retention_days,
            }),
            aws_managed_key: None,
            air_gapped: None,
            allows_copies: None,
        }
    }
}

impl PlanKnowledge {
    /// The vault of this name in the plan's account and Region.
    pub fn target(&self, name: &str) -> Option<&KnownVault> {
        let (account, region) = self.home.as_ref()?;
        self.vaults.iter().find(|vault| {
            vault.name == name && vault.account == *account && vault.region == *region
        })
    }

    /// The vault of this ARN.
    pub fn vault(&self, arn: &str) -> Option<&KnownVault> {
        self.vaults.iter().find(|vault| vault.arn.as_str() == arn)
    }
}
