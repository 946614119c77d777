use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `GetKeyPolicy`. A key has one policy, whose name is `default`.
pub(super) async fn key_policy(access: &Access, key: &str) -> Result<String, CloudError> {
    let answer = access
        .read(Call::GetKeyPolicy, || {
            access
                .clients
                .kms()
                .get_key_policy()
                .key_id(key)
                .policy_name("default")
                .send()
        })
        .await?;
    Ok(answer.policy.unwrap_or_default())
}
