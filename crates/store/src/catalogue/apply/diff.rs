use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hasher as _},
};

use serde::Serialize;
use tidemark_services::error::StoreError;

use super::super::CHUNK;
use crate::{
    convert::json,
    db::{Arg, Sql, Tx},
};

/// A number that changes with a row's content. Another one for the same content, as after an upgrade
/// of the compiler, costs one rewrite of the row and nothing else.
pub(super) fn fingerprint<T: Serialize>(value: &T) -> Result<i64, StoreError> {
    let mut hasher = DefaultHasher::new();
    hasher.write(json(value)?.as_bytes());
    Ok(hasher.finish().cast_signed())
}

/// The rows by key, in their order; of two with one key the last counts.
pub(super) fn distinct<'a, T>(rows: &'a [T], key: impl Fn(&'a T) -> &'a str) -> Vec<&'a T> {
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    let mut distinct: Vec<&T> = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(&place) = places.get(key(row)) {
            distinct[place] = row;
        } else {
            places.insert(key(row), distinct.len());
            distinct.push(row);
        }
    }
    distinct
}

/// Ids and fingerprints by key.
pub(super) async fn known(
    tx: &mut Tx,
    sql: Sql,
) -> Result<HashMap<String, (i64, i64)>, StoreError> {
    let rows: Vec<(i64, String, i64)> = tx.fetch_all(sql).await?;
    Ok(rows
        .into_iter()
        .map(|(id, key, fingerprint)| (key, (id, fingerprint)))
        .collect())
}

/// Writes rows that are new or changed, many per statement: `before` + `VALUES …` + `after`.
pub(super) async fn upsert<const N: usize>(
    tx: &mut Tx,
    before: &str,
    after: &str,
    rows: Vec<[Arg; N]>,
) -> Result<(), StoreError> {
    for sql in statements(before, after, rows) {
        tx.execute(sql).await?;
    }
    Ok(())
}

/// The statements that [`upsert`] runs.
pub(super) fn statements<const N: usize>(
    before: &str,
    after: &str,
    rows: Vec<[Arg; N]>,
) -> Vec<Sql> {
    let mut statements = Vec::with_capacity(rows.len() / CHUNK + 1);
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<_> = rows.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return statements;
        }
        let full = chunk.len() == CHUNK;
        let mut sql = Sql::new(format!("{before} VALUES "));
        sql.rows(chunk).push(" ").push(after);
        statements.push(if full { sql } else { sql.once() });
    }
}

/// Deletes rows by id.
pub(super) async fn delete(
    tx: &mut Tx,
    table: &str,
    ids: impl IntoIterator<Item = i64>,
) -> Result<(), StoreError> {
    for sql in by_ids(&format!("DELETE FROM {table} WHERE id IN "), ids) {
        tx.execute(sql).await?;
    }
    Ok(())
}

/// The statement for every chunk of the ids.
pub(super) fn by_ids(before: &str, ids: impl IntoIterator<Item = i64>) -> Vec<Sql> {
    by_values(before, ids)
}

/// The statement for every chunk of the values.
pub(super) fn by_values<A: Into<Arg>>(
    before: &str,
    values: impl IntoIterator<Item = A>,
) -> Vec<Sql> {
    let mut statements = Vec::new();
    let mut values = values.into_iter();
    loop {
        let chunk: Vec<A> = values.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return statements;
        }
        let full = chunk.len() == CHUNK;
        let mut sql = Sql::new(before);
        sql.list(chunk);
        statements.push(if full { sql } else { sql.once() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_rows_with_one_key_the_last_counts_in_the_place_of_the_first() {
        let rows = [("a", 1), ("b", 2), ("a", 3)];
        let distinct = distinct(&rows, |row| row.0);
        assert_eq!(distinct, [&("a", 3), &("b", 2)]);
    }

    #[test]
    fn a_fingerprint_follows_the_content() {
        let one = fingerprint(&("x", 1)).ok();
        assert_eq!(one, fingerprint(&("x", 1)).ok());
        assert_ne!(one, fingerprint(&("x", 2)).ok());
    }
}
