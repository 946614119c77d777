//! The file of an SQLite database: for nobody but its owner, and for one process that serves.

use std::{
    fs::{File, OpenOptions, Permissions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tidemark_services::error::StoreError;

/// Read and written by the owner only: the file holds sessions, password hashes and external ids.
const PRIVATE: u32 = 0o600;

/// Makes the file when it is missing, and takes it and what stands beside it from everybody else. What SQLite makes beside
/// it later gets its permissions.
pub(crate) fn keep_private(path: &Path) {
    // Were it made by SQLite, others could open it before it is taken from them. Why it cannot be made SQLite will say.
    let _ = private().open(path);
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let path = beside(path, suffix);
        let Ok(known) = path.metadata() else {
            continue;
        };
        let mode = known.permissions().mode() & 0o777;
        if mode & !PRIVATE == 0 {
            continue;
        }
        match std::fs::set_permissions(&path, Permissions::from_mode(PRIVATE)) {
            Ok(()) => tracing::info!(
                path = %path.display(),
                "The file was open to other users of this machine (mode {mode:o}); now it is not"
            ),
            Err(error) => tracing::warn!(
                path = %path.display(), %error,
                "Other users of this machine can read the database, sessions and password hashes included (mode {mode:o}), and \
                 this process may not change that"
            ),
        }
    }
}

fn private() -> OpenOptions {
    let mut options = File::options();
    options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(PRIVATE);
    options
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What the process that has the lock has written of itself. One that has just taken it writes in a moment.
fn holder(file: &mut File) -> String {
    let mut holder = String::new();
    for _ in 0..20 {
        let _ = file.rewind();
        let _ = file.read_to_string(&mut holder);
        if !holder.trim().is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    holder
}

/// Held by the one process that serves a file; it ends with the process, however that ends.
#[derive(Clone, Debug)]
pub(crate) struct Alone {
    _lock: Option<Arc<File>>,
}

impl Alone {
    /// Takes the lock of a database's file, or says who has it.
    pub(crate) fn take(database: &Path) -> Result<Self, StoreError> {
        let path = beside(database, ".lock");
        let failed = |error: std::io::Error| {
            StoreError::Database(format!("{} cannot be made: {error}", path.display()).into())
        };
        let mut file = private().open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = match holder(&mut file).trim() {
                    "" => "another process".to_owned(),
                    id => format!("another process (number {id})"),
                };
                return Err(StoreError::Conflict(format!(
                    "{holder} serves the database {} already. An SQLite database serves one process: end that one, or use \
                     PostgreSQL for several",
                    database.display()
                )));
            }
            Err(TryLockError::Error(error)) => {
                tracing::warn!(
                    path = %path.display(), %error,
                    "This file system has no locks: nothing keeps a second process from the database"
                );
                return Ok(Self { _lock: None });
            }
        }
        // For whoever is refused; without it the refusal just does not name this process.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self {
            _lock: Some(Arc::new(file)),
        })
    }
}
