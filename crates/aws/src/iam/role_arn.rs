use tidemark_domain::RoleArn;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::access::Access;

/// `GetRole`: the ARN, with the path that the name alone does not tell; none when there is no such role.
pub(crate) async fn role_arn(access: &Access, name: &str) -> Result<Option<RoleArn>, CloudError> {
    let answer = access
        .read(Call::GetRole, || {
            access.clients.iam().get_role().role_name(name).send()
        })
        .await;
    let arn = match answer {
        Ok(answer) => answer.role.map(|role| role.arn),
        Err(error) if error.kind == CloudErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    arn.map(|arn| {
        RoleArn::parse(arn).map_err(|e| {
            CloudError::local(CloudErrorKind::Unexpected, Call::GetRole, e.to_string())
        })
    })
    .transpose()
}
