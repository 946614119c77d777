use std::{fs, path::Path, process::Command};

use super::split::LOADER;
use crate::{process, servers::demo::OUTPUT_NAME, stamp, step::note};

/// Shrinks the modules in place with binaryen.
pub(super) fn wasm(tools: &Path, pkg: &Path) -> anyhow::Result<()> {
    let (mut before, mut after) = (0, 0);
    for module in stamp::files_below(pkg)? {
        if module.extension().is_none_or(|ending| ending != "wasm") {
            continue;
        }
        before += fs::metadata(&module)?.len();
        process::capture(
            Command::new(tools.join("wasm-opt"))
                // What rustc switches on for this target, and the tables of wasm-bindgen.
                .args([
                    "--enable-bulk-memory",
                    "--enable-mutable-globals",
                    "--enable-multivalue",
                ])
                .args([
                    "--enable-nontrapping-float-to-int",
                    "--enable-reference-types",
                ])
                // Not -Oz: it makes the module 9 % smaller and its Brotli copy 8 % larger.
                .args(["--enable-sign-ext", "-O1"])
                .arg(&module)
                .arg("-o")
                .arg(&module),
        )?;
        after += fs::metadata(&module)?.len();
    }
    note(&format!("{} KB, was {} KB", after / 1000, before / 1000));
    Ok(())
}

/// Bundles the loader with that of the areas and its snippets into one minified module, in place.
pub(super) fn script(tools: &Path, pkg: &Path) -> anyhow::Result<()> {
    let script = pkg.join(format!("{OUTPUT_NAME}.js"));
    process::capture(
        Command::new(tools.join("esbuild"))
            .arg(&script)
            .args([
                "--bundle",
                "--minify",
                "--format=esm",
                "--target=es2022",
                "--log-level=warning",
            ])
            .arg("--allow-overwrite")
            .arg(format!("--outfile={}", script.display())),
    )?;
    fs::remove_file(pkg.join(LOADER))?;
    let snippets = pkg.join("snippets");
    if snippets.exists() {
        fs::remove_dir_all(snippets)?;
    }
    Ok(())
}
