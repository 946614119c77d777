use std::{fs, path::Path, process::Command};

use anyhow::bail;

use crate::{paths, process, servers::demo::OUTPUT_NAME};

/// Bundles `style/main.css` and what it imports into one minified file.
pub(super) fn bundle(tools: &Path, pkg: &Path) -> anyhow::Result<()> {
    let output = pkg.join(format!("{OUTPUT_NAME}.css"));
    let source = paths::root().join("style/main.css");
    process::capture(
        Command::new(tools.join("esbuild"))
            .arg(source)
            .args(["--bundle", "--minify", "--log-level=warning"])
            // Addresses of assets stay as they are written; only what is imported is bundled.
            .args(["--external:*.svg", "--external:*.png", "--external:*.woff2"])
            // Nesting and light-dark() are understood by the browsers we support.
            .arg("--target=chrome123,firefox120,safari17.5")
            .arg(format!("--outfile={}", output.display())),
    )?;
    if fs::read_to_string(&output)?.contains("@import") {
        bail!("a style was left out of the bundle: {}", output.display());
    }
    Ok(())
}
