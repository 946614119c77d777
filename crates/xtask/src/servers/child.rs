use std::{
    fs::{self, File},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};

use crate::{http, paths, process};

/// How long a server may take until it answers; seeding the demo estate is the slowest.
const START_LIMIT: Duration = Duration::from_mins(3);
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// A server process that is stopped when this value is dropped.
pub(crate) struct Server {
    name: &'static str,
    child: Child,
    log: PathBuf,
    stop_signal: &'static str,
}

/// A command whose process ends when ours does, even when ours is killed.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    if process::find("setpriv").is_some() {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

impl Server {
    /// Starts the command with its output in a log file and waits until `ready` holds.
    pub(crate) fn start(
        name: &'static str,
        command: &mut Command,
        ready: impl FnMut() -> bool,
    ) -> anyhow::Result<Self> {
        let mut ready = ready;
        fs::create_dir_all(paths::logs())?;
        let log = paths::logs().join(format!("{name}.log"));
        let file = File::create(&log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("cannot start {name} with `{}`", process::show(command)))?;
        let mut server = Self {
            name,
            child,
            log,
            stop_signal: "TERM",
        };
        let mut ended = None;
        let answered = http::wait_until(START_LIMIT, || {
            ended = server.child.try_wait().ok().flatten();
            ended.is_some() || ready()
        });
        match ended {
            Some(status) => bail!(
                "{name} ended with {status} at its start\n{}",
                server.log_tail()
            ),
            None if !answered => bail!(
                "{name} did not answer within {} s\n{}",
                START_LIMIT.as_secs(),
                server.log_tail()
            ),
            None => Ok(server),
        }
    }

    /// Sets the signal that stops the server cleanly, `TERM` unless told.
    pub(crate) fn stopped_by(mut self, signal: &'static str) -> Self {
        self.stop_signal = signal;
        self
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    fn log_tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let start = lines.len().saturating_sub(20);
        format!(
            "the end of {}:\n{}",
            self.log.display(),
            lines[start..].join("\n")
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let signal = format!("-{}", self.stop_signal);
        let asked = process::succeeds(
            Command::new("kill").args([signal.as_str(), self.child.id().to_string().as_str()]),
        );
        let stopped =
            asked && http::wait_until(STOP_LIMIT, || matches!(self.child.try_wait(), Ok(Some(_))));
        if !stopped {
            eprintln!("    {} did not stop by itself and is killed", self.name);
            // Nothing is left to do when even this fails.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
