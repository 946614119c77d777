use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;

use super::accounts::DemoAccount;
use crate::{error::SandboxError, gateway::Gateway};

/// Calls the simulated services as the accounts' roots.
pub(super) struct Seeder<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) seed: u64,
}

impl Seeder<'_> {
    /// Calls an operation in the shapes of its wire protocol.
    pub(super) async fn call(
        &self,
        account: &DemoAccount,
        region: &str,
        service: &str,
        operation: &str,
        input: Value,
    ) -> Result<Value, SandboxError> {
        call(
            self.gateway,
            account.account_id,
            region,
            service,
            operation,
            input,
        )
        .await
    }

    /// Numbers that depend on the seed and on what they are for.
    pub(super) fn rng(&self, purpose: &str, index: u64) -> StdRng {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ self.seed;
        for byte in purpose.bytes().chain(index.to_le_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        StdRng::seed_from_u64(hash)
    }

    /// One of several.
    pub(super) fn pick<'b, T>(rng: &mut StdRng, from: &'b [T]) -> &'b T {
        &from[rng.random_range(0..from.len())]
    }
}

pub(super) async fn call(
    gateway: &Gateway,
    account: &str,
    region: &str,
    service: &str,
    operation: &str,
    input: Value,
) -> Result<Value, SandboxError> {
    let refused = |code: String, message: String| SandboxError::Call {
        service: service.to_owned(),
        operation: operation.to_owned(),
        code,
        message,
    };
    let found = gateway
        .service(service)
        .ok_or_else(|| refused("UnknownService".to_owned(), "not simulated".to_owned()))?;
    let mut context = gateway.context(account, region, service);
    context.access_key = Some(account.to_owned());
    found
        .handler
        .handle(operation, input, &context)
        .await
        .map_err(|error| refused(error.code, error.message))
}

/// A text at a path of an answer, which must be there.
pub(super) fn text(answer: &Value, pointer: &str, operation: &str) -> Result<String, SandboxError> {
    answer
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| SandboxError::Call {
            service: "demo".to_owned(),
            operation: operation.to_owned(),
            code: "UnexpectedAnswer".to_owned(),
            message: format!("no {pointer} in the answer"),
        })
}
