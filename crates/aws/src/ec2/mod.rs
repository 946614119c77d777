//! EC2, one operation per file.

mod list_instances;
mod list_snapshots;
mod list_volumes;

pub(crate) use list_instances::list_instances;
pub(crate) use list_snapshots::list_snapshots;
pub(crate) use list_volumes::list_volumes;

use std::collections::BTreeMap;

use aws_sdk_ec2::types::Tag;

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

/// The name that people gave: the tag `Name`, or else the id.
fn name(tags: &BTreeMap<String, String>, id: &str) -> String {
    tags.get("Name")
        .filter(|n| !n.is_empty())
        .map_or_else(|| id.to_owned(), Clone::clone)
}
