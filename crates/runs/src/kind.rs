//! Kinds of runs: which steps a run of given parameters has.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::de::DeserializeOwned;
use serde_json::Value;
use tidemark_domain::runs::{Outcome, RunView};

use crate::Step;

/// A kind of run. It names its steps; the order of the list is the order of execution.
pub trait RunKind: Send + Sync + 'static {
    /// The stable name, such as `restore`. It is written to stores: never rename it.
    fn name(&self) -> &str;

    /// The version of the parameters' layout, from 1.
    fn params_version(&self) -> u32 {
        1
    }

    /// The steps for these parameters: the same list, in the same order, for the same parameters
    /// always; it asks nobody. An empty or duplicate name is refused when a run is created.
    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError>;

    /// Parameters of an older version as the present one has them, so that runs which began
    /// before an update can go on.
    fn upgrade(&self, version: u32, _params: Value) -> Result<Value, ParamsError> {
        Err(ParamsError::new(format!(
            "version {version} of the parameters of {} cannot be read any more",
            self.name()
        )))
    }

    /// How a run ended of which every step is done or has only warned. Kinds that work on several
    /// targets say here when some of them failed.
    fn outcome(&self, _view: &RunView, outcome: Outcome) -> Outcome {
        outcome
    }

    /// Parameters of a run that does just what this one, which has ended, has left undone; none when
    /// only the whole can be done again.
    fn rest(&self, _params: &Value, _view: &RunView) -> Option<Value> {
        None
    }

    /// What to say about a run that has ended, for its page and for other programs.
    fn summary(&self, _view: &RunView) -> Value {
        Value::Null
    }
}

/// Parameters that make no run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParamsError {
    /// What is wrong with them.
    pub message: String,
}

impl ParamsError {
    /// Says what is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

/// Reads parameters into the type that a kind has for them.
pub fn parse_params<T: DeserializeOwned>(params: &Value) -> Result<T, ParamsError> {
    T::deserialize(params).map_err(|error| ParamsError::new(error.to_string()))
}

/// The kinds that an engine knows.
#[derive(Clone, Default)]
pub struct RunKinds {
    by_name: BTreeMap<String, Arc<dyn RunKind>>,
}

impl RunKinds {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind; one of the same name is replaced.
    #[must_use]
    pub fn with(mut self, kind: impl RunKind) -> Self {
        self.add(Arc::new(kind));
        self
    }

    /// Adds a shared kind; one of the same name is replaced.
    pub fn add(&mut self, kind: Arc<dyn RunKind>) {
        self.by_name.insert(kind.name().to_owned(), kind);
    }

    /// The kind of that name.
    pub fn get(&self, name: &str) -> Option<&Arc<dyn RunKind>> {
        self.by_name.get(name)
    }

    /// Every name.
    pub fn names(&self) -> Vec<String> {
        self.by_name.keys().cloned().collect()
    }
}

impl fmt::Debug for RunKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_name.keys()).finish()
    }
}
