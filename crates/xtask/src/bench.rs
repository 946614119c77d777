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
    /// Measure these parts alone, and leave docs/benchmarks.md as it is
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
}

/// What can be measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The console: what it transfers, pages per second, memory, Lighthouse
    Console,
    /// A million points on a timeline in Chromium
    Timeline,
    /// What is pure: the dry run
    Domain,
    /// The catalogue and the run engine on both databases, which takes the longest
    Store,
    /// The record engine
    Records,
}

/// Measures, prints the table and, when all was measured, writes `docs/benchmarks.md`.
pub(crate) fn bench(options: &Options) -> anyhow::Result<()> {
    let wanted = |part: Part| options.only.is_empty() || options.only.contains(&part);
    site::build(Quality::Shipped)?;
    let binary = step("Building the server, optimised", || run::build_server(true))?;
    let mut rows = Vec::new();
    if wanted(Part::Console) || wanted(Part::Timeline) {
        let folder = tempfile::tempdir()?;
        step("Seeding the demo estate", || {
            // Ready once the first sync has filled the catalogue; stopped by being dropped.
            demo::start(&binary, folder.path()).map(drop)
        })?;
        if wanted(Part::Console) {
            rows.extend(console(&binary, folder.path())?);
        }
        if wanted(Part::Timeline) {
            rows.extend(timeline::measure(&binary, folder.path())?);
        }
    }
    if wanted(Part::Domain) {
        rows.extend(domain::measure()?);
    }
    if wanted(Part::Store) {
        rows.extend(store::measure()?);
    }
    if wanted(Part::Records) {
        rows.extend(records::measure(&binary)?);
    }
    println!("\n{}", report::table(&rows));
    if options.only.is_empty() && !options.no_write {
        report::write(&rows)?;
    }
    Ok(())
}

/// What is measured on a running console: the demo estate, served by `tidemark serve`, so that the
/// simulated AWS is neither in its memory nor on its processors.
fn console(binary: &Path, data: &Path) -> anyhow::Result<Vec<Row>> {
    let Demo { address, server } =
        step("Starting the console on it", || demo::serve(binary, data))?;
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
    Ok(rows)
}
