//! `cargo xtask run`: from a fresh clone to the console in the browser.

use std::{
    ffi::OsString, os::unix::process::CommandExt as _, path::PathBuf, process::Command,
    time::Instant,
};

use anyhow::Context as _;
use clap::Args;

use crate::{
    cargo::{cargo, forget_package},
    paths, process,
    servers::demo::site_environment,
    site::{self, Quality},
    step::step,
};

#[derive(Args)]
pub(crate) struct Options {
    /// Optimise the server
    #[arg(long)]
    release: bool,
    /// Arguments for `tidemark demo`; another subcommand may be given instead
    #[arg(last = true)]
    args: Vec<OsString>,
}

/// Builds the site and the server, then becomes the server.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let start = Instant::now();
    site::build(Quality::Shipped)?;
    let binary = step("Building the server", || build_server(options.release))?;
    println!(
        "==> Starting the console with a simulated AWS (built in {:.1} s)",
        start.elapsed().as_secs_f64()
    );
    let mut command = Command::new(binary);
    forget_package(&mut command);
    site_environment(&mut command).current_dir(paths::root());
    if options
        .args
        .first()
        .is_none_or(|first| first.to_string_lossy().starts_with('-'))
    {
        command.arg("demo");
    }
    let error = command.args(&options.args).exec();
    Err(error).with_context(|| format!("cannot start `{}`", process::show(&command)))
}

/// Builds the `tidemark` binary and answers its path.
pub(crate) fn build_server(release: bool) -> anyhow::Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--package=tidemark", "--bin=tidemark"]);
    if release {
        command.arg("--release");
    }
    process::run(&mut command)?;
    let folder = if release { "release" } else { "debug" };
    Ok(paths::target().join(folder).join("tidemark"))
}
