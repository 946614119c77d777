use std::{fmt::Write as _, fs, path::Path};

use crate::{servers::demo::OUTPUT_NAME, stamp};

/// Puts a digest of its content into the name of each file, so that browsers may keep it for ever,
/// and writes the digests to `hash.txt` in the form that Leptos reads.
pub(super) fn rename(site: &Path) -> anyhow::Result<()> {
    let pkg = site.join("pkg");
    let mut lines = String::new();
    for (kind, from) in [
        ("js", format!("{OUTPUT_NAME}.js")),
        ("wasm", format!("{OUTPUT_NAME}_bg.wasm")),
        ("css", format!("{OUTPUT_NAME}.css")),
    ] {
        let from = pkg.join(from);
        let digest = stamp::digest(&fs::read(&from)?);
        let short = &digest[..16];
        fs::rename(&from, pkg.join(format!("{OUTPUT_NAME}.{short}.{kind}")))?;
        writeln!(lines, "{kind}: {short}")?;
    }
    fs::write(site.join("hash.txt"), lines)?;
    Ok(())
}
