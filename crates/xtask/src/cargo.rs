//! Calls of cargo from within cargo.

use std::{env, process::Command};

use crate::{paths, rustc};

/// A cargo command in the workspace with the shared output folder.
///
/// `cargo xtask` runs under cargo, which describes the package being run in the environment; passed
/// on, that would make build scripts believe that their inputs had changed.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(paths::root())
        .env("CARGO_TARGET_DIR", paths::target());
    forget_package(&mut command);
    rustc::stand_in(&mut command);
    command
}

/// Removes from a command's environment what cargo said about the xtask package.
pub(crate) fn forget_package(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        let about_package = text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || matches!(
                text,
                "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE"
            );
        if about_package {
            command.env_remove(text);
        }
    }
}

/// The arguments that select every crate of the product that is built for this machine.
///
/// The same selection in every build, lint and test keeps the features, and so the compiled
/// dependencies, the same; the browser entry point would switch on features of Leptos that exclude
/// those of the server, and the tools have nothing to do with the product.
pub(crate) const NATIVE: [&str; 5] = [
    "--workspace",
    "--exclude",
    "tidemark-frontend",
    "--exclude",
    "xtask",
];
