//! Two first starts at once, and settings that are somebody else's.

use std::time::{Duration, Instant};

use super::{ADMIN_PASSWORD, LIMIT, console, postgres::Database, ready};
use crate::process::{
    client::HttpClient,
    server::{Process, output, run},
};

#[tokio::test]
async fn two_that_start_at_once_on_an_empty_postgresql_both_serve() {
    let Some(database) = Database::create() else {
        return;
    };
    for _ in 0..2 {
        let empty = database.another();
        let starts: Vec<_> = (0..2)
            .map(|_| {
                let url = empty.url.clone();
                tokio::task::spawn_blocking(move || {
                    let data = tempfile::tempdir().unwrap();
                    let mut command = console("http://127.0.0.1:9", data.path());
                    command.env("TIDEMARK_DATABASE_URL", url);
                    Process::answering(command.args(["serve", "--listen", "127.0.0.1:0"]))
                })
            })
            .collect();
        for start in futures::future::join_all(starts).await {
            let (process, url) = start.unwrap();
            let mut client = HttpClient::new(&url);
            client.sign_in("admin", ADMIN_PASSWORD).await;
            assert!(ready(&url).await.0);
            assert!(process.terminate());
        }
    }
}

#[tokio::test]
async fn of_two_that_start_at_once_on_one_file_one_serves_and_one_says_why_not() {
    let data = tempfile::tempdir().unwrap();
    let mut starts: Vec<_> = (0..2)
        .map(|_| {
            console("http://127.0.0.1:9", data.path())
                .args(["serve", "--listen", "127.0.0.1:0"])
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let start = Instant::now();
    let refused = loop {
        let ended = starts
            .iter_mut()
            .position(|start| start.try_wait().unwrap().is_some());
        if let Some(ended) = ended {
            break starts.remove(ended);
        }
        assert!(start.elapsed() < LIMIT, "both serve");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let said = refused.wait_with_output().unwrap();
    assert_eq!(said.status.code(), Some(1));
    let said = String::from_utf8(said.stderr).unwrap();
    let mut serving = starts.remove(0);
    assert!(said.contains("serves the database"), "{said}");
    assert!(said.contains(&serving.id().to_string()), "{said}");
    assert!(said.contains("PostgreSQL"), "{said}");
    // Commands go on beside it.
    let listed = output(
        &mut console("http://127.0.0.1:9", data.path()),
        &["accounts", "list", "--output", "json"],
    );
    assert_eq!(listed.trim(), "[]");
    assert!(serving.try_wait().unwrap().is_none());
    serving.kill().unwrap();
    serving.wait().unwrap();
}

#[test]
fn settings_in_a_folder_further_up_do_not_count() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("here");
    std::fs::create_dir(&folder).unwrap();
    let settings = "database_connections = 0\n";
    std::fs::write(above.path().join("tidemark.toml"), settings).unwrap();
    let migrate = |folder: &std::path::Path| {
        let data = tempfile::tempdir().unwrap();
        let mut command = console("http://127.0.0.1:9", data.path());
        run(command.current_dir(folder), &["migrate"])
    };
    let done = migrate(&folder);
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    // Those of the folder itself do.
    let refused = migrate(above.path());
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("database_connections"), "{said}");
}

#[test]
fn the_folder_and_the_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("data");
    output(&mut console("http://127.0.0.1:9", &folder), &["migrate"]);
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("tidemark.db")), 0o600);
}
