//! Rules that a request must keep, before anything is asked of AWS and after.

use tidemark_domain::{
    Invalid, RoleArn,
    records::{BucketName, CaptureMode, RecordsPrefix, SetupRequest},
};
use tidemark_records::ports::Versioning;

use super::found::Found;

/// Checks the form's fields and brings them into one form.
pub(super) fn fields(mut request: SetupRequest) -> Result<SetupRequest, Invalid> {
    if request.table.service() != "dynamodb" {
        return Err(Invalid::new("table", "must be a DynamoDB table"));
    }
    request.bucket = BucketName::parse(&request.bucket)?.into();
    RecordsPrefix::parse(&request.prefix)?
        .as_str()
        .clone_into(&mut request.prefix);
    if request.mode == CaptureMode::Off {
        return Err(Invalid::new("mode", "must be embedded or function"));
    }
    request.break_glass_role = request.break_glass_role.trim().to_owned();
    if !request.break_glass_role.is_empty() {
        RoleArn::parse(&request.break_glass_role).map_err(|e| e.in_field("break-glass role"))?;
    }
    if request
        .lock_days
        .is_some_and(|days| !(1..=36_500).contains(&days))
    {
        return Err(Invalid::new("lock days", "must be 1 to 36500"));
    }
    if request.capacity == Some(0) {
        return Err(Invalid::new("capacity", "must be 1 or more"));
    }
    request.reason = request.reason.trim().to_owned();
    if request.reason.chars().count() > 500 {
        return Err(Invalid::new("reason", "must have at most 500 characters"));
    }
    Ok(request)
}

/// Checks the request against what was found.
pub(super) fn against(request: &SetupRequest, found: &Found) -> Result<(), Invalid> {
    bucket(request, found)?;
    if let Some(view) = found.stream_view()
        && !view.has_new_image()
        && !request.replace_stream
    {
        return Err(Invalid::new(
            "stream",
            format!(
                "must be NEW_IMAGE or NEW_AND_OLD_IMAGES: that of {} is {}; allow it to be replaced",
                found.table.name,
                view.as_str()
            ),
        ));
    }
    let Some(index) = &found.index else {
        return Ok(());
    };
    if found.layout() != Some(request.layout) {
        return Err(Invalid::new(
            "layout",
            "must be the one that the backup at this place has already",
        ));
    }
    if index.table.key_schema != found.table.key_schema {
        return Err(Invalid::new(
            "prefix",
            format!(
                "must be another one: the backup at this place is of a table {} with another key",
                index.table.name
            ),
        ));
    }
    Ok(())
}

fn bucket(request: &SetupRequest, found: &Found) -> Result<(), Invalid> {
    let rule = |rule: String| Err(Invalid::new("bucket", rule));
    let Some(facts) = &found.bucket else {
        if request.create_bucket {
            return Ok(());
        }
        return rule(format!(
            "must exist, or be allowed to be made: there is no bucket {}",
            request.bucket
        ));
    };
    if facts.region != found.region {
        return rule(format!(
            "must lie in {}, the table's Region: {} lies in {}",
            found.region, request.bucket, facts.region
        ));
    }
    if facts.versioning != Versioning::Enabled && !request.versioning {
        return rule(format!(
            "must keep versions, or be allowed to have them switched on: {} keeps none",
            request.bucket
        ));
    }
    if request.lock_days.is_some() && facts.lock_days != request.lock_days {
        return Err(Invalid::new(
            "lock days",
            "can only be chosen for a bucket that is made now",
        ));
    }
    Ok(())
}
