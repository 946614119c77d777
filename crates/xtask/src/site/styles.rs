use std::{fs, path::Path, process::Command};

use crate::{paths, process, servers::demo::OUTPUT_NAME};

/// Bundles `style/main.css` and what it imports into one minified file.
pub(super) fn bundle(tools: &Path, pkg: &Path) -> anyhow::Result<()> {
    let output = pkg.join(format!("{OUTPUT_NAME}.css"));
    let source = paths::root().join("style/main.css");
    if !source.exists() {
        fs::write(output, "")?;
        return Ok(());
    }
    process::capture(
        Command::new(tools.join("esbuild"))
            .arg(source)
            .args([
                "--bundle",
                "--minify",
                "--external:/*",
                "--log-level=warning",
            ])
            // Nesting and light-dark() are understood by the browsers we support.
            .arg("--target=chrome123,firefox120,safari17.5")
            .arg(format!("--outfile={}", output.display())),
    )?;
    Ok(())
}
