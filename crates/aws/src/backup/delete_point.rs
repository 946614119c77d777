use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_sdk_backup::config::Builder;
use tidemark_domain::Arn;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::access::Access;

/// Attempts of a call that AWS throttles.
const ATTEMPTS: u32 = 4;
/// Before the second attempt; twice as long before each one after it.
const PAUSE: Duration = Duration::from_millis(200);

/// `DeleteRecoveryPoint`.
///
/// Tried again only when it surely had no effect. After an answer that was lost on its way, another
/// attempt would find nothing, and the caller would take its own deletion for somebody else's.
pub(crate) async fn delete_point(
    access: &Access,
    vault: &str,
    point: &Arn,
) -> Result<(), CloudError> {
    let mut attempt = 1;
    loop {
        match delete_once(access, vault, point).await {
            Err(error) if error.kind == CloudErrorKind::Throttled && attempt < ATTEMPTS => {
                tokio::time::sleep(PAUSE * 2_u32.pow(attempt - 1)).await;
                attempt += 1;
            }
            result => return result,
        }
    }
}

async fn delete_once(access: &Access, vault: &str, point: &Arn) -> Result<(), CloudError> {
    access
        .call(Call::DeleteRecoveryPoint, || {
            access
                .clients
                .backup()
                .delete_recovery_point()
                .backup_vault_name(vault)
                .recovery_point_arn(point.as_str())
                .customize()
                .config_override(Builder::new().retry_config(RetryConfig::disabled()))
                .send()
        })
        .await
        .map(|_| ())
}
