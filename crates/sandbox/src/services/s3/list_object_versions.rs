use awsim_core::{AwsError, RequestContext};
use awsim_s3::state::{Bucket, S3Object};
use jiff::fmt::rfc2822;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{S3, STATE_REGION, errors, text};

/// Entries of a page at most.
const PAGE: usize = 1000;

/// What stays as it is when keys are URL-encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// One entry of the listing.
enum Entry {
    Version { object: Box<S3Object>, latest: bool },
    Prefix(String),
}

impl S3 {
    /// `ListObjectVersions`: keys in order, the newest version of each first, and pages that go on
    /// exactly after the last entry of the page before.
    pub(super) fn list_object_versions(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let name = text(input, "Bucket").unwrap_or_default();
        let state = self.store.get(&ctx.account_id, STATE_REGION);
        let bucket = state
            .buckets
            .get(name)
            .ok_or_else(|| errors::no_such_bucket(name))?;
        let limit = match text(input, "max-keys") {
            None => PAGE,
            Some(text) => text
                .parse::<usize>()
                .map_err(|_| {
                    errors::invalid("Argument maxKeys must be an integer between 0 and 2147483647")
                })?
                .min(PAGE),
        };
        let (key_marker, version_marker) =
            (text(input, "key-marker"), text(input, "version-id-marker"));
        if version_marker.is_some() && key_marker.is_none() {
            return Err(errors::invalid(
                "A version-id marker cannot be specified without a key marker.",
            ));
        }
        let query = Query {
            prefix: text(input, "prefix").unwrap_or_default(),
            delimiter: text(input, "delimiter"),
            key_marker: key_marker.unwrap_or_default(),
            version_marker,
            limit,
        };
        let url = text(input, "encoding-type") == Some("url");
        let (page, more) = query.page(&bucket);
        Ok(shown(name, &query, &page, more, url))
    }
}

struct Query<'a> {
    prefix: &'a str,
    delimiter: Option<&'a str>,
    key_marker: &'a str,
    version_marker: Option<&'a str>,
    limit: usize,
}

impl Query<'_> {
    fn page(&self, bucket: &Bucket) -> (Vec<Entry>, bool) {
        let mut keys: Vec<String> = bucket
            .objects
            .iter()
            .map(|entry| entry.key().clone())
            .filter(|key| key.starts_with(self.prefix) && key.as_str() >= self.key_marker)
            .collect();
        keys.sort_unstable();
        let mut page = Vec::new();
        for key in keys {
            if let Some(common) = self.common_prefix(&key) {
                let seen = matches!(page.last(), Some(Entry::Prefix(last)) if *last == common)
                    || (!self.key_marker.is_empty() && common.as_str() <= self.key_marker);
                if seen {
                    continue;
                }
                if page.len() == self.limit {
                    return (page, true);
                }
                page.push(Entry::Prefix(common));
                continue;
            }
            let on_marker = key == self.key_marker && !self.key_marker.is_empty();
            if on_marker && self.version_marker.is_none() {
                continue;
            }
            let Some(versions) = bucket.objects.get(&key) else {
                continue;
            };
            let mut passed = !on_marker;
            for (index, object) in versions.iter().rev().enumerate() {
                if !passed {
                    passed = Some(version_id(object)) == self.version_marker;
                    continue;
                }
                if page.len() == self.limit {
                    return (page, true);
                }
                page.push(Entry::Version {
                    object: Box::new(object.clone()),
                    latest: index == 0,
                });
            }
        }
        (page, false)
    }

    fn common_prefix(&self, key: &str) -> Option<String> {
        let delimiter = self.delimiter?;
        let rest = &key[self.prefix.len()..];
        let end = rest.find(delimiter)? + delimiter.len();
        Some(format!("{}{}", self.prefix, &rest[..end]))
    }
}

fn version_id(object: &S3Object) -> &str {
    object.version_id.as_deref().unwrap_or("null")
}

fn shown(bucket: &str, query: &Query<'_>, page: &[Entry], more: bool, url: bool) -> Value {
    let encode = |text: &str| {
        if url {
            utf8_percent_encode(text, ENCODED).to_string()
        } else {
            text.to_owned()
        }
    };
    let mut versions = Vec::new();
    let mut markers = Vec::new();
    let mut prefixes = Vec::new();
    for entry in page {
        match entry {
            Entry::Prefix(prefix) => prefixes.push(json!({"Prefix": encode(prefix)})),
            Entry::Version { object, latest } => {
                let mut shown = json!({
                    "Key": encode(&object.key),
                    "VersionId": version_id(object),
                    "IsLatest": latest,
                    "LastModified": rfc2822::parse(&object.last_modified)
                        .map_or_else(|_| object.last_modified.clone(), |time| time.timestamp().to_string()),
                });
                if object.is_delete_marker {
                    markers.push(shown);
                } else {
                    shown["ETag"] = json!(object.etag);
                    shown["Size"] = json!(object.content_length);
                    shown["StorageClass"] = json!("STANDARD");
                    versions.push(shown);
                }
            }
        }
    }
    let mut answer = json!({
        "__xml_root": "ListVersionsResult",
        "Name": bucket,
        "Prefix": encode(query.prefix),
        "KeyMarker": encode(query.key_marker),
        "VersionIdMarker": query.version_marker.unwrap_or_default(),
        "MaxKeys": query.limit,
        "IsTruncated": more,
        "Version": versions,
        "DeleteMarker": markers,
        "CommonPrefixes": prefixes,
    });
    if let Some(delimiter) = query.delimiter {
        answer["Delimiter"] = json!(encode(delimiter));
    }
    if url {
        answer["EncodingType"] = json!("url");
    }
    if more {
        match page.last() {
            Some(Entry::Version { object, .. }) => {
                answer["NextKeyMarker"] = json!(encode(&object.key));
                answer["NextVersionIdMarker"] = json!(version_id(object));
            }
            Some(Entry::Prefix(prefix)) => answer["NextKeyMarker"] = json!(encode(prefix)),
            None => {}
        }
    }
    answer
}
