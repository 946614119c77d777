use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};

use super::apt;
use crate::{paths, process, stamp, step::step};

/// What Playwright and the AWS SDK for JavaScript run on.
const OLDEST_NODE: u32 = 20;

/// The folder of the build's own npm programs (wasm-opt and esbuild), installed by lock file.
///
/// They lie in the cache, by the digest of their lock file, so that every checkout shares them.
pub(crate) fn web_tools() -> anyhow::Result<PathBuf> {
    let source = paths::root().join("crates/xtask/web");
    let digest = lock_digest(&source)?;
    let folder = paths::cache().join(format!("web-tools-{}", &digest[..12]));
    let stamp = folder.join("stamp");
    if !stamp::matches(&stamp, &digest) {
        step("Installing wasm-opt and esbuild from npm", || {
            fs::create_dir_all(&folder)?;
            for file in ["package.json", "package-lock.json"] {
                fs::copy(source.join(file), folder.join(file))?;
            }
            install(&folder)?;
            stamp::write(&stamp, &digest)
        })?;
    }
    Ok(folder.join("node_modules/.bin"))
}

/// Installs the packages of the browser tests by lock file.
pub(crate) fn end2end() -> anyhow::Result<()> {
    let folder = paths::end2end();
    let digest = lock_digest(&folder)?;
    let stamp = folder.join("node_modules/.tidemark-stamp");
    if !stamp::matches(&stamp, &digest) {
        step("Installing Playwright and its companions from npm", || {
            install(&folder)?;
            stamp::write(&stamp, &digest)
        })?;
    }
    Ok(())
}

fn install(folder: &Path) -> anyhow::Result<()> {
    if process::find("npm").is_none() {
        apt::install("npm", &["nodejs", "npm"])?;
    }
    let version = process::capture(Command::new("node").arg("--version"))?;
    if major(&version).is_none_or(|major| major < OLDEST_NODE) {
        bail!(
            "Node {OLDEST_NODE} or newer is needed, and `node --version` says {}",
            version.trim()
        );
    }
    process::capture(
        Command::new("npm")
            .current_dir(folder)
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .env("PUPPETEER_SKIP_DOWNLOAD", "1")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]),
    )
    .with_context(|| format!("`npm ci` failed in {}", folder.display()))?;
    Ok(())
}

/// The first number of `v20.19.2`.
fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

fn lock_digest(folder: &Path) -> anyhow::Result<String> {
    let content = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("no package-lock.json in {}", folder.display()))?;
    Ok(stamp::digest(&content))
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("v20.19.2\n"), Some(20));
        assert_eq!(major("20"), None);
    }
}
