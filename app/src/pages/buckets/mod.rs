//! Buckets that others write their backups to.

mod blocks;
mod browse;
mod copy;
mod copy_plan;
mod fix;
mod list;
mod one;

pub(crate) use blocks::BucketBlocksPage;
pub(crate) use browse::BucketBrowsePage;
pub(crate) use copy::BucketCopyPage;
pub(crate) use fix::BucketFixPage;
pub(crate) use list::BucketsPage;
pub(crate) use one::BucketPage;

use tidemark_domain::buckets::BucketPlace;

use crate::{
    components::Crumb,
    server_fns::buckets::{BrowseQuery, CopyQuery, PlaceQuery},
};

/// The page of a bucket.
pub(crate) fn bucket_href(place: &BucketPlace) -> String {
    PlaceQuery::of(place).query().on("/buckets/one")
}

/// What lies under a prefix.
fn browse_href(place: &BucketPlace, prefix: &str) -> String {
    BrowseQuery::of(place, prefix).query().on("/buckets/browse")
}

/// The same as backups of block storage.
fn blocks_href(place: &BucketPlace, prefix: &str) -> String {
    BrowseQuery::of(place, prefix).query().on("/buckets/blocks")
}

/// A copy of a prefix, to where is not said yet.
fn copy_href(place: &BucketPlace, prefix: &str) -> String {
    CopyQuery::from(place, prefix).query().on("/buckets/copy")
}

/// The way to a folder: all buckets, the bucket, each folder above.
fn crumbs(place: &BucketPlace, prefix: &str, href: fn(&BucketPlace, &str) -> String) -> Vec<Crumb> {
    let mut crumbs = vec![
        Crumb::new("Buckets", "/buckets"),
        Crumb::new(place.bucket.clone(), bucket_href(place)),
    ];
    if !prefix.is_empty() {
        crumbs.push(Crumb::new("/", href(place, "")));
    }
    let slashes = prefix.match_indices('/').map(|(at, _)| at + 1);
    let mut begin = 0;
    for end in slashes.filter(|end| *end < prefix.len()) {
        crumbs.push(Crumb::new(
            prefix[begin..end].to_owned(),
            href(place, &prefix[..end]),
        ));
        begin = end;
    }
    crumbs
}

/// The last part of a key or a folder.
fn own_name(key: &str) -> String {
    let path = key.strip_suffix('/').unwrap_or(key);
    let start = path.rfind('/').map_or(0, |at| at + 1);
    key[start..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::own_name;

    #[test]
    fn a_key_is_called_by_its_last_part() {
        for (key, name) in [
            ("a/b/c", "c"),
            ("a/b/", "b/"),
            ("a", "a"),
            ("a//", "/"),
            ("", ""),
        ] {
            assert_eq!(own_name(key), name, "{key}");
        }
    }
}
