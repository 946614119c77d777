//! `cargo xtask bench`: the budgets, the figures, and which of them hold.

mod client;
mod domain;
mod lighthouse;
mod memory;
mod pages;
mod records;
mod report;
mod row;
mod store;
mod timeline;
mod transfer;

use std::path::Path;

use clap::Args;

use self::row::Row;
use crate::{
    run,
    servers::demo::{self, Demo},
    site::{self, Quality},
    step::step,
};

#[derive(Args)]
pub(crate) struct Options {
    /// Leave docs/benchmarks.md as it is
    #[arg(long)]
    no_write: bool,
    /// Leave out the database benchmarks, which take the longest
    #[arg(long)]
    skip_store: bool,
}

/// Measures, prints the table and writes `docs/benchmarks.md`.
pub(crate) fn bench(options: &Options) -> anyhow::Result<()> {
    site::build(Quality::Shipped)?;
    let binary = step("Building the server, optimised", || run::build_server(true))?;
    let mut rows = console(&binary)?;
    rows.extend(domain::measure()?);
    if !options.skip_store {
        rows.extend(store::measure()?);
    }
    rows.extend(records::measure(&binary)?);
    println!("\n{}", report::table(&rows));
    if !options.no_write {
        report::write(&rows)?;
    }
    Ok(())
}

/// What is measured on a running console: the demo estate, served by `tidemark serve`, so that the
/// simulated AWS is neither in its memory nor on its processors.
fn console(binary: &Path) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    step("Seeding the demo estate", || {
        // Ready once the first sync has filled the catalogue; stopped by being dropped.
        demo::start(binary, folder.path()).map(drop)
    })?;
    let Demo { address, server } = step("Starting the console on it", || {
        demo::serve(binary, folder.path())
    })?;
    let cookie = client::sign_in(&address, demo::USER, demo::PASSWORD)?;
    let mut rows = step("Measuring what the overview transfers", || {
        transfer::measure(&address, &cookie)
    })?;
    rows.push(memory::measure(
        "Resident memory of `serve`, idle",
        server.id(),
        150,
    )?);
    rows.extend(step("Loading the overview", || {
        pages::measure(&address, &cookie)
    })?);
    rows.push(memory::measure(
        "Resident memory of `serve`, under load",
        server.id(),
        300,
    )?);
    rows.extend(step("Asking Lighthouse", || {
        lighthouse::measure(
            &address,
            &cookie,
            &[
                ("overview", "/"),
                ("resources", "/resources"),
                ("timeline", "/timeline"),
            ],
        )
    })?);
    drop(server);
    rows.extend(timeline::measure(binary, folder.path())?);
    Ok(rows)
}
