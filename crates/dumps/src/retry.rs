use std::time::Duration;

use crate::StoreError;

/// How often a call is tried: the pauses between come to about five minutes.
const ATTEMPTS: u32 = 16;
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(30);

/// The pause after so many failures.
pub(crate) fn pause(failures: u32) -> Duration {
    FIRST.saturating_mul(1 << failures.min(16)).min(LONGEST)
}

/// Whether to try again after so many failures, the last of them this one.
pub(crate) fn again(error: &StoreError, failures: u32) -> bool {
    error.is_passing() && failures + 1 < ATTEMPTS
}

/// Makes a call, and again while what fails may pass.
pub(crate) async fn retried<T, F>(call: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut failures = 0;
    loop {
        match call().await {
            Err(error) if again(&error, failures) => {
                tracing::debug!(%error, failures, "A call of S3 is tried again");
                tokio::time::sleep(pause(failures)).await;
                failures += 1;
            }
            result => return result,
        }
    }
}
