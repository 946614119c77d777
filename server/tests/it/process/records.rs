//! Record-level backups by commands alone: no database, no console.

use std::{process::Command, thread, time::Duration};

use aws_config::BehaviorVersion;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType, StreamSpecification, StreamViewType,
};
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration,
    VersioningConfiguration,
};
use jiff::Timestamp;
use serde_json::Value;

use super::server::{Process, bare, output, run};

const ACCOUNT: &str = "222233334444";
const BUCKET: &str = "records-of-tests";

struct World {
    _sandbox: Process,
    endpoint: String,
    dynamodb: aws_sdk_dynamodb::Client,
    s3: aws_sdk_s3::Client,
}

impl World {
    async fn start() -> Self {
        let (sandbox, endpoint) = Process::sandbox();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .endpoint_url(&endpoint)
            .region(aws_config::Region::new("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
                ACCOUNT, "sandbox", None, None, "test",
            )))
            .load()
            .await;
        let s3 = aws_sdk_s3::config::Builder::from(&config)
            .force_path_style(true)
            .build();
        let world = Self {
            _sandbox: sandbox,
            endpoint,
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            s3: aws_sdk_s3::Client::from_conf(s3),
        };
        world.make_bucket().await;
        world
    }

    async fn make_bucket(&self) {
        let place = CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::EuWest1)
            .build();
        let made = self.s3.create_bucket().bucket(BUCKET);
        made.create_bucket_configuration(place)
            .send()
            .await
            .unwrap();
        let on = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::Enabled)
            .build();
        let versioned = self.s3.put_bucket_versioning().bucket(BUCKET);
        versioned.versioning_configuration(on).send().await.unwrap();
    }

    async fn make_table(&self, name: &str, stream: bool) {
        let mut make = self
            .dynamodb
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .attribute_definitions(
                AttributeDefinition::builder()
                    .attribute_name("id")
                    .attribute_type(ScalarAttributeType::S)
                    .build()
                    .unwrap(),
            )
            .key_schema(
                KeySchemaElement::builder()
                    .attribute_name("id")
                    .key_type(KeyType::Hash)
                    .build()
                    .unwrap(),
            );
        if stream {
            make = make.stream_specification(
                StreamSpecification::builder()
                    .stream_enabled(true)
                    .stream_view_type(StreamViewType::NewAndOldImages)
                    .build()
                    .unwrap(),
            );
        }
        make.send().await.unwrap();
    }

    async fn put(&self, table: &str, numbers: std::ops::Range<u32>, value: &str) {
        for number in numbers {
            self.dynamodb
                .put_item()
                .table_name(table)
                .item("id", AttributeValue::S(format!("o-{number}")))
                .item("n", AttributeValue::N(format!("9007199254740993{number}")))
                .item("v", AttributeValue::S(value.to_owned()))
                .send()
                .await
                .unwrap();
        }
    }

    /// How many records a table has, and how many of them with this value.
    async fn count(&self, table: &str, value: &str) -> (usize, usize) {
        let page = self.dynamodb.scan().table_name(table).send().await.unwrap();
        let right = page.items().iter().filter(|item| {
            item.get("v")
                .and_then(|v| v.as_s().ok())
                .map(String::as_str)
                == Some(value)
        });
        (page.items().len(), right.count())
    }

    /// The binary with nothing but credentials and an endpoint.
    fn command(&self) -> Command {
        let mut command = bare();
        command
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_ACCESS_KEY_ID", ACCOUNT)
            .env("AWS_SECRET_ACCESS_KEY", "sandbox")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_EC2_METADATA_DISABLED", "true");
        command
    }

    /// `tidemark records <what> <place> <more>`.
    fn args<'a>(what: &'a str, prefix: &'a str, table: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let mut args = vec!["records", what, "--bucket", BUCKET, "--prefix", prefix];
        args.extend(["--table", table]);
        args.extend(more);
        args
    }

    /// A command that must succeed, and its JSON.
    fn json(&self, what: &str, prefix: &str, table: &str, more: &[&str]) -> Value {
        let mut args = Self::args(what, prefix, table, more);
        args.extend(["--output", "json"]);
        serde_json::from_str(&output(&mut self.command(), &args)).unwrap()
    }

    /// Exit status and what was said on standard error.
    fn fails(&self, what: &str, prefix: &str, table: &str, more: &[&str]) -> (Option<i32>, String) {
        let done = run(&mut self.command(), &Self::args(what, prefix, table, more));
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    }
}

/// A moment that no later change of a stream shares, whose times are whole seconds.
fn moment() -> String {
    let now = Timestamp::now();
    while Timestamp::now().as_second() == now.as_second() {
        thread::sleep(Duration::from_millis(20));
    }
    now.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_captured_verified_compared_and_brought_back() {
    let world = World::start().await;
    world.make_table("orders", true).await;
    world.put("orders", 0..60, "right").await;
    let orders = |what: &str, more: &[&str]| world.json(what, "records", "orders", more);

    let filled = orders("backfill", &[]);
    assert_eq!(filled["items"], 60);
    assert_eq!(filled["troubles"], Value::Array(Vec::new()));
    orders("stream", &["--until-idle"]);
    let proof = orders("verify", &[]);
    assert_eq!(proof["complete"], true);
    assert_eq!(proof["table_items"], 60);

    let right = moment();
    world.put("orders", 0..10, "wrong").await;
    world
        .dynamodb
        .delete_item()
        .table_name("orders")
        .key("id", AttributeValue::S("o-59".to_owned()))
        .send()
        .await
        .unwrap();
    let missed = world.fails("verify", "records", "orders", &["--looks", "1"]);
    assert_eq!(missed.0, Some(1), "what was not captured yet is missing");
    let streamed = orders("stream", &["--until-idle"]);
    assert_eq!(streamed["gaps"], Value::Array(Vec::new()));
    assert!(streamed["stored"].as_u64().unwrap() >= 11, "{streamed}");

    let compacted = orders("compact", &[]);
    assert_eq!(compacted["merged"], 0, "so few are not worth it");
    assert!(compacted["left"].as_u64().unwrap() >= 2, "{compacted}");

    let spoiled = moment();
    let times = orders(
        "diff",
        &["--from", &right, "--to", &spoiled, "--limit", "3"],
    );
    assert_eq!(times["counts"]["changed"], 10);
    assert_eq!(times["counts"]["removed"], 1);
    assert_eq!(times["counts"]["unchanged"], 49);
    assert_eq!(times["changes"].as_array().unwrap().len(), 3);
    let live = orders("diff", &["--from", &right]);
    assert_eq!(live["counts"], times["counts"]);
    let key = r#"{"id":{"S":"o-3"}}"#;
    let history = orders("history", &["--key", key]);
    let versions = history["versions"].as_array().unwrap();
    let last = versions.last().unwrap();
    assert_eq!(last["item"]["v"]["S"], "wrong");
    assert_eq!(
        last["item"]["n"]["N"], "90071992547409933",
        "digit by digit"
    );
    assert_eq!(last["changes"][0]["path"], "v");

    // Into a new table, by writing and by AWS's import.
    let args = ["--target", "written", "--as-of", &right];
    assert_eq!(orders("restore", &args)["items"], 60);
    assert_eq!(world.count("written", "right").await, (60, 60));
    let args = ["--target", "imported", "--as-of", &right, "--by", "import"];
    let imported = orders("restore", &args);
    assert_eq!(
        (&imported["by"], &imported["items"]),
        (&"import".into(), &60.into())
    );
    assert_eq!(world.count("imported", "right").await, (60, 60));

    // Into the table itself: first the plan, then exactly that.
    let args = ["--target", "orders", "--as-of", &right];
    let planned = orders("restore", &args);
    let counts = &planned["plan"]["counts"];
    assert_eq!(
        (&counts["create"], &counts["overwrite"]),
        (&1.into(), &10.into())
    );
    assert_eq!(
        world.count("orders", "wrong").await,
        (59, 10),
        "only planned"
    );
    let id = planned["plan"]["id"].as_str().unwrap();
    world.put("orders", 7..8, "repaired by hand").await;
    let mut apply = World::args("restore", "records", "orders", &args);
    apply.extend(["--apply", "--plan", id, "--output", "json"]);
    let applied = run(&mut world.command(), &apply);
    assert_eq!(
        applied.status.code(),
        Some(1),
        "one record changed meanwhile"
    );
    let applied: Value = serde_json::from_slice(&applied.stdout).unwrap();
    assert_eq!(
        applied["state"]["changed"][0]["key"],
        r#"{"id":{"S":"o-7"}}"#
    );
    assert_eq!(world.count("orders", "right").await, (60, 59));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_the_older_tool_is_found_read_and_converted() {
    let world = World::start().await;
    for (name, body) in [
        (
            "42a693dc464da39876e785a4215d0f84",
            r#"{"Id":{"N":"101"},"big":{"N":"90071992547409931"},"v":{"S":"old"}}"#,
        ),
        ("notes.txt", "no record"),
    ] {
        world
            .s3
            .put_object()
            .bucket(BUCKET)
            .key(format!("replicator/legacy/{name}"))
            .body(body.as_bytes().to_vec().into())
            .send()
            .await
            .unwrap();
    }
    let found = world.json("import", "replicator", "legacy", &["--dry-run"]);
    assert_eq!(found["found"][0]["md5"], 1, "{found}");
    assert_eq!(found["found"][0]["key_schema"], "Id:N");
    assert_eq!(found["foreign"][0], "replicator/legacy/notes.txt");

    // Read where it lies, and after it was converted.
    let restored = world.json("restore", "replicator", "legacy", &["--target", "in-place"]);
    assert_eq!(restored["items"], 1);
    let imported = world.json("import", "replicator", "legacy", &["--to-prefix", "new"]);
    assert_eq!(imported["records"], 1);
    assert_eq!(imported["untrusted_numbers"]["keys"][0]["Id"]["N"], "101");
    let restored = world.json("restore", "new", "legacy", &["--target", "converted"]);
    assert_eq!(restored["items"], 1);
    for table in ["in-place", "converted"] {
        assert_eq!(world.count(table, "old").await, (1, 1), "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_counts_as_of_its_manifests_moment_in_a_backup_that_goes_on() {
    let world = World::start().await;
    world.make_table("legacy", true).await;
    world.json("backfill", "records", "legacy", &[]);
    let body = "{\"Item\":{\"id\":{\"S\":\"gone\"},\"v\":{\"S\":\"exported\"}}}\n";
    let folder = "nightly/AWSDynamoDB/01700000000000-a1b2c3d4";
    let data = format!("{folder}/data/abc.json");
    let list = format!("{folder}/manifest-files.json");
    let at = "2026-01-02T03:04:05Z";
    let summary = serde_json::json!({
        "version": "2020-06-30", "exportArn": "arn:aws:dynamodb:eu-west-1:222233334444:table/legacy/export/01700000000000-a1b2c3d4",
        "startTime": at, "endTime": "2026-01-02T03:14:05Z", "exportTime": at,
        "tableArn": "arn:aws:dynamodb:eu-west-1:222233334444:table/legacy", "tableId": "",
        "s3Bucket": BUCKET, "s3Prefix": "nightly", "s3SseAlgorithm": null, "s3SseKmsKeyId": null,
        "manifestFilesS3Key": list, "billedSizeBytes": 40, "itemCount": 1, "outputFormat": "DYNAMODB_JSON",
    });
    let file = serde_json::json!({
        "itemCount": 1, "md5Checksum": "iV40noDHfkdDirErSbLUCg==", "etag": "0", "dataFileS3Key": data,
    });
    for (name, body) in [
        (data.as_str(), body.to_owned()),
        (&list, format!("{file}\n")),
        (
            &format!("{folder}/manifest-summary.json"),
            summary.to_string(),
        ),
        ("dumps/legacy/0", body.to_owned()),
    ] {
        let put = world.s3.put_object().bucket(BUCKET).key(name);
        put.body(body.into_bytes().into()).send().await.unwrap();
    }
    // A scan of the table has not found the record, so that it was deleted meanwhile.
    for given in [["--export", folder], ["--lines", &data]] {
        let imported = world.json("import", "records", "legacy", &given);
        assert_eq!(imported["records"], 1, "{imported}");
        assert_eq!(imported["export"]["as_of"], at);
    }
    let then = world.json(
        "restore",
        "records",
        "legacy",
        &["--target", "then", "--as-of", at],
    );
    assert_eq!(then["items"], 1, "{then}");
    let now = world.json("restore", "records", "legacy", &["--target", "now"]);
    assert_eq!(now["items"], 0, "{now}");
    let lines = ["--lines", "dumps/legacy/"];
    let (code, said) = world.fails("import", "records", "legacy", &lines);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--as-of"), "{said}");
    let (code, said) = world.fails(
        "import",
        "records",
        "legacy",
        &["--lines", "nightly/AWSDynamoDB/data/"],
    );
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--export"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_and_refusals_say_what_to_do() {
    let world = World::start().await;
    world.make_table("plain", false).await;
    let (code, said) = world.fails("backfill", "records", "plain", &[]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("has no stream") && said.contains("update-table"),
        "{said}"
    );
    let (code, said) = world.fails("verify", "records", "plain", &[]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("records/_tidemark/plain/index.json"),
        "{said}"
    );
    for (what, more) in [
        ("restore", &["--target", "x", "--plan", "1"][..]),
        ("restore", &[]),
        ("history", &["--key", "no json"]),
        (
            "diff",
            &[
                "--from",
                "2026-01-02T00:00:00Z",
                "--to",
                "2026-01-01T00:00:00Z",
            ],
        ),
        ("diff", &["--from", "yesterday"]),
        ("import", &[]),
        ("backfill", &["--capacity", "0"]),
    ] {
        let (code, said) = world.fails(what, "records", "plain", more);
        assert_eq!(code, Some(2), "{what} {more:?}: {said}");
    }
    let mut stranger = world.command();
    stranger
        .env("AWS_SECRET_ACCESS_KEY", "x")
        .env("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN");
    let args = World::args("verify", "records", "plain", &[]);
    let denied = run(&mut stranger, &args);
    assert_eq!(denied.status.code(), Some(1));
    let said = String::from_utf8(denied.stderr).unwrap();
    assert!(said.contains("AWS_PROFILE"), "{said}");
}
