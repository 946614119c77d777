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

/// Stores the records of a DynamoDB export (or of a snapshot in that form) as the state at the
/// export's time. `folder` ends in `AWSDynamoDB/<id>/`. A data file that is gone or whose MD5 is
/// not the manifest's is named; the rest is stored.
pub async fn import_export(
    store: &Arc<dyn ObjectStore>,
    folder: &str,
    to: &Applier,
) -> Result<LinesImport, RecordsError> {
    let (summary, files) = read_manifests(store, folder).await?;
    let as_of: Timestamp = summary
        .export_time
        .parse()
        .map_err(|error| RecordsError::object(summary_name(folder), error))?;
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
        importer.object(name, object.body, as_of).await?;
    }
    importer.finish().await
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
    if summary.output_format != "DYNAMODB_JSON"
        || summary.export_type.as_deref().unwrap_or("FULL_EXPORT") != "FULL_EXPORT"
    {
        return Err(RecordsError::object(
            &name,
            "only full exports in DynamoDB JSON can be read",
        ));
    }
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
