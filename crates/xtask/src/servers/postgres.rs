use std::{
    fs,
    io::Read as _,
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};

use super::Server;
use crate::{http, process, setup::apt, stamp};

/// The file in the folder that names the process that made it.
const OWNER: &str = "owner";
const FOLDER_PREFIX: &str = "tidemark-postgres-";

/// A private PostgreSQL in a temporary folder, on a free port, gone when dropped.
pub(crate) struct Postgres {
    /// `postgres://…` of an empty database whose user may create more.
    pub(crate) url: String,
    // Dropped in this order: first the server, then its files.
    _server: Server,
    _folder: Folder,
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder left in the system's temporary folder does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Starts PostgreSQL; installs Debian's package when there is none.
pub(crate) fn start() -> anyhow::Result<Postgres> {
    let programs = programs()?;
    let port = http::free_port()?;
    let user = unprivileged_user();
    let folder = Folder(temporary_folder(user)?);
    let data = folder.0.join("data");
    let password = random_text()?;
    let password_file = folder.0.join("password");
    fs::write(&password_file, &password)?;
    process::capture(
        as_user(user, &programs.join("initdb"))
            .args([
                "--username=tidemark",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
            ])
            .args(["--no-sync", "--locale=C"])
            .arg(format!("--pwfile={}", password_file.display()))
            .arg("--pgdata")
            .arg(&data),
    )
    .context("initdb could not make a database folder")?;
    let server = Server::start(
        "postgres",
        as_user(user, &programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
            .args([
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=300",
            ])
            // The data is thrown away, so nothing needs to survive a crash.
            .args([
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
            ]),
        || TcpStream::connect(("127.0.0.1", port)).is_ok(),
    )?
    .stopped_by("INT");
    Ok(Postgres {
        url: format!("postgres://tidemark:{password}@127.0.0.1:{port}/postgres"),
        _server: server,
        _folder: folder,
    })
}

/// The folder that holds `initdb` and `postgres`; Debian keeps them off `PATH`.
fn programs() -> anyhow::Result<PathBuf> {
    if let Some(found) = find_programs() {
        return Ok(found);
    }
    apt::install("PostgreSQL", &["postgresql"])?;
    find_programs().context("PostgreSQL was installed, but initdb is in none of the usual places")
}

fn find_programs() -> Option<PathBuf> {
    let on_path = process::find("initdb").and_then(|path| {
        let real = fs::canonicalize(path).ok()?;
        real.parent().map(Path::to_path_buf)
    });
    let mut candidates: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    candidates.sort();
    on_path
        .into_iter()
        .chain(candidates.into_iter().rev())
        .find(|dir| dir.join("initdb").is_file() && dir.join("postgres").is_file())
}

/// PostgreSQL refuses to run as root: the user to run it as, when we are.
fn unprivileged_user() -> Option<&'static str> {
    apt::is_root().then(|| {
        if process::succeeds(Command::new("id").arg("postgres")) {
            "postgres"
        } else {
            "nobody"
        }
    })
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command
                .arg(format!("--reuid={user}"))
                .arg(format!("--regid={}", group_of(user)))
                .args(["--clear-groups", "--pdeathsig", "INT", "--"])
                .arg(program);
            command
        }
        None => Command::new(program),
    };
    command.current_dir("/");
    command
}

fn group_of(user: &str) -> String {
    process::capture(Command::new("id").args(["-g", user]))
        .map_or_else(|_| "nogroup".to_owned(), |id| id.trim().to_owned())
}

fn temporary_folder(user: Option<&str>) -> anyhow::Result<PathBuf> {
    remove_leftovers();
    let folder = process::capture(Command::new("mktemp").args([
        "-d",
        "-t",
        &format!("{FOLDER_PREFIX}XXXXXX"),
    ]))?;
    let folder = PathBuf::from(folder.trim());
    if !folder.is_dir() {
        bail!("mktemp made no folder");
    }
    fs::write(folder.join(OWNER), std::process::id().to_string())?;
    if let Some(user) = user {
        process::capture(Command::new("chown").arg(user).arg(&folder))?;
    }
    Ok(folder)
}

/// Removes the folders of databases whose `xtask` was interrupted before it could.
fn remove_leftovers() {
    for entry in fs::read_dir(std::env::temp_dir())
        .into_iter()
        .flatten()
        .flatten()
    {
        let path = entry.path();
        let ours = entry
            .file_name()
            .to_string_lossy()
            .starts_with(FOLDER_PREFIX);
        let owner = fs::read_to_string(path.join(OWNER));
        let dead = owner.is_ok_and(|id| !Path::new("/proc").join(id).exists());
        if ours && dead {
            // Another call may be removing it at the same time.
            let _ = fs::remove_dir_all(path);
        }
    }
}

fn random_text() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(stamp::digest(&bytes)[..32].to_owned())
}
