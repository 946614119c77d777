//! The part of IAM's policy language that session policies of the console use.

use serde_json::Value;

/// Whether a policy document allows an action on a resource: some statement allows it and none
/// denies it. Conditions are not looked at.
pub(crate) fn allows(document: &str, action: &str, resource: &str) -> bool {
    let Ok(document) = serde_json::from_str::<Value>(document) else {
        return false;
    };
    let statements: Vec<&Value> = match document.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let hits = |effect: &str| {
        statements.iter().any(|s| {
            s.get("Effect").and_then(Value::as_str) == Some(effect)
                && any(s.get("Action"), |p| {
                    matches(&p.to_ascii_lowercase(), &action.to_ascii_lowercase())
                })
                && any(s.get("Resource"), |p| matches(p, resource))
        })
    };
    hits("Allow") && !hits("Deny")
}

fn any(value: Option<&Value>, test: impl Fn(&str) -> bool) -> bool {
    match value {
        Some(Value::String(one)) => test(one),
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).any(test),
        _ => false,
    }
}

/// `*` stands for any text, `?` for any one character.
fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut wanted, mut at) = (0, 0);
    // The last star, and the first character that it does not cover.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(wanted) {
            Some('*') => {
                star = Some((wanted, at));
                wanted += 1;
            }
            Some(c) if *c == '?' || *c == text[at] => {
                wanted += 1;
                at += 1;
            }
            _ => {
                let Some((place, covered)) = star else {
                    return false;
                };
                wanted = place + 1;
                at = covered + 1;
                star = Some((place, at));
            }
        }
    }
    pattern[wanted..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::{allows, matches};

    #[test]
    fn wildcards_match_like_iam() {
        assert!(matches("a*c?", "abbbcd"));
        assert!(matches("*", ""));
        assert!(matches("table/*", "table/orders"));
        assert!(!matches("table/?", "table/"));
        assert!(!matches("abc", "abcd"));
    }

    #[test]
    fn a_deny_beats_an_allow_and_silence_denies() {
        let policy = r#"{"Statement":[{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"},
            {"Effect":"Deny","Action":["dynamodb:DeleteTable"],"Resource":["arn:t"]}]}"#;
        assert!(allows(policy, "dynamodb:DescribeTable", "arn:t"));
        assert!(!allows(policy, "dynamodb:DeleteTable", "arn:t"));
        assert!(!allows(policy, "backup:StartBackupJob", "arn:t"));
        assert!(!allows("not json", "a:b", "*"));
    }
}
