use tidemark_domain::{Resource, ResourceType};
use tidemark_services::{calls::Call, ports::CloudError};

use crate::{
    access::{Access, pages},
    convert,
};

/// Every file system of the Region (`DescribeFileSystems`).
pub(crate) async fn list_file_systems(access: &Access) -> Result<Vec<Resource>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::DescribeFileSystems, || {
                access
                    .clients
                    .efs()
                    .describe_file_systems()
                    .max_items(100)
                    .set_marker(token.clone())
                    .send()
            })
            .await?;
        let mut systems = Vec::new();
        for system in page.file_systems() {
            let id = system.file_system_id();
            let arn = match convert::arn(system.file_system_arn()) {
                Some(arn) => arn,
                None => access.arn("elasticfilesystem", &format!("file-system/{id}"))?,
            };
            systems.push(Resource {
                arn,
                resource_type: ResourceType::Efs,
                account: access.account.clone(),
                region: access.region.clone(),
                name: system
                    .name()
                    .filter(|n| !n.is_empty())
                    .unwrap_or(id)
                    .to_owned(),
                tags: system
                    .tags()
                    .iter()
                    .map(|t| (t.key().to_owned(), t.value().to_owned()))
                    .collect(),
                size_bytes: convert::bytes(
                    system
                        .size_in_bytes()
                        .map(aws_sdk_efs::types::FileSystemSize::value),
                ),
                created_at: convert::timestamp(system.creation_time()),
                pitr: None,
                deleted: false,
            });
        }
        Ok((systems, page.next_marker))
    })
    .await
}
