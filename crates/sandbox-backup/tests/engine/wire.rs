use std::sync::Arc;

use awsim_core::{AwsError, RequestContext, ServiceHandler, protocol::rest::parse_json_request};
use axum::http::{HeaderMap, Method, Uri};
use rstest::rstest;
use serde_json::{Value, json};
use tidemark_sandbox_backup::{
    BackupEngine, BackupService, SimClock,
    model::{JobTiming, Settings},
};

use crate::support::{ACCOUNT, REGION, ROLE, Tables, home, table};

struct Client {
    service: BackupService,
    engine: BackupEngine,
    clock: SimClock,
}

impl Client {
    fn new() -> Self {
        let engine = BackupEngine::new(Settings {
            timing: JobTiming::instant(),
            ..Settings::default()
        });
        let tables: Arc<Tables> = Tables::new("DynamoDB", true, false);
        let clock = SimClock::new();
        tables.put(&home(), &table("orders"), clock.now(), "first");
        engine.register_provider(tables);
        Self {
            service: BackupService::new(engine.clone(), clock.clone()),
            engine,
            clock,
        }
    }

    /// Sends a request as it comes over HTTP, and lets everything due happen.
    async fn send(&self, method: &str, uri: &str, body: Value) -> Result<Value, AwsError> {
        let body = if body.is_null() {
            Vec::new()
        } else {
            serde_json::to_vec(&body).unwrap()
        };
        let request = parse_json_request(
            &method.parse::<Method>().unwrap(),
            &uri.parse::<Uri>().unwrap(),
            &HeaderMap::new(),
            &body.into(),
            &self.service.routes(),
        )?;
        let context = RequestContext::new_with_account("backup", REGION, ACCOUNT);
        let answer = self
            .service
            .handle(&request.operation, request.input, &context)
            .await;
        self.engine.tick(self.clock.now());
        answer
    }
}

fn encoded(arn: &str) -> String {
    arn.replace(':', "%3A").replace('/', "%2F")
}

#[tokio::test]
async fn a_backup_and_a_restore_go_over_the_wire() {
    let client = Client::new();
    let made = client
        .send(
            "PUT",
            "/backup-vaults/main",
            json!({ "BackupVaultTags": { "team": "orders" } }),
        )
        .await
        .unwrap();
    assert_eq!(
        made["BackupVaultArn"],
        "arn:aws:backup:eu-west-1:111122223333:backup-vault:main"
    );
    assert!(made["CreationDate"].is_number());

    let started = client
        .send(
            "PUT",
            "/backup-jobs",
            json!({ "BackupVaultName": "main", "ResourceArn": table("orders"), "IamRoleArn": ROLE,
                    "Lifecycle": { "DeleteAfterDays": 10 } }),
        )
        .await
        .unwrap();
    let id = started["BackupJobId"].as_str().unwrap();
    let job = client
        .send("GET", &format!("/backup-jobs/{id}"), Value::Null)
        .await
        .unwrap();
    assert_eq!(job["State"], "COMPLETED");
    assert_eq!(job["PercentDone"], "100.0");
    assert_eq!(job["MessageCategory"], "SUCCESS");
    let point = job["RecoveryPointArn"].as_str().unwrap();

    let jobs = client
        .send("GET", "/backup-jobs/?state=COMPLETED", Value::Null)
        .await
        .unwrap();
    assert_eq!(jobs["BackupJobs"].as_array().unwrap().len(), 1);
    let none = client
        .send("GET", "/backup-jobs/?state=FAILED", Value::Null)
        .await
        .unwrap();
    assert!(none["BackupJobs"].as_array().unwrap().is_empty());

    let points = client
        .send("GET", "/backup-vaults/main/recovery-points/", Value::Null)
        .await
        .unwrap();
    assert_eq!(points["RecoveryPoints"][0]["RecoveryPointArn"], point);
    let path = format!("/backup-vaults/main/recovery-points/{}", encoded(point));
    let described = client.send("GET", &path, Value::Null).await.unwrap();
    assert_eq!(described["StorageClass"], "WARM");
    assert_eq!(described["Status"], "COMPLETED");
    let expiry = described["CalculatedLifecycle"]["DeleteAt"]
        .as_f64()
        .unwrap();
    let created = described["CreationDate"].as_f64().unwrap();
    assert!((expiry - created - 864_000.0).abs() < 0.01);

    let metadata = client
        .send("GET", &format!("{path}/restore-metadata"), Value::Null)
        .await
        .unwrap();
    assert_eq!(
        metadata["RestoreMetadata"]["targetTableName"],
        table("orders")
    );

    let started = client
        .send(
            "PUT",
            "/restore-jobs",
            json!({ "RecoveryPointArn": point, "IamRoleArn": ROLE, "Metadata": { "targetTableName": "rescued" } }),
        )
        .await
        .unwrap();
    let id = started["RestoreJobId"].as_str().unwrap();
    let job = client
        .send("GET", &format!("/restore-jobs/{id}"), Value::Null)
        .await
        .unwrap();
    assert_eq!(job["Status"], "COMPLETED");
    assert_eq!(job["CreatedResourceArn"], table("rescued"));

    let protected = client
        .send(
            "GET",
            &format!("/resources/{}", encoded(&table("orders"))),
            Value::Null,
        )
        .await
        .unwrap();
    assert_eq!(protected["LastRecoveryPointArn"], point);
    assert!(protected["LatestRestoreJobCreationDate"].is_number());
}

#[tokio::test]
async fn a_plan_with_its_selection_goes_over_the_wire() {
    let client = Client::new();
    let plan = client
        .send(
            "PUT",
            "/backup/plans/",
            json!({ "BackupPlan": { "BackupPlanName": "daily", "Rules": [{
                "RuleName": "r", "TargetBackupVaultName": "main",
                "ScanActions": [{ "MalwareScanner": "GUARDDUTY", "ScanMode": "FULL_SCAN" }],
            }] } }),
        )
        .await
        .unwrap();
    let id = plan["BackupPlanId"].as_str().unwrap();
    let selection = client
        .send(
            "PUT",
            &format!("/backup/plans/{id}/selections/"),
            json!({ "BackupSelection": { "SelectionName": "all", "IamRoleArn": ROLE, "Resources": ["*"] } }),
        )
        .await
        .unwrap();
    let got = client
        .send(
            "GET",
            &format!("/backup/plans/{id}/?MaxScheduledRunsPreview=3"),
            Value::Null,
        )
        .await
        .unwrap();
    assert_eq!(got["BackupPlan"]["Rules"][0]["StartWindowMinutes"], 480);
    assert_eq!(
        got["BackupPlan"]["Rules"][0]["ScanActions"][0]["ScanMode"], "FULL_SCAN",
        "members that the simulation does not act on are kept"
    );
    assert_eq!(got["ScheduledRunsPreview"].as_array().unwrap().len(), 3);
    let selected = client
        .send(
            "GET",
            &format!(
                "/backup/plans/{id}/selections/{}",
                selection["SelectionId"].as_str().unwrap()
            ),
            Value::Null,
        )
        .await
        .unwrap();
    assert_eq!(selected["BackupSelection"]["Resources"], json!(["*"]));
    let plans = client
        .send("GET", "/backup/plans/", Value::Null)
        .await
        .unwrap();
    assert_eq!(plans["BackupPlansList"][0]["BackupPlanName"], "daily");
    let versions = client
        .send("GET", &format!("/backup/plans/{id}/versions/"), Value::Null)
        .await
        .unwrap();
    assert_eq!(
        versions["BackupPlanVersionsList"].as_array().unwrap().len(),
        1
    );
    let exported = client
        .send(
            "GET",
            &format!("/backup/plans/{id}/toTemplate/"),
            Value::Null,
        )
        .await
        .unwrap();
    let read = client
        .send("POST", "/backup/template/json/toPlan", exported)
        .await
        .unwrap();
    assert_eq!(read["BackupPlan"]["BackupPlanName"], "daily");
}

#[tokio::test]
async fn pages_go_on_with_the_token_and_a_forged_token_is_refused() {
    let client = Client::new();
    for name in ["one", "two", "three"] {
        client
            .send("PUT", &format!("/backup-vaults/{name}"), json!({}))
            .await
            .unwrap();
    }
    let first = client
        .send("GET", "/backup-vaults/?maxResults=2", Value::Null)
        .await
        .unwrap();
    assert_eq!(first["BackupVaultList"].as_array().unwrap().len(), 2);
    let token = first["NextToken"].as_str().unwrap();
    let second = client
        .send(
            "GET",
            &format!("/backup-vaults/?maxResults=2&nextToken={token}"),
            Value::Null,
        )
        .await
        .unwrap();
    assert_eq!(second["BackupVaultList"][0]["BackupVaultName"], "two");
    assert!(second.get("NextToken").is_none());
    let forged = client
        .send("GET", "/backup-vaults/?nextToken=forged", Value::Null)
        .await
        .unwrap_err();
    assert_eq!(forged.code, "InvalidParameterValueException");
}

#[rstest]
#[case(
    "GET",
    "/backup-vaults/nowhere",
    Value::Null,
    "ResourceNotFoundException"
)]
#[case("PUT", "/backup-vaults/x", json!({}), "InvalidParameterValueException")]
#[case("PUT", "/backup-jobs", json!({ "BackupVaultName": "main" }), "MissingParameterValueException")]
#[case("PUT", "/backup/plans/", json!({ "BackupPlan": { "BackupPlanName": "p" } }), "MissingParameterValueException")]
#[case(
    "GET",
    "/backup-jobs/?maxResults=0",
    Value::Null,
    "InvalidParameterValueException"
)]
#[case(
    "GET",
    "/backup-jobs/?createdAfter=yesterday",
    Value::Null,
    "InvalidParameterValueException"
)]
#[tokio::test]
async fn errors_have_the_models_names_and_status(
    #[case] method: &str,
    #[case] uri: &str,
    #[case] body: Value,
    #[case] code: &str,
) {
    let error = Client::new().send(method, uri, body).await.unwrap_err();
    assert_eq!(error.code, code);
    assert_eq!(error.status.as_u16(), 400);
}

#[tokio::test]
async fn holds_tags_and_settings_go_over_the_wire() {
    let client = Client::new();
    client
        .send("PUT", "/backup-vaults/main", json!({}))
        .await
        .unwrap();
    let hold = client
        .send(
            "POST",
            "/legal-holds/",
            json!({ "Title": "t", "Description": "d", "RecoveryPointSelection": {
                "VaultNames": ["main"], "DateRange": { "FromDate": 1_700_000_000, "ToDate": 1_900_000_000 } } }),
        )
        .await
        .unwrap();
    assert_eq!(
        hold["RecoveryPointSelection"]["DateRange"]["FromDate"],
        1_700_000_000
    );
    let id = hold["LegalHoldId"].as_str().unwrap();
    let canceled = client
        .send(
            "DELETE",
            &format!("/legal-holds/{id}?cancelDescription=done"),
            Value::Null,
        )
        .await
        .unwrap();
    assert_eq!(canceled["__status_code"], 201);

    let arn = encoded("arn:aws:backup:eu-west-1:111122223333:backup-vault:main");
    client
        .send(
            "POST",
            &format!("/tags/{arn}"),
            json!({ "Tags": { "a": "1", "b": "2" } }),
        )
        .await
        .unwrap();
    client
        .send(
            "POST",
            &format!("/untag/{arn}"),
            json!({ "TagKeyList": ["a"] }),
        )
        .await
        .unwrap();
    let tags = client
        .send("GET", &format!("/tags/{arn}/"), Value::Null)
        .await
        .unwrap();
    assert_eq!(tags["Tags"], json!({ "b": "2" }));

    let types = client
        .send("GET", "/supported-resource-types", Value::Null)
        .await
        .unwrap();
    assert_eq!(types["ResourceTypes"], json!(["DynamoDB"]));
    client
        .send(
            "PUT",
            "/account-settings",
            json!({ "ResourceTypeOptInPreference": { "DynamoDB": false } }),
        )
        .await
        .unwrap();
    let settings = client
        .send("GET", "/account-settings", Value::Null)
        .await
        .unwrap();
    assert_eq!(settings["ResourceTypeOptInPreference"]["DynamoDB"], false);
}

#[test]
fn a_restore_needs_the_point_and_the_right_to_pass_the_role() {
    let client = Client::new();
    let context = RequestContext::new_with_account("backup", REGION, ACCOUNT);
    let input = json!({ "RecoveryPointArn": "arn:p", "IamRoleArn": ROLE });
    let checks: Vec<_> = client
        .service
        .iam_checks_with_context("StartRestoreJob", &input, &context)
        .into_iter()
        .map(|check| (check.action, check.resource))
        .collect();
    assert_eq!(
        checks,
        [
            ("backup:StartRestoreJob".to_owned(), "arn:p".to_owned()),
            ("iam:PassRole".to_owned(), ROLE.to_owned()),
        ]
    );
}
