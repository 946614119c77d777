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

/// A user of the demo estate who may see every page.
pub(crate) const USER: &str = "operator";
/// Its well-known password.
pub(crate) const PASSWORD: &str = "tidemark-demo";

/// A running console with a data folder of its own.
pub(crate) struct Demo {
    /// `host:port` of the console.
    pub(crate) address: String,
    /// The process.
    pub(crate) server: Server,
}

/// Starts the console with the seeded sandbox on free ports.
pub(crate) fn start(binary: &Path, data: &Path) -> anyhow::Result<Demo> {
    launch("demo", binary, &["demo"], data)
}

/// Starts the console alone on what a demo left behind.
pub(crate) fn serve(binary: &Path, data: &Path) -> anyhow::Result<Demo> {
    launch("serve", binary, &["serve", "--no-worker"], data)
}

fn launch(name: &'static str, binary: &Path, args: &[&str], data: &Path) -> anyhow::Result<Demo> {
    let address = format!("127.0.0.1:{}", http::free_port()?);
    let server = Server::start(
        name,
        site_environment(command(binary).args(args))
            .env("TIDEMARK_LISTEN", &address)
            .env("TIDEMARK_PUBLIC_URL", format!("http://{address}"))
            .env("TIDEMARK_SANDBOX_PORT", http::free_port()?.to_string())
            .env("TIDEMARK_DATA_DIR", data)
            // A benchmark is one address that asks for everything.
            .env("TIDEMARK_LIMITS__REQUEST_BURST", "100000000")
            .env("TIDEMARK_LIMITS__REQUEST_PER_SECOND", "100000000"),
        || http::get(&address, "/readyz").is_ok_and(|response| response.status == 200),
    )?;
    Ok(Demo { address, server })
}
