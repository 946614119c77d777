use std::collections::HashMap;

use jiff::Timestamp;
use tidemark_domain::{PitrWindow, Resource, ResourceType};
use tidemark_services::{calls::Call, ports::CloudError};

use super::tags;
use crate::{
    access::{Access, pages},
    convert,
    read_scope::Part,
};

/// Every database instance that is not a member of a cluster, with its restorable window
/// (`DescribeDBInstances`; the earliest time is told by `DescribeDBInstanceAutomatedBackups` alone).
pub(crate) async fn list_instances(access: &Access) -> Part<Resource> {
    let instances = pages(async |token| {
        let page = access
            .read(Call::DescribeDbInstances, || {
                access
                    .clients
                    .rds()
                    .describe_db_instances()
                    .max_records(100)
                    .set_marker(token.clone())
                    .send()
            })
            .await?;
        Ok((page.db_instances.unwrap_or_default(), page.marker))
    })
    .await;
    let instances = match instances {
        Ok(instances) => instances,
        Err(error) => return Part::failed(error),
    };
    let backed_up = instances
        .iter()
        .any(|i| i.latest_restorable_time().is_some());
    let (earliest, error) = if backed_up {
        match earliest(access).await {
            Ok(earliest) => (earliest, None),
            Err(error) => (HashMap::new(), Some(error)),
        }
    } else {
        (HashMap::new(), None)
    };
    let items = instances
        .iter()
        // Some endpoints word a missing cluster as an empty name.
        .filter(|i| i.db_cluster_identifier().is_none_or(str::is_empty))
        .filter_map(|i| {
            let arn = convert::arn(i.db_instance_arn())?;
            let latest = convert::moment(i.latest_restorable_time());
            Some(Resource {
                pitr: earliest
                    .get(arn.as_str())
                    .zip(latest)
                    .map(|(earliest, latest)| PitrWindow {
                        earliest: *earliest,
                        latest,
                    }),
                arn,
                resource_type: ResourceType::Rds,
                account: access.account.clone(),
                region: access.region.clone(),
                name: i.db_instance_identifier().unwrap_or_default().to_owned(),
                tags: tags(i.tag_list()),
                size_bytes: convert::gibibytes(i.allocated_storage()),
                created_at: convert::moment(i.instance_create_time()),
                deleted: false,
            })
        })
        .collect();
    Part { items, error }
}

/// By instance ARN, the first second to which it can be restored.
async fn earliest(access: &Access) -> Result<HashMap<String, Timestamp>, CloudError> {
    let backups = pages(async |token| {
        let page = access
            .read(Call::DescribeDbInstanceAutomatedBackups, || {
                access
                    .clients
                    .rds()
                    .describe_db_instance_automated_backups()
                    .max_records(100)
                    .set_marker(token.clone())
                    .send()
            })
            .await?;
        Ok((
            page.db_instance_automated_backups.unwrap_or_default(),
            page.marker,
        ))
    })
    .await?;
    Ok(backups
        .into_iter()
        .filter_map(|b| {
            let at = convert::moment(b.restore_window()?.earliest_time())?;
            Some((b.db_instance_arn?, at))
        })
        .collect())
}
