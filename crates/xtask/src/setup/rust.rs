use std::{fs, process::Command};

use anyhow::{Context as _, bail};

use crate::{cargo::cargo, paths, process, step::note};

const WASM: &str = "wasm32-unknown-unknown";

/// Adds the WebAssembly target to the toolchain when it is not there.
///
/// rustup does so by itself from `rust-toolchain.toml`, except where automatic installation is off.
pub(crate) fn wasm_target() -> anyhow::Result<()> {
    target(WASM)
}

/// Adds a target to the toolchain when it is not there.
pub(crate) fn target(target: &str) -> anyhow::Result<()> {
    let library = process::capture(Command::new("rustc").current_dir(paths::root()).args([
        "--print",
        "target-libdir",
        "--target",
        target,
    ]))?;
    if fs::read_dir(library.trim()).is_ok_and(|mut entries| entries.next().is_some()) {
        return Ok(());
    }
    rustup(&["target", "add", target])
}

/// Adds clippy and rustfmt when they are not there.
pub(crate) fn components() -> anyhow::Result<()> {
    for (component, command) in [("clippy", "clippy"), ("rustfmt", "fmt")] {
        if !process::succeeds(cargo().args([command, "--version"])) {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

fn rustup(args: &[&str]) -> anyhow::Result<()> {
    let channel = channel()?;
    let shown = format!("rustup {} --toolchain {channel}", args.join(" "));
    if process::find("rustup").is_none() {
        bail!(
            "{} is missing and there is no rustup: install rustup, then run `{shown}`",
            args[2]
        );
    }
    note(&shown);
    process::capture(
        Command::new("rustup")
            .args(args)
            .args(["--toolchain", &channel]),
    )
    .with_context(|| format!("could not add {} to the toolchain; run `{shown}`", args[2]))?;
    Ok(())
}

fn channel() -> anyhow::Result<String> {
    let text = fs::read_to_string(paths::root().join("rust-toolchain.toml"))?;
    text.lines()
        .find_map(|line| line.strip_prefix("channel = "))
        .map(|value| value.trim_matches('"').to_owned())
        .context("rust-toolchain.toml names no channel")
}
