use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tidemark_domain::runs::{Progress, RunEvent, RunId, RunLabels, RunState, RunView};

use crate::query::{Query, pairs};

/// A run as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRow {
    /// Its identifier.
    pub id: RunId,
    /// The name of its kind.
    pub kind: String,
    /// Who asked for it.
    pub creator: String,
    /// Why.
    pub reason: String,
    /// Where it takes place.
    pub labels: RunLabels,
    /// Where it stands.
    pub state: RunState,
    /// How far it has come.
    pub progress: Progress,
    /// Why it cannot go on, since long ago.
    pub alarm: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// A run as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPage {
    /// The run.
    pub row: RunRow,
    /// What follows from its log.
    pub view: RunView,
    /// Its log, oldest first.
    pub events: Vec<RunEvent>,
    /// It was asked to stop and has not yet.
    pub cancel_pending: bool,
    /// Where to begin again with the same answers; restores only.
    pub again: Option<String>,
}

/// A list of runs as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunQuery {
    /// `active`, a state, or empty for all.
    pub state: String,
    /// Account id.
    pub account: String,
    /// ARN of the resource.
    pub resource: String,
    /// Cursor of the page.
    pub cursor: String,
}

impl RunQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut list = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "state" => list.state = value,
                "account" => list.account = value,
                "resource" => list.resource = value,
                "cursor" => list.cursor = value,
                _ => {}
            }
        }
        list
    }

    /// The address of the list.
    pub fn href(&self) -> String {
        let mut query = Query::default();
        query
            .push("state", &self.state)
            .push("account", &self.account)
            .push("resource", &self.resource)
            .push("cursor", &self.cursor);
        query.on("/runs")
    }

    /// The same list at the page of a cursor; an empty one is the first page.
    #[must_use]
    pub fn after(&self, cursor: &str) -> Self {
        Self {
            cursor: cursor.to_owned(),
            ..self.clone()
        }
    }

    /// The states that are shown; none of them means all.
    pub fn states(&self) -> Result<Vec<RunState>, tidemark_domain::Invalid> {
        match self.state.as_str() {
            "" => Ok(Vec::new()),
            "active" => Ok(RunState::ALL
                .into_iter()
                .filter(|s| !s.is_terminal())
                .collect()),
            // What failed in part is looked for among what failed.
            "failed" => Ok(vec![RunState::Failed, RunState::PartlyFailed]),
            word => word.parse().map(|state| vec![state]).map_err(|_| {
                tidemark_domain::Invalid::new("state", "must be active or the name of a state")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn active_means_every_state_that_is_not_an_end() {
        let states = RunQuery::parse("state=active").states().unwrap();
        assert!(states.contains(&RunState::Sleeping) && !states.contains(&RunState::Failed));
        assert_eq!(
            RunQuery::parse("state=failed").states().unwrap(),
            [RunState::Failed, RunState::PartlyFailed]
        );
        assert_eq!(
            RunQuery::parse("state=odd").states().unwrap_err().field,
            "state"
        );
    }

    #[test]
    fn the_address_keeps_the_list() {
        let query = RunQuery::parse("state=active&account=1&resource=arn%3Aaws&cursor=c");
        assert_eq!(
            query.href(),
            "/runs?state=active&account=1&resource=arn%3Aaws&cursor=c"
        );
        assert_eq!(
            query.after("").href(),
            "/runs?state=active&account=1&resource=arn%3Aaws"
        );
    }
}
