use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;

use super::apt;
use crate::{paths, process, stamp, step::step};

/// The `bin` folder of a private Python environment with the independent emulators and pytest.
pub(crate) fn environment() -> anyhow::Result<PathBuf> {
    install(
        "python",
        "crates/testkit/requirements.txt",
        "Installing the emulators into a private Python environment",
    )
}

/// The `bin` folder of one with Zig as a linker, which Python packages carry for every machine.
pub(crate) fn linker() -> anyhow::Result<PathBuf> {
    install(
        "zig",
        "crates/records-lambda/requirements.txt",
        "Installing Zig as a linker into a private Python environment",
    )
}

fn install(name: &str, requirements: &str, what: &str) -> anyhow::Result<PathBuf> {
    let listed = requirements;
    let requirements: &Path = &paths::root().join(requirements);
    let digest = stamp::digest(&fs::read(requirements)?);
    let folder = paths::cache().join(format!("{name}-{}", &digest[..12]));
    let bin = folder.join("bin");
    let stamp = folder.join("stamp");
    if stamp::matches(&stamp, &digest) && bin.join("python").exists() {
        return Ok(bin);
    }
    step(what, || {
        if process::find("python3").is_none() {
            apt::install("Python 3", &["python3", "python3-venv"])?;
        }
        // Debian's python3 has the module venv but not what it needs to install pip.
        if !process::succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"])) {
            apt::install("Python's venv", &["python3-venv"])?;
        }
        process::capture(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )?;
        process::capture(
            Command::new(bin.join("python"))
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--disable-pip-version-check",
                    "--quiet",
                ])
                .arg("--requirement")
                .arg(requirements),
        )
        .with_context(|| format!("the packages of {listed} could not be installed"))?;
        stamp::write(&stamp, &digest)
    })?;
    Ok(bin)
}
