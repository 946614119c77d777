use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_config::BehaviorVersion;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType, StreamSpecification, StreamViewType,
};
use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::{sync::RwLock, task::JoinHandle};

use crate::{
    process::{
        client::HttpClient,
        server::{ADMIN_PASSWORD, Process, bare, console, output},
    },
    support::{target::TargetAccount, wait::until},
};

pub(super) const ACCOUNT: &str = "222233334444";
pub(super) const BUCKET: &str = "tidemark-records-222233334444-eu-west-1";
pub(super) const PREFIX: &str = "records";
pub(super) const LIMIT: Duration = Duration::from_mins(2);

/// A simulated AWS with a registered account, and its root's own clients.
pub(super) struct World {
    _sandbox: Process,
    pub(super) endpoint: String,
    data: tempfile::TempDir,
    pub(super) dynamodb: aws_sdk_dynamodb::Client,
    pub(super) s3: aws_sdk_s3::Client,
}

impl World {
    pub(super) async fn new() -> Self {
        let (sandbox, endpoint) = Process::sandbox();
        let data = tempfile::tempdir().unwrap();
        let add = [
            "accounts",
            "add",
            ACCOUNT,
            "--alias",
            "ledgers",
            "--regions",
            "eu-west-1",
        ];
        output(&mut console(&endpoint, data.path()), &add);
        let template = output(
            &mut console(&endpoint, data.path()),
            &["accounts", "template", ACCOUNT],
        );
        TargetAccount::root(&endpoint, ACCOUNT)
            .deploy(&template)
            .await;
        let config = root(&endpoint, ACCOUNT, "eu-west-1").await;
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            s3: s3(&config),
            _sandbox: sandbox,
            endpoint,
            data,
        }
    }

    /// The console, with an admin signed in. What is read is stored after a second.
    pub(super) async fn serve(&self) -> (Process, HttpClient) {
        let (process, url) = Process::serve(&self.endpoint, self.data.path());
        let mut client = HttpClient::new(&url);
        client.sign_in("admin", ADMIN_PASSWORD).await;
        (process, client)
    }

    pub(super) async fn make_table(&self, name: &str, view: Option<StreamViewType>) {
        let attribute = AttributeDefinition::builder()
            .attribute_name("id")
            .attribute_type(ScalarAttributeType::S);
        let key = KeySchemaElement::builder()
            .attribute_name("id")
            .key_type(KeyType::Hash);
        let stream = view.map(|view| {
            StreamSpecification::builder()
                .stream_enabled(true)
                .stream_view_type(view)
                .build()
                .unwrap()
        });
        self.dynamodb
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .attribute_definitions(attribute.build().unwrap())
            .key_schema(key.build().unwrap())
            .set_stream_specification(stream)
            .send()
            .await
            .unwrap();
    }

    /// What a table holds: the text `v` of each `id`.
    pub(super) async fn state(&self, table: &str) -> BTreeMap<String, String> {
        let mut state = BTreeMap::new();
        let mut start = None;
        loop {
            let page = self
                .dynamodb
                .scan()
                .table_name(table)
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .unwrap();
            for item in page.items() {
                let text = |name: &str| item[name].as_s().unwrap().clone();
                state.insert(text("id"), text("v"));
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return state;
            }
        }
    }

    /// `tidemark records <what>` on the backup, with the account's own credentials.
    pub(super) fn records(&self, what: &str, table: &str, more: &[&str]) -> Value {
        let mut command = bare();
        command
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_ACCESS_KEY_ID", ACCOUNT)
            .env("AWS_SECRET_ACCESS_KEY", "sandbox")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_EC2_METADATA_DISABLED", "true");
        let mut args = vec!["records", what, "--bucket", BUCKET, "--prefix", PREFIX];
        args.extend(["--table", table, "--output", "json"]);
        args.extend(more);
        serde_json::from_str(&output(&mut command, &args)).unwrap()
    }

    /// Names of the bucket's present objects.
    pub(super) async fn objects(&self) -> Vec<String> {
        let page = self.s3.list_objects_v2().bucket(BUCKET).send().await;
        let page = page.unwrap();
        page.contents()
            .iter()
            .map(|object| object.key().unwrap().to_owned())
            .collect()
    }
}

/// The root of an account in a Region.
pub(super) async fn root(endpoint: &str, account: &str, region: &str) -> aws_config::SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(aws_config::Region::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            account, "sandbox", None, None, "test",
        )))
        .load()
        .await
}

pub(super) fn s3(config: &aws_config::SdkConfig) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::config::Builder::from(config)
        .force_path_style(true)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

pub(super) fn arn(table: &str) -> String {
    format!("arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/{table}")
}

/// What a person would send who wants everything that protects the backup.
pub(super) fn request(table: &str) -> Value {
    json!({
        "table": arn(table), "bucket": BUCKET, "create_bucket": true, "prefix": PREFIX,
        "versioning": true, "encryption": true, "block_public_access": true,
        "deny_version_deletion": true, "reason": "a test",
    })
}

/// The answer to a preview, once the catalogue knows the table.
pub(super) async fn preview(client: &mut HttpClient, request: &Value) -> (StatusCode, Value) {
    let start = std::time::Instant::now();
    loop {
        let answer = client.post("/api/v1/records/setup/preview", request).await;
        if answer.0 != StatusCode::NOT_FOUND {
            return answer;
        }
        assert!(start.elapsed() < LIMIT, "no preview: {}", answer.1);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Starts what a preview showed and answers the run.
pub(super) async fn set_up(client: &mut HttpClient, request: &Value) -> String {
    let (status, shown) = preview(client, request).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    let start = json!({"request": shown["request"], "digest": shown["digest"]});
    let (status, answer) = client.post("/api/v1/records/setup", &start).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    answer["run"].as_str().unwrap().to_owned()
}

/// The run, once it has ended.
pub(super) async fn ended(client: &mut HttpClient, id: &str) -> Value {
    let client = tokio::sync::Mutex::new(client);
    until("the end of the run", LIMIT, || async {
        let (_, run) = client
            .lock()
            .await
            .get(&format!("/api/v1/runs/{id}"))
            .await?;
        (run["view"]["outcome"] != Value::Null).then_some(run)
    })
    .await
}

/// The only capture.
pub(super) async fn capture(client: &mut HttpClient) -> Value {
    let (status, captures) = client.get("/api/v1/records").await.unwrap();
    assert_eq!(status, StatusCode::OK, "{captures}");
    let captures = captures.as_array().unwrap().clone();
    assert_eq!(captures.len(), 1, "{captures:?}");
    captures[0].clone()
}

/// A proof's run, once it has ended.
pub(super) async fn proof(client: &mut HttpClient) -> Value {
    let capture = capture(client).await;
    let id = capture["capture"]["id"].as_str().unwrap();
    let (status, answer) = client
        .post(&format!("/api/v1/records/{id}/proof"), &json!({}))
        .await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    ended(client, answer["run"].as_str().unwrap()).await
}

/// What the writers know to have written.
#[derive(Clone, Default)]
pub(super) struct Model {
    /// What each record is now.
    pub(super) now: Arc<Mutex<BTreeMap<String, String>>>,
    /// Everything that each record ever became; none where it was deleted.
    pub(super) ever: Arc<Mutex<BTreeMap<String, Vec<Option<String>>>>>,
    /// Held shared for each write, whole to have none under way.
    gate: Arc<RwLock<()>>,
}

/// Writers that change a table until they are told to stop.
pub(super) struct Writers {
    stop: tokio::sync::watch::Sender<bool>,
    tasks: Vec<JoinHandle<u64>>,
}

impl Model {
    /// `count` writers, each with records of its own, since nobody orders two writers of one record.
    pub(super) fn write(&self, world: &World, table: &str, count: u64, records: u64) -> Writers {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let tasks = (0..count)
            .map(|writer| {
                let (model, stopped) = (self.clone(), stopped.clone());
                let (dynamodb, table) = (world.dynamodb.clone(), table.to_owned());
                tokio::spawn(async move {
                    let mut number = 0_u64;
                    while !*stopped.borrow() {
                        let id = format!("w{writer}-{}", (number * 7) % records);
                        let value = (number % 5 != 4).then(|| format!("v{writer}-{number}"));
                        model.change(&dynamodb, &table, &id, value).await;
                        number += 1;
                    }
                    number
                })
            })
            .collect();
        Writers { stop, tasks }
    }

    async fn change(
        &self,
        dynamodb: &aws_sdk_dynamodb::Client,
        table: &str,
        id: &str,
        value: Option<String>,
    ) {
        let _leave = self.gate.read().await;
        let id_value = AttributeValue::S(id.to_owned());
        if let Some(value) = &value {
            dynamodb
                .put_item()
                .table_name(table)
                .item("id", id_value)
                .item("v", AttributeValue::S(value.clone()))
                .send()
                .await
                .unwrap();
            self.now
                .lock()
                .unwrap()
                .insert(id.to_owned(), value.clone());
        } else {
            dynamodb
                .delete_item()
                .table_name(table)
                .key("id", id_value)
                .send()
                .await
                .unwrap();
            // Deleting what is not there is no change.
            if self.now.lock().unwrap().remove(id).is_none() {
                return;
            }
        }
        self.ever
            .lock()
            .unwrap()
            .entry(id.to_owned())
            .or_default()
            .push(value);
    }

    /// A second that no change shares with one before or after, and the state as of it. A stream's
    /// times are whole seconds, rounded down.
    pub(super) async fn moment(&self) -> (String, BTreeMap<String, String>) {
        let _nobody_writes = self.gate.write().await;
        let second = next_second().await;
        let state = self.now.lock().unwrap().clone();
        next_second().await;
        (second.to_string(), state)
    }
}

async fn next_second() -> Timestamp {
    let now = Timestamp::now();
    let next = Timestamp::from_second(now.as_second() + 1).unwrap();
    let left = Duration::try_from(next.duration_since(now)).unwrap();
    tokio::time::sleep(left + Duration::from_millis(5)).await;
    next
}

impl Writers {
    /// Stops them and answers how much they wrote.
    pub(super) async fn stop(self) -> u64 {
        self.stop.send(true).unwrap();
        let mut written = 0;
        for task in self.tasks {
            written += task.await.unwrap();
        }
        written
    }
}
