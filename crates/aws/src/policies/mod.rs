//! Policies of buckets and the roles that they are about, one operation per file.

mod clear_trials;
mod cloud;
mod delete_policy;
mod get_policy;
mod locks_versions;
mod put_policy;
mod try_object;

use tidemark_services::ports::{CloudError, CloudErrorKind};

use crate::access::Access;

/// A bucket in another Region answers with the way there, which the SDK takes for nonsense.
fn in_its_region(error: CloudError, access: &Access, bucket: &str) -> CloudError {
    let elsewhere = error.status == Some(301)
        || matches!(
            error.code.as_deref(),
            Some(
                "PermanentRedirect"
                    | "IllegalLocationConstraintException"
                    | "AuthorizationHeaderMalformed"
            )
        );
    if !elsewhere {
        return error;
    }
    CloudError {
        kind: CloudErrorKind::Invalid,
        message: format!(
            "the bucket {bucket} is not in {}: name the Region that it is in",
            access.region
        ),
        ..error
    }
}
