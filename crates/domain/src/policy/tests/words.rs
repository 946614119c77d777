use super::*;

fn rules(statement: &Value) -> Vec<String> {
    let found = lint(&policy(&json!([statement])));
    found.into_iter().map(|finding| finding.rule).collect()
}

fn with(changes: &Value) -> Value {
    let mut statement = json!({"Sid": "S", "Effect": "Allow", "Principal": {"AWS": LAMBDA}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"});
    for (name, value) in changes.as_object().unwrap() {
        statement[name] = value.clone();
    }
    statement
}

#[test]
fn what_is_dangerous_is_named() {
    for (changes, expected) in [
        (json!({}), vec![]),
        (json!({"Principal": "*"}), vec!["public"]),
        (json!({"Principal": {"AWS": ["*"]}}), vec!["public"]),
        (
            json!({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}),
            vec![],
        ),
        (
            json!({"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}),
            vec!["public"],
        ),
        (json!({"Principal": "*", "Effect": "Deny"}), vec![]),
        (json!({"Action": "s3:*"}), vec!["every-action"]),
        (
            json!({"Action": ["s3:Put*"]}),
            vec!["loses-versions", "takes-over", "wildcard-action"],
        ),
        (
            json!({"Action": "s3:DeleteObjectVersion"}),
            vec!["loses-versions"],
        ),
        (
            json!({"Action": "s3:DeleteObject*"}),
            vec!["loses-versions", "wildcard-action"],
        ),
        (
            json!({"Principal": {"Service": "logging.s3.amazonaws.com"}}),
            vec!["no-source-account"],
        ),
        (
            json!({"Principal": {"Service": "logging.s3.amazonaws.com"}, "Condition": {"StringEquals": {"AWS:SourceAccount": "1"}}}),
            vec![],
        ),
        (
            json!({"Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}}),
            vec!["deleted-principal"],
        ),
        (json!({"Resource": "arn:aws:s3:::b"}), vec!["no-objects"]),
        (json!({"Surprise": 1}), vec!["not-understood"]),
        (json!({"Effect": "Perhaps"}), vec!["not-understood"]),
    ] {
        assert_eq!(rules(&with(&changes)), expected, "{changes}");
    }
    let mut negated = with(
        &json!({"NotPrincipal": {"AWS": LAMBDA}, "NotAction": "s3:Get*", "NotResource": "arn:aws:s3:::b/x"}),
    );
    for name in ["Principal", "Action", "Resource"] {
        negated.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(
        rules(&negated),
        ["not-principal", "not-action", "not-resource"]
    );
}

#[test]
fn a_denial_of_what_is_granted_is_found() {
    let deny = json!({"Sid": "OnlyOurs", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}});
    let mut all = vec![deny];
    all.extend(exporters());
    let found = lint_grants(&policy(&json!(all)), &exporter_grants());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found
            .iter()
            .all(|one| one.statement.as_deref() == Some("OnlyOurs"))
    );
    assert!(found[0].what.contains("s3:PutObject"), "{}", found[0].what);
    assert!(lint_grants(&policy(&json!(exporters())), &exporter_grants()).is_empty());
}

#[test]
fn variables_need_the_newer_version() {
    let text = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"1"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}]}"#;
    let found = lint(&Document::read(text).unwrap());
    assert!(
        found.iter().any(|one| one.rule == "old-version"),
        "{found:?}"
    );
}

#[test]
fn statements_are_said_in_words() {
    let said = |changes: &Value| explain(&Statement::of(with(changes)));
    assert_eq!(
        said(&json!({"Action": ["s3:GetObject", "s3:PutObject"]})),
        "Allows the role LambdaRole-1 of account 222233334444 s3:GetObject and s3:PutObject on every object of the bucket b."
    );
    assert_eq!(
        said(
            &json!({"Effect": "Deny", "Principal": "*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/a/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
        ),
        "Denies everyone s3:GetObject on the bucket b and the objects a/* of the bucket b, where aws:SecureTransport is false."
    );
    assert_eq!(
        said(
            &json!({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Condition": {"StringNotLikeIfExists": {"aws:userid": ["a", "b"]}}})
        ),
        "Allows account 111122223333 s3:GetObject on every object of the bucket b, where aws:userid is not like a or b if it is there."
    );
}
