use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// What a call of AWS is made for. The stored names are never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Reading what the console lists.
    Catalogue,
    /// Trying the way into an account, list by list.
    Probe,
    /// Asking beforehand what the role may do.
    Checks,
    /// On-demand backups, and rules run by hand.
    Backup,
    /// Restores of tables by `DynamoDB` itself.
    RestoreTable,
    /// Restores of every type by AWS Backup.
    RestorePoint,
    /// Restores of tables from record-level backups.
    RestoreRecords,
    /// Settings that a restore loses.
    PutBack,
    /// Deleting recovery points, changing their retention.
    Points,
    /// Copying recovery points into other vaults.
    CopyPoints,
    /// Saving, rolling out and deleting backup plans.
    Plans,
    /// Record-level backups: set-up, capture, proof, history, undo.
    Records,
    /// Buckets that others write their backups to: how they are set up, what lies in them.
    Buckets,
    /// Copies of what lies in such buckets.
    CopyObjects,
    /// Dumps of commands, stored in such buckets and brought back.
    Dumps,
    /// Who else may use a bucket: its policy, roles in stacks, proof of access.
    Access,
    /// Vaults created, locked and deleted, their access policies, legal holds.
    Vaults,
    /// The console's own identity makes it, as none of the roles.
    Console,
    /// The role that only diagnoses makes it.
    Diagnosis,
    /// Only the command line makes it, with the credentials of whoever runs it.
    CommandLine,
}

impl Feature {
    /// What the access role of every account is for, whatever else it does.
    pub const ALWAYS: [Self; 3] = [Self::Catalogue, Self::Probe, Self::Checks];

    /// What an account's access role may be made for or not.
    pub const CHOICES: [Self; 14] = [
        Self::Backup,
        Self::RestoreTable,
        Self::RestorePoint,
        Self::RestoreRecords,
        Self::PutBack,
        Self::Points,
        Self::CopyPoints,
        Self::Plans,
        Self::Records,
        Self::Buckets,
        Self::CopyObjects,
        Self::Dumps,
        Self::Access,
        Self::Vaults,
    ];

    /// In words, as the documentation has them.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Catalogue => "inventory",
            Self::Probe => "account check",
            Self::Checks => "checks before a run",
            Self::Backup => "backups",
            Self::RestoreTable => "restore by DynamoDB",
            Self::RestorePoint => "restore by AWS Backup",
            Self::RestoreRecords => "restore from records",
            Self::PutBack => "settings put back",
            Self::Points => "recovery points",
            Self::CopyPoints => "copies of recovery points",
            Self::Plans => "backup plans",
            Self::Records => "record-level backups",
            Self::Buckets => "buckets",
            Self::CopyObjects => "copies of prefixes",
            Self::Dumps => "dumps of commands",
            Self::Access => "access to buckets",
            Self::Vaults => "vaults and legal holds",
            Self::Console => "the console itself",
            Self::Diagnosis => "diagnosis",
            Self::CommandLine => "command line",
        }
    }

    /// The name in files, addresses and on the command line: `restore-table`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Probe => "probe",
            Self::Checks => "checks",
            Self::Backup => "backup",
            Self::RestoreTable => "restore-table",
            Self::RestorePoint => "restore-point",
            Self::RestoreRecords => "restore-records",
            Self::PutBack => "put-back",
            Self::Points => "points",
            Self::CopyPoints => "copy-points",
            Self::Plans => "plans",
            Self::Records => "records",
            Self::Buckets => "buckets",
            Self::CopyObjects => "copy-objects",
            Self::Dumps => "dumps",
            Self::Access => "access",
            Self::Vaults => "vaults",
            Self::Console => "console",
            Self::Diagnosis => "diagnosis",
            Self::CommandLine => "command-line",
        }
    }

    /// Whether the access role makes the calls of this feature.
    pub const fn is_of_access_role(self) -> bool {
        !matches!(self, Self::Console | Self::Diagnosis | Self::CommandLine)
    }

    /// Every feature of the access role.
    pub fn of_access_role() -> impl Iterator<Item = Self> {
        Self::ALWAYS.into_iter().chain(Self::CHOICES)
    }
}

impl FromStr for Feature {
    type Err = Invalid;

    /// Reads the name of a feature of the access role; the error names them all.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        Self::of_access_role()
            .find(|feature| feature.as_str() == text)
            .ok_or_else(|| {
                let all: Vec<&str> = Self::of_access_role().map(Self::as_str).collect();
                Invalid::new("feature", format!("must be one of {}", all.join(", ")))
            })
    }
}

/// What an account's access role is made for beside reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Features(Option<Vec<Feature>>);

impl Features {
    /// Everything that this version can do, and what later versions can.
    pub const fn all() -> Self {
        Self(None)
    }

    /// Those chosen, in their fixed order; what every role is for need not be among them.
    pub fn chosen(chosen: impl IntoIterator<Item = Feature>) -> Self {
        let chosen: Vec<Feature> = chosen.into_iter().collect();
        Self(Some(
            Feature::CHOICES
                .into_iter()
                .filter(|feature| chosen.contains(feature))
                .collect(),
        ))
    }

    /// Reads names that are separated by commas, semicolons or spaces. Nothing, or `all`, is everything;
    /// `none` is reading alone.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let names: Vec<&str> = text
            .split([',', ';', ' ', '\n', '\r', '\t'])
            .filter(|name| !name.is_empty())
            .collect();
        match names[..] {
            [] | ["all"] => Ok(Self::all()),
            ["none"] => Ok(Self::chosen([])),
            _ => {
                let chosen: Result<Vec<Feature>, Invalid> = names
                    .into_iter()
                    .map(|name| {
                        name.parse().map_err(|_| {
                            let all = Feature::CHOICES.map(Feature::as_str).join(", ");
                            Invalid::new(
                                "features",
                                format!(
                                    "must be all, none, or some of {all}; {name} is none of them"
                                ),
                            )
                        })
                    })
                    .collect();
                Ok(Self::chosen(chosen?))
            }
        }
    }

    /// Whether the role is made for it.
    pub fn enables(&self, feature: Feature) -> bool {
        feature.is_of_access_role()
            && (Feature::ALWAYS.contains(&feature)
                || self
                    .0
                    .as_ref()
                    .is_none_or(|chosen| chosen.contains(&feature)))
    }

    /// Whether that is everything.
    pub fn is_all(&self) -> bool {
        self.0.is_none()
    }

    /// In words, for a page.
    pub fn words(&self) -> String {
        match &self.0 {
            None => "everything".to_owned(),
            Some(chosen) if chosen.is_empty() => "reading alone".to_owned(),
            Some(chosen) => {
                let words: Vec<&str> = chosen.iter().map(|feature| feature.words()).collect();
                format!("reading, {}", words.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn features_are_read_by_their_names_and_a_wrong_one_is_named() {
        assert_eq!(Features::parse("").unwrap(), Features::all());
        assert_eq!(Features::parse(" all ").unwrap(), Features::all());
        let some = Features::parse("restore-table; backup").unwrap();
        assert!(some.enables(Feature::Backup) && some.enables(Feature::RestoreTable));
        assert!(some.enables(Feature::Catalogue) && !some.enables(Feature::Plans));
        assert!(!Features::parse("none").unwrap().enables(Feature::Backup));
        let error = Features::parse("backup, backups").unwrap_err();
        assert_eq!(error.field, "features");
        assert!(error.rule.contains("backups is none of them"), "{error:?}");
    }

    #[test]
    fn the_stored_name_is_the_name_on_the_command_line() {
        for feature in Feature::of_access_role() {
            let stored = serde_json::to_string(&feature).unwrap();
            assert_eq!(stored, format!("\"{}\"", feature.as_str()));
            assert_eq!(feature.as_str().parse::<Feature>().unwrap(), feature);
        }
        assert!("console".parse::<Feature>().is_err());
    }
}
