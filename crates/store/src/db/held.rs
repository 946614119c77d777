use std::time::Duration;

use deadpool::managed::Object;
use sqlx::{Postgres, Sqlite, postgres::PgConnection, sqlite::SqliteConnection};
use tidemark_services::error::StoreError;
use tokio::time::timeout;

use super::{
    Health, Row, Sql, args,
    connector::{Connector, Kind, late},
    error::{breaks, database},
    limits::Limits,
    pool::Pool,
};

/// A connection that was lent. It goes back when it is dropped, if nothing has happened to it.
pub(crate) struct Held<C: Kind> {
    connection: Option<Object<Connector<C>>>,
    state: State,
    in_transaction: bool,
    limits: Limits,
    health: Health,
    is_precious: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It can do the next statement.
    Sound,
    /// A statement is under way, or nobody waits for it any more.
    Asked,
    /// It may be in any state, or gone.
    Broken,
}

impl<C: Kind> Held<C> {
    pub(super) fn new(pool: &Pool<C>, connection: Object<Connector<C>>) -> Self {
        Self {
            connection: Some(connection),
            state: State::Sound,
            in_transaction: false,
            limits: pool.limits,
            health: pool.health.clone(),
            is_precious: pool.is_precious,
        }
    }

    /// Begins a transaction.
    pub(super) async fn begin(&mut self, sql: &'static str) -> Result<(), StoreError> {
        // Before it is known: what is dropped in the middle may have begun.
        self.in_transaction = true;
        self.run(sql).await
    }

    /// Makes the transaction last.
    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        let done = self.run("COMMIT").await;
        if done.is_ok() {
            self.in_transaction = false;
            self.health.wrote();
        } else {
            // Whether it is over depends on why.
            self.state = State::Broken;
        }
        done
    }

    pub(super) async fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let limit = self.limits;
        let connection = self.ask()?;
        let answer = within(limit, C::run(connection, sql)).await;
        self.answered(answer.map(drop))
    }

    /// The connection itself, for what brings its own statements. It is thrown away afterwards unless all went well:
    /// see [`Held::went_well`].
    pub(crate) fn raw(&mut self) -> Result<&mut C, StoreError> {
        self.ask()?;
        self.state = State::Broken;
        self.connection
            .as_deref_mut()
            .ok_or_else(|| StoreError::Database("the connection was given back".into()))
    }

    /// What was done with the connection itself has left it as it was.
    pub(crate) fn went_well(&mut self) {
        self.state = State::Sound;
    }

    /// The connection, for a statement that is under way from now on.
    fn ask(&mut self) -> Result<&mut C, StoreError> {
        if self.state == State::Broken {
            return Err(StoreError::Database(
                "a statement before has failed, and the transaction with it".into(),
            ));
        }
        self.state = State::Asked;
        self.connection
            .as_deref_mut()
            .ok_or_else(|| StoreError::Database("the connection was given back".into()))
    }

    /// The statement is over.
    fn answered<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        self.state = State::Sound;
        answer.map_err(|error| {
            if breaks(&error) {
                self.state = State::Broken;
                if let Some(pool) = self.connection.as_ref().and_then(Object::pool) {
                    pool.manager().found_dead();
                }
            }
            let error = database(error);
            self.health.failed(&error);
            error
        })
    }
}

/// A statement with its limit.
async fn within<T>(
    limits: Limits,
    statement: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    match limits.statement {
        None => statement.await,
        Some(limit) => timeout(limit, statement)
            .await
            .unwrap_or_else(|_| Err(late("no answer", limit))),
    }
}

impl<C: Kind> Drop for Held<C> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let is_left = self.in_transaction || (self.state == State::Asked && !C::FORGETS);
        if self.state == State::Broken && !self.is_precious {
            // Whatever it was doing ends with it.
            drop(Object::take(connection));
        } else if is_left {
            // At the end of the process nobody is there to do it: then it ends with the connection.
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(tidy(
                    connection,
                    self.in_transaction,
                    self.limits,
                    self.is_precious,
                ));
            } else {
                drop(Object::take(connection));
            }
        }
    }
}

/// Brings a connection back to where others can use it, or throws it away.
async fn tidy<C: Kind>(
    mut connection: Object<Connector<C>>,
    in_transaction: bool,
    limits: Limits,
    is_precious: bool,
) {
    let work = async {
        if in_transaction {
            C::run(&mut connection, "ROLLBACK").await.map(drop)
        } else {
            connection.ping().await
        }
    };
    if is_precious {
        // Where there was nothing to roll back it says so.
        let _ = work.await;
        return;
    }
    let is_sound = timeout(limits.ping, work)
        .await
        .is_ok_and(|done| done.is_ok());
    if !is_sound {
        drop(Object::take(connection));
    }
}

impl Held<SqliteConnection> {
    /// Reads all rows.
    pub(super) async fn fetch_all<T: Row>(&mut self, sql: Sql) -> Result<Vec<T>, StoreError> {
        let sql = sql.for_sqlite();
        let query = sqlx::query_as_with::<Sqlite, T, _>(&sql.text, args::sqlite(sql.args)?)
            .persistent(sql.keep);
        let limits = self.limits;
        let connection = self.ask()?;
        let answer = within(limits, query.fetch_all(connection)).await;
        self.answered(answer)
    }

    /// Runs a statement and answers how many rows it touched.
    pub(super) async fn execute(&mut self, sql: Sql) -> Result<u64, StoreError> {
        let sql = sql.for_sqlite();
        let query =
            sqlx::query_with::<Sqlite, _>(&sql.text, args::sqlite(sql.args)?).persistent(sql.keep);
        let limits = self.limits;
        let connection = self.ask()?;
        let answer = within(limits, query.execute(connection)).await;
        self.answered(answer.map(|done| done.rows_affected()))
    }
}

/// For statements that work on all that is known of an account.
const PATIENT: Duration = Duration::from_mins(5);

impl Held<PgConnection> {
    /// Gives the statements of this transaction more time.
    pub(super) async fn take_time(&mut self) -> Result<(), StoreError> {
        self.run("SET LOCAL statement_timeout = '5min'").await?;
        self.limits.statement = Some(PATIENT + self.limits.ping);
        Ok(())
    }

    /// Reads all rows.
    pub(super) async fn fetch_all<T: Row>(&mut self, sql: Sql) -> Result<Vec<T>, StoreError> {
        let query = sqlx::query_as_with::<Postgres, T, _>(&sql.text, args::postgres(sql.args)?)
            .persistent(sql.keep);
        let limits = self.limits;
        let connection = self.ask()?;
        let answer = within(limits, query.fetch_all(connection)).await;
        self.answered(answer)
    }

    /// Runs a statement and answers how many rows it touched.
    pub(super) async fn execute(&mut self, sql: Sql) -> Result<u64, StoreError> {
        let query = sqlx::query_with::<Postgres, _>(&sql.text, args::postgres(sql.args)?)
            .persistent(sql.keep);
        let limits = self.limits;
        let connection = self.ask()?;
        let answer = within(limits, query.execute(connection)).await;
        self.answered(answer.map(|done| done.rows_affected()))
    }
}
