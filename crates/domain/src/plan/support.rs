use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ResourceType;

/// Which types move to cold storage and which can be backed up continuously.
///
/// AWS's own pages do not agree about cold storage, so this is data that a person can change; the pages
/// that show it say so. The default is what "Feature availability by resource" names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypeSupport {
    /// Types whose points move to cold storage.
    pub cold: BTreeSet<String>,
    /// Types whose points move to cold storage only where the lifecycle opts in to archiving.
    pub cold_by_opt_in: BTreeSet<String>,
    /// Types with continuous backup.
    pub continuous: BTreeSet<String>,
    /// Types that are copied across accounts or across Regions, but not both in one step.
    pub one_boundary: BTreeSet<String>,
    /// Types whose points are not copied at all.
    pub not_copied: BTreeSet<String>,
    /// Types whose points cannot lie in a logically air-gapped vault.
    pub not_air_gapped: BTreeSet<String>,
}

impl Default for TypeSupport {
    fn default() -> Self {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            cold: set(&[
                "DynamoDB",
                "EFS",
                "SAP HANA on Amazon EC2",
                "Timestream",
                "VirtualMachine",
            ]),
            cold_by_opt_in: set(&["EBS"]),
            continuous: set(&["Aurora", "RDS", "S3", "SAP HANA on Amazon EC2"]),
            one_boundary: set(&["Aurora", "DocumentDB", "Neptune", "RDS"]),
            not_copied: set(&["MemoryDB", "Redshift", "Redshift Serverless"]),
            not_air_gapped: set(&["Redshift", "Redshift Serverless"]),
        }
    }
}

impl TypeSupport {
    /// Whether points of the type move to cold storage.
    pub fn moves_to_cold(&self, resource_type: &ResourceType, archive_opt_in: bool) -> bool {
        let name = resource_type.as_str();
        self.cold.contains(name) || (archive_opt_in && self.cold_by_opt_in.contains(name))
    }

    /// Whether the type can be backed up continuously.
    pub fn is_continuous(&self, resource_type: &ResourceType) -> bool {
        self.continuous.contains(resource_type.as_str())
    }
}
