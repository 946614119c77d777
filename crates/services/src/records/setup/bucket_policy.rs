//! The one statement that a set-up adds to a bucket's policy. Everything else in it stays.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tidemark_domain::Invalid;

use super::super::policy::Place;

/// Bytes that S3 takes (`PutBucketPolicy`).
const LIMIT: usize = 20 * 1024;

/// The statement that keeps versions of a backup from being deleted, but by one role.
pub(super) fn keep_versions(place: &Place, break_glass_role: &str) -> Value {
    let objects = place.objects();
    let digest = hex::encode(Sha256::digest(objects[0].as_bytes()));
    let mut statement = json!({
        "Sid": format!("TidemarkKeepsVersions{}", digest.get(..12).unwrap_or_default()),
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:DeleteObjectVersion",
        "Resource": objects,
    });
    if !break_glass_role.is_empty() {
        statement["Condition"] = json!({"ArnNotEquals": {"aws:PrincipalArn": break_glass_role}});
    }
    statement
}

/// The policy with the statement in it, in place of one of the same id; none when it is in there
/// already, word for word.
pub(super) fn merged(policy: Option<&str>, statement: &Value) -> Result<Option<String>, Invalid> {
    let unreadable = |what: &str| {
        Invalid::new(
            "bucket",
            format!("must have a policy that can be added to: {what}"),
        )
    };
    let mut document = match policy {
        None => json!({"Version": "2012-10-17", "Statement": []}),
        Some(text) => serde_json::from_str(text).map_err(|error| unreadable(&error.to_string()))?,
    };
    let statements = document
        .get_mut("Statement")
        .ok_or_else(|| unreadable("it has no statements"))?;
    // A single statement may stand without a list.
    if statements.is_object() {
        *statements = json!([statements.take()]);
    }
    let Some(statements) = statements.as_array_mut() else {
        return Err(unreadable("its statements are no list"));
    };
    if statements.contains(statement) {
        return Ok(None);
    }
    match statements
        .iter_mut()
        .find(|other| other["Sid"] == statement["Sid"])
    {
        Some(other) => other.clone_from(statement),
        None => statements.push(statement.clone()),
    }
    let text = document.to_string();
    if text.len() > LIMIT {
        return Err(unreadable(&format!(
            "with one statement more it would have {} bytes, and S3 takes {LIMIT}",
            text.len()
        )));
    }
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn statement(action: &str) -> Value {
        json!({"Sid": "Ours", "Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"})
    }

    #[test]
    fn no_statement_that_was_there_is_lost() {
        let before = json!({
            "Version": "2008-10-17",
            "Id": "kept",
            "Statement": [{"Sid": "A", "Effect": "Allow"}, {"Effect": "Deny", "Extra": [1]}],
        });
        let text = merged(Some(&before.to_string()), &statement("a"))
            .unwrap()
            .unwrap();
        let after: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(after["Id"], "kept");
        assert_eq!(after["Version"], "2008-10-17");
        assert_eq!(after["Statement"][0], before["Statement"][0]);
        assert_eq!(after["Statement"][1], before["Statement"][1]);
        assert_eq!(after["Statement"][2], statement("a"));
    }

    #[test]
    fn our_own_statement_is_replaced_and_not_written_twice() {
        let once = merged(None, &statement("a")).unwrap().unwrap();
        assert_eq!(merged(Some(&once), &statement("a")).unwrap(), None);
        let twice = merged(Some(&once), &statement("b")).unwrap().unwrap();
        let after: Value = serde_json::from_str(&twice).unwrap();
        assert_eq!(after["Statement"], json!([statement("b")]));
    }

    #[test]
    fn a_single_statement_becomes_a_list() {
        let text = r#"{"Version":"2012-10-17","Statement":{"Sid":"A"}}"#;
        let after: Value =
            serde_json::from_str(&merged(Some(text), &statement("a")).unwrap().unwrap()).unwrap();
        assert_eq!(after["Statement"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn what_cannot_be_read_is_not_overwritten() {
        let huge = json!({"Statement": [{"Sid": "x".repeat(LIMIT)}]}).to_string();
        for text in ["", "no", "{}", r#"{"Statement":3}"#, &huge] {
            let error = merged(Some(text), &statement("a")).unwrap_err();
            assert_eq!(error.field, "bucket", "{text}");
        }
    }
}
