use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::anyhow;
use wasm_split_cli_support::Options;

use crate::{servers::demo::OUTPUT_NAME, step::note};

/// The script that loads the areas, beside the one that wasm-bindgen makes.
pub(super) const LOADER: &str = "areas.js";

/// What a module was split into.
pub(super) struct Split {
    /// What every page needs.
    pub(super) main: PathBuf,
    /// The files of each area, without their ending.
    pub(super) areas: BTreeMap<String, Vec<String>>,
}

/// Splits the areas of the console (`app/src/areas.rs`) off the module into files of their own in `pkg`: one for what
/// only one area needs, and one for each set of areas that share something.
pub(super) fn split(module: &[u8], draft: &Path, pkg: &Path) -> anyhow::Result<Split> {
    let main = draft.join("main.wasm");
    let script = format!("./{OUTPUT_NAME}.js");
    let mut options = Options::new(module);
    options.output_dir = pkg;
    options.main_out_path = &main;
    options.main_module = &script;
    let loader = format!("./{LOADER}");
    options.link_name = &loader;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("cannot split the module: {error:?}"))?;
    let sizes = |paths: &[PathBuf]| -> anyhow::Result<u64> {
        let mut sum = 0;
        for path in paths {
            sum += fs::metadata(path)?.len();
        }
        Ok(sum / 1000)
    };
    note(&format!(
        "{} KB for all, {} KB for areas in {} files",
        sizes(std::slice::from_ref(&main))?,
        sizes(&split.split_modules)?,
        split.split_modules.len(),
    ));
    Ok(Split {
        main,
        areas: split.prefetch_map.into_iter().collect(),
    })
}
