//! Lists of resources: a filter, an order, a page.

mod cursor_key;
mod filter;
mod row;

use tidemark_domain::{AccountId, Page, Protection, ResourceFilter, ResourceRow, ResourceType};
use tidemark_services::error::StoreError;

use self::{
    cursor_key::{Key, list_name},
    filter::Matches,
    row::{ListRow, ROW},
};
use crate::{
    convert::unsigned,
    cursor,
    db::{Db, Sql},
};

/// So many of one account's resources are counted; of more it is not said how many.
const MOST_COUNTED: i64 = 10_000;

pub(super) async fn resources(
    db: &Db,
    filter: &ResourceFilter,
) -> Result<Page<ResourceRow>, StoreError> {
    let limit = cursor::limit(filter.limit, 200)?;
    let name = list_name(filter);
    let after: Option<Key> = match &filter.cursor {
        Some(cursor) => Some(cursor_key::unpack(filter.sort, &name, cursor)?),
        None => None,
    };
    let matches = Matches::plan(db, filter).await?;
    let sql = statement(db, filter, &matches, after, limit + 1);
    let mut rows: Vec<ListRow> = db.fetch_all(sql).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last() {
        Some(last) if more => Some(cursor::pack(&name, &last.key(filter.sort))?),
        _ => None,
    };
    Ok(Page {
        items: rows
            .into_iter()
            .map(ListRow::read)
            .collect::<Result<_, _>>()?,
        next,
        total: total(db, filter).await?,
    })
}

/// First the ids of the page in order, then their rows.
fn statement(
    db: &Db,
    filter: &ResourceFilter,
    matches: &Matches,
    after: Option<Key>,
    limit: usize,
) -> Sql {
    let column = cursor_key::column(filter.sort);
    let (direction, beyond) = if filter.descending {
        ("DESC", "<")
    } else {
        ("ASC", ">")
    };
    let mut sql = Sql::new(format!(
        "SELECT {ROW} FROM (SELECT id FROM resources WHERE id > 0"
    ));
    matches.push(&mut sql, db.dialect(), filter);
    if let Some(Key(value, id)) = after {
        sql.push(&format!(" AND ({column}, id) {beyond} "))
            .rows([[value.into(), id.into()]]);
    }
    sql.push(&format!(
        " ORDER BY {column} {direction}, id {direction} LIMIT {limit}) AS page \
         CROSS JOIN resources r LEFT JOIN accounts a ON a.account = r.account \
         WHERE r.id = page.id ORDER BY r.{column} {direction}, r.id {direction}"
    ));
    sql
}

/// How many there are in all, where the sums that every sync keeps tell it, or where one account's
/// are counted.
async fn total(db: &Db, filter: &ResourceFilter) -> Result<Option<u64>, StoreError> {
    if filter.text.as_deref().is_some_and(|text| !text.is_empty()) || filter.owner.is_some() {
        return Ok(None);
    }
    if filter.region.is_some() || filter.resource_type.is_some() {
        return match &filter.account {
            Some(account) => count(db, account, filter).await,
            None => Ok(None),
        };
    }
    let columns = match filter.protection {
        None => {
            "protected + unprotected + failing + gone_protected + gone_unprotected + gone_failing"
        }
        Some(Protection::Protected) => "protected + gone_protected",
        Some(Protection::Unprotected) => "unprotected + gone_unprotected",
        Some(Protection::Failing) => "failing + gone_failing",
    };
    let mut sql = Sql::new(format!(
        "SELECT CAST(SUM({columns}) AS BIGINT) FROM account_totals"
    ));
    if let Some(account) = &filter.account {
        sql.push(" WHERE account = ").bind(account.as_str());
    }
    let sum: Option<(Option<i64>,)> = db.fetch_optional(sql).await?;
    Ok(Some(unsigned(sum.and_then(|(sum,)| sum).unwrap_or(0))))
}

/// Counts what matches among one account's resources, if they are not too many.
async fn count(
    db: &Db,
    account: &AccountId,
    filter: &ResourceFilter,
) -> Result<Option<u64>, StoreError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT id FROM resources WHERE account = ");
    sql.bind(account.as_str());
    let conditions = [
        (
            "resource_type",
            filter.resource_type.as_ref().map(ResourceType::as_str),
        ),
        ("region", filter.region.as_ref().map(AsRef::as_ref)),
        ("protection", filter.protection.map(Protection::as_str)),
    ];
    for (column, value) in conditions {
        if let Some(value) = value {
            // The account's index leads.
            sql.push(&format!(" AND {column} || '' = ")).bind(value);
        }
    }
    sql.push(&format!(" LIMIT {}) AS matching", MOST_COUNTED + 1));
    let counted: Option<(i64,)> = db.fetch_optional(sql).await?;
    Ok(counted
        .map(|(number,)| number)
        .filter(|number| *number <= MOST_COUNTED)
        .map(unsigned))
}
