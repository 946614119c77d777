use std::path::PathBuf;

use super::Quality;
use crate::{cargo::cargo, paths, process};

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles the browser entry point and answers the module's path.
pub(super) fn build(quality: Quality) -> anyhow::Result<PathBuf> {
    let (profile, folder) = match quality {
        Quality::Shipped => ("wasm-release", "wasm-release"),
        Quality::Quick => ("dev", "debug"),
    };
    process::run(cargo().args([
        "build",
        "--package=tidemark-frontend",
        "--target",
        TARGET,
        "--profile",
        profile,
    ]))?;
    Ok(paths::target()
        .join(TARGET)
        .join(folder)
        .join("tidemark_frontend.wasm"))
}
