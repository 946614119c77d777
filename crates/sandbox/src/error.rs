/// Why a simulated AWS could not start or stop.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port could not be bound or the server failed.
    #[error("the simulated AWS could not listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// Port that was asked for.
        port: u16,
        /// Cause.
        source: std::io::Error,
    },
    /// The store of the simulated services could not be made.
    #[error("the simulated AWS could not prepare its store: {0}")]
    Store(String),
    /// A call made in-process by the sandbox itself was refused.
    #[error("{service}:{operation} answered {code}: {message}")]
    Call {
        /// Service signing name.
        service: String,
        /// Operation name.
        operation: String,
        /// AWS error code.
        code: String,
        /// AWS error message.
        message: String,
    },
}
