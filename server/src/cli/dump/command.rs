use std::{
    fs::File,
    io::{self, IsTerminal as _, Read, Write as _},
    os::{fd::AsFd as _, unix::process::CommandExt as _},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rustix::process::{Pid, Signal, kill_process_group};
use tidemark_dumps::{Giver, Taker};

use crate::cli::CliError;

/// Ends a command and all that it began. They are a process group of their own, so that none of them sees the end of its
/// input and takes it for a good one.
#[derive(Clone, Debug)]
pub(super) struct Leash {
    group: Option<Pid>,
    over: Arc<AtomicBool>,
}

impl Leash {
    fn of(child: &Child) -> Self {
        Self {
            group: Some(Pid::from_child(child)),
            over: Arc::default(),
        }
    }

    /// No command: nothing is to be ended.
    fn none() -> Self {
        Self {
            group: None,
            over: Arc::default(),
        }
    }

    /// Ends them, unless the command has ended by itself.
    pub(super) fn kill(&self) {
        if let Some(group) = self.group
            && !self.over.swap(true, Ordering::AcqRel)
            && let Err(error) = kill_process_group(group, Signal::KILL)
        {
            tracing::debug!(%error, "The command had ended already");
        }
    }

    /// Waits for the end of the command; in words how it ended, where it did not end well.
    fn wait(&self, child: &mut Child) -> Result<(), String> {
        let ended = child
            .wait()
            .map_err(|error| format!("the command's end is not known: {error}"));
        self.over.store(true, Ordering::Release);
        match ended? {
            status if status.success() => Ok(()),
            status => Err(words(status)),
        }
    }
}

fn words(status: ExitStatus) -> String {
    format!("the command failed: {status}")
}

fn spawn(command: &[String], input: Stdio, output: Stdio) -> Result<Child, CliError> {
    let (program, arguments) = command
        .split_first()
        .ok_or_else(|| CliError::Usage("no command stands after --".to_owned()))?;
    Command::new(program)
        .args(arguments)
        .stdin(input)
        .stdout(output)
        .process_group(0)
        .spawn()
        .map_err(|error| CliError::machine(format!("{program} could not be started"), error))
}

/// What gives the stream: the command, or standard input where there is none.
pub(super) fn giver(command: &[String]) -> Result<(Box<dyn Giver>, Leash), CliError> {
    if command.is_empty() {
        if io::stdin().is_terminal() {
            return Err(CliError::Usage(
                "nothing comes in: pipe a command's output into this one, or name the command after --".to_owned(),
            ));
        }
        return Ok((Box::new(Input(io::stdin())), Leash::none()));
    }
    let mut child = spawn(command, Stdio::null(), Stdio::piped())?;
    let leash = Leash::of(&child);
    let output = child.stdout.take().ok_or_else(no_pipe)?;
    let gives = Gives {
        output,
        child,
        leash: leash.clone(),
    };
    Ok((Box::new(gives), leash))
}

/// What takes the stream: the command, or standard output where there is none.
pub(super) fn taker(command: &[String]) -> Result<(Box<dyn Taker>, Leash), CliError> {
    if command.is_empty() {
        if io::stdout().is_terminal() {
            return Err(CliError::Usage(
                "a dump is not for a terminal: pipe it into a command, or name the command after --".to_owned(),
            ));
        }
        let output = io::stdout().as_fd().try_clone_to_owned()?;
        return Ok((Box::new(Printed(File::from(output))), Leash::none()));
    }
    let mut child = spawn(command, Stdio::piped(), Stdio::inherit())?;
    let leash = Leash::of(&child);
    let input = child.stdin.take().ok_or_else(no_pipe)?;
    let takes = Takes {
        input: Some(input),
        child,
        leash: leash.clone(),
    };
    Ok((Box::new(takes), leash))
}

fn no_pipe() -> CliError {
    CliError::machine("the command could not be started", "it has no pipe")
}

struct Input(io::Stdin);

impl Read for Input {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.0.read(room)
    }
}

impl Giver for Input {
    fn end(&mut self) -> Result<(), String> {
        Ok(())
    }
}

struct Gives {
    output: ChildStdout,
    child: Child,
    leash: Leash,
}

impl Read for Gives {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.output.read(room)
    }
}

impl Giver for Gives {
    fn end(&mut self) -> Result<(), String> {
        self.leash.wait(&mut self.child)
    }
}

impl Drop for Gives {
    fn drop(&mut self) {
        self.leash.kill();
        let _ = self.child.wait();
    }
}

struct Printed(File);

impl Taker for Printed {
    fn take(&mut self, part: &[u8]) -> io::Result<()> {
        self.0.write_all(part)
    }

    fn end(&mut self) -> Result<(), String> {
        Ok(())
    }
}

struct Takes {
    input: Option<ChildStdin>,
    child: Child,
    leash: Leash,
}

impl Taker for Takes {
    fn take(&mut self, part: &[u8]) -> io::Result<()> {
        match &mut self.input {
            Some(input) => input.write_all(part),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn end(&mut self) -> Result<(), String> {
        self.input = None;
        self.leash.wait(&mut self.child)
    }
}

impl Drop for Takes {
    fn drop(&mut self) {
        // Ended first: its input closes after it.
        self.leash.kill();
        let _ = self.child.wait();
    }
}
