use std::process::Command;

use super::{
    Context,
    count::{self, Count},
};
use crate::{
    paths, process,
    servers::demo::site_environment,
    setup,
    site::{self, Quality},
    step::step,
};

/// The pages work in a real browser, with and without JavaScript.
pub(super) fn check(context: &mut Context<'_>) -> anyhow::Result<Count> {
    setup::npm::end2end()?;
    let chromium = setup::chromium::path()?;
    let binary = context.server_binary()?;
    site::build(Quality::Shipped)?;
    let programs = paths::end2end().join("node_modules/.bin");
    step("Checking the types of the browser tests", || {
        process::run(
            Command::new(programs.join("tsc"))
                .current_dir(paths::end2end())
                .arg("--noEmit"),
        )
    })?;
    let mut command = Command::new(programs.join("playwright"));
    site_environment(&mut command)
        .current_dir(paths::end2end())
        .arg("test")
        .args(context.args)
        .env(setup::chromium::VARIABLE, chromium)
        .env("TIDEMARK_BINARY", binary);
    count::outcome(&process::tee(&mut command)?)
}
