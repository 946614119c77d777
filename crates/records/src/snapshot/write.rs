use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{
    ManifestFile, ManifestSummary,
    data_file::{DataFile, md5_base64},
};
use crate::{
    error::RecordsError,
    index::{IndexHandle, SnapshotEntry, Updated},
    ports::PutObject,
    states::{Backup, KeyRange},
};

/// How a snapshot is cut.
#[derive(Clone, Debug)]
pub struct SnapshotOptions {
    /// Bytes of items in one data file, before compression. `ImportTable` takes 50,000 files.
    pub file_bytes: usize,
}

impl Default for SnapshotOptions {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
        }
    }
}

/// The id of the snapshot of a table as of a moment, in the shape of DynamoDB's export ids.
pub fn snapshot_id(table_arn: &str, as_of: Timestamp) -> String {
    let digest = Sha256::digest(format!("{table_arn} {}", as_of.as_millisecond()));
    let digest: String = hex::encode(digest).chars().take(8).collect();
    format!("{:014}-{digest}", as_of.as_millisecond())
}

/// Writes the table as of `as_of` in DynamoDB's export form and enters it in the index. Writing it
/// again leaves the same objects. Refused, with the object's name, where a part of the backup
/// cannot be read: a snapshot must not lack records silently.
pub async fn write_snapshot(
    index: &IndexHandle,
    as_of: Timestamp,
    options: &SnapshotOptions,
    now: Timestamp,
) -> Result<SnapshotEntry, RecordsError> {
    let backup = Backup::open(index.clone()).await?;
    let document = index.load().await?;
    let id = snapshot_id(&document.table.arn, as_of);
    let folder = index.paths().snapshot(&id);
    let writer = Writer {
        index,
        folder: &folder,
    };
    index
        .store()
        .put(&PutObject::new(format!("{folder}_started"), Bytes::new()))
        .await?;
    let mut states = backup.states(&[as_of], KeyRange::all()).await?;
    let mut file = DataFile::new();
    let mut files = Vec::new();
    let mut bytes = 0;
    let failed = |error: std::io::Error| RecordsError::Encode(error.to_string());
    while let Some(page) = states.next_page().await? {
        if let Some(trouble) = page.troubles.into_iter().next() {
            return Err(RecordsError::object(trouble.subject, trouble.what));
        }
        for record in &page.records {
            if let Some(item) = record.item(0) {
                file.add(item).map_err(failed)?;
            }
            if file.raw_bytes() >= options.file_bytes {
                let full = std::mem::replace(&mut file, DataFile::new());
                bytes += writer.data(full, &mut files).await?;
            }
        }
    }
    bytes += writer.data(file, &mut files).await?;
    let summary = ManifestSummary {
        version: "2020-06-30".to_owned(),
        export_arn: format!("{}/export/{id}", document.table.arn),
        start_time: now.to_string(),
        end_time: now.to_string(),
        table_arn: document.table.arn.clone(),
        table_id: String::new(),
        export_time: Some(as_of.to_string()),
        export_from_time: None,
        export_to_time: None,
        s3_bucket: index.store().bucket().to_owned(),
        s3_prefix: Some(index.paths().own().trim_end_matches('/').to_owned()),
        s3_sse_algorithm: None,
        s3_sse_kms_key_id: None,
        manifest_files_s3_key: format!("{folder}manifest-files.json"),
        billed_size_bytes: 0,
        item_count: files.iter().map(|file| file.item_count).sum(),
        output_format: "DYNAMODB_JSON".to_owned(),
        export_type: Some("FULL_EXPORT".to_owned()),
    };
    let sha256 = writer.manifests(&summary, &files).await?;
    let entry = SnapshotEntry {
        id,
        prefix: folder.clone(),
        as_of,
        written_at: now,
        items: summary.item_count,
        bytes,
        files: u64::try_from(files.len()).unwrap_or(u64::MAX),
        sha256,
    };
    index
        .update(|document| {
            document.snapshots.retain(|have| have.id != entry.id);
            document.snapshots.push(entry.clone());
            Ok(Updated::Write(()))
        })
        .await?;
    Ok(entry)
}

struct Writer<'a> {
    index: &'a IndexHandle,
    folder: &'a str,
}

impl Writer<'_> {
    /// Writes a data file and answers its length.
    async fn data(
        &self,
        file: DataFile,
        files: &mut Vec<ManifestFile>,
    ) -> Result<u64, RecordsError> {
        let finished = file
            .finish()
            .map_err(|error| RecordsError::Encode(error.to_string()))?;
        let Some(finished) = finished else {
            return Ok(0);
        };
        let name = format!("{}data/{}.json.gz", self.folder, finished.name);
        let length = u64::try_from(finished.body.len()).unwrap_or(u64::MAX);
        let stored = self
            .index
            .store()
            .put(&PutObject::new(&name, finished.body))
            .await?;
        files.push(ManifestFile {
            item_count: finished.items,
            md5_checksum: finished.md5,
            etag: stored.etag.trim_matches('"').to_owned(),
            data_file_s3_key: name,
        });
        Ok(length)
    }

    /// Writes both manifests with their checksums, the summary last: it says that all is there.
    /// Answers the summary's SHA-256.
    async fn manifests(
        &self,
        summary: &ManifestSummary,
        files: &[ManifestFile],
    ) -> Result<String, RecordsError> {
        let failed = |error: serde_json::Error| RecordsError::Encode(error.to_string());
        let mut lines = Vec::new();
        for file in files {
            serde_json::to_writer(&mut lines, file).map_err(failed)?;
            lines.push(b'\n');
        }
        let text = serde_json::to_vec(summary).map_err(failed)?;
        let sha256 = hex::encode(Sha256::digest(&text));
        for (name, body) in [("manifest-files", lines), ("manifest-summary", text)] {
            let md5 = md5_base64(&body);
            let folder = self.folder;
            let store = self.index.store();
            store
                .put(&PutObject::new(format!("{folder}{name}.md5"), md5))
                .await?;
            store
                .put(&PutObject::new(format!("{folder}{name}.json"), body))
                .await?;
        }
        Ok(sha256)
    }
}
