use std::process::Command;

use super::{
    Context,
    count::{self, Count},
};
use crate::{
    cargo::{NATIVE, cargo},
    process,
};

/// The tests inside the crates.
pub(super) fn unit(context: &mut Context<'_>) -> anyhow::Result<Count> {
    let mut count = Count::default();
    let mut tools = runner();
    tools.args(["--package=xtask", "--bins"]);
    count += count::outcome(&process::tee(&mut tools)?)?;
    let mut crates = runner();
    crates
        .args(NATIVE)
        .args(["--lib", "--bins"])
        .args(context.args);
    context.outside()?.describe(&mut crates);
    count += count::outcome(&process::tee(&mut crates)?)?;
    Ok(count)
}

/// The tests of crates from outside, against the database and the emulators.
pub(super) fn integration(context: &mut Context<'_>) -> anyhow::Result<Count> {
    let mut command = runner();
    command
        .args(NATIVE)
        .args(["--test", "*"])
        .args(context.args);
    context.outside()?.describe(&mut command);
    count::outcome(&process::tee(&mut command)?)
}

/// The examples in the documentation.
pub(super) fn documentation() -> anyhow::Result<Count> {
    count::outcome(&process::tee(
        cargo().args(["test", "--doc", "--quiet"]).args(NATIVE),
    )?)
}

/// nextest, which runs tests in parallel and stops those that hang, or else `cargo test`.
fn runner() -> Command {
    let mut command = cargo();
    if process::find("cargo-nextest").is_some() {
        command.args(["nextest", "run", "--no-fail-fast", "--no-tests=pass"]);
        command.args(["--status-level=slow", "--final-status-level=fail"]);
    } else {
        command.args(["test", "--no-fail-fast"]);
    }
    command
}
