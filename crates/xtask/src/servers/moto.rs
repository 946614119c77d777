use std::path::Path;

use super::{Server, command};
use crate::http;

/// Starts moto's server, which knows the services that ministack does not.
pub(crate) fn start(python_bin: &Path) -> anyhow::Result<(Server, String)> {
    let port = http::free_port()?;
    let address = format!("127.0.0.1:{port}");
    let server = Server::start(
        "moto",
        command(python_bin.join("moto_server")).args(["-H", "127.0.0.1", "-p", &port.to_string()]),
        || http::answers(&address, "/moto-api/"),
    )?;
    Ok((server, format!("http://{address}")))
}
