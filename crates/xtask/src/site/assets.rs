use std::{fs, path::Path};

use crate::{paths, stamp};

/// Copies icons and the like to the root of the site.
pub(super) fn copy(site: &Path) -> anyhow::Result<()> {
    let source = paths::root().join("app/assets");
    for file in stamp::files_below(&source)? {
        let target = site.join(file.strip_prefix(&source)?);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(&file, target)?;
    }
    Ok(())
}
