use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

/// The password of the first admin.
pub(crate) const ADMIN_PASSWORD: &str = "a password for tests";

/// A process of the binary; killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Process {
    fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    /// The simulated AWS, empty, and its endpoint.
    pub(crate) fn sandbox() -> (Self, String) {
        let mut process = Self::start(bare().args(["sandbox", "--empty", "--port", "0"]));
        let url = process.url();
        (process, url)
    }

    /// `tidemark serve`, and its address.
    pub(crate) fn serve(endpoint: &str, data: &Path) -> (Self, String) {
        let mut process =
            Self::start(console(endpoint, data).args(["serve", "--listen", "127.0.0.1:0"]));
        let url = process.url();
        (process, url)
    }

    /// A process that prints its address once it answers there.
    pub(crate) fn answering(command: &mut Command) -> (Self, String) {
        let mut process = Self::start(command);
        let url = process.url();
        (process, url)
    }

    /// A process that prints nothing; it is not waited for.
    pub(crate) fn silent(command: &mut Command) -> Self {
        Self::start(command)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGTERM; it is not waited for.
    pub(crate) fn tell_to_end(&self) {
        let told = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(told.success());
    }

    /// Whether it runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// The address on the first line that has one.
    fn url(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.stdout.read_line(&mut line).unwrap();
            assert!(read > 0, "the process ended: {:?}", self.child.wait());
            if let Some(at) = line.find("http://") {
                return line[at..].trim().to_owned();
            }
        }
    }

    /// SIGKILL, and nothing else.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and waits for the end; whether it ended well.
    pub(crate) fn terminate(mut self) -> bool {
        self.tell_to_end();
        self.child.wait().unwrap().success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The binary without anything of this machine's settings.
pub(crate) fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidemark"));
    command
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("USER", "tester");
    command
}

/// The binary against the simulated AWS, with its data in a folder.
pub(crate) fn console(endpoint: &str, data: &Path) -> Command {
    let mut command = bare();
    command
        .env("TIDEMARK_DATA_DIR", data)
        .env("TIDEMARK_ADMIN_PASSWORD", ADMIN_PASSWORD)
        .env("TIDEMARK_WORKER__LEASE_SECONDS", "2")
        .env("TIDEMARK_WORKER__SYNC_EVERY_SECONDS", "2")
        .env("TIDEMARK_WORKER__RECORDS_FLUSH_SECONDS", "1")
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_ACCESS_KEY_ID", "111122223333")
        .env("AWS_SECRET_ACCESS_KEY", "sandbox")
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_EC2_METADATA_DISABLED", "true");
    command
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command, args: &[&str]) -> Output {
    command.args(args).stdin(Stdio::null()).output().unwrap()
}

/// Runs a command that must succeed and answers what it printed.
pub(crate) fn output(command: &mut Command, args: &[&str]) -> String {
    let output = run(command, args);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{args:?}: {text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}
