use futures::{StreamExt as _, stream};
use tidemark_domain::{Resource, ResourceType};
use tidemark_services::{calls::Call, ports::CloudError};

use super::{describe, recovery, table_tags, window};
use crate::{
    access::{Access, pages},
    convert,
    read_scope::{AT_ONCE, Part},
};

/// Every table with its window and tags. A table that cannot be described does not hide the others;
/// one that does not answer in time ends the list, since the next would not either.
pub(crate) async fn list_tables(access: &Access) -> Part<Resource> {
    let names = match names(access).await {
        Ok(names) => names,
        Err(error) => return Part::failed(error),
    };
    let mut part = Part::default();
    let mut tables = stream::iter(names)
        .map(|name| async move { resource(access, &name).await })
        .buffered(AT_ONCE);
    while let Some(table) = tables.next().await {
        match table {
            Ok(table) => part.items.extend(table),
            Err(error) => {
                let hopeless = error.is_retryable();
                part.error.get_or_insert(error);
                if hopeless {
                    break;
                }
            }
        }
    }
    part
}

async fn names(access: &Access) -> Result<Vec<String>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::DynamoDbListTables, || {
                access
                    .clients
                    .dynamodb()
                    .list_tables()
                    .limit(100)
                    .set_exclusive_start_table_name(token.clone())
                    .send()
            })
            .await?;
        Ok((
            page.table_names.unwrap_or_default(),
            page.last_evaluated_table_name,
        ))
    })
    .await
}

/// One table; none when it was deleted meanwhile.
async fn resource(access: &Access, name: &str) -> Result<Option<Resource>, CloudError> {
    let Some(table) = describe(access, name).await? else {
        return Ok(None);
    };
    let Some(arn) = convert::arn(table.table_arn()) else {
        return Ok(None);
    };
    let settings = futures::try_join!(recovery(access, name), table_tags(access, &arn));
    let (recovery, tags) = match settings {
        Ok(settings) => settings,
        Err(error) if error.kind == tidemark_services::ports::CloudErrorKind::NotFound => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    Ok(Some(Resource {
        arn,
        resource_type: ResourceType::DynamoDb,
        account: access.account.clone(),
        region: access.region.clone(),
        name: name.to_owned(),
        tags,
        size_bytes: convert::bytes(table.table_size_bytes()),
        created_at: convert::moment(table.creation_date_time()),
        pitr: window(recovery.as_ref()),
        deleted: false,
    }))
}
