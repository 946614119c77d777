use std::{collections::BTreeMap, sync::Arc};

use awsim_core::AccountRegionStore;
use awsim_efs::{EfsState, state::FileSystem};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_sandbox_backup::{Captured, ProviderError, ResourceProvider, SimResource};

use super::{bridge::Bridge, error, foreign, id_of, metadata};
use crate::contents::Contents;

/// Items that one restore may name.
const ITEMS_LIMIT: usize = 5;

/// EFS file systems.
pub(super) struct FileSystems {
    efs: Bridge,
    store: AccountRegionStore<EfsState>,
    contents: Contents,
}

/// What a file system was and held: a JSON object of paths and texts, or anything else whole.
struct FileSystemCapture {
    file_system: FileSystem,
    content: Bytes,
}

impl FileSystems {
    pub(super) fn new(
        efs: Bridge,
        store: AccountRegionStore<EfsState>,
        contents: Contents,
    ) -> Self {
        Self {
            efs,
            store,
            contents,
        }
    }

    fn create(
        &self,
        account: &str,
        region: &str,
        captured: &Captured,
        given: &BTreeMap<String, String>,
    ) -> Result<String, ProviderError> {
        let value = |key| metadata::value(given, captured, key);
        let mut request = json!({
            "CreationToken": metadata::given(given, "CreationToken")
                .map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned),
            "PerformanceMode": value("PerformanceMode").unwrap_or("generalPurpose"),
            "Encrypted": metadata::flag(value("Encrypted")),
        });
        if let Some(key) = value("KmsKeyId") {
            request["KmsKeyId"] = json!(key);
        }
        let created = self
            .efs
            .call(account, region, "CreateFileSystem", request)?;
        created["FileSystemId"]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| error("InternalServerError", "The file system was not created"))
    }
}

fn size(file_system: &FileSystem, content: &Bytes) -> u64 {
    file_system.size_in_bytes_value.max(content.len() as u64)
}

/// Files of a restore go under a directory of their own, never over what is there.
fn merge(
    present: &Bytes,
    restored: &Bytes,
    items: &[String],
    at: Timestamp,
    new: bool,
) -> Result<Bytes, ProviderError> {
    let files = |content: &Bytes| -> Option<serde_json::Map<String, Value>> {
        if content.is_empty() {
            return Some(serde_json::Map::new());
        }
        serde_json::from_slice(content).ok()
    };
    let (Some(mut merged), Some(from)) = (files(present), files(restored)) else {
        if new && items.is_empty() {
            return Ok(restored.clone());
        }
        return Err(error(
            "InvalidRequestException",
            "The file system's content is no list of files",
        ));
    };
    let directory = if new && items.is_empty() {
        String::new()
    } else {
        format!("/aws-backup-restore_{}", at.strftime("%Y-%m-%dT%H-%M-%SZ"))
    };
    for (path, file) in from {
        let asked = items.is_empty()
            || items.iter().any(|item| {
                path == *item || path.starts_with(&format!("{}/", item.trim_end_matches('/')))
            });
        if asked {
            merged.insert(format!("{directory}{path}"), file);
        }
    }
    serde_json::to_vec(&merged)
        .map(Bytes::from)
        .map_err(|failure| error("InternalServerError", failure.to_string()))
}

impl ResourceProvider for FileSystems {
    fn resource_type(&self) -> &'static str {
        "EFS"
    }

    fn list(&self, account: &str, region: &str) -> Vec<SimResource> {
        self.store
            .get(account, region)
            .file_systems
            .iter()
            .map(|entry| {
                let arn = entry.file_system_arn.clone();
                SimResource {
                    name: entry
                        .name
                        .clone()
                        .unwrap_or_else(|| entry.file_system_id.clone()),
                    tags: entry.tags.clone().into_iter().collect(),
                    size_bytes: size(&entry, &self.contents.read(&arn)),
                    arn,
                }
            })
            .collect()
    }

    fn capture(
        &self,
        account: &str,
        region: &str,
        arn: &str,
        _at: Timestamp,
    ) -> Result<Captured, ProviderError> {
        let id = id_of(arn);
        let file_system = self
            .store
            .get(account, region)
            .file_systems
            .get(id)
            .map(|entry| entry.value().clone())
            .ok_or_else(|| {
                error(
                    "FileSystemNotFound",
                    format!("File system '{id}' does not exist."),
                )
            })?;
        let content = self.contents.read(arn);
        let mut restore_metadata = BTreeMap::from([
            ("file-system-id".to_owned(), id.to_owned()),
            ("newFileSystem".to_owned(), "true".to_owned()),
            ("Encrypted".to_owned(), file_system.encrypted.to_string()),
            (
                "PerformanceMode".to_owned(),
                file_system.performance_mode.clone(),
            ),
        ]);
        if let Some(key) = &file_system.kms_key_id {
            restore_metadata.insert("KmsKeyId".to_owned(), key.clone());
        }
        Ok(Captured {
            size_bytes: size(&file_system, &content),
            restore_metadata,
            data: Arc::new(FileSystemCapture {
                file_system,
                content,
            }),
        })
    }

    fn restore(
        &self,
        account: &str,
        region: &str,
        captured: &Captured,
        given: &BTreeMap<String, String>,
        at: Timestamp,
    ) -> Result<String, ProviderError> {
        let capture = captured
            .data
            .downcast_ref::<FileSystemCapture>()
            .ok_or_else(foreign)?;
        let items = metadata::json_list(metadata::given(given, "ItemsToRestore"))?;
        if items.len() > ITEMS_LIMIT {
            return Err(error(
                "InvalidParameterValueException",
                format!("ItemsToRestore may name {ITEMS_LIMIT} items at most"),
            ));
        }
        let new = metadata::flag(metadata::value(given, captured, "newFileSystem"));
        let id = if new {
            self.create(account, region, captured, given)?
        } else {
            metadata::required(given, "file-system-id")?.to_owned()
        };
        let state = self.store.get(account, region);
        let mut target = state.file_systems.get_mut(&id).ok_or_else(|| {
            error(
                "FileSystemNotFound",
                format!("File system '{id}' does not exist."),
            )
        })?;
        let arn = target.file_system_arn.clone();
        let content = merge(&self.contents.read(&arn), &capture.content, &items, at, new)?;
        if new {
            target.size_in_bytes_value = capture.file_system.size_in_bytes_value;
        } else {
            target.size_in_bytes_value += capture.file_system.size_in_bytes_value;
        }
        self.contents.write(&arn, content);
        Ok(arn)
    }

    fn supports_cold_storage(&self) -> bool {
        true
    }

    fn supports_continuous(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_restore_into_a_living_file_system_keeps_its_files() {
        let at: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let merged = merge(
            &Bytes::from_static(br#"{"/a":"now"}"#),
            &Bytes::from_static(br#"{"/a":"then","/b/c":"then","/d":"then"}"#),
            &["/a".to_owned(), "/b".to_owned()],
            at,
            false,
        )
        .unwrap();
        let files: Value = serde_json::from_slice(&merged).unwrap();
        assert_eq!(
            files,
            json!({
                "/a": "now",
                "/aws-backup-restore_2026-01-02T03-04-05Z/a": "then",
                "/aws-backup-restore_2026-01-02T03-04-05Z/b/c": "then",
            })
        );
    }
}
