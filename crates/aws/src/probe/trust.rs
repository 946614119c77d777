//! What a trust policy says about the console.

use serde_json::Value;

/// What was found in a trust policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// No statement lets the console's principal in.
    NotTrusted,
    /// A statement would, with another external id.
    OtherExternalId,
    /// A statement does, but not with a source identity.
    NoSourceIdentity,
    /// A statement does.
    Trusted,
}

/// Looks for a statement that lets the caller assume the role with that external id. Conditions on
/// anything but the external id are not judged.
pub(super) fn examine(policy: &str, account: &str, caller: &str, external_id: &str) -> Finding {
    let document: Value = serde_json::from_str(policy).unwrap_or(Value::Null);
    let statements: Vec<&Value> = match &document["Statement"] {
        Value::Array(list) => list.iter().collect(),
        Value::Object(_) => vec![&document["Statement"]],
        _ => Vec::new(),
    };
    let trusting: Vec<&Value> = statements
        .into_iter()
        .filter(|s| s["Effect"] == "Allow")
        .filter(|s| names_caller(&s["Principal"], account, caller))
        .collect();
    let assuming: Vec<&Value> = trusting
        .iter()
        .copied()
        .filter(|s| allows(&s["Action"], "sts:assumerole"))
        .collect();
    if assuming.is_empty() {
        return Finding::NotTrusted;
    }
    if !assuming
        .iter()
        .any(|s| accepts(&s["Condition"], external_id))
    {
        return Finding::OtherExternalId;
    }
    if trusting
        .iter()
        .any(|s| allows(&s["Action"], "sts:setsourceidentity"))
    {
        Finding::Trusted
    } else {
        Finding::NoSourceIdentity
    }
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn names_caller(principal: &Value, account: &str, caller: &str) -> bool {
    if principal == "*" {
        return true;
    }
    // An assumed role is trusted by the role's own ARN, whose path the session's ARN leaves out.
    let role = caller
        .split_once(":assumed-role/")
        .and_then(|(_, rest)| rest.split('/').next());
    texts(&principal["AWS"]).into_iter().any(|p| {
        p == "*"
            || p == account
            || p == caller
            || p.ends_with(&format!(":iam::{account}:root"))
            || role.is_some_and(|role| {
                p.contains(&format!(":iam::{account}:role/")) && p.ends_with(&format!("/{role}"))
            })
    })
}

fn allows(action: &Value, wanted: &str) -> bool {
    texts(action).into_iter().any(|a| {
        let a = a.to_ascii_lowercase();
        match a.strip_suffix('*') {
            Some(prefix) => wanted.starts_with(prefix),
            None => a == wanted,
        }
    })
}

fn accepts(condition: &Value, external_id: &str) -> bool {
    let Value::Object(operators) = condition else {
        return true;
    };
    operators.iter().all(|(operator, keys)| {
        let Value::Object(keys) = keys else {
            return true;
        };
        keys.iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case("sts:ExternalId"))
            .all(|(_, wanted)| fits(operator, &texts(wanted), external_id))
    })
}

fn fits(operator: &str, wanted: &[&str], external_id: &str) -> bool {
    let operator = operator.strip_suffix("IfExists").unwrap_or(operator);
    match operator {
        "StringEquals" => wanted.contains(&external_id),
        "StringEqualsIgnoreCase" => wanted.iter().any(|w| w.eq_ignore_ascii_case(external_id)),
        "StringNotEquals" => !wanted.contains(&external_id),
        // Patterns are rare here; a wrong guess would name the wrong cause.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ACCOUNT: &str = "111122223333";
    const CALLER: &str = "arn:aws:sts::111122223333:assumed-role/Console/i-1";

    fn policy(principal: &str, action: &Value, condition: &Value) -> String {
        json!({"Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": principal},
            "Action": action,
            "Condition": condition,
        }]})
        .to_string()
    }

    fn found(policy: &str) -> Finding {
        examine(policy, ACCOUNT, CALLER, "right")
    }

    #[test]
    fn the_account_its_root_and_the_callers_role_are_the_console() {
        for principal in [
            ACCOUNT,
            "*",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::111122223333:role/path/Console",
        ] {
            let policy = policy(principal, &json!("sts:*"), &json!({}));
            assert_eq!(found(&policy), Finding::Trusted, "{principal}");
        }
    }

    #[test]
    fn another_account_or_role_is_not_the_console() {
        for principal in [
            "arn:aws:iam::999999999999:root",
            "arn:aws:iam::111122223333:role/Other",
            "arn:aws:iam::111122223333:role/MyConsole2",
        ] {
            let policy = policy(principal, &json!("sts:AssumeRole"), &json!({}));
            assert_eq!(found(&policy), Finding::NotTrusted, "{principal}");
        }
        assert_eq!(found("not a policy"), Finding::NotTrusted);
    }

    #[test]
    fn a_statement_with_another_external_id_is_told_apart() {
        let with = |id: Value| {
            let condition = json!({"StringEquals": {"sts:ExternalId": id}});
            policy(
                ACCOUNT,
                &json!(["sts:AssumeRole", "sts:SetSourceIdentity"]),
                &condition,
            )
        };
        assert_eq!(found(&with(json!("wrong"))), Finding::OtherExternalId);
        assert_eq!(found(&with(json!(["wrong", "right"]))), Finding::Trusted);
    }

    #[test]
    fn a_role_that_takes_no_source_identity_is_told_apart() {
        let policy = policy(ACCOUNT, &json!("sts:AssumeRole"), &json!({}));
        assert_eq!(found(&policy), Finding::NoSourceIdentity);
    }
}
