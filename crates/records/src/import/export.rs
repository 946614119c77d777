use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use md5::{Digest as _, Md5};

use super::{LinesImport, lines::Importer};
use crate::{
    capture::Applier,
    error::{RecordsError, Trouble},
    ports::{GetObject, ObjectStore, PortErrorKind},
    snapshot::{ManifestFile, ManifestSummary},
};

/// Which moments an export tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportTime {
    /// The whole table as of then.
    Full(Timestamp),
    /// What each record that was written from the first moment on, and before the second, was last in that time. What it
    /// was in between is not told.
    Incremental(Timestamp, Timestamp),
}

/// Stores the records of a DynamoDB export (or of a snapshot in that form) as the state at the export's time; of an
/// incremental export each change at the time at which it was written. `folder` ends in `AWSDynamoDB/<id>/`. A data file
/// that is gone, whose MD5 is not the manifest's or that has another number of lines is named; the rest is stored.
pub async fn import_export(
    store: &Arc<dyn ObjectStore>,
    folder: &str,
    to: &Applier,
) -> Result<LinesImport, RecordsError> {
    let (summary, files) = read_manifests(store, folder).await?;
    let time = export_time(&summary, folder)?;
    let mut importer = Importer::new(to);
    for file in &files {
        let name = &file.data_file_s3_key;
        let object = match store.get(&GetObject::new(name)).await {
            Ok(object) => object,
            Err(error) if error.kind == PortErrorKind::NotFound => {
                importer.trouble(Trouble::new(
                    name,
                    format!("the data file is gone, with {} records", file.item_count),
                ));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if STANDARD.encode(Md5::digest(&object.body)) != file.md5_checksum {
            importer.trouble(Trouble::new(
                name,
                "its bytes are not those of the manifest (MD5 differs)",
            ));
        }
        let lines = match time {
            ExportTime::Full(as_of) => importer.object(name, object.body, as_of).await?,
            ExportTime::Incremental(..) => importer.changes(name, object.body).await?,
        };
        if lines != file.item_count {
            importer.trouble(Trouble::new(
                name,
                format!(
                    "it has {lines} lines, and {} by the manifest",
                    file.item_count
                ),
            ));
        }
    }
    importer.finish().await
}

/// The moments of an export, by its manifest.
pub fn export_time(summary: &ManifestSummary, folder: &str) -> Result<ExportTime, RecordsError> {
    let name = summary_name(folder);
    let wrong = |what: String| RecordsError::object(&name, what);
    let time = |member: &str, text: Option<&String>| {
        let text = text.ok_or_else(|| wrong(format!("{member} is missing")))?;
        text.parse::<Timestamp>()
            .map_err(|error| wrong(format!("{member}: {error}")))
    };
    if summary.output_format != "DYNAMODB_JSON" {
        return Err(wrong(format!(
            "only exports in DynamoDB JSON can be read, and this one is in {}",
            summary.output_format
        )));
    }
    match summary.export_type.as_deref() {
        None | Some("FULL_EXPORT") => Ok(ExportTime::Full(time(
            "exportTime",
            summary.export_time.as_ref(),
        )?)),
        Some("INCREMENTAL_EXPORT") => Ok(ExportTime::Incremental(
            time("exportFromTime", summary.export_from_time.as_ref())?,
            time("exportToTime", summary.export_to_time.as_ref())?,
        )),
        Some(other) => Err(wrong(format!("exports of the type {other} cannot be read"))),
    }
}

/// Reads both manifests of an export.
pub async fn read_manifests(
    store: &Arc<dyn ObjectStore>,
    folder: &str,
) -> Result<(ManifestSummary, Vec<ManifestFile>), RecordsError> {
    let name = summary_name(folder);
    let body = store.get(&GetObject::new(&name)).await?.body;
    let summary: ManifestSummary =
        serde_json::from_slice(&body).map_err(|error| RecordsError::object(&name, error))?;
    let list = &summary.manifest_files_s3_key;
    let body = store.get(&GetObject::new(list)).await?.body;
    let files = body
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .map(|line| serde_json::from_slice(line).map_err(|error| RecordsError::object(list, error)))
        .collect::<Result<_, _>>()?;
    Ok((summary, files))
}

fn summary_name(folder: &str) -> String {
    format!("{folder}manifest-summary.json")
}
