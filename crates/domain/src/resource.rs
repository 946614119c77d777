//! Resources whose data is worth protecting, as the catalogue knows them.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Arn, Region, ScopeState};

/// A resource type as the AWS Backup API names it. Unknown types are kept as they come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum ResourceType {
    /// `DynamoDB`
    DynamoDb,
    /// `S3`
    S3,
    /// `EBS`
    Ebs,
    /// `EC2`
    Ec2,
    /// `RDS`
    Rds,
    /// `Aurora`
    Aurora,
    /// `EFS`
    Efs,
    /// `MemoryDB`; not a type of AWS Backup, but of this console.
    MemoryDb,
    /// Any other.
    Other(String),
}

impl ResourceType {
    /// The types whose resources are read from their own services, so that one that is not among them is gone. Of others
    /// AWS Backup tells what it has backed up, which says nothing of what is still there.
    pub const LISTED: [Self; 8] = [
        Self::DynamoDb,
        Self::S3,
        Self::Ebs,
        Self::Ec2,
        Self::Rds,
        Self::Aurora,
        Self::Efs,
        Self::MemoryDb,
    ];

    /// Whether resources of the type are read from its own service.
    pub fn is_listed(&self) -> bool {
        Self::LISTED.contains(self)
    }

    /// The name in the API.
    pub fn as_str(&self) -> &str {
        match self {
            Self::DynamoDb => "DynamoDB",
            Self::S3 => "S3",
            Self::Ebs => "EBS",
            Self::Ec2 => "EC2",
            Self::Rds => "RDS",
            Self::Aurora => "Aurora",
            Self::Efs => "EFS",
            Self::MemoryDb => "MemoryDB",
            Self::Other(name) => name,
        }
    }
}

impl From<String> for ResourceType {
    fn from(name: String) -> Self {
        match name.as_str() {
            "DynamoDB" => Self::DynamoDb,
            "S3" => Self::S3,
            "EBS" => Self::Ebs,
            "EC2" => Self::Ec2,
            "RDS" => Self::Rds,
            "Aurora" => Self::Aurora,
            "EFS" => Self::Efs,
            "MemoryDB" => Self::MemoryDb,
            _ => Self::Other(name),
        }
    }
}

impl From<&str> for ResourceType {
    fn from(name: &str) -> Self {
        name.to_owned().into()
    }
}

impl From<ResourceType> for String {
    fn from(value: ResourceType) -> Self {
        value.as_str().to_owned()
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A resource as the catalogue holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Full ARN; the key.
    pub arn: Arn,
    /// Type.
    pub resource_type: ResourceType,
    /// Account that owns it.
    pub account: AccountId,
    /// Region it lives in.
    pub region: Region,
    /// Name that people use.
    pub name: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Size in bytes, where the service tells.
    pub size_bytes: Option<u64>,
    /// When it was created, where the service tells.
    pub created_at: Option<Timestamp>,
    /// The continuous window, where point-in-time recovery is on.
    pub pitr: Option<PitrWindow>,
    /// It is gone from the account, but recovery points of it remain.
    pub deleted: bool,
}

impl Resource {
    /// The owner that it names by its tag `owner`, in any case. Where several keys differ in case only,
    /// the one written so wins, and otherwise the first: whose it is must not depend on what somebody
    /// adds beside.
    pub fn owner(&self) -> Option<&str> {
        let any_case = || {
            let mut keys = self.tags.iter();
            keys.find(|(key, _)| key.eq_ignore_ascii_case("owner"))
                .map(|(_, owner)| owner)
        };
        self.tags.get("owner").or_else(any_case).map(String::as_str)
    }
}

/// The seconds to which a resource can be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PitrWindow {
    /// First restorable second.
    pub earliest: Timestamp,
    /// Last restorable second when it was read.
    pub latest: Timestamp,
}

impl PitrWindow {
    /// Whether the moment lies inside, both ends included, counting whole seconds.
    pub fn contains(&self, at: Timestamp) -> bool {
        (self.earliest.as_second()..=self.latest.as_second()).contains(&at.as_second())
    }
}

/// A resource as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceRow {
    /// Full ARN.
    pub arn: Arn,
    /// Type.
    pub resource_type: ResourceType,
    /// Account that owns it.
    pub account: AccountId,
    /// The account's alias.
    pub alias: String,
    /// Region it lives in.
    pub region: Region,
    /// Name that people use.
    pub name: String,
    /// Who owns it by tag `owner`, when anyone does.
    pub owner: Option<String>,
    /// Size in bytes.
    pub size_bytes: Option<u64>,
    /// Recovery points that exist.
    pub points: u64,
    /// When the newest usable one was made.
    pub newest_point: Option<Timestamp>,
    /// Point-in-time recovery reaches to here.
    pub pitr: Option<PitrWindow>,
    /// The last backup job of it failed or expired.
    pub failing: bool,
    /// It is gone from the account.
    pub deleted: bool,
}

impl ResourceRow {
    /// How it stands, in the word that lists show.
    pub fn protection(&self) -> Protection {
        if self.failing {
            Protection::Failing
        } else if self.newest_point.is_some() || self.pitr.is_some() {
            Protection::Protected
        } else {
            Protection::Unprotected
        }
    }
}

/// How a resource stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Something to restore from exists and the last job did not fail.
    Protected,
    /// Nothing to restore from exists.
    Unprotected,
    /// The last backup job failed or expired.
    Failing,
}

impl Protection {
    /// The word shown and used in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Unprotected => "unprotected",
            Self::Failing => "failing",
        }
    }

    /// Parses the word of a URL.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Protected, Self::Unprotected, Self::Failing]
            .into_iter()
            .find(|p| p.as_str() == text)
    }
}

/// What a list of resources shows. It is a URL's query string, so every field is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResourceFilter {
    /// Part of the name or ARN, ignoring case.
    pub text: Option<String>,
    /// Only this account.
    pub account: Option<AccountId>,
    /// Only this Region.
    pub region: Option<Region>,
    /// Only this type.
    pub resource_type: Option<ResourceType>,
    /// Only resources that stand so.
    pub protection: Option<Protection>,
    /// Only resources with this `owner` tag; set by the server for owners.
    pub owner: Option<String>,
    /// Order of the rows.
    pub sort: ResourceSort,
    /// Descending instead of ascending.
    pub descending: bool,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 200, 50 by default.
    pub limit: Option<u16>,
}

/// Order of a list of resources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceSort {
    /// By name.
    #[default]
    Name,
    /// By the time of the newest recovery point.
    NewestPoint,
    /// By size.
    Size,
}

/// Everything that a resource's page shows but its points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceDetail {
    /// The resource.
    pub resource: Resource,
    /// The account's alias.
    pub alias: String,
    /// How it stands.
    pub protection: Protection,
    /// State of its scope: how old all this is.
    pub scope: ScopeState,
    /// Recovery points that exist.
    pub points: u64,
    /// When the newest usable one was made.
    pub newest_point: Option<Timestamp>,
    /// The stretches whose seconds record-level backups can restore, by their beginning.
    #[serde(default)]
    pub records: Vec<PitrWindow>,
}

impl ResourceDetail {
    /// There is something to restore it from.
    pub fn is_restorable(&self) -> bool {
        self.newest_point.is_some() || self.resource.pitr.is_some() || !self.records.is_empty()
    }
}
