//! How the source of a restore is read. Its members stand in one object beside the word that says
//! which it is, so that a strict reader sees them all.

use jiff::Timestamp;
use serde::Deserialize;

use crate::{Arn, Invalid, RestoreSource};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum From {
    RecoveryPoint,
    DynamoDbBackup,
    PointInTime,
    Records,
}

/// The members of a [`RestoreSource`].
#[derive(Debug, Deserialize)]
pub(crate) struct SourceMembers {
    from: From,
    #[serde(default)]
    arn: Option<Arn>,
    #[serde(default)]
    vault: Option<String>,
    #[serde(default)]
    at: Option<Timestamp>,
    #[serde(default)]
    capture: Option<String>,
    #[serde(default)]
    partition: Option<String>,
}

impl TryFrom<SourceMembers> for RestoreSource {
    type Error = Invalid;

    fn try_from(members: SourceMembers) -> Result<Self, Invalid> {
        let given = [
            ("arn", members.arn.is_some()),
            ("vault", members.vault.is_some()),
            ("at", members.at.is_some()),
            ("capture", members.capture.is_some()),
            ("partition", members.partition.is_some()),
        ];
        let (word, takes): (&str, &[&str]) = match members.from {
            From::RecoveryPoint => ("recovery_point", &["arn", "vault"]),
            From::DynamoDbBackup => ("dynamo_db_backup", &["arn"]),
            From::PointInTime => ("point_in_time", &["at"]),
            From::Records => ("records", &["capture", "at", "partition"]),
        };
        if let Some((name, _)) = given
            .iter()
            .find(|(name, given)| *given && !takes.contains(name))
        {
            return Err(Invalid::new(
                *name,
                format!(
                    "does not belong to {word}, which takes {}",
                    takes.join(" and ")
                ),
            ));
        }
        let missing = |name: &str| Invalid::new(name, format!("must be given for {word}"));
        let arn = members.arn.ok_or_else(|| missing("arn"));
        let at = members.at.ok_or_else(|| missing("at"));
        Ok(match members.from {
            From::RecoveryPoint => Self::RecoveryPoint {
                arn: arn?,
                vault: members.vault.ok_or_else(|| missing("vault"))?,
            },
            From::DynamoDbBackup => Self::DynamoDbBackup { arn: arn? },
            From::PointInTime => Self::PointInTime { at: at? },
            From::Records => Self::Records {
                capture: members.capture.ok_or_else(|| missing("capture"))?,
                at: at?,
                partition: members.partition,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use serde_json::json;

    use super::*;
    use crate::strict::from_json;

    const POINT: &str = "arn:aws:backup:eu-west-1:111122223333:recovery-point:p";

    #[test]
    fn sources_come_back_as_they_went() {
        let arn = Arn::parse(POINT).unwrap();
        for source in [
            RestoreSource::RecoveryPoint {
                arn: arn.clone(),
                vault: "daily".to_owned(),
            },
            RestoreSource::DynamoDbBackup { arn },
            RestoreSource::PointInTime {
                at: Timestamp::UNIX_EPOCH,
            },
            RestoreSource::Records {
                capture: "c".to_owned(),
                at: Timestamp::UNIX_EPOCH,
                partition: None,
            },
        ] {
            let text = serde_json::to_string(&source).unwrap();
            assert_eq!(
                serde_json::from_str::<RestoreSource>(&text).unwrap(),
                source
            );
            assert_eq!(
                from_json::<RestoreSource>("source", text.as_bytes()).unwrap(),
                source
            );
        }
    }

    #[test]
    fn what_does_not_belong_to_a_source_is_named() {
        let refused = |value: serde_json::Value| {
            from_json::<RestoreSource>("source", value.to_string().as_bytes())
                .unwrap_err()
                .to_string()
        };
        let at = "2026-01-01T00:00:00Z";
        assert!(
            refused(json!({"from": "point_in_time", "att": at})).starts_with("att: is not known")
        );
        assert!(
            refused(json!({"from": "point_in_time", "at": at, "arn": POINT}))
                .contains("arn: does not belong")
        );
        assert!(refused(json!({"from": "point_in_tim", "at": at})).contains("point_in_time"));
        assert!(refused(json!({"from": "records", "at": at})).contains("capture: must be given"));
        let stored = json!({"from": "point_in_time", "at": at, "later": 1});
        assert!(serde_json::from_value::<RestoreSource>(stored).is_ok());
    }
}
