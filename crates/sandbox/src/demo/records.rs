use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use super::{
    accounts::{IRELAND, ORDERS},
    items,
    seeder::Seeder,
};
use crate::error::SandboxError;

/// Bucket of the record-level backups.
pub(super) const BUCKET: &str = "orders-records-222222222222";

/// Where the records of `orders-staging` lie.
pub(super) const PREFIX: &str = "replicator/orders-staging";

/// Records of the table, and of orders that were deleted from it.
const RECORDS: u64 = 300;
const DELETED: u64 = 8;

/// Writes a record-level backup of `orders-staging` as the older tool did: one object per record, named by
/// the MD5 of the record's key, whose versions are the record's history.
pub(super) async fn make(seeder: &Seeder<'_>, at: Timestamp) -> Result<(), SandboxError> {
    for number in 0..RECORDS + DELETED {
        let item = items::order(seeder, number, at);
        if number % 25 == 0 {
            let mut before = item.clone();
            before["status"] = json!({"S": "new"});
            put(seeder, number, &before).await?;
        }
        put(seeder, number, &item).await?;
        if number >= RECORDS {
            let input = json!({"Bucket": BUCKET, "Key": object_key(number)});
            seeder
                .call(&ORDERS, IRELAND, "s3", "DeleteObject", input)
                .await?;
        }
    }
    Ok(())
}

async fn put(seeder: &Seeder<'_>, number: u64, item: &Value) -> Result<(), SandboxError> {
    seeder
        .call(
            &ORDERS,
            IRELAND,
            "s3",
            "PutObject",
            json!({
                "Bucket": BUCKET,
                "Key": object_key(number),
                "__raw_body": STANDARD.encode(item.to_string()),
            }),
        )
        .await?;
    Ok(())
}

fn object_key(number: u64) -> String {
    let key = json!({"orderId": {"S": format!("o-{number:08}")}}).to_string();
    format!("{PREFIX}/{}", name(&key))
}

fn name(key: &str) -> String {
    hex::encode(Md5::digest(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_named_as_the_older_tool_named_them() {
        assert_eq!(
            name(r#"{"Id":{"N":"101"}}"#),
            "42a693dc464da39876e785a4215d0f84"
        );
    }
}
