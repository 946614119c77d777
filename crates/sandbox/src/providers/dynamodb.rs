use std::{collections::BTreeMap, sync::Arc};

use awsim_core::ServiceHandler as _;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_sandbox_backup::{Captured, ProviderError, ResourceProvider, SimResource};
use tokio::runtime::Handle;

use super::{
    bridge::{context, wait},
    error, foreign, id_of, metadata,
};
use crate::services::dynamodb::{Dynamo, Overrides, Position, TableKey};

/// `DynamoDB` tables.
pub(super) struct Tables {
    dynamo: Arc<Dynamo>,
    runtime: Handle,
}

/// A table at a position of its history.
struct TableCapture {
    position: Position,
    description: Value,
}

impl Tables {
    pub(super) fn new(dynamo: Arc<Dynamo>) -> Self {
        Self {
            dynamo,
            runtime: Handle::current(),
        }
    }

    fn call(
        &self,
        account: &str,
        region: &str,
        operation: &str,
        input: Value,
    ) -> Result<Value, ProviderError> {
        let ctx = context("dynamodb", account, region);
        wait(&self.runtime, self.dynamo.handle(operation, input, &ctx))
    }

    fn names(&self, account: &str, region: &str) -> Vec<String> {
        let mut names = Vec::new();
        let mut input = json!({});
        while let Ok(page) = self.call(account, region, "ListTables", input) {
            names.extend(
                page["TableNames"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|name| name.as_str().map(str::to_owned)),
            );
            match page["LastEvaluatedTableName"].as_str() {
                Some(last) => input = json!({"ExclusiveStartTableName": last}),
                None => break,
            }
        }
        names
    }

    fn resource(&self, account: &str, region: &str, name: &str) -> Option<SimResource> {
        let description = self
            .call(account, region, "DescribeTable", json!({"TableName": name}))
            .ok()?;
        let arn = description["Table"]["TableArn"].as_str()?.to_owned();
        let tags = self
            .call(
                account,
                region,
                "ListTagsOfResource",
                json!({"ResourceArn": arn}),
            )
            .ok()?;
        Some(SimResource {
            name: name.to_owned(),
            tags: tags["Tags"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|tag| {
                    Some((
                        tag["Key"].as_str()?.to_owned(),
                        tag["Value"].as_str()?.to_owned(),
                    ))
                })
                .collect(),
            size_bytes: description["Table"]["TableSizeBytes"].as_u64().unwrap_or(0),
            arn,
        })
    }
}

impl ResourceProvider for Tables {
    fn resource_type(&self) -> &'static str {
        "DynamoDB"
    }

    fn list(&self, account: &str, region: &str) -> Vec<SimResource> {
        self.names(account, region)
            .iter()
            .filter_map(|name| self.resource(account, region, name))
            .collect()
    }

    fn capture(
        &self,
        account: &str,
        region: &str,
        arn: &str,
        at: Timestamp,
    ) -> Result<Captured, ProviderError> {
        let table = TableKey::new(account, region, id_of(arn));
        let ctx = context("dynamodb", account, region);
        let (position, description) = wait(&self.runtime, async {
            let (now, description) = self.dynamo.capture(&table, &ctx).await?;
            let position = self.dynamo.position_at(now, at).await?;
            Ok((position, description))
        })?;
        let mut restore_metadata = BTreeMap::from([
            ("encryptionType".to_owned(), "Default".to_owned()),
            ("targetTableName".to_owned(), table.name),
        ]);
        if let Some(key) = description["SSEDescription"]["KMSMasterKeyArn"].as_str() {
            restore_metadata.insert("encryptionType".to_owned(), "KMS".to_owned());
            restore_metadata.insert("kmsMasterKeyArn".to_owned(), key.to_owned());
        }
        Ok(Captured {
            size_bytes: description["TableSizeBytes"].as_u64().unwrap_or(0),
            restore_metadata,
            data: Arc::new(TableCapture {
                position,
                description,
            }),
        })
    }

    fn restore(
        &self,
        account: &str,
        region: &str,
        captured: &Captured,
        given: &BTreeMap<String, String>,
        _at: Timestamp,
    ) -> Result<String, ProviderError> {
        let capture = captured
            .data
            .downcast_ref::<TableCapture>()
            .ok_or_else(foreign)?;
        let target = TableKey::new(
            account,
            region,
            metadata::required(given, "targetTableName")?,
        );
        let encryption = match metadata::value(given, captured, "encryptionType") {
            Some("KMS") => Some(json!({
                "Enabled": true,
                "SSEType": "KMS",
                "KMSMasterKeyId": metadata::value(given, captured, "kmsMasterKeyArn"),
            })),
            Some("Default") | None => Some(json!({"Enabled": false})),
            Some(other) => {
                return Err(error(
                    "InvalidParameterValueException",
                    format!("encryptionType must be Default or KMS, not {other}"),
                ));
            }
        };
        let overrides = Overrides {
            encryption,
            deletion_protection: metadata::flag(metadata::given(given, "deletionProtection")),
            ..Overrides::default()
        };
        let ctx = context("dynamodb", account, region);
        let summary = json!({
            "SourceTableArn": capture.position.table.arn(),
            "RestoreDateTime": capture.description["CreationDateTime"],
        });
        wait(
            &self.runtime,
            self.dynamo.restore(
                &capture.position,
                &capture.description,
                &target,
                overrides,
                summary,
                &ctx,
            ),
        )?;
        Ok(target.arn())
    }

    fn supports_cold_storage(&self) -> bool {
        true
    }

    fn supports_continuous(&self) -> bool {
        false
    }
}
