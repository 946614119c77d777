use std::collections::BTreeMap;

use crate::{
    AccountId, Arn, Region, Vault, VaultKind,
    plan::{TypeSupport, VaultLimits},
    policy::Document,
};

/// What is known of the world that copies would be made in.
#[derive(Clone, Debug)]
pub struct CopyFacts {
    /// Where to.
    pub destination: Destination,
    /// The organization of each account that takes part, as the account itself says.
    pub organizations: BTreeMap<AccountId, Membership>,
    /// Whether each source account's organization lets backups cross accounts; missing where that is not known.
    pub cross_account: BTreeMap<AccountId, bool>,
    /// Keys by ARN, as far as they could be looked at.
    pub keys: BTreeMap<String, KeyFacts>,
    /// Which types do what.
    pub support: TypeSupport,
}

/// The vault that is copied into.
#[derive(Clone, Debug)]
pub struct Destination {
    /// ARN.
    pub arn: Arn,
    /// Name.
    pub name: String,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// What kind of vault it is.
    pub kind: VaultKind,
    /// The limits of its lock, when it is locked.
    pub limits: Option<VaultLimits>,
    /// Who manages the key of the vault.
    pub key: KeyManager,
    /// The access policy; none where the vault has none, an error where it cannot be read.
    pub policy: Result<Option<Document>, String>,
}

impl Destination {
    /// What the catalogue knows of a vault.
    pub fn of(vault: &Vault, key: KeyManager) -> Self {
        Self {
            arn: vault.arn.clone(),
            name: vault.name.clone(),
            account: vault.account.clone(),
            region: vault.region.clone(),
            kind: vault.kind.clone(),
            limits: vault.locked.then_some(VaultLimits {
                min_days: vault.min_retention_days,
                max_days: vault.max_retention_days,
            }),
            key,
            policy: vault
                .access_policy
                .as_deref()
                .map(Document::read)
                .transpose()
                .map_err(|invalid| invalid.to_string()),
        }
    }
}

/// The organization of an account (`DescribeOrganization`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It is a member of this one.
    Of(String),
    /// It is in none.
    None,
    /// It could not be asked, for this reason.
    Unknown(String),
}

/// Who manages a key (`KeyManager` of `DescribeKey`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyManager {
    /// AWS does: no other account can use it.
    Aws,
    /// The account does: a customer managed key.
    Customer,
    /// It could not be asked, for this reason.
    Unknown(String),
}

/// The key that encrypts a recovery point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointKey {
    /// The point is not encrypted.
    Plain,
    /// This one.
    Key(String),
    /// It is not known.
    Unknown,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// Who manages it.
    pub manager: KeyManager,
    /// Whether the destination's account may use it.
    pub sharing: Sharing,
}

/// Whether a key's policy lets the destination's account use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// It does.
    Shared,
    /// It does not allow this action.
    Not(String),
    /// It cannot be told, for this reason.
    Unknown(String),
}

impl Sharing {
    /// What the policy of a key says of the destination's account.
    pub fn of(policy: &str, key: &str, account: &AccountId, partition: &str) -> Self {
        super::judge::sharing(policy, key, account, partition)
    }
}
