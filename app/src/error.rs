//! The one error that the browser may see.

use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use tidemark_domain::{Check, Invalid};

/// What went wrong, in words for the person at the page: what, why, what to do, and what to quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    /// Which of the closed set of kinds.
    pub kind: ErrorKind,
    /// What failed and why, as a sentence.
    pub message: String,
    /// What to do about it, as a sentence; may be empty.
    pub guidance: String,
    /// What the server's log knows this failure by; empty when it never got there.
    pub correlation: String,
}

/// The closed set of kinds, and the fields that pages use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ErrorKind {
    /// Nobody is signed in, or not any more.
    Unauthenticated,
    /// The role does not allow it.
    Forbidden,
    /// There is no such thing, or the person may not know of it.
    NotFound,
    /// It is there already, or changed meanwhile.
    Conflict,
    /// The input breaks a rule.
    Invalid {
        /// The field as the form names it.
        field: String,
        /// The rule, as the part of a sentence.
        rule: String,
    },
    /// Checks forbid the start.
    Checks {
        /// What was checked.
        checks: Vec<Check>,
    },
    /// AWS refused or failed.
    Cloud {
        /// Service and operation.
        operation: String,
        /// AWS's error code.
        code: Option<String>,
        /// AWS's request id.
        request_id: Option<String>,
    },
    /// There are as many of it as there may be at once.
    TooMany,
    /// The console itself cannot be reached.
    Offline,
    /// The console failed; its log knows why.
    Internal,
}

impl ErrorKind {
    /// The HTTP status that goes with it.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Invalid { .. } => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Checks { .. } => 422,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Cloud { .. } => 502,
            Self::Offline => 503,
        }
    }

    /// The heading of the notice.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "Sign in first",
            Self::Forbidden => "Not allowed",
            Self::NotFound => "Not found",
            Self::Conflict => "Not as things stand",
            Self::Invalid { .. } => "Check what you entered",
            Self::Checks { .. } => "A check forbids the start",
            Self::Cloud { .. } => "AWS did not do as asked",
            Self::TooMany => "Too many at once",
            Self::Offline => "The console does not answer",
            Self::Internal => "The console failed",
        }
    }
}

impl AppError {
    /// An error of that kind without guidance.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            guidance: String::new(),
            correlation: String::new(),
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_guidance(mut self, guidance: impl Into<String>) -> Self {
        self.guidance = guidance.into();
        self
    }

    /// The same error with other words, if it says that nobody is signed in.
    #[must_use]
    pub fn when_unauthenticated(mut self, message: impl Into<String>) -> Self {
        if self.kind == ErrorKind::Unauthenticated {
            self.message = message.into();
        }
        self
    }

    /// The rule that `field` breaks, when this is what is wrong.
    pub fn rule_for(&self, field: &str) -> Option<&str> {
        match &self.kind {
            ErrorKind::Invalid { field: named, rule } if named.eq_ignore_ascii_case(field) => {
                Some(rule)
            }
            _ => None,
        }
    }
}

impl From<Invalid> for AppError {
    fn from(invalid: Invalid) -> Self {
        Self::new(
            ErrorKind::Invalid {
                field: invalid.field.clone(),
                rule: invalid.rule.clone(),
            },
            format!("{invalid}."),
        )
    }
}

impl FromServerFnError for AppError {
    type Encoder = crate::wire::ErrorJson;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        let argument = match &value {
            ServerFnErrorErr::Deserialization(text) => crate::wire::argument(text),
            _ => None,
        };
        if let Some(invalid) = argument {
            let error = Self::from(invalid);
            #[cfg(feature = "ssr")]
            crate::ssr::set_status(&error);
            return error;
        }
        let error = match value {
            ServerFnErrorErr::Args(why) => {
                Self::from(Invalid::new("form", format!("could not be read ({why})")))
            }
            ServerFnErrorErr::MissingArg(name) => {
                Self::from(Invalid::new(name, "must be given".to_owned()))
            }
            ServerFnErrorErr::Request(_) => Self::new(
                ErrorKind::Offline,
                "The console could not be reached.",
            )
            .with_guidance("What you see is the last good data. Check the connection and try again; runs go on meanwhile."),
            other => Self::new(ErrorKind::Internal, "The console's answer could not be read.")
                .with_guidance(format!("Reload the page. If it happens again, report: {other}.")),
        };
        #[cfg(feature = "ssr")]
        crate::ssr::set_status(&error);
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_status_that_says_whose_fault_it_is() {
        let kinds = [
            (ErrorKind::Unauthenticated, 401),
            (ErrorKind::Forbidden, 403),
            (ErrorKind::NotFound, 404),
            (ErrorKind::Conflict, 409),
            (ErrorKind::Checks { checks: Vec::new() }, 422),
            (ErrorKind::Internal, 500),
        ];
        for (kind, status) in kinds {
            assert_eq!(kind.status(), status, "{kind:?}");
        }
    }

    #[test]
    fn a_broken_rule_keeps_its_field_for_the_form() {
        let error = AppError::from(Invalid::new("table name", "must have 3 characters"));
        assert_eq!(error.rule_for("Table name"), Some("must have 3 characters"));
        assert_eq!(error.rule_for("vault"), None);
        assert_eq!(error.message, "table name: must have 3 characters.");
    }

    #[test]
    fn the_wire_form_comes_back_as_it_went() {
        let error = AppError::new(
            ErrorKind::Cloud {
                operation: "dynamodb:DescribeTable".to_owned(),
                code: Some("AccessDeniedException".to_owned()),
                request_id: Some("R1".to_owned()),
            },
            "denied",
        )
        .with_guidance("ask");
        assert_eq!(AppError::de(error.ser()), error);
    }

    #[test]
    fn an_answer_that_is_no_error_of_ours_becomes_an_internal_one() {
        let error = AppError::de("<html>".into());
        assert_eq!(error.kind, ErrorKind::Internal);
    }
}
