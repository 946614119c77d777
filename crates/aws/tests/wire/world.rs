//! The worlds, and how a case is run against one.

use std::{fmt, pin::Pin};

use tidemark_sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use tidemark_testkit::contract::{CloudEstate, FakeEstate};

use crate::{estate::WireEstate, skips};

/// A world that cases run against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum World {
    Fake,
    Sandbox,
    Ministack,
    Moto,
}

impl World {
    pub(crate) const ALL: [Self; 4] = [Self::Fake, Self::Sandbox, Self::Ministack, Self::Moto];

    /// The name in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fake => "fake",
            Self::Sandbox => "sandbox",
            Self::Ministack => "ministack",
            Self::Moto => "moto",
        }
    }
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A case: its future borrows the estate.
pub(crate) type Case = for<'a> fn(
    &'a dyn CloudEstate,
) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'a>>;

/// Runs a case, or says loudly why it is not run.
pub(crate) async fn run(world: World, name: &str, case: Case) {
    if let Some(reason) = skips::reason(world, name) {
        eprintln!("SKIPPED {world}::{name}: {reason}");
        return;
    }
    let result = match world {
        World::Fake => case(&FakeEstate::default()).await,
        World::Sandbox => {
            let sandbox = sandbox().await;
            let estate = WireEstate::new(
                sandbox.endpoint_url(),
                Some(crate::estate::ClockOf::of(&sandbox)),
            )
            .await;
            match estate {
                Ok(estate) => case(&estate).await,
                Err(error) => Err(error),
            }
        }
        World::Ministack => elsewhere(world, "TIDEMARK_TEST_MINISTACK_URL", case).await,
        World::Moto => elsewhere(world, "TIDEMARK_TEST_MOTO_URL", case).await,
    };
    assert!(result.is_ok(), "{world}::{name}: {:?}", result.err());
}

async fn elsewhere(world: World, variable: &str, case: Case) -> anyhow::Result<()> {
    let Ok(url) = std::env::var(variable) else {
        eprintln!("SKIPPED on {world}: {variable} is not set; `cargo xtask test` sets it.");
        return Ok(());
    };
    let estate = match world {
        World::Moto => WireEstate::new_by_role(&url).await?,
        _ => WireEstate::new(&url, None).await?,
    };
    case(&estate).await
}

/// A sandbox without anything in it.
pub(crate) async fn sandbox() -> RunningSandbox {
    match Sandbox::start(SandboxConfig::default()).await {
        Ok(sandbox) => sandbox,
        Err(error) => unreachable!("the sandbox does not start: {error}"),
    }
}
