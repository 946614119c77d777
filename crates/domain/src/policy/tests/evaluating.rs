use std::collections::BTreeMap;

use rstest::rstest;

use super::*;
use crate::Arn;

const OBJECT: &str = "arn:aws:s3:::volumes-111122223333/Cluster/a";

fn ask(statements: &Value, action: &str) -> Answer {
    let principal = Arn::parse(INSTANCE).unwrap();
    let context = BTreeMap::new();
    evaluate(
        &policy(statements),
        &Asked {
            principal: &principal,
            action,
            resource: OBJECT,
            context: &context,
        },
    )
}

fn allow(principal: &Value) -> Value {
    json!({"Sid": "A", "Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::volumes-*/*"})
}

fn is(answer: &Answer) -> &'static str {
    match answer {
        Answer::Allowed {
            whole_account: true,
            ..
        } => "account",
        Answer::Allowed { .. } => "allowed",
        Answer::Denied { .. } => "denied",
        Answer::NotAllowed => "not allowed",
        Answer::Unknown { .. } => "unknown",
    }
}

#[rstest]
#[case(json!("*"), "allowed")]
#[case(json!({"AWS": "*"}), "allowed")]
#[case(json!({"AWS": INSTANCE}), "allowed")]
#[case(json!({"AWS": [LAMBDA, INSTANCE]}), "allowed")]
#[case(json!({"AWS": "222233334444"}), "account")]
#[case(json!({"AWS": "arn:aws:iam::222233334444:root"}), "account")]
#[case(json!({"AWS": "arn:aws:iam::999900001111:root"}), "not allowed")]
#[case(json!({"AWS": LAMBDA}), "not allowed")]
#[case(json!({"AWS": "arn:aws:sts::222233334444:assumed-role/InstanceRole-1/i-1"}), "unknown")]
#[case(json!({"AWS": "AROAEXAMPLEEXAMPLE123"}), "unknown")]
#[case(json!({"Service": "ec2.amazonaws.com"}), "not allowed")]
#[case(json!({"CanonicalUser": "79a59df900b949e55d96a1e698fbaced"}), "unknown")]
#[case(json!(5), "unknown")]
fn whom_a_statement_names(#[case] principal: Value, #[case] expected: &str) {
    assert_eq!(
        is(&ask(&json!([allow(&principal)]), "s3:GetObject")),
        expected
    );
    let mut deny = allow(&principal);
    deny["Effect"] = json!("Deny");
    let both = ask(&json!([allow(&json!("*")), deny]), "s3:GetObject");
    let expected = match expected {
        "allowed" | "account" => "denied",
        "not allowed" => "allowed",
        other => other,
    };
    assert_eq!(is(&both), expected);
}

#[rstest]
#[case(json!({"StringEquals": {"aws:PrincipalArn": INSTANCE}}), "allowed")]
#[case(json!({"ArnLike": {"AWS:principalARN": "arn:aws:iam::*:role/lb/*"}}), "allowed")]
#[case(json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/lb/*"}}), "not allowed")]
#[case(json!({"StringEquals": {"aws:PrincipalAccount": ["1", "222233334444"]}}), "allowed")]
#[case(json!({"StringNotEquals": {"aws:PrincipalAccount": ["1", "222233334444"]}}), "not allowed")]
#[case(json!({"Bool": {"aws:SecureTransport": false}}), "not allowed")]
#[case(json!({"Bool": {"aws:SecureTransport": "true"}}), "allowed")]
#[case(json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), "unknown")]
#[case(json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), "unknown")]
#[case(json!({"StringEquals": {"aws:SourceAccount": "1"}}), "not allowed")]
#[case(json!({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}), "allowed")]
#[case(json!({"Null": {"aws:SourceArn": "true"}}), "allowed")]
#[case(json!({"Null": {"aws:SourceVpce": "true"}}), "unknown")]
#[case(json!({"ForAnyValue:StringEquals": {"aws:PrincipalArn": INSTANCE}}), "unknown")]
#[case(json!({"StringEquals": {"aws:PrincipalArn": "${aws:PrincipalArn}"}}), "unknown")]
#[case(json!({"IpAddress": {"aws:SourceIp": "1.2.3.4"}, "Bool": {"aws:SecureTransport": "false"}}), "not allowed")]
#[case(json!("odd"), "unknown")]
fn what_conditions_leave(#[case] condition: Value, #[case] expected: &str) {
    let mut statement = allow(&json!("*"));
    statement["Condition"] = condition;
    assert_eq!(is(&ask(&json!(statement), "s3:GetObject")), expected);
}

#[test]
fn negations_and_names() {
    let deny_others = json!({"Sid": "Others", "Effect": "Deny", "NotPrincipal": {"AWS": LAMBDA}, "Action": "s3:*", "Resource": "*"});
    // Whether a session of a role counts as listed takes more than is said here.
    assert_eq!(
        is(&ask(
            &json!([allow(&json!("*")), deny_others]),
            "s3:GetObject"
        )),
        "unknown"
    );
    let foreign = json!({"Sid": "Others", "Effect": "Deny", "NotPrincipal": {"AWS": "999900001111"}, "Action": "s3:*", "Resource": "*"});
    assert_eq!(
        ask(&json!([allow(&json!("*")), foreign]), "s3:GetObject"),
        Answer::Denied {
            by: "Others".to_owned()
        }
    );
    let not_action = json!({"Effect": "Allow", "Principal": "*", "NotAction": "s3:Delete*", "NotResource": "arn:aws:s3:::other/*"});
    let expected = Answer::Allowed {
        by: "statement 1".to_owned(),
        whole_account: false,
    };
    assert_eq!(ask(&json!([not_action]), "s3:PutObject"), expected);
    assert_eq!(
        ask(&json!([not_action]), "s3:DeleteObject"),
        Answer::NotAllowed
    );
    assert_eq!(
        ask(&json!([allow(&json!("*"))]), "S3:getobject").clone(),
        Answer::Allowed {
            by: "A".to_owned(),
            whole_account: false,
        }
    );
    let variable = json!({"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::volumes-111122223333/${aws:username}/*"});
    assert_eq!(is(&ask(&variable, "s3:GetObject")), "unknown");
}

#[test]
fn what_is_generated_allows_what_it_is_for_and_nothing_else() {
    for task in AccessTask::ALL {
        for prefix in ["", "clusters/a"] {
            let prefix = RecordsPrefix::parse(prefix).unwrap();
            let roles = [role(INSTANCE), role(LAMBDA)];
            let document = policy(&json!(statements(
                task,
                &region(),
                &bucket(),
                &prefix,
                &roles
            )));
            let wanted = grants(task, &region(), &bucket(), &prefix, &roles);
            assert!(!wanted.is_empty());
            for grant in &wanted {
                let answer = evaluate(&document, &grant.asked());
                let expected = Answer::Allowed {
                    by: grant.sid.clone(),
                    whole_account: false,
                };
                assert_eq!(answer, expected, "{grant:?}");
                let other = Arn::parse("arn:aws:iam::222233334444:role/Other").unwrap();
                let asked = Asked {
                    principal: &other,
                    ..grant.asked()
                };
                assert_eq!(evaluate(&document, &asked), Answer::NotAllowed);
                if !prefix.as_str().is_empty() && grant.resource.contains('/') {
                    let asked = Asked {
                        resource: "arn:aws:s3:::volumes-111122223333/elsewhere",
                        ..grant.asked()
                    };
                    assert_eq!(evaluate(&document, &asked), Answer::NotAllowed);
                }
            }
            // Without one statement, just its grants are missing.
            for statement in document.statements() {
                let sid = statement.sid.as_deref().unwrap();
                let rest = remove(&document, &[sid]).unwrap();
                let rest = Document::of(rest.as_deref()).unwrap();
                for grant in &wanted {
                    let missing = evaluate(&rest, &grant.asked()) == Answer::NotAllowed;
                    assert_eq!(missing, grant.sid == sid, "{grant:?} without {sid}");
                }
            }
            assert!(lint(&document).is_empty(), "{:?}", lint(&document));
        }
    }
}

#[test]
fn the_partition_is_that_of_the_region() {
    let region = Region::parse("cn-north-1").unwrap();
    let roles = [role("arn:aws-cn:iam::222233334444:role/Exporter")];
    let all = statements(
        AccessTask::BlockStorage,
        &region,
        &bucket(),
        &none(),
        &roles,
    );
    assert_eq!(all[0]["Resource"], "arn:aws-cn:s3:::volumes-111122223333/*");
}
