use sqlx::error::{DatabaseError, Error};
use tidemark_services::error::{Outage, StoreError};

/// What the database reports, as the ports word it.
pub(crate) fn database(error: Error) -> StoreError {
    if let Some(outage) = outage(&error) {
        return StoreError::Unavailable {
            outage,
            source: Box::new(error),
        };
    }
    match &error {
        Error::Database(reported) if reported.is_unique_violation() => {
            StoreError::Conflict("it exists already".to_owned())
        }
        _ => StoreError::Database(Box::new(error)),
    }
}

/// A stored value that cannot be read back: written by a newer version, or by hand.
pub(crate) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Database(format!("the database holds something unreadable: {what}").into())
}

/// Whether it may have ended a transaction by itself, or the connection is not what it was.
pub(super) fn breaks(error: &Error) -> bool {
    match error {
        Error::Database(reported) => match code(reported.as_ref()) {
            // Of the rest SQLite rolls back for some; it says so for none.
            Code::Sqlite(code) => {
                !matches!(code, SQLITE_ERROR | BUSY | LOCKED | CONSTRAINT | INTERRUPT)
            }
            // What ends a session, and a server that has become one that only reads.
            Code::Postgres(code) => {
                matches!(
                    code.get(..2),
                    Some("08" | "57" | "58" | "53" | "XX") if code != CANCELLED
                ) || matches!(code.as_str(), IDLE_IN_TRANSACTION | READ_ONLY)
            }
            Code::None => true,
        },
        Error::RowNotFound
        | Error::TypeNotFound { .. }
        | Error::ColumnIndexOutOfBounds { .. }
        | Error::ColumnNotFound(_)
        | Error::ColumnDecode { .. }
        | Error::Encode(_)
        | Error::Decode(_) => false,
        _ => true,
    }
}

/// Why the database cannot be worked with for now; none when that is not what the error says.
pub(super) fn outage(error: &Error) -> Option<Outage> {
    match error {
        Error::Database(reported) => match code(reported.as_ref()) {
            Code::Sqlite(code) => match code {
                BUSY | LOCKED => Some(Outage::Busy),
                FULL => Some(Outage::DiskFull),
                NOMEM => Some(Outage::Memory),
                IOERR | CANTOPEN | PROTOCOL => Some(Outage::InputOutput),
                READONLY => Some(Outage::ReadOnly),
                _ => None,
            },
            Code::Postgres(code) => of_postgres(&code),
            Code::None => None,
        },
        Error::Io(error) => match error.kind() {
            std::io::ErrorKind::TimedOut => Some(Outage::TimedOut),
            std::io::ErrorKind::ConnectionRefused => Some(Outage::Restarting),
            _ => Some(Outage::Unreachable),
        },
        Error::Tls(_) | Error::Protocol(_) | Error::WorkerCrashed => Some(Outage::Unreachable),
        _ => None,
    }
}

/// By the codes of <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn of_postgres(code: &str) -> Option<Outage> {
    Some(match code {
        "53100" => Outage::DiskFull,
        "53200" => Outage::Memory,
        "53300" => Outage::ConnectionLimit,
        // Stopping, crashed, starting.
        "57P01" | "57P02" | "57P03" => Outage::Restarting,
        CANCELLED | IDLE_IN_TRANSACTION => Outage::TimedOut,
        // A lock that was not given in time, a deadlock, a transaction that met another.
        "55P03" | "40P01" | "40001" => Outage::Busy,
        READ_ONLY => Outage::ReadOnly,
        "58030" => Outage::InputOutput,
        code if code.starts_with("08") => Outage::Unreachable,
        _ => return None,
    })
}

const CANCELLED: &str = "57014";
const IDLE_IN_TRANSACTION: &str = "25P03";
const READ_ONLY: &str = "25006";

/// The primary codes of <https://www.sqlite.org/rescode.html>.
const SQLITE_ERROR: i32 = 1;
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const NOMEM: i32 = 7;
const READONLY: i32 = 8;
const INTERRUPT: i32 = 9;
const IOERR: i32 = 10;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const PROTOCOL: i32 = 15;
const CONSTRAINT: i32 = 19;

enum Code {
    Sqlite(i32),
    Postgres(String),
    None,
}

fn code(error: &dyn DatabaseError) -> Code {
    let Some(code) = error.code() else {
        return Code::None;
    };
    if error
        .try_downcast_ref::<sqlx::sqlite::SqliteError>()
        .is_some()
    {
        // The lowest byte of an extended code.
        code.parse()
            .map_or(Code::None, |code: i32| Code::Sqlite(code & 0xff))
    } else {
        Code::Postgres(code.into_owned())
    }
}
