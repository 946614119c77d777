//! The tags of what is restored, and the backup plans that take it by them.

use std::collections::BTreeMap;

use tidemark_domain::{PutBack, RestoreRequest, Role};
use tidemark_testkit::{FakeTable, build};

use crate::{
    restore_destination::{plan, refused_field, start},
    world::{World, hour_ago},
};

fn tagged(world: &World, tags: Option<&[(&str, &str)]>) -> RestoreRequest {
    RestoreRequest {
        put_back: std::collections::BTreeSet::from([PutBack::Tags]),
        tags: tags.map(|tags| {
            tags.iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect()
        }),
        ..hour_ago(world)
    }
}

#[tokio::test]
async fn the_plans_that_a_copy_joins_by_its_tags_are_shown_and_its_tags_are_chosen() {
    let world = World::new().await;
    let key = crate::plans::with_gold(&world).await;

    let with_all = plan(&world, Role::Operator, &tagged(&world, None)).await;
    assert_eq!(with_all.joins.len(), 1, "{:?}", with_all.joins);
    assert_eq!(with_all.joins[0].plan_id, key.id);
    let sentence = &with_all.joins_sentences()[0];
    assert!(
        sentence.contains(&with_all.joins[0].plan_name) && sentence.contains("owner=olga"),
        "{sentence}"
    );
    assert!(with_all.tags_sentence().contains("owner=olga"));

    // Owners may not read plans: they are told that one takes it, and by which of their tags.
    let of_owner = plan(&world, Role::Owner, &tagged(&world, None)).await;
    assert_eq!(of_owner.joins.len(), 1);
    assert!(of_owner.joins[0].plan_name.is_empty() && of_owner.joins[0].plan_id.is_empty());

    for none in [tagged(&world, Some(&[])), hour_ago(&world)] {
        let shown = plan(&world, Role::Operator, &none).await;
        assert!(shown.joins.is_empty() && shown.settings.tags.is_empty());
        assert!(shown.tags_sentence().contains("no tags"));
    }

    let edited = tagged(&world, Some(&[("purpose", "a look")]));
    let shown = plan(&world, Role::Operator, &edited).await;
    assert!(shown.joins.is_empty(), "{:?}", shown.joins);
    let id = start(&world, Role::Operator, &edited, None).await.unwrap();
    world.finish(id).await;
    let settings = world.aws.settings(&world.scope, "orders-back").unwrap();
    let expected = BTreeMap::from([("purpose".to_owned(), "a look".to_owned())]);
    assert_eq!(settings.tags, expected);
}

#[tokio::test]
async fn tags_that_aws_would_refuse_are_refused_before() {
    let world = World::new().await;
    for bad in [("aws:x", "1"), ("", "1"), ("a\u{7}", "1"), ("a", "<b>")] {
        let field = refused_field(&world, tagged(&world, Some(&[bad]))).await;
        assert_eq!(field, "tags", "{bad:?}");
    }
    let without = RestoreRequest {
        put_back: std::collections::BTreeSet::new(),
        ..tagged(&world, Some(&[("a", "b")]))
    };
    assert_eq!(refused_field(&world, without).await, "tags");
    // Tags of AWS's own on the source are left where they are.
    let table = FakeTable::new("stacked")
        .items(1)
        .pitr(world.clock.now() - jiff::SignedDuration::from_hours(2), 35)
        .tag("aws:cloudformation:stack-name", "s")
        .tag("team", "orders");
    world.aws.add_table(&world.scope, table);
    world.sync().await;
    let request = RestoreRequest {
        resource: build::table_arn(&world.scope, "stacked"),
        ..tagged(&world, None)
    };
    let shown = plan(&world, Role::Operator, &request).await;
    let expected = BTreeMap::from([("team".to_owned(), "orders".to_owned())]);
    assert_eq!(shown.settings.tags, expected);
}
