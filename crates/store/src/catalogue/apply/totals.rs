use std::collections::BTreeSet;

use tidemark_domain::AccountId;
use tidemark_services::error::StoreError;

use super::diff::by_values;
use crate::db::Tx;

/// Accounts whose counts have to be taken anew.
#[derive(Default)]
pub(in super::super) struct Totals(BTreeSet<String>);

impl Totals {
    pub(in super::super) fn of(account: &AccountId) -> Self {
        Self(BTreeSet::from([account.to_string()]))
    }

    pub(super) fn add(&mut self, account: String) {
        self.0.insert(account);
    }

    /// Counts the accounts' resources, from an index alone.
    pub(in super::super) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        for sql in by_values(
            "DELETE FROM account_totals WHERE account IN ",
            self.0.iter().map(String::as_str),
        ) {
            tx.execute(sql).await?;
        }
        let number = |protection: &str, deleted: u8| {
            format!(
                "COUNT(CASE WHEN protection = '{protection}' AND deleted = {deleted} THEN 1 END)"
            )
        };
        let count = format!(
            "INSERT INTO account_totals (account, protected, unprotected, failing, \
             gone_protected, gone_unprotected, gone_failing, oldest_newest) \
             SELECT account, {}, {}, {}, {}, {}, {}, \
             MIN(CASE WHEN protection = 'protected' AND deleted = 0 AND newest_at >= 0 \
             THEN newest_at END) FROM resources WHERE account IN ",
            number("protected", 0),
            number("unprotected", 0),
            number("failing", 0),
            number("protected", 1),
            number("unprotected", 1),
            number("failing", 1),
        );
        for mut sql in by_values(&count, self.0.iter().map(String::as_str)) {
            sql.push(" GROUP BY account");
            tx.execute(sql).await?;
        }
        Ok(())
    }
}
