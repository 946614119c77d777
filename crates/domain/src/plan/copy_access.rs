use serde_json::Value;

use crate::AccountId;

/// What a copy into a vault of another account needs from its access policy.
const ACTION: &str = "backup:copyintobackupvault";

/// Whether a vault's access policy (JSON) lets another account copy into it; none when that depends on
/// conditions that cannot be told from here, such as the organization of the caller.
///
/// Source: "Creating backup copies across AWS accounts" in the AWS Backup developer guide.
pub fn allows_copies(policy: &str, account: &AccountId) -> Option<bool> {
    let policy: Value = serde_json::from_str(policy).ok()?;
    let statements: Vec<&Value> = match &policy["Statement"] {
        Value::Array(list) => list.iter().collect(),
        Value::Null => return Some(false),
        one => vec![one],
    };
    let mut answer = Some(false);
    for statement in statements {
        // Negations are rare here, and what they leave over cannot be told with certainty.
        let negated = ["NotAction", "NotPrincipal", "NotResource"]
            .iter()
            .any(|field| statement.get(field).is_some());
        if negated {
            answer = None;
            continue;
        }
        if !texts(&statement["Action"]).any(covers) {
            continue;
        }
        let Some(whole) = names(&statement["Principal"], account) else {
            continue;
        };
        let conditions = statement["Condition"]
            .as_object()
            .is_some_and(|conditions| !conditions.is_empty());
        match (statement["Effect"].as_str(), whole && !conditions) {
            (Some("Deny"), true) => return Some(false),
            (Some("Allow"), true) => answer = Some(true),
            _ if answer == Some(true) => {}
            _ => answer = None,
        }
    }
    answer
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).chain(value.as_str())
}

fn covers(pattern: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    match pattern.split_once('*') {
        None => pattern == ACTION,
        Some((start, end)) => {
            ACTION.starts_with(start) && (end.is_empty() || ACTION.ends_with(end))
        }
    }
}

/// Whether a principal names the account as a whole (true), or just some role or user of it (false);
/// none when it names neither.
fn names(principal: &Value, account: &AccountId) -> Option<bool> {
    let listed = principal
        .as_str()
        .into_iter()
        .chain(texts(&principal["AWS"]));
    let mut part = None;
    for name in listed {
        let root = name
            .strip_suffix(":root")
            .is_some_and(|arn| arn.ends_with(&format!("::{account}")));
        if name == "*" || name == account.as_str() || root {
            return Some(true);
        }
        if name.contains(&format!("::{account}:")) {
            part = Some(false);
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn answer(statements: &Value) -> Option<bool> {
        let account = AccountId::parse("111122223333").ok()?;
        allows_copies(
            &json!({"Version": "2012-10-17", "Statement": statements}).to_string(),
            &account,
        )
    }

    fn allow(principal: &Value, action: &str) -> Value {
        json!({"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"})
    }

    #[rstest]
    #[case(json!("*"), "backup:CopyIntoBackupVault", Some(true))]
    #[case(json!({"AWS": "111122223333"}), "backup:copyintobackupvault", Some(true))]
    #[case(json!({"AWS": ["arn:aws:iam::999900001111:root", "arn:aws:iam::111122223333:root"]}), "backup:*", Some(true))]
    #[case(json!({"AWS": "arn:aws:iam::999900001111:root"}), "backup:CopyIntoBackupVault", Some(false))]
    #[case(json!({"AWS": "arn:aws:iam::111122223333:role/backup"}), "backup:Copy*", None)]
    #[case(json!("*"), "backup:DeleteRecoveryPoint", Some(false))]
    fn an_allowing_statement_counts_for_whom_it_names(
        #[case] principal: Value,
        #[case] action: &str,
        #[case] expected: Option<bool>,
    ) {
        assert_eq!(answer(&json!([allow(&principal, action)])), expected);
    }

    #[test]
    fn a_denial_wins_and_a_condition_leaves_it_open() {
        let anyone = allow(&json!("*"), "backup:CopyIntoBackupVault");
        let mut denied = anyone.clone();
        denied["Effect"] = json!("Deny");
        assert_eq!(answer(&json!([anyone, denied])), Some(false));
        let mut conditional = anyone.clone();
        conditional["Condition"] = json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}});
        assert_eq!(answer(&json!(conditional)), None);
        assert_eq!(answer(&json!([conditional, anyone])), Some(true));
    }

    #[test]
    fn no_statement_lets_nobody_in_and_nonsense_says_nothing() {
        assert_eq!(answer(&json!([])), Some(false));
        let account = AccountId::parse("111122223333").ok();
        assert_eq!(account.and_then(|a| allows_copies("not json", &a)), None);
    }
}
