use std::collections::{BTreeMap, BTreeSet};

use tidemark_domain::{Arn, Scope, TableSettings, runs::RunId};

/// What a person wants, in the oracle's own words: nothing here is read from the console's plans.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wants {
    /// A new table with this many items and these settings.
    Table {
        scope: Scope,
        name: String,
        items: i64,
        settings: TableSettings,
    },
    /// Something new of another type from a recovery point.
    Resource { scope: Scope, from: Arn },
    /// A recovery point of each of these, made now.
    Backups {
        scope: Scope,
        of: BTreeSet<Arn>,
        into: String,
    },
    /// These points gone.
    Gone { points: BTreeSet<Arn> },
    /// These points kept for so many days.
    Kept {
        points: BTreeSet<Arn>,
        days: Option<i64>,
    },
    /// A plan of this name in these places. With an id, the one that is there is changed.
    Plan {
        ids: BTreeMap<Scope, Option<String>>,
        name: String,
        days: i64,
    },
    /// A record-level backup of a table.
    Capture { table: Arn, bucket: String },
    /// This plan gone.
    NoPlan { scope: Scope, id: String },
}

/// A form that a person filled in.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// What for.
    pub(crate) wants: Wants,
    /// How often it was sent.
    pub(crate) sent: usize,
    /// The runs that were answered.
    pub(crate) answered: BTreeSet<RunId>,
}

/// How a reason names its form: the reason is carried through unchanged to the run and the audit log.
pub(crate) fn reason(ask: usize) -> String {
    format!("simulated (ask {ask})")
}

/// The form that a reason, or a text that holds one, names.
pub(crate) fn ask_of(text: &str) -> Option<usize> {
    let at = text.rfind("(ask ")?;
    text[at + 5..].split(')').next()?.parse().ok()
}
