//! A bucket is adopted and its objects are copied to another account and Region, with the process killed in the middle.

use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_sdk_s3::{
    config::{BehaviorVersion, Region},
    types::{
        BucketLifecycleConfiguration, BucketLocationConstraint, BucketVersioningStatus,
        CreateBucketConfiguration, ExpirationStatus, LifecycleExpiration, LifecycleRule,
        LifecycleRuleFilter, Tag, Tagging, VersioningConfiguration,
    },
};
use futures::{StreamExt as _, stream};
use hyper::StatusCode;
use serde_json::{Value, json};

use super::{
    client::HttpClient,
    server::{ADMIN_PASSWORD, Process, console, output},
};
use crate::support::target::TargetAccount;

const FROM: &str = "333344445555";
const TO: &str = "666677778888";
const SOURCE: &str = "backups-blocks-here";
const COPY: &str = "backups-blocks-there";
/// How many objects are copied: `TIDEMARK_TEST_OBJECTS`, 2,500 unless it is said, which is three pages of a list.
fn objects() -> usize {
    std::env::var("TIDEMARK_TEST_OBJECTS")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(2_500)
}

const LIMIT: Duration = Duration::from_mins(4);

struct World {
    _sandbox: Process,
    endpoint: String,
    data: tempfile::TempDir,
}

pub(super) fn s3(endpoint: &str, account: &str, region: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(account, "root", None, None, "test"))
        .endpoint_url(endpoint)
        .force_path_style(true)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

pub(super) async fn bucket(s3: &aws_sdk_s3::Client, name: &str, region: &str) {
    s3.create_bucket()
        .bucket(name)
        .create_bucket_configuration(
            CreateBucketConfiguration::builder()
                .location_constraint(BucketLocationConstraint::from(region))
                .build(),
        )
        .send()
        .await
        .unwrap();
}

/// Puts an object; every hundredth has tags.
async fn put(s3: &aws_sdk_s3::Client, number: usize) {
    let key = format!("cluster-1/volume {}/{number:05}", number % 7);
    s3.put_object()
        .bucket(SOURCE)
        .key(&key)
        .metadata("number", number.to_string())
        .body(format!("block {number}").into_bytes().into())
        .send()
        .await
        .unwrap();
    if number.is_multiple_of(100) {
        let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build().unwrap();
        let tags = Tagging::builder()
            .tag_set(tag("kind", "full"))
            .tag_set(tag("volume", "a b"))
            .build()
            .unwrap();
        s3.put_object_tagging()
            .bucket(SOURCE)
            .key(&key)
            .tagging(tags)
            .send()
            .await
            .unwrap();
    }
}

impl World {
    /// Two accounts with the roles of the template; a bucket with objects in one, an empty one that keeps versions in the
    /// other, in another Region.
    async fn new() -> Self {
        let (sandbox, endpoint) = Process::sandbox();
        let data = tempfile::tempdir().unwrap();
        for (account, region) in [(FROM, "eu-west-1"), (TO, "eu-central-1")] {
            let command = || console(&endpoint, data.path());
            let add = [
                "accounts",
                "add",
                account,
                "--alias",
                account,
                "--regions",
                region,
            ];
            output(&mut command(), &add);
            let template = output(&mut command(), &["accounts", "template", account]);
            TargetAccount::root(&endpoint, account)
                .deploy(&template)
                .await;
        }
        let here = s3(&endpoint, FROM, "eu-west-1");
        bucket(&here, SOURCE, "eu-west-1").await;
        let there = s3(&endpoint, TO, "eu-central-1");
        bucket(&there, COPY, "eu-central-1").await;
        there
            .put_bucket_versioning()
            .bucket(COPY)
            .versioning_configuration(
                VersioningConfiguration::builder()
                    .status(BucketVersioningStatus::Enabled)
                    .build(),
            )
            .send()
            .await
            .unwrap();
        let rule = LifecycleRule::builder()
            .id("tidy up")
            .status(ExpirationStatus::Enabled)
            .filter(LifecycleRuleFilter::builder().prefix("").build())
            .expiration(LifecycleExpiration::builder().days(30).build())
            .build()
            .unwrap();
        here.put_bucket_lifecycle_configuration()
            .bucket(SOURCE)
            .lifecycle_configuration(
                BucketLifecycleConfiguration::builder()
                    .rules(rule)
                    .build()
                    .unwrap(),
            )
            .send()
            .await
            .unwrap();
        stream::iter(0..objects())
            .for_each_concurrent(32, |number| put(&here, number))
            .await;
        Self {
            _sandbox: sandbox,
            endpoint,
            data,
        }
    }

    async fn serve(&self) -> (Process, HttpClient) {
        let (process, url) = Process::serve(&self.endpoint, self.data.path());
        let mut client = HttpClient::new(&url);
        client.sign_in("admin", ADMIN_PASSWORD).await;
        (process, client)
    }

    /// Lets the role of the other account read the source.
    async fn let_in(&self, statements: &Value) {
        let policy = json!({"Version": "2012-10-17", "Statement": statements});
        s3(&self.endpoint, FROM, "eu-west-1")
            .put_bucket_policy()
            .bucket(SOURCE)
            .policy(policy.to_string())
            .send()
            .await
            .unwrap();
    }
}

async fn run_of(client: &mut HttpClient, id: &str) -> Option<Value> {
    let (status, run) = client.get(&format!("/api/v1/runs/{id}")).await?;
    (status == StatusCode::OK).then_some(run)
}

fn percent(run: &Value) -> u64 {
    let steps = run["view"]["steps"].as_array().unwrap();
    let copy = steps.iter().find(|step| step["name"] == "copy").unwrap();
    copy["work"]["progress"]["percent"].as_u64().unwrap_or(0)
}

async fn ended(client: &mut HttpClient, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        if let Some(run) = run_of(client, id).await
            && run["view"]["outcome"] != Value::Null
        {
            return run;
        }
        assert!(begun.elapsed() < LIMIT, "the run does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn adopt(client: &mut HttpClient) {
    let place = json!({"account": FROM, "region": "eu-west-1", "bucket": SOURCE});
    let path = format!("/api/v1/bucket?account={FROM}&region=eu-west-1&bucket={SOURCE}");
    let (status, report) = client.get(&path).await.unwrap();
    assert_eq!(status, StatusCode::OK, "{report}");
    let fixes: Vec<&str> = report["requirements"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["fix"].as_str())
        .collect();
    assert_eq!(
        fixes,
        ["versioning", "public-access", "expiry:tidy up"],
        "{report}"
    );
    let request = json!({"place": place, "fixes": fixes});
    let (status, plan) = client.post("/api/v1/buckets/plan", &request).await;
    assert_eq!(status, StatusCode::OK, "{plan}");
    let start = json!({"request": request, "digest": plan["digest"], "reason": "a test"});
    let (status, answer) = client.post("/api/v1/buckets/changes", &start).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    let run = ended(client, answer["run"].as_str().unwrap()).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{}", run["view"]);
    let (_, report) = client.get(&path).await.unwrap();
    let fails = report["requirements"].as_array().unwrap().iter();
    let fails = fails.filter(|one| one["verdict"] == "fail").count();
    assert_eq!(fails, 0, "{report}");
}

/// Every object is there once, with its content, its metadata and its tags.
async fn expect_each_copied_once(world: &World) {
    let there = s3(&world.endpoint, TO, "eu-central-1");
    let mut versions = 0;
    let mut keys = std::collections::BTreeSet::new();
    let (mut key, mut version) = (None, None);
    loop {
        let page = there
            .list_object_versions()
            .bucket(COPY)
            .set_key_marker(key)
            .set_version_id_marker(version)
            .send()
            .await
            .unwrap();
        for version in page.versions() {
            versions += 1;
            keys.insert(version.key().unwrap().to_owned());
        }
        if page.is_truncated() != Some(true) {
            break;
        }
        (key, version) = (page.next_key_marker, page.next_version_id_marker);
    }
    assert_eq!((versions, keys.len()), (objects(), objects()), "each once");
    let key = "copies/volume 0/02100";
    let head = there
        .get_object()
        .bucket(COPY)
        .key(key)
        .send()
        .await
        .unwrap();
    assert_eq!(head.metadata().unwrap()["number"], "2100");
    let body = head.body.collect().await.unwrap().into_bytes();
    assert_eq!(body.as_ref(), "block 2100".as_bytes());
    let key = "copies/volume 0/00700";
    let tags = there
        .get_object_tagging()
        .bucket(COPY)
        .key(key)
        .send()
        .await
        .unwrap();
    assert_eq!(tags.tag_set().len(), 2, "{tags:?}");
}

#[tokio::test]
async fn a_copy_of_thousands_of_objects_survives_kills_and_copies_each_once() {
    let world = World::new().await;
    let (mut process, mut client) = world.serve().await;
    adopt(&mut client).await;
    let request = json!({
        "from": {"account": FROM, "region": "eu-west-1", "bucket": SOURCE},
        "prefix": "cluster-1/",
        "to": {"account": TO, "region": "eu-central-1", "bucket": COPY},
        "to_prefix": "copies/",
    });
    // The source does not let the other account's role in yet, and the plan says which statements it needs.
    let (status, plan) = client.post("/api/v1/buckets/copies/plan", &request).await;
    assert_eq!(status, StatusCode::OK, "{plan}");
    let check = &plan["checks"][0];
    assert_eq!(check["verdict"], "fail", "{plan}");
    let fix = check["fix"].as_str().unwrap();
    let statements = fix[fix.find('[').unwrap()..].parse::<Value>().unwrap();
    world.let_in(&statements).await;
    let (_, plan) = client.post("/api/v1/buckets/copies/plan", &request).await;
    assert_eq!(plan["counts"]["missing"], objects(), "{plan}");
    let start = json!({"request": request, "digest": plan["digest"], "reason": "a test"});
    let (status, answer) = client.post("/api/v1/buckets/copies", &start).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    let id = answer["run"].as_str().unwrap().to_owned();
    for goal in [20, 60] {
        let begun = Instant::now();
        loop {
            if let Some(run) = run_of(&mut client, &id).await
                && percent(&run) >= goal
            {
                assert_eq!(run["view"]["outcome"], Value::Null, "too late to kill");
                break;
            }
            assert!(begun.elapsed() < LIMIT, "the run does not reach {goal} %");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        process.kill();
        (process, client) = world.serve().await;
    }
    let run = ended(&mut client, &id).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{}", run["view"]);
    let said = &run["view"]["summary"];
    assert_eq!(said["copied"], objects(), "{said}");
    assert_eq!(said["by_etag"], objects(), "{said}");
    expect_each_copied_once(&world).await;
    assert!(process.terminate(), "the server ends well");
}
