//! The files that the browser loads: WebAssembly, its JavaScript, styles and assets.
//!
//! Output: `<target>/site/pkg/tidemark.<hash>.{js,wasm,css}`, the code of each area of the console beside them, the
//! assets beside `pkg`, a compressed copy (`.br`, `.gz`) of each, and `hash.txt`, which tells Leptos the hashes and the
//! server the files of each area.

mod assets;
mod bindgen;
mod compress;
mod hash;
mod optimise;
mod split;
mod styles;
mod trim;
mod wasm;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;

use crate::{paths, setup, stamp, step::step};

/// How much time to spend on the WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quality {
    /// As shipped: small.
    Shipped,
    /// Built quickly, for work on the pages.
    Quick,
}

#[derive(Args)]
pub(crate) struct Options {
    /// Build quickly and large, as `dev` does
    #[arg(long)]
    quick: bool,
}

/// `cargo xtask site`.
pub(crate) fn site(options: &Options) -> anyhow::Result<()> {
    let quality = if options.quick {
        Quality::Quick
    } else {
        Quality::Shipped
    };
    println!("{}", build(quality)?.display());
    Ok(())
}

/// Builds the site, or only what changed since, and answers its folder.
pub(crate) fn build(quality: Quality) -> anyhow::Result<PathBuf> {
    setup::rust::wasm_target()?;
    let tools = setup::npm::web_tools()?;
    let module = step("Building the pages for the browser", || {
        wasm::build(quality)
    })?;
    let site = paths::site();
    let stamp = site.join(".stamp");
    let digest = inputs(&module, quality)?;
    if stamp::matches(&stamp, &digest) {
        return Ok(site);
    }
    // Made beside the old one and swapped at the end, so that a running server never sees half, and
    // under a name of its own, since another call may be at it too.
    let draft = paths::target().join(format!("site.draft-{}", std::process::id()));
    if draft.exists() {
        fs::remove_dir_all(&draft)?;
    }
    let pkg = draft.join("pkg");
    fs::create_dir_all(&pkg)?;
    let split = step("Splitting the pages into areas", || {
        let trimmed = trim::trim(&fs::read(&module)?)?;
        split::split(&trimmed, &draft, &pkg)
    })?;
    step("Binding the pages to JavaScript", || {
        bindgen::bind(&split.main, &pkg)?;
        anyhow::Ok(fs::remove_file(&split.main)?)
    })?;
    step("Shrinking scripts and styles", || {
        optimise::script(&tools, &pkg)?;
        styles::bundle(&tools, &pkg)
    })?;
    if quality == Quality::Shipped {
        step("Shrinking the WebAssembly", || optimise::wasm(&tools, &pkg))?;
    }
    assets::copy(&draft)?;
    hash::rename(&draft, &split.areas)?;
    if quality == Quality::Shipped {
        step("Compressing", || compress::compress(&draft))?;
    }
    stamp::write(&draft.join(".stamp"), &digest)?;
    swap(&draft, &site)?;
    Ok(site)
}

/// The digest of everything that the site is made from.
fn inputs(module: &Path, quality: Quality) -> anyhow::Result<String> {
    let root = paths::root();
    let mut files = vec![
        module.to_path_buf(),
        root.join("crates/xtask/web/package-lock.json"),
    ];
    for folder in ["style", "app/assets", "crates/xtask/src/site"] {
        files.extend(stamp::files_below(&root.join(folder))?);
    }
    let digest = stamp::digest_files(files.iter().map(PathBuf::as_path))?;
    Ok(format!("{quality:?} {digest}"))
}

fn swap(draft: &Path, site: &Path) -> anyhow::Result<()> {
    if site.exists() {
        fs::remove_dir_all(site)?;
    }
    fs::rename(draft, site).with_context(|| format!("cannot put the site to {}", site.display()))
}
