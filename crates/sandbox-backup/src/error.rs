use awsim_core::AwsError;

/// Which exception of the AWS Backup model an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `ResourceNotFoundException`
    NotFound,
    /// `AlreadyExistsException`
    AlreadyExists,
    /// `InvalidParameterValueException`
    InvalidParameter,
    /// `MissingParameterValueException`
    MissingParameter,
    /// `InvalidRequestException`
    InvalidRequest,
    /// `InvalidResourceStateException`
    InvalidState,
    /// `LimitExceededException`
    LimitExceeded,
}

impl ErrorKind {
    /// The exception's name on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "ResourceNotFoundException",
            Self::AlreadyExists => "AlreadyExistsException",
            Self::InvalidParameter => "InvalidParameterValueException",
            Self::MissingParameter => "MissingParameterValueException",
            Self::InvalidRequest => "InvalidRequestException",
            Self::InvalidState => "InvalidResourceStateException",
            Self::LimitExceeded => "LimitExceededException",
        }
    }
}

/// A refusal by the simulated AWS Backup. All of the service's modelled client errors answer HTTP 400.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", kind.code())]
pub struct BackupError {
    /// The exception.
    pub kind: ErrorKind,
    /// What the caller is told.
    pub message: String,
    /// ARN of the thing that already exists, for `AlreadyExistsException`.
    pub arn: Option<String>,
}

impl BackupError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            arn: None,
        }
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidParameter, message)
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(
            ErrorKind::MissingParameter,
            format!("Missing required parameter: {parameter}"),
        )
    }

    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message)
    }

    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::LimitExceeded, message)
    }

    pub(crate) fn exists(message: impl Into<String>, arn: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::AlreadyExists,
            message: message.into(),
            arn: Some(arn.into()),
        }
    }
}

impl From<BackupError> for AwsError {
    fn from(error: BackupError) -> Self {
        let aws = AwsError::bad_request(error.kind.code(), error.message)
            .with_extra("Type", "User".into());
        match error.arn {
            Some(arn) => aws.with_extra("Arn", arn.into()),
            None => aws,
        }
    }
}
