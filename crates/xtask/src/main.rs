//! Builds, runs, tests and measures Tidemark.
//!
//! Every command sets up what it needs by itself and keeps it outside the checkout, so that a fresh
//! clone needs only rustup, gcc, node with npm and Python 3.

mod bench;
mod cargo;
mod dev;
mod http;
mod lambda;
mod paths;
mod process;
mod run;
mod rustc;
mod servers;
mod setup;
mod simulate;
mod site;
mod stamp;
mod step;
mod testing;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Builds, runs, tests and measures Tidemark"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and start the console with the sandbox on <http://127.0.0.1:8080>
    Run(run::Options),
    /// Run every check: format, lints, unit, integration, browser
    Test(testing::Options),
    /// Measure the budgets and write docs/benchmarks.md
    Bench(bench::Options),
    /// Run, and rebuild and reload on every change
    Dev(dev::Options),
    /// Start the database and the emulators of the tests, and print where they are
    Outside,
    /// Live through simulated worlds of the run engine: --seeds N, or --seed S for one with its trace
    Simulate(simulate::Options),
    /// Build the files that the browser loads, and print where they are
    Site(site::Options),
    /// Build the Lambda function of record-level backups as a zip
    Lambda(lambda::Options),
}

fn main() -> ExitCode {
    if let Some(code) = rustc::called() {
        return code;
    }
    match perform(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => testing::test(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::Dev(options) => dev::dev(&options),
        Command::Outside => testing::outside::serve(),
        Command::Simulate(options) => simulate::simulate(&options),
        Command::Site(options) => site::site(&options),
        Command::Lambda(options) => lambda::lambda(&options),
    }
}
