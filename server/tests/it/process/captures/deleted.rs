use aws_sdk_dynamodb::types::Tag;
use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    restored::start,
    world::{LIMIT, Model, World, arn, capture, ended, request, set_up},
};
use crate::support::wait::until;

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_was_deleted_is_found_and_comes_back_under_its_own_name_with_its_settings() {
    let world = World::new().await;
    world.make_table("ledger", None).await;
    let tag = Tag::builder().key("team").value("books").build().unwrap();
    let tagging = world.dynamodb.tag_resource().resource_arn(arn("ledger"));
    tagging.tags(tag).send().await.unwrap();
    let (_process, mut client) = world.serve().await;
    let run = set_up(&mut client, &request("ledger")).await;
    let run = ended(&mut client, &run).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");

    let model = Model::default();
    let writers = model.write(&world, "ledger", 2, 40);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let (second, wanted) = model.moment().await;
    writers.stop().await;
    assert!(wanted.len() > 20, "{} records", wanted.len());
    let now = Timestamp::now();
    let watched = tokio::sync::Mutex::new(&mut client);
    let view = until("the stream stored", LIMIT, || async {
        let view = capture(*watched.lock().await).await;
        let read: Timestamp = view["status"]["read_until"].as_str()?.parse().unwrap();
        (read > now).then_some(view)
    })
    .await;
    let id = view["capture"]["id"].as_str().unwrap();

    let deleting = world.dynamodb.delete_table().table_name("ledger");
    deleting.send().await.unwrap();
    let path = format!("/api/v1/resource?arn={}", arn("ledger"));
    let found = until("the deletion noticed", LIMIT, || async {
        let (status, found) = watched.lock().await.get(&path).await?;
        assert_eq!(status, StatusCode::OK, "{found}");
        (found["resource"]["deleted"] == Value::Bool(true)).then_some(found)
    })
    .await;
    assert_eq!(found["resource"]["tags"]["team"], "books", "{found}");
    assert_eq!(found["protection"], "protected", "{found}");
    let page = format!("/resources/view?arn={}", arn("ledger"));
    let (_, page) = client.get(&page).await.unwrap();
    let page = page.as_str().unwrap().to_owned();
    for said in [
        "deleted: only its backups remain",
        "by its record-level backup",
        "Record-level backup",
        ">Restore<",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }

    // The wizard begins with the table's own name, and with the settings that the backup knew last.
    let (date, time) = second.trim_end_matches('Z').split_once('T').unwrap();
    let wizard = format!(
        "/restore?arn={}&capture={id}&date={date}&time={time}",
        arn("ledger")
    );
    let (status, page) = client.get(&format!("{wizard}&step=where")).await.unwrap();
    assert_eq!(status, StatusCode::OK, "{page}");
    let page = page.as_str().unwrap().to_owned();
    assert!(page.contains(r#"value="ledger""#), "{page}");
    let options = format!("{wizard}&table=ledger&step=options");
    let (_, page) = client.get(&options).await.unwrap();
    let page = page.as_str().unwrap().to_owned();
    assert!(page.contains("team=books"), "{page}");

    let back = json!({
        "resource": arn("ledger"),
        "source": {"from": "records", "capture": id, "at": second, "partition": null},
        "target_table": "ledger",
        "metadata": {},
        "service_role": null,
        "put_back": ["stream", "tags"],
        "reason": "deleted by mistake",
    });
    let run = start(&mut client, &back).await;
    let run = ended(&mut client, &run).await;
    assert_eq!(run["view"]["outcome"], "succeeded", "{run}");
    assert_eq!(world.state("ledger").await, wanted);
    let described = world.dynamodb.describe_table().table_name("ledger").send();
    let table = described.await.unwrap().table.unwrap();
    assert!(table.latest_stream_arn.is_some(), "{table:?}");
    let tags = world.dynamodb.list_tags_of_resource();
    let tags = tags.resource_arn(arn("ledger")).send().await.unwrap();
    let tags: Vec<_> = tags.tags().iter().map(Tag::value).collect();
    assert!(tags.contains(&"books"), "{tags:?}");
}
