use std::path::Path;

use super::{Server, command};
use crate::http;

/// Starts ministack, which enforces trust policies, external ids and identity policies.
pub(crate) fn start(python_bin: &Path) -> anyhow::Result<(Server, String)> {
    let address = format!("127.0.0.1:{}", http::free_port()?);
    let port = address.rsplit(':').next().unwrap_or_default().to_owned();
    let server = Server::start(
        "ministack",
        command(python_bin.join("ministack"))
            .env("AUTH", "true")
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port)
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0"),
        || http::answers(&address, "/_ministack/health"),
    )?;
    Ok((server, format!("http://{address}")))
}
