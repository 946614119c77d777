use std::{path::Path, process::Command};

use crate::{paths, process};

/// Puts a Brotli and a gzip copy beside each file that shrinks by it.
///
/// Node's zlib is there already and many times faster than an unoptimised Rust build of Brotli.
pub(super) fn compress(site: &Path) -> anyhow::Result<()> {
    process::capture(
        Command::new("node")
            .arg(paths::root().join("crates/xtask/web/compress.mjs"))
            .arg(site),
    )?;
    Ok(())
}
