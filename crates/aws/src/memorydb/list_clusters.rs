use std::collections::BTreeMap;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use tidemark_domain::{Arn, Resource, ResourceType};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::{
    access::{Access, pages},
    convert,
    read_scope::AT_ONCE,
};

/// Every cluster of the Region with its tags (`DescribeClusters`, `ListTags`).
pub(crate) async fn list_clusters(access: &Access) -> Result<Vec<Resource>, CloudError> {
    let clusters = pages(async |token| {
        let page = access
            .read(Call::MemoryDbDescribeClusters, || {
                access
                    .clients
                    .memorydb()
                    .describe_clusters()
                    .max_results(100)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok((page.clusters.unwrap_or_default(), page.next_token))
    })
    .await?;
    let named = clusters
        .into_iter()
        .filter_map(|c| Some((c.name?, convert::arn(c.arn.as_deref())?)));
    stream::iter(named)
        .map(|(name, arn)| async move {
            let tags = tags(access, &arn).await?;
            Ok(Resource {
                arn,
                resource_type: ResourceType::MemoryDb,
                account: access.account.clone(),
                region: access.region.clone(),
                name,
                tags,
                size_bytes: None,
                created_at: None,
                pitr: None,
                deleted: false,
            })
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

async fn tags(access: &Access, cluster: &Arn) -> Result<BTreeMap<String, String>, CloudError> {
    let answer = access
        .read(Call::MemoryDbListTags, || {
            access
                .clients
                .memorydb()
                .list_tags()
                .resource_arn(cluster.as_str())
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(answer
            .tag_list
            .unwrap_or_default()
            .into_iter()
            .filter_map(|t| Some((t.key?, t.value.unwrap_or_default())))
            .collect()),
        // Deleted meanwhile.
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error),
    }
}
