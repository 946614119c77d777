use awsim_core::AwsError;
use jiff::Timestamp;
use rand::Rng as _;
use serde_json::{Value, json};

use super::{Dynamo, errors, journal::Position, seconds, table_key::TableKey};

/// Who made a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BackupKind {
    User,
    System,
}

impl BackupKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::System => "SYSTEM",
        }
    }
}

/// An on-demand backup: the table's description and a position in its history.
#[derive(Clone, Debug)]
pub(super) struct Backup {
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) kind: BackupKind,
    pub(super) table: TableKey,
    pub(super) position: Position,
    pub(super) description: Value,
    pub(super) created: Timestamp,
    pub(super) expires: Option<Timestamp>,
}

impl Backup {
    pub(super) fn new(
        table: &TableKey,
        name: String,
        kind: BackupKind,
        position: Position,
        description: Value,
        created: Timestamp,
    ) -> Self {
        // As AWS forms it: 17 digits of milliseconds and 8 random hexadecimal ones.
        let arn = format!(
            "{}/backup/{:017}-{:08x}",
            table.arn(),
            created.as_millisecond(),
            rand::rng().random::<u32>()
        );
        Self {
            arn,
            name,
            kind,
            table: table.clone(),
            position,
            description,
            created,
            expires: None,
        }
    }

    fn size(&self) -> u64 {
        self.description["TableSizeBytes"].as_u64().unwrap_or(0)
    }

    /// `BackupDetails`.
    pub(super) fn details(&self, status: &str) -> Value {
        let mut details = json!({
            "BackupArn": self.arn,
            "BackupName": self.name,
            "BackupStatus": status,
            "BackupType": self.kind.name(),
            "BackupCreationDateTime": seconds(self.created),
            "BackupSizeBytes": self.size(),
        });
        if let Some(expires) = self.expires {
            details["BackupExpiryDateTime"] = json!(seconds(expires));
        }
        details
    }

    /// `BackupSummary`.
    pub(super) fn summary(&self) -> Value {
        let mut summary = self.details("AVAILABLE");
        summary["TableName"] = json!(self.table.name);
        summary["TableArn"] = json!(self.table.arn());
        summary["TableId"] = self.description["TableId"].clone();
        summary
    }

    /// `BackupDescription`.
    pub(super) fn describe(&self, status: &str) -> Value {
        let table = &self.description;
        let copy = |members: &[&str]| -> Value {
            members
                .iter()
                .filter_map(|member| Some(((*member).to_owned(), table.get(*member)?.clone())))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let mut source = copy(&[
            "TableName",
            "TableId",
            "TableArn",
            "TableSizeBytes",
            "KeySchema",
            "ItemCount",
            "ProvisionedThroughput",
        ]);
        source["TableCreationDateTime"] = table["CreationDateTime"].clone();
        source["BillingMode"] = table["BillingModeSummary"]["BillingMode"].clone();
        let mut features = copy(&[
            "LocalSecondaryIndexes",
            "GlobalSecondaryIndexes",
            "SSEDescription",
        ]);
        if let Some(stream) = table.get("StreamSpecification") {
            features["StreamDescription"] = stream.clone();
        }
        json!({
            "BackupDetails": self.details(status),
            "SourceTableDetails": source,
            "SourceTableFeatureDetails": features,
        })
    }
}

impl Dynamo {
    /// The backup that a request names.
    pub(super) fn backup(&self, input: &Value) -> Result<Backup, AwsError> {
        let arn = input["BackupArn"]
            .as_str()
            .ok_or_else(|| errors::validation("BackupArn is required"))?;
        let now = self.clock.now();
        self.registry
            .lock()
            .backups
            .get(arn)
            .filter(|backup| backup.expires.is_none_or(|expires| expires > now))
            .cloned()
            .ok_or_else(|| errors::backup_not_found(arn))
    }
}
