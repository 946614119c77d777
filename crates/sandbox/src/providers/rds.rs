use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_sandbox_backup::{Captured, ProviderError, ResourceProvider, SimResource};

use super::{bridge::Bridge, error, foreign, id_of, metadata};
use crate::contents::Contents;

const GIB: u64 = 1 << 30;

/// RDS database instances.
pub(super) struct Instances {
    rds: Bridge,
    contents: Contents,
}

/// What an instance was and held.
struct InstanceCapture {
    instance: Value,
    content: Bytes,
}

/// Members that a restore takes from the instance unless told otherwise, under their names in the
/// description and in the restore metadata.
const KEPT: [&str; 7] = [
    "DBInstanceClass",
    "Engine",
    "EngineVersion",
    "AllocatedStorage",
    "StorageType",
    "MultiAZ",
    "PubliclyAccessible",
];

impl Instances {
    pub(super) fn new(rds: Bridge, contents: Contents) -> Self {
        Self { rds, contents }
    }

    fn describe(
        &self,
        account: &str,
        region: &str,
        input: Value,
    ) -> Result<Vec<Value>, ProviderError> {
        let answer = self
            .rds
            .call(account, region, "DescribeDBInstances", input)?;
        Ok(list(&answer["DBInstances"], "DBInstance"))
    }

    fn tags(&self, account: &str, region: &str, arn: &str) -> BTreeMap<String, String> {
        let Ok(answer) = self.rds.call(
            account,
            region,
            "ListTagsForResource",
            json!({"ResourceName": arn}),
        ) else {
            return BTreeMap::new();
        };
        list(&answer["TagList"], "Tag")
            .iter()
            .filter_map(|tag| {
                Some((
                    tag["Key"].as_str()?.to_owned(),
                    tag["Value"].as_str()?.to_owned(),
                ))
            })
            .collect()
    }
}

/// A list, with or without the wrapper that its XML has.
fn list(value: &Value, wrapper: &str) -> Vec<Value> {
    let inner = value.get(wrapper).unwrap_or(value);
    match inner {
        Value::Array(list) => list.clone(),
        Value::Object(_) => vec![inner.clone()],
        _ => Vec::new(),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn size(instance: &Value) -> u64 {
    text(&instance["AllocatedStorage"])
        .and_then(|gib| gib.parse::<u64>().ok())
        .unwrap_or(0)
        * GIB
}

impl ResourceProvider for Instances {
    fn resource_type(&self) -> &'static str {
        "RDS"
    }

    fn list(&self, account: &str, region: &str) -> Vec<SimResource> {
        self.describe(account, region, json!({}))
            .unwrap_or_default()
            .iter()
            .filter_map(|instance| {
                let arn = instance["DBInstanceArn"].as_str()?.to_owned();
                Some(SimResource {
                    name: instance["DBInstanceIdentifier"].as_str()?.to_owned(),
                    tags: self.tags(account, region, &arn),
                    size_bytes: size(instance),
                    arn,
                })
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
        let instance = self
            .describe(account, region, json!({"DBInstanceIdentifier": id}))?
            .into_iter()
            .next()
            .ok_or_else(|| error("DBInstanceNotFound", format!("DBInstance {id} not found.")))?;
        let mut restore_metadata: BTreeMap<String, String> = KEPT
            .iter()
            .filter_map(|member| Some(((*member).to_owned(), text(&instance[*member])?)))
            .collect();
        restore_metadata.insert("DBInstanceIdentifier".to_owned(), id.to_owned());
        for (key, value) in [
            ("Port", &instance["Endpoint"]["Port"]),
            (
                "DBSubnetGroupName",
                &instance["DBSubnetGroup"]["DBSubnetGroupName"],
            ),
            ("KmsKeyId", &instance["KmsKeyId"]),
        ] {
            if let Some(value) = text(value) {
                restore_metadata.insert(key.to_owned(), value);
            }
        }
        Ok(Captured {
            size_bytes: size(&instance),
            restore_metadata,
            data: Arc::new(InstanceCapture {
                instance,
                content: self.contents.read(arn),
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
            .downcast_ref::<InstanceCapture>()
            .ok_or_else(foreign)?;
        let id = metadata::required(given, "DBInstanceIdentifier")?;
        let mut request = json!({
            "DBInstanceIdentifier": id,
            "MasterUsername": capture.instance["MasterUsername"],
            "MasterUserPassword": "restored-from-backup",
        });
        for member in KEPT
            .into_iter()
            .chain(["Port", "DBSubnetGroupName", "KmsKeyId"])
        {
            if let Some(value) = metadata::value(given, captured, member) {
                request[member] = json!(value);
            }
        }
        let answer = self
            .rds
            .call(account, region, "CreateDBInstance", request)?;
        let arn = answer["DBInstance"]["DBInstanceArn"]
            .as_str()
            .ok_or_else(|| error("InternalFailure", "The instance was not created"))?
            .to_owned();
        self.contents.write(&arn, capture.content.clone());
        Ok(arn)
    }

    fn supports_cold_storage(&self) -> bool {
        false
    }

    fn supports_continuous(&self) -> bool {
        true
    }
}
