//! A full disk and a failing one. The process itself may write no more than so much to a file, or its file system is full:
//! both end while it runs.

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::Value;

use super::{BACK, Estate, LIMIT, is_ready_within, ready, restore, signed_in, succeeded, trouble};
use crate::process::server::{ADMIN_PASSWORD, Process};

/// Runs begin, the trouble comes and goes, all ends well without a restart.
async fn lives_through(
    estate: &Estate,
    (process, url): (Process, String),
    begin: impl FnOnce(&Process),
    end: impl FnOnce(&Process),
) {
    let mut client = signed_in(&url).await;
    let before = restore(&mut client, "before").await;
    let (is_ready, why) = ready(&url).await;
    assert!(is_ready, "{why}");
    begin(&process);
    let start = Instant::now();
    let mut told = Vec::new();
    while start.elapsed() < trouble(6) {
        let (is_ready, why) = ready(&url).await;
        if !is_ready {
            told.push(why);
        }
        // What wants to write: sign-ins are audited.
        let mut other = crate::process::client::HttpClient::new(&url);
        let name = [("name", "admin"), ("password", ADMIN_PASSWORD)];
        let _ = other.form("/api/session/sign_in", &name).await;
        // Fewer than one address may try.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let (is_ready, why) = ready(&url).await;
    assert!(!is_ready, "it cannot write and says it is ready");
    assert!(why.contains("disk"), "{why}");
    assert!(!told.is_empty());
    end(&process);
    is_ready_within(&url, BACK).await;
    succeeded(&mut client, &before).await;
    // All writing is well again: a session, a run, its log, the catalogue.
    let mut client = signed_in(&url).await;
    let after = restore(&mut client, "after").await;
    succeeded(&mut client, &after).await;
    let mut tables = estate.account.tables().await;
    tables.sort();
    assert_eq!(tables, ["after", "before", "orders"]);
    let (_, sound) = client.get("/api/v1/audit/verify").await.unwrap_or_default();
    assert!(
        sound == Value::Null || !sound.to_string().contains("broken"),
        "{sound}"
    );
    assert!(process.terminate(), "it ends well");
}

#[tokio::test]
async fn a_disk_that_fails_for_a_while_is_told_and_forgotten() {
    let estate = Estate::new(None).await;
    // The signal that comes with the limit would end the process: it is ignored, as the error is what counts.
    let mut shell = Command::new("bash");
    shell.args([
        "-c",
        "trap '' XFSZ; exec \"$0\" serve --listen 127.0.0.1:0",
        env!("CARGO_BIN_EXE_tidemark"),
    ]);
    let shell = estate.settle(shell, estate.data.path());
    let served = Process::answering(&mut { shell });
    let files_of = |process: &Process, limit: Option<u64>| {
        let id = Pid::from_raw(i32::try_from(process.id()).unwrap()).unwrap();
        let limit = Rlimit {
            current: limit,
            maximum: None,
        };
        prlimit(Some(id), Resource::Fsize, limit).unwrap();
    };
    lives_through(
        &estate,
        served,
        |process| files_of(process, Some(4096)),
        |process| files_of(process, None),
    )
    .await;
}

/// A small file system in memory; taken away when dropped.
struct Small(tempfile::TempDir);

impl Small {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m,mode=700", "tidemark"])
            .arg(folder.path())
            .output();
        match mounted {
            Ok(done) if done.status.success() => Some(Self(folder)),
            _ => None,
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

#[tokio::test]
async fn a_disk_that_is_full_for_a_while_is_told_and_forgotten() {
    let Some(disk) = Small::mount() else {
        eprintln!("SKIPPED: this user may mount no file system");
        return;
    };
    let estate = Estate::new(Some(format!(
        "sqlite://{}",
        disk.path().join("tidemark.db").display()
    )));
    let estate = tokio::time::timeout(LIMIT, estate).await.unwrap();
    let served = Process::answering(estate.command().args(["serve", "--listen", "127.0.0.1:0"]));
    let filler = disk.path().join("filler");
    lives_through(
        &estate,
        served,
        |_| {
            let mut file = File::create(&filler).unwrap();
            for size in [64 * 1024, 512] {
                while file.write_all(&vec![0; size]).is_ok() {}
            }
        },
        |_| std::fs::remove_file(&filler).unwrap(),
    )
    .await;
    drop(estate);
}
