//! Sample input of paths about buckets and sets, for the table of who may what.

use serde_json::json;

use crate::access::Sample;

pub(crate) const BUCKET: &str = "account=111122223333&region=eu-west-1&bucket=backups-orders";
const BUCKET_FIX: &str =
    "account=111122223333&region=eu-west-1&bucket=backups-orders&fix=versioning";

const BUCKET_COPY: &str = "account=111122223333&region=eu-west-1&bucket=backups-orders&to_account=111122223333&to_region=eu-west-1&to_bucket=backups-copies";

pub(crate) fn bucket_sample(path: &str) -> Sample {
    use Sample::{Form, Json};
    let place =
        json!({"account": "111122223333", "region": "eu-west-1", "bucket": "backups-orders"});
    let request = json!({"place": place, "fixes": ["versioning"]});
    let beside =
        json!({"account": "111122223333", "region": "eu-west-1", "bucket": "backups-copies"});
    let copy = json!({"from": place, "to": beside});
    match path {
        "/api/buckets/list" => Json(json!({"query": {}})),
        "/api/buckets/show" | "/api/buckets/browse" | "/api/buckets/blocks" => {
            Json(json!({"query": BUCKET}))
        }
        "/api/buckets/plan_copy" => Json(json!({"query": BUCKET_COPY})),
        "/api/buckets/copy" => Form(&[("query", BUCKET_COPY), ("digest", "not the digest")]),
        "/api/v1/buckets/copies/plan" => Json(copy),
        "/api/v1/buckets/copies" => Json(json!({"request": copy, "digest": "not the digest"})),
        "/api/buckets/plan" => Json(json!({"query": BUCKET_FIX})),
        "/api/buckets/fix" => Form(&[("query", BUCKET_FIX), ("digest", "not the digest")]),
        "/api/v1/buckets/plan" => Json(request),
        "/api/v1/buckets/changes" => Json(json!({"request": request, "digest": "not the digest"})),
        other => panic!("{other} has no sample input: add one, so that the tests can call it"),
    }
}

/// The test console's account, and one that is not there to be removed.
pub(crate) fn account_sample(path: &str) -> Sample {
    use Sample::{Form, Json};
    const NO_ACCOUNT: &str = "444455556666";
    match path {
        "/api/accounts/list" => Json(json!({})),
        "/api/accounts/get" | "/api/accounts/permissions_of" | "/api/accounts/leaving" => {
            Json(json!({"account": "111122223333"}))
        }
        "/api/accounts/add" => Form(&[
            ("account", "111122223333"),
            ("alias", "again"),
            ("regions", "eu-west-1"),
        ]),
        "/api/accounts/check"
        | "/api/accounts/template"
        | "/api/accounts/refresh"
        | "/api/accounts/refresh_permissions"
        | "/api/accounts/rotate" => Form(&[("account", "111122223333")]),
        "/api/accounts/permissions" => Json(json!({"query": {}})),
        "/api/accounts/plan_enrolment" => Form(&[("file", "account,alias,regions")]),
        "/api/accounts/enrol" => Form(&[("file", "account,alias,regions"), ("digest", "none")]),
        "/api/v1/accounts/{account}/permissions" | "/api/v1/accounts/{account}/rotate" => {
            Json(json!({}))
        }
        "/api/v1/accounts/template" => Json(json!({"accounts": ["111122223333"]})),
        "/api/v1/accounts/enrolment/plan" => Json(json!({"file": "account,alias,regions"})),
        "/api/v1/accounts/enrolment" => {
            Json(json!({"file": "account,alias,regions", "digest": "none"}))
        }
        "/api/accounts/remove" => Form(&[("account", NO_ACCOUNT), ("confirmation", NO_ACCOUNT)]),
        other => panic!("{other} has no sample input: add one, so that the tests can call it"),
    }
}

/// A set that is not there: the use case says so, after it has authorised.
pub(crate) fn set_sample(path: &str) -> Sample {
    use Sample::{Form, Json};
    match path {
        "/api/sets/list" => Json(json!({})),
        "/api/sets/get" | "/api/v1/sets/backup" | "/api/v1/sets/restore/plan" => {
            Json(json!({"name": "none"}))
        }
        "/api/sets/recovery" => Json(json!({"name": "none", "at": ""})),
        "/api/sets/put" => Form(&[("manifest", "version: 1"), ("based_on", "0")]),
        "/api/sets/plan_restore" => Json(json!({"query": "name=none"})),
        "/api/sets/restore" => Form(&[
            ("request", r#"{"name": "none", "members": []}"#),
            ("digest", "not the digest"),
        ]),
        "/api/v1/sets/restore" => {
            Json(json!({"request": {"name": "none", "members": []}, "digest": "not the digest"}))
        }
        "/api/sets/back_up" => Form(&[("name", "none")]),
        "/api/v1/sets" | "/api/v1/sets/check" => Json(json!({"manifest": "version: 1"})),
        other => panic!("{other} has no sample input: add one, so that the tests can call it"),
    }
}
