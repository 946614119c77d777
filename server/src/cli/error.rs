use std::process::ExitCode;

use tidemark_dumps::{DumpError, StoreErrorKind};
use tidemark_records::{RecordsError, ports::PortErrorKind};
use tidemark_services::{ServiceError, StoreError};

use crate::{config::ConfigError, http::chain};

/// How a command ended that could be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// What it looked at or waited for did not go well.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Failed => Self::FAILURE,
        }
    }
}

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// An argument makes no sense.
    #[error("{0}")]
    Usage(String),
    /// A setting makes no sense.
    #[error("settings: {0}")]
    Config(#[from] ConfigError),
    /// A use case refused or failed.
    #[error("{}", worded(.0))]
    Service(#[from] ServiceError),
    /// A record-level backup cannot be made or read.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// A dump of a command cannot be stored or brought back.
    #[error(transparent)]
    Dump(#[from] DumpError),
    /// Anything of the machine: files, ports, the database.
    #[error("{what}: {}", chain(.source.as_ref()))]
    Machine {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A failure inside has its causes shown: whoever runs the command runs the console.
fn worded(error: &ServiceError) -> String {
    match error {
        ServiceError::Unavailable { source, .. } => {
            format!("{error}: {}", chain(source.as_ref()))
        }
        ServiceError::Internal(source) => format!("{error}: {}", chain(source.as_ref())),
        error => error.to_string(),
    }
}

impl CliError {
    /// A failure of the machine.
    pub fn machine(
        what: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Machine {
            what: what.into(),
            source: source.into(),
        }
    }

    /// 1 failed, 2 usage.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) | Self::Config(_) | Self::Service(ServiceError::Invalid(_)) => {
                ExitCode::from(2)
            }
            Self::Dump(DumpError::Key { .. }) => ExitCode::from(2),
            Self::Service(_) | Self::Records(_) | Self::Dump(_) | Self::Machine { .. } => {
                ExitCode::FAILURE
            }
        }
    }

    /// What to do about it.
    pub fn guidance(&self) -> Option<&'static str> {
        match self {
            Self::Usage(_) => Some("Add -h for the arguments and an example."),
            Self::Service(ServiceError::NotFound(_)) => Some(
                "The command line reads the inventory: it knows what a worker has synced. Is this the right database?",
            ),
            Self::Records(error) => guidance_of(error),
            Self::Dump(error) => guidance_of_dump(error),
            _ => None,
        }
    }
}

fn guidance_of_dump(error: &DumpError) -> Option<&'static str> {
    match error {
        DumpError::Store(error) => match error.kind {
            StoreErrorKind::Denied => Some(
                "With --account, the role of the account must allow dumps (tidemark accounts template); without it the credentials come from the AWS SDK's own chain: AWS_PROFILE, AWS_ACCESS_KEY_ID, …",
            ),
            StoreErrorKind::Passing => {
                Some("Nothing is stored under that key; the same command begins anew.")
            }
            _ => None,
        },
        DumpError::Refused(_) => {
            Some("Nothing was stored. With --format none a stream is stored without being read.")
        }
        DumpError::Source(_) | DumpError::Empty => Some("Nothing was stored."),
        DumpError::Missing { .. } => Some("tidemark dump list shows what is stored."),
        DumpError::Damaged { .. } => Some(
            "What the command has done with the beginning of the stream must be thrown away. Where the bucket keeps versions, an older one may be whole.",
        ),
        _ => None,
    }
}

fn guidance_of(error: &RecordsError) -> Option<&'static str> {
    match error {
        RecordsError::NoBackup { .. } => Some(
            "Look at --bucket, --prefix and --table; for backups of another tool: tidemark records import -h",
        ),
        RecordsError::NoStream { .. } | RecordsError::WrongView { .. } => Some(
            "aws dynamodb update-table --table-name NAME --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES",
        ),
        RecordsError::NoVersions { .. } => Some(
            "aws s3api put-bucket-versioning --bucket NAME --versioning-configuration Status=Enabled",
        ),
        RecordsError::Port(error) => match error.kind {
            PortErrorKind::Denied => Some(
                "The credentials come from the AWS SDK's own chain: AWS_PROFILE, AWS_ACCESS_KEY_ID, …; do they allow this operation?",
            ),
            PortErrorKind::Throttled | PortErrorKind::Unavailable => {
                Some("The same command goes on where it was stopped.")
            }
            _ => None,
        },
        _ => None,
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

impl From<tidemark_domain::Invalid> for CliError {
    fn from(invalid: tidemark_domain::Invalid) -> Self {
        Self::Service(invalid.into())
    }
}

impl From<std::io::Error> for CliError {
    fn from(error: std::io::Error) -> Self {
        Self::machine("input or output failed", error)
    }
}
