//! Dumps of commands by the real binary: to a bucket and back, with what goes wrong on the way.

use std::{
    fs,
    io::Write as _,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use aws_sdk_s3::primitives::ByteStream;
use hyper::StatusCode;
use serde_json::{Value, json};

use super::{
    client::HttpClient,
    copies::{bucket, s3},
    server::{Process, bare, console, output},
};
use crate::support::target::TargetAccount;

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";
const BUCKET: &str = "backups-dumps";
const KEY: &str = "aerospike/today";
const LIMIT: Duration = Duration::from_mins(1);

struct World {
    _sandbox: Process,
    endpoint: String,
    folder: tempfile::TempDir,
    s3: aws_sdk_s3::Client,
}

impl World {
    async fn new() -> Self {
        let (sandbox, endpoint) = Process::sandbox();
        let s3 = s3(&endpoint, ACCOUNT, REGION);
        bucket(&s3, BUCKET, REGION).await;
        Self {
            _sandbox: sandbox,
            endpoint,
            folder: tempfile::tempdir().unwrap(),
            s3,
        }
    }

    /// `tidemark dump` with these arguments, and with the credentials of the environment.
    fn dump(&self, verb: &str, arguments: &[&str]) -> Command {
        let mut command = console(&self.endpoint, self.folder.path());
        command
            .args(["dump", verb, "--bucket", BUCKET])
            .args(arguments);
        command
    }

    fn file(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        path.to_str().unwrap().to_owned()
    }

    async fn fault(&self, action: &str, kind: &str, count: u32) {
        let rule = json!({"service": "s3", "action": action, "kind": kind, "count": count});
        let mut admin = HttpClient::new(&self.endpoint);
        let (status, _) = admin.post("/_tidemark/faults", &rule).await;
        assert_eq!(status, StatusCode::CREATED);
    }

    async fn keys(&self) -> Vec<String> {
        let answer = self.s3.list_objects_v2().bucket(BUCKET).send().await;
        let objects = answer.unwrap().contents.unwrap_or_default();
        objects
            .into_iter()
            .filter_map(|object| object.key)
            .collect()
    }

    async fn uploads(&self) -> usize {
        let answer = self.s3.list_multipart_uploads().bucket(BUCKET).send().await;
        answer.unwrap().uploads.unwrap_or_default().len()
    }

    async fn read(&self, key: &str) -> Vec<u8> {
        let answer = self.s3.get_object().bucket(BUCKET).key(key).send().await;
        answer.unwrap().body.collect().await.unwrap().to_vec()
    }
}

/// Gives the command its standard input, and waits for its end.
fn fed(command: &mut Command, content: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let content = content.to_vec();
    let writer = std::thread::spawn(move || {
        // A command that refuses what it reads does not read the rest.
        let _ = input.write_all(&content);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn ended(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

fn good(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn bad(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    said
}

/// A backup of Aerospike with values that hold newlines and do not pack well.
fn backup(records: u32) -> Vec<u8> {
    let mut text = b"Version 3.1\n# namespace live\n# first-file\n".to_vec();
    let mut value = 1_u64;
    for _ in 0..records {
        text.extend(b"+ n live\n+ d 7JEZLUt/jONdXXjTS8ply6qqyWA=\n+ s demo\n+ g 1\n+ t 0\n+ b 1\n");
        text.extend(b"- B! raw 500 ");
        for _ in 0..500 {
            value = value
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            text.push((value >> 56) as u8);
        }
        text.push(b'\n');
    }
    text
}

#[tokio::test]
async fn a_dump_goes_by_the_role_of_an_account_and_comes_back_through_a_command() {
    let world = World::new().await;
    let data = world.folder.path();
    let command = || console(&world.endpoint, data);
    let add = [
        "accounts",
        "add",
        ACCOUNT,
        "--alias",
        "own",
        "--regions",
        REGION,
    ];
    output(&mut command(), &add);
    let template = output(&mut command(), &["accounts", "template", ACCOUNT]);
    TargetAccount::root(&world.endpoint, ACCOUNT)
        .deploy(&template)
        .await;
    let content = backup(40_000);
    let file = world.file("backup");
    fs::write(&file, &content).unwrap();
    let account = ["--account", ACCOUNT, "--region", REGION];
    let put = [
        &account[..],
        &["--output", "json", "--key", KEY, "--", "cat", &file],
    ]
    .concat();
    let said = good(&ended(&mut world.dump("put", &put)));
    let said: Value = serde_json::from_str(&said).unwrap();
    let manifest = &said["manifest"];
    assert_eq!(manifest["content"]["records"], 40_000, "{manifest}");
    assert_eq!(
        manifest["content"]["sets"]["live"]["demo"], 40_000,
        "{manifest}"
    );
    assert_eq!(manifest["packing"], "zstd", "{manifest}");
    let stored = world.read(KEY).await;
    assert_eq!(manifest["stored"]["bytes"], stored.len(), "{manifest}");
    assert!(stored.len() > 16 << 20, "in several parts");
    let list = [&account[..], &["--prefix", "aerospike/"]].concat();
    let listed = good(&ended(&mut world.dump("list", &list)));
    assert!(listed.contains("aerospike  40000 records"), "{listed}");
    let script = format!("cat > {}", world.file("back"));
    let get = [&account[..], &["--key", KEY, "--", "sh", "-c", &script]].concat();
    good(&ended(&mut world.dump("get", &get)));
    assert!(fs::read(world.file("back")).unwrap() == content);
    let printed = ended(&mut world.dump("get", &[&account[..], &["--key", KEY]].concat()));
    assert!(printed.status.success() && printed.stdout == content);
}

#[tokio::test]
async fn a_connection_that_is_cut_goes_on_and_nothing_is_stored_twice() {
    let world = World::new().await;
    let content = backup(40_000);
    world.fault("UploadPart", "drop", 7).await;
    world.fault("UploadPart", "lost_answer", 2).await;
    world.fault("CreateMultipartUpload", "drop", 4).await;
    world
        .fault("CompleteMultipartUpload", "lost_answer", 1)
        .await;
    world.fault("GetObject", "drop", 4).await;
    let put = ["--key", KEY, "--compress", "gzip"];
    good(&fed(&mut world.dump("put", &put), &content));
    assert_eq!(world.keys().await.len(), 2);
    let back = ended(&mut world.dump("get", &["--key", KEY]));
    assert!(back.status.success() && back.stdout == content);
    assert_eq!(world.uploads().await, 0);
}

#[tokio::test]
async fn what_a_killed_process_left_is_told_and_taken_back_by_the_next() {
    let world = World::new().await;
    let content = backup(40_000);
    let mut child = world
        .dump("put", &["--key", KEY])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // The rest never comes.
    input.write_all(&content[..content.len() - 1_000]).unwrap();
    let begun = Instant::now();
    while world.uploads().await == 0 {
        assert!(begun.elapsed() < LIMIT, "no upload begins");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(world.keys().await.is_empty(), "nothing is named as a dump");
    let listed = ended(&mut world.dump("list", &[]));
    let said = String::from_utf8_lossy(&listed.stderr).into_owned();
    assert!(said.contains("is not finished"), "{said}");
    let said = good(&fed(&mut world.dump("put", &["--key", KEY]), &content));
    assert!(said.contains("are taken back: 1"), "{said}");
    assert_eq!(world.uploads().await, 0);
    let back = ended(&mut world.dump("get", &["--key", KEY]));
    assert!(back.status.success() && back.stdout == content);
    // A second one of the same name changes nothing.
    let said = bad(&fed(&mut world.dump("put", &["--key", KEY]), &content));
    assert!(said.contains("it is not replaced"), "{said}");
}

#[tokio::test]
async fn a_command_that_fails_and_a_stream_that_is_refused_leave_nothing() {
    let world = World::new().await;
    let content = backup(40_000);
    fs::write(world.file("backup"), &content).unwrap();
    let script = format!("cat {}; exit 3", world.file("backup"));
    let said = bad(&ended(
        &mut world.dump("put", &["--key", KEY, "--", "sh", "-c", &script]),
    ));
    assert!(
        said.contains("the command failed: exit status: 3"),
        "{said}"
    );
    let cut = &content[..content.len() - 2];
    let said = bad(&fed(&mut world.dump("put", &["--key", KEY]), cut));
    assert!(said.contains("the stream ends inside a bin"), "{said}");
    let other = ["--key", KEY, "--format", "rdb"];
    let said = bad(&fed(&mut world.dump("put", &other), &content));
    assert!(said.contains("no snapshot of Redis or Valkey"), "{said}");
    let said = bad(&fed(&mut world.dump("put", &["--key", KEY]), b""));
    assert!(said.contains("nothing came"), "{said}");
    assert!(world.keys().await.is_empty());
    assert_eq!(world.uploads().await, 0);
    let said = bad(&ended(&mut world.dump("get", &["--key", KEY])));
    assert!(said.contains("no finished dump"), "{said}");
    let usage = ended(&mut world.dump("put", &["--key", "/"]));
    assert_eq!(usage.status.code(), Some(2));
}

/// Flips a byte of the object, and makes its manifest say the entity tag that S3 gives then.
async fn flip(world: &World, at: usize) {
    let mut body = world.read(KEY).await;
    body[at] ^= 0x04;
    let put = world.s3.put_object().bucket(BUCKET).key(KEY);
    let put = put.body(ByteStream::from(body)).send().await.unwrap();
    let name = format!("{KEY}.manifest.json");
    let mut manifest: Value = serde_json::from_slice(&world.read(&name).await).unwrap();
    manifest["etag"] = json!(put.e_tag.unwrap().trim_matches('"'));
    let body = ByteStream::from(manifest.to_string().into_bytes());
    let put = world.s3.put_object().bucket(BUCKET).key(&name).body(body);
    put.send().await.unwrap();
}

#[tokio::test]
async fn a_flipped_byte_is_found_before_the_command_sees_the_end_of_its_input() {
    let world = World::new().await;
    let content = backup(10_000);
    for how in ["zstd", "none"] {
        let put = ["--key", KEY, "--compress", how];
        good(&fed(&mut world.dump("put", &put), &content));
        let length = world.read(KEY).await.len();
        // The group has a reader that outlives its shell.
        let script = format!(
            "exec 3<&0; (cat <&3 > {}; touch {}) & wait",
            world.file("seen"),
            world.file("closed")
        );
        flip(&world, length - 3).await;
        let said = bad(&ended(
            &mut world.dump("get", &["--key", KEY, "--", "sh", "-c", &script]),
        ));
        assert!(said.contains("is damaged"), "{said}");
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!fs::exists(world.file("closed")).unwrap(), "{how}");
        let seen = fs::read(world.file("seen")).unwrap();
        assert!(
            seen.len() < content.len() && content.starts_with(&seen),
            "{how}"
        );
        flip(&world, length - 3).await;
        good(&ended(
            &mut world.dump("get", &["--key", KEY, "--", "sh", "-c", &script]),
        ));
        assert!(fs::exists(world.file("closed")).unwrap());
        fs::remove_file(world.file("closed")).unwrap();
        for key in world.keys().await {
            let delete = world.s3.delete_object().bucket(BUCKET).key(key);
            delete.send().await.unwrap();
        }
    }
}

/// The most memory that a process was seen to hold for itself, in MB, until it ends. What it maps of its own file, which has
/// hundreds of megabytes in a build for tests, is not among it.
fn most_memory(child: &mut Child) -> u64 {
    let path = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("RssAnon:"));
        if let Some(kilobytes) = line.and_then(|line| line.split_whitespace().nth(1)) {
            most = most.max(kilobytes.parse::<u64>().unwrap() / 1_000);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(child.wait().unwrap().success());
    assert!(most > 0, "it was never looked at");
    most
}

#[tokio::test]
async fn a_long_stream_takes_no_more_memory_than_a_short_one() {
    let world = World::new().await;
    let script = "head -c 100000000 /dev/urandom; head -c 200000000 /dev/zero";
    let put = ["--key", KEY, "--", "sh", "-c", script];
    let mut put = world
        .dump("put", &put)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let most = most_memory(&mut put);
    assert!(most < 100, "it held {most} MB");
    let get = ["--key", KEY, "--", "sh", "-c", "test $(wc -c) = 300000000"];
    let mut get = world.dump("get", &get).spawn().unwrap();
    let most = most_memory(&mut get);
    assert!(most < 100, "it held {most} MB");
}

#[test]
fn a_terminal_is_not_needed_but_something_to_read_is() {
    let usage = ended(bare().args([
        "dump",
        "put",
        "--bucket",
        "b-b-b",
        "--key",
        "k",
        "--account",
        "111122223333",
    ]));
    let said = String::from_utf8_lossy(&usage.stderr).into_owned();
    assert_eq!(usage.status.code(), Some(2), "{said}");
    assert!(said.contains("--region"), "{said}");
}
