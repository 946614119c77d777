use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tidemark_domain::{
    AccountId, Arn, Invalid, Region, Vault, VaultName,
    vaults::{LockMode, LockWish, NewVault, PolicyEdit, VaultChange, VaultRequest},
};

use crate::query::{Query, pairs};

/// A change of a vault as an address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VaultChangeQuery {
    /// `create`, `policy`, `lock`, `unlock` or `delete`.
    pub what: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// The vault's name.
    pub vault: String,
    /// The form was filled in.
    pub chosen: bool,
    /// ARN of a KMS key.
    pub key: String,
    /// Tags, one a line: `key=value`.
    pub tags: String,
    /// An access policy.
    pub policy: String,
    /// `allow_copies`, `stop_copies`, `deny_deletion`, `allow_deletion`, `write` or `remove`.
    pub edit: String,
    /// Account ids, by blanks or commas.
    pub accounts: String,
    /// `governance` or `compliance`.
    pub mode: String,
    /// Days in which the lock can be changed.
    pub days: String,
    /// Shortest retention in days.
    pub min: String,
    /// Longest retention in days.
    pub max: String,
    /// Jobs may fail.
    pub accept: bool,
}

impl VaultChangeQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut change = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "do" => change.what = value,
                "account" => change.account = value,
                "region" => change.region = value,
                "vault" => change.vault = value,
                "chosen" => change.chosen = value == "1",
                "key" => change.key = value,
                "tags" => change.tags = value,
                "policy" => change.policy = value,
                "edit" => change.edit = value,
                "accounts" => change.accounts = value,
                "mode" => change.mode = value,
                "days" => change.days = value,
                "min" => change.min = value,
                "max" => change.max = value,
                "accept" => change.accept = value == "1",
                _ => {}
            }
        }
        change
    }

    /// What is to be done with a vault, nothing of it chosen yet.
    pub fn of(what: &str, vault: &Vault) -> Self {
        let days = |days: Option<i64>| days.map(|days| days.to_string()).unwrap_or_default();
        Self {
            what: what.to_owned(),
            account: vault.account.to_string(),
            region: vault.region.to_string(),
            vault: vault.name.clone(),
            min: days(vault.min_retention_days),
            max: days(vault.max_retention_days),
            ..Self::default()
        }
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        let flag = |on: bool| if on { "1" } else { "" };
        query
            .push("do", &self.what)
            .push("account", &self.account)
            .push("region", &self.region)
            .push("vault", &self.vault)
            .push("key", &self.key)
            .push("tags", &self.tags)
            .push("policy", &self.policy)
            .push("edit", &self.edit)
            .push("accounts", &self.accounts)
            .push("mode", &self.mode)
            .push("days", &self.days)
            .push("min", &self.min)
            .push("max", &self.max)
            .push("accept", flag(self.accept))
            .push("chosen", flag(self.chosen));
        query
    }

    /// The address of its page.
    pub fn href(&self) -> String {
        self.query().on("/vaults/change")
    }

    /// The change.
    pub fn request(&self) -> Result<VaultRequest, Invalid> {
        let name = |e: Invalid| e.in_field("vault");
        Ok(VaultRequest {
            account: AccountId::parse(self.account.trim())?,
            region: Region::parse(self.region.trim())?,
            vault: VaultName::parse(self.vault.trim()).map_err(name)?,
            change: self.change()?,
        })
    }

    fn change(&self) -> Result<VaultChange, Invalid> {
        Ok(match self.what.as_str() {
            "create" => VaultChange::Create(NewVault {
                key: given(&self.key)
                    .map(|key| Arn::parse(key).map_err(|e| e.in_field("key")))
                    .transpose()?,
                tags: tags(&self.tags)?,
                policy: given(&self.policy).map(str::to_owned),
            }),
            "policy" => VaultChange::Policy(self.edit()?),
            "lock" => VaultChange::Lock(LockWish {
                mode: LockMode::parse(&self.mode)?,
                changeable_for_days: days("changeable_for_days", &self.days)?,
                min_retention_days: days("min_retention_days", &self.min)?,
                max_retention_days: days("max_retention_days", &self.max)?,
                accept_failures: self.accept,
            }),
            "unlock" => VaultChange::Unlock,
            "delete" => VaultChange::Delete,
            _ => {
                return Err(Invalid::new(
                    "do",
                    "must be create, policy, lock, unlock or delete",
                ));
            }
        })
    }

    fn edit(&self) -> Result<PolicyEdit, Invalid> {
        let accounts = || -> Result<BTreeSet<AccountId>, Invalid> {
            self.accounts
                .split([',', ';', ' ', '\n', '\r', '\t'])
                .filter(|id| !id.is_empty())
                .map(|id| AccountId::parse(id).map_err(|e| e.in_field("accounts")))
                .collect()
        };
        Ok(match self.edit.as_str() {
            "allow_copies" => PolicyEdit::AllowCopies {
                accounts: accounts()?,
            },
            "stop_copies" => PolicyEdit::StopCopies {
                accounts: accounts()?,
            },
            "deny_deletion" => PolicyEdit::DenyDeletion,
            "allow_deletion" => PolicyEdit::AllowDeletion,
            "write" => PolicyEdit::Write {
                policy: self.policy.clone(),
            },
            "remove" => PolicyEdit::Remove,
            _ => {
                return Err(Invalid::new(
                    "edit",
                    "must say what is to become of the policy",
                ));
            }
        })
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn days(field: &'static str, text: &str) -> Result<Option<i64>, Invalid> {
    given(text)
        .map(|text| {
            text.parse()
                .map_err(|_| Invalid::new(field, "must be a whole number of days"))
        })
        .transpose()
}

/// One a line; a key alone has an empty value.
fn tags(text: &str) -> Result<BTreeMap<String, String>, Invalid> {
    let mut tags = BTreeMap::new();
    for line in text.lines().filter_map(given) {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let before = tags.insert(key.trim().to_owned(), value.trim().to_owned());
        if before.is_some() {
            return Err(Invalid::new(
                "tags",
                format!("must name each key once: {}", key.trim()),
            ));
        }
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_address_keeps_a_lock_and_its_days() {
        let text = "do=lock&account=111122223333&region=eu-west-1&vault=kept&mode=compliance&days=3&min=7&max=365&accept=1&chosen=1";
        let query = VaultChangeQuery::parse(text);
        assert_eq!(query.query().as_str(), text);
        let VaultChange::Lock(wish) = query.request().unwrap().change else {
            unreachable!("a lock");
        };
        assert!(wish.is_compliance() && wish.accept_failures);
        assert_eq!(
            (
                wish.changeable_for_days,
                wish.min_retention_days,
                wish.max_retention_days
            ),
            (Some(3), Some(7), Some(365))
        );
        let broken = VaultChangeQuery {
            days: "a few".to_owned(),
            ..query
        };
        assert_eq!(broken.request().unwrap_err().field, "changeable_for_days");
    }

    #[test]
    fn tags_and_accounts_are_read_from_lines() {
        assert_eq!(tags("a=b\n c \n\n").unwrap().len(), 2);
        assert_eq!(tags("a=1\na=2").unwrap_err().field, "tags");
        let query = VaultChangeQuery::parse(
            "do=policy&account=111122223333&region=eu-west-1&vault=kept&edit=allow_copies&accounts=222233334444%2C%20333344445555",
        );
        let VaultChange::Policy(PolicyEdit::AllowCopies { accounts }) =
            query.request().unwrap().change
        else {
            unreachable!("copies are allowed");
        };
        assert_eq!(accounts.len(), 2);
    }
}
