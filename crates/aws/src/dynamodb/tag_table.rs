use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::Tag;
use tidemark_domain::Arn;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::access::Access;

const OPERATION: Call = Call::DynamoDbTagResource;

/// `TagResource`: adds the tags and overwrites those of the same key.
pub(crate) async fn tag_table(
    access: &Access,
    table: &Arn,
    tags: &BTreeMap<String, String>,
) -> Result<(), CloudError> {
    if tags.is_empty() {
        return Ok(());
    }
    let tags = tags
        .iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect::<Result<Vec<Tag>, _>>()
        .map_err(|e| CloudError::local(CloudErrorKind::Invalid, OPERATION, e.to_string()))?;
    access
        .call(OPERATION, || {
            access
                .clients
                .dynamodb()
                .tag_resource()
                .resource_arn(table.as_str())
                .set_tags(Some(tags.clone()))
                .send()
        })
        .await
        .map(|_| ())
}
