//! `cargo xtask simulate`: the simulation of the run engine and its kinds, see `docs/simulation.md`.

use std::process::Command;

use clap::Args;

use crate::{cargo::cargo, paths, process, step::step};

#[derive(Args)]
pub(crate) struct Options {
    /// What the simulation itself takes: --seeds N, --from SEED, --seed SEED, --threads N
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Builds the simulation, optimised, and starts it.
pub(crate) fn simulate(options: &Options) -> anyhow::Result<()> {
    step("Building the simulation, optimised", || {
        process::run(cargo().args([
            "build",
            "--release",
            "--quiet",
            "--package=tidemark-simulation",
        ]))
    })?;
    let binary = paths::target().join("release/tidemark-simulate");
    process::run(Command::new(binary).args(&options.args))
}
