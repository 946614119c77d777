use aws_sdk_cloudformation::types::StackStatus;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, Stack},
};

use crate::access::{Access, pages};

/// `ListStacks`, which lists deleted stacks for 90 days as well: those are left out.
pub(crate) async fn list_stacks(access: &Access) -> Result<Vec<Stack>, CloudError> {
    let all = pages(async |token| {
        let page = access
            .read(Call::ListStacks, || {
                access
                    .clients
                    .cloudformation()
                    .list_stacks()
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok((page.stack_summaries.unwrap_or_default(), page.next_token))
    })
    .await?;
    Ok(all
        .into_iter()
        .filter(|stack| stack.stack_status != Some(StackStatus::DeleteComplete))
        .filter_map(|stack| {
            Some(Stack {
                id: stack.stack_id?,
                name: stack.stack_name?,
                parent: stack.parent_id,
            })
        })
        .collect())
}
