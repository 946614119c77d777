use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use anyhow::bail;

use crate::{servers::demo::OUTPUT_NAME, stamp};

/// Puts a digest of its content into the name of each file, so that browsers may keep it for ever, and writes the
/// digests to `hash.txt` in the form that Leptos reads, with the files of each area.
pub(super) fn rename(site: &Path, areas: &BTreeMap<String, Vec<String>>) -> anyhow::Result<()> {
    let pkg = site.join("pkg");
    let mut lines = String::new();
    let loader = pkg.join(format!("{OUTPUT_NAME}.js"));
    let mut script = fs::read_to_string(&loader)?;
    let mut renamed = BTreeMap::new();
    for file in areas.values().flatten() {
        if renamed.contains_key(file) {
            continue;
        }
        let name = format!("{file}.{}.wasm", digest(&pkg, &format!("{file}.wasm"))?);
        fs::rename(pkg.join(format!("{file}.wasm")), pkg.join(&name))?;
        let (old, new) = (format!("\"./{file}.wasm\""), format!("\"./{name}\""));
        if !script.contains(&old) {
            bail!("{} does not load {file}.wasm", loader.display());
        }
        script = script.replace(&old, &new);
        renamed.insert(file, name);
    }
    fs::write(&loader, script)?;
    for (kind, from) in [
        ("js", format!("{OUTPUT_NAME}.js")),
        ("wasm", format!("{OUTPUT_NAME}_bg.wasm")),
        ("css", format!("{OUTPUT_NAME}.css")),
    ] {
        let digest = digest(&pkg, &from)?;
        fs::rename(
            pkg.join(&from),
            pkg.join(format!("{OUTPUT_NAME}.{digest}.{kind}")),
        )?;
        writeln!(lines, "{kind}: {digest}")?;
    }
    for (area, files) in areas {
        let names: Vec<&str> = files.iter().map(|file| renamed[file].as_str()).collect();
        writeln!(lines, "area {area}: {}", names.join(" "))?;
    }
    fs::write(site.join("hash.txt"), lines)?;
    Ok(())
}

/// The beginning of the digest of a file's content.
fn digest(pkg: &Path, file: &str) -> anyhow::Result<String> {
    let mut digest = stamp::digest(&fs::read(pkg.join(file))?);
    digest.truncate(16);
    Ok(digest)
}
