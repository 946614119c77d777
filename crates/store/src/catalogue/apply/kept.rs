use std::collections::BTreeSet;

use tidemark_domain::ResourceType;
use tidemark_services::ports::{PROTECTED, PartialFailure};

/// Parts of a scope that could not be read: what is missing there is unknown, not gone.
pub(super) struct Kept<'a>(BTreeSet<&'a str>);

impl<'a> Kept<'a> {
    pub(super) fn of(partial: &'a [PartialFailure]) -> Self {
        Self(
            partial
                .iter()
                .map(|failure| failure.part.as_str())
                .collect(),
        )
    }

    pub(super) fn vaults(&self) -> bool {
        self.0.contains("vaults")
    }

    /// Legal holds, and which points they hold.
    pub(super) fn holds(&self) -> bool {
        self.0.contains("legal-holds")
    }

    /// The access policy of a vault.
    pub(super) fn policy(&self, vault: &str) -> bool {
        self.0.contains(format!("policy:{vault}").as_str())
    }

    pub(super) fn jobs(&self) -> bool {
        self.0.contains("jobs")
    }

    pub(super) fn plans(&self) -> bool {
        self.0.contains("plans")
    }

    /// Resources of this type: those that no service of their own was asked for come from AWS Backup's list.
    pub(super) fn resources(&self, resource_type: &str) -> bool {
        let is_listed = ResourceType::from(resource_type).is_listed();
        self.0.contains(resource_type) || (!is_listed && self.0.contains(PROTECTED))
    }

    /// Types whose resources are kept.
    pub(super) fn types(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().copied()
    }

    /// A point is read with its vault, and vaults are found by their list; a backup that a service
    /// made by itself is read with the resources of its type.
    pub(super) fn point(&self, vault: Option<&str>, resource_type: &str) -> bool {
        match vault {
            Some(vault) => self.vaults() || self.0.contains(format!("points:{vault}").as_str()),
            None => self.resources(resource_type),
        }
    }
}
