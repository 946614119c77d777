#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{from_json, from_pairs};
use crate::{AccountId, Invalid};

#[derive(Debug, PartialEq, Deserialize)]
struct Order {
    name: String,
    #[serde(default)]
    account: Option<AccountId>,
    #[serde(default)]
    limit: Option<u16>,
    #[serde(default)]
    lines: Vec<Line>,
    #[serde(default)]
    how: How,
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Line {
    count: i64,
    urgent: bool,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    #[default]
    Slowly,
    Quickly {
        days: u8,
    },
    Like(Box<Line>),
}

#[derive(Debug, PartialEq, Deserialize)]
struct Open {
    name: String,
    lines: Vec<Line>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

fn order(value: &Value) -> Result<Order, Invalid> {
    from_json("request body", value.to_string().as_bytes())
}

fn refused(value: &Value) -> (String, String) {
    let invalid = order(value).unwrap_err();
    (invalid.field, invalid.rule)
}

#[test]
fn what_is_right_is_read_as_serde_reads_it() {
    let value = json!({
        "name": "n", "account": "111122223333", "limit": 7, "tags": {"a": "b"},
        "lines": [{"count": -3}, {"urgent": true}, {}], "how": {"quickly": {"days": 3}},
    });
    assert_eq!(
        order(&value).unwrap(),
        serde_json::from_value::<Order>(value).unwrap()
    );
    assert_eq!(
        order(&json!({"name": "n", "account": null}))
            .unwrap()
            .account,
        None
    );
}

#[test]
fn an_unknown_member_is_refused_wherever_it_stands() {
    for (value, field, meant) in [
        (json!({"name": "n", "acount": null}), "acount", "account"),
        (
            json!({"name": "n", "lines": [{}, {"cuont": 1}]}),
            "lines[1].cuont",
            "count",
        ),
        (
            json!({"name": "n", "how": {"quickly": {"days": 1, "urgent": 1}}}),
            "how.quickly.urgent",
            "days",
        ),
        (
            json!({"name": "n", "how": {"quickly": {"days": 1}, "lik": {}}}),
            "how.lik",
            "like",
        ),
        (
            json!({"name": "n", "how": {"like": {"urgnt": true}}}),
            "how.like.urgnt",
            "urgent",
        ),
    ] {
        let (named, rule) = refused(&value);
        assert_eq!(named, field);
        assert!(rule.contains("not known") && rule.contains(meant), "{rule}");
    }
}

#[test]
fn faults_say_where_and_what_in_words() {
    for (value, field, rule) in [
        (json!([]), "request body", "must be an object, not a list"),
        (json!({}), "name", "must be given"),
        (json!({"name": 7}), "name", "must be text, not 7"),
        (
            json!({"name": "n", "limit": 70_000}),
            "limit",
            "must be a whole number from 0 to 65535, not 70000",
        ),
        (
            json!({"name": "n", "lines": [[]]}),
            "lines[0]",
            "must be an object, not a list",
        ),
        (
            json!({"name": "n", "lines": {}}),
            "lines",
            "must be a list, not an object",
        ),
        (
            json!({"name": "n", "account": "1"}),
            "account",
            "account id: must have exactly 12 digits",
        ),
        (
            json!({"name": "n", "how": "quikly"}),
            "how",
            "\"quikly\" is not known here; did you mean quickly?",
        ),
        (
            json!({"name": "n", "how": {"slowly": {"days": 1}}}),
            "how.slowly",
            "takes nothing",
        ),
    ] {
        assert_eq!(
            refused(&value),
            (field.to_owned(), rule.to_owned()),
            "{value}"
        );
    }
    let text = |text: &str| from_json::<Order>("request body", text.as_bytes()).unwrap_err();
    assert!(
        text(r#"{"name":"a","name":"b"}"#)
            .rule
            .contains("name is there twice")
    );
    assert!(text("{").rule.contains("could not be read as JSON"));
    assert!(text(" ").rule.contains("is empty"));
}

#[test]
fn a_query_string_stands_for_numbers_flags_and_lists() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Filter {
        limit: Option<u16>,
        locked: Option<bool>,
        account: Option<AccountId>,
        #[serde(default)]
        how: How,
        #[serde(default)]
        keys: Vec<String>,
    }
    let read = |pairs: &[(&str, &str)]| {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        from_pairs::<Filter>("query string", &pairs)
    };
    let filter = read(&[
        ("limit", "7"),
        ("locked", "false"),
        ("how", "slowly"),
        ("keys[]", "7"),
        ("keys[1]", "true"),
    ])
    .unwrap();
    assert_eq!(filter.limit, Some(7));
    assert_eq!(filter.locked, Some(false));
    assert_eq!(filter.keys, ["7", "true"]);
    for (pairs, field, rule) in [
        (&[("limt", "7")][..], "limt", "did you mean limit?"),
        (
            &[("limit", "many")],
            "limit",
            "must be a whole number from 0 to 65535, not \"many\"",
        ),
        (&[("locked", "yes")], "locked", "must be true or false"),
        (&[("account", "12")], "account", "exactly 12 digits"),
        (&[("limit", "1"), ("limit", "2")], "limit", "is there twice"),
    ] {
        let invalid = read(pairs).unwrap_err();
        assert_eq!(invalid.field, field);
        assert!(invalid.rule.contains(rule), "{}", invalid.rule);
    }
}

#[test]
fn an_open_document_keeps_what_nobody_knows_but_its_parts_are_read_strictly() {
    let value = json!({"name": "n", "lines": [], "later": [1, 2.5, null, {"a": -1}]});
    let open: Open = from_json("plan", value.to_string().as_bytes()).unwrap();
    assert_eq!(open.other["later"], value["later"]);
    let value = json!({"name": "n", "lines": [{"later": 1}]});
    let refused = from_json::<Open>("plan", value.to_string().as_bytes()).unwrap_err();
    assert_eq!(refused.field, "lines[0].later");
}
