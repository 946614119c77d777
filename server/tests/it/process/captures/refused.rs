use aws_sdk_dynamodb::types::StreamViewType;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use hyper::StatusCode;
use serde_json::{Value, json};

use super::world::{ACCOUNT, BUCKET, World, ended, preview, request, root, s3, set_up};

async fn make_bucket(s3: &aws_sdk_s3::Client, name: &str, region: &str) {
    let place = CreateBucketConfiguration::builder()
        .location_constraint(BucketLocationConstraint::from(region))
        .build();
    let made = s3.create_bucket().bucket(name);
    made.create_bucket_configuration(place)
        .send()
        .await
        .unwrap();
}

fn with(request: &Value, changes: Value) -> Value {
    let mut request = request.clone();
    for (field, value) in changes.as_object().unwrap() {
        request[field] = value.clone();
    }
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_set_up_cannot_work_with_is_refused_with_field_and_rule_or_mended_as_asked() {
    let world = World::new().await;
    world
        .make_table("ledger", Some(StreamViewType::KeysOnly))
        .await;
    make_bucket(&world.s3, BUCKET, "eu-west-1").await;
    let elsewhere = s3(&root(&world.endpoint, ACCOUNT, "us-west-2").await);
    make_bucket(&elsewhere, "tidemark-records-elsewhere", "us-west-2").await;
    let stranger = s3(&root(&world.endpoint, "999988887777", "eu-west-1").await);
    make_bucket(&stranger, "tidemark-records-of-others", "eu-west-1").await;
    let (_process, mut client) = world.serve().await;
    let good = with(&request("ledger"), json!({"replace_stream": true}));
    for (changes, field, rule) in [
        (json!({"bucket": "Not_A_Bucket"}), "bucket", "lower-case"),
        (json!({"bucket": "192.168.1.1"}), "bucket", "IP address"),
        (
            json!({"bucket": "tidemark-records-none", "create_bucket": false}),
            "bucket",
            "there is no bucket tidemark-records-none",
        ),
        (
            json!({"bucket": "tidemark-records-elsewhere"}),
            "bucket",
            "lies in us-west-2",
        ),
        (
            json!({"bucket": "tidemark-records-of-others"}),
            "bucket",
            "must belong to account 222233334444",
        ),
        (json!({"versioning": false}), "bucket", "must keep versions"),
        (json!({"prefix": "a/*"}), "prefix", "letters"),
        (
            json!({"replace_stream": false}),
            "stream",
            "that of ledger is KEYS_ONLY",
        ),
        (
            json!({"break_glass_role": "admin"}),
            "break-glass role",
            "must have the form",
        ),
        (json!({"lock_days": 30}), "lock days", "made now"),
        (json!({"capacity": 0}), "capacity", "1 or more"),
    ] {
        let (status, said) = preview(&mut client, &with(&good, changes.clone())).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{changes}: {said}");
        assert_eq!(said["field"], field, "{changes}: {said}");
        assert!(said.to_string().contains(rule), "{changes}: {said}");
    }
    // Allowed to, the set-up mends versions and stream.
    let run = set_up(&mut client, &good).await;
    let run = ended(&mut client, &run).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");
}
