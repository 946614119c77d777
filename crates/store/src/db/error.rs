use tidemark_services::error::StoreError;

/// What the database reports, as the ports word it.
pub(crate) fn database(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(reported) if reported.is_unique_violation() => {
            StoreError::Conflict("it exists already".to_owned())
        }
        _ => StoreError::Database(Box::new(error)),
    }
}

/// A stored value that cannot be read back: written by a newer version, or by hand.
pub(crate) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Database(format!("the database holds something unreadable: {what}").into())
}
