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
        Some(Value::String(text)) => test(text),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).any(test),
        _ => false,
    }
}

/// `*` stands for any text, `?` for any one character.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*' {
            p += 1;
            t += 1;
        } else if p < pattern.len() && pattern[p] == '*' {
            star = Some((p, t));
            p += 1;
        } else if let Some((star_p, star_t)) = star {
            p = star_p + 1;
            t = star_t + 1;
            star = Some((star_p, star_t + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
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
