use tidemark_domain::{Resource, ResourceType};
use tidemark_services::{calls::Call, ports::CloudError};

use super::{name, tags};
use crate::{
    access::{Access, pages},
    convert,
};

/// Every volume of the Region (`DescribeVolumes`).
pub(crate) async fn list_volumes(access: &Access) -> Result<Vec<Resource>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::DescribeVolumes, || {
                access
                    .clients
                    .ec2()
                    .describe_volumes()
                    .max_results(500)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let mut volumes = Vec::new();
        for volume in page.volumes() {
            let Some(id) = volume.volume_id() else {
                continue;
            };
            let tags = tags(volume.tags());
            volumes.push(Resource {
                arn: access.arn("ec2", &format!("volume/{id}"))?,
                resource_type: ResourceType::Ebs,
                account: access.account.clone(),
                region: access.region.clone(),
                name: name(&tags, id),
                tags,
                size_bytes: convert::gibibytes(volume.size()),
                created_at: convert::moment(volume.create_time()),
                pitr: None,
                deleted: false,
            });
        }
        Ok((volumes, page.next_token))
    })
    .await
}
