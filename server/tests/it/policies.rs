//! Who else may use a bucket, over the real router: the page without scripts, and the API.

use axum::http::StatusCode;
use serde_json::json;
use tidemark_domain::{Role, policy::Document};

use crate::support::{ACCOUNT, EXPORTER, SHARED_BUCKET, TestConsole};

fn place() -> String {
    format!("account={ACCOUNT}&region=eu-west-1&bucket={SHARED_BUCKET}")
}

#[tokio::test]
async fn access_is_given_on_the_page_without_scripts_and_given_back() {
    let console = TestConsole::new().await;
    let foreign = r#"{"Version":"2012-10-17","Statement":{"Sid":"Everybody","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::volumes-111122223333/public/*"}}"#;
    console.policies.set_policy(SHARED_BUCKET, Some(foreign));
    let mut admin = console.signed_in(Role::Admin).await.browser();

    let empty = admin.get("/buckets/access").await.expect(StatusCode::OK);
    assert!(empty.body.contains("name=\"bucket\""));
    let shown = admin
        .get(&format!("/buckets/access?{}", place()))
        .await
        .expect(StatusCode::OK);
    for text in [
        "Everybody",
        "Allows everyone",
        "dangerous",
        "Give roles access",
    ] {
        assert!(shown.body.contains(text), "{text}: {}", shown.body);
    }

    let query = format!(
        "{}&do=grant&task=block_storage&roles={}",
        place(),
        EXPORTER.replace(':', "%3A").replace('/', "%2F")
    );
    let plan = admin
        .get(&format!("/buckets/access?{query}"))
        .await
        .expect(StatusCode::OK);
    for text in [
        "1 statement is added",
        "byte for byte",
        "TidemarkExporterObjects",
        "Put the policy",
    ] {
        assert!(plan.body.contains(text), "{text}: {}", plan.body);
    }
    let digest = plan.body.split("name=\"digest\" value=\"").nth(1).unwrap()[..64].to_owned();
    assert_eq!(
        console.policies.policy_of(SHARED_BUCKET).as_deref(),
        Some(foreign)
    );

    // Without a reason the page comes again and says so.
    let fields = [
        ("query", query.as_str()),
        ("digest", digest.as_str()),
        ("page", "/buckets/access"),
    ];
    let refused = admin.form("/api/policies/change", &fields).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
    let fields = [fields[0], fields[1], ("reason", "a new cluster"), fields[2]];
    let begun = admin.form("/api/policies/change", &fields).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let run = begun.header("location").to_owned();
    while console
        .services
        .runs
        .run_until_idle()
        .await
        .unwrap()
        .is_some()
    {}
    let policy = console.policies.policy_of(SHARED_BUCKET).unwrap();
    assert_eq!(Document::read(&policy).unwrap().statements().len(), 2);

    let done = admin.get(&run).await.expect(StatusCode::OK);
    for text in ["Change of access to a bucket", "Findings", "do=return"] {
        assert!(done.body.contains(text), "{text}: {}", done.body);
    }
    let id = run.rsplit('/').next().unwrap();
    let back = format!("/buckets/access?{}&do=return&run={id}", place());
    let back = admin.get(&back).await.expect(StatusCode::OK);
    for text in ["1 statement is removed", "Give the policy back"] {
        assert!(back.body.contains(text), "{text}: {}", back.body);
    }
}

#[tokio::test]
async fn a_missing_statement_is_named_on_the_page_and_by_the_api() {
    let console = TestConsole::new().await;
    console
        .policies
        .add_role(EXPORTER, tidemark_testkit::FakeRole::default());
    let mut admin = console.signed_in(Role::Admin).await;
    let request = json!({
        "account": ACCOUNT,
        "region": "eu-west-1",
        "bucket": SHARED_BUCKET,
        "task": "block_storage",
        "roles": [EXPORTER],
    });
    let proof = admin
        .json("/api/v1/bucket/policy/check", &request)
        .await
        .expect(StatusCode::OK)
        .json();
    let first = &proof["grants"][0];
    assert_eq!(first["verdict"], "fail");
    assert!(
        first["detail"]
            .as_str()
            .unwrap()
            .contains("is missing from the bucket's policy"),
        "{first}"
    );
    assert!(
        first["missing"]
            .as_str()
            .unwrap()
            .contains("TidemarkExporterObjects"),
        "{first}"
    );
    let plan = admin
        .json("/api/v1/bucket/policy/plan", &request)
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!(plan["changes"][0]["fate"], "added");
    let start = json!({"request": request, "digest": "another", "reason": "a test"});
    let refused = admin.json("/api/v1/bucket/policy/changes", &start).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);

    let mut page = admin.browser();
    let query = format!("{}&do=check&task=block_storage&roles={EXPORTER}", place());
    let shown = page
        .get(&format!("/buckets/access?{query}"))
        .await
        .expect(StatusCode::OK);
    for text in [
        "Access does not work",
        "is missing from the bucket",
        "The missing statement",
    ] {
        assert!(shown.body.contains(text), "{text}: {}", shown.body);
    }
}
