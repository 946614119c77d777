use aws_sdk_ec2::types::InstanceStateName;
use tidemark_domain::{Resource, ResourceType};
use tidemark_services::{calls::Call, ports::CloudError};

use super::{name, tags};
use crate::{
    access::{Access, pages},
    convert,
};

/// Every instance of the Region that is not terminated (`DescribeInstances`).
pub(crate) async fn list_instances(access: &Access) -> Result<Vec<Resource>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::DescribeInstances, || {
                access
                    .clients
                    .ec2()
                    .describe_instances()
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let mut instances = Vec::new();
        for instance in page
            .reservations()
            .iter()
            .flat_map(aws_sdk_ec2::types::Reservation::instances)
        {
            let ended =
                instance.state().and_then(|s| s.name()) == Some(&InstanceStateName::Terminated);
            let Some(id) = instance.instance_id().filter(|_| !ended) else {
                continue;
            };
            let tags = tags(instance.tags());
            instances.push(Resource {
                arn: access.arn("ec2", &format!("instance/{id}"))?,
                resource_type: ResourceType::Ec2,
                account: access.account.clone(),
                region: access.region.clone(),
                name: name(&tags, id),
                tags,
                size_bytes: None,
                created_at: convert::moment(instance.launch_time()),
                pitr: None,
                deleted: false,
            });
        }
        Ok((instances, page.next_token))
    })
    .await
}
