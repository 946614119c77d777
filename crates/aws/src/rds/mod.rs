//! RDS and Aurora, one operation per file.

mod list_clusters;
mod list_instances;
mod list_snapshots;

pub(crate) use list_clusters::list_clusters;
pub(crate) use list_instances::list_instances;
pub(crate) use list_snapshots::{list_cluster_snapshots, list_snapshots};

use std::collections::BTreeMap;

use aws_sdk_rds::types::Tag;

fn tags(tags: &[Tag]) -> BTreeMap<String, String> {
    tags.iter()
        .filter_map(|t| {
            Some((
                t.key()?.to_owned(),
                t.value().unwrap_or_default().to_owned(),
            ))
        })
        .collect()
}
