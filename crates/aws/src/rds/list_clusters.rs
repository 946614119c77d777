use tidemark_domain::{PitrWindow, Resource, ResourceType};
use tidemark_services::{calls::Call, ports::CloudError};

use super::tags;
use crate::{
    access::{Access, pages},
    convert,
};

/// Every Aurora cluster with its restorable window (`DescribeDBClusters`).
pub(crate) async fn list_clusters(access: &Access) -> Result<Vec<Resource>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::DescribeDbClusters, || {
                access
                    .clients
                    .rds()
                    .describe_db_clusters()
                    .max_records(100)
                    .set_marker(token.clone())
                    .send()
            })
            .await?;
        let clusters = page
            .db_clusters()
            .iter()
            // RDS lists the clusters of Neptune and DocumentDB, too.
            .filter(|c| c.engine().is_none_or(|e| e.starts_with("aurora")))
            .filter_map(|c| {
                let window = convert::moment(c.earliest_restorable_time())
                    .zip(convert::moment(c.latest_restorable_time()));
                Some(Resource {
                    arn: convert::arn(c.db_cluster_arn())?,
                    resource_type: ResourceType::Aurora,
                    account: access.account.clone(),
                    region: access.region.clone(),
                    name: c.db_cluster_identifier().unwrap_or_default().to_owned(),
                    tags: tags(c.tag_list()),
                    size_bytes: None,
                    created_at: convert::moment(c.cluster_create_time()),
                    pitr: window.map(|(earliest, latest)| PitrWindow { earliest, latest }),
                    deleted: false,
                })
            })
            .collect();
        Ok((clusters, page.marker))
    })
    .await
}
