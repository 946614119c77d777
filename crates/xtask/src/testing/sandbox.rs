use std::process::Command;

use super::{
    Context,
    count::{self, Count},
};
use crate::{paths, process, servers, setup, step::step};

/// The simulated AWS speaks the protocols as boto3 expects them.
pub(super) fn check(context: &mut Context<'_>) -> anyhow::Result<Count> {
    let python = setup::python::environment()?;
    let binary = context.server_binary()?;
    let (_server, url) = step("Starting the simulated AWS", || {
        servers::sandbox::start(&binary)
    })?;
    count::outcome(&process::tee(
        Command::new(python.join("python"))
            .current_dir(paths::root())
            .args(["-m", "pytest", "-p", "no:cacheprovider", "-q"])
            .arg("crates/sandbox/tests/boto3")
            .args(context.args)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("TIDEMARK_SANDBOX_URL", &url)
            // For suites that need a sandbox with other options.
            .env("TIDEMARK_BINARY", &binary),
    )?)
}
