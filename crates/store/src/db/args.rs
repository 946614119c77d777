//! Arguments as each driver takes them.

use sqlx::{Arguments, postgres::PgArguments, sqlite::SqliteArguments};
use tidemark_services::error::StoreError;

use super::Arg;

pub(super) fn sqlite(values: Vec<Arg>) -> Result<SqliteArguments<'static>, StoreError> {
    let mut args = SqliteArguments::default();
    args.reserve(values.len(), 0);
    for value in values {
        match value {
            Arg::Int(value) => args.add(value),
            Arg::Text(value) => args.add(value),
            Arg::Real(value) => args.add(value),
        }
        .map_err(StoreError::Database)?;
    }
    Ok(args)
}

pub(super) fn postgres(values: Vec<Arg>) -> Result<PgArguments, StoreError> {
    let mut args = PgArguments::default();
    args.reserve(values.len(), values.len() * 16);
    for value in values {
        match value {
            Arg::Int(value) => args.add(value),
            Arg::Text(value) => args.add(value.map(without_nul)),
            Arg::Real(value) => args.add(value),
        }
        .map_err(StoreError::Database)?;
    }
    Ok(args)
}

/// PostgreSQL's text cannot hold NUL; what came with one keeps a mark in its place.
fn without_nul(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}
