//! Recovery points and jobs, as the catalogue knows them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Arn, LegalHold, Region, ResourceType, Vault};

/// A recovery point as the catalogue holds and pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryPoint {
    /// Its ARN; the key together with the vault's account and Region.
    pub arn: Arn,
    /// What it is a copy of.
    pub resource_arn: Arn,
    /// Type of that resource.
    pub resource_type: ResourceType,
    /// Account in which the point lies.
    pub account: AccountId,
    /// Region in which the point lies.
    pub region: Region,
    /// Vault; none for backups made outside AWS Backup.
    pub vault: Option<String>,
    /// Who made it.
    pub source: PointSource,
    /// Status as AWS words it; unknown words are kept.
    pub status: String,
    /// Why it is in that status, where AWS tells.
    pub status_message: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was complete.
    pub completed_at: Option<Timestamp>,
    /// Size in bytes.
    pub size_bytes: Option<u64>,
    /// Storage tier.
    pub tier: Tier,
    /// When it moves to cold storage.
    pub cold_at: Option<Timestamp>,
    /// When it is deleted.
    pub delete_at: Option<Timestamp>,
    /// The vault is locked: it cannot be deleted before its time.
    pub locked: bool,
    /// A legal hold keeps it from being deleted.
    #[serde(default)]
    pub held: bool,
    /// The point that it was copied from, where that is known: a copy whose source nobody told of has
    /// none, and is a copy all the same; see [`RecoveryPoint::is_copy`].
    pub copied_from: Option<Arn>,
    /// The vault that it was copied from (`SourceBackupVaultArn`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied_from_vault: Option<Arn>,
    /// The composite point that it belongs to.
    pub parent: Option<Arn>,
    /// The plan that made it.
    pub plan_id: Option<String>,
    /// The rule of that plan.
    #[serde(default)]
    pub rule_id: Option<String>,
}

impl RecoveryPoint {
    /// Whether it is a copy of another point, known or not.
    pub fn is_copy(&self) -> bool {
        self.copied_from.is_some() || self.copied_from_vault.is_some()
    }

    /// Whether a restore can start from it.
    pub fn is_usable(&self) -> bool {
        matches!(
            self.status.as_str(),
            "COMPLETED" | "AVAILABLE" | "STOPPED" | "PARTIAL" | "EXPIRED"
        )
    }
}

/// A recovery point with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointDetail {
    /// The point.
    pub point: RecoveryPoint,
    /// Name of the resource.
    pub resource_name: String,
    /// Alias of the account that holds the point.
    pub alias: String,
    /// What it was copied from, the first one first, as far as the catalogue knows them.
    pub sources: Vec<RecoveryPoint>,
    /// Copies that were made of it, of any generation.
    pub copies: Vec<RecoveryPoint>,
    /// Members, when it is a composite point.
    pub members: Vec<RecoveryPoint>,
    /// The vault that holds it, where it is known.
    pub vault: Option<Vault>,
    /// Legal holds that keep it.
    pub holds: Vec<LegalHold>,
}

/// Who made a recovery point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointSource {
    /// AWS Backup, one snapshot.
    AwsBackup,
    /// AWS Backup, continuous.
    Continuous,
    /// DynamoDB on-demand backup made outside AWS Backup.
    DynamoDbBackup,
    /// DynamoDB's own backup of a deleted table (`SYSTEM`).
    DynamoDbSystem,
    /// MemoryDB snapshot.
    MemoryDbSnapshot,
    /// EBS snapshot made outside AWS Backup.
    EbsSnapshot,
    /// RDS or Aurora snapshot made outside AWS Backup.
    RdsSnapshot,
}

impl PointSource {
    /// All of them. Timelines count by their places: new ones go to the end.
    pub const ALL: [Self; 7] = [
        Self::AwsBackup,
        Self::Continuous,
        Self::DynamoDbBackup,
        Self::DynamoDbSystem,
        Self::MemoryDbSnapshot,
        Self::EbsSnapshot,
        Self::RdsSnapshot,
    ];

    /// The word of addresses and of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::AwsBackup => "aws_backup",
            Self::Continuous => "continuous",
            Self::DynamoDbBackup => "dynamo_db_backup",
            Self::DynamoDbSystem => "dynamo_db_system",
            Self::MemoryDbSnapshot => "memory_db_snapshot",
            Self::EbsSnapshot => "ebs_snapshot",
            Self::RdsSnapshot => "rds_snapshot",
        }
    }

    /// Parses the word of an address.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.word() == word)
    }

    /// The name shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwsBackup => "AWS Backup",
            Self::Continuous => "AWS Backup, continuous",
            Self::DynamoDbBackup => "DynamoDB on-demand backup",
            Self::DynamoDbSystem => "DynamoDB system backup",
            Self::MemoryDbSnapshot => "MemoryDB snapshot",
            Self::EbsSnapshot => "EBS snapshot",
            Self::RdsSnapshot => "RDS snapshot",
        }
    }
}

/// Storage tier of a recovery point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Warm storage.
    Warm,
    /// Cold storage.
    Cold,
}

impl Tier {
    /// The word shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warm => "warm",
            Self::Cold => "cold",
        }
    }

    /// Parses the word of an address.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Warm, Self::Cold]
            .into_iter()
            .find(|tier| tier.as_str() == word)
    }
}

/// What a list of recovery points shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PointFilter {
    /// Only points of this resource.
    pub resource: Option<Arn>,
    /// Only points in this account.
    pub account: Option<AccountId>,
    /// Only points in this Region.
    pub region: Option<Region>,
    /// Only points of resources that this person owns by tag; set by the use case.
    pub owner: Option<String>,
    /// Only points in vaults of this name.
    pub vault: Option<String>,
    /// Only points of resources of this type.
    pub resource_type: Option<ResourceType>,
    /// Only points in this status, as AWS words it.
    pub status: Option<String>,
    /// Only points in this tier.
    pub tier: Option<Tier>,
    /// Only points from this source.
    pub source: Option<PointSource>,
    /// Only points that this plan made.
    pub plan: Option<String>,
    /// Only points of resources whose name or ARN holds this text, or the one point of this ARN.
    pub text: Option<String>,
    /// Only points of resources with this tag: `key` or `key=value`.
    pub tag: Option<String>,
    /// Only points under a legal hold, or only the others.
    pub held: Option<bool>,
    /// Only points in locked vaults, or only the others.
    pub locked: Option<bool>,
    /// Only points made at or after.
    pub from: Option<Timestamp>,
    /// Only points made before.
    pub until: Option<Timestamp>,
    /// From the oldest to the newest; otherwise from the newest to the oldest.
    pub oldest_first: bool,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 1000, 50 by default.
    pub limit: Option<u16>,
}

impl PointFilter {
    /// Whether it leaves nothing out. How a list is ordered and paged narrows nothing, and neither
    /// does text of nothing but blanks.
    pub fn takes_everything(&self) -> bool {
        let blank = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
        let Self {
            resource,
            account,
            region,
            owner,
            vault,
            resource_type,
            status,
            tier,
            source,
            plan,
            text,
            tag,
            held,
            locked,
            from,
            until,
            oldest_first: _,
            cursor: _,
            limit: _,
        } = self;
        resource.is_none()
            && account.is_none()
            && region.is_none()
            && resource_type.is_none()
            && tier.is_none()
            && source.is_none()
            && held.is_none()
            && locked.is_none()
            && from.is_none()
            && until.is_none()
            && [owner, vault, status, plan, text, tag]
                .into_iter()
                .all(blank)
    }
}

/// A backup, copy or restore job as the catalogue holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Job id; the key together with account and Region.
    pub id: String,
    /// What kind of job.
    pub kind: JobKind,
    /// Account in which it runs.
    pub account: AccountId,
    /// Region in which it runs.
    pub region: Region,
    /// Resource that it backs up or that the point is of.
    pub resource_arn: Option<Arn>,
    /// Point that it makes or reads.
    pub point_arn: Option<Arn>,
    /// Status as AWS words it.
    pub status: String,
    /// Why it is in that status.
    pub message: Option<String>,
    /// How far it is, 0 to 100, where AWS tells.
    pub percent: Option<f64>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// The vault that takes what it makes; none for restores.
    #[serde(default)]
    pub vault: Option<String>,
    /// The plan that asked for it; none when a person did.
    #[serde(default)]
    pub plan_id: Option<String>,
    /// The rule of that plan.
    #[serde(default)]
    pub rule_id: Option<String>,
    /// Until when it must have started, or it expires; backups only.
    #[serde(default)]
    pub start_by: Option<Timestamp>,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Makes a recovery point.
    Backup,
    /// Copies one.
    Copy,
    /// Restores from one.
    Restore,
}
