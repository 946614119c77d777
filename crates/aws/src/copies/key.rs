use aws_sdk_kms::types::KeyManagerType;
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `DescribeKey`: whether AWS manages the key.
pub(super) async fn is_of_aws(access: &Access, key: &str) -> Result<bool, CloudError> {
    let answer = access
        .read(Call::DescribeKey, || {
            access.clients.kms().describe_key().key_id(key).send()
        })
        .await?;
    let manager = answer
        .key_metadata()
        .and_then(aws_sdk_kms::types::KeyMetadata::key_manager);
    Ok(manager == Some(&KeyManagerType::Aws))
}
