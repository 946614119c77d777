use aws_sdk_s3::types::BucketVersioningStatus;
use serde_json::Value;

use super::world::{BUCKET, Model, PREFIX, World, capture, ended, preview, proof, request, set_up};

fn names(changes: &Value, kind: &str) -> Vec<String> {
    changes
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["kind"] == kind)
        .map(|change| change["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_four_writers_change_a_table_set_up_goes_from_nothing_to_complete_and_what_is_spoiled_is_named()
 {
    let world = World::new().await;
    world.make_table("ledger", None).await;
    let (_process, mut client) = world.serve().await;
    let model = Model::default();
    let writers = model.write(&world, "ledger", 4, 100);

    let request = request("ledger");
    let (_, shown) = preview(&mut client, &request).await;
    let will = names(&shown["changes"], "change");
    for change in [
        "Stream",
        "Bucket",
        "Versions",
        "Bucket policy",
        "First copy",
    ] {
        assert!(will.iter().any(|name| name == change), "{change}: {shown}");
    }
    let run = set_up(&mut client, &request).await;
    let run = ended(&mut client, &run).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");
    let written = writers.stop().await;
    assert!(written > 100, "the writers wrote {written} times");

    // What was shown is so.
    let versioning = world.s3.get_bucket_versioning().bucket(BUCKET).send().await;
    assert_eq!(
        versioning.unwrap().status,
        Some(BucketVersioningStatus::Enabled)
    );
    let policy = world.s3.get_bucket_policy().bucket(BUCKET).send().await;
    let policy = policy.unwrap().policy.unwrap();
    assert!(policy.contains("s3:DeleteObjectVersion"), "{policy}");
    let (_, shown) = preview(&mut client, &request).await;
    assert_eq!(names(&shown["changes"], "change"), ["Proof"], "{shown}");
    let view = capture(&mut client).await;
    assert_eq!(view["status"]["last_proof"]["complete"], true, "{view}");
    assert!(view["status"]["complete_from"].is_string(), "{view}");
    assert_eq!(view["status"]["gaps"], Value::Array(Vec::new()), "{view}");

    // Everything written since is in there, too.
    let run = proof(&mut client).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");

    // Altered behind its back: the proof names the object.
    let objects = world.objects().await;
    let mut segments = objects.iter().filter(|name| name.contains("/segments/"));
    let altered = segments.next().unwrap();
    let body = world.s3.get_object().bucket(BUCKET).key(altered).send();
    let body = body
        .await
        .unwrap()
        .body
        .collect()
        .await
        .unwrap()
        .into_bytes();
    let spoil = |body: Vec<u8>| {
        let put = world.s3.put_object().bucket(BUCKET).key(altered);
        put.body(body.into()).send()
    };
    let mut wrong = body.to_vec();
    let middle = wrong.len() / 2;
    wrong[middle] ^= 0xff;
    spoil(wrong).await.unwrap();
    let run = proof(&mut client).await;
    assert_eq!(run["view"]["outcome"], "failed", "{run}");
    assert!(run.to_string().contains(altered.as_str()), "{run}");
    let view = capture(&mut client).await;
    assert_eq!(view["status"]["last_proof"]["complete"], false, "{view}");

    // Removed behind its back: the same.
    spoil(body.to_vec()).await.unwrap();
    let run = proof(&mut client).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "put right: {run}");
    let removed = world.s3.delete_object().bucket(BUCKET).key(altered).send();
    removed.await.unwrap();
    let run = proof(&mut client).await;
    assert_eq!(run["view"]["outcome"], "failed", "{run}");
    assert!(run.to_string().contains(altered.as_str()), "{run}");

    // A change that was never stored: the proof names its record.
    spoil(body.to_vec()).await.unwrap();
    let dropped = drop_newest_segments(&world).await;
    let run = proof(&mut client).await;
    assert_eq!(run["view"]["outcome"], "failed", "{run}");
    let said = run.to_string();
    assert!(said.contains("backup is not complete"), "{said}");
    // Whose record it is, is for those who may see records: the run has counts.
    let named = dropped.iter().filter(|id| said.contains(id.as_str()));
    assert_eq!(named.count(), 0, "one of {dropped:?} is named in {said}");
}

/// Takes the segments with the newest change out of the index, and answers the ids in their bounds.
async fn drop_newest_segments(world: &World) -> Vec<String> {
    let name = format!("{PREFIX}/_tidemark/ledger/index.json");
    let index = world.s3.get_object().bucket(BUCKET).key(&name).send().await;
    let body = index.unwrap().body.collect().await.unwrap().into_bytes();
    let mut index: Value = serde_json::from_slice(&body).unwrap();
    let segments = index["segments"].as_array_mut().unwrap();
    let newest = segments.iter().filter_map(|s| s["last"].as_i64()).max();
    let dropped: Vec<Value> = segments
        .extract_if(.., |segment| segment["last"].as_i64() == newest)
        .collect();
    let put = world.s3.put_object().bucket(BUCKET).key(&name);
    put.body(index.to_string().into_bytes().into())
        .send()
        .await
        .unwrap();
    dropped
        .iter()
        .flat_map(|segment| ["min_key", "max_key"].map(|key| segment[key].as_str().unwrap()))
        .map(|key| {
            let key: Value = serde_json::from_str(key).unwrap();
            key["id"]["S"].as_str().unwrap().to_owned()
        })
        .collect()
}
