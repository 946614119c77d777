use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

use crate::servers::demo::OUTPUT_NAME;

/// Makes the JavaScript that loads the module.
///
/// The library has the version that Cargo.lock gives to `wasm-bindgen` itself: the two must agree.
pub(super) fn bind(module: &Path, pkg: &Path) -> anyhow::Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(OUTPUT_NAME)
        .web(true)?
        .typescript(false)
        // Areas take their table of functions from the main module.
        .keep_lld_exports(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(pkg)
}
