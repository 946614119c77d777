use tidemark_domain::RoleArn;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::access::Access;

/// What `GetRole` tells of a role's trust policy.
pub(crate) enum RoleTrust {
    /// There is no such role.
    Missing,
    /// Its trust policy, as JSON text.
    Policy(String),
}

/// The trust policy of a role (`GetRole`).
pub(crate) async fn trust_policy(access: &Access, role: &RoleArn) -> Result<RoleTrust, CloudError> {
    let answer = access
        .read(Call::GetRole, || {
            access
                .clients
                .iam()
                .get_role()
                .role_name(role.name())
                .send()
        })
        .await;
    match answer {
        Ok(answer) => {
            let text = answer
                .role
                .and_then(|r| r.assume_role_policy_document)
                .unwrap_or_default();
            // IAM sends policy documents URL-encoded.
            let policy = percent_encoding::percent_decode_str(&text)
                .decode_utf8_lossy()
                .into_owned();
            Ok(RoleTrust::Policy(policy))
        }
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(RoleTrust::Missing),
        Err(error) => Err(error),
    }
}
