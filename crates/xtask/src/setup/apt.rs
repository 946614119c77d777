use std::{
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::{Context as _, bail};

use crate::{process, step::note};

static UPDATED: AtomicBool = AtomicBool::new(false);

/// Installs Debian packages when root, and otherwise says how.
pub(crate) fn install(what: &str, packages: &[&str]) -> anyhow::Result<()> {
    let list = packages.join(" ");
    if process::find("apt-get").is_none() {
        bail!(
            "{what} is missing: install it with your system's packages ({list}), then start again"
        );
    }
    if !is_root() {
        bail!("{what} is missing: run `sudo apt-get install --yes {list}`, then start again");
    }
    note(&format!(
        "{what} is missing: installing the Debian packages {list}"
    ));
    if !UPDATED.swap(true, Ordering::Relaxed) {
        process::capture(apt_get().arg("update"))
            .with_context(|| format!("{what} is missing and `apt-get update` failed"))?;
    }
    process::capture(
        apt_get()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages),
    )
    .with_context(|| {
        format!("{what} is missing and `apt-get install {list}` failed; install it by hand, then start again")
    })?;
    Ok(())
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    process::capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
