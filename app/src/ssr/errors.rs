use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use tidemark_domain::Invalid;
use tidemark_services::{
    ServiceError,
    ports::{CloudError, CloudErrorKind},
};
use uuid::Uuid;

use crate::error::{AppError, ErrorKind};

/// Sets the status of the answer to what the error means.
pub(crate) fn set_status(error: &AppError) {
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(status) = StatusCode::from_u16(error.kind.status())
    {
        response.set_status(status);
    }
}

/// An error that also sets the status of the answer.
pub(crate) fn refused(kind: ErrorKind, message: impl Into<String>) -> AppError {
    let error = AppError::new(kind, message);
    set_status(&error);
    error
}

/// A value as typed, or the rule that it breaks, with the status that says so.
pub(crate) fn parse<T>(result: Result<T, Invalid>) -> Result<T, AppError> {
    result.map_err(|invalid| ServiceError::Invalid(invalid).into())
}

/// A failure of the console's own machinery: its text goes into the log, not to the browser.
pub(crate) fn failed(source: Box<dyn std::error::Error + Send + Sync>) -> AppError {
    ServiceError::Internal(source).into()
}

impl From<ServiceError> for AppError {
    fn from(error: ServiceError) -> Self {
        let correlation = Uuid::new_v4().simple().to_string()[..12].to_owned();
        let mut page_error = match error {
            ServiceError::Unauthenticated => {
                Self::new(ErrorKind::Unauthenticated, "Nobody is signed in.")
            }
            ServiceError::Forbidden(why) => {
                Self::new(ErrorKind::Forbidden, format!("This is not allowed: {why}."))
                    .with_guidance("Ask an admin of the console for a role that may, or ask the owner of the resource.")
            }
            ServiceError::NotFound(what) => {
                Self::new(ErrorKind::NotFound, format!("There is no {what}."))
                    .with_guidance("It may have been removed, or it belongs to someone else.")
            }
            ServiceError::Conflict(what) => Self::new(ErrorKind::Conflict, sentence(&what))
                .with_guidance("Look at how it stands now, then try again."),
            ServiceError::Invalid(invalid) => invalid.into(),
            ServiceError::Checks(checks) => {
                Self::new(ErrorKind::Checks { checks }, "Nothing was started: a check forbids it.")
                    .with_guidance("Fix what the checks name, then review again.")
            }
            ServiceError::TooMany(why) => Self::new(ErrorKind::TooMany, sentence(&why))
                .with_guidance("Nothing was started."),
            ServiceError::Cloud(cloud) => from_cloud(cloud),
            ServiceError::Unavailable { outage, source } => {
                tracing::warn!(%correlation, error = %chain(source.as_ref()), "A use case waits for the database: {outage}.");
                Self::new(ErrorKind::Offline, sentence(&outage.to_string()))
                    .with_guidance("Try again in a few seconds; runs go on by themselves once the database does.")
            }
            ServiceError::Overloaded(why) => Self::new(ErrorKind::Offline, sentence(&why))
                .with_guidance("Try again in a few seconds."),
            ServiceError::Internal(source) => {
                tracing::error!(%correlation, error = %chain(source.as_ref()), "A use case failed.");
                Self::new(ErrorKind::Internal, "Something inside the console failed; nothing more was done.")
                    .with_guidance("Try again. If it happens again, quote the id below to whoever runs the console.")
            }
        };
        page_error.correlation = correlation;
        set_status(&page_error);
        page_error
    }
}

fn from_cloud(error: CloudError) -> AppError {
    use CloudErrorKind as K;
    let guidance = match error.kind {
        K::Denied => {
            "Check the account's role and its policies: open the account's page and run the check."
        }
        K::Throttled => "AWS asks for fewer calls at the moment. Wait a minute and try again.",
        K::NotFound => "It may have been deleted meanwhile. Refresh what the console knows of it.",
        K::Conflict => "It changed or is in use. Look at how it stands now, then try again.",
        K::Invalid => "Correct what AWS names and try again.",
        K::LimitExceeded => {
            "A quota of the account is used up. Wait for running work to end, or ask AWS for more."
        }
        K::Unavailable | K::Timeout => {
            "AWS, or the way to it, does not answer. Try again in a moment."
        }
        K::Unexpected => "The answer made no sense. Try again; if it stays so, quote the id below.",
    };
    AppError::new(
        ErrorKind::Cloud {
            operation: error.operation,
            code: error.code,
            request_id: error.request_id,
        },
        sentence(&error.message),
    )
    .with_guidance(guidance)
}

fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    let rest = chars.as_str();
    let stop = if text.trim_end().ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{first}{rest}{stop}")
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_failure_tells_the_browser_nothing_but_its_id() {
        let source = Box::new(std::io::Error::other("password=hunter2 at /secret"));
        let error = AppError::from(ServiceError::Internal(source));
        assert_eq!(error.kind, ErrorKind::Internal);
        assert!(!format!("{error:?}").contains("hunter2"));
        assert_eq!(error.correlation.len(), 12);
    }

    #[test]
    fn a_broken_rule_keeps_its_field() {
        let error = AppError::from(ServiceError::Invalid(Invalid::new(
            "table name",
            "must be free",
        )));
        assert_eq!(error.rule_for("table name"), Some("must be free"));
    }

    #[test]
    fn a_failure_of_aws_keeps_code_and_request_id() {
        let mut cloud =
            CloudError::local(CloudErrorKind::Denied, "sts:AssumeRole", "not authorized");
        cloud.code = Some("AccessDenied".into());
        cloud.request_id = Some("R-1".into());
        let error = AppError::from(ServiceError::Cloud(cloud));
        assert_eq!(error.message, "Not authorized.");
        assert_eq!(
            error.kind,
            ErrorKind::Cloud {
                operation: "sts:AssumeRole".into(),
                code: Some("AccessDenied".into()),
                request_id: Some("R-1".into())
            }
        );
        assert!(error.guidance.contains("run the check"));
    }
}
