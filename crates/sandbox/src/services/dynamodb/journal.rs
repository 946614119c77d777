use std::{
    path::Path,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use awsim_core::AwsError;
use awsim_dynamodb::MAX_GSI_SLOTS;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use serde_json::Value;
use tidemark_sandbox_backup::SimClock;

use super::table_key::TableKey;

const SCHEMA: &str = include_str!("journal.sql");

/// The simulated moment in milliseconds, inside the store.
const NOW: &str = "(SELECT offset_ms FROM tm_clock) + CAST(unixepoch('subsec') * 1000 AS INTEGER)";

/// Clock shifts below this are noise of reading two clocks one after the other.
const CLOCK_NOISE_MS: i64 = 20;

/// A moment in a table's history: after the change with this number, before the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) table: TableKey,
    pub(crate) seq: i64,
}

/// One change of one item.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) seq: i64,
    pub(crate) at_ms: i64,
    pub(crate) old: Option<Value>,
    pub(crate) new: Option<Value>,
    pub(crate) removed: bool,
}

/// Items and bytes of a table, for its description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TableSize {
    pub(crate) items: u64,
    pub(crate) bytes: u64,
}

/// The journal beside the stock store's items.
pub(crate) struct Journal {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    clock: SimClock,
    offset_ms: AtomicI64,
}

impl Journal {
    /// Opens the store that the stock service has made, and adds the journal to it.
    pub(crate) fn open(path: &Path, clock: SimClock) -> rusqlite::Result<Self> {
        let writer = Connection::open(path)?;
        writer.busy_timeout(Duration::from_secs(30))?;
        let old_indexes = index_columns("OLD.").join(", ");
        writer.execute_batch(
            &SCHEMA
                .replace("{now}", NOW)
                .replace("{old_indexes}", &old_indexes),
        )?;
        let reader = Connection::open(path)?;
        reader.busy_timeout(Duration::from_secs(30))?;
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            clock,
            offset_ms: AtomicI64::new(0),
        })
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the store how far the simulated clock is ahead, when that has changed.
    pub(crate) fn follow_clock(&self) -> Result<(), AwsError> {
        let offset = self.clock.now().as_millisecond() - Timestamp::now().as_millisecond();
        let known = self.offset_ms.load(Ordering::Acquire);
        if (offset - known).abs() > CLOCK_NOISE_MS {
            self.writer()
                .execute("UPDATE tm_clock SET offset_ms = ?1", [offset])
                .map_err(internal)?;
            self.offset_ms.store(offset, Ordering::Release);
        }
        Ok(())
    }

    /// Keeps the table's changes from now on; answers the present position.
    pub(crate) fn track(&self, table: &TableKey, indexed: bool) -> Result<Position, AwsError> {
        let writer = self.writer();
        writer
            .prepare_cached(
                "INSERT INTO tm_tracked (account, region, table_name, indexed) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET indexed = MAX(indexed, excluded.indexed)",
            )
            .and_then(|mut statement| {
                statement.execute(params![table.account, table.region, table.name, indexed])
            })
            .map_err(internal)?;
        let seq = last_seq(&writer).map_err(internal)?;
        Ok(Position {
            table: table.clone(),
            seq,
        })
    }

    /// Whether the table's changes are kept.
    pub(crate) fn is_tracked(&self, table: &TableKey) -> Result<bool, AwsError> {
        table_id(&self.reader(), table)
            .map(|id| id.is_some())
            .map_err(internal)
    }

    /// Keeps or stops keeping the new images of changes.
    pub(crate) fn set_stream(&self, table: &TableKey, on: bool) -> Result<(), AwsError> {
        self.writer()
            .execute(
                "UPDATE tm_tracked SET stream = ?4
                 WHERE account = ?1 AND region = ?2 AND table_name = ?3",
                params![table.account, table.region, table.name, on],
            )
            .map(|_| ())
            .map_err(internal)
    }

    /// The number of the last change of any table.
    pub(crate) fn last(&self) -> Result<i64, AwsError> {
        last_seq(&self.reader()).map_err(internal)
    }

    /// The position that a tracked table had at a moment, changes of that very millisecond included.
    pub(crate) fn position_at(&self, table: &TableKey, at_ms: i64) -> Result<Position, AwsError> {
        let reader = self.reader();
        let seq = table_id(&reader, table)
            .and_then(|id| {
                reader
                    .prepare_cached(
                        "SELECT MIN(seq) - 1 FROM tm_journal WHERE table_id = ?1 AND at_ms > ?2",
                    )?
                    .query_row(params![id, at_ms], |row| row.get::<_, Option<i64>>(0))
            })
            .map_err(internal)?;
        let seq = match seq {
            Some(seq) => seq,
            None => last_seq(&reader).map_err(internal)?,
        };
        Ok(Position {
            table: table.clone(),
            seq,
        })
    }

    /// The changes of a table with `from <= seq < to`, oldest first.
    pub(crate) fn changes(
        &self,
        table: &TableKey,
        from: i64,
        to: i64,
        limit: usize,
    ) -> Result<Vec<Change>, AwsError> {
        let reader = self.reader();
        let image =
            |text: Option<String>| text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        table_id(&reader, table)
            .and_then(|id| {
                reader
                    .prepare_cached(
                        "SELECT seq, at_ms, old, new, removed FROM tm_journal
                         WHERE table_id = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq LIMIT ?4",
                    )?
                    .query_map(
                        params![id, from, to, i64::try_from(limit).unwrap_or(i64::MAX)],
                        |row| {
                            Ok(Change {
                                seq: row.get(0)?,
                                at_ms: row.get(1)?,
                                old: image(row.get(2)?),
                                new: image(row.get(3)?),
                                removed: row.get(4)?,
                            })
                        },
                    )?
                    .collect()
            })
            .map_err(internal)
    }

    /// Fills an empty table with what another held at a position; answers how many items.
    ///
    /// The items of now, less those that changed since, plus what these were before their first
    /// change since: the cost grows with what changed, not with the table's age.
    pub(crate) fn restore(&self, source: &Position, target: &TableKey) -> Result<usize, AwsError> {
        let mut writer = self.writer();
        let restored = restore(&mut writer, source, target).map_err(internal)?;
        Ok(restored)
    }

    /// Items and bytes as DynamoDB counts them; bytes are extrapolated from the first thousand items.
    pub(crate) fn size(&self, table: &TableKey) -> Result<TableSize, AwsError> {
        super::size::measure(&self.reader(), table).map_err(internal)
    }

    /// Removes the items whose time to live has passed; answers how many.
    pub(crate) fn expire(
        &self,
        table: &TableKey,
        attribute: &str,
        now_s: i64,
    ) -> Result<usize, AwsError> {
        let path = format!("$.\"{}\".\"N\"", attribute.replace('"', "\"\""));
        self.writer()
            .prepare_cached(
                "DELETE FROM items WHERE account = ?1 AND region = ?2 AND table_name = ?3
                 AND CAST(json_extract(attrs_json, ?4) AS REAL) <= ?5",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    table.account,
                    table.region,
                    table.name,
                    path,
                    now_s
                ])
            })
            .map_err(internal)
    }
}

fn restore(
    writer: &mut Connection,
    source: &Position,
    target: &TableKey,
) -> rusqlite::Result<usize> {
    let id = table_id(writer, &source.table)?;
    // Taken for writing from the start: a reader that turns writer is refused when others wrote.
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TEMP TABLE tm_changed (
             pk TEXT NOT NULL, sk TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (pk, sk)
         ) WITHOUT ROWID",
    )?;
    transaction.execute(
        "INSERT INTO tm_changed SELECT pk, sk, MIN(seq) FROM tm_journal
         WHERE table_id = ?1 AND seq > ?2 GROUP BY pk, sk",
        params![id, source.seq],
    )?;
    let columns = index_columns("").join(", ");
    let from = &source.table;
    let unchanged = transaction.execute(
        &format!(
            "INSERT INTO items (account, region, table_name, pk, sk, attrs_json, {columns})
             SELECT ?1, ?2, ?3, pk, sk, attrs_json, {columns} FROM items AS item
             WHERE account = ?4 AND region = ?5 AND table_name = ?6 AND NOT EXISTS (
                 SELECT 1 FROM tm_changed
                 WHERE tm_changed.pk = item.pk AND tm_changed.sk = item.sk)"
        ),
        params![
            target.account,
            target.region,
            target.name,
            from.account,
            from.region,
            from.name
        ],
    )?;
    let kept: Vec<String> = (0..MAX_GSI_SLOTS * 2)
        .map(|slot| format!("json_extract(indexes, '$[{slot}]')"))
        .collect();
    let undone = transaction.execute(
        &format!(
            "INSERT INTO items (account, region, table_name, pk, sk, attrs_json, {columns})
             SELECT ?1, ?2, ?3, journal.pk, journal.sk, old, {}
             FROM tm_changed JOIN tm_journal AS journal ON journal.seq = tm_changed.seq
             WHERE old IS NOT NULL",
            kept.join(", ")
        ),
        params![target.account, target.region, target.name],
    )?;
    transaction.execute_batch("DROP TABLE tm_changed")?;
    transaction.commit()?;
    Ok(unchanged + undone)
}

fn table_id(connection: &Connection, table: &TableKey) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT id FROM tm_tracked WHERE account = ?1 AND region = ?2 AND table_name = ?3",
        )?
        .query_row(params![table.account, table.region, table.name], |row| {
            row.get(0)
        })
        .optional()
}

fn last_seq(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT COALESCE(MAX(seq), 0) FROM tm_journal")?
        .query_row([], |row| row.get(0))
}

/// The columns of the item table that hold the keys of global secondary indexes.
fn index_columns(prefix: &str) -> Vec<String> {
    (1..=MAX_GSI_SLOTS)
        .flat_map(|slot| {
            [
                format!("{prefix}gsi{slot}_pk"),
                format!("{prefix}gsi{slot}_sk"),
            ]
        })
        .collect()
}

fn internal(error: rusqlite::Error) -> AwsError {
    AwsError::internal(format!("The table store failed: {error}"))
}
