//! RDS and Aurora, one operation per file.

mod list_clusters;
mod list_instances;

pub(crate) use list_clusters::list_clusters;
pub(crate) use list_instances::list_instances;

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
