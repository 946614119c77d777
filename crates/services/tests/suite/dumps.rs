//! Dumps of commands: who may open which bucket, and what the audit log says of it.

use tidemark_domain::Role;
use tidemark_services::{
    Caller, ServiceError,
    audit::AuditOutcome,
    dumps::{self, DumpUse},
};

use crate::{
    buckets::{add, place},
    world::{World, caller},
};

/// The use cases for the table of who may what.
pub(crate) async fn call(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    add(world);
    let key = "shop/today".to_owned();
    let purpose = match use_case {
        "dump.put" => DumpUse::Put(key),
        "dump.get" => DumpUse::Get(key),
        "dump.list" => DumpUse::List(key),
        other => panic!("{other} is not in the table"),
    };
    dumps::open(&world.services, who, &place(world), &purpose)
        .await
        .map(drop)
}

#[tokio::test]
async fn what_is_stored_or_brought_back_is_in_the_audit_log_and_so_is_its_failure() {
    let world = World::new().await;
    let admin = caller(Role::Admin);
    for use_case in ["dump.put", "dump.get", "dump.list"] {
        call(&world, &admin, use_case).await.unwrap();
    }
    let purpose = DumpUse::Put("shop/today".to_owned());
    let why = "the command failed: exit status: 1".to_owned();
    dumps::failed(&world.services, &admin, &place(&world), &purpose, why)
        .await
        .unwrap();
    let said: Vec<(String, AuditOutcome, Option<String>)> = world
        .audit
        .records()
        .into_iter()
        .filter(|record| record.entry.action.starts_with("dump."))
        .map(|record| {
            let entry = record.entry;
            assert!(entry.subject.ends_with(":::backups-blocks/shop/today"));
            (entry.action, entry.outcome, entry.detail)
        })
        .collect();
    let detail = Some("the command failed: exit status: 1".to_owned());
    assert_eq!(
        said,
        [
            ("dump.put".to_owned(), AuditOutcome::Allowed, None),
            ("dump.get".to_owned(), AuditOutcome::Allowed, None),
            ("dump.put".to_owned(), AuditOutcome::Failed, detail),
        ]
    );
}

#[tokio::test]
async fn a_key_that_no_dump_can_have_is_refused_before_the_bucket_is_opened() {
    let world = World::new().await;
    let admin = caller(Role::Admin);
    for key in ["", "a/", "a.manifest.json"] {
        let purpose = DumpUse::Put(key.to_owned());
        let opened = dumps::open(&world.services, &admin, &place(&world), &purpose).await;
        let error = opened.err().unwrap();
        assert!(matches!(error, ServiceError::Invalid(_)), "{error}");
    }
}
