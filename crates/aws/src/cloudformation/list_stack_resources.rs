use aws_sdk_cloudformation::types::ResourceStatus;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, StackResource},
};

use crate::access::{Access, pages};

/// `ListStackResources`; what the stack has deleted is left out.
pub(crate) async fn list_stack_resources(
    access: &Access,
    stack: &str,
) -> Result<Vec<StackResource>, CloudError> {
    let all = pages(async |token| {
        let page = access
            .read(Call::ListStackResources, || {
                access
                    .clients
                    .cloudformation()
                    .list_stack_resources()
                    .stack_name(stack)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let resources = page.stack_resource_summaries.unwrap_or_default();
        Ok((resources, page.next_token))
    })
    .await?;
    Ok(all
        .into_iter()
        .filter(|resource| resource.resource_status != Some(ResourceStatus::DeleteComplete))
        .filter_map(|resource| {
            Some(StackResource {
                logical_id: resource.logical_resource_id?,
                physical_id: resource.physical_resource_id,
                resource_type: resource.resource_type?,
            })
        })
        .collect())
}
