use std::collections::BTreeMap;

use tidemark_domain::Arn;
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::{Access, pages};

/// Every tag of a table (`ListTagsOfResource`).
pub(crate) async fn table_tags(
    access: &Access,
    table: &Arn,
) -> Result<BTreeMap<String, String>, CloudError> {
    let tags = pages(async |token| {
        let page = access
            .read(Call::DynamoDbListTags, || {
                access
                    .clients
                    .dynamodb()
                    .list_tags_of_resource()
                    .resource_arn(table.as_str())
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let tags = page.tags.unwrap_or_default();
        Ok((tags, page.next_token))
    })
    .await?;
    Ok(tags.into_iter().map(|t| (t.key, t.value)).collect())
}
