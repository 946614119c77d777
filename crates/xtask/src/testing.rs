//! `cargo xtask test`: every check, cheap ones first.

mod architecture;
mod browser;
mod count;
mod format;
mod lifetimes;
mod lint;
pub(crate) mod outside;
mod rust;
mod sandbox;
mod words;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::bail;
use clap::{Args, ValueEnum};

use self::{count::Count, outside::Outside};
use crate::{
    cargo::{NATIVE, cargo},
    paths, process, run, setup,
    step::step,
};

#[derive(Args)]
pub(crate) struct Options {
    /// Run just these stages
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Stage>,
    /// Stop at the first stage that fails
    #[arg(long)]
    fail_fast: bool,
    /// Arguments for the test runner of the one stage chosen with --only
    #[arg(last = true)]
    args: Vec<String>,
}

/// A part of the checks, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// rustfmt
    Fmt,
    /// Length of files, arrows between crates
    Architecture,
    /// clippy, natively and for the browser; licences and sources when cargo-deny is there
    Lint,
    /// Tests inside the crates
    Unit,
    /// Tests of crates from outside, against databases and emulators
    Integration,
    /// Examples in the documentation
    Doc,
    /// The simulated AWS driven by boto3
    Sandbox,
    /// Playwright against the demo
    Browser,
}

/// What the stages of one call share.
struct Context<'a> {
    args: &'a [String],
    /// Whether the Rust tests run too, so that their build can be used again.
    with_rust_tests: bool,
    outside: Option<Outside>,
}

impl Context<'_> {
    /// The database and the emulators, started at the first call.
    fn outside(&mut self) -> anyhow::Result<&Outside> {
        if self.outside.is_none() {
            self.outside = Some(Outside::start()?);
        }
        match &self.outside {
            Some(outside) => Ok(outside),
            None => bail!("the database and the emulators did not start"),
        }
    }

    /// The `tidemark` binary, from the build of the Rust tests when those run too.
    fn server_binary(&self) -> anyhow::Result<PathBuf> {
        step("Building the server", || {
            if self.with_rust_tests {
                // The tests' own selection, so that this finds everything built.
                process::run(
                    cargo()
                        .arg("build")
                        .args(NATIVE)
                        .args(["--bins", "--tests"]),
                )?;
                Ok(paths::target().join("debug/tidemark"))
            } else {
                run::build_server(false)
            }
        })
    }
}

struct Finished {
    stage: Stage,
    took: Duration,
    result: anyhow::Result<Count>,
}

/// Runs the stages and fails when one of them does.
pub(crate) fn test(options: &Options) -> anyhow::Result<()> {
    let stages: Vec<Stage> = Stage::value_variants()
        .iter()
        .copied()
        .filter(|stage| options.only.is_empty() || options.only.contains(stage))
        .collect();
    if !options.args.is_empty() && stages.len() != 1 {
        bail!("arguments after `--` go to one runner: choose its stage with --only");
    }
    setup::rust::wasm_target()?;
    setup::rust::components()?;
    let mut context = Context {
        args: &options.args,
        with_rust_tests: stages.contains(&Stage::Unit) || stages.contains(&Stage::Integration),
        outside: None,
    };
    let mut finished = Vec::new();
    for stage in stages {
        println!("\n=== {} ===", name(stage));
        let start = Instant::now();
        let result = perform(stage, &mut context);
        if let Err(error) = &result {
            println!("{error:#}");
        }
        let failed = result.is_err();
        let took = start.elapsed();
        println!(
            "=== {}: {} in {:.1} s ===",
            name(stage),
            verdict(failed),
            took.as_secs_f64()
        );
        finished.push(Finished {
            stage,
            took,
            result,
        });
        if failed && options.fail_fast {
            break;
        }
    }
    drop(context);
    summarise(&finished)
}

fn perform(stage: Stage, context: &mut Context<'_>) -> anyhow::Result<Count> {
    match stage {
        Stage::Fmt => format::check(),
        Stage::Architecture => architecture::check(),
        Stage::Lint => lint::check(),
        Stage::Unit => rust::unit(context),
        Stage::Integration => rust::integration(context),
        Stage::Doc => rust::documentation(),
        Stage::Sandbox => sandbox::check(context),
        Stage::Browser => browser::check(context),
    }
}

/// How many tests failed at first: a defect to look for, though the check is passed.
fn second_try(again: u64) -> String {
    match again {
        0 => String::new(),
        _ => format!(", {again} of them only when tried again"),
    }
}

fn summarise(finished: &[Finished]) -> anyhow::Result<()> {
    println!("\n=== Summary ===");
    let mut total = Count::default();
    for Finished {
        stage,
        took,
        result,
    } in finished
    {
        let count = match result {
            Ok(count) => *count,
            Err(error) => error
                .downcast_ref::<count::Failed>()
                .map_or(Count::check(false), |it| it.0),
        };
        total += count;
        println!(
            "{:<13} {:<7} {:>4} passed {:>3} failed {:>8.1} s{}",
            name(*stage),
            verdict(result.is_err()),
            count.passed,
            count.failed,
            took.as_secs_f64(),
            second_try(count.again)
        );
    }
    let seconds: f64 = finished.iter().map(|stage| stage.took.as_secs_f64()).sum();
    println!(
        "{} passed, {} failed in {seconds:.0} s{}",
        total.passed,
        total.failed,
        second_try(total.again)
    );
    if finished.iter().any(|stage| stage.result.is_err()) {
        bail!("the checks failed");
    }
    Ok(())
}

fn name(stage: Stage) -> String {
    stage
        .to_possible_value()
        .map_or_else(String::new, |value| value.get_name().to_owned())
}

fn verdict(failed: bool) -> &'static str {
    if failed { "FAILED" } else { "ok" }
}
