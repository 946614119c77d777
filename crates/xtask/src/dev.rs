//! `cargo xtask dev`: run, and rebuild and restart on every change.

use std::{
    path::PathBuf,
    process::Child,
    thread,
    time::{Duration, SystemTime},
};

use clap::Args;

use crate::{
    cargo::forget_package,
    paths, run,
    servers::{self, demo::site_environment},
    site::{self, Quality},
    stamp,
    step::{note, step},
};

const WATCHED: [&str; 6] = ["app", "crates", "frontend", "server", "style", "Cargo.toml"];
const INTERVAL: Duration = Duration::from_millis(500);

#[derive(Args)]
pub(crate) struct Options {
    /// Build the WebAssembly as shipped: slower to build, faster to load
    #[arg(long)]
    shipped: bool,
}

/// Builds and starts the console, watches the sources, and starts over when they change.
pub(crate) fn dev(options: &Options) -> anyhow::Result<()> {
    let quality = if options.shipped {
        Quality::Shipped
    } else {
        Quality::Quick
    };
    let mut running: Option<Child> = None;
    loop {
        let seen = newest()?;
        match build(quality) {
            Ok(binary) => {
                stop(&mut running);
                let mut command = servers::command(binary);
                forget_package(&mut command);
                site_environment(command.arg("demo")).current_dir(paths::root());
                running = Some(command.spawn()?);
            }
            // The last good server keeps running while the sources do not compile.
            Err(error) => eprintln!("{error:#}"),
        }
        note("Watching for changes; Ctrl-C ends");
        while newest()? == seen {
            thread::sleep(INTERVAL);
        }
    }
}

fn build(quality: Quality) -> anyhow::Result<PathBuf> {
    site::build(quality)?;
    step("Building the server", || run::build_server(false))
}

fn stop(running: &mut Option<Child>) {
    if let Some(mut child) = running.take() {
        // It keeps its data in files that survive this; a restart must not wait for open requests.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// The time of the latest change to any watched file.
fn newest() -> anyhow::Result<Option<SystemTime>> {
    let mut latest = None;
    for entry in WATCHED {
        let path = paths::root().join(entry);
        let files = if path.is_file() {
            vec![path]
        } else {
            stamp::files_below(&path)?
        };
        for file in files {
            // A file may vanish between the listing and the question.
            let changed = file.metadata().and_then(|data| data.modified()).ok();
            latest = latest.max(changed);
        }
    }
    Ok(latest)
}
