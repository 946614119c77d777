use std::{future::Future, sync::Arc};

use awsim_core::{AwsError, RequestContext, ServiceHandler};
use serde_json::Value;
use tidemark_sandbox_backup::ProviderError;
use tokio::runtime::Handle;

/// Calls a simulated service from the synchronous side of the backup engine.
pub(super) struct Bridge {
    service: Arc<dyn ServiceHandler>,
    runtime: Handle,
}

impl Bridge {
    pub(super) fn new(service: Arc<dyn ServiceHandler>) -> Self {
        Self {
            service,
            runtime: Handle::current(),
        }
    }

    /// Calls an operation as the account's root.
    pub(super) fn call(
        &self,
        account: &str,
        region: &str,
        operation: &str,
        input: Value,
    ) -> Result<Value, ProviderError> {
        let ctx = context(self.service.signing_name(), account, region);
        wait(&self.runtime, self.service.handle(operation, input, &ctx))
    }
}

pub(super) fn context(service: &str, account: &str, region: &str) -> RequestContext {
    let mut ctx = RequestContext::new(service, region);
    account.clone_into(&mut ctx.account_id);
    ctx.access_key = Some(account.to_owned());
    ctx
}

/// Waits for a call outside the runtime, whose blocking pool the call may use.
pub(super) fn wait<T>(
    runtime: &Handle,
    call: impl Future<Output = Result<T, AwsError>>,
) -> Result<T, ProviderError> {
    let _entered = runtime.enter();
    futures::executor::block_on(call).map_err(|error| ProviderError {
        code: error.code,
        message: error.message,
    })
}
