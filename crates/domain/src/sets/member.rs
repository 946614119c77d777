use serde::{Deserialize, Serialize};

use super::{Retention, SetManifest};
use crate::{AccountId, Arn, Invalid, Partition, Region, ResourceType};

/// A member of a set: one resource, named in exactly one of the ways that there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Name in the set: letters, digits, `-` and `_`.
    pub name: String,
    /// A `DynamoDB` table by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// An EFS file system by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_system: Option<String>,
    /// An RDS DB instance by its identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub db_instance: Option<String>,
    /// An Aurora or Multi-AZ DB cluster by its identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub db_cluster: Option<String>,
    /// A `MemoryDB` cluster by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memorydb_cluster: Option<String>,
    /// The EBS volumes of an EC2 instance, by the instance's id: one crash-consistent set of snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_volumes: Option<String>,
    /// Any other resource that AWS Backup protects, by its ARN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<Arn>,
    /// Account, where it is not the set's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Region, where it is not the set's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Vault, where it is not the set's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault: Option<String>,
    /// Role that AWS Backup assumes, where it is not the set's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_role: Option<String>,
    /// How long its points are kept, where that is not as the set says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// Whether AWS Backup backs it up continuously.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub continuous_backup: bool,
}

impl Member {
    /// How it is named: which member of the manifest, and its value.
    pub(super) fn ways(&self) -> Vec<(&'static str, &str)> {
        [
            ("table", self.table.as_deref()),
            ("file_system", self.file_system.as_deref()),
            ("db_instance", self.db_instance.as_deref()),
            ("db_cluster", self.db_cluster.as_deref()),
            ("memorydb_cluster", self.memorydb_cluster.as_deref()),
            ("instance_volumes", self.instance_volumes.as_deref()),
            ("resource", self.resource.as_ref().map(Arn::as_str)),
        ]
        .into_iter()
        .filter_map(|(way, value)| value.map(|value| (way, value)))
        .collect()
    }

    /// The ARN of what it stands for, with the set's account and Region where it names none.
    pub fn arn(&self, set: &SetManifest) -> Result<Arn, Invalid> {
        let ways = self.ways();
        let [(way, id)] = ways[..] else {
            let rule = "must be named in exactly one way: table, file_system, db_instance, db_cluster, memorydb_cluster, \
                        instance_volumes or resource";
            return Err(Invalid::new("", rule));
        };
        if let Some(arn) = &self.resource {
            return Ok(arn.clone());
        }
        let account = self.account.as_ref().or(set.account.as_ref());
        let account = account
            .ok_or_else(|| Invalid::new("account", "must be given here or for the whole set"))?;
        let region = self.region.as_ref().or(set.region.as_ref());
        let region = region
            .ok_or_else(|| Invalid::new("region", "must be given here or for the whole set"))?;
        let service = match way {
            "table" => "dynamodb",
            "file_system" => "elasticfilesystem",
            "memorydb_cluster" => "memorydb",
            "instance_volumes" => "ec2",
            _ => "rds",
        };
        let resource = match way {
            "table" => format!("table/{id}"),
            "file_system" => format!("file-system/{id}"),
            "db_instance" => format!("db:{id}"),
            "db_cluster" => format!("cluster:{id}"),
            "instance_volumes" => format!("instance/{id}"),
            _ => format!("cluster/{id}"),
        };
        let partition = Partition::of(region);
        let well = id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if id.is_empty() || id.len() > 255 || !well {
            return Err(Invalid::new(
                way,
                "must have 1 to 255 letters, digits, - _ or .",
            ));
        }
        Arn::parse(format!(
            "arn:{partition}:{service}:{region}:{account}:{resource}"
        ))
        .map_err(|invalid| invalid.in_field(way))
    }

    /// The type of what an ARN names, as far as members can be named by it.
    pub fn resource_type(arn: &Arn) -> ResourceType {
        match (arn.service(), arn.resource()) {
            ("dynamodb", _) => ResourceType::DynamoDb,
            ("elasticfilesystem", _) => ResourceType::Efs,
            ("memorydb", _) => ResourceType::MemoryDb,
            ("ec2", resource) if resource.starts_with("instance/") => ResourceType::Ec2,
            ("ec2", _) => ResourceType::Ebs,
            ("s3", _) => ResourceType::S3,
            ("rds", resource) if resource.starts_with("cluster:") => ResourceType::Aurora,
            ("rds", _) => ResourceType::Rds,
            (service, _) => ResourceType::Other(service.to_owned()),
        }
    }

    /// The vault that takes its points.
    pub fn vault<'a>(&'a self, set: &'a SetManifest) -> Option<&'a str> {
        self.vault.as_deref().or(set.vault.as_deref())
    }

    /// How long its points are kept.
    pub fn retention(&self, set: &SetManifest) -> Retention {
        self.retention.or(set.retention).unwrap_or_default()
    }

    /// The role that AWS Backup assumes for it.
    pub fn service_role<'a>(&'a self, set: &'a SetManifest) -> Option<&'a str> {
        self.service_role.as_deref().or(set.service_role.as_deref())
    }
}
