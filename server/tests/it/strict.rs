//! Nothing that nobody knows is taken for nothing: at every door it is refused by its name.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tidemark_domain::Role;
use tidemark_server::http::endpoints::{ENDPOINTS, Kind};

use crate::{
    access::{Sample, sample, sample_path},
    support::{Answer, Client, ORDERS, TestConsole},
};

const UNKNOWN: &str = "zz_unknown";

/// Documents of AWS, which stay open for what this version does not know, and maps of any names.
const OPEN: [&str; 5] = ["plan", "selection", "selections", "metadata", "Rules"];

fn named(answer: &Answer, what: &str) {
    assert_eq!(
        answer.status,
        StatusCode::BAD_REQUEST,
        "{what}: {}",
        answer.body
    );
    assert!(answer.body.contains(UNKNOWN), "{what}: {}", answer.body);
    assert!(answer.body.contains("not known"), "{what}: {}", answer.body);
}

/// The value with an unknown member in each of its objects, one at a time, with the path of each.
fn spoilt(value: &Value, path: &str) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    match value {
        Value::Object(members) => {
            let mut with = value.clone();
            with[UNKNOWN] = json!(1);
            all.push((format!("{path}.{UNKNOWN}"), with));
            for (name, member) in members {
                if is_open(name, member) {
                    continue;
                }
                for (path, spoilt) in spoilt(member, &format!("{path}.{name}")) {
                    let mut with = value.clone();
                    with[name] = spoilt;
                    all.push((path, with));
                }
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                for (path, spoilt) in spoilt(item, &format!("{path}[{place}]")) {
                    let mut with = value.clone();
                    with[place] = spoilt;
                    all.push((path, with));
                }
            }
        }
        _ => {}
    }
    all
}

fn is_open(name: &str, member: &Value) -> bool {
    // The selection of a change of points is the console's own; AWS's has a name.
    let own = name == "selection" && member.get("SelectionName").is_none();
    // A plan's key is no plan.
    let key = name == "plan" && member.get("BackupPlanName").is_none();
    OPEN.contains(&name) && !own && !key
}

async fn admin() -> (TestConsole, Client) {
    let console = TestConsole::new().await;
    let client = console.signed_in(Role::Admin).await;
    (console, client)
}

#[tokio::test]
async fn an_unknown_member_of_a_body_or_form_is_refused_by_name_at_every_door() {
    let (_console, mut client) = admin().await;
    let mut tried = 0;
    for endpoint in ENDPOINTS {
        // The editor's form is open: what is in it becomes a review and no change.
        if endpoint.method != Method::POST || endpoint.path == "/api/plans/edit" {
            continue;
        }
        let path = sample_path(endpoint);
        match sample(endpoint.path) {
            Sample::Form(fields) => {
                let fields = [fields, &[(UNKNOWN, "1")]].concat();
                named(&client.form(&path, &fields).await, endpoint.path);
                tried += 1;
            }
            Sample::Json(value) => {
                for (what, body) in spoilt(&value, endpoint.path) {
                    named(&client.json(&path, &body).await, &what);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

#[tokio::test]
async fn an_unknown_name_of_a_query_string_is_refused_at_every_path_of_the_api() {
    let (_console, mut client) = admin().await;
    for endpoint in ENDPOINTS {
        let follows = endpoint.kind == Kind::Stream;
        if !follows && (endpoint.kind != Kind::Api || endpoint.path.starts_with("/timeline/")) {
            continue;
        }
        if endpoint.path == "/api/openapi.json" {
            continue;
        }
        let path = sample_path(endpoint);
        let joint = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{joint}{UNKNOWN}=1");
        let answer = match (&endpoint.method, endpoint.path) {
            (&Method::GET, _) => client.get(&path).await,
            (_, name) => match sample(name) {
                Sample::Json(value) => client.json(&path, &value).await,
                Sample::Form(_) => panic!("the API takes JSON"),
            },
        };
        named(&answer, &path);
    }
}

#[tokio::test]
async fn query_strings_that_functions_take_are_read_as_strictly() {
    let (_console, mut client) = admin().await;
    for (path, query) in [
        ("/api/points/plan_change", "do=delete&valt=orders-main"),
        ("/api/records/setup_preview", "table=t&bukket=b"),
        ("/api/records/compare", "capture=c&atribute=a"),
        ("/api/records/history", "capture=c&partitoin=a"),
    ] {
        let answer = client.json(path, &json!({"query": query})).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{path}: {}",
            answer.body
        );
        assert!(
            answer.body.contains("did you mean"),
            "{path}: {}",
            answer.body
        );
    }
    let wizard = json!({"wizard": format!("arn={}&tabel=x", ORDERS.replace(':', "%3A"))});
    let answer = client.json("/api/restore/plan", &wizard).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert!(
        answer.body.contains("did you mean table?"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn arguments_that_do_not_parse_are_the_callers_fault() {
    let (_console, mut client) = admin().await;
    for endpoint in ENDPOINTS.iter().filter(|e| e.kind == Kind::ServerFunction) {
        let Sample::Json(_) = sample(endpoint.path) else {
            continue;
        };
        for body in [json!(7), json!([]), json!("query")] {
            let answer = client.json(endpoint.path, &body).await;
            assert_eq!(
                answer.status,
                StatusCode::BAD_REQUEST,
                "{}: {}",
                endpoint.path,
                answer.body
            );
            assert!(answer.body.contains("must be an object"), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_change_of_every_point_must_be_asked_for_in_so_many_words() {
    let (_console, mut client) = admin().await;
    let delete = |selection: Value| json!({"action": {"do": "delete"}, "selection": selection});
    let path = "/api/v1/points/plan";
    for (matching, names) in [
        (json!({}), "all"),
        (json!([]), "must be an object"),
        (json!({"vault": null, "region": null}), "all"),
        (json!({"limit": 5, "oldest_first": true}), "all"),
        (json!({"valt": "orders-main"}), "did you mean vault?"),
        (
            json!({"vault_name": "orders-main", "account": "222222222222"}),
            "did you mean vault?",
        ),
    ] {
        let answer = client
            .json(path, &delete(json!({"matching": matching})))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{matching}: {}",
            answer.body
        );
        assert!(answer.body.contains(names), "{matching}: {}", answer.body);
    }
    let mut all = delete(json!({"matching": {}}));
    all["all"] = json!(true);
    client.json(path, &all).await.expect(StatusCode::OK);
    all["selection"]["matching"]["vault"] = json!("Default");
    let answer = client.json(path, &all).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);

    let mut browser = client.clone().browser();
    let page = browser.get("/points/change?do=delete").await;
    assert!(
        page.body.contains("This would take everything"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("name=\"digest\""), "{}", page.body);
    let page = browser.get("/points/change?do=delete&valt=Default").await;
    assert!(page.body.contains("did you mean vault?"), "{}", page.body);
    let page = browser.get("/points/change?do=delete&all=1").await;
    assert!(
        page.body.contains("will be deleted for good") || page.body.contains("nothing to do"),
        "{}",
        page.body
    );
}
