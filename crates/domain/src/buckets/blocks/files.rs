use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// What a snapshot's header says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotHeader {
    /// Size of the backup in bytes.
    pub size: Option<u64>,
    /// When the backup started.
    pub started: Option<Timestamp>,
    /// The snapshot's UUID.
    pub snapshot: Option<Uuid>,
    /// The cluster's UUID.
    pub cluster: Option<Uuid>,
    /// Name of the volume that was backed up.
    pub volume: Option<String>,
    /// The backup's UUID.
    pub backup: Option<Uuid>,
    /// Version of the format.
    pub version: Option<String>,
    /// Whether it is encrypted, in the file's own words.
    pub encryption: Option<String>,
}

/// What a snapshot's footer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotFooter {
    /// Size of the backup in bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal, in small letters.
    pub sha256: String,
}

/// Members by their names without regard to case, blanks and punctuation: `Snapshot UUID` is `snapshotuuid`.
struct Members(Vec<(String, Value)>);

impl Members {
    fn of(text: &str) -> Result<Self, String> {
        let object: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| format!("it is no JSON object: {error}"))?;
        let plain = |name: &str| -> String {
            name.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_lowercase())
                .collect()
        };
        Ok(Self(
            object
                .into_iter()
                .map(|(name, value)| (plain(&name), value))
                .collect(),
        ))
    }

    fn value(&self, names: &[&str]) -> Option<&Value> {
        names.iter().find_map(|name| {
            let mut members = self.0.iter();
            members.find(|(member, _)| member == name).map(|(_, v)| v)
        })
    }

    fn text(&self, names: &[&str]) -> Option<String> {
        match self.value(names)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    fn number(&self, names: &[&str]) -> Option<u64> {
        let value = self.value(names)?;
        let of_text = || value.as_str()?.trim().parse().ok();
        value.as_u64().or_else(of_text)
    }

    fn uuid(&self, names: &[&str]) -> Option<Uuid> {
        self.text(names)?.trim().parse().ok()
    }

    /// RFC 3339, or seconds or milliseconds since 1970.
    fn time(&self, names: &[&str]) -> Option<Timestamp> {
        let text = self.text(names)?;
        if let Ok(number) = text.trim().parse::<i64>() {
            return if number > 100_000_000_000 {
                Timestamp::from_millisecond(number).ok()
            } else {
                Timestamp::from_second(number).ok()
            };
        }
        text.trim().parse().ok()
    }
}

const SIZE: &[&str] = &["size", "sizeinbytes", "sizebytes", "backupsize"];

/// Reads a header.
///
/// # Errors
/// When it is no JSON object; a member that is missing is none.
pub fn read_header(text: &str) -> Result<SnapshotHeader, String> {
    let members = Members::of(text)?;
    Ok(SnapshotHeader {
        size: members.number(SIZE),
        started: members.time(&["starttime", "started", "startedat"]),
        snapshot: members.uuid(&["snapshotuuid", "snapshotid"]),
        cluster: members.uuid(&["clusteruuid", "clusterid"]),
        volume: members.text(&["originvolumename", "volumename", "volume"]),
        backup: members.uuid(&["backupuuid", "backupid"]),
        version: members.text(&["version"]),
        encryption: members.text(&["encryption", "encrypted"]),
    })
}

/// Reads a footer.
///
/// # Errors
/// When it is no JSON object, or lacks the size or a SHA-256.
pub fn read_footer(text: &str) -> Result<SnapshotFooter, String> {
    let members = Members::of(text)?;
    let size = members
        .number(SIZE)
        .ok_or_else(|| "it says no size".to_owned())?;
    let sha256 = members
        .text(&["sha256", "sha256signature", "signature"])
        .ok_or_else(|| "it has no SHA-256".to_owned())?
        .trim()
        .to_ascii_lowercase();
    let is_digest = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_digest {
        return Err("its SHA-256 is not one: 64 hexadecimal digits are wanted".to_owned());
    }
    Ok(SnapshotFooter { size, sha256 })
}

/// Every UUID that a text names.
pub fn ids(text: &str) -> BTreeSet<Uuid> {
    text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-'))
        .filter(|word| word.len() == 36)
        .filter_map(|word| word.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const ID: &str = "1b4e28ba-2fa1-4d2b-883f-0016d3cca427";

    #[test]
    fn members_are_known_by_their_letters_alone() {
        let one = format!(
            r#"{{"Size in bytes": 42, "Start Time": "2026-11-01T02:03:04Z", "Snapshot UUID": "{ID}",
                 "Origin Volume Name": "db-1", "Version": 2, "Encryption": false, "more": []}}"#
        );
        let other = format!(
            r#"{{"size": "42", "start_time": 1793498584, "snapshotUUID": "{ID}",
                 "originVolumeName": "db-1", "version": "2", "encryption": "false"}}"#
        );
        let header = read_header(&one).unwrap();
        assert_eq!(header, read_header(&other).unwrap());
        assert_eq!(header.size, Some(42));
        assert_eq!(header.snapshot, Some(ID.parse().unwrap()));
        assert_eq!(header.cluster, None);
    }

    #[test]
    fn a_footer_that_says_less_than_it_must_is_damaged() {
        let digest = "AB".repeat(32);
        let footer = read_footer(&format!(r#"{{"size": 7, "Sha256": "{digest}"}}"#)).unwrap();
        assert_eq!(footer.sha256, "ab".repeat(32));
        for text in [
            "",
            "[]",
            "{\"size\": 7",
            r#"{"size": 7}"#,
            r#"{"sha256": "ab"}"#,
        ] {
            assert!(read_footer(text).is_err(), "{text}");
        }
        let short = read_footer(r#"{"size": 7, "sha256": "abc"}"#).unwrap_err();
        assert!(short.contains("64"), "{short}");
    }

    #[test]
    fn ids_are_found_in_any_text() {
        let text =
            format!("range 0-4096 from {ID}; {ID}, and nothing-of-36-letters-at-all-in-here-xx");
        assert_eq!(ids(&text).len(), 1);
        assert!(ids("").is_empty());
    }
}
