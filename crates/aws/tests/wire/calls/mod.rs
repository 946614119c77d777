//! How calls are made: what CloudTrail sees, when credentials are refreshed, retries, deadlines.

mod copies;
mod endpoints;
mod faults;
mod plans;
mod restores;
mod sessions;
mod stub;

use tidemark_sandbox::RunningSandbox;

use crate::{
    estate::{ClockOf, WireEstate},
    world,
};

/// A sandbox and an account in it.
async fn world() -> anyhow::Result<(RunningSandbox, WireEstate)> {
    let sandbox = world::sandbox().await;
    let clock = ClockOf::of(&sandbox);
    let estate = WireEstate::new(sandbox.endpoint_url(), Some(clock)).await?;
    Ok((sandbox, estate))
}

/// How often an operation was called in the account.
fn count(sandbox: &RunningSandbox, action: &str) -> usize {
    sandbox
        .calls()
        .list(&tidemark_sandbox::CallFilter {
            action: Some(action.to_owned()),
            ..Default::default()
        })
        .len()
}
