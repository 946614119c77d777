use std::{fs, path::PathBuf, process::Command};

use anyhow::Context as _;

use super::apt;
use crate::{paths, process, stamp, step::step};

/// The `bin` folder of a private Python environment with the independent emulators and pytest.
pub(crate) fn environment() -> anyhow::Result<PathBuf> {
    let requirements = paths::root().join("crates/testkit/requirements.txt");
    let digest = stamp::digest(&fs::read(&requirements)?);
    let folder = paths::cache().join(format!("python-{}", &digest[..12]));
    let bin = folder.join("bin");
    let stamp = folder.join("stamp");
    if stamp::matches(&stamp, &digest) && bin.join("python").exists() {
        return Ok(bin);
    }
    step(
        "Installing the emulators into a private Python environment",
        || {
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
                    .arg(&requirements),
            )
            .context("the packages of crates/testkit/requirements.txt could not be installed")?;
            stamp::write(&stamp, &digest)
        },
    )?;
    Ok(bin)
}
