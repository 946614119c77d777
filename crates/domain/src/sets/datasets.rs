use jiff::Timestamp;
use serde_json::Value;

use super::{ManifestFault, read};

/// A list of datasets to back up or to restore, as operators of the data platform keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datasets {
    /// What is wanted of each.
    pub entries: Vec<DatasetEntry>,
    /// Members of the list that nobody knows here; they are named rather than refused, since other tools read the same files.
    pub ignored: Vec<ManifestFault>,
}

/// What is wanted of one dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetEntry {
    /// `datasetId`: the dataset.
    pub dataset: String,
    /// `backupLocation`: where the backup goes to, or lies: `s3://bucket/prefix`.
    pub location: String,
    /// `pointInTime`: the second that is exported; none is the present.
    pub point_in_time: Option<Timestamp>,
    /// `sourceDatasetId`: the dataset that the backup is of, for a restore to another one.
    pub source: Option<String>,
}

const KNOWN: [&str; 4] = [
    "datasetId",
    "backupLocation",
    "pointInTime",
    "sourceDatasetId",
];

/// Reads `[{datasetId, backupLocation, pointInTime}]` or `[{datasetId, backupLocation, sourceDatasetId}]`.
///
/// # Errors
/// The first fault, with its line.
pub fn read_datasets(text: &str) -> Result<Datasets, ManifestFault> {
    let (tree, value) = read::tree(text)?;
    let fault = |path: String, rule: &str| {
        ManifestFault::new(Some(tree.line_of(&path)), path, rule.to_owned())
    };
    let Value::Array(items) = value else {
        return Err(fault(String::new(), "must be a list of datasets"));
    };
    if items.is_empty() || items.len() > 500 {
        return Err(fault(String::new(), "must name 1 to 500 datasets"));
    }
    let mut datasets = Datasets {
        entries: Vec::new(),
        ignored: Vec::new(),
    };
    for (at, item) in items.iter().enumerate() {
        let path = |name: &str| format!("[{at}].{name}");
        let Value::Object(members) = item else {
            return Err(fault(
                format!("[{at}]"),
                "must be an object with datasetId and backupLocation",
            ));
        };
        for name in members
            .keys()
            .filter(|name| !KNOWN.contains(&name.as_str()))
        {
            datasets
                .ignored
                .push(fault(path(name), "is not known here and was left out"));
        }
        let text = |name: &str| match members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => {
                Ok(Some(text.trim().to_owned()))
            }
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(fault(path(name), "must be text")),
        };
        let needed = |name: &str| {
            text(name)?.ok_or_else(|| fault(format!("[{at}]"), &format!("{name} is missing")))
        };
        let dataset = needed("datasetId")?;
        if datasets
            .entries
            .iter()
            .any(|entry| entry.dataset == dataset)
        {
            return Err(fault(
                path("datasetId"),
                "names a dataset that is in the list already",
            ));
        }
        let location = needed("backupLocation")?;
        if !location.starts_with("s3://") || location.len() > 1024 || location.len() < 8 {
            return Err(fault(path("backupLocation"), "must be s3://bucket/prefix"));
        }
        let point_in_time = match text("pointInTime")? {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| {
                fault(
                    path("pointInTime"),
                    "must be a time such as 2026-11-30T12:00:00Z",
                )
            })?),
        };
        datasets.entries.push(DatasetEntry {
            dataset,
            location,
            point_in_time,
            source: text("sourceDatasetId")?,
        });
    }
    Ok(datasets)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn lists_for_backup_and_for_restore_are_read() {
        let backup = read_datasets(
            r#"[{"datasetId": "orders", "backupLocation": "s3://b/p/", "pointInTime": "2026-11-30T12:00:00Z"},
                {"datasetId": "parts", "backupLocation": "s3://b/q", "owner": "me"}]"#,
        )
        .unwrap();
        assert_eq!(backup.entries.len(), 2);
        assert!(backup.entries[0].point_in_time.is_some());
        assert_eq!(
            backup.ignored[0].to_string(),
            "line 2, [1].owner: is not known here and was left out".replace("2, ", "2: ")
        );
        let restore = read_datasets(
            r#"[{"datasetId": "a", "backupLocation": "s3://b/p", "sourceDatasetId": "b"}]"#,
        );
        assert_eq!(restore.unwrap().entries[0].source.as_deref(), Some("b"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let fault = |text: &str| read_datasets(text).unwrap_err().to_string();
        assert_eq!(
            fault("[\n {\"datasetId\": \"a\"}]"),
            "line 2: [0]: backupLocation is missing"
        );
        assert!(fault(r#"[{"datasetId": "a", "backupLocation": "/tmp"}]"#).contains("s3://bucket"));
        assert!(fault("{}").contains("must be a list"));
        assert!(fault("[]").contains("1 to 500"));
    }
}
