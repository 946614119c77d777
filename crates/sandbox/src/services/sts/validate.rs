//! The constraints of `AssumeRole`'s members (STS API model 2011-06-15).

use awsim_core::AwsError;

/// Characters of `[\w+=,.@-]`.
fn name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

fn invalid(member: &str, value: &str, rule: &str) -> AwsError {
    AwsError::bad_request(
        "ValidationError",
        format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {rule}"
        ),
    )
}

/// Session name and source identity: 2–64 characters.
pub(super) fn name<'a>(member: &str, value: &'a str) -> Result<&'a str, AwsError> {
    let length = value.chars().count();
    if length < 2 {
        return Err(invalid(
            member,
            value,
            "Member must have length greater than or equal to 2",
        ));
    }
    if length > 64 {
        return Err(invalid(
            member,
            value,
            "Member must have length less than or equal to 64",
        ));
    }
    if !value.chars().all(name_character) {
        return Err(invalid(
            member,
            value,
            r"Member must satisfy regular expression pattern: [\w+=,.@-]*",
        ));
    }
    Ok(value)
}

/// External id: 2–1,224 characters of `[\w+=,.@:\/-]`.
pub(super) fn external_id(value: &str) -> Result<&str, AwsError> {
    let length = value.chars().count();
    if (2..=1224).contains(&length)
        && value
            .chars()
            .all(|c| name_character(c) || c == ':' || c == '/')
    {
        Ok(value)
    } else {
        Err(invalid(
            "externalId",
            value,
            r"Member must satisfy regular expression pattern: [\w+=,.@:\/-]{2,1224}",
        ))
    }
}

/// Account and name of a role ARN.
pub(super) fn role_arn(arn: &str) -> Result<(&str, &str), AwsError> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    if let ["arn", partition, "iam", "", account, resource] = parts[..]
        && partition.starts_with("aws")
        && crate::identity::is_account_id(account)
        && let Some(path) = resource.strip_prefix("role/")
        && let Some(name) = path.rsplit('/').next()
        && !name.is_empty()
        && path.split('/').all(|part| part.chars().all(name_character))
    {
        return Ok((account, name));
    }
    Err(AwsError::bad_request(
        "ValidationError",
        format!("{arn} is invalid"),
    ))
}

/// Session length in seconds: 15 minutes to the role's own maximum, one hour when chained.
pub(super) fn duration(text: Option<&str>, maximum: u32, chained: bool) -> Result<i64, AwsError> {
    let seconds: i64 = match text {
        None => 3600,
        Some(text) => text
            .parse()
            .map_err(|_| invalid("durationSeconds", text, "Member must be an integer"))?,
    };
    let shown = seconds.to_string();
    if seconds < 900 {
        return Err(invalid(
            "durationSeconds",
            &shown,
            "Member must have value greater than or equal to 900",
        ));
    }
    if seconds > 43_200 {
        return Err(invalid(
            "durationSeconds",
            &shown,
            "Member must have value less than or equal to 43200",
        ));
    }
    if chained && seconds > 3600 {
        return Err(AwsError::bad_request(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ));
    }
    if seconds > i64::from(maximum) {
        return Err(AwsError::bad_request(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn names_have_2_to_64_of_the_allowed_characters() {
        assert!(name("roleSessionName", "alice@example.com").is_ok());
        for bad in ["a", "with space", &"x".repeat(65), "ünï"] {
            assert_eq!(
                name("roleSessionName", bad).unwrap_err().code,
                "ValidationError"
            );
        }
    }

    #[test]
    fn a_role_arn_yields_its_account_and_name() {
        assert_eq!(
            role_arn("arn:aws:iam::012345678901:role/path/to/Role").unwrap(),
            ("012345678901", "Role")
        );
        for bad in [
            "arn:aws:iam::1:role/R",
            "arn:aws:iam::012345678901:user/R",
            "arn:aws:iam::012345678901:role/",
            "Role",
        ] {
            assert!(role_arn(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_session_lasts_15_minutes_to_the_roles_maximum() {
        assert_eq!(duration(None, 3600, false).unwrap(), 3600);
        assert_eq!(duration(Some("900"), 3600, false).unwrap(), 900);
        assert!(duration(Some("899"), 3600, false).is_err());
        assert!(duration(Some("7200"), 3600, false).is_err());
        assert_eq!(duration(Some("43200"), 43_200, false).unwrap(), 43_200);
        assert!(duration(Some("7200"), 43_200, true).is_err());
    }
}
