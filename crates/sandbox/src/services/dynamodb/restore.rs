use std::time::{Duration, Instant};

use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use serde_json::{Map, Value, json};

use super::{Dynamo, errors, journal::Position, registry::Restored, table_key::TableKey};

/// How long a restored table is shown as being created.
const CREATING: Duration = Duration::from_millis(800);

/// What a restore request may set otherwise than the source had it.
#[derive(Default)]
pub(crate) struct Overrides {
    pub(crate) billing_mode: Option<String>,
    pub(crate) throughput: Option<Value>,
    pub(crate) global_indexes: Option<Value>,
    pub(crate) local_indexes: Option<Value>,
    pub(crate) encryption: Option<Value>,
    pub(crate) deletion_protection: bool,
}

impl Overrides {
    /// Reads the `…Override` members of a restore request.
    pub(super) fn of(input: &Value) -> Self {
        let member = |name: &str| input.get(name).filter(|value| !value.is_null()).cloned();
        Self {
            billing_mode: member("BillingModeOverride")
                .and_then(|mode| mode.as_str().map(str::to_owned)),
            throughput: member("ProvisionedThroughputOverride"),
            global_indexes: member("GlobalSecondaryIndexOverride"),
            local_indexes: member("LocalSecondaryIndexOverride"),
            encryption: member("SSESpecificationOverride"),
            deletion_protection: false,
        }
    }
}

impl Dynamo {
    /// Creates a table like the one described and fills it with what stood at the position.
    ///
    /// Tags, time to live, stream, recovery, auto scaling and deletion protection are not the
    /// restored table's, as with AWS (Developer Guide, "Restoring a table").
    pub(crate) async fn restore(
        &self,
        source: &Position,
        description: &Value,
        target: &TableKey,
        overrides: Overrides,
        summary: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        if !valid_name(&target.name) {
            return Err(errors::validation(
                "1 validation error detected: Value at 'targetTableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]{3,255}",
            ));
        }
        if self.exists(target, ctx).await {
            return Err(errors::table_exists(target));
        }
        let same_indexes = overrides.global_indexes.is_none();
        let definition = definition(description, target, overrides);
        // The name is taken before its data comes, so that two restores cannot meet.
        self.registry.lock().restored.insert(
            target.clone(),
            Restored {
                summary,
                ready: Instant::now() + Duration::from_hours(24),
            },
        );
        let created = self.change_table("CreateTable", definition, ctx).await;
        if let Err(error) = created {
            self.registry.lock().restored.remove(target);
            return Err(if error.code == "ResourceInUseException" {
                errors::table_exists(target)
            } else {
                error
            });
        }
        let source = source.clone();
        let filled = target.clone();
        self.blocking(move |journal| {
            journal.follow_clock()?;
            journal.restore(&source, &filled)
        })
        .await?;
        if !same_indexes {
            self.rebuild_indexes(target, ctx).await?;
        }
        if let Some(restored) = self.registry.lock().restored.get_mut(target) {
            restored.ready = Instant::now() + CREATING;
        }
        self.description(target, ctx).await
    }

    /// Writes every item once more, so that other indexes than the source's take it in.
    async fn rebuild_indexes(
        &self,
        table: &TableKey,
        ctx: &RequestContext,
    ) -> Result<(), AwsError> {
        let mut start = None;
        loop {
            let mut scan = json!({"TableName": table.name, "Limit": 25});
            if let Some(start) = start {
                scan["ExclusiveStartKey"] = start;
            }
            let page = self.stock.handle("Scan", scan, ctx).await?;
            let items = page["Items"].as_array().cloned().unwrap_or_default();
            for item in items {
                let put = json!({"TableName": table.name, "Item": item});
                self.stock.handle("PutItem", put, ctx).await?;
            }
            match page.get("LastEvaluatedKey") {
                Some(key) if !key.is_null() => start = Some(key.clone()),
                _ => return Ok(()),
            }
        }
    }
}

fn valid_name(name: &str) -> bool {
    (3..=255).contains(&name.len())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

/// The `CreateTable` request that makes a table like the one described.
fn definition(description: &Value, target: &TableKey, overrides: Overrides) -> Value {
    let billing = overrides.billing_mode.unwrap_or_else(|| {
        description["BillingModeSummary"]["BillingMode"]
            .as_str()
            .unwrap_or("PAY_PER_REQUEST")
            .to_owned()
    });
    let indexes = |given: Option<Value>, member: &str| {
        given.unwrap_or_else(|| {
            description[member]
                .as_array()
                .into_iter()
                .flatten()
                .map(|index| pick(index, &["IndexName", "KeySchema", "Projection"]))
                .collect()
        })
    };
    let global = indexes(overrides.global_indexes, "GlobalSecondaryIndexes");
    let local = indexes(overrides.local_indexes, "LocalSecondaryIndexes");
    let used: Vec<&Value> = [&description["KeySchema"]]
        .into_iter()
        .chain(
            [&global, &local]
                .into_iter()
                .filter_map(|list| list.as_array())
                .flatten()
                .map(|index| &index["KeySchema"]),
        )
        .filter_map(Value::as_array)
        .flatten()
        .map(|element| &element["AttributeName"])
        .collect();
    let attributes: Value = description["AttributeDefinitions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|attribute| used.contains(&&attribute["AttributeName"]))
        .cloned()
        .collect();
    let mut request = json!({
        "TableName": target.name,
        "KeySchema": description["KeySchema"],
        "AttributeDefinitions": attributes,
        "BillingMode": billing,
        "DeletionProtectionEnabled": overrides.deletion_protection,
    });
    if billing == "PROVISIONED" {
        request["ProvisionedThroughput"] = overrides.throughput.unwrap_or_else(|| {
            pick(
                &description["ProvisionedThroughput"],
                &["ReadCapacityUnits", "WriteCapacityUnits"],
            )
        });
    }
    for (member, list) in [
        ("GlobalSecondaryIndexes", global),
        ("LocalSecondaryIndexes", local),
    ] {
        let filled = list.as_array().is_some_and(|list| !list.is_empty());
        if filled {
            request[member] = list;
        }
    }
    if let Some(encryption) = overrides.encryption {
        request["SSESpecification"] = encryption;
    } else if let Some(encryption) = description.get("SSEDescription") {
        let mut specification = json!({"Enabled": true, "SSEType": encryption["SSEType"]});
        if let Some(key) = encryption.get("KMSMasterKeyArn") {
            specification["KMSMasterKeyId"] = key.clone();
        }
        request["SSESpecification"] = specification;
    }
    request
}

fn pick(value: &Value, members: &[&str]) -> Value {
    members
        .iter()
        .filter_map(|member| Some(((*member).to_owned(), value.get(*member)?.clone())))
        .collect::<Map<_, _>>()
        .into()
}
