use super::count::Count;
use crate::{cargo::cargo, process};

/// Every file is formatted as rustfmt would.
pub(super) fn check() -> anyhow::Result<Count> {
    process::run(cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Count::check(true))
}
