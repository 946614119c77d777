//! Checks that several operations share.

use crate::error::BackupError;

fn named(value: &str, lengths: std::ops::RangeInclusive<usize>, extra: &str) -> bool {
    lengths.contains(&value.len())
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
}

pub(crate) fn vault_name(name: &str) -> Result<(), BackupError> {
    if named(name, 2..=50, "-_") {
        return Ok(());
    }
    Err(BackupError::invalid(format!(
        "Invalid backup vault name {name:?}: it must contain 2 to 50 alphanumeric, '-' or '_' characters"
    )))
}

pub(crate) fn display_name(what: &str, name: &str) -> Result<(), BackupError> {
    if named(name, 1..=50, "-_.") {
        return Ok(());
    }
    Err(BackupError::invalid(format!(
        "Invalid {what} {name:?}: it must contain 1 to 50 alphanumeric or '-_.' characters"
    )))
}

pub(crate) fn role_arn(arn: &str) -> Result<(), BackupError> {
    let mut parts = arn.splitn(6, ':');
    let well_formed = parts.next() == Some("arn")
        && parts
            .next()
            .is_some_and(|partition| partition.starts_with("aws"))
        && parts.next() == Some("iam")
        && parts.next() == Some("")
        && parts.next().is_some_and(|account| {
            account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())
        })
        && parts.next().is_some_and(|role| {
            role.strip_prefix("role/")
                .is_some_and(|name| !name.is_empty())
        });
    if well_formed {
        return Ok(());
    }
    Err(BackupError::invalid(format!("Invalid IAM role ARN: {arn}")))
}

const LONGEST_WINDOW: i64 = 52_560_000;
/// AWS's own default is eight hours.
pub(crate) const DEFAULT_START_MINUTES: i64 = 8 * 60;
/// AWS's own default is seven days.
pub(crate) const DEFAULT_COMPLETION_MINUTES: i64 = 7 * 24 * 60;

/// Checks the windows and answers them with defaults filled in.
pub(crate) fn windows(
    start: Option<i64>,
    completion: Option<i64>,
) -> Result<(i64, i64), BackupError> {
    let start_minutes = start.unwrap_or(DEFAULT_START_MINUTES);
    if !(60..=LONGEST_WINDOW).contains(&start_minutes) {
        return Err(BackupError::invalid(
            "Invalid start window: it must be at least 60 minutes",
        ));
    }
    let minutes = completion.unwrap_or_else(|| DEFAULT_COMPLETION_MINUTES.max(start_minutes + 60));
    if !(start_minutes + 60..=LONGEST_WINDOW).contains(&minutes) {
        return Err(BackupError::invalid(
            "Invalid completion window: it must be at least 60 minutes greater than the start window",
        ));
    }
    Ok((start_minutes, minutes))
}
