use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `DescribeOrganization`; any account of an organization may ask.
pub(super) async fn organization(access: &Access) -> Result<Option<String>, CloudError> {
    let answer = access
        .read(Call::DescribeOrganization, || {
            access
                .clients
                .organizations()
                .describe_organization()
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(answer.organization.and_then(|organization| organization.id)),
        Err(error) if error.code.as_deref() == Some("AWSOrganizationsNotInUseException") => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
