use std::path::Path;

use super::{Server, command};
use crate::http;

/// Starts the simulated AWS alone from the built binary.
pub(crate) fn start(binary: &Path) -> anyhow::Result<(Server, String)> {
    let port = http::free_port()?;
    let address = format!("127.0.0.1:{port}");
    let server = Server::start(
        "sandbox",
        command(binary).args(["sandbox", "--empty", "--port", &port.to_string()]),
        || http::answers(&address, "/"),
    )?;
    Ok((server, format!("http://{address}")))
}
