use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    accounts::{DENYING, DemoAccount, FRANKFURT, IRELAND, MEDIA, ORDERS},
    items,
    seeder::{Seeder, text},
};
use crate::error::SandboxError;

type Make = fn(&Seeder<'_>, u64, Timestamp) -> Value;

/// A table of the demo.
pub(super) struct Table {
    pub(super) account: DemoAccount,
    pub(super) region: &'static str,
    pub(super) name: &'static str,
    hash: &'static str,
    range: Option<&'static str>,
    /// Items at the end.
    items: u64,
    make: Make,
    tags: &'static [(&'static str, &'static str)],
    recovery: bool,
}

/// Items of `orders` at the end of the history.
pub(super) const ORDER_COUNT: u64 = 20_000;

/// Orders that were placed and withdrawn within the last two weeks.
const WITHDRAWN: u64 = 60;

const ORDER_TAGS: &[(&str, &str)] = &[
    ("backup", "daily"),
    ("team", "checkout"),
    ("environment", "production"),
    ("owner", "owner"),
];

/// Every table, smallest last.
pub(super) const TABLES: &[Table] = &[
    Table {
        account: ORDERS,
        region: IRELAND,
        name: "orders",
        hash: "orderId",
        range: None,
        items: ORDER_COUNT,
        make: items::order,
        tags: ORDER_TAGS,
        recovery: true,
    },
    Table {
        account: ORDERS,
        region: IRELAND,
        name: "products",
        hash: "category",
        range: Some("sku"),
        items: 1_500,
        make: items::product,
        tags: &[("backup", "daily"), ("team", "catalogue")],
        recovery: true,
    },
    Table {
        account: ORDERS,
        region: IRELAND,
        name: "carts",
        hash: "cartId",
        range: None,
        items: 500,
        make: items::cart,
        tags: &[("backup", "hourly"), ("team", "checkout")],
        recovery: true,
    },
    Table {
        account: ORDERS,
        region: FRANKFURT,
        name: "orders-staging",
        hash: "orderId",
        range: None,
        items: 300,
        make: items::order,
        tags: &[("team", "checkout"), ("environment", "staging")],
        recovery: false,
    },
    Table {
        account: MEDIA,
        region: IRELAND,
        name: "media-assets",
        hash: "assetId",
        range: None,
        items: 1_500,
        make: items::asset,
        tags: &[("backup", "nightly"), ("team", "media")],
        recovery: true,
    },
    Table {
        account: DENYING,
        region: IRELAND,
        name: "ledger",
        hash: "orderId",
        range: None,
        items: 50,
        make: items::order,
        tags: &[("team", "finance")],
        recovery: false,
    },
];

impl Table {
    async fn call(
        &self,
        seeder: &Seeder<'_>,
        operation: &str,
        input: Value,
    ) -> Result<Value, SandboxError> {
        seeder
            .call(&self.account, self.region, "dynamodb", operation, input)
            .await
    }

    async fn create(&self, seeder: &Seeder<'_>) -> Result<(), SandboxError> {
        let keys: Vec<(&str, &str)> = std::iter::once((self.hash, "HASH"))
            .chain(self.range.map(|name| (name, "RANGE")))
            .collect();
        let schema: Vec<Value> = keys
            .iter()
            .map(|(name, kind)| json!({"AttributeName": name, "KeyType": kind}))
            .collect();
        let attributes: Vec<Value> = keys
            .iter()
            .map(|(name, _)| json!({"AttributeName": name, "AttributeType": "S"}))
            .collect();
        let tags: Vec<Value> = self
            .tags
            .iter()
            .map(|(key, value)| json!({"Key": key, "Value": value}))
            .collect();
        let created = self
            .call(
                seeder,
                "CreateTable",
                json!({
                    "TableName": self.name,
                    "KeySchema": schema,
                    "AttributeDefinitions": attributes,
                    "BillingMode": "PAY_PER_REQUEST",
                }),
            )
            .await?;
        let arn = text(&created, "/TableDescription/TableArn", "CreateTable")?;
        self.call(
            seeder,
            "TagResource",
            json!({"ResourceArn": arn, "Tags": tags}),
        )
        .await?;
        Ok(())
    }

    /// Puts the items with these numbers, 25 at a time.
    async fn put(
        &self,
        seeder: &Seeder<'_>,
        numbers: impl Iterator<Item = u64>,
        at: Timestamp,
    ) -> Result<(), SandboxError> {
        let requests: Vec<Value> = numbers
            .map(|number| json!({"PutRequest": {"Item": (self.make)(seeder, number, at)}}))
            .collect();
        self.batches(seeder, &requests).await
    }

    async fn batches(&self, seeder: &Seeder<'_>, requests: &[Value]) -> Result<(), SandboxError> {
        for batch in requests.chunks(25) {
            self.call(
                seeder,
                "BatchWriteItem",
                json!({"RequestItems": {self.name: batch}}),
            )
            .await?;
        }
        Ok(())
    }

    /// Puts what has come since the share of the items that was there before.
    pub(super) async fn grow(
        &self,
        seeder: &Seeder<'_>,
        from_percent: u64,
        to_percent: u64,
        at: Timestamp,
    ) -> Result<(), SandboxError> {
        let share = |percent: u64| self.items * percent / 100;
        self.put(seeder, share(from_percent)..share(to_percent), at)
            .await
    }
}

/// Makes the tables, without items.
pub(super) async fn make(seeder: &Seeder<'_>) -> Result<(), SandboxError> {
    for table in TABLES {
        table.create(seeder).await?;
    }
    Ok(())
}

/// Switches on point-in-time recovery where the tables have it.
pub(super) async fn protect(seeder: &Seeder<'_>) -> Result<(), SandboxError> {
    for table in TABLES.iter().filter(|table| table.recovery) {
        table
            .call(
                seeder,
                "UpdateContinuousBackups",
                json!({
                    "TableName": table.name,
                    "PointInTimeRecoverySpecification": {
                        "PointInTimeRecoveryEnabled": true,
                        "RecoveryPeriodInDays": 35,
                    },
                }),
            )
            .await?;
    }
    Ok(())
}

/// Changes some orders, as a day in the shop does.
pub(super) async fn change_orders(
    seeder: &Seeder<'_>,
    round: u64,
    at: Timestamp,
) -> Result<(), SandboxError> {
    let table = &TABLES[0];
    let requests: Vec<Value> = (0..150)
        .map(|n| {
            // Old orders only: those are there in every round.
            let number = (round * 3_571 + n * 47) % (ORDER_COUNT / 3);
            let mut item = items::order(seeder, number, at);
            item["revision"] = json!({"N": round.to_string()});
            json!({"PutRequest": {"Item": item}})
        })
        .collect();
    table.batches(seeder, &requests).await
}

/// Orders that a later call takes away again.
pub(super) async fn place_withdrawn(
    seeder: &Seeder<'_>,
    at: Timestamp,
) -> Result<(), SandboxError> {
    TABLES[0]
        .put(seeder, ORDER_COUNT..ORDER_COUNT + WITHDRAWN, at)
        .await
}

/// Takes the withdrawn orders away.
pub(super) async fn withdraw(seeder: &Seeder<'_>) -> Result<(), SandboxError> {
    let requests: Vec<Value> = (ORDER_COUNT..ORDER_COUNT + WITHDRAWN)
        .map(|number| {
            json!({"DeleteRequest": {"Key": {"orderId": {"S": format!("o-{number:08}")}}}})
        })
        .collect();
    TABLES[0].batches(seeder, &requests).await
}

/// Gives `orders` what a restore loses: a stream, time to live, auto scaling, deletion protection.
pub(super) async fn dress_orders(seeder: &Seeder<'_>) -> Result<(), SandboxError> {
    let table = &TABLES[0];
    table
        .call(
            seeder,
            "UpdateTable",
            json!({
                "TableName": table.name,
                "BillingMode": "PROVISIONED",
                "ProvisionedThroughput": {"ReadCapacityUnits": 4_000, "WriteCapacityUnits": 2_000},
                "DeletionProtectionEnabled": true,
            }),
        )
        .await?;
    table
        .call(
            seeder,
            "UpdateTable",
            json!({
                "TableName": table.name,
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            }),
        )
        .await?;
    table
        .call(
            seeder,
            "UpdateTimeToLive",
            json!({
                "TableName": table.name,
                "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "expiresAt"},
            }),
        )
        .await?;
    for (dimension, metric, least, most) in [
        (
            "dynamodb:table:ReadCapacityUnits",
            "DynamoDBReadCapacityUtilization",
            1_000,
            8_000,
        ),
        (
            "dynamodb:table:WriteCapacityUnits",
            "DynamoDBWriteCapacityUtilization",
            500,
            4_000,
        ),
    ] {
        let target = json!({
            "ServiceNamespace": "dynamodb",
            "ResourceId": "table/orders",
            "ScalableDimension": dimension,
        });
        let with = |more: Value| -> Value {
            let mut input = target.clone();
            if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
                input.extend(more);
            }
            input
        };
        let scaling = async |operation: &str, input: Value| {
            seeder
                .call(
                    &table.account,
                    table.region,
                    "application-autoscaling",
                    operation,
                    input,
                )
                .await
        };
        scaling(
            "RegisterScalableTarget",
            with(json!({"MinCapacity": least, "MaxCapacity": most})),
        )
        .await?;
        scaling(
            "PutScalingPolicy",
            with(json!({
                "PolicyName": format!("{metric}:table/orders"),
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": 70.0,
                    "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
                },
            })),
        )
        .await?;
    }
    Ok(())
}
