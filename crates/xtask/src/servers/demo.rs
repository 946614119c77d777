use std::{path::Path, process::Command};

use super::{Server, command};
use crate::{http, paths};

/// The output name of the site's files, as in `[[workspace.metadata.leptos]]`.
pub(crate) const OUTPUT_NAME: &str = "tidemark";

/// Tells the server where the site is, in the variables that cargo-leptos uses too.
pub(crate) fn site_environment(command: &mut Command) -> &mut Command {
    let site = paths::site();
    command
        .env("LEPTOS_OUTPUT_NAME", OUTPUT_NAME)
        .env("LEPTOS_SITE_ROOT", &site)
        .env("LEPTOS_SITE_PKG_DIR", "pkg")
        .env("LEPTOS_HASH_FILES", "true")
        // Leptos looks for it beside the executable unless the path is absolute.
        .env("LEPTOS_HASH_FILE_NAME", site.join("hash.txt"))
        .env("LEPTOS_ENV", "PROD")
}

/// A running `tidemark demo` with a data folder of its own.
pub(crate) struct Demo {
    /// `host:port` of the console.
    pub(crate) address: String,
    /// The process.
    pub(crate) server: Server,
}

/// Starts the console with the seeded sandbox on free ports.
pub(crate) fn start(binary: &Path, data: &Path) -> anyhow::Result<Demo> {
    let address = format!("127.0.0.1:{}", http::free_port()?);
    let sandbox = http::free_port()?;
    let server = Server::start(
        "demo",
        site_environment(command(binary).arg("demo"))
            .env("TIDEMARK_LISTEN", &address)
            .env("TIDEMARK_PUBLIC_URL", format!("http://{address}"))
            .env("TIDEMARK_SANDBOX_PORT", sandbox.to_string())
            .env("TIDEMARK_DATA_DIR", data),
        || http::get(&address, "/readyz").is_ok_and(|response| response.status == 200),
    )?;
    Ok(Demo { address, server })
}
