//! Where things are: the checkout, the cache and the build output.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest
        .ancestors()
        .nth(2)
        .map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// The folder for everything that is downloaded or built, shared between checkouts and runs.
pub(crate) fn cache() -> PathBuf {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .unwrap_or_else(env::temp_dir);
    base.join("tidemark")
}

/// Cargo's output folder: `CARGO_TARGET_DIR`, or one in the cache, so that a second clone or a
/// second run builds only what changed.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) if !dir.is_empty() => root().join(dir),
        _ => cache().join("target"),
    }
}

/// The folder that the server serves to browsers.
pub(crate) fn site() -> PathBuf {
    target().join("site")
}

/// The folder of the Playwright tests.
pub(crate) fn end2end() -> PathBuf {
    root().join("end2end")
}

/// Where the servers that tests start write their logs.
pub(crate) fn logs() -> PathBuf {
    target().join("logs")
}
