//! Where the built site is.

use std::{
    env,
    path::{Path, PathBuf},
};

use leptos::config::{Env, LeptosOptions};

use crate::config::Config;

const PKG: &str = "pkg";
const HASHES: &str = "hash.txt";

/// The options that pages need, from the configuration and cargo-leptos's variables.
///
/// Whether names carry hashes is read from the site itself, so that a server started by hand beside
/// a site built by `cargo xtask` finds its scripts. Without a site the pages work without scripts.
pub(crate) fn leptos_options(config: &Config) -> LeptosOptions {
    let root = root(config);
    let pkg = env::var("LEPTOS_SITE_PKG_DIR").unwrap_or_else(|_| PKG.to_owned());
    let hashes = env::var_os("LEPTOS_HASH_FILE_NAME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .unwrap_or_else(|| root.join(HASHES));
    if !root.join(&pkg).is_dir() {
        tracing::warn!(
            site = %root.display(),
            "The site is not built, so pages come without scripts and styles: cargo xtask site builds it"
        );
    }
    LeptosOptions::builder()
        .output_name(env::var("LEPTOS_OUTPUT_NAME").unwrap_or_else(|_| "tidemark".to_owned()))
        .site_root(root.display().to_string())
        .site_pkg_dir(pkg)
        .site_addr(config.listen)
        .env(if env::var_os("LEPTOS_WATCH").is_some() {
            Env::DEV
        } else {
            Env::PROD
        })
        .hash_files(hashes.is_file())
        .hash_file(hashes.display().to_string().into())
        .build()
}

fn root(config: &Config) -> PathBuf {
    if !config.site_root.is_empty() {
        return absolute(Path::new(&config.site_root));
    }
    let beside = env::current_exe()
        .ok()
        .and_then(|exe| exe.parent().map(Path::to_path_buf));
    let candidates = [
        Some(PathBuf::from("target/site")),
        beside.as_ref().map(|folder| folder.join("site")),
        beside.as_ref().map(|folder| folder.join("../site")),
    ];
    candidates
        .into_iter()
        .flatten()
        .find(|folder| folder.join(PKG).is_dir())
        .map_or_else(
            || absolute(Path::new("target/site")),
            |folder| absolute(&folder),
        )
}

/// Leptos looks for relative paths beside the executable, so paths are made absolute.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
