use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::BucketPlace;
use crate::{Check, Invalid};

/// A change of a bucket's settings that can do no harm to what lies in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SettingsFix {
    /// Switch versioning on.
    EnableVersioning,
    /// Block every kind of public access.
    BlockPublicAccess,
    /// Take from a lifecycle rule what expires objects; nothing else of it changes. A rule that would do nothing more
    /// goes.
    StopExpiring {
        /// The rule's `ID`.
        rule: String,
    },
}

impl fmt::Display for SettingsFix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EnableVersioning => f.write_str("versioning"),
            Self::BlockPublicAccess => f.write_str("public-access"),
            Self::StopExpiring { rule } => write!(f, "expiry:{rule}"),
        }
    }
}

impl FromStr for SettingsFix {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text {
            "versioning" => Ok(Self::EnableVersioning),
            "public-access" => Ok(Self::BlockPublicAccess),
            other => match other.strip_prefix("expiry:") {
                Some(rule) if !rule.is_empty() => Ok(Self::StopExpiring {
                    rule: rule.to_owned(),
                }),
                _ => Err(Invalid::new(
                    "fix",
                    "must be versioning, public-access, or expiry: with the id of a lifecycle rule",
                )),
            },
        }
    }
}

impl TryFrom<String> for SettingsFix {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<SettingsFix> for String {
    fn from(fix: SettingsFix) -> Self {
        fix.to_string()
    }
}

impl SettingsFix {
    /// What it does, for a button.
    pub fn label(&self) -> String {
        match self {
            Self::EnableVersioning => "Switch versioning on".to_owned(),
            Self::BlockPublicAccess => "Block public access".to_owned(),
            Self::StopExpiring { rule } => format!("Stop rule {rule} from expiring objects"),
        }
    }
}

/// What is to be changed of which bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsRequest {
    /// The bucket.
    pub place: BucketPlace,
    /// The changes.
    pub fixes: Vec<SettingsFix>,
}

impl SettingsRequest {
    /// A lifecycle configuration holds at most 1,000 rules.
    const MOST: usize = 1_002;

    /// Refuses a request that makes no sense, and takes each change once.
    ///
    /// # Errors
    /// When there is nothing to change, or the place is none.
    pub fn checked(mut self) -> Result<Self, Invalid> {
        self.place.check()?;
        self.fixes.sort();
        self.fixes.dedup();
        if self.fixes.is_empty() {
            return Err(Invalid::new("fix", "must name at least one change"));
        }
        if self.fixes.len() > Self::MOST {
            return Err(Invalid::new("fix", "must name at most 1002 changes"));
        }
        Ok(self)
    }
}

/// One change with what is so before it and after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedFix {
    /// The change.
    pub fix: SettingsFix,
    /// How it is now.
    pub before: String,
    /// How it will be.
    pub after: String,
}

/// Exactly what a change of a bucket's settings would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsPlan {
    /// What was asked for.
    pub request: SettingsRequest,
    /// Each change.
    pub changes: Vec<PlannedFix>,
    /// What was checked before.
    pub checks: Vec<Check>,
    /// Digest over what is so now and what is asked for.
    pub digest: String,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_fix_reads_as_it_is_written_and_nonsense_is_refused() {
        for text in ["versioning", "public-access", "expiry:old logs: 7"] {
            assert_eq!(text.parse::<SettingsFix>().unwrap().to_string(), text);
        }
        for text in ["", "expiry:", "Versioning", "lock"] {
            assert_eq!(text.parse::<SettingsFix>().unwrap_err().field, "fix");
        }
    }
}
