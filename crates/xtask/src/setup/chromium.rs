use std::{env, path::PathBuf};

use anyhow::Context as _;

use super::apt;
use crate::process;

/// The variable that names another browser for the tests.
pub(crate) const VARIABLE: &str = "TIDEMARK_CHROMIUM";

/// Where Chromium is; installs Debian's package when there is none.
pub(crate) fn path() -> anyhow::Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install("Chromium", &["chromium", "fonts-dejavu-core"])?;
    find().context("Chromium was installed, but there is no `chromium` on PATH")
}

fn find() -> Option<PathBuf> {
    env::var_os(VARIABLE)
        .map(PathBuf::from)
        .or_else(|| process::find("chromium"))
        .or_else(|| process::find("chromium-browser"))
        .or_else(|| process::find("google-chrome"))
}
