use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{
    identity::{IDENTITY, replaced},
    world::{APPEARS_WITHIN, World},
};
use crate::{
    ports::{TableDescription, TableIdentity, TableStatus},
    runs::next_look,
};

pub(super) const NAME: &str = "wait-until-active";

/// Waits until the new table holds its data and is active.
pub(super) struct WaitTable(pub(super) World);

/// What a look leaves for the next one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Seen {
    /// Since when there is no table of the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_since: Option<Timestamp>,
    /// The table that was seen first, where no step before could tell which it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<TableIdentity>,
}

/// The same as older versions have left it too.
#[derive(Deserialize)]
#[serde(untagged)]
enum Memo {
    Missing(Timestamp),
    Seen(Seen),
}

#[async_trait]
impl Step for WaitTable {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        "Wait until the data is back".to_owned()
    }

    fn only_looks(&self) -> bool {
        true
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let name = self.0.table()?;
        let seen = match ctx.memo::<Memo>()? {
            Some(Memo::Missing(since)) => Seen {
                missing_since: Some(since),
                ..Seen::default()
            },
            Some(Memo::Seen(seen)) => seen,
            None => Seen::default(),
        };
        let Some(table) = self.0.find_table(&target).await? else {
            return self.missing(ctx, seen);
        };
        if !self.is_own(ctx, &seen, &table)? {
            return Err(replaced(&table));
        }
        let message = match &table.status {
            TableStatus::Active => {
                return StepOutcome::done_with(json!({ IDENTITY: table.identity }));
            }
            TableStatus::Deleting => {
                return Err(StepError::conflict(format!(
                    "table {name} is being deleted by somebody else"
                )));
            }
            TableStatus::Busy(status) => format!("{name} is {status}"),
        };
        let wait = StepOutcome::wait(next_look(ctx.now(), ctx.began_at()), message);
        let known = self.0.known(ctx)?;
        let told = known.and_then(|known| known.is(&table.identity)).is_some();
        Ok(if told {
            wait.into()
        } else {
            let seen = Seen {
                missing_since: None,
                table: Some(table.identity),
            };
            wait.memo(json!(seen)).into()
        })
    }

    /// The data is back: whatever comes after, it stays.
    fn seals(&self) -> bool {
        true
    }
}

/// How long a table that AWS has begun to make may not have been seen at all.
const UNSEEN: SignedDuration = SignedDuration::from_hours(1);

impl WaitTable {
    fn is_own(
        &self,
        ctx: &StepCtx,
        seen: &Seen,
        table: &TableDescription,
    ) -> Result<bool, StepError> {
        let before = seen
            .table
            .as_ref()
            .and_then(|seen| seen.is(&table.identity));
        match before {
            Some(same) => Ok(same),
            None => self.0.is_own(ctx, table),
        }
    }

    fn missing(&self, ctx: &StepCtx, seen: Seen) -> Result<StepOutcome, StepError> {
        let name = self.0.table()?;
        let since = seen.missing_since.unwrap_or_else(|| ctx.now());
        // Two processes may have looked, each by its own clock: what nobody has seen yet is not given up for their difference.
        let patience = match seen.table {
            Some(_) => APPEARS_WITHIN,
            None => UNSEEN,
        };
        if ctx.now().duration_since(since) >= patience {
            return Err(StepError::conflict(format!(
                "table {name} is gone; somebody deleted it"
            )));
        }
        let message = format!("{name} is not visible yet");
        let wait = StepOutcome::wait(next_look(ctx.now(), since), message);
        let seen = Seen {
            missing_since: Some(since),
            ..seen
        };
        Ok(wait.memo(json!(seen)).into())
    }
}
